// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_RATE_DEFINITIONS_HPP
#define SALESPULSE_STATISTICS_RATE_DEFINITIONS_HPP

#include <salespulse/statistics/rate.hpp>

#include <cmath>

// See salespulse/definitions.hpp.
namespace salespulse {

interval wilson_interval(std::int64_t successes, std::int64_t n,
                         confidence c) noexcept {
  const auto cases = static_cast<double>(n);
  const double rate = static_cast<double>(successes) / cases;
  const double z2 = c.z * c.z;
  const double middle = (rate + z2 / (2 * cases)) / (1 + z2 / cases);
  const double half =
      c.z / (1 + z2 / cases) * std::sqrt(rate * (1 - rate) / cases + z2 / (4 * cases * cases));
  // At the ends rounding must not leave [0, 1].
  const double lower = successes == 0 ? 0 : middle - half;
  const double upper = successes == n ? 1 : middle + half;
  return {lower, upper, c.level};
}

}  // namespace salespulse
#endif
