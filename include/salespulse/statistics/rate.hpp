// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_RATE_HPP
#define SALESPULSE_STATISTICS_RATE_HPP

#include <salespulse/core/interval.hpp>

#include <cmath>
#include <cstdint>

namespace salespulse {

/// How sure an interval is, with the quantile of the normal distribution that belongs to it.
struct confidence {
  double level;
  double z;
};
inline constexpr confidence confidence_80{0.80, 1.2815515655446004};
inline constexpr confidence confidence_90{0.90, 1.6448536269514722};
inline constexpr confidence confidence_95{0.95, 1.9599639845400545};

/// Wilson's score interval for the rate of `successes` in n independent cases: the rates p whose
/// own standard error sqrt(p (1 - p) / n) would make the observed one no further than z away.
/// Inside [0, 1] for every count. Precondition: 0 <= successes <= n and n >= 1.
///
/// Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA
/// 22:209-212.
[[nodiscard]] inline interval wilson_interval(std::int64_t successes, std::int64_t n,
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
