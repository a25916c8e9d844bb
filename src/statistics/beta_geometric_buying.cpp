// SPDX-License-Identifier: BSL-1.0
#include "beta_geometric_buying.hpp"

#include "boost_policy.hpp"
#include "exponential_integral.hpp"
#include "hypergeometric.hpp"
#include "log_gamma_parts.hpp"
#include "model_edges.hpp"
#include "rising_factorial.hpp"

#include <boost/math/special_functions/beta.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace salespulse {

namespace {

// Chances to stop that a customer with x repeat purchases passed for certain; the next one he
// passed or took.
std::int64_t chances_passed(const beta_geometric_buying& m, std::int64_t x) {
  return m.may_stop_at_once ? x : x - 1;
}

// log of the probability to pass n chances, rising(b, n) / rising(a + b, n).
double log_passing(double a, double b, std::int64_t n) {
  constexpr std::int64_t most_terms = 4096;
  if (n == 0) return 0;
  if (n <= most_terms) {
    double sum = 0;
    for (std::int64_t j = n; j-- > 0;) sum -= std::log1p(a / (b + static_cast<double>(j)));
    return sum;
  }
  const double count = static_cast<double>(n);
  return rising_excess(b, n).value - rising_excess(a + b, n).value - count * std::log1p(a / b);
}

// Odds of having stopped with the last purchase against being alive, as a logarithm.
double log_odds_gone(const beta_geometric_buying& m, const buying_history& h) {
  if (!m.may_stop_at_once && h.repeats == 0) return -std::numeric_limits<double>::infinity();
  const double x = static_cast<double>(h.repeats);
  const double passed = static_cast<double>(chances_passed(m, h.repeats));
  return std::log(m.a) - std::log(m.b + passed) +
         (m.r + x) * std::log1p((h.age - h.recency) / (m.alpha + h.recency));
}

double softplus(double z) { return z > 0 ? z + std::log1p(std::exp(-z)) : std::log1p(std::exp(z)); }

// Probability of x purchases until `time` by somebody who never stops, and of x or more.
double purchases_exactly(double r, double y, std::int64_t x) {
  const double n = static_cast<double>(x);
  if (x == 0) return std::exp(-r * std::log1p(y));
  if (r == 0 || y == 0) return 0;
  return std::exp(n * std::log(r * y) - (r + n) * std::log1p(y) + rising_excess(r, x).value -
                  log_rising(1, x));
}

double purchases_at_least(double r, double y, std::int64_t x) {
  constexpr double boost_holds = 1e4;  // of r; at 1e8 it has ten digits left
  if (x == 0) return 1;
  if (r == 0 || y == 0) return 0;
  const double n = static_cast<double>(x);
  const double share = y / (1 + y);
  if (r <= boost_holds) return boost::math::ibeta(n, r, share, plain_double());
  // Nearly Poisson: the terms of the shorter tail, which fall fast.
  const bool upper = n > r * y;
  double term = purchases_exactly(r, y, upper ? x : x - 1);
  double sum = 0;
  for (double j = upper ? n : n - 1; j >= 0 && term > 1e-18 * sum; j += upper ? 1 : -1) {
    sum += term;
    term *= upper ? (r + j) * share / (j + 1) : j / ((r + j - 1) * share);
  }
  return upper ? sum : 1 - sum;
}

// The coordinates of the fit: log r, log(r / alpha), log(a / b), log b, in which the edges of the
// model lie along the axes.
enum edges : std::size_t {
  whole,
  same_purchases,
  same_stopping,
  same_both,
  all_or_nothing,
  same_all_or_nothing,
  stays,
  same_stays,
  stops,
  same_stops
};

// Derivatives of log(rising(b, n) / rising(a + b, n)) in log a and log b.
struct passing_terms {
  double value = 0;
  double a = 0, b = 0;
  double aa = 0, ab = 0, bb = 0;

