// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_CORE_SHARE_HPP
#define SALESPULSE_CORE_SHARE_HPP

#include <compare>
#include <cstdint>

namespace salespulse {

/// A share in parts per million. Exact, so that the shares of a deal can be checked to sum to one.
struct share {
  std::int32_t ppm = 0;
  friend constexpr auto operator<=>(share, share) = default;
};

inline constexpr share full_share{1'000'000};

}  // namespace salespulse
#endif
