// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_BG_BB_HPP
#define SALESPULSE_STATISTICS_BG_BB_HPP

#include <salespulse/statistics/beta_binomial.hpp>
#include <salespulse/statistics/figure.hpp>
#include <salespulse/statistics/row_counts.hpp>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace salespulse {

/// What one customer did at a number of discrete opportunities (months, yearly appeals) after the
/// first purchase, which does not count. Fields that contradict one another are refused with
/// contradictory_row: purchases <= last <= opportunities, and last is 0 exactly when purchases is.
struct opportunity_history {
  std::int64_t purchases = 0;      ///< opportunities at which a purchase was made
  std::int64_t last = 0;           ///< number of the last such opportunity, from 1; 0: none
  std::int64_t opportunities = 0;  ///< how many there were; at most 10^7, else too_large
  friend auto operator<=>(const opportunity_history&, const opportunity_history&) = default;
};

/// The beta-geometric/beta-Bernoulli model: an active customer buys at each opportunity with a
/// probability of his own, and before each opportunity becomes inactive for good with another; both
/// differ between customers by independent beta distributions.
///
/// Fader, Hardie and Shang (2010), Customer-base analysis in a discrete-time noncontractual
/// setting, Marketing Science 29:1086-1108.
struct bg_bb {
  beta_spread purchase;  ///< alpha and beta of the paper
  beta_spread dropout;   ///< gamma and delta of the paper
};

// Of known parameters. Each throws `invalid_input` where a mean or correlation is not within
// [0, 1]. A refused history gives no value; one that is impossible under the model gives
// `boundary`. Means and correlations closer than 10^-13 to 0 or 1 count as 0 or 1.

/// The log-likelihood of one history: of this last purchase, and of the others in their places.
[[nodiscard]] figure log_likelihood(const bg_bb& model, const opportunity_history& customer);

/// Probability of being active still at the next opportunity after those recorded, and its
/// logarithm, which keeps its digits near 0 and near 1.
[[nodiscard]] figure probability_alive(const bg_bb& model, const opportunity_history& customer);
[[nodiscard]] figure log_probability_alive(const bg_bb& model, const opportunity_history& customer);

/// Purchases of this customer at the next `ahead` opportunities; O(ahead), at most 10^8
/// (negative_count, too_large).
[[nodiscard]] figure further_purchases(const bg_bb& model, const opportunity_history& customer,
                                       std::int64_t ahead);

/// Discounted expected residual transactions: all purchases to come, the one at the k-th next
/// opportunity worth (1 + rate)^-k. Throws `invalid_input` unless the rate, per opportunity, is
/// positive and finite; too_large for rates below 10^-14. O(rate^-1/2).
[[nodiscard]] figure discounted_purchases(const bg_bb& model, const opportunity_history& customer,
                                          double rate);

/// Of a new customer: purchases to expect at the first n opportunities, and the probability that
/// they are `count`. n from 0 to 10^7 (negative_count, too_large).
[[nodiscard]] figure expected_purchases(const bg_bb& model, std::int64_t n);
[[nodiscard]] figure purchase_probability(const bg_bb& model, std::int64_t count, std::int64_t n);

/// The model fitted by maximum likelihood.
struct bg_bb_fit {
  /// ok, or the limit model with
  /// - no_heterogeneity, where 1: all customers buy with the same probability; where 3: they drop
  ///   out with the same;
  /// - no_churn, where 2: nobody was seen to leave;
  /// - boundary, where 0: nobody bought (purchase mean 0, nothing known of dropout) or every
  ///   customer bought at each opportunity until the last purchase; where 1 or 3: each customer's
  ///   probability is 0 or 1.
  /// Where several parameters ran to a limit one is named, no_churn before the others, means before
  /// correlations; the others show as a mean or correlation of 0 or 1. Nothing is given with
  /// - not_identified: no more than two opportunities; or some bought at each and all others never,
  ///   who may be unwilling or gone; or another direction in which the likelihood does not change;
  /// - insufficient_data: nobody had an opportunity; negative_count, contradictory_row,
  ///   too_large or invalid_weight with the entry; too_large without it: more than 2^53 customers;
  ///   not_converged.
  status why;
  bg_bb model;
  figure alpha, beta, gamma, delta;  ///< absent where their distribution ran to a limit
  /// Covariance of the log-odds of the purchase mean, log(alpha + beta), the log-odds of the
  /// dropout mean and log(gamma + delta); 0 for what ran to a limit.
  std::array<std::array<double, 4>, 4> covariance{};
  /// Standard errors of alpha, beta, gamma, delta; 0 where absent.
  std::array<double, 4> std_error{};
  double log_likelihood = 0;
  std::int64_t customers = 0;
  int iterations = 0;
};

/// Fits the model; O(distinct histories times opportunities) per iteration. Neither the order of
/// the rows nor how they were merged changes a bit of the result.
[[nodiscard]] bg_bb_fit fit_bg_bb(const row_counts<opportunity_history>& customers);

// Of a fit, with standard errors.
[[nodiscard]] figure_with_error probability_alive(const bg_bb_fit& fit,
                                          const opportunity_history& customer);
[[nodiscard]] figure_with_error further_purchases(const bg_bb_fit& fit,
                                                  const opportunity_history& customer,
                                          std::int64_t ahead);
[[nodiscard]] figure_with_error discounted_purchases(const bg_bb_fit& fit,
                                             const opportunity_history& customer, double rate);
[[nodiscard]] figure_with_error expected_purchases(const bg_bb_fit& fit, std::int64_t n);

/// Parameters as plausible as the fit leaves them: `count` draws, normal in the parameters of
/// `bg_bb_fit::covariance`. What ran to a limit stays there. Draw number d is the same whatever the
/// count. Empty where the fit has no model.
[[nodiscard]] std::vector<bg_bb> parameter_draws(const bg_bb_fit& fit, std::size_t count,
                                                 std::uint64_t seed);

}  // namespace salespulse
#endif