  void pass(double pa, double pb, double j) {
    const double either = 1 / (pa + pb + j);
    const double on = 1 / (pb + j);
    const double stop = pa * either;  // products of shares: pa * pb may be below the least double
    const double inert = pb * on;
    value -= std::log1p(pa * on);
    a -= stop;
    b += stop * inert;
    aa -= stop * ((pb + j) * either);
    ab += stop * (pb * either);
    bb += inert * (j * on) - pb * either * ((pa + j) * either);
  }

  // The first n chances at once.
  static passing_terms of(double pa, double pb, std::int64_t n) {
    const log_rising_derivatives on = derivatives_of_log_rising(pb, n);
    const log_rising_derivatives either = derivatives_of_log_rising(pa + pb, n);
    passing_terms t;
    t.value = on.value - either.value;
    t.a = -pa * either.first;
    t.b = pb * (on.first - either.first);
    t.aa = t.a - pa * pa * either.second;
    t.ab = -pa * pb * either.second;
    t.bb = t.b + pb * pb * (on.second - either.second);
    return t;
  }
};

class beta_geometric_likelihood {
public:
  beta_geometric_likelihood(const scaled_base& base, bool may_stop_at_once)
      : base_(base), may_stop_at_once_(may_stop_at_once) {}

  evaluation<4> operator()(std::size_t edge, const point4& at, std::size_t stride = 1) const {
    const bool staying = edge == stays || edge == same_stays;
    const bool stopping = edge == stops || edge == same_stops;
    const double r = std::exp(at[0]);
    const double lambda = std::exp(at[1]);
    const double a = staying ? 0 : stopping ? 1 : std::exp(at[2] + at[3]);
    const double b = staying ? 1 : stopping ? 0 : std::exp(at[3]);
    std::vector<time_terms> at_time;
    at_time.reserve(base_.times.size());
    for (const double time : base_.times) {
      const gamma_terms t = gamma_terms_of(time * lambda / r);
      at_time.push_back({t.log, t.share, t.share - t.log, t.share * t.share});
    }
    likelihood_sum sum;
    scaled_derivatives rising;
    passing_terms passing;
    std::int64_t passed = 0;
    std::int64_t current = 0;
    stopping_row stopped{r, 0, a, b, b, 0, 0};
    const auto next_count = [&](std::int64_t x) {
      current = x;
      rising = rising_excess(r, x);
      const std::int64_t chances = x - (may_stop_at_once_ ? 0 : 1);
      if (chances < 0) return;
      if (chances - passed > most_single_chances)
        passing = passing_terms::of(a, b, passed = chances);
      for (; passed < chances; ++passed) passing.pass(a, b, static_cast<double>(passed));
      stopped.x = static_cast<double>(x);
      stopped.next = b + static_cast<double>(chances);
      stopped.inert = stopped.next > 0 ? b / stopped.next : 1;
      stopped.cost = std::log(a) - std::log(stopped.next);
    };
    next_count(0);
    for (std::size_t i = 0; i < base_.rows.size(); i += stride) {
      const scaled_base::row& row = base_.rows[i];
      if (row.repeats != current) next_count(row.repeats);
      const double x = static_cast<double>(row.repeats);
      const time_terms& age = at_time[static_cast<std::size_t>(row.age)];
      const gamma_derivatives bought(r, x, {age.log, age.share});
      double value = rising.value + x * at[1] - (r + x) * age.log;
      std::array<double, 4> g{bought.shape + rising.first, bought.mean, 0, 0};
      std::array<double, 10> h{bought.shape_shape + rising.second_in_log(),
                               bought.shape_mean,
                               0,
                               0,
                               bought.mean_mean,
                               0,
                               0,
                               0,
                               0,
                               0};
      if (row.repeats > 0 || may_stop_at_once_) {
        const time_terms& last = at_time[static_cast<std::size_t>(row.recency)];
        if (staying) {
          // Nobody stops, all is said.
        } else if (stopping) {
          value += (r + x) * (age.log - last.log);
          if (row.repeats > 1 || may_stop_at_once_) {
            value = -std::numeric_limits<double>::infinity();
          }
          const gamma_derivatives until_then(r, x, {last.log, last.share});
          g[0] += until_then.shape - bought.shape;
          g[1] += until_then.mean - bought.mean;
          h[0] += until_then.shape_shape - bought.shape_shape;
          h[1] += until_then.shape_mean - bought.shape_mean;
          h[4] += until_then.mean_mean - bought.mean_mean;
        } else {
          add_stopping(value, g, h, stopped, passing, age, last);
        }
      }
      sum.add(row.weight, value, g, h);
    }
    return sum.result();
  }

private:
  static constexpr std::int64_t most_single_chances = 4096;

