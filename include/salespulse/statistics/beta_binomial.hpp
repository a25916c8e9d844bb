// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_BETA_BINOMIAL_HPP
#define SALESPULSE_STATISTICS_BETA_BINOMIAL_HPP

#include <salespulse/statistics/confidence.hpp>
#include <salespulse/statistics/figure.hpp>
#include <salespulse/statistics/row_counts.hpp>
#include <salespulse/statistics/shrunken.hpp>

#include <compare>
#include <cstdint>

namespace salespulse {

/// One unit: how many of its cases succeeded.
struct binomial_count {
  std::int64_t successes = 0;
  std::int64_t cases = 0;
  friend auto operator<=>(const binomial_count&, const binomial_count&) = default;
};

/// How a probability differs between units: a beta distribution with
/// alpha = mean * (1 / correlation - 1) and beta = (1 - mean) * (1 / correlation - 1), or its limit
/// where all units have probability `mean` (correlation 0) or each has 0 or 1 (correlation 1).
/// The correlation is that of two cases of the same unit.
struct beta_spread {
  double mean = 0;
  double correlation = 0;
};

/// Parameters are positive and finite, else `invalid_input`.
[[nodiscard]] beta_spread beta_spread_of(double alpha, double beta);

/// The beta-binomial model fitted by maximum likelihood: each unit has a success probability of
/// its own, drawn from one beta distribution, and its cases are independent given that. What is
/// known of all units so becomes the prior of each (empirical Bayes).
struct beta_binomial_fit {
  /// ok, or
  /// - no_heterogeneity, where 1: the units differ no more than chance makes them (or less); the
  ///   limit model with correlation 0 is given, `spread.mean` is the plain rate;
  /// - boundary, where 0: nothing or everything succeeded; mean 0 or 1, correlation 0 (any would
  ///   explain the data equally well);
  /// - boundary, where 1: every unit is all success or all failure, at least one of each, and some
  ///   have two cases or more; correlation 1, the mean counts units;
  /// - not_identified, where 1: no unit has two cases; the mean is given, nothing else;
  /// - insufficient_groups: fewer than two units with a case; negative_count or
  ///   count_exceeds_trials with the entry; invalid_weight for a negative count of an entry;
  ///   too_large: more than 2^53 units; not_converged: nothing is given.
  status why;
  beta_spread spread;
  double mean_error = 0;  ///< standard error of `spread.mean`, the pooled value
  figure alpha, beta;     ///< absent at a limit
  /// Standard errors of log(alpha), log(beta) and the covariance of the two; 0 at a limit. A
  /// relative error above 1 says that the likelihood is flat: the correlation is barely known.
  double log_alpha_error = 0, log_beta_error = 0, log_covariance = 0;
  double log_likelihood = 0;         ///< with the binomial coefficients
  double pooled_log_likelihood = 0;  ///< of one rate for all units
  std::int64_t units = 0;            ///< with at least one case; others say nothing
  int iterations = 0;
};

/// Fits the model; O(distinct rows) per iteration. Counts up to 10^9 a unit lose no digits, and
/// neither the order of the rows nor how they were merged changes a bit of the result.
///
/// Skellam (1948), A probability distribution derived from the binomial distribution by regarding
/// the probability of success as variable between the sets of trials, JRSS B 10:257-261.
[[nodiscard]] beta_binomial_fit fit_beta_binomial(const row_counts<binomial_count>& units);

/// The posterior of one unit's probability: beta with successes + alpha and failures + beta. The
/// unit need not be one of those fitted; without cases it gets the fitted distribution itself. The
/// fitted parameters count as known, so the range is somewhat too narrow with few units. Throws
/// `invalid_input` for a confidence outside (0, 1). O(1).
[[nodiscard]] shrunken posterior(const beta_binomial_fit& fit, const binomial_count& unit,
                                 confidence level = confidence_95);

}  // namespace salespulse
#endif
