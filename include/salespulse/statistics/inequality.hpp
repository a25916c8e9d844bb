// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_INEQUALITY_HPP
#define SALESPULSE_STATISTICS_INEQUALITY_HPP

#include <salespulse/statistics/figure.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace salespulse {

/// How unevenly a total is spread over its holders. Sums, not estimates.
struct inequality_figures {
  std::int64_t holders = 0;  ///< those with an amount of 0 included
  figure hhi;                ///< Herfindahl-Hirschman index: sum of squared shares, 1/n to 1
  figure normalised_hhi;     ///< (hhi - 1/n) / (1 - 1/n): 0 to 1; from two holders on
  figure effective_number;   ///< 1 / hhi: as many equal holders are as concentrated
  figure gini;               ///< mean absolute difference of two holders, drawn with replacement,
                             ///< over twice the mean: 0 where all hold the same, (n - 1) / n where
                             ///< one holds everything
  figure entropy;            ///< Shannon's, of the shares, in nats: 0 to log n
  figure theil;              ///< log n less the entropy: 0 to log n
  status why;  ///< no figure is given: `negative_amount` or `non_finite_input` with the row,
               ///< `invalid_weight` with the row, `zero_total`, or `insufficient_data` for no rows
};

/// Inequality of one amount a holder, in any unit. Sums are compensated and made in the order of
/// the amounts, so the order of the rows does not matter. O(n log n).
///
/// Hirschman (1964), The paternity of an index, American Economic Review 54:761. Gini (1912),
/// Variabilita e mutabilita. Theil (1967), Economics and Information Theory.
[[nodiscard]] inequality_figures inequality_of(std::span<const double> amounts);

/// The same where row i stands for `weights[i]` holders of that amount each. Rows of weight 0 are
/// left out; negative weights, or none above 0, are `invalid_weight`. Throws `invalid_input` where
/// the spans differ in length or the weights add up to 2^53 or more.
[[nodiscard]] inequality_figures inequality_of(std::span<const double> amounts,
                                               std::span<const std::int64_t> weights);

/// The poorest `holders` (a share of all) together have `amount` (a share of the total).
struct lorenz_point {
  double holders = 0;
  double amount = 0;
};

/// Points of the Lorenz curve from (0, 0) to (1, 1), one a distinct amount; between them the curve
/// is straight. Empty where `why` says so, as for `inequality_of`.
///
/// Lorenz (1905), Methods of measuring the concentration of wealth, Publications of the American
/// Statistical Association 9:209-219.
struct lorenz_curve {
  std::vector<lorenz_point> points;
  status why;
};
[[nodiscard]] lorenz_curve lorenz_curve_of(std::span<const double> amounts);
[[nodiscard]] lorenz_curve lorenz_curve_of(std::span<const double> amounts,
                                           std::span<const std::int64_t> weights);

/// The share of the total that the k largest holders have; all of it where there are no more than
/// k. Throws `invalid_input` for k < 0; statuses as above.
[[nodiscard]] figure top_share(std::span<const double> amounts, std::int64_t k);

}  // namespace salespulse
#endif