  struct time_terms {
    double log, share, excess, square;
  };
  struct stopping_row {
    double r, x, a, b;
    double next;   // b + n, n chances passed for certain
    double cost;   // log(a / next)
    double inert;  // b / next
  };

  // log of P(passed n, then alive or stopped): passing + log(((b + n) + a odds) / (a + b + n)),
  // where odds = ((alpha + age) / (alpha + recency))^(r + x); in log a and log b, then turned to
  // the coordinates of the fit.
  static void add_stopping(double& value, std::array<double, 4>& g, std::array<double, 10>& h,
                           const stopping_row& row, const passing_terms& passing,
                           const time_terms& age, const time_terms& last) {
    const double r = row.r;
    const double x = row.x;
    const double shape = r + x;
    const double total = row.a + row.next;
    const double log_gap = age.log - last.log;
    const double share_gap = age.share - last.share;
    const double square_gap = age.square - last.square;
    const double spread_gap = share_gap - square_gap;
    const double odds = row.cost + shape * log_gap;
    const double small = std::exp(-std::abs(odds));
    const double gone = odds > 0 ? 1 / (1 + small) : small / (1 + small);
    const double mixed = small / ((1 + small) * (1 + small));
    // The alive way: one more chance passed.
    const double pass_a = -row.a / total;
    const double pass_b = row.a * row.inert / total;
    const double rest = row.next / total;
    const double kept = row.b / total;
    value += passing.value - std::log1p(row.a / row.next) + std::max(odds, 0.0) + std::log1p(small);
    // Derivatives of the odds.
    const double d0 = -(r * (age.excess - last.excess) + x * share_gap);
    const double d1 = shape * share_gap;
    const double d3 = -row.inert;
    const double a = passing.a + pass_a + gone;
    const double b = passing.b + pass_b + gone * d3;
    const double aa = passing.aa - row.a / total * rest + mixed;
    const double ab = passing.ab + row.a / total * kept + mixed * d3;
    const double bb = passing.bb + row.inert * (1 - row.inert) - kept * (1 - kept) -
                      gone * row.inert * (1 - row.inert) + mixed * d3 * d3;
    g[0] += gone * d0;
    g[1] += gone * d1;
    g[2] += a;
    g[3] += a + b;
    h[0] += gone * (x * spread_gap - r * (age.excess - last.excess + square_gap)) + mixed * d0 * d0;
    h[1] += gone * (r * square_gap - x * spread_gap) + mixed * d0 * d1;
    h[2] += mixed * d0;
    h[3] += mixed * d0 * (1 + d3);
    h[4] += gone * shape * spread_gap + mixed * d1 * d1;
    h[5] += mixed * d1;
    h[6] += mixed * d1 * (1 + d3);
    h[7] += aa;
    h[8] += aa + ab;
    h[9] += aa + 2 * ab + bb;
  }

