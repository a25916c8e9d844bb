// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/logistic.hpp>

#include "generalised_linear.hpp"

#include <salespulse/core/result.hpp>

#include <cmath>
#include <utility>

namespace salespulse {

namespace {

// The first row that cannot be, if there is one.
status check(const logistic_data& data) {
  const auto at = [](condition what, std::size_t row) {
    return status{what, static_cast<std::int64_t>(row)};
  };
  for (std::size_t i = 0; i < data.events.size(); ++i) {
    const std::int64_t n = data.trials.empty() ? 1 : data.trials[i];
    if (data.events[i] < 0) return at(condition::negative_count, i);
    if (n < 0) return at(condition::invalid_weight, i);
    if (data.events[i] > n) return at(condition::count_exceeds_trials, i);
    if (!data.offset.empty() && !std::isfinite(data.offset[i])) {
      return at(condition::non_finite_input, i);
    }
  }
  return {};
}

void require_spans(const logistic_data& data) {
  if (data.events.size() != data.covariates.rows ||
      (!data.trials.empty() && data.trials.size() != data.covariates.rows) ||
      (!data.offset.empty() && data.offset.size() != data.covariates.rows)) {
    throw invalid_input("logistic_data: a span has not a value for each row");
  }
}

generalised_linear model_of(const logistic_data& data, const regression_options& options) {
  responses r;
  r.kind = response_kind::binomial;
  r.events.assign(data.events.begin(), data.events.end());
  if (data.trials.empty()) {
    r.size.assign(data.events.size(), 1);
  } else {
    r.size.assign(data.trials.begin(), data.trials.end());
  }
  r.offset = data.offset;
  return {data.covariates, std::move(r), options, "fit_logistic"};
}

double logistic(double eta) {
  return eta < 0 ? std::exp(eta) / (1 + std::exp(eta)) : 1 / (1 + std::exp(-eta));
}

}  // namespace

regression_fit fit_logistic(const logistic_data& data, const regression_options& options) {
  require_spans(data);
  if (const status bad = check(data); !bad.ok()) {
    regression_fit fit;
    fit.why = bad;
    fit.intercept = options.intercept;
    return fit;
  }
  return model_of(data, options).fit();
}

profile_limits logistic_profile(const logistic_data& data, const regression_fit& fit,
                                std::size_t coefficient, confidence c,
                                const regression_options& options) {
  require_spans(data);
  if (!check(data).ok()) throw invalid_input("logistic_profile: these are not the fit's data");
  return model_of(data, options).profile(fit, coefficient, c);
}

std::vector<regression_prediction> predict_logistic(const regression_fit& fit,
                                                    const design_matrix& rows, confidence c,
                                                    std::span<const double> offset) {
  std::vector<regression_prediction> out = predict_linear(fit, rows, c, "predict_logistic", offset);
  for (regression_prediction& p : out) {
    if (!p.why.ok()) continue;
    p.mean = logistic(p.linear);
    p.range.lower = logistic(p.range.lower);
    p.range.upper = logistic(p.range.upper);
  }
  return out;
}

}  // namespace salespulse
