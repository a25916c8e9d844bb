// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_SADDLEPOINT_HPP
#define SALESPULSE_STATISTICS_SADDLEPOINT_HPP

#include <salespulse/statistics/sum_distribution.hpp>

#include <span>

namespace salespulse {

struct saddlepoint_tail {
  status why;        ///< non_finite_input, invalid_probability (`where`: the item); too_large
  double value = 0;  ///< approximately P(sum > t), held within 0 to 1
  double tilt = 0;   ///< the u with tilted mean t, per unit of amount; 0 at the ends
};

/// P(sum > t) of independent amounts by Lugannani and Rice's formula: for lattices too large to be
/// worked out. With K the logarithm of E exp(u sum), u such that K'(u) = t, w = sign(u) sqrt(2 (u t
/// - K(u))) and v = u sqrt(K''(u)): 1 - Phi(w) + phi(w) (1 / v - 1 / w). At the mean, where that is
/// 0 / 0, its limit 1/2 - kappa3 / (6 sqrt(2 pi) kappa2^1.5); near it, a form without the
/// cancellation.
///
/// An approximation, as if the sum were continuous: its relative error is of the order of 1 /
/// number of items for amounts of similar size, and has no bound where one amount outweighs the
/// rest (on twelve amounts of very different size 0.0290 instead of 0.0247). On a lattice of step d
/// take t halfway between points; (u d)^2 / 24 is lost beside. At and beyond the lowest and the
/// highest sum the exact probability. O(items) for each of about 20 steps.
///
/// Lugannani and Rice (1980), Saddle point approximation for the distribution of the sum of
/// independent random variables, Advances in Applied Probability 12:475-490.
[[nodiscard]] saddlepoint_tail saddlepoint(std::span<const chance> chances, double t);
[[nodiscard]] saddlepoint_tail saddlepoint(std::span<const uncertain_amount> amounts, double t);

}  // namespace salespulse
#endif
