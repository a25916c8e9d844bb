// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/kaplan_meier.hpp>

#include "risk_sets.hpp"
#include "sums.hpp"
#include "twofold.hpp"

#include <salespulse/core/result.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace salespulse {
namespace {

// What a step adds to the variance of log S; finite where not all at risk have the event.
double greenwood_term(std::int64_t at_risk, std::int64_t events) {
  const auto n = static_cast<double>(at_risk);
  return static_cast<double>(events) / (n * static_cast<double>(at_risk - events));
}

// The first step with value <= 1 - p, or the middle of the flat part there, by the rule in the
// header. `value` gives the curve after a step; steps where it is empty are left out.
template <class Steps, class Value>
std::optional<double> crossing(const Steps& steps, double p, const Value& value) {
  const double tolerance = 0x1p-26;  // the root of the precision of double
  std::optional<double> reached;
  double last = 1;
  for (const auto& step : steps) {
    const std::optional<double> at = value(step);
    if (!at) continue;
    last = *at;
    const double fallen = 1 - *at;
    if (!reached && fallen >= p - tolerance) reached = step.tick;
    if (fallen >= p + tolerance) return (*reached + step.tick) / 2;
  }
  if (reached && std::abs((1 - last) - p) < tolerance) return (*reached + steps.back().tick) / 2;
  return std::nullopt;
}

}  // namespace

std::optional<interval> survival_interval(double survival, double log_std_error, confidence c,
                                          survival_scale scale) {
  if (!(survival >= 0 && survival <= 1)) {
    throw invalid_input("survival_interval: a survival outside 0 to 1");
  }
  if (!(log_std_error >= 0) || !std::isfinite(log_std_error)) {
    throw invalid_input("survival_interval: a negative or infinite standard error");
  }
  if (survival == 0 || survival == 1 || log_std_error == 0) return std::nullopt;
  const double half = c.z * log_std_error;  // of the interval for log S
  double lower = 0;
  double upper = 1;
  switch (scale) {
    case survival_scale::plain:
      lower = survival - half * survival;
      upper = survival + half * survival;
      break;
    case survival_scale::log:
      lower = survival * std::exp(-half);
      upper = survival * std::exp(half);
      break;
    case survival_scale::log_log: {
      const double log_survival = std::log(survival);
      const double factor = std::exp(half / -log_survival);
      lower = std::exp(log_survival * factor);
      upper = std::exp(log_survival / factor);
      break;
    }
    case survival_scale::logit: {
      // By S itself, since the odds of the smallest S are larger than any double.
      const double factor = std::exp(half / (1 - survival));
      lower = survival / (survival + (1 - survival) * factor);
      upper = survival / (survival + (1 - survival) / factor);
      break;
    }
    case survival_scale::arcsine: {
      const double angle = std::asin(std::sqrt(survival));
      const double reach = half * std::sqrt(survival / (1 - survival)) / 2;
      const double sine_lower = std::sin(std::max(0.0, angle - reach));
      const double sine_upper = std::sin(std::min(std::numbers::pi / 2, angle + reach));
      lower = sine_lower * sine_lower;
      upper = sine_upper * sine_upper;
      break;
    }
  }
  return interval{std::max(lower, 0.0), std::min(upper, 1.0), c.level};
}

kaplan_meier::kaplan_meier(std::span<const observation> data, const kaplan_meier_options& options)
    : after_(options.after) {
  risk_sets sets = collapse_after(data, any_cause, options.after);
  why_ = sets.state;
  gaps_ = std::move(sets.gaps);
  steps_.reserve(sets.size());
  twofold survival(1);
  running_sum log_variance;
  bool alive = true;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const std::int64_t n = sets.at_risk[i];
    const std::int64_t d = sets.events[i];
    if (alive && d > 0) {
      alive = d < n;
      survival = alive ? survival * static_cast<double>(n - d) / static_cast<double>(n) : 0.0;
      if (alive) log_variance.add(greenwood_term(n, d));
      if (!alive && i + 1 < sets.size()) why_ = {condition::early_empty_risk_set, sets.ticks[i]};
    }
    step s{sets.ticks[i], n, d, sets.censored[i], survival.value(), 0, std::nullopt};
    if (alive) {
      const double variance = log_variance.value();
      s.variance = s.survival * s.survival * variance;
      s.log_std_error = std::sqrt(variance);
    }
    steps_.push_back(s);
  }
}

figure kaplan_meier::survival(std::int32_t tick) const {
  if (steps_.empty()) return {std::nullopt, why_};
  const auto next = std::upper_bound(steps_.begin(), steps_.end(), tick,
                                     [](std::int32_t t, const step& s) { return t < s.tick; });
  if (next == steps_.begin()) return {1.0, {}};
  const double value = std::prev(next)->survival;
  if (tick > follow_up() && value > 0) return {value, {condition::beyond_follow_up, follow_up()}};
  return {value, {}};
}

std::optional<interval> kaplan_meier::band(std::int32_t tick, confidence c,
                                           survival_scale scale) const {
  const auto next = std::upper_bound(steps_.begin(), steps_.end(), tick,
                                     [](std::int32_t t, const step& s) { return t < s.tick; });
  if (next == steps_.begin()) return std::nullopt;
  const step& at = *std::prev(next);
  if (!at.log_std_error) return std::nullopt;
  return survival_interval(at.survival, *at.log_std_error, c, scale);
}

survival_quantile kaplan_meier::quantile(double p, confidence c, survival_scale scale) const {
  if (!(p > 0 && p < 1)) throw invalid_input("kaplan_meier::quantile: p is not within 0 and 1");
  survival_quantile found;
  if (steps_.empty()) {
    found.tick.why = why_;
    return found;
  }
  found.tick.value = crossing(steps_, p, [](const step& s) { return std::optional(s.survival); });
  if (!found.tick.value) found.tick.why = {condition::not_reached, -1};
  const auto limit = [&](double interval::*side) {
    return crossing(steps_, p, [&](const step& s) -> std::optional<double> {
      if (!s.log_std_error) return std::nullopt;
      const std::optional<interval> around =
          survival_interval(s.survival, *s.log_std_error, c, scale);
      return around ? std::optional((*around).*side) : std::nullopt;
    });
  };
  found.lower = limit(&interval::lower);
  found.upper = limit(&interval::upper);
  return found;
}

figure_with_error kaplan_meier::restricted_mean(std::int32_t until) const {
  const std::int32_t start = std::max(after_, 0);
  if (until < start) throw invalid_input("kaplan_meier::restricted_mean: it ends before its start");
  if (steps_.empty()) return {std::nullopt, std::nullopt, why_};
  figure_with_error mean;
  double end = until;
  if (until > follow_up() && steps_.back().survival > 0) {
    mean.why = {condition::beyond_follow_up, follow_up()};
    end = follow_up();
  }
  // Backwards, since a step's share in the variance is by the area that comes after it.
  running_sum area;
  running_sum variance;
  for (auto at = steps_.rbegin(); at != steps_.rend(); ++at) {
    if (at->tick >= end) continue;
    area.add(at->survival * (end - at->tick));
    end = at->tick;
    if (at->events > 0 && at->events < at->at_risk) {
      variance.add(area.value() * area.value() * greenwood_term(at->at_risk, at->events));
    }
  }
  area.add(end - start);
  mean.value = area.value();
  mean.std_error = std::sqrt(variance.value());
  return mean;
}

}  // namespace salespulse
