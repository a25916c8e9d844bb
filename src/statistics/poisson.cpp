// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/poisson.hpp>

#include "generalised_linear.hpp"
#include "sums.hpp"

#include <salespulse/core/result.hpp>

#include <cmath>
#include <utility>

namespace salespulse {

namespace {

double exposure_of(const poisson_data& data, std::size_t i) {
  return data.exposure.empty() ? 1 : data.exposure[i];
}
std::int64_t weight_of(const poisson_data& data, std::size_t i) {
  return data.weights.empty() ? 1 : data.weights[i];
}

// The first row that cannot be, if there is one.
status check(const poisson_data& data) {
  const auto at = [](condition what, std::size_t row) {
    return status{what, static_cast<std::int64_t>(row)};
  };
  for (std::size_t i = 0; i < data.events.size(); ++i) {
    const double exposure = exposure_of(data, i);
    if (data.events[i] < 0) return at(condition::negative_count, i);
    if (weight_of(data, i) < 0) return at(condition::invalid_weight, i);
    if (!std::isfinite(exposure)) return at(condition::non_finite_input, i);
    if (exposure < 0) return at(condition::nonpositive_value, i);
    if (exposure == 0 && data.events[i] > 0 && weight_of(data, i) > 0) {
      return at(condition::events_without_exposure, i);
    }
  }
  return {};
}

void require_spans(const poisson_data& data) {
  if (data.events.size() != data.covariates.rows ||
      (!data.exposure.empty() && data.exposure.size() != data.covariates.rows) ||
      (!data.weights.empty() && data.weights.size() != data.covariates.rows)) {
    throw invalid_input("poisson_data: a span has not a value for each row");
  }
}

generalised_linear model_of(const poisson_data& data, const regression_options& options) {
  responses r;
  r.kind = response_kind::poisson;
  running_sum constant;
  for (std::size_t i = 0; i < data.events.size(); ++i) {
    const auto events = static_cast<double>(data.events[i]);
    const auto weight = static_cast<double>(weight_of(data, i));
    const double exposure = exposure_of(data, i);
    r.events.push_back(weight * events);
    r.size.push_back(weight * exposure);
    if (events > 0 && weight > 0) {
      constant.add(weight * (events * std::log(exposure) - std::lgamma(events + 1)));
    }
  }
  r.constant = constant.value();
  return {data.covariates, std::move(r), options, "fit_poisson"};
}

}  // namespace

regression_fit fit_poisson(const poisson_data& data, const regression_options& options) {
  require_spans(data);
  if (const status bad = check(data); !bad.ok()) {
    regression_fit fit;
    fit.why = bad;
    fit.intercept = options.intercept;
    return fit;
  }
  return model_of(data, options).fit();
}

profile_limits poisson_profile(const poisson_data& data, const regression_fit& fit,
                               std::size_t coefficient, confidence c,
                               const regression_options& options) {
  require_spans(data);
  if (!check(data).ok()) throw invalid_input("poisson_profile: these are not the fit's data");
  return model_of(data, options).profile(fit, coefficient, c);
}

std::vector<regression_prediction> predict_poisson(const regression_fit& fit,
                                                   const design_matrix& rows, confidence c) {
  std::vector<regression_prediction> out = predict_linear(fit, rows, c, "predict_poisson", {});
  for (std::size_t i = 0; i < out.size(); ++i) {
    regression_prediction& p = out[i];
    if (!p.why.ok()) continue;
    p.mean = std::exp(p.linear);
    p.range.lower = std::exp(p.range.lower);
    p.range.upper = std::exp(p.range.upper);
    if (std::isfinite(p.range.upper)) continue;
    p = {};
    p.why = {condition::non_finite_input, static_cast<std::int64_t>(i)};
    p.range.level = c.level;
  }
  return out;
}

}  // namespace salespulse
