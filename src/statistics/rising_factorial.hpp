// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_STATISTICS_RISING_FACTORIAL_HPP
#define SALESPULSE_SRC_STATISTICS_RISING_FACTORIAL_HPP

#include <cstdint>

namespace salespulse {

/// log(a (a + 1) ... (a + n - 1)) = log(Gamma(a + n) / Gamma(a)): what every likelihood with a beta
/// or gamma mixing law is made of. Right to the last digits (relative error below 1e-15, or an
/// absolute one below 2e-16 where the product is near 1) for a from 1e-12 to 1e15 and n from 0 to
/// 1e9, where the difference of two log-gammas loses nearly all of them. O(1).
///
/// Up to 16 factors are multiplied in twice the precision. Beyond, after as many factors as bring a
/// to 16, Stirling's series is taken at both ends and subtracted term by term on paper, so that
/// what cancels is never computed. a is positive and finite, n not negative.
[[nodiscard]] double log_rising(double a, std::int64_t n);

/// The same with its derivatives in a.
struct log_rising_derivatives {
  double value = 0;
  double first = 0;   ///< digamma(a + n) - digamma(a), the sum of 1 / (a + i); never negative
  double second = 0;  ///< trigamma(a + n) - trigamma(a), minus the sum of 1 / (a + i)^2
};

/// Relative error of each below 1e-15, as `log_rising`.
[[nodiscard]] log_rising_derivatives derivatives_of_log_rising(double a, std::int64_t n);

/// The derivatives in a of log(Gamma(a + x) / Gamma(a)) for any real x >= 0.
struct gamma_shift {
  double first = 0;   ///< digamma(a + x) - digamma(a)
  double second = 0;  ///< trigamma(a + x) - trigamma(a)
};
[[nodiscard]] gamma_shift gamma_shift_of(double a, double x);

/// log(B(a, b + x) / B(a, b)), never positive and symmetric in a and x, for positive a and b and
/// real x >= 0: the log probability that a beta mixture survives x. Relative error below 1e-14 even
/// where it is close to 0, which the difference of two rising factorials is not.
[[nodiscard]] double log_beta_shift(double a, double b, double x);

/// Its first two derivatives in b: digamma(b + x) - digamma(b) - digamma(a + b + x) + digamma(a +
/// b) and the same of trigamma, which are small beside their terms. Relative error below 1e-14
/// where a or x is at least 1e-3.
[[nodiscard]] gamma_shift log_beta_shift_slopes(double a, double b, double x);

}  // namespace salespulse
#endif
