// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_BETA_DISCRETE_WEIBULL_HPP
#define SALESPULSE_STATISTICS_BETA_DISCRETE_WEIBULL_HPP

#include <salespulse/statistics/retention_curve.hpp>
#include <salespulse/statistics/tenure.hpp>

namespace salespulse {

/// Maximum-likelihood fit of the beta-discrete-Weibull model: the shifted beta-geometric model, but
/// a contract's own risk changes with its age: one with first-renewal probability p survives t
/// renewals with (1 - p)^(t^shape), and p varies between contracts as a beta(alpha, beta) law:
/// S(t) = B(alpha, beta + t^shape) / B(alpha, beta). Shape 1 is the shifted beta-geometric.
///
/// Likelihood, rows, bad rows and cost as `fit_shifted_beta_geometric`. The best fit can lie at the
/// edge of the model; the edge's parameters are given then:
/// - no_heterogeneity: one discrete Weibull law for all contracts;
/// - no_churn: nobody left;
/// - boundary, where 1: as for `fit_shifted_beta_geometric`;
/// - boundary, where 2: the shape grows without limit, while alpha * shape does not (power_tail: the
///   risk falls as power / t in the end) or while all contracts are alike (cliff).
///
/// not_identified: fewer than three spans of renewals were watched, or the likelihood is flat.
/// Of random contracts without any pattern about one set in a thousand has its best fit where
/// doubles cannot follow (shapes above 100); it ends as boundary or not_converged, without a law.
///
/// Fader, Hardie, Liu, Davin and Steenburgh (2018), "How to project customer retention" revisited:
/// the role of duration dependence, Journal of Interactive Marketing 43:1-16.
[[nodiscard]] retention_curve fit_beta_discrete_weibull(const row_counts<tenure>& contracts);

}  // namespace salespulse
#endif
