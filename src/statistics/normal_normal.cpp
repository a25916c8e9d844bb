// SPDX-License-Identifier: BSL-1.0
#include "boost_policy.hpp"
#include "sums.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/normal_normal.hpp>

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace salespulse {

namespace {

// The units in order of value, seen from their middle one, in a power of two of the caller's unit.
struct sample {
  std::vector<measurement> rows;
  double centre = 0;
  double unit = 1;
  status why;

  [[nodiscard]] double count() const { return static_cast<double>(rows.size()); }
  [[nodiscard]] double range() const { return rows.back().value - rows.front().value; }
};

sample sample_of(std::span<const measurement> units) {
  sample s;
  std::int64_t i = 0;
  for (const measurement& m : units) {
    if (!std::isfinite(m.value) || !std::isfinite(m.std_error)) {
      s.why = {condition::non_finite_input, i};
    } else if (!(m.std_error > 0)) {
      s.why = {condition::nonpositive_value, i};
    }
    if (!s.why.ok()) return s;
    ++i;
  }
  if (units.size() < 2) {
    s.why = {condition::insufficient_groups, -1};
    return s;
  }
  s.rows.assign(units.begin(), units.end());
  std::sort(s.rows.begin(), s.rows.end(), [](const measurement& a, const measurement& b) {
    return a.value != b.value ? a.value < b.value : a.std_error < b.std_error;
  });
  s.centre = s.rows[s.rows.size() / 2].value;
  double largest = 0;
  for (measurement& m : s.rows) {
    m.value -= s.centre;
    largest = std::max({largest, std::abs(m.value), m.std_error});
  }
  if (std::isfinite(largest)) s.unit = std::ldexp(1.0, std::ilogb(largest));
  for (measurement& m : s.rows) {
    m.value /= s.unit;
    m.std_error /= s.unit;
    // Weights are squared once more.
    if (!(m.std_error > 1e-75)) s.why = {condition::out_of_range, -1};
  }
  if (!std::isfinite(largest)) s.why = {condition::out_of_range, -1};
  return s;
}

// The sums that every method is made of, at weights w = 1 / (se^2 + t).
struct moments {
  double w = 0, ww = 0, www = 0;  // of w, w^2, w^3
  double mean = 0;
  double q = 0;   // of w (y - mean)^2
  double wq = 0;  // of w^2 (y - mean)^2
};

moments moments_at(const sample& s, double t) {
  running_sum w, ww, www, wy, q, wq;
  for (const measurement& m : s.rows) {
    const double x = 1 / (m.std_error * m.std_error + t);
    w.add(x);
    ww.add(x * x);
    www.add(x * x * x);
    wy.add(x * m.value);
  }
  moments r{w.value(), ww.value(), www.value(), wy.value() / w.value(), 0, 0};
  for (const measurement& m : s.rows) {
    const double x = 1 / (m.std_error * m.std_error + t);
    const double miss = m.value - r.mean;
    q.add(x * miss * miss);
    wq.add(x * x * miss * miss);
  }
  r.q = q.value();
  r.wq = wq.value();
  return r;
}

double log_likelihood_at(const sample& s, double t, const moments& m) {
  running_sum logs;
  for (const measurement& row : s.rows) {
    logs.add(std::log(row.std_error * row.std_error + t));
  }
  return -0.5 * (s.count() * std::log(2 * std::numbers::pi) + logs.value() + m.q);
}

double restricted_at(const sample& s, double t, const moments& m) {
  return log_likelihood_at(s, t, m) + 0.5 * (std::log(2 * std::numbers::pi) - std::log(m.w));
}

// Where f falls through 0 between low (f > 0) and high (f <= 0), to the last bit.
template <class Function>
double falling_root(Function f, double low, double high) {
  for (int i = 0; i < 1200; ++i) {
    // In the geometric middle where the bracket spans magnitudes.
    const double middle =
        low > 0 && high > 4 * low ? std::sqrt(low) * std::sqrt(high) : low + (high - low) / 2;
    if (!(middle > low && middle < high)) break;
    (f(middle) > 0 ? low : high) = middle;
  }
  return high;
}

// The t >= 0 at which `value` is largest, from the sign changes of its slope on a fine grid: with
// unequal standard errors a likelihood can have several peaks.
template <class Slope, class Value>
double highest_peak(const sample& s, Slope slope, Value value) {
  double least = s.rows.front().std_error;
  for (const measurement& m : s.rows) least = std::min(least, m.std_error);
  const double k = s.count();
  const double first = 1e-3 * least * least;
  // Beyond this every likelihood falls.
  const double last = std::max(2 * first, 2 * k / (k - 1) * s.range() * s.range());
  constexpr int steps = 200;
  double best = 0;
  double best_value = value(0.0);
  bool rising = slope(0.0) > 0;
  double before = 0;
  for (int i = 0; i <= steps; ++i) {
    const double at = first * std::exp(std::log(last / first) * i / steps);
    const bool rises = slope(at) > 0;
    if (rising && !rises) {
      const double peak = falling_root(slope, before, at);
      const double here = value(peak);
      if (here > best_value) {
        best = peak;
        best_value = here;
      }
    }
    rising = rises;
    before = at;
  }
  return best;
}

double likelihood_slope(const moments& m) { return 0.5 * (m.wq - m.w); }
double restricted_slope(const moments& m) { return 0.5 * (m.wq - m.w + m.ww / m.w); }

// Where Q falls to `target`; 0 where it is below that at once.
double variance_at_q(const sample& s, double target) {
  const auto excess = [&](double t) { return moments_at(s, t).q - target; };
  if (!(excess(0) > 0)) return 0;
  double high = std::max(s.range() * s.range(), 1e-300);
  while (excess(high) > 0) high *= 2;
  return falling_root(excess, 0, high);
}

double between_of(const sample& s, between_variance method) {
  switch (method) {
    case between_variance::maximum_likelihood:
      return highest_peak(
          s, [&](double t) { return likelihood_slope(moments_at(s, t)); },
          [&](double t) { return log_likelihood_at(s, t, moments_at(s, t)); });
    case between_variance::restricted_likelihood:
      return highest_peak(
          s, [&](double t) { return restricted_slope(moments_at(s, t)); },
          [&](double t) { return restricted_at(s, t, moments_at(s, t)); });
    case between_variance::der_simonian_laird: {
      const moments m = moments_at(s, 0);
      return std::max(0.0, (m.q - (s.count() - 1)) / (m.w - m.ww / m.w));
    }
    case between_variance::paule_mandel: return variance_at_q(s, s.count() - 1);
  }
  throw invalid_input("fit_normal_normal: no such method");
}

void require_level(confidence c) {
  if (!(c.level > 0 && c.level < 1)) {
    throw invalid_input("normal_normal: the level is not within (0, 1)");
  }
}

status refused(const measurement& m) {
  if (!std::isfinite(m.value) || !std::isfinite(m.std_error)) {
    return {condition::non_finite_input, 0};
  }
  if (!(m.std_error > 0)) return {condition::nonpositive_value, 0};
  return {};
}

// The posterior of tau, up to a constant, over t = tau / (tau + scale) in [0, 1).
class tau_posterior {
public:
  tau_posterior(const sample& s, const tau_prior& prior)
      : s_(s), cauchy_(prior.half_cauchy_scale ? *prior.half_cauchy_scale / s.unit : 0) {
    const auto slope = [&](double v) {
      const double pull = cauchy_ > 0 ? 1 / (cauchy_ * cauchy_ + v) : 0;
      return restricted_slope(moments_at(s_, v)) - pull;
    };
    const double peak =
        highest_peak(s_, slope, [&](double v) { return log_density(std::sqrt(v)); });
    mode_ = std::sqrt(peak);
    top_ = log_density(mode_);
    // The width of the likelihood where its peak is 0 is that of a typical standard error.
    running_sum precision;
    for (const measurement& m : s.rows) precision.add(1 / m.std_error / m.std_error);
    scale_ = std::sqrt(peak + s.count() / precision.value());
  }

  [[nodiscard]] double mode() const { return mode_; }
  [[nodiscard]] double prior_scale() const { return cauchy_; }  // 0: flat
  [[nodiscard]] double tau(double t) const { return scale_ * t / (1 - t); }
  [[nodiscard]] double place(double tau) const { return tau / (tau + scale_); }
  [[nodiscard]] double density(double t) const {
    if (t >= 1) return 0;
    return std::exp(log_density(tau(t)) - top_) / ((1 - t) * (1 - t));
  }

private:
  [[nodiscard]] double log_density(double tau) const {
    // By the ratio, whose square has digits where those of tau and scale have none.
    const double ratio = cauchy_ > 0 ? tau / cauchy_ : 0;
    const double prior = -std::log1p(ratio * ratio);
    const double v = tau * tau;
    return restricted_at(s_, v, moments_at(s_, v)) + prior;
  }

  const sample& s_;
  double cauchy_;
  double mode_ = 0;
  double top_ = 0;
  double scale_ = 1;
};

// Kronrod's 15 points with the 7 of Gauss among them, on [-1, 1].
struct kronrod {
  std::array<double, 15> at{}, weight{}, gauss{};
  kronrod() {
    using rule = boost::math::quadrature::gauss_kronrod<double, 15, plain_double>;
    using inner = boost::math::quadrature::gauss<double, 7, plain_double>;
    for (std::size_t i = 0; i < 8; ++i) {
      at[7 + i] = rule::abscissa()[i];
      at[7 - i] = -rule::abscissa()[i];
      weight[7 + i] = weight[7 - i] = rule::weights()[i];
      if (i % 2 == 0) gauss[7 + i] = gauss[7 - i] = inner::weights()[i / 2];
    }
  }
};

struct panel {
  double low, high;
  std::array<double, 15> t, mass;  // mass: density times weight
  double total;                    // of the mass
  double error;                    // Kronrod less Gauss, of the density and its first moments
};

// `powers`: how many moments of tau are finite and must come out right as well.
panel panel_of(const kronrod& rule, const tau_posterior& f, int powers, double low, double high) {
  panel p{low, high, {}, {}, 0, 0};
  const double half = (high - low) / 2;
  std::array<double, 3> difference{};
  running_sum total;
  for (std::size_t i = 0; i < 15; ++i) {
    p.t[i] = low + half * (1 + rule.at[i]);
    const double density = f.density(p.t[i]);
    p.mass[i] = half * rule.weight[i] * density;
    total.add(p.mass[i]);
    double moment = half * (rule.weight[i] - rule.gauss[i]) * density;
    const double size = f.tau(p.t[i]) / f.tau(0.5);
    for (int k = 0; k <= powers; ++k, moment *= size) {
      difference[static_cast<std::size_t>(k)] += moment;
    }
  }
  p.total = total.value();
  for (const double d : difference) p.error = std::max(p.error, std::abs(d));
  return p;
}

std::vector<panel> panels_of(const kronrod& rule, const tau_posterior& f, int powers) {
  constexpr std::size_t most = 4000;
  // Kronrod's sum is far better than its difference to Gauss's: about (200 d)^1.5.
  constexpr double tolerance = 1e-11;
  std::vector<double> cuts;
  cuts.reserve(512);
  for (int i = 0; i <= 8; ++i) cuts.push_back(i / 8.0);
  const double peak = f.place(f.mode());
  if (peak > 0) cuts.push_back(peak);
  // A prior far narrower than the likelihood would fall between the nodes.
  constexpr double apart = 16;
  for (double tau = f.prior_scale(); tau > 0 && f.place(tau) < cuts[1]; tau *= apart) {
    cuts.push_back(f.place(tau));
  }
  std::sort(cuts.begin(), cuts.end());
  std::vector<panel> open, done;
  double total = 0;
  for (std::size_t i = 1; i < cuts.size(); ++i) {
    if (cuts[i] > cuts[i - 1]) {
      open.push_back(panel_of(rule, f, powers, cuts[i - 1], cuts[i]));
      total += open.back().total;
    }
  }
  while (!open.empty()) {
    const panel p = open.back();
    open.pop_back();
    const double middle = p.low + (p.high - p.low) / 2;
    if (p.error <= tolerance * total || !(middle > p.low && middle < p.high) ||
        open.size() + done.size() > most) {
      done.push_back(p);
      continue;
    }
    open.push_back(panel_of(rule, f, powers, p.low, middle));
    open.push_back(panel_of(rule, f, powers, middle, p.high));
    total += open.back().total + open[open.size() - 2].total - p.total;
  }
  std::sort(done.begin(), done.end(), [](const panel& a, const panel& b) { return a.low < b.low; });
  return done;
}

// The t below which a share `level` of the mass lies.
double place_of_share(const kronrod& rule, const tau_posterior& f, const std::vector<panel>& panels,
                      double total, double level) {
  double wanted = level * total;
  for (const panel& p : panels) {
    if (p.total < wanted) {
      wanted -= p.total;
      continue;
    }
    return falling_root([&](double t) { return wanted - panel_of(rule, f, 0, p.low, t).total; },
                        p.low, p.high);
  }
  return panels.back().high;
}

double normal_below(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

struct component {
  double weight, mean, deviation;
};

// Where a mixture of normals reaches `level` from below.
double mixture_quantile(const std::vector<component>& parts, double level) {
  double low = parts.front().mean;
  double high = low;
  for (const component& c : parts) {
    low = std::min(low, c.mean - 40 * c.deviation);
    high = std::max(high, c.mean + 40 * c.deviation);
  }
  const auto missing = [&](double x) {
    running_sum below;
    for (const component& c : parts) {
      below.add(c.weight * normal_below((x - c.mean) / c.deviation));
    }
    return level - below.value();
  };
  for (int i = 0; i < 100; ++i) {
    const double middle = low + (high - low) / 2;
    if (!(middle > low && middle < high)) break;
    (missing(middle) > 0 ? low : high) = middle;
  }
  return low + (high - low) / 2;
}

}  // namespace

normal_normal_fit fit_normal_normal(std::span<const measurement> units, between_variance method) {
  normal_normal_fit fit;
  fit.method = method;
  const sample s = sample_of(units);
  fit.why = s.why;
  if (!s.why.ok()) return fit;
  const double t = between_of(s, method);
  const moments m = moments_at(s, t);
  const double square = s.unit * s.unit;
  fit.units = static_cast<std::int64_t>(s.rows.size());
  fit.between = t * square;
  fit.mean = s.centre + s.unit * m.mean;
  fit.mean_error = s.unit / std::sqrt(m.w);
  fit.log_likelihood = log_likelihood_at(s, t, m) - s.count() * std::log(s.unit);
  fit.restricted_log_likelihood = restricted_at(s, t, m) - (s.count() - 1) * std::log(s.unit);
  if (method == between_variance::maximum_likelihood) {
    fit.between_error = square * std::sqrt(2 / m.ww);
  } else if (method == between_variance::restricted_likelihood) {
    fit.between_error =
        square * std::sqrt(2 / (m.ww - 2 * m.www / m.w + (m.ww / m.w) * (m.ww / m.w)));
  }
  // The smallest doubles have lost digits already.
  const bool lost = !std::isnormal(square) || (t > 0 && !std::isnormal(fit.between));
  if (lost || !std::isfinite(fit.mean) || !std::isfinite(fit.between_error.value_or(0))) {
    fit = {};
    fit.why = {condition::out_of_range, -1};
    return fit;
  }
  if (t == 0) fit.why = {condition::no_heterogeneity, -1};
  return fit;
}

shrunken posterior(const normal_normal_fit& fit, const measurement& unit, confidence level) {
  require_level(level);
  shrunken p;
  p.why = refused(unit);
  if (!p.why.ok()) return p;
  p.why = fit.why;
  if (fit.why.what == condition::no_heterogeneity) p.mean = fit.mean;
  if (!fit.why.ok()) return p;
  // As ratios, since the square of an error can leave the range of doubles.
  const double tau = std::sqrt(fit.between);
  const double size = std::hypot(tau, unit.std_error);
  const double share = tau / size;
  const double pooled = (unit.std_error / size) * (unit.std_error / size);
  const double mean = unit.value + pooled * (fit.mean - unit.value);
  const double deviation = std::hypot(unit.std_error * share, pooled * fit.mean_error);
  const interval range{mean - level.z * deviation, mean + level.z * deviation, level.level};
  if (!std::isfinite(range.lower) || !std::isfinite(range.upper)) {
    p.why = {condition::out_of_range, 0};
    return p;
  }
  p.own_weight = share * share;
  p.mean = mean;
  p.deviation = deviation;
  p.range = range;
  return p;
}

std::optional<interval> prediction(const normal_normal_fit& fit, confidence level) {
  require_level(level);
  if (!fit.why.ok() && fit.why.what != condition::no_heterogeneity) return {};
  const double wide = level.z * std::hypot(fit.mean_error, std::sqrt(fit.between));
  if (!std::isfinite(std::abs(fit.mean) + wide)) return {};
  return interval{fit.mean - wide, fit.mean + wide, level.level};
}

between_interval interval_of_between(std::span<const measurement> units, confidence level) {
  require_level(level);
  const sample s = sample_of(units);
  if (!s.why.ok()) return {s.why, {}};
  const double tail = (1 - level.level) / 2;
  const double half = (s.count() - 1) / 2;
  const double square = s.unit * s.unit;
  const double high = 2 * boost::math::gamma_q_inv(half, tail, plain_double{});
  const double low = 2 * boost::math::gamma_p_inv(half, tail, plain_double{});
  if (!(low > 0) || !std::isnormal(square)) return {{condition::out_of_range, -1}, {}};
  const interval range{variance_at_q(s, high) * square, variance_at_q(s, low) * square,
                       level.level};
  if (!std::isfinite(range.upper)) return {{condition::out_of_range, -1}, {}};
  return {{}, range};
}

integrated_normal_normal integrate_normal_normal(std::span<const measurement> units,
                                                 const tau_prior& prior, confidence level) {
  require_level(level);
  const bool cauchy = prior.half_cauchy_scale.has_value();
  if (cauchy && !(*prior.half_cauchy_scale > 0 && std::isfinite(*prior.half_cauchy_scale))) {
    throw invalid_input("integrate_normal_normal: the scale of the prior is not positive");
  }
  integrated_normal_normal fit;
  const sample s = sample_of(units);
  fit.why = s.why;
  if (!s.why.ok()) return fit;
  const std::size_t k = s.rows.size();
  // The tail of tau is like tau^-(k - 1), with the half-Cauchy like tau^-(k + 1).
  const std::size_t tail = cauchy ? k + 1 : k - 1;
  if (tail < 2) {
    fit.why = {condition::insufficient_groups, -1};
    return fit;
  }
  if (cauchy && !std::isnormal(*prior.half_cauchy_scale / s.unit)) {
    fit.why = {condition::out_of_range, -1};
    return fit;
  }
  const int powers = tail > 3 ? 2 : (tail > 2 ? 1 : 0);
  const tau_posterior f(s, prior);
  const kronrod rule;
  const std::vector<panel> panels = panels_of(rule, f, powers);
  running_sum mass;
  for (const panel& p : panels) {
    for (const double m : p.mass) mass.add(m);
  }
  const double total = mass.value();
  if (!(total > 0) || !std::isfinite(total)) {
    fit.why = {condition::out_of_range, -1};
    return fit;
  }
  running_sum tau, mean;
  for (const panel& p : panels) {
    for (std::size_t i = 0; i < p.t.size(); ++i) {
      const double weight = p.mass[i] / total;
      if (!(weight > 0)) continue;
      const double x = f.tau(p.t[i]);
      const moments m = moments_at(s, x * x);
      fit.nodes.push_back(
          {x * s.unit, weight, s.centre + s.unit * m.mean, s.unit / std::sqrt(m.w)});
      tau.add(weight * x);
      mean.add(weight * m.mean);
    }
  }
  fit.tau_mode = f.mode() * s.unit;
  const auto quantile = [&](double share) {
    return s.unit * f.tau(place_of_share(rule, f, panels, total, share));
  };
  fit.tau_median = quantile(0.5);
  fit.tau_range = {quantile((1 - level.level) / 2), quantile((1 + level.level) / 2), level.level};
  const status heavy{condition::infinite_mean, -1};
  fit.mean.why = fit.tau_mean.why = fit.mean_deviation.why = heavy;
  if (powers >= 1) {
    fit.mean = {s.centre + s.unit * mean.value(), {}};
    fit.tau_mean = {s.unit * tau.value(), {}};
  }
  if (powers == 2) {
    running_sum variance;
    for (const auto& n : fit.nodes) {
      const double off = (n.mean - *fit.mean.value) / s.unit;
      const double own = n.mean_deviation / s.unit;
      variance.add(n.weight * (own * own + off * off));
    }
    fit.mean_deviation = {s.unit * std::sqrt(variance.value()), {}};
  }
  return fit;
}

shrunken posterior(const integrated_normal_normal& fit, const measurement& unit, confidence level) {
  require_level(level);
  shrunken p;
  p.why = refused(unit);
  if (!p.why.ok()) return p;
  p.why = fit.why;
  if (!fit.why.ok()) return p;
  std::vector<component> parts;
  running_sum mean, own;
  for (const auto& n : fit.nodes) {
    const double size = std::hypot(n.tau, unit.std_error);
    const double share = (n.tau / size) * (n.tau / size);
    const double pooled = (unit.std_error / size) * (unit.std_error / size);
    const double shift = pooled * (n.mean - unit.value);
    parts.push_back({n.weight, unit.value + shift,
                     std::hypot(unit.std_error * (n.tau / size), pooled * n.mean_deviation)});
    mean.add(n.weight * shift);
    own.add(n.weight * share);
  }
  const double centre = unit.value + mean.value();
  // On a scale of 1, so that no square leaves the range of doubles.
  double reach = 0;
  for (const component& c : parts) {
    reach = std::max({reach, c.deviation, std::abs(c.mean - centre)});
  }
  if (!std::isfinite(std::abs(centre) + 40 * reach)) {
    p.why = {condition::out_of_range, 0};
    return p;
  }
  p.mean = centre;
  p.own_weight = own.value();
  running_sum variance;
  for (const component& c : parts) {
    const double off = (c.mean - centre) / reach;
    const double own_part = c.deviation / reach;
    variance.add(c.weight * (own_part * own_part + off * off));
  }
  p.deviation = reach * std::sqrt(variance.value());
  const double tail = (1 - level.level) / 2;
  p.range = interval{mixture_quantile(parts, tail), mixture_quantile(parts, 1 - tail), level.level};
  return p;
}

}  // namespace salespulse
