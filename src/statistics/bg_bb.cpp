// SPDX-License-Identifier: BSL-1.0
#include "fitted_draws.hpp"
#include "log_gamma_parts.hpp"
#include "sums.hpp"
#include "trust_region.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/bg_bb.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace salespulse {

namespace {

constexpr double limit = 30;  // of log-odds and of log(alpha + beta), log(gamma + delta)
constexpr std::int64_t most_customers = std::int64_t{1} << 53;  // of which double counts each
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::int64_t longest = 10'000'000;
constexpr std::int64_t farthest = 100'000'000;
constexpr double least_rate = 1e-14;  // below it the continued fraction needs more terms than that
using point = Eigen::Vector4d;  // log-odds of p, log(alpha + beta), log-odds of theta, log(g + d)

// A probability whose logarithms, and those of its complement, keep their digits.
struct odds {
  double log_yes, log_no, yes, no;
};

odds odds_of(double log_odds) {
  if (log_odds >= limit) return {0, -infinity, 1, 0};
  if (log_odds <= -limit) return {-infinity, 0, 0, 1};
  return {-std::log1p(std::exp(-log_odds)), -std::log1p(std::exp(log_odds)),
          1 / (1 + std::exp(-log_odds)), 1 / (1 + std::exp(log_odds))};
}

// n times log, where 0 times minus infinity is 0.
double times(std::int64_t n, double log) { return n == 0 ? 0 : static_cast<double>(n) * log; }

// rising_excess(a, n) for n = 0, 1, ...: the running sums of one distribution's shape.
class rising_table {
public:
  rising_table(double a, std::int64_t up_to) : flat_(!(a > 0) || std::isinf(a)) {
    if (flat_) return;
    running_sum value, first, second;
    entries_.reserve(static_cast<std::size_t>(up_to) + 1);
    entries_.push_back({});
    for (std::int64_t j = 0; j < up_to; ++j) {
      const auto x = static_cast<double>(j);
      const double over = x / (a + x);
      value.add(std::log1p(x / a));
      first.add(-over);
      second.add(over * (a / (a + x) + 1));
      entries_.push_back({value.value(), first.value(), second.value()});
    }
  }
  [[nodiscard]] scaled_derivatives operator[](std::int64_t n) const {
    return flat_ ? scaled_derivatives{} : entries_[static_cast<std::size_t>(n)];
  }

private:
  bool flat_;  // one probability for all: rising factorials are powers
  std::vector<scaled_derivatives> entries_;
};

// One way in which a history can have come about: a log-probability and its derivatives. Purchases
// depend on the first two parameters only, dropout on the others.
struct way {
  double value = 0;
  point slope = point::Zero();
  double bend[6] = {};  // 00 01 11 22 23 33
};

class bg_bb_terms {
public:
  bg_bb_terms(const point& at, std::int64_t up_to)
      : p_(odds_of(at[0])),
        theta_(odds_of(at[2])),
        buying_(at[1] >= limit ? infinity : std::exp(at[1])),
        leaving_(at[3] >= limit ? infinity : std::exp(at[3])),
        alpha_(p_.yes * buying_, up_to),
        beta_(p_.no * buying_, up_to),
        both_(buying_, up_to),
        delta_(theta_.no * leaving_, up_to + 1),
        all_(leaving_, up_to + 1) {}

  // Active through n opportunities.
  [[nodiscard]] way active(std::int64_t x, std::int64_t n) const {
    return joined(x, n, delta_[n], all_[n], times(n, theta_.log_no), static_cast<double>(n), 0);
  }
  // Inactive from opportunity k + 1 on; active through k.
  [[nodiscard]] way left(std::int64_t x, std::int64_t k) const {
    return joined(x, k, delta_[k], all_[k + 1], theta_.log_yes + times(k, theta_.log_no),
                  static_cast<double>(k), 1);
  }

  // The probability to buy at the next opportunity of somebody who bought x times in n while
  // active, and to be active there if active at the last.
  [[nodiscard]] double buys(std::int64_t x, std::int64_t n) const {
    if (std::isinf(buying_)) return p_.yes;
    return (p_.yes * buying_ + static_cast<double>(x)) / (buying_ + static_cast<double>(n));
  }
  [[nodiscard]] double stays(std::int64_t n) const {
    if (std::isinf(leaving_)) return theta_.no;
    const auto k = static_cast<double>(n);
    return (theta_.no * leaving_ + k) / (leaving_ + k);
  }
  [[nodiscard]] double leaves(std::int64_t n) const {
    if (std::isinf(leaving_)) return theta_.yes;
    return theta_.yes * (leaving_ / (leaving_ + static_cast<double>(n)));
  }

