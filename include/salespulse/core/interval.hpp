// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_CORE_INTERVAL_HPP
#define SALESPULSE_CORE_INTERVAL_HPP

#include <cstdint>
#include <optional>
#include <string_view>

namespace salespulse {

/// Where a figure comes from; part of every figure that is shown.
enum class provenance : std::uint8_t {
  arithmetic,  ///< counted or added up; no model
  estimated,   ///< from a sample, by a statistical formula
  fitted,      ///< rests on parameters fitted to history
  prior        ///< rests on parameters that somebody stated
};

/// An interval that holds the truth with probability `level`.
struct interval {
  double lower = 0;
  double upper = 0;
  double level = 0;
  friend constexpr bool operator==(const interval&, const interval&) = default;
};

/// A figure that can be undefined. Never NaN: either `value` holds a finite number, or `reason`
/// says in words why there is none. The texts outlive the figure (string literals).
struct estimate {
  std::optional<double> value;
  std::optional<interval> range;  ///< absent for sums and where none was asked for
  std::int64_t n = 0;             ///< cases that the figure rests on
  provenance source = provenance::arithmetic;
  std::string_view definition;  ///< what exactly was divided by what
  std::string_view reason;      ///< why `value` is absent
};

/// A figure without value.
[[nodiscard]] constexpr estimate undefined(std::string_view definition, std::string_view reason,
                                           std::int64_t n = 0) noexcept {
  estimate e;
  e.n = n;
  e.definition = definition;
  e.reason = reason;
  return e;
}

}  // namespace salespulse
#endif
