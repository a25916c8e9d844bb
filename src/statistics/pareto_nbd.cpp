// SPDX-License-Identifier: BSL-1.0
#include "customer_base.hpp"
#include "exponential_integral.hpp"
#include "hypergeometric.hpp"
#include "log_gamma_parts.hpp"
#include "model_edges.hpp"
#include "model_figures.hpp"
#include "rising_factorial.hpp"
#include <salespulse/statistics/pareto_nbd.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace salespulse {

namespace {

// The density of a history is that of purchases at rate lambda up to a time u, where the customer
// left or, alive, u = age; over gamma distributed rates
//   alive:     rising(r, x) / alpha^x (1 + age/alpha)^-(r + x) (1 + age/beta)^-s
//   left at u: rising(r, x) / alpha^x (1 + u/alpha)^-(r + x) s/beta (1 + u/beta)^-(s + 1)
// and the latter integrated over u from the last purchase to today. All terms are positive.

double log_add(double a, double b) {
  const double larger = std::max(a, b);
  if (larger == -std::numeric_limits<double>::infinity()) return larger;
  return larger + std::log1p(std::exp(-std::abs(a - b)));
}

// log of the purchases' part at u = 0: rising(r, x) / alpha^x.
double log_rates(const pareto_nbd& m, std::int64_t x) {
  if (x == 0) return 0;
  return static_cast<double>(x) * (std::log(m.r) - std::log(m.alpha)) + rising_excess(m.r, x).value;
}

struct two_ways {
  double log_alive;  // without log_rates
  double log_gone;
};

two_ways ways_of(const pareto_nbd& m, const buying_history& h) {
  const double shape = m.r + static_cast<double>(h.repeats);
  two_ways w{-shape * std::log1p(h.age / m.alpha) - m.s * std::log1p(h.age / m.beta),
             -std::numeric_limits<double>::infinity()};
  const power_product rest{m.alpha + h.recency, shape, m.beta + h.recency, m.s + 1,
                           h.age - h.recency};
  if (m.s > 0 && rest.length > 0) {
    w.log_gone = std::log(m.s) - std::log(m.beta) - shape * std::log1p(h.recency / m.alpha) -
                 (m.s + 1) * std::log1p(h.recency / m.beta) + std::log(integral(rest));
  }
  return w;
}

// (1 - exp(-k t)) / k, t where k is 0.
double exponential_mean(double k, double t) { return k == 0 ? t : -std::expm1(-k * t) / k; }

// Purchases within `ahead` of a customer alive at `age` after x of them.
double further_if_alive(const pareto_nbd& m, double x, double age, double ahead) {
  return (m.r + x) / (m.alpha + age) * (m.beta + age) *
         exponential_mean(m.s - 1, std::log1p(ahead / (m.beta + age)));
}

// All purchases to come of such a customer, discounted.
double discounted_if_alive(const pareto_nbd& m, double x, double age, double rate) {
  return (m.r + x) / (m.alpha + age) * (m.beta + age) *
         scaled_exponential_integral(m.s, rate * (m.beta + age));
}

void require_parameters(const pareto_nbd& m) { require_model(values_of(m), true); }

// The coordinates of the fit: log r, log(r / alpha), log s, log(s / beta), in which the edges of
// the model lie along the axes.
enum edges : std::size_t {
  whole,
  same_purchases,
  same_dropouts,
  same_both,
  at_once_or_never,
  same_at_once_or_never,
  stays,
  same_stays
};

// As s and beta go to 0 with beta^s constant customers leave at once or never, in these parameters
// only ever nearly so: log(s / beta), in mean ages, goes no farther than this.
constexpr double at_once = 600;

class pareto_nbd_likelihood {
public:
  explicit pareto_nbd_likelihood(const scaled_base& base) : base_(base) {}

