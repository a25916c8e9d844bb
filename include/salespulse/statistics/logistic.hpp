// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_LOGISTIC_HPP
#define SALESPULSE_STATISTICS_LOGISTIC_HPP

#include <salespulse/statistics/regression.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace salespulse {

/// Cases whose outcome is yes or no. Equal rows can be collapsed into one with more trials; the fit
/// is the same. The spans are read during a call and not kept.
struct logistic_data {
  design_matrix covariates;
  std::span<const std::int64_t> events;    ///< how many of the row's trials said yes
  std::span<const std::int64_t> trials{};  ///< empty: one a row. Rows of 0 trials are ignored.
  std::span<const double> offset{};        ///< added to the linear predictor; empty: none
};

/// Logistic regression: log(p / (1 - p)) is linear in the covariates, and the coefficients maximise
/// the sum of events * log(p) + (trials - events) * log(1 - p) over the rows (no binomial
/// coefficients, so collapsing rows does not change it), less the penalty or with Firth's
/// determinant.
///
/// Newton's method on centred and scaled columns with halved steps where the objective would fall;
/// nearly collinear columns are made orthogonal first. The result does not depend on the order of
/// the rows beyond 1e-12. O(rows * columns^2) an iteration, 4 to 8 iterations.
///
/// Statuses of the data, `where` the row: non_finite_input, negative_count, invalid_weight (trials
/// below 0), count_exceeds_trials. Others: see `regression_fit`. Events in all trials or in none
/// are separation of the intercept. Throws `invalid_input` where spans do not have a value per row,
/// or options contradict each other.
///
/// Cox (1958), The regression analysis of binary sequences, JRSS B 20:215-242; Albert and Anderson
/// (1984), On the existence of maximum likelihood estimates in logistic regression models,
/// Biometrika 71:1-10; Heinze and Schemper (2002), A solution to the problem of separation in
/// logistic regression, Statistics in Medicine 21:2409-2419.
[[nodiscard]] regression_fit fit_logistic(const logistic_data& data,
                                          const regression_options& options = {});

/// Profile-likelihood interval of one coefficient: of the likelihood, the penalised likelihood or
/// Firth's, as `options` say. They must be those of the fit. Throws `invalid_input` unless the fit
/// is ok and has the coefficient. About 30 evaluations of the likelihood.
[[nodiscard]] profile_limits logistic_profile(const logistic_data& data, const regression_fit& fit,
                                              std::size_t coefficient, confidence c,
                                              const regression_options& options = {});

/// Predicted probabilities of new rows, in their order. Throws `invalid_input` unless the fit is ok
/// and has as many columns. `offset` as in the data.
[[nodiscard]] std::vector<regression_prediction> predict_logistic(
    const regression_fit& fit, const design_matrix& rows, confidence c,
    std::span<const double> offset = {});

}  // namespace salespulse
#endif