  // The sum over k >= 1 of z^k P(active after k more | active at n) with z = 1 / (1 + rate):
  // b / c z 2F1(1, b + 1; c + 1; z) with b = delta + n and c = gamma + delta + n.
  [[nodiscard]] double discounted_activity(std::int64_t n, double rate) const;

private:
  [[nodiscard]] way joined(std::int64_t x, std::int64_t n, const scaled_derivatives& delta,
                           const scaled_derivatives& all, double dropout_log, double stayed,
                           double left) const {
    const scaled_derivatives a = alpha_[x];
    const scaled_derivatives b = beta_[n - x];
    const scaled_derivatives ab = both_[n];
    const auto bought = static_cast<double>(x);
    const auto cases = static_cast<double>(n);
    way w;
    w.value = a.value + b.value - ab.value + times(x, p_.log_yes) + times(n - x, p_.log_no) +
              delta.value - all.value + dropout_log;
    w.slope << a.first * p_.no - b.first * p_.yes + (bought - cases * p_.yes),
        a.first + b.first - ab.first, -theta_.yes * (delta.first + stayed) + left * theta_.no,
        delta.first - all.first;
    const double pq = p_.yes * p_.no;
    const double tq = theta_.yes * theta_.no;
    w.bend[0] = a.second_in_log() * p_.no * p_.no + b.second_in_log() * p_.yes * p_.yes -
                (a.first + b.first + cases) * pq;
    w.bend[1] = a.second_in_log() * p_.no - b.second_in_log() * p_.yes;
    w.bend[2] = a.second_in_log() + b.second_in_log() - ab.second_in_log();
    w.bend[3] =
        delta.second_in_log() * theta_.yes * theta_.yes - (delta.first + stayed + left) * tq;
    w.bend[4] = -theta_.yes * delta.second_in_log();
    w.bend[5] = delta.second_in_log() - all.second_in_log();
    return w;
  }