  const scaled_base& base_;
  bool may_stop_at_once_;
};

std::array<model_edge, 10> edges_of(const scaled_base& base) {
  double exposure = 0;
  for (const scaled_base::row& row : base.rows) {
    const double last = base.times[static_cast<std::size_t>(row.recency)];
    const double age = base.times[static_cast<std::size_t>(row.age)];
    exposure += row.weight * (last + age) / 2;
  }
  const point4 start{0, std::log(base.repeats / exposure), -1, 0};
  std::array<model_edge, 10> edges;
  for (model_edge& e : edges) e.start = start;
  const auto fix = [&](std::size_t edge, Eigen::Index coordinate, double at) {
    edges[edge].fixed[static_cast<std::size_t>(coordinate)] = true;
    edges[edge].start[coordinate] = at;
  };
  const double log_no_spread = std::log(beta_geometric_buying::no_spread);
  for (const std::size_t e :
       {same_purchases, same_both, same_all_or_nothing, same_stays, same_stops}) {
    fix(e, 0, log_no_spread);
  }
  for (const std::size_t e : {same_stopping, same_both}) fix(e, 3, log_no_spread);
  for (const std::size_t e : {all_or_nothing, same_all_or_nothing}) {
    fix(e, 3, std::log(beta_geometric_buying::all_or_nothing));
    edges[e].why = {condition::boundary, 2};
  }
  for (const std::size_t e : {stays, same_stays, stops, same_stops}) {
    fix(e, 2, 0);
    fix(e, 3, 0);
  }
  edges[same_purchases].why = {condition::no_heterogeneity, 0};
  edges[same_stopping].why = {condition::no_heterogeneity, 2};
  edges[same_both].why = {condition::no_heterogeneity, -1};
  edges[stays].why = edges[same_stays].why = {condition::no_churn, 2};
  edges[stops].why = edges[same_stops].why = {condition::boundary, 3};
  return edges;
}

}  // namespace

void require_parameters(const beta_geometric_buying& m) {
  const std::array<double, 4> parameters{m.r, m.alpha, m.a, m.b};
  require_model(parameters, false);
  require(m.a > 0 || m.b > 0, "model of repeat buying: a and b are both 0");
}

double log_likelihood(const beta_geometric_buying& m, const buying_history& h) {
  require_parameters(m);
  require_history(h);
  require(h.repeats == 0 || m.r > 0, "log_likelihood: r is 0 and there are repeats");
  const double x = static_cast<double>(h.repeats);
  if (h.repeats == 0) {
    const double log_none = -m.r * std::log1p(h.age / m.alpha);
    return m.may_stop_at_once ? std::log1p(m.b / (m.a + m.b) * std::expm1(log_none)) : log_none;
  }
  const std::int64_t passed = chances_passed(m, h.repeats);
  const double next = m.b + static_cast<double>(passed);
  if (m.b == 0 && passed > 0) return -std::numeric_limits<double>::infinity();
  const double log_bought = x * (std::log(m.r) - std::log(m.alpha)) +
                            rising_excess(m.r, h.repeats).value + log_passing(m.a, m.b, passed);
  const double gone = m.a / (m.a + next);
  const double alive = next / (m.a + next);
  // From the later or the earlier end, whichever holds more.
  const double gap = (m.r + x) * std::log1p((h.age - h.recency) / (m.alpha + h.recency));
  return log_bought - (m.r + x) * std::log1p(h.recency / m.alpha) +
         std::log(gone + alive * std::exp(-gap));
}

double log_probability_alive(const beta_geometric_buying& m, const buying_history& h) {
  require_parameters(m);
  require_history(h);
  return -softplus(log_odds_gone(m, h));
}

double further_if_alive(const beta_geometric_buying& m, std::int64_t x, double age, double ahead) {
  const double passed = static_cast<double>(chances_passed(m, x) + 1);
  return purchases_before_stopping(m.r + static_cast<double>(x), ahead / (m.alpha + age), m.a,
                                   m.b + passed);
}

double expected_purchases(const beta_geometric_buying& m, double time) {
  require_parameters(m);
  require(time >= 0 && std::isfinite(time / m.alpha),
          "expected_purchases: time is negative or not finite");
  return std::exp(log_probability_alive(m, {})) * further_if_alive(m, 0, 0, time);
}

