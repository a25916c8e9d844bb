// SPDX-License-Identifier: BSL-1.0
#include "log_gamma_parts.hpp"
#include "rising_factorial.hpp"
#include "sums.hpp"
#include "trust_region.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/core/wide.hpp>
#include <salespulse/statistics/beta_binomial.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace salespulse {

namespace {

constexpr double limit = 30;  // of log(alpha + beta) and of the log-odds of the mean
constexpr std::int64_t most_units = std::int64_t{1} << 53;  // of which double counts each
constexpr double infinity = std::numeric_limits<double>::infinity();
using point = Eigen::Vector2d;  // log-odds of the mean, log(alpha + beta)

struct totals {
  wide successes = 0;
  wide cases = 0;
  [[nodiscard]] double rate() const { return to_double(successes) / to_double(cases); }
  [[nodiscard]] double failure_rate() const {
    return to_double(cases - successes) / to_double(cases);
  }
};

struct sums {
  running_sum value, mean, spread, mean_mean, mean_spread, spread_spread;
};

// log(Gamma(a + n) / Gamma(a)) in the shape of rising_excess: derivatives in log a, those of
// n log a included.
scaled_derivatives rising(double a, std::int64_t n) {
  const log_rising_derivatives r = derivatives_of_log_rising(a, n);
  return {r.value, a * r.first, a * a * r.second};
}

// The log-likelihood of a row with more cases than prior ones. With pi the posterior mean it is
// minus prior times KL(prior mean, pi) minus n times KL(own rate, pi), and smaller parts.
double log_likelihood_of_many(const binomial_count& row, double a, double b) {
  const double prior = a + b;
  const auto n = static_cast<double>(row.cases);
  const auto part = [&](double shape, std::int64_t count) {
    if (count == 0) return -shape * std::log1p(n / prior);
    const auto y = static_cast<double>(count);
    const double after = shape + y;
    const double expected = n * (after / (prior + n));
    // y - expected, where the two products that cancel are exact to the last bit of one.
    const double difference = (y * prior - n * shape) / (prior + n);
    return stirling_remainder(after).value - stirling_remainder(shape).value -
           stirling_remainder(y).value - deviance(y, expected, difference) -
           deviance(shape, prior * (after / (prior + n)), -difference) +
           0.5 * std::log(shape / (after * y));
  };
  const std::int64_t failures = row.cases - row.successes;
  const bool mixed = row.successes > 0 && failures > 0;
  return part(a, row.successes) + part(b, failures) - stirling_remainder(prior + n).value +
         stirling_remainder(prior).value + stirling_remainder(n).value +
         0.5 * std::log((prior + n) * n / (prior * (mixed ? 2 * std::numbers::pi : 1)));
}

// By the rarer kind, whose probability has the digits.
double log_binomial_of(const binomial_count& row, double p, double q) {
  return p <= q ? log_binomial(row.successes, row.cases, p)
                : log_binomial(row.cases - row.successes, row.cases, q);
}

evaluation<2> evaluate(const row_counts<binomial_count>& units, const point& at) {
  const double m = 1 / (1 + std::exp(-at[0]));
  const double f = 1 / (1 + std::exp(at[0]));
  const double prior = at[1] >= limit ? infinity : std::exp(at[1]);
  const double a = m * prior;
  const double b = f * prior;
  sums s;
  for (const auto& [row, count] : units.entries()) {
    if (row.cases == 0) continue;
    const auto w = static_cast<double>(count);
    const std::int64_t failures = row.cases - row.successes;
    const auto n = static_cast<double>(row.cases);
    scaled_derivatives one, two, all;
    double value = 0;
    double plain = 0;  // the binomial part of the slope in the log-odds
    if (n <= prior) {
      one = rising_excess(a, row.successes);
      two = rising_excess(b, failures);
      all = rising_excess(prior, row.cases);
      value = log_binomial_of(row, m, f) + one.value + two.value - all.value;
      plain = std::fma(-n, m, static_cast<double>(row.successes));
    } else {
      one = rising(a, row.successes);
      two = rising(b, failures);
      all = rising(prior, row.cases);
      value = log_likelihood_of_many(row, a, b);
    }
    s.value.add(w * value);
    s.mean.add(w * (one.first * f - two.first * m + plain));
    s.spread.add(w * (one.first + two.first - all.first));
    // In the form of the excess the part n log m has curvature of its own.
    const double bent = n <= prior ? one.first + two.first + n : one.first + two.first;
    s.mean_mean.add(w * (one.second_in_log() * f * f + two.second_in_log() * m * m - bent * m * f));
    s.mean_spread.add(w * (one.second_in_log() * f - two.second_in_log() * m));
    s.spread_spread.add(w * (one.second_in_log() + two.second_in_log() - all.second_in_log()));
  }
  evaluation<2> e;
  e.value = s.value.value();
  e.gradient << s.mean.value(), s.spread.value();
  e.hessian << s.mean_mean.value(), s.mean_spread.value(), s.mean_spread.value(),
      s.spread_spread.value();
  if (prior == infinity) {
    e.gradient[1] = 0;
    e.hessian.row(1).setZero();
    e.hessian.col(1).setZero();
  }
  return e;
}

status invalid_row(const row_counts<binomial_count>& units) {
  std::int64_t i = 0;
  for (const auto& [row, count] : units.entries()) {
    if (count < 0) return {condition::invalid_weight, i};
    if (row.successes < 0 || row.cases < 0) return {condition::negative_count, i};
    if (row.successes > row.cases) return {condition::count_exceeds_trials, i};
    ++i;
  }
  return {};
}

// A first guess of the correlation by the method of moments.
double moment_correlation(const row_counts<binomial_count>& units, double rate,
                          double failure_rate) {
  running_sum squares, cases, pairs;
  for (const auto& [row, count] : units.entries()) {
    const auto n = static_cast<double>(row.cases);
    const double miss = static_cast<double>(row.successes) - n * rate;
    squares.add(static_cast<double>(count) * miss * miss / (rate * failure_rate));
    cases.add(static_cast<double>(count) * n);
    pairs.add(static_cast<double>(count) * n * (n - 1));
  }
  return (squares.value() - cases.value()) / pairs.value();
}

// Every unit is all success or all failure: the likelihood rises up to correlation 1.
void fit_unanimous(const row_counts<binomial_count>& units, beta_binomial_fit& fit) {
  running_sum successes;
  for (const auto& [row, count] : units.entries()) {
    if (row.successes > 0) successes.add(static_cast<double>(count));
  }
  const auto all = static_cast<double>(fit.units);
  const double m = successes.value() / all;
  fit.why = {condition::boundary, 1};
  fit.spread = {m, 1};
  fit.mean_error = std::sqrt(m * (1 - m) / all);
  fit.log_likelihood = successes.value() * std::log(m) + (all - successes.value()) * std::log1p(-m);
}

}  // namespace