  odds p_, theta_;
  double buying_, leaving_;
  rising_table alpha_, beta_, both_, delta_, all_;
};

double bg_bb_terms::discounted_activity(std::int64_t n, double rate) const {
  if (theta_.yes == 0) return 1 / rate;
  if (std::isinf(leaving_)) return theta_.no / (theta_.yes + rate);
  // By Pfaff's transformation 2F1(1, b + 1; c + 1; z) / (1 - z)^-1 = 2F1(1, gamma; c + 1; -1 /
  // rate), whose continued fraction (Gauss), c / (t0 + u1 / rate / (t1 + u2 / rate / (...))), is
  // all positive: nothing cancels however small the rate. Taken from as far out as its convergence
  // needs.
  const double b = theta_.no * leaving_ + static_cast<double>(n);
  const double c = leaving_ + static_cast<double>(n);
  const double gamma = theta_.yes * leaving_;
  const double root = std::sqrt(rate / (1 + rate));
  const double per_pair = 2 * (std::log1p(root) - std::log1p(-root));
  const double wanted = std::ceil(40 / per_pair) + 20;
  const auto pairs = static_cast<std::int64_t>(std::min(wanted, static_cast<double>(farthest)));
  // Far out all terms look alike: begin with their fixed point.
  double tail = (1 + 1 / root) / 2 * (c + 2 * static_cast<double>(pairs));
  for (std::int64_t i = pairs; i-- > 0;) {
    const auto k = static_cast<double>(i);
    const double odd = (c + 2 * k + 1) + (k + 1) * (b + k + 1) / rate / tail;
    tail = (c + 2 * k) + (gamma + k) * (c + k) / rate / odd;
  }
  return b / (rate * tail);
}

status refused(const opportunity_history& h, std::int64_t i) {
  if (h.purchases < 0 || h.last < 0 || h.opportunities < 0) return {condition::negative_count, i};
  if (h.purchases > h.last || h.last > h.opportunities || (h.purchases == 0) != (h.last == 0)) {
    return {condition::contradictory_row, i};
  }
  if (h.opportunities > longest) return {condition::too_large, i};
  return {};
}

// The log-likelihood of a history with derivatives, a sum of positive terms: active to the end, or
// left after k opportunities.
void add_history(const bg_bb_terms& terms, const opportunity_history& h, std::vector<way>& ways,
                 evaluation<4>& e) {
  ways.clear();
  ways.push_back(terms.active(h.purchases, h.opportunities));
  for (std::int64_t k = h.last; k < h.opportunities; ++k) {
    const way w = terms.left(h.purchases, k);
    if (w.value > -infinity) ways.push_back(w);
  }
  double most = -infinity;
  for (const way& w : ways) most = std::max(most, w.value);
  e = {};
  e.value = -infinity;
  if (most == -infinity) return;
  double total = 0;
  for (way& w : ways) {
    w.value = std::exp(w.value - most);
    total += w.value;
  }
  for (const way& w : ways) e.gradient += w.value / total * w.slope;
  for (const way& w : ways) {
    // Slopes from their mean, so that nothing cancels where one way is nearly certain.
    const point off = w.slope - e.gradient;
    e.hessian += w.value / total * (off * off.transpose());
    constexpr Eigen::Index row[] = {0, 0, 1, 2, 2, 3};
    constexpr Eigen::Index column[] = {0, 1, 1, 2, 3, 3};
    for (int i = 0; i < 6; ++i) {
      e.hessian(row[i], column[i]) += w.value / total * w.bend[i];
      if (row[i] != column[i]) e.hessian(column[i], row[i]) += w.value / total * w.bend[i];
    }
  }
  e.value = most + std::log(total);
}

evaluation<4> evaluate(const row_counts<opportunity_history>& customers, std::int64_t up_to,
                       const point& at) {
  const bg_bb_terms terms(at, up_to);
  std::vector<way> ways;
  running_sum sums[15];
  evaluation<4> one;
  for (const auto& [row, count] : customers.entries()) {
    add_history(terms, row, ways, one);
    const auto w = static_cast<double>(count);
    running_sum* sum = sums;
    (sum++)->add(w * one.value);
    for (Eigen::Index i = 0; i < 4; ++i) (sum++)->add(w * one.gradient[i]);
    for (Eigen::Index i = 0; i < 4; ++i) {
      for (Eigen::Index j = i; j < 4; ++j) (sum++)->add(w * one.hessian(i, j));
    }
  }
  evaluation<4> e;
  const running_sum* sum = sums;
  e.value = (sum++)->value();
  for (Eigen::Index i = 0; i < 4; ++i) e.gradient[i] = (sum++)->value();
  for (Eigen::Index i = 0; i < 4; ++i) {
    for (Eigen::Index j = i; j < 4; ++j) e.hessian(i, j) = e.hessian(j, i) = (sum++)->value();
  }
  for (Eigen::Index i = 0; i < 4; ++i) {
    const bool at_limit = i % 2 == 0 ? std::abs(at[i]) >= limit : at[i] >= limit;
    if (!at_limit) continue;
    e.gradient[i] = 0;
    e.hessian.row(i).setZero();
    e.hessian.col(i).setZero();
  }
  return e;
}

double log_odds_of(double mean) { return std::log(mean) - std::log1p(-mean); }

point point_of(const bg_bb& m) {
  const auto one = [](const beta_spread& s, double& odds, double& size) {
    if (!(s.mean >= 0 && s.mean <= 1 && s.correlation >= 0 && s.correlation <= 1)) {
      throw invalid_input("bg_bb: a mean or correlation is not within [0, 1]");
    }
    odds = std::clamp(log_odds_of(s.mean), -limit, limit);
    size = std::clamp(std::log1p(-s.correlation) - std::log(s.correlation), -limit, limit);
  };
  point at;
  one(m.purchase, at[0], at[1]);
  one(m.dropout, at[2], at[3]);
  return at;
}

bg_bb model_of(const point& at) {
  const auto one = [](double log_odds, double log_size) {
    const double correlation = log_size >= limit || std::abs(log_odds) >= limit ? 0
                               : log_size <= -limit                             ? 1
                                                    : 1 / (1 + std::exp(log_size));
    return beta_spread{odds_of(log_odds).yes, correlation};
  };
  return {one(at[0], at[1]), one(at[2], at[3])};
}

double log_one_plus_exp(double x) {
  return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
}

// log P(active through the last opportunity | history).
double log_active(const bg_bb_terms& terms, const opportunity_history& h) {
  const double active = terms.active(h.purchases, h.opportunities).value;
  double most = -infinity;
  for (std::int64_t k = h.last; k < h.opportunities; ++k) {
    most = std::max(most, terms.left(h.purchases, k).value);
  }
  if (most == -infinity) return 0;
  running_sum sum;
  for (std::int64_t k = h.last; k < h.opportunities; ++k) {
    sum.add(std::exp(terms.left(h.purchases, k).value - most));
  }
  const double left = most + std::log(sum.value());
  return -log_one_plus_exp(left - active);
}

// The figures as functions of the parameters; the histories were checked.
double log_alive_at(const point& at, const opportunity_history& h) {
  const bg_bb_terms terms(at, h.opportunities);
  return log_active(terms, h) + std::log1p(-terms.leaves(h.opportunities));
}

double expected_at(const point& at, const opportunity_history& h, std::int64_t ahead) {
  const bg_bb_terms terms(at, h.opportunities);
  running_sum sum;
  double active = std::exp(log_active(terms, h));
  for (std::int64_t k = 0; k < ahead; ++k) {
    active *= terms.stays(h.opportunities + k);
    sum.add(active);
  }
  return terms.buys(h.purchases, h.opportunities) * sum.value();
}

double discounted_at(const point& at, const opportunity_history& h, double rate) {
  const bg_bb_terms terms(at, h.opportunities);
  return std::exp(log_active(terms, h)) * terms.buys(h.purchases, h.opportunities) *
         terms.discounted_activity(h.opportunities, rate);
}

bool possible(const point& at, const opportunity_history& h) {
  std::vector<way> ways;
  evaluation<4> e;
  add_history(bg_bb_terms(at, h.opportunities), h, ways, e);
  return e.value > -infinity;
}

template <class Function>
figure figure_of(const bg_bb& model, const opportunity_history& h, Function f) {
  const status why = refused(h, 0);
  if (!why.ok()) return {{}, why};
  const point at = point_of(model);
  if (!possible(at, h)) return {{}, {condition::boundary, 0}};
  const double value = f(at);
  if (!std::isfinite(value)) return {{}, {condition::out_of_range, 0}};
  return {value, {}};
}

void require_rate(double rate) {
  if (!(rate > 0 && std::isfinite(rate))) {
    throw invalid_input("bg_bb: the discount rate is not positive and finite");
  }
}

status refused_horizon(std::int64_t n, std::int64_t most) {
  if (n < 0) return {condition::negative_count, -1};
  if (n > most) return {condition::too_large, -1};
  return {};
}

// The slope of f by a five-point difference in each parameter, right to about 11 digits: the
// parameters are logarithms, in which every figure here bends on the scale of 1.
template <class Function>
figure_with_error estimated_of(const bg_bb_fit& fit, const figure& plain, Function f) {
  figure_with_error e;
  e.why = plain.value ? fit.why : plain.why;
  e.value = plain.value;
  if (!plain.value) return e;
  constexpr double h = 0x1p-9;
  const point at = point_of(fit.model);
  point slope = point::Zero();
  for (Eigen::Index i = 0; i < 4; ++i) {
    if (std::abs(at[i]) >= limit) continue;
    const auto moved = [&](double by) {
      point there = at;
      there[i] += by;
      return f(there);
    };
    slope[i] = (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h);
  }
  double variance = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 4; ++j) {
      variance += slope[static_cast<Eigen::Index>(i)] * fit.covariance[i][j] *
                  slope[static_cast<Eigen::Index>(j)];
    }
  }
  e.std_error = std::sqrt(std::max(variance, 0.0));
  return e;
}

