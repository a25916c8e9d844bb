// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_DECOMPOSITION_HPP
#define SALESPULSE_STATISTICS_DECOMPOSITION_HPP

#include <salespulse/statistics/status.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace salespulse {

/// What each cause contributed to a change.
///
/// The effects add up to the total, taken exactly, to one unit in the last place of the largest of
/// them: what rounding leaves over is put on the effect of largest magnitude, the first of several.
/// A cause that changed nothing has the effect 0 exactly (1 in a multiplicative decomposition).
struct decomposition {
  status why;
  double total = 0;             ///< after minus before; after / before where multiplicative
  std::vector<double> effects;  ///< one for each cause; empty where there is no figure
};

/// Shapley value: the mean, over all orders in which the n switches can be turned on, of what
/// turning on switch i adds. values[m] is the quantity with exactly those switches on whose bits
/// are set in m, so that values has 2^n entries, from all off to all on.
///
/// too_large beyond 20 switches; non_finite_input (`where`: the entry). Throws `invalid_input`
/// unless the number of values is a power of two. O(n 2^n).
///
/// Shapley (1953), A value for n-person games, in: Contributions to the theory of games II.
[[nodiscard]] decomposition shapley_value(std::span<const double> values);

/// A factor of a product, before and after.
struct factor_change {
  double before = 0;
  double after = 0;
};

/// How far y moved because of each factor, where y is a sum over groups of products of factors
/// (volume times rate times size, in each segment), by the Shapley value: each factor is switched
/// from before to after in all groups at once, and the order of switching is averaged out. Factors
/// may be zero or negative.
///
/// `changes` holds one row of `factors` entries for each group. In closed form the effect of factor
/// i in a group is its change times the integral over u in [0, 1] of the product of the others at
/// (1 - u) before + u after: a polynomial, integrated exactly by a Gauss rule with positive
/// weights, so that effects of positive factors have their full relative accuracy even where the
/// change is tiny. The total is formed in twice the precision.
///
/// non_finite_input (`where`: the entry); too_large beyond 1000 factors or where a figure leaves
/// the range of doubles. Throws `invalid_input` unless factors >= 1 divides the number of entries.
/// O(groups factors^2).
///
/// Das Gupta (1993), Standardization and decomposition of rates, Current Population Reports P23-186
/// (the same effects); Ang, Liu and Chew (2003), Perfect decomposition techniques in energy and
/// environmental analysis, Energy Policy 31:1561-1566.
[[nodiscard]] decomposition shapley_of_product(std::span<const factor_change> changes,
                                               std::size_t factors);

/// Logarithmic mean (a - b) / log(a / b); a where both are equal, 0 where one is 0. Within a few
/// units in the last place for all positive doubles. Throws `invalid_input` unless both are finite
/// and at least 0.
[[nodiscard]] double log_mean(double a, double b);

/// Additive logarithmic mean Divisia index (LMDI-I): the effect of factor i is the sum over groups
/// of log_mean(y after, y before) log(factor after / factor before), y the group's product.
/// `changes` as in `shapley_of_product`.
///
/// Zeros have their analytic limit, not a small number in their place: where a group's product
/// starts or ends at 0 its whole change belongs to the factors that do, in equal parts (the limit
/// in which they vanish at one rate); a group at 0 both times has no effects. Not the Shapley
/// value, which divides such a change among all factors that moved.
///
/// nonpositive_value where a factor is negative, non_finite_input (`where`: the entry), too_large
/// where a figure leaves the range of doubles. Throws as `shapley_of_product`. O(groups factors).
///
/// Ang (2005), The LMDI approach to decomposition analysis: a practical guide, Energy Policy
/// 33:867-871; Ang and Liu (2007), Handling zero values in the logarithmic mean Divisia index
/// decomposition approach, Energy Policy 35:238-246.
[[nodiscard]] decomposition lmdi_additive(std::span<const factor_change> changes,
                                          std::size_t factors);

/// Multiplicative LMDI-I: total = Y after / Y before = the product of the effects, the effect of
/// factor i being the exponential of the sum over groups of log_mean(y after, y before) /
/// log_mean(Y after, Y before) log(factor after / factor before), Y the sum of the groups' y. Zeros
/// of a group as in `lmdi_additive`; zero_total where Y is 0 before or after.
[[nodiscard]] decomposition lmdi_multiplicative(std::span<const factor_change> changes,
                                                std::size_t factors);

}  // namespace salespulse
#endif
