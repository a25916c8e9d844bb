// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_POSTERIOR_COMPARISON_HPP
#define SALESPULSE_STATISTICS_POSTERIOR_COMPARISON_HPP

#include <salespulse/statistics/figure.hpp>

namespace salespulse {

/// What is known about a rate: beta distribution, both parameters positive. After s successes in n
/// cases and a prior (a, b) it is (a + s, b + n - s).
struct beta_posterior {
  double a = 1;
  double b = 1;
};

/// About a frequency: gamma distribution with mean shape / rate.
struct gamma_posterior {
  double shape = 1;
  double rate = 1;
};

/// About a mean: normal distribution; sd 0 is knowledge without doubt.
struct normal_posterior {
  double mean = 0;
  double sd = 1;
};

/// P(A > B) for independent A and B. Relative error below 1e-12 for the smaller of P(A > B) and P(B
/// > A) with beta and gamma parameters from 1e-6 to 1e6, however small it is; the two add up to 1.
///
/// Beta and gamma: log odds and logarithms have the closed transform M(s) = E exp(s (A - B)), a
/// product of ratios of gamma functions, and P is the integral of M(s) / (2 pi i s) up a vertical
/// line through the saddle point, where the trapezoidal rule converges geometrically; parameters
/// below 1 are raised by a recurrence of positive terms first. Normal: by the error function; 1/2
/// where both are the same number for certain.
///
/// nonpositive_value (`where` 0 for A, 1 for B) where a parameter must be positive, or sd is
/// negative; non_finite_input; not_converged where parameters are so uneven that the rule would
/// need more than 2e6 points.
///
/// Trefethen and Weideman (2014), The exponentially convergent trapezoidal rule, SIAM Review
/// 56:385-458; Cook (2005), Exact calculation of beta inequalities, UT MD Anderson technical report
/// UTMDABTR-005-05 (the recurrences).
[[nodiscard]] figure probability_greater(const beta_posterior& a, const beta_posterior& b);
[[nodiscard]] figure probability_greater(const gamma_posterior& a, const gamma_posterior& b);
[[nodiscard]] figure probability_greater(const normal_posterior& a, const normal_posterior& b);

}  // namespace salespulse
#endif
