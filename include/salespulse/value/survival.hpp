// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_VALUE_SURVIVAL_HPP
#define SALESPULSE_VALUE_SURVIVAL_HPP

#include <cstdint>

namespace salespulse {

/// Probability that a contract survives its first `renewals` renewals: the shifted beta-geometric
/// S(j) = B(alpha, beta + j) / B(alpha, beta), here as the product over i = 1..j of
/// (beta + i - 1) / (alpha + beta + i - 1), which needs no gamma function and loses at most a rounding or two per factor.
///
/// Fader and Hardie (2007), How to project customer retention, Journal of Interactive Marketing
/// 21(1):76-90.
[[nodiscard]] constexpr double survival(double alpha, double beta, std::int32_t renewals) noexcept {
  double s = 1;
  for (std::int32_t i = 0; i < renewals; ++i) s *= (beta + i) / (alpha + beta + i);
  return s;
}

}  // namespace salespulse
#endif
