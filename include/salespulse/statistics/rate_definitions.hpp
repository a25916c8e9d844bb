// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_RATE_DEFINITIONS_HPP
#define SALESPULSE_STATISTICS_RATE_DEFINITIONS_HPP

#include <salespulse/core/result.hpp>
#include <salespulse/statistics/rate.hpp>

#include <cmath>

// See salespulse/definitions.hpp.
namespace salespulse {

interval wilson_interval(std::int64_t successes, std::int64_t n, confidence c) {
  if (successes < 0 || n < 1 || successes > n || !(c.level > 0 && c.level < 1)) {
    throw invalid_input(
        "wilson_interval: wants 0 <= successes <= n, n >= 1 and a level within (0, 1)");
  }
  const auto cases = static_cast<double>(n);
  const double rate = static_cast<double>(successes) / cases;
  const double other = static_cast<double>(n - successes) / cases;
  const double a = c.z * c.z / cases;
  // The limits are the roots of (1 + a) p^2 - (2 rate + a) p + rate^2. The larger one is a sum
  // without cancellation, and the smaller one follows from their product. The same holds of what
  // they leave to 1, which is where an upper limit near 1 has its digits; a small one has them in
  // the sum.
  const double spread = c.z * std::sqrt((rate * other + a / 4) / cases);
  const double sum = rate + a / 2 + spread;
  const double lower = successes == 0 ? 0 : rate * rate / sum;
  const double beyond = successes == n ? 0 : other * other / (other + a / 2 + spread);
  return {lower, beyond > 0.5 ? sum / (1 + a) : 1 - beyond, c.level};
}

}  // namespace salespulse
#endif
