// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_STATISTICS_LOG_GAMMA_PARTS_HPP
#define SALESPULSE_SRC_STATISTICS_LOG_GAMMA_PARTS_HPP

#include <cstdint>

namespace salespulse {

/// What is left of log-gamma and its derivatives when that which cancels in a likelihood has been
/// cancelled on paper. `first` is x d/dx and `second` is x^2 d^2/dx^2, so that with respect to
/// log x the derivatives are `first` and `first + second`.
struct scaled_derivatives {
  double value = 0;
  double first = 0;
  double second = 0;

  /// The second derivative with respect to log x.
  [[nodiscard]] double second_in_log() const noexcept { return first + second; }
};

/// log Gamma(x) - ((x - 1/2) log x - x + log(2 pi) / 2): what Stirling's formula leaves out; close
/// to 1 / (12 x). x is positive. Absolute error below 1e-15.
[[nodiscard]] scaled_derivatives stirling_remainder(double x);

/// The sum of log(1 + j / a) over j < n: log(Gamma(a + n) / Gamma(a)) less n log a, which is 0 for
/// infinite a. All digits hold however large a is beside n; where n is the larger, `log_rising`
/// serves better. a is positive, infinity allowed; n not negative.
[[nodiscard]] scaled_derivatives rising_excess(double a, std::int64_t n);

/// log(1 + x) - x for x > -1.
[[nodiscard]] double log1p_minus(double x);

/// x log(x / m) - (x - m) for x >= 0, m > 0, where `difference` is x - m as exactly as the caller
/// has it: the deviance that Poisson and binomial probabilities are made of.
///
/// Loader (2000), Fast and accurate computation of binomial probabilities, Bell Laboratories.
[[nodiscard]] double deviance(double x, double m, double difference);

/// log C(n, y) p^y (1 - p)^(n - y), to the last digits for n up to 1e15. 0 <= y <= n, 0 <= p <= 1;
/// minus infinity where it is impossible.
[[nodiscard]] double log_binomial(std::int64_t y, std::int64_t n, double p);

/// log m^y e^-m / y!, m >= 0, with `difference` y - m.
[[nodiscard]] double log_poisson(std::int64_t y, double m);

/// The quantile of the beta distribution. For shapes up to 1e15, of which Boost.Math's inverse
/// knows those up to about 1e6. 0 < level < 1; levels near 1 are better asked from the other side.
[[nodiscard]] double beta_quantile(double a, double b, double level);

}  // namespace salespulse
#endif
