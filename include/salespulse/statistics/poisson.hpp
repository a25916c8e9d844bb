// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_POISSON_HPP
#define SALESPULSE_STATISTICS_POISSON_HPP

#include <salespulse/statistics/regression.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace salespulse {

/// Units with a count of events each. The spans are read during a call and not kept.
struct poisson_data {
  design_matrix covariates;
  std::span<const std::int64_t> events;
  /// How long, or over how much, events were counted; empty: 1 each. A row of exposure 0 without
  /// events says nothing and is ignored.
  std::span<const double> exposure{};
  std::span<const std::int64_t> weights{};  ///< how many such units there are; empty: one
};

/// Poisson regression: the logarithm of events per unit of exposure is linear in the covariates,
/// and the coefficients maximise the log-likelihood, -mu + events * log(mu) - log(events!) summed
/// over the units, less the penalty or with Firth's determinant.
///
/// Numerics and cost as in `fit_logistic`. Statuses of the data, `where` the row: non_finite_input,
/// negative_count, nonpositive_value (an exposure below 0), events_without_exposure,
/// invalid_weight. No events at all: no_events (Firth's estimate exists even then). Others: see
/// `regression_fit`. Throws `invalid_input` where spans do not have a value per row, or options
/// contradict each other.
///
/// Nelder and Wedderburn (1972), Generalized linear models, JRSS A 135:370-384; Firth (1993),
/// Bias reduction of maximum likelihood estimates, Biometrika 80:27-38.
[[nodiscard]] regression_fit fit_poisson(const poisson_data& data,
                                         const regression_options& options = {});

/// Profile-likelihood interval of one coefficient; see `logistic_profile`.
[[nodiscard]] profile_limits poisson_profile(const poisson_data& data, const regression_fit& fit,
                                             std::size_t coefficient, confidence c,
                                             const regression_options& options = {});

/// Predicted events per unit of exposure of new rows, in their order. Throws `invalid_input` unless
/// the fit is ok and has as many columns.
[[nodiscard]] std::vector<regression_prediction> predict_poisson(const regression_fit& fit,
                                                                 const design_matrix& rows,
                                                                 confidence c);

}  // namespace salespulse
#endif
