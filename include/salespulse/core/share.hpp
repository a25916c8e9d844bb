// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_CORE_SHARE_HPP
#define SALESPULSE_CORE_SHARE_HPP

#include <salespulse/core/wide.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace salespulse {

/// A share in parts per million. Exact, so that the shares of a deal can be checked to sum to one.
struct share {
  std::int32_t ppm = 0;
  friend constexpr auto operator<=>(share, share) = default;
};

inline constexpr share full_share{1'000'000};

/// Splits a total over non-negative weights by largest remainder: the parts are whole units, sum
/// to the total exactly, and each lies within one unit of its exact value. Equal remainders go to
/// the earlier weight. All weights zero: all parts zero. O(n * units left over).
///
/// Used only where a figure leaves the library; inside, shares stay exact.
[[nodiscard]] inline std::vector<std::int64_t> apportion(std::int64_t total,
                                                         std::span<const std::int64_t> weights) {
  std::vector<std::int64_t> parts(weights.size(), 0);
  std::vector<wide> remainders(weights.size(), 0);
  wide whole = 0;
  for (const std::int64_t w : weights) whole += w;
  if (whole == 0) return parts;
  const std::int64_t sign = total < 0 ? -1 : 1;
  wide left = static_cast<wide>(total) * sign;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const wide exact = static_cast<wide>(total) * sign * weights[i];
    parts[i] = static_cast<std::int64_t>(exact / whole) * sign;
    remainders[i] = exact % whole;
    left -= exact / whole;
  }
  for (; left > 0; --left) {
    std::size_t largest = 0;
    for (std::size_t i = 1; i < weights.size(); ++i) {
      if (remainders[i] > remainders[largest]) largest = i;
    }
    parts[largest] += sign;
    remainders[largest] = -1;
  }
  return parts;
}

}  // namespace salespulse
#endif
