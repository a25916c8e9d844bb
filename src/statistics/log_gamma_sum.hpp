// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_STATISTICS_LOG_GAMMA_SUM_HPP
#define SALESPULSE_SRC_STATISTICS_LOG_GAMMA_SUM_HPP

#include <optional>
#include <span>

namespace salespulse {

/// The logarithm of a gamma variable of this shape and scale 1, times the sign.
struct log_gamma_term {
  double shape;
  int sign;
};

/// P(D > 0) for D = drift + the sum of independent terms, whose signs are 1 and -1 in turn: the
/// integral of E exp(s D) / (2 pi i s) up a vertical line through its saddle point, by the
/// trapezoidal rule. Full relative accuracy however small it is; quick where it is not near 1 and
/// where shapes of sign -1 are not far below 1. Empty where it would need more than 2e6 points.
[[nodiscard]] std::optional<double> probability_positive(std::span<const log_gamma_term> terms,
                                                         double drift);

/// Arguments are raised to this before Stirling's series, whose first term left out is then below
/// 1e-17.
inline constexpr double stirling_from = 16;

/// The series of log Gamma(z) beyond (z - 1/2) log z - z + log(2 pi) / 2, z >= stirling_from.
[[nodiscard]] double stirling_rest(double z);

/// log(x / y) of positive numbers without loss where both are close.
[[nodiscard]] double log_quotient(double x, double y);

}  // namespace salespulse
#endif