beta_spread beta_spread_of(double alpha, double beta) {
  if (!(alpha > 0 && beta > 0 && std::isfinite(alpha + beta))) {
    throw invalid_input("beta_spread_of: alpha and beta are not positive and finite");
  }
  return {alpha / (alpha + beta), 1 / (1 + alpha + beta)};
}

beta_binomial_fit fit_beta_binomial(const row_counts<binomial_count>& units) {
  beta_binomial_fit fit;
  fit.why = invalid_row(units);
  if (!fit.why.ok()) return fit;
  totals t;
  bool pairs = false;
  bool unanimous = true;
  for (const auto& [row, count] : units.entries()) {
    if (row.cases == 0) continue;
    t.successes += static_cast<wide>(row.successes) * count;
    t.cases += static_cast<wide>(row.cases) * count;
    if (count > most_units - fit.units) {
      fit = {};
      fit.why = {condition::too_large, -1};
      return fit;
    }
    fit.units += count;
    pairs = pairs || row.cases > 1;
    unanimous = unanimous && (row.successes == 0 || row.successes == row.cases);
  }
  if (fit.units < 2) {
    fit.why = {condition::insufficient_groups, -1};
    return fit;
  }
  const double rate = t.rate();
  fit.spread.mean = rate;
  fit.mean_error = std::sqrt(rate * t.failure_rate() / to_double(t.cases));
  if (t.successes == 0 || t.successes == t.cases) {
    fit.why = {condition::boundary, 0};
    return fit;
  }
  running_sum pooled;
  for (const auto& [row, count] : units.entries()) {
    pooled.add(static_cast<double>(count) * log_binomial_of(row, rate, t.failure_rate()));
  }
  fit.pooled_log_likelihood = fit.log_likelihood = pooled.value();
  if (!pairs) {
    fit.why = {condition::not_identified, 1};
    return fit;
  }
  if (unanimous) {
    fit_unanimous(units, fit);
    return fit;
  }
  const auto likelihood = [&](const point& at) { return evaluate(units, at); };
  trust_region_options options;
  options.lowest = -limit;
  options.highest = limit;
  options.upper_bound = 1e-6;
  const double odds = std::log(to_double(t.successes) / to_double(t.cases - t.successes));
  const double guess = moment_correlation(units, rate, t.failure_rate());
  // Almost always the first start finds the one maximum. Where it runs off to equal units, others
  // make sure that no maximum with unequal ones is passed over.
  maximum<2> best;
  for (const double start : {std::clamp(guess, 1e-4, 0.9), 0.3, 0.01}) {
    const maximum<2> m = maximise<2>(likelihood, {odds, std::log((1 - start) / start)}, options);
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
    // A mean beyond the edge of the search is no boundary of the model.
    const bool flat = best.why.what == condition::not_identified;
    const status why = flat ? best.why : status{condition::not_converged, -1};
    fit = {};
    fit.why = why;
    return fit;
  }
  const double m = 1 / (1 + std::exp(-best.at[0]));
  const double f = 1 / (1 + std::exp(best.at[0]));
  const double prior = std::exp(best.at[1]);
  const Eigen::Matrix2d covariance = covariance_of<2>(best.there);
  Eigen::Matrix2d turn;  // of log alpha and log beta in the parameters of the fit
  turn << f, 1, -m, 1;
  const Eigen::Matrix2d logs = turn * covariance * turn.transpose();
  fit.spread = {m, 1 / (1 + prior)};
  fit.mean_error = m * f * std::sqrt(covariance(0, 0));
  fit.alpha = {m * prior, {}};
  fit.beta = {f * prior, {}};
  fit.log_alpha_error = std::sqrt(logs(0, 0));
  fit.log_beta_error = std::sqrt(logs(1, 1));
  fit.log_covariance = logs(0, 1);
  fit.log_likelihood = best.there.value;
  return fit;
}

