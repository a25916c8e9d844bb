// SPDX-License-Identifier: BSL-1.0
#include "boost_policy.hpp"
#include "log_gamma_parts.hpp"
#include "rising_factorial.hpp"
#include "sums.hpp"
#include "trust_region.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/core/wide.hpp>
#include <salespulse/statistics/gamma_poisson.hpp>

#include <boost/math/special_functions/gamma.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace salespulse {

namespace {

constexpr double limit = 30;  // of log(shape) and of log(mean / plain rate)
constexpr std::int64_t most_units = std::int64_t{1} << 53;  // of which double counts each
constexpr double infinity = std::numeric_limits<double>::infinity();
using point = Eigen::Vector2d;  // log(mean / plain rate), log(shape)

// A unit with its exposure measured in the events expected at the plain rate.
struct unit_row {
  std::int64_t events;
  double expected;
  double count;
};

// The derivatives of one row with mean mu and shape r.
struct row_terms {
  double value, mean, shape, mean_mean, mean_shape, shape_shape;
};

row_terms terms_of(std::int64_t events, double mu, double r) {
  const auto y = static_cast<double>(events);
  const double u = mu / r;
  const double over = r / (r + mu);  // the posterior weight of the prior
  const double bent = r * log1p_minus(u);
  row_terms t{};
  if (y <= r) {
    // As an excess over the Poisson model, which it becomes for infinite r.
    const scaled_derivatives e = rising_excess(r, events);
    t.value = log_poisson(events, mu);
    if (r == infinity) {
      t.mean = y - mu;
      t.mean_mean = -mu;
      return t;
    }
    t.value += e.value - bent - y * std::log1p(u);
    t.shape = e.first - bent + (y - mu) * (mu / (r + mu));
    t.shape_shape = e.second_in_log();
  } else {
    const log_rising_derivatives d = derivatives_of_log_rising(r, events);
    const double after = r + y;
    const double difference = over * (y - mu);
    t.value = stirling_remainder(after).value - stirling_remainder(r).value -
              stirling_remainder(y).value - deviance(y, after * (mu / (r + mu)), difference) -
              deviance(r, after * over, -difference) +
              0.5 * std::log(r / (after * y * 2 * std::numbers::pi));
    t.shape = r * d.first - r * std::log1p(u) - over * (y - mu);
    t.shape_shape = r * r * d.second + r * d.first;
  }
  t.mean = over * (y - mu);
  t.mean_mean = -over * mu * ((r + y) / (r + mu));
  t.mean_shape = (y - mu) * over * (mu / (r + mu));
  t.shape_shape += -bent - mu * (mu / (r + mu)) - t.mean_shape;
  return t;
}

evaluation<2> evaluate(const std::vector<unit_row>& rows, const point& at) {
  const double scale = std::exp(at[0]);
  const double r = at[1] >= limit ? infinity : std::exp(at[1]);
  running_sum value, mean, shape, mean_mean, mean_shape, shape_shape;
  for (const unit_row& row : rows) {
    const row_terms t = terms_of(row.events, row.expected * scale, r);
    value.add(row.count * t.value);
    mean.add(row.count * t.mean);
    shape.add(row.count * t.shape);
    mean_mean.add(row.count * t.mean_mean);
    mean_shape.add(row.count * t.mean_shape);
    shape_shape.add(row.count * t.shape_shape);
  }
  evaluation<2> e;
  e.value = value.value();
  e.gradient << mean.value(), shape.value();
  e.hessian << mean_mean.value(), mean_shape.value(), mean_shape.value(), shape_shape.value();
  return e;
}

status invalid_unit(const poisson_count& unit, std::int64_t i) {
  if (unit.events < 0) return {condition::negative_count, i};
  if (!std::isfinite(unit.exposure)) return {condition::non_finite_input, i};
  if (unit.exposure < 0) return {condition::negative_time, i};
  if (unit.exposure == 0 && unit.events > 0) return {condition::events_without_exposure, i};
  return {};
}

status invalid_row(const row_counts<poisson_count>& units) {
  std::int64_t i = 0;
  for (const auto& [row, count] : units.entries()) {
    if (count < 0) return {condition::invalid_weight, i};
    const status why = invalid_unit(row, i);
    if (!why.ok()) return why;
    ++i;
  }
  return {};
}

// A first guess of 1 / shape by the method of moments.
double moment_variation(const std::vector<unit_row>& rows) {
  running_sum surplus, squares;
  for (const unit_row& row : rows) {
    const double miss = static_cast<double>(row.events) - row.expected;
    surplus.add(row.count * (miss * miss - row.expected));
    squares.add(row.count * row.expected * row.expected);
  }
  return surplus.value() / squares.value();
}

}  // namespace