double purchase_probability(const beta_geometric_buying& m, std::int64_t count, double time) {
  require_parameters(m);
  require(count >= 0 && count <= most_purchases,
          "purchase_probability: count is negative or above 2^53");
  require(time >= 0 && std::isfinite(time / m.alpha),
          "purchase_probability: time is negative or not finite");
  const double y = time / m.alpha;
  const std::int64_t passed = chances_passed(m, count);
  if (passed < 0) return purchases_exactly(m.r, y, count);
  if (m.b == 0 && passed > 0) return 0;
  const double next = m.b + static_cast<double>(passed);
  return std::exp(log_passing(m.a, m.b, passed)) *
         (next / (m.a + next) * purchases_exactly(m.r, y, count) +
          m.a / (m.a + next) * purchases_at_least(m.r, y, count));
}

double further_purchases(const beta_geometric_buying& m, const buying_history& h, double ahead) {
  require(ahead >= 0 && std::isfinite((h.age + ahead) / m.alpha),
          "further_purchases: ahead is negative or not finite");
  return std::exp(log_probability_alive(m, h)) * further_if_alive(m, h.repeats, h.age, ahead);
}

double discounted_if_alive(const beta_geometric_buying& m, std::int64_t x, double age,
                           double rate) {
  const double shape = m.r + static_cast<double>(x);
  const double passed = static_cast<double>(chances_passed(m, x) + 1);
  const double z = rate * (m.alpha + age);
  // At probability p the rate of purchases at u from now, in units of alpha + age, is
  // shape (1 + p u)^-(shape + 1).
  return shape * beta_mean(m.a, m.b + passed, (shape + 1) / z, [&](double p) {
           return z / p > 1e290 ? 1 / z : scaled_exponential_integral(shape + 1, z / p) / p;
         });
}

double discounted_purchases(const beta_geometric_buying& m, const buying_history& h, double rate) {
  require(rate > 0 && std::isfinite(rate), "discounted_purchases: rate is not positive and finite");
  return std::exp(log_probability_alive(m, h)) * discounted_if_alive(m, h.repeats, h.age, rate);
}

beta_geometric_fit fit_beta_geometric(const row_counts<purchase_history>& customers,
                                      const repeat_buying_options& options, bool may_stop_at_once) {
  require(options.ticks_per_unit > 0 && std::isfinite(options.ticks_per_unit),
          "repeat_buying_options: ticks_per_unit is not positive and finite");
  beta_geometric_fit fit;
  const scaled_base base = scaled(customers, options.ticks_per_unit);
  fit.why = base.why;
  if (!base.why.ok()) return fit;
  fit.customers = customers.total();
  if (base.repeats == 0) {
    fit.why = {condition::boundary, 0};
    fit.parameters = {0, base.unit, 0, 1};
    return fit;
  }
  const beta_geometric_likelihood likelihood(base, may_stop_at_once);
  std::array<model_edge, 10> edges = edges_of(base);
  // Chances that differ moderately, or nearly all at 0 and 1.
  const point4 start = edges[whole].start;
  const std::array<point4, 3> starts{start, start + point4{0, 0, 1, -3},
                                     start + point4{0, 0, -1, -8}};
  edges[whole].start = best_start(likelihood, base.rows.size(), {starts.data(), 2});
  const edge_maximum best =
      maximum_over_edges(likelihood, edges, starts, base, options.max_iterations);
  fit.why = best.why;
  fit.iterations = best.iterations;
  if (!gives_parameters(best.why)) return fit;
  fit.log_likelihood = best.value - base.repeats * std::log(base.unit);
  const double alpha = std::exp(best.at[0] - best.at[1]) * base.unit;
  fit.parameters = {std::exp(best.at[0]), alpha, std::exp(best.at[2] + best.at[3]),
                    std::exp(best.at[3])};
  if (best.edge == stays || best.edge == same_stays) fit.parameters->at(2) = 0;
  if (best.edge == stops || best.edge == same_stops) fit.parameters->at(3) = 0;
  matrix4 to_logarithms;
  to_logarithms << 1, 0, 0, 0, 1, -1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1;
  const matrix4 of_logarithms = to_logarithms * best.covariance * to_logarithms.transpose();
  fit.covariance = natural_covariance(of_logarithms, *fit.parameters);
  return fit;
}

}  // namespace salespulse
