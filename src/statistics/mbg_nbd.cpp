// SPDX-License-Identifier: BSL-1.0
#include "beta_geometric_buying.hpp"
#include "model_figures.hpp"
#include <salespulse/statistics/mbg_nbd.hpp>

#include <cmath>

namespace salespulse {

namespace {

beta_geometric_buying general(const mbg_nbd& m) { return {m.r, m.alpha, m.a, m.b, true}; }

}  // namespace

double log_likelihood(const mbg_nbd& model, const buying_history& customer) {
  return log_likelihood(general(model), customer);
}

double log_probability_alive(const mbg_nbd& model, const buying_history& customer) {
  return log_probability_alive(general(model), customer);
}

double probability_alive(const mbg_nbd& model, const buying_history& customer) {
  return std::exp(log_probability_alive(general(model), customer));
}

double expected_purchases(const mbg_nbd& model, double time) {
  return expected_purchases(general(model), time);
}

double purchase_probability(const mbg_nbd& model, std::int64_t count, double time) {
  return purchase_probability(general(model), count, time);
}

double further_purchases(const mbg_nbd& model, const buying_history& customer, double ahead) {
  return further_purchases(general(model), customer, ahead);
}

double discounted_purchases(const mbg_nbd& model, const buying_history& customer, double rate) {
  return discounted_purchases(general(model), customer, rate);
}

mbg_nbd_fit fit_mbg_nbd(const row_counts<purchase_history>& customers,
                        const repeat_buying_options& options) {
  const beta_geometric_fit found = fit_beta_geometric(customers, options, true);
  mbg_nbd_fit fit{
      found.why,       std::nullopt,           found.covariance, {}, found.log_likelihood,
      found.customers, options.ticks_per_unit, found.iterations};
  if (found.parameters) fit.parameters = model_of<mbg_nbd>(*found.parameters);
  for (std::size_t i = 0; i < 4; ++i) fit.std_error[i] = std::sqrt(fit.covariance[i][i]);
  return fit;
}

figure_with_error probability_alive(const mbg_nbd_fit& fit, const buying_history& customer) {
  return estimate_of(fit, [&](const mbg_nbd& m) { return probability_alive(m, customer); });
}

figure_with_error expected_purchases(const mbg_nbd_fit& fit, double time) {
  return estimate_of(fit, [&](const mbg_nbd& m) { return expected_purchases(m, time); });
}

figure_with_error purchase_probability(const mbg_nbd_fit& fit, std::int64_t count, double time) {
  return estimate_of(fit, [&](const mbg_nbd& m) { return purchase_probability(m, count, time); });
}

figure_with_error further_purchases(const mbg_nbd_fit& fit, const buying_history& customer,
                                    double ahead) {
  return estimate_of(fit, [&](const mbg_nbd& m) { return further_purchases(m, customer, ahead); });
}

figure_with_error discounted_purchases(const mbg_nbd_fit& fit, const buying_history& customer,
                                       double rate) {
  return estimate_of(fit,
                     [&](const mbg_nbd& m) { return discounted_purchases(m, customer, rate); });
}

figure_with_error customers_alive(const mbg_nbd_fit& fit,
                                  const row_counts<purchase_history>& customers) {
  return sum_over(fit, customers, [](const mbg_nbd& m, const buying_history& h) {
    return probability_alive(m, h);
  });
}

figure_with_error further_purchases(const mbg_nbd_fit& fit,
                                    const row_counts<purchase_history>& customers, double ahead) {
  require(ahead >= 0 && std::isfinite(ahead), "further_purchases: ahead is negative or not finite");
  return alive_sum(
      fit, customers,
      [](const mbg_nbd& m, const buying_history& h) { return probability_alive(m, h); },
      [&](const mbg_nbd& m, std::int32_t repeats, double age) {
        return further_if_alive(general(m), repeats, age, ahead);
      });
}

figure_with_error discounted_purchases(const mbg_nbd_fit& fit,
                                       const row_counts<purchase_history>& customers, double rate) {
  require(rate > 0 && std::isfinite(rate), "discounted_purchases: rate is not positive and finite");
  return alive_sum(
      fit, customers,
      [](const mbg_nbd& m, const buying_history& h) { return probability_alive(m, h); },
      [&](const mbg_nbd& m, std::int32_t repeats, double age) {
        return discounted_if_alive(general(m), repeats, age, rate);
      });
}

std::vector<figure_with_error> customers_by_purchases(const mbg_nbd_fit& fit,
                                                      const row_counts<purchase_history>& customers,
                                                      std::int64_t most) {
  return by_purchases(fit, customers, most);
}

std::vector<mbg_nbd> parameter_draws(const mbg_nbd_fit& fit, std::size_t count,
                                     std::uint64_t seed) {
  return draws_of(fit, count, seed);
}

}  // namespace salespulse