  // Every `stride`-th row only, for a quick look.
  evaluation<4> operator()(std::size_t edge, const point4& at, std::size_t stride = 1) const {
    const double r = std::exp(at[0]);
    const double s = edge >= stays ? 0 : std::exp(at[2]);
    const double alpha = std::exp(at[0] - at[1]);
    const double beta = edge >= stays ? 1 : std::exp(at[2] - at[3]);
    likelihood_sum sum;
    scaled_derivatives rising;
    std::int64_t rising_for = 0;
    for (std::size_t i = 0; i < base_.rows.size(); i += stride) {
      const scaled_base::row& row = base_.rows[i];
      if (row.repeats != rising_for) rising = rising_excess(r, row.repeats);
      rising_for = row.repeats;
      add(sum, row, rising, {r, alpha, s, beta}, at);
    }
    return sum.result();
  }

private:
  void add(likelihood_sum& sum, const scaled_base::row& row, const scaled_derivatives& rising,
           const pareto_nbd& m, const point4& at) const {
    const double x = static_cast<double>(row.repeats);
    const double last = base_.times[static_cast<std::size_t>(row.recency)];
    const double age = base_.times[static_cast<std::size_t>(row.age)];
    const gamma_terms buying = gamma_terms_of(age / m.alpha);
    const gamma_terms leaving = gamma_terms_of(age / m.beta);
    const gamma_derivatives bought(m.r, x, buying);
    const gamma_derivatives stayed(m.s, 0, leaving);
    const double shape = m.r + x;
    const double log_alive = -shape * buying.log - m.s * leaving.log;
    std::array<double, 4> g{bought.shape, bought.mean, stayed.shape, stayed.mean};
    std::array<double, 10> h{
        bought.shape_shape, bought.shape_mean, 0, 0, bought.mean_mean, 0, 0, stayed.shape_shape,
        stayed.shape_mean,  stayed.mean_mean};
    double value = log_alive;
    if (m.s > 0 && age > last) {
      const double log_a = std::log1p(last / m.alpha);
      const double log_b = std::log1p(last / m.beta);
      const double log_gone = at[3] - shape * log_a - (m.s + 1) * log_b;
      // Derivatives are means over the ways in which the history can have come about; they are
      // taken from those of the first way, alive, so that the variances lose no digits.
      const double top = std::max(log_alive, log_gone);
      const double alive = std::exp(log_alive - top);
      const double gone = std::exp(log_gone - top);
      double total = alive;
      std::array<double, 4> mean{};
      std::array<double, 10> square{};
      visit_nodes({m.alpha + last, shape, m.beta + last, m.s + 1, age - last}, [&](double w,
                                                                                   double weight,
                                                                                   double more_a,
                                                                                   double more_b) {
        weight *= gone;
        const double u = last + w;
        const gamma_derivatives a(m.r, x, {log_a + more_a, u / (m.alpha + u)});
        const gamma_derivatives b(m.s, 1, {log_b + more_b, u / (m.beta + u)});
        const std::array<double, 4> d{a.shape - g[0], a.mean - g[1], b.shape - g[2], b.mean - g[3]};
        total += weight;
        for (std::size_t i = 0; i < 4; ++i) mean[i] += weight * d[i];
        square[0] += weight * (d[0] * d[0] + (a.shape_shape - h[0]));
        square[1] += weight * (d[0] * d[1] + (a.shape_mean - h[1]));
        square[2] += weight * d[0] * d[2];
        square[3] += weight * d[0] * d[3];
        square[4] += weight * (d[1] * d[1] + (a.mean_mean - h[4]));
        square[5] += weight * d[1] * d[2];
        square[6] += weight * d[1] * d[3];
        square[7] += weight * (d[2] * d[2] + (b.shape_shape - h[7]));
        square[8] += weight * (d[2] * d[3] + (b.shape_mean - h[8]));
        square[9] += weight * (d[3] * d[3] + (b.mean_mean - h[9]));
      });
      value = top + std::log(total);
      for (double& d : mean) d /= total;
      std::size_t k = 0;
      for (std::size_t i = 0; i < 4; ++i) {
        for (std::size_t j = i; j < 4; ++j, ++k) h[k] += square[k] / total - mean[i] * mean[j];
      }
      for (std::size_t i = 0; i < 4; ++i) g[i] += mean[i];
    }
    g[0] += rising.first;
    h[0] += rising.second_in_log();
    sum.add(row.weight, value + x * at[1] + rising.value, g, h);
  }

  const scaled_base& base_;
};

std::array<model_edge, 8> edges_of(const scaled_base& base) {
  const double log_no_spread = std::log(pareto_nbd::no_spread);
  // A mean of the rate at which buyers bought until they were last seen, and leaving at the mean
  // age.
  double exposure = 0;
  for (const scaled_base::row& row : base.rows) {
    const double last = base.times[static_cast<std::size_t>(row.recency)];
    const double age = base.times[static_cast<std::size_t>(row.age)];
    exposure += row.weight * (last + age) / 2;
  }
  const point4 start{0, std::log(base.repeats / exposure), 0, 0};
  std::array<model_edge, 8> edges;
  for (model_edge& e : edges) e.start = start;
  const auto fix = [&](std::size_t edge, Eigen::Index coordinate, double at) {
    edges[edge].fixed[static_cast<std::size_t>(coordinate)] = true;
    edges[edge].start[coordinate] = at;
  };
  for (const std::size_t e : {same_purchases, same_both, same_at_once_or_never, same_stays}) {
    fix(e, 0, log_no_spread);
  }
  for (const std::size_t e : {same_dropouts, same_both}) fix(e, 2, log_no_spread);
  for (const std::size_t e : {at_once_or_never, same_at_once_or_never}) {
    edges[e].start[2] = -std::log(at_once);
    edges[e].own_start = true;
    fix(e, 3, at_once);
    edges[e].why = {condition::boundary, 3};
  }
  for (const std::size_t e : {stays, same_stays}) {
    fix(e, 2, 0);
    fix(e, 3, 0);
    edges[e].why = {condition::no_churn, 2};
  }
  edges[same_purchases].why = {condition::no_heterogeneity, 0};
  edges[same_dropouts].why = {condition::no_heterogeneity, 2};
  edges[same_both].why = {condition::no_heterogeneity, -1};
  return edges;
}

}  // namespace