shrunken posterior(const beta_binomial_fit& fit, const binomial_count& unit, confidence level) {
  if (!(level.level > 0 && level.level < 1)) {
    throw invalid_input("posterior: the level is not within (0, 1)");
  }
  row_counts<binomial_count> one(std::span<const binomial_count>(&unit, 1));
  shrunken p;
  p.why = invalid_row(one);
  if (!p.why.ok()) return p;
  const auto y = static_cast<double>(unit.successes);
  const auto n = static_cast<double>(unit.cases);
  p.why = fit.why;
  if (fit.alpha.value && fit.beta.value) {
    const double a = *fit.alpha.value + y;
    const double b = *fit.beta.value + (n - y);
    const double all = a + b;
    p.mean = a / all;
    p.deviation = std::sqrt(a / all * (b / all) / (all + 1));
    p.own_weight = n / all;
    // The upper limit by its complement, so that small tails keep their digits; but not where
    // the rate is so small that 1 less the complement would lose them.
    const double tail = (1 - level.level) / 2;
    const bool rare = a < b && tail > 1e-6;
    const double upper = rare ? beta_quantile(a, b, 1 - tail) : 1 - beta_quantile(b, a, tail);
    p.range = interval{beta_quantile(a, b, tail), upper, level.level};
    return p;
  }
  if (fit.why.what == condition::no_heterogeneity || fit.why == status{condition::boundary, 0}) {
    p.mean = fit.spread.mean;
    return p;
  }
  if (fit.why == status{condition::boundary, 1}) {
    // Each unit has probability 0 or 1, and its first case tells which.
    if (unit.cases == 0) {
      p.mean = fit.spread.mean;
      p.deviation = std::sqrt(fit.spread.mean * (1 - fit.spread.mean));
    } else if (unit.successes == 0 || unit.successes == unit.cases) {
      p.mean = unit.successes == 0 ? 0 : 1;
      p.own_weight = 1;
    } else {
      p.why = {condition::not_identified, 1};  // the model does not allow such a unit
    }
  }
  return p;
}

}  // namespace salespulse