bool limit_model(const status& why) {
  return why.ok() || why.what == condition::no_churn || why.what == condition::no_heterogeneity ||
         why.what == condition::boundary;
}

// The name of the limit that the parameters ran to.
status name_of_limit(const point& at) {
  if (at[2] <= -limit) return {condition::no_churn, 2};
  if (std::abs(at[0]) >= limit) return {condition::boundary, 0};
  if (at[1] >= limit) return {condition::no_heterogeneity, 1};
  if (at[3] >= limit) return {condition::no_heterogeneity, 3};
  for (Eigen::Index i = 0; i < 4; ++i) {
    if (std::abs(at[i]) >= limit) return {condition::boundary, i};
  }
  return {};
}

void set_parameters(const maximum<4>& best, bg_bb_fit& fit) {
  fit.model = model_of(best.at);
  fit.log_likelihood = best.there.value;
  // Parameters at a limit count as known.
  Eigen::Matrix4d curvature = -best.there.hessian;
  bool free[4];
  for (Eigen::Index i = 0; i < 4; ++i) {
    free[i] = std::abs(best.at[i]) < limit && std::abs(best.at[i - i % 2]) < limit;
    if (free[i]) continue;
    curvature.row(i).setZero();
    curvature.col(i).setZero();
    curvature(i, i) = 1;
  }
  evaluation<4> there;
  there.hessian = -curvature;
  Eigen::Matrix4d covariance = covariance_of<4>(there);
  for (Eigen::Index i = 0; i < 4; ++i) {
    if (!free[i]) covariance(i, i) = 0;
  }
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 4; ++j) {
      fit.covariance[i][j] = covariance(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j));
    }
  }
  figure* shapes[] = {&fit.alpha, &fit.beta, &fit.gamma, &fit.delta};
  for (Eigen::Index k = 0; k < 4; k += 2) {
    const bool inside = free[k] && free[k + 1];
    const odds o = odds_of(best.at[k]);
    const double size = std::exp(best.at[k + 1]);
    for (Eigen::Index i = k; i < k + 2; ++i) {
      const auto at = static_cast<std::size_t>(i);
      if (!inside) {
        shapes[at]->why = fit.why;
        continue;
      }
      // d log(shape) / d log-odds is 1 - mean or -mean, / d log(size) is 1.
      const double share = i == k ? o.yes : o.no;
      const double turn = i == k ? o.no : -o.yes;
      *shapes[at] = {share * size, {}};
      const double variance = turn * turn * covariance(k, k) + 2 * turn * covariance(k, k + 1) +
                              covariance(k + 1, k + 1);
      fit.std_error[at] = share * size * std::sqrt(std::max(variance, 0.0));
    }
  }
}

}  // namespace