double log_likelihood(const pareto_nbd& model, const buying_history& customer) {
  require_parameters(model);
  require_history(customer);
  require(customer.repeats == 0 || model.r > 0, "log_likelihood: r is 0 and there are repeats");
  const two_ways w = ways_of(model, customer);
  const double value = log_rates(model, customer.repeats) + log_add(w.log_alive, w.log_gone);
  if (customer.repeats > 0 || customer.age == 0) return value;
  // Where no purchase was to be expected, 1 minus the probability of one keeps the digits.
  const double bought = model.r / model.alpha *
                        integral({model.alpha, model.r + 1, model.beta, model.s, customer.age});
  return bought < 0.5 ? std::log1p(-bought) : value;
}

double log_probability_alive(const pareto_nbd& model, const buying_history& customer) {
  require_parameters(model);
  require_history(customer);
  const two_ways w = ways_of(model, customer);
  const double odds = w.log_gone - w.log_alive;
  return odds > 0 ? -odds - std::log1p(std::exp(-odds)) : -std::log1p(std::exp(odds));
}

double probability_alive(const pareto_nbd& model, const buying_history& customer) {
  return std::exp(log_probability_alive(model, customer));
}

double expected_purchases(const pareto_nbd& model, double time) {
  require_parameters(model);
  require(time >= 0 && std::isfinite(time / model.alpha),
          "expected_purchases: time is negative or not finite");
  return further_if_alive(model, 0, 0, time);
}

double purchase_probability(const pareto_nbd& model, std::int64_t count, double time) {
  require_parameters(model);
  require(count >= 0 && count <= most_purchases,
          "purchase_probability: count is negative or above 2^53");
  require(time >= 0 && std::isfinite(time / model.alpha),
          "purchase_probability: time is negative or not finite");
  const double x = static_cast<double>(count);
  if (count > 0 && (time == 0 || model.r == 0)) return 0;
  if (count == 0) return std::exp(log_likelihood(model, {0, 0, time}));
  const double shape = model.r + x;
  const double y = time / model.alpha;
  const double z = time / model.beta;
  // rising(r, x) / x! (time / alpha)^x, then u = p time with the log-odds of p as the variable.
  const double log_front =
      x * std::log(model.r * y) + rising_excess(model.r, count).value - log_rising(1, count);
  const double log_alive = -shape * std::log1p(y) - model.s * std::log1p(z);
  if (model.s == 0) return std::exp(log_front + log_alive);
  const double reach = 42 + std::log1p(shape * y + x + (model.s + 1) * z);
  const double log_gone = std::log(model.s) + std::log(z) +
                          log_line_integral(
                              [&](double q) {
                                const double complement = 1 / (1 + std::exp(q));
                                const double p = 1 / (1 + std::exp(-q));
                                const double log_p = q > 0 ? std::log1p(-complement) : std::log(p);
                                return (x + 1) * log_p + std::log(complement) -
                                       shape * std::log1p(p * y) -
                                       (model.s + 1) * std::log1p(p * z);
                              },
                              -reach, reach);
  return std::exp(log_front + log_add(log_alive, log_gone));
}

double further_purchases(const pareto_nbd& model, const buying_history& customer, double ahead) {
  require(ahead >= 0 && std::isfinite((customer.age + ahead) / model.alpha),
          "further_purchases: ahead is negative or not finite");
  return probability_alive(model, customer) *
         further_if_alive(model, static_cast<double>(customer.repeats), customer.age, ahead);
}

double discounted_purchases(const pareto_nbd& model, const buying_history& customer, double rate) {
  require(rate > 0 && std::isfinite(rate), "discounted_purchases: rate is not positive and finite");
  return probability_alive(model, customer) *
         discounted_if_alive(model, static_cast<double>(customer.repeats), customer.age, rate);
}

