// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_SHIFTED_BETA_GEOMETRIC_HPP
#define SALESPULSE_STATISTICS_SHIFTED_BETA_GEOMETRIC_HPP

#include <salespulse/statistics/retention_curve.hpp>
#include <salespulse/statistics/tenure.hpp>

namespace salespulse {

/// Maximum-likelihood fit of the shifted beta-geometric model: each contract leaves at each renewal
/// with its own constant probability, and that probability varies between contracts as a
/// beta(alpha, beta) law. Retention rises with age because the loyal remain:
/// S(t) = B(alpha, beta + t) / B(alpha, beta), of those at renewal t a share
/// (beta + t - 1) / (alpha + beta + t - 1) renews.
///
/// A contract's likelihood is that of what is known of it: S(j - 1) - S(j) for leaving at renewal
/// j, S(i) - S(j) for leaving in (i, j], S(j) for still being there, each divided by S(entered).
/// Rows where nothing was watched (still there, with survived = entered) say nothing. Newton steps
/// in log alpha and log beta with exact derivatives; one pass over the rows, then O(distinct
/// renewals) a step.
///
/// The best fit can lie at the edge of the model. The edge's own parameters are given then:
/// - no_heterogeneity: no beta law is better than one probability for all, by more than 1e-10 of
///   the log-likelihood; the curve is geometric (one_rate);
/// - no_churn: nobody left;
/// - boundary, where 0: contracts leave at renewal 1 or never (power_tail with power 0);
/// - boundary, where 1: everyone left as soon as they were watched, churn is 1. Without a law:
///   nobody watched from the start survived renewal 1, though contracts that had were watched too.
///
/// Nothing is fitted where rows are bad (`where` is the entry of `contracts`): negative_time;
/// entry_not_before_exit (survived < entered, or left_by <= survived); negative_count. Nor where
/// there is too little: insufficient_data (nobody was watched), not_identified (all were watched
/// over one and the same span of renewals); nor too_large (the contracts do not count in 64
/// bits); nor where the search fails: not_converged.
///
/// Fader and Hardie (2007), How to project customer retention, Journal of Interactive Marketing
/// 21:76-90.
[[nodiscard]] retention_curve fit_shifted_beta_geometric(const row_counts<tenure>& contracts);

}  // namespace salespulse
#endif