gamma_poisson_fit fit_gamma_poisson(const row_counts<poisson_count>& units) {
  gamma_poisson_fit fit;
  fit.why = invalid_row(units);
  if (!fit.why.ok()) return fit;
  running_sum exposure;
  wide events = 0;
  for (const auto& [row, count] : units.entries()) {
    if (row.exposure == 0) continue;
    exposure.add(static_cast<double>(count) * row.exposure);
    events += static_cast<wide>(row.events) * count;
    if (count > most_units - fit.units) {
      fit = {};
      fit.why = {condition::too_large, -1};
      return fit;
    }
    fit.units += count;
  }
  if (fit.units < 2) {
    fit.why = {condition::insufficient_groups, -1};
    return fit;
  }
  const double total = exposure.value();
  const double plain = to_double(events) / total;
  if (!std::isfinite(total) || !std::isfinite(plain) ||
      (events > 0 && plain < std::numeric_limits<double>::min())) {
    fit.why = {condition::out_of_range, -1};
    return fit;
  }
  fit.mean = plain;
  fit.mean_error = std::sqrt(to_double(events)) / total;
  if (events == 0) {
    fit.why = {condition::boundary, 0};
    return fit;
  }
  std::vector<unit_row> rows;
  for (const auto& [row, count] : units.entries()) {
    if (row.exposure == 0) continue;
    rows.push_back(
        {row.events, to_double(events) * (row.exposure / total), static_cast<double>(count)});
  }
  const auto likelihood = [&](const point& at) { return evaluate(rows, at); };
  fit.pooled_log_likelihood = fit.log_likelihood = likelihood({0, limit}).value;
  trust_region_options options;
  options.lowest = -limit;
  options.highest = limit;
  options.upper_bound = 1e-6;
  // Almost always the first start finds the one maximum. Where it runs off to equal units, others
  // make sure that no maximum with unequal ones is passed over.
  maximum<2> best;
  for (const double start : {std::clamp(moment_variation(rows), 1e-4, 100.0), 1.0, 0.01}) {
    const maximum<2> m = maximise<2>(likelihood, {0, -std::log(start)}, options);
    fit.iterations += m.iterations;
    if (m.why.ok() && m.there.value >= fit.pooled_log_likelihood) {
      best = m;
      break;
    }
    if (best.iterations == 0 || m.why.what == condition::boundary) best = m;
  }
  if (best.why == status{condition::boundary, 1} && best.at[1] >= limit) {
    fit.why = {condition::no_heterogeneity, 1};
    return fit;
  }
  if (!best.why.ok()) {
    fit = {};
    fit.why = {condition::not_converged, -1};
    return fit;
  }
  const double shape = std::exp(best.at[1]);
  const Eigen::Matrix2d covariance = covariance_of<2>(best.there);
  Eigen::Matrix2d turn;  // log shape; log rate is log shape less log mean
  turn << 0, 1, -1, 1;
  const Eigen::Matrix2d logs = turn * covariance * turn.transpose();
  fit.mean = plain * std::exp(best.at[0]);
  fit.mean_error = fit.mean * std::sqrt(covariance(0, 0));
  fit.variation = 1 / shape;
  fit.shape = {shape, {}};
  fit.rate = {shape / fit.mean, {}};
  fit.log_shape_error = std::sqrt(logs(0, 0));
  fit.log_rate_error = std::sqrt(logs(1, 1));
  fit.log_covariance = logs(0, 1);
  fit.log_likelihood = best.there.value;
  return fit;
}

shrunken posterior(const gamma_poisson_fit& fit, const poisson_count& unit, confidence level) {
  if (!(level.level > 0 && level.level < 1)) {
    throw invalid_input("posterior: the level is not within (0, 1)");
  }
  shrunken p;
  p.why = invalid_unit(unit, 0);
  if (!p.why.ok()) return p;
  p.why = fit.why;
  if (fit.shape.value && fit.rate.value) {
    const double shape = *fit.shape.value + static_cast<double>(unit.events);
    const double rate = *fit.rate.value + unit.exposure;
    if (!std::isfinite(rate) || !std::isfinite(2 * (shape + std::sqrt(shape)) / rate)) {
      p.why = {condition::out_of_range, 0};
      return p;
    }
    p.mean = shape / rate;
    p.deviation = std::sqrt(shape) / rate;
    p.own_weight = unit.exposure / rate;
    const double tail = (1 - level.level) / 2;
    p.range = interval{boost::math::gamma_p_inv(shape, tail, plain_double{}) / rate,
                       boost::math::gamma_q_inv(shape, tail, plain_double{}) / rate, level.level};
    return p;
  }
  if (fit.why.what == condition::no_heterogeneity || fit.why == status{condition::boundary, 0}) {
    p.mean = fit.mean;
  }
  return p;
}

}  // namespace salespulse
