// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_NORMAL_NORMAL_HPP
#define SALESPULSE_STATISTICS_NORMAL_NORMAL_HPP

#include <salespulse/core/interval.hpp>
#include <salespulse/statistics/confidence.hpp>
#include <salespulse/statistics/figure.hpp>
#include <salespulse/statistics/shrunken.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace salespulse {

/// One unit: an estimate of its own and how sure that is. The standard error counts as known and
/// is positive; a unit known exactly has no place in the model.
struct measurement {
  double value = 0;
  double std_error = 0;
};

/// How the variance between units is estimated. They differ, so a result names its method:
/// - maximum_likelihood: biased downwards with few units;
/// - restricted_likelihood (REML): the likelihood of what does not depend on the mean;
/// - der_simonian_laird: from Cochran's Q by its expectation at weights 1 / se^2, no iteration;
/// - paule_mandel: the variance at which Q with weights 1 / (se^2 + variance) equals its
///   expectation, k - 1.
/// DerSimonian and Laird (1986), Controlled Clinical Trials 7:177-188; Paule and Mandel (1982),
/// Journal of Research of the NBS 87:377-385; Viechtbauer (2005), JEBS 30:261-293.
enum class between_variance : std::uint8_t {
  maximum_likelihood,
  restricted_likelihood,
  der_simonian_laird,
  paule_mandel
};

/// Each unit's true value is drawn from one normal distribution and measured with normal error.
struct normal_normal_fit {
  /// ok, or no_heterogeneity: the estimate of the variance between units is 0, everybody gets the
  /// pooled value. With several peaks of a likelihood the highest is taken. insufficient_groups
  /// (fewer than two units), non_finite_input, nonpositive_value (the standard error), out_of_range
  /// (squares that leave the range of doubles), with the row: nothing is given.
  status why;
  between_variance method = between_variance::restricted_likelihood;
  double between = 0;                    ///< variance between units, tau^2
  std::optional<double> between_error;   ///< from the expected information; of the likelihoods only
  double mean = 0;                       ///< the pooled value, weights 1 / (se^2 + tau^2)
  double mean_error = 0;                 ///< its standard error, tau^2 taken as known
  double log_likelihood = 0;             ///< of the fit
  double restricted_log_likelihood = 0;  ///< with the mean integrated out over a flat prior
  std::int64_t units = 0;
};

/// Fits by one of the methods; O(n log n), and O(n) per iteration. The order of the rows does not
/// change a bit; a change of unit changes the figures by its factor.
[[nodiscard]] normal_normal_fit fit_normal_normal(
    std::span<const measurement> units,
    between_variance method = between_variance::restricted_likelihood);

/// The posterior of one of the units of the fit. The deviation holds the uncertainty of the pooled
/// value, not that of tau^2, so ranges are too narrow with few units; integrate over tau for that.
/// Without heterogeneity it is the pooled value with deviation 0. out_of_range where a limit of the
/// range would be beyond all doubles. Throws `invalid_input` for a confidence outside (0, 1).
[[nodiscard]] shrunken posterior(const normal_normal_fit& fit, const measurement& unit,
                                 confidence level = confidence_95);

/// Where the true value of a unit not yet seen lies: normal around the pooled value with variance
/// mean_error^2 + tau^2. Empty where the fit has no figures or a limit is beyond all doubles.
[[nodiscard]] std::optional<interval> prediction(const normal_normal_fit& fit,
                                                 confidence level = confidence_95);

/// An interval for tau^2 from the exact chi-square distribution of the generalised Q (Q-profile);
/// an end below 0 is 0. Same statuses as the fit, without no_heterogeneity.
///
/// Viechtbauer (2007), Confidence intervals for the amount of heterogeneity in meta-analysis,
/// Statistics in Medicine 26:37-52.
struct between_interval {
  status why;
  std::optional<interval> range;
};
[[nodiscard]] between_interval interval_of_between(std::span<const measurement> units,
                                                   confidence level = confidence_95);

struct tau_prior {
  /// Scale of a half-Cauchy prior of tau, density proportional to 1 / (1 + (tau / scale)^2);
  /// absent: flat on tau >= 0. Positive and finite, else `invalid_input`. The mean has a flat
  /// prior.
  std::optional<double> half_cauchy_scale;
};

/// The model with tau integrated over its posterior instead of estimated, so that where the
/// likelihood peaks at tau = 0 units are still told apart as far as the data allow it.
///
/// Flat on tau (not on tau^2 or log tau) is proper from three units on and the half-Cauchy from
/// two; the latter keeps the tail in check with few units. Gelman (2006), Prior distributions for
/// variance parameters in hierarchical models, Bayesian Analysis 1:515-534.
struct integrated_normal_normal {
  /// ok; those of the fit for bad rows; insufficient_groups for fewer units than the prior needs;
  /// out_of_range where the scale of the prior is that far from those of the units.
  status why;
  /// Of the overall mean, and of tau. With the flat prior the tail of tau is so heavy that three
  /// units leave no means, and four no deviation; with the half-Cauchy two units leave no
  /// deviation: infinite_mean.
  figure mean, mean_deviation, tau_mean;
  double tau_median = 0;
  interval tau_range;   ///< equal tails, at the level asked for
  double tau_mode = 0;  ///< 0: the likeliest tau is none
  /// The posterior of tau as a quadrature rule: weights are positive and sum to 1. `mean` and
  /// `mean_deviation` are those of the overall mean given tau.
  struct node {
    double tau, weight, mean, mean_deviation;
  };
  std::vector<node> nodes;  ///< by tau
};

/// Adaptive Gauss-Kronrod quadrature in tau / (tau + scale) to a relative error of 1e-12; O(n) per
/// node, some hundred nodes.
[[nodiscard]] integrated_normal_normal integrate_normal_normal(std::span<const measurement> units,
                                                               const tau_prior& prior = {},
                                                               confidence level = confidence_95);

/// The posterior of one of the units of the fit, a mixture of normals over tau. `own_weight` is the
/// posterior mean of tau^2 / (tau^2 + se^2); since the pooled value moves with tau the mean need
/// not be the own record and `mean` in exactly that proportion, but it lies between the own record
/// and the pooled values at some tau. Throws `invalid_input` for a confidence outside (0, 1).
[[nodiscard]] shrunken posterior(const integrated_normal_normal& fit, const measurement& unit,
                                 confidence level = confidence_95);

}  // namespace salespulse
#endif