pareto_nbd_fit fit_pareto_nbd(const row_counts<purchase_history>& customers,
                              const repeat_buying_options& options) {
  require(options.ticks_per_unit > 0 && std::isfinite(options.ticks_per_unit),
          "fit_pareto_nbd: ticks_per_unit is not positive and finite");
  pareto_nbd_fit fit;
  fit.ticks_per_unit = options.ticks_per_unit;
  const scaled_base base = scaled(customers, options.ticks_per_unit);
  fit.why = base.why;
  if (!base.why.ok()) return fit;
  fit.customers = customers.total();
  if (base.repeats == 0) {
    fit.why = {condition::boundary, 0};
    fit.parameters = pareto_nbd{0, base.unit, 0, base.unit};
    return fit;
  }
  const pareto_nbd_likelihood likelihood(base);
  std::array<model_edge, 8> edges = edges_of(base);
  // Dropouts spread over the time watched, or most of them early and some customers loyal.
  const point4 start = edges[whole].start;
  const std::array<point4, 3> starts{start, start + point4{0, 0, -2, 3},
                                     start + point4{0, 0, -1, 12}};
  edges[whole].start = best_start(likelihood, base.rows.size(), {starts.data(), 2});
  const edge_maximum best =
      maximum_over_edges(likelihood, edges, starts, base, options.max_iterations);
  fit.why = best.why;
  fit.iterations = best.iterations;
  if (!gives_parameters(best.why)) return fit;
  fit.log_likelihood = best.value - base.repeats * std::log(base.unit);
  const bool churn = best.edge < stays;
  fit.parameters = pareto_nbd{std::exp(best.at[0]), std::exp(best.at[0] - best.at[1]) * base.unit,
                              churn ? std::exp(best.at[2]) : 0,
                              churn ? std::exp(best.at[2] - best.at[3]) * base.unit : base.unit};
  matrix4 to_logarithms;
  to_logarithms << 1, 0, 0, 0, 1, -1, 0, 0, 0, 0, 1, 0, 0, 0, 1, -1;
  const matrix4 of_logarithms = to_logarithms * best.covariance * to_logarithms.transpose();
  fit.covariance = natural_covariance(of_logarithms, values_of(*fit.parameters));
  for (std::size_t i = 0; i < 4; ++i) fit.std_error[i] = std::sqrt(fit.covariance[i][i]);
  return fit;
}

figure_with_error probability_alive(const pareto_nbd_fit& fit, const buying_history& customer) {
  return estimate_of(fit, [&](const pareto_nbd& m) { return probability_alive(m, customer); });
}

figure_with_error expected_purchases(const pareto_nbd_fit& fit, double time) {
  return estimate_of(fit, [&](const pareto_nbd& m) { return expected_purchases(m, time); });
}

figure_with_error purchase_probability(const pareto_nbd_fit& fit, std::int64_t count, double time) {
  return estimate_of(fit,
                     [&](const pareto_nbd& m) { return purchase_probability(m, count, time); });
}

figure_with_error further_purchases(const pareto_nbd_fit& fit, const buying_history& customer,
                            double ahead) {
  return estimate_of(fit,
                     [&](const pareto_nbd& m) { return further_purchases(m, customer, ahead); });
}

figure_with_error discounted_purchases(const pareto_nbd_fit& fit, const buying_history& customer,
                               double rate) {
  return estimate_of(fit,
                     [&](const pareto_nbd& m) { return discounted_purchases(m, customer, rate); });
}

figure_with_error customers_alive(const pareto_nbd_fit& fit,
                          const row_counts<purchase_history>& customers) {
  return sum_over(fit, customers, [](const pareto_nbd& m, const buying_history& h) {
    return probability_alive(m, h);
  });
}

figure_with_error further_purchases(const pareto_nbd_fit& fit,
                            const row_counts<purchase_history>& customers, double ahead) {
  require(ahead >= 0 && std::isfinite(ahead), "further_purchases: ahead is negative or not finite");
  return alive_sum(
      fit, customers,
      [](const pareto_nbd& m, const buying_history& h) { return probability_alive(m, h); },
      [&](const pareto_nbd& m, std::int32_t x, double age) {
        return further_if_alive(m, x, age, ahead);
      });
}

figure_with_error discounted_purchases(const pareto_nbd_fit& fit,
                               const row_counts<purchase_history>& customers, double rate) {
  require(rate > 0 && std::isfinite(rate), "discounted_purchases: rate is not positive and finite");
  return alive_sum(
      fit, customers,
      [](const pareto_nbd& m, const buying_history& h) { return probability_alive(m, h); },
      [&](const pareto_nbd& m, std::int32_t x, double age) {
        return discounted_if_alive(m, x, age, rate);
      });
}

std::vector<figure_with_error> customers_by_purchases(const pareto_nbd_fit& fit,
                                              const row_counts<purchase_history>& customers,
                                              std::int64_t most) {
  return by_purchases(fit, customers, most);
}

std::vector<pareto_nbd> parameter_draws(const pareto_nbd_fit& fit, std::size_t count,
                                        std::uint64_t seed) {
  return draws_of(fit, count, seed);
}

}  // namespace salespulse
