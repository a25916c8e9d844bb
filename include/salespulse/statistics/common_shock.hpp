// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_COMMON_SHOCK_HPP
#define SALESPULSE_STATISTICS_COMMON_SHOCK_HPP

#include <salespulse/statistics/sum_distribution.hpp>

#include <cstddef>
#include <span>

namespace salespulse {

struct common_shock_options {
  /// true: each intercept is moved so that the chance's mean over the shock is the probability
  /// given (the sum's mean stays, its variance grows). false: the probability given is that at
  /// shock 0, and the means move towards 1/2.
  bool keep_means = true;
  /// 1 to 64: Gauss-Hermite with so many nodes. 0: a trapezoidal rule, as fine as it takes.
  std::size_t nodes = 0;
  sum_options sum = {};
};

/// Distribution of the sum of chances that share one shock z, standard normal: given z they are
/// independent, chance i with log odds intercept_i + sigma z. A mixture over z of
/// `sum_distribution`s. sigma 0 is that of independent chances, to the bit; probabilities 0 and 1
/// stay.
///
/// Over z it is integrated by a rule. With many chances the sum given z is narrow against the
/// spread over z, and a Gauss-Hermite rule of few nodes gives a comb: it resolves the distribution
/// only where its spacing, about pi / sqrt(nodes), is below 1 / (sigma sqrt(sum of p (1 - p))). The
/// trapezoidal rule chosen by 0 is spaced by that, which leaves errors near 1e-13 over |z| <= 10,
/// at the price of 30 nodes or more; too_large beyond 10 000, or for a sigma above 1e6.
///
/// Throws `invalid_input` unless sigma is finite and at least 0 and nodes <= 64. Refused as
/// `sum_distribution`. Costs one of those for each node.
///
/// Golub and Welsch (1969), Calculation of Gauss quadrature rules, Math. Comp. 23:221-230;
/// Trefethen and Weideman (2014), The exponentially convergent trapezoidal rule, SIAM Review
/// 56:385-458.
[[nodiscard]] lattice_sum common_shock_sum(std::span<const chance> chances, double sigma,
                                           const common_shock_options& options = {});

}  // namespace salespulse
#endif