bg_bb_fit fit_bg_bb(const row_counts<opportunity_history>& customers) {
  bg_bb_fit fit;
  std::int64_t index = 0;
  std::int64_t up_to = 0;
  bool polar = true;  // all or nothing: unwilling from the start, or gone before it?
  bool silent = false;
  running_sum bought, chances;
  for (const auto& [row, count] : customers.entries()) {
    fit.why = count < 0 ? status{condition::invalid_weight, index} : refused(row, index);
    if (!fit.why.ok()) return fit;
    ++index;
    if (count > most_customers - fit.customers) {
      fit = {};
      fit.why = {condition::too_large, -1};
      return fit;
    }
    if (row.opportunities > 0) fit.customers += count;
    up_to = std::max(up_to, row.opportunities);
    silent = silent || (row.purchases == 0 && row.opportunities > 0);
    polar = polar && (row.purchases == 0 || row.purchases == row.opportunities);
    bought.add(static_cast<double>(count) * static_cast<double>(row.purchases));
    chances.add(static_cast<double>(count) * static_cast<double>(row.last));
  }
  if (fit.customers == 0) {
    fit.why = {condition::insufficient_data, -1};
    return fit;
  }
  if (bought.value() == 0) {
    fit.why = {condition::boundary, 0};
    for (figure* f : {&fit.alpha, &fit.beta, &fit.gamma, &fit.delta}) f->why = fit.why;
    return fit;
  }
  if (up_to <= 2 || (polar && silent)) {
    fit.why = {condition::not_identified, -1};
    return fit;
  }
  const auto likelihood = [&](const point& at) { return evaluate(customers, up_to, at); };
  trust_region_options options;
  options.lowest = -limit;
  options.highest = limit;
  options.upper_bound = 1e-6;
  const double p = std::min(bought.value() / chances.value(), 0.95);
  const auto settled = [](const maximum<4>& m) {
    return m.iterations > 0 && (m.why.ok() || m.why.what == condition::boundary);
  };
  maximum<4> best;
  for (const point& start : {point{log_odds_of(p * 0.8), 0.7, -1.5, 0.7},
                             point{log_odds_of(p), 3, -3, 3}, point{log_odds_of(p), 0, -2, 0}}) {
    const maximum<4> m = maximise<4>(likelihood, start, options);
    fit.iterations += m.iterations;
    const bool better = settled(m) == settled(best) ? m.there.value > best.there.value : settled(m);
    if (best.iterations == 0 || better) best = m;
    if (m.why.ok()) break;
  }
  if (!settled(best)) {
    fit.why = best.why.what == condition::not_identified ? best.why
                                                         : status{condition::not_converged, -1};
    return fit;
  }
  fit.why = name_of_limit(best.at);
  set_parameters(best, fit);
  return fit;
}

figure log_likelihood(const bg_bb& model, const opportunity_history& customer) {
  return figure_of(model, customer, [&](const point& at) {
    std::vector<way> ways;
    evaluation<4> e;
    add_history(bg_bb_terms(at, customer.opportunities), customer, ways, e);
    return e.value;
  });
}

