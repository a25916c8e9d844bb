// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_GAMMA_POISSON_HPP
#define SALESPULSE_STATISTICS_GAMMA_POISSON_HPP

#include <salespulse/statistics/confidence.hpp>
#include <salespulse/statistics/figure.hpp>
#include <salespulse/statistics/row_counts.hpp>
#include <salespulse/statistics/shrunken.hpp>

#include <cstdint>

namespace salespulse {

/// One unit: how often the event happened while it was watched.
struct poisson_count {
  std::int64_t events = 0;
  double exposure = 0;  ///< time or size watched, in any unit
  /// By events, then exposure; NaN comes last.
  [[nodiscard]] friend bool operator<(const poisson_count& a, const poisson_count& b) noexcept {
    return a.events != b.events
               ? a.events < b.events
               : a.exposure < b.exposure || (a.exposure == a.exposure && b.exposure != b.exposure);
  }
};

/// The gamma-Poisson (negative binomial) model fitted by maximum likelihood: each unit has a rate
/// of its own, drawn from one gamma distribution, and its events are Poisson with mean rate times
/// exposure.
struct gamma_poisson_fit {
  /// ok, or
  /// - no_heterogeneity, where 1: the units differ no more than chance makes them (or less); the
  ///   limit model with one rate for all is given;
  /// - boundary, where 0: no event at all; rate 0;
  /// - insufficient_groups: fewer than two units with exposure; negative_count, non_finite_input,
  ///   negative_time (the exposure) or events_without_exposure with the entry; invalid_weight for a
  ///   negative count of an entry; out_of_range: the exposures are too large or too small to add;
  ///   too_large: more than 2^53 units; not_converged: nothing is given.
  status why;
  double mean = 0;        ///< of the rates: the pooled value, events per unit of exposure
  double mean_error = 0;  ///< its standard error
  double variation = 0;   ///< squared coefficient of variation of the rates, 1 / shape; 0: none
  figure shape, rate;     ///< of the gamma distribution, with mean shape / rate; absent at a limit
  /// Standard errors of log(shape), log(rate) and the covariance of the two; 0 at a limit.
  double log_shape_error = 0, log_rate_error = 0, log_covariance = 0;
  double log_likelihood = 0;         ///< with the factorials
  double pooled_log_likelihood = 0;  ///< of one rate for all units
  std::int64_t units = 0;            ///< with exposure; others say nothing
  int iterations = 0;
};

/// Fits the model; O(distinct rows) per iteration. A change of the unit of exposure changes `mean`
/// and `rate` by that factor and nothing else; neither the order of the rows nor how they were
/// merged changes a bit of the result.
///
/// Greenwood and Yule (1920), An inquiry into the nature of frequency distributions, JRSS
/// 83:255-279.
[[nodiscard]] gamma_poisson_fit fit_gamma_poisson(const row_counts<poisson_count>& units);

/// The posterior of one unit's rate: gamma with shape + events and rate + exposure. The unit need
/// not be one of those fitted; without exposure it gets the fitted distribution itself. The fitted
/// parameters count as known, so the range is somewhat too narrow with few units. out_of_range where
/// rate + exposure is too small or too large to divide by. Throws `invalid_input` for a confidence
/// outside (0, 1). O(1).
[[nodiscard]] shrunken posterior(const gamma_poisson_fit& fit, const poisson_count& unit,
                                 confidence level = confidence_95);

}  // namespace salespulse
#endif