figure log_probability_alive(const bg_bb& model, const opportunity_history& customer) {
  return figure_of(model, customer, [&](const point& at) { return log_alive_at(at, customer); });
}

figure probability_alive(const bg_bb& model, const opportunity_history& customer) {
  return figure_of(model, customer,
                   [&](const point& at) { return std::exp(log_alive_at(at, customer)); });
}

figure further_purchases(const bg_bb& model, const opportunity_history& customer,
                         std::int64_t ahead) {
  const status why = refused_horizon(ahead, farthest);
  if (!why.ok()) return {{}, why};
  return figure_of(model, customer,
                   [&](const point& at) { return expected_at(at, customer, ahead); });
}

figure discounted_purchases(const bg_bb& model, const opportunity_history& customer, double rate) {
  require_rate(rate);
  if (rate < least_rate) return {{}, {condition::too_large, -1}};
  return figure_of(model, customer,
                   [&](const point& at) { return discounted_at(at, customer, rate); });
}

figure expected_purchases(const bg_bb& model, std::int64_t n) {
  const status why = refused_horizon(n, longest);
  if (!why.ok()) return {{}, why};
  return further_purchases(model, {}, n);
}

figure purchase_probability(const bg_bb& model, std::int64_t count, std::int64_t n) {
  const point at = point_of(model);
  const status why = refused_horizon(n, longest);
  if (!why.ok()) return {{}, why};
  if (count < 0 || count > n) return {0.0, {}};
  const bg_bb_terms terms(at, n);
  // log C(k, count), built up factor by factor.
  double choose = 0;
  running_sum sum;
  for (std::int64_t k = count; k <= n; ++k) {
    if (k > count)
      choose += std::log1p(static_cast<double>(count) / static_cast<double>(k - count));
    const way w = k < n ? terms.left(count, k) : terms.active(count, n);
    sum.add(std::exp(choose + w.value));
  }
  return {sum.value(), {}};
}

figure_with_error probability_alive(const bg_bb_fit& fit, const opportunity_history& customer) {
  if (!limit_model(fit.why)) return {{}, {}, fit.why};
  return estimated_of(fit, probability_alive(fit.model, customer),
                      [&](const point& at) { return std::exp(log_alive_at(at, customer)); });
}

figure_with_error further_purchases(const bg_bb_fit& fit, const opportunity_history& customer,
                            std::int64_t ahead) {
  if (!limit_model(fit.why)) return {{}, {}, fit.why};
  return estimated_of(fit, further_purchases(fit.model, customer, ahead),
                      [&](const point& at) { return expected_at(at, customer, ahead); });
}

figure_with_error discounted_purchases(const bg_bb_fit& fit, const opportunity_history& customer,
                               double rate) {
  require_rate(rate);
  if (!limit_model(fit.why)) return {{}, {}, fit.why};
  return estimated_of(fit, discounted_purchases(fit.model, customer, rate),
                      [&](const point& at) { return discounted_at(at, customer, rate); });
}

figure_with_error expected_purchases(const bg_bb_fit& fit, std::int64_t n) {
  if (!limit_model(fit.why)) return {{}, {}, fit.why};
  return estimated_of(fit, expected_purchases(fit.model, n),
                      [&](const point& at) { return expected_at(at, {}, n); });
}

std::vector<bg_bb> parameter_draws(const bg_bb_fit& fit, std::size_t count, std::uint64_t seed) {
  std::vector<bg_bb> draws;
  if (!limit_model(fit.why)) return draws;
  // Factors by which the odds and the sizes move; 1 for what ran to a limit.
  constexpr std::array<double, 4> ones{1, 1, 1, 1};
  std::array<double, 16> covariance{};
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 4; ++j) covariance[4 * i + j] = fit.covariance[i][j];
  }
  const std::vector<double> factors = fitted_draws(ones, covariance, count, seed);
  const auto moved = [](const beta_spread& s, double odds, double size) {
    const double yes = s.mean * odds;
    const double together = s.correlation;
    return beta_spread{yes / (yes + (1 - s.mean)), together / (together + (1 - together) * size)};
  };
  draws.reserve(count);
  for (std::size_t d = 0; d < count; ++d) {
    const double* f = factors.data() + 4 * d;
    draws.push_back({moved(fit.model.purchase, f[0], f[1]), moved(fit.model.dropout, f[2], f[3])});
  }
  return draws;
}

}  // namespace salespulse
