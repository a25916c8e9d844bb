// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_TESTS_STATISTICS_REPEAT_BUYING_CASES_HPP
#define SALESPULSE_TESTS_STATISTICS_REPEAT_BUYING_CASES_HPP

#include "simulated_buyers.hpp"
#include "support/catch.hpp"
#include "support/reference.hpp"
#include <salespulse/core/random.hpp>
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/figure.hpp>
#include <salespulse/statistics/purchase_history.hpp>
#include <salespulse/statistics/row_counts.hpp>
#include <salespulse/statistics/status.hpp>

#include <rapidcheck.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <sstream>
#include <string>
#include <vector>

/// What every model of repeat buying with a gamma distribution of purchase rates owes. `Case` says
/// which model:
///   model    its four parameters, r and alpha first
///   fit      what a fit of it gives
///   name     what the reference of fits calls it
///   is_time  which of the parameters are times
///   fit_to   the function that fits
namespace salespulse::test {

using purchase_counts = row_counts<purchase_history>;
using purchase_rows = std::vector<purchase_history>;

inline constexpr const char* fits_file = "reference/customer_base/fits.csv";
inline constexpr const char* hard_file = "reference/customer_base/hard_values.csv";
inline constexpr const char* predictions_file = "reference/customer_base/predictions.txt";

template <typename Model>
std::array<double, 4> parameters_of(const Model& model) {
  const auto& [first, second, third, fourth] = model;
  return {first, second, third, fourth};
}

template <typename Case>
typename Case::model model_of(const std::array<double, 4>& p) {
  return {p[0], p[1], p[2], p[3]};
}

template <typename Case>
typename Case::fit fitted(const purchase_rows& data, double ticks_per_unit = 7) {
  return Case::fit_to(purchase_counts(data), {.ticks_per_unit = ticks_per_unit});
}

/// Customers drawn one by one, each by `buyer` from a stream of his own.
template <typename Buyer>
purchase_rows simulated_base(std::uint64_t seed, std::uint64_t customers, const Buyer& buyer) {
  purchase_rows data;
  for (std::uint64_t i = 0; i < customers; ++i) {
    random_stream draw(seed, i);
    data.push_back(buyer(draw));
  }
  return data;
}

/// The log-likelihood again, customer by customer.
template <typename Model>
double likelihood_of(const Model& model, const purchase_counts& data, double ticks_per_unit) {
  double sum = 0;
  for (const auto& [row, count] : data.entries()) {
    sum += static_cast<double>(count) * log_likelihood(model, in_units(row, ticks_per_unit));
  }
  return sum;
}

/// What every fit with parameters owes: its likelihood is that of its parameters, no figure is
/// infinite, and no parameters near by are likelier.
template <typename Case>
void check_maximum(const typename Case::fit& fit, const purchase_counts& data) {
  REQUIRE(fit.parameters);
  const std::array<double, 4> at = parameters_of(*fit.parameters);
  const double top = likelihood_of(*fit.parameters, data, fit.ticks_per_unit);
  CHECK(std::isfinite(fit.log_likelihood));
  CHECK(std::abs(top - fit.log_likelihood) <= 1e-11 * (1 + std::abs(top)) + 2e-10);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(std::isfinite(at[i]));
    CHECK(std::isfinite(fit.std_error[i]));
    for (const double factor : {0.97, 1.03}) {
      std::array<double, 4> near = at;
      near[i] *= factor;
      CHECK(likelihood_of(model_of<Case>(near), data, fit.ticks_per_unit) <=
            top + 1e-11 * std::abs(top) + 1e-9);
    }
  }
}

template <typename Case>
void check_published_fits() {
  const reference_table fits(fits_file);
  if (!available(fits, fits_file)) return;
  accuracy errors(fits_file);
  for (const bool exact : {true, false}) {
    const cdnow data = exact ? cdnow_days() : cdnow_weeks();
    const std::string version = exact ? "cdnow exact days/7" : "cdnow 2 decimals";
    const typename Case::fit fit = fitted<Case>(data.rows, data.ticks_per_unit);
    REQUIRE(fit.why.ok());
    const std::size_t row = fits.where({{"model", Case::name}, {"data", version}}).at(0);
    CHECK(std::abs(fit.log_likelihood - fits.number(row, "LL")) <= 1e-9);
    CHECK(fit.customers == fits.integer(row, "n_customers"));
    for (std::size_t i = 0; i < 4; ++i) {
      const std::string number = std::to_string(i + 1);
      CHECK(errors.error(parameters_of(*fit.parameters)[i], fits.number(row, "value" + number),
                         version) <= 1e-9);
      // Eight digits are given.
      CHECK(std::abs(fit.std_error[i] / fits.number(row, "se" + number) - 1) <= 1e-6);
      CHECK(std::abs(std::sqrt(fit.covariance[i][i]) - fit.std_error[i]) == 0);
    }
    check_maximum<Case>(fit, purchase_counts(data.rows));
  }
}

/// The number after `label` in the part of the text that starts at `from`.
inline double printed(const std::string& text, const std::string& from, const std::string& label) {
  const std::size_t at = text.find(label, text.find(from));
  return std::stod(text.substr(at + label.size()));
}

/// Where the file of predictions has those of a model: of all customers, of the first, and what
/// stands before the probability that the first is alive.
struct printed_places {
  const char* base;
  const char* customer;
  const char* alive;
};

/// `own(fit, base, first, hold)` compares what only this model has in the file, by
/// `hold(value, from, label)`.
template <typename Case, typename Own>
void check_predictions(const printed_places& places, const Own& own) {
  const std::string text = reference_text(predictions_file);
  const cdnow data = cdnow_days();
  if (!available(reference_table(predictions_file), predictions_file)) return;
  const purchase_counts base(data.rows);
  const typename Case::fit fit = fitted<Case>(data.rows);
  const buying_history first{2, 213.0 / 7, 272.0 / 7};
  accuracy errors(predictions_file);
  const auto hold = [&](double value, const std::string& from, const std::string& label) {
    CHECK(errors.error(value, printed(text, from, label), label) <= 5e-12);
  };
  hold(*customers_alive(fit, base).value, places.base, "sumPAlive ");
  hold(*further_purchases(fit, base, 39).value, places.base, "sumCET39 ");
  hold(*probability_alive(fit, first).value, places.customer, places.alive);
  hold(*further_purchases(fit, first, 39).value, places.customer, "CET39 ");
  own(fit, base, first, hold);
}

/// `name`: what the file of hard values calls the model; `expected`: how many rows it has of it.
template <typename Case>
void check_hard_values(const char* name, std::size_t expected) {
  const reference_table hard(hard_file);
  if (!available(hard, hard_file)) return;
  accuracy errors(hard_file);
  std::size_t seen = 0;
  for (const std::size_t i : hard.where({{"model", name}})) {
    std::istringstream words(hard.text(i, "params"));
    std::array<double, 4> p{};
    for (double& x : p) {
      std::string word;
      words >> word;
      x = std::stod(word);
    }
    const auto m = model_of<Case>(p);
    const buying_history h{hard.integer(i, "x"), hard.number(i, "tx"), hard.number(i, "T")};
    const std::string& f = hard.text(i, "fn");
    const std::string& truth = hard.text(i, "truth");
    double value = 0;
    if (f == "LL") value = log_likelihood(m, h);
    if (f == "PAlive") value = probability_alive(m, h);
    if (f == "CET") value = further_purchases(m, h, hard.number(i, "aux"));
    if (f == "EX") value = expected_purchases(m, hard.number(i, "aux"));
    if (f == "DERT") value = discounted_purchases(m, h, hard.number(i, "aux"));
    if (f == "PMF") value = purchase_probability(m, h.repeats, hard.number(i, "aux"));
    double exact = std::stod(truth.substr(0, truth.find("e-461")));
    if (truth.find("e-461") != std::string::npos) {  // below the least double
      CHECK(value == 0);
      value = log_probability_alive(m, h);
      exact = std::log(exact) - 461 * std::log(10.0);
    }
    CHECK(errors.error(value, exact, hard.text(i, "id")) <= 1e-12);
    ++seen;
  }
  CHECK(seen == expected);
}

template <typename Case>
void check_replicates() {
  const cdnow data = cdnow_days();
  if (!available(reference_table(fits_file), fits_file)) return;
  const typename Case::fit once = fitted<Case>(data.rows);
  const purchase_counts base(data.rows);
  for (const std::int64_t times : {20, 100}) {
    std::vector<purchase_counts::entry> entries;
    for (const auto& [row, count] : base.entries()) {
      entries.push_back({row, times * count});
    }
    const typename Case::fit many = Case::fit_to(purchase_counts(entries), {.ticks_per_unit = 7});
    REQUIRE(many.why.ok());
    const double n = static_cast<double>(times);
    CHECK(std::abs(many.log_likelihood / n - once.log_likelihood) <= 1e-10);
    for (std::size_t i = 0; i < 4; ++i) {
      CHECK(std::abs(parameters_of(*many.parameters)[i] / parameters_of(*once.parameters)[i] - 1) <=
            1e-11);
      CHECK(std::abs(many.std_error[i] * std::sqrt(n) / once.std_error[i] - 1) <= 1e-10);
    }
  }
}

template <typename Case>
void check_clocks() {
  int customer = 0;
  const purchase_rows data = simulated_base(11, 400, [&](random_stream& draw) {
    const double rate = gamma_draw(draw, 0.6) / 8;
    const double leaves = exponential_draw(draw, gamma_draw(draw, 0.9) / 15);
    return simulated_buyer(draw, rate, leaves, 0.1, true, 200 + 7 * (customer++ % 10), 7);
  });
  const typename Case::fit days = fitted<Case>(data);
  REQUIRE(days.parameters);
  purchase_rows in_seconds = data;
  for (purchase_history& h : in_seconds) {
    h.recency *= 86'400;
    h.age *= 86'400;
  }
  const typename Case::fit seconds = fitted<Case>(in_seconds, 7 * 86'400);
  const typename Case::fit other = fitted<Case>(data, 1);
  CHECK(seconds.why == days.why);
  const std::array<double, 4> expected = parameters_of(*days.parameters);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(std::abs(parameters_of(*seconds.parameters)[i] / expected[i] - 1) <= 1e-15);
    const double scale = Case::is_time[i] ? 7 : 1;
    CHECK(std::abs(parameters_of(*other.parameters)[i] / expected[i] / scale - 1) <= 1e-15);
  }
  CHECK(std::abs(seconds.log_likelihood / days.log_likelihood - 1) <= 1e-14);
}

template <typename Case>
void check_row_order() {
  const purchase_rows data = simulated_base(12, 300, [](random_stream& draw) {
    const double rate = gamma_draw(draw, 0.8) / 5;
    return simulated_buyer(draw, rate, exponential_draw(draw, 0.03), 0.15, true, 270, 7);
  });
  const typename Case::fit straight = fitted<Case>(data);
  const purchase_rows reversed(data.rbegin(), data.rend());
  purchase_counts halves(std::span<const purchase_history>(data).first(140));
  halves += purchase_counts(std::span<const purchase_history>(data).subspan(140));
  for (const typename Case::fit& fit :
       {fitted<Case>(reversed), Case::fit_to(halves, {.ticks_per_unit = 7})}) {
    REQUIRE(fit.parameters);
    CHECK(fit.log_likelihood == straight.log_likelihood);
    CHECK(parameters_of(*fit.parameters) == parameters_of(*straight.parameters));
    CHECK(fit.covariance == straight.covariance);
  }
}

/// The fit to data whose likelihood has its maximum at the edge.
template <typename Case>
typename Case::fit fitted_at_edge(const purchase_rows& data) {
  const typename Case::fit fit = fitted<Case>(data);
  INFO(to_string(fit.why.what));
  CHECK(!fit.why.ok());
  check_maximum<Case>(fit, purchase_counts(data));
  return fit;
}

/// The edges that all models share; each is a section of the test case.
template <typename Case>
void check_edges() {
  SECTION("nobody repeats") {
    const purchase_rows data(100, {0, 0, 270});
    const typename Case::fit fit = fitted_at_edge<Case>(data);
    CHECK(fit.why == status{condition::boundary, 0});
    CHECK(fit.log_likelihood == 0);
    CHECK(fit.parameters->r == 0);
    CHECK(expected_purchases(fit, 39).value == 0.0);
    CHECK(further_purchases(fit, purchase_counts(data), 39).value == 0.0);
  }
  SECTION("one customer still buying") {
    // At one rate for all, x purchases in T: x log(x / T) - x.
    const typename Case::fit fit = fitted_at_edge<Case>({{3, 272, 272}});
    CHECK(fit.why.what == condition::no_churn);
    const double weeks = 272.0 / 7;
    CHECK(std::abs(fit.log_likelihood - (3 * std::log(3 / weeks) - 3)) <= 1e-12);
    CHECK(std::abs(fit.parameters->r / fit.parameters->alpha * weeks / 3 - 1) <= 1e-9);
  }
  SECTION("one customer who seems gone") {
    CHECK(fitted_at_edge<Case>({{3, 20, 272}}).why == status{condition::no_heterogeneity, -1});
  }
  SECTION("a hundred equal customers") {
    CHECK(fitted_at_edge<Case>(purchase_rows(100, {4, 150, 270})).why ==
          status{condition::no_heterogeneity, -1});
  }
  SECTION("everybody was last seen today") {
    const purchase_rows data = simulated_base(14, 200, [](random_stream& draw) {
      const int age = 200 + static_cast<int>(draw.below(70));
      return purchase_history{1 + static_cast<int>(draw.below(9)), age, age};
    });
    const typename Case::fit fit = fitted_at_edge<Case>(data);
    CHECK(fit.why == status{condition::no_churn, 2});
    CHECK(probability_alive(fit, {1, 2, 39}).value == 1.0);
  }
  SECTION("one repeat buyer among two hundred") {
    purchase_rows data(200, {0, 0, 270});
    data[5] = {1, 100, 270};
    fitted_at_edge<Case>(data);
    data[5] = {1, 270, 270};
    CHECK(fitted_at_edge<Case>(data).why == status{condition::no_churn, 2});
    data[5] = {7, 20, 270};
    fitted_at_edge<Case>(data);
  }
}

/// Everybody bought again at once and never after, where that is a fit of equal customers.
template <typename Case>
void check_one_repeat_at_once() {
  CHECK(fitted_at_edge<Case>(purchase_rows(100, {1, 1, 270})).why ==
        status{condition::no_heterogeneity, -1});
}

/// Most never bought again, the others all did until lately.
inline purchase_rows never_or_always() {
  purchase_rows data(200, {0, 0, 270});
  for (int i = 0; i < 60; ++i) data.push_back({3 + i % 4, 250 + i % 20, 270});
  return data;
}

template <typename Case>
void check_whale() {
  purchase_rows data = simulated_base(15, 150, [](random_stream& draw) {
    const double rate = gamma_draw(draw, 0.6) / 8;
    return simulated_buyer(draw, rate, exponential_draw(draw, 0.03), 0.1, true, 270, 7);
  });
  for (const int last : {270, 30}) {
    data.push_back({5000, last, 272});
    const typename Case::fit fit = fitted<Case>(data);
    check_maximum<Case>(fit, purchase_counts(data));
    CHECK(std::isfinite(*further_purchases(fit, purchase_counts(data), 39).value));
    data.pop_back();
  }
}

/// `buyer` draws a customer of a law that all share.
template <typename Case, typename Buyer>
void check_homogeneous_buyers(std::uint64_t seed, const Buyer& buyer) {
  // The likelihood of such data has its maximum at the edge about every other time in each law.
  int recognised = 0;
  for (std::uint64_t set = 0; set < 6; ++set) {
    const purchase_rows data = simulated_base(seed + set, 120, buyer);
    const typename Case::fit fit = fitted<Case>(data);
    CHECK((fit.why.ok() || fit.why.what == condition::no_heterogeneity));
    recognised += fit.why.ok() ? 0 : 1;
    check_maximum<Case>(fit, purchase_counts(data));
  }
  CHECK(recognised >= 2);
}

template <typename Case>
void check_bad_data() {
  const auto why = [](const purchase_rows& data) { return fitted<Case>(data).why; };
  CHECK(why({}) == status{condition::insufficient_data, -1});
  CHECK(why({{0, 0, 0}}) == status{condition::insufficient_data, -1});
  CHECK(why({{-1, 0, 5}}) == status{condition::negative_count, 0});
  CHECK(why({{0, 0, 5}, {1, -2, 5}}) == status{condition::negative_time, 1});
  CHECK(why({{1, 6, 5}}) == status{condition::negative_time, 0});
  CHECK(why({{0, 3, 5}}) == status{condition::contradictory_row, 0});
  CHECK(why({{0, 0, 9}, {1, 0, 9}}) == status{condition::unbounded_likelihood, 1});
  CHECK(
      Case::fit_to(purchase_counts(std::vector<purchase_counts::entry>{{{0, 0, 5}, -1}}), {}).why ==
      status{condition::invalid_weight, 0});
  const typename Case::fit none = fitted<Case>({});
  CHECK(!none.parameters);
  CHECK(!expected_purchases(none, 5).value);
  CHECK(expected_purchases(none, 5).why == none.why);
  CHECK(parameter_draws(none, 5, 1).empty());
  CHECK(customers_by_purchases(none, purchase_counts(), 3).size() == 4);
  const typename Case::fit some = fitted<Case>({{3, 20, 272}, {0, 0, 270}, {5, 250, 260}});
  CHECK(further_purchases(some, purchase_counts(purchase_rows{{1, 6, 5}}), 1).why ==
        status{condition::negative_time, 0});
}

template <typename Case>
void check_preconditions() {
  using model = typename Case::model;
  const model m{0.5, 10, 0.6, 11};
  const double nan = std::nan("");
  CHECK_THROWS_AS(log_likelihood(model{-1, 10, 1, 1}, {}), invalid_input);
  CHECK_THROWS_AS(log_likelihood(model{1, 0, 1, 1}, {}), invalid_input);
  CHECK_THROWS_AS(log_likelihood(model{1, nan, 1, 1}, {}), invalid_input);
  CHECK_THROWS_AS(log_likelihood(model{0, 1, 1, 1}, {1, 1, 1}), invalid_input);
  CHECK_THROWS_AS(probability_alive(m, {1, 3, 2}), invalid_input);
  CHECK_THROWS_AS(probability_alive(m, {-1, 0, 2}), invalid_input);
  CHECK_THROWS_AS(probability_alive(m, {0, 1, 2}), invalid_input);
  CHECK_THROWS_AS(probability_alive(m, {1, 1, nan}), invalid_input);
  CHECK_THROWS_AS(expected_purchases(m, -1), invalid_input);
  CHECK_THROWS_AS(purchase_probability(m, -1, 1), invalid_input);
  CHECK_THROWS_AS(further_purchases(m, {}, nan), invalid_input);
  CHECK_THROWS_AS(discounted_purchases(m, {}, 0), invalid_input);
  CHECK_THROWS_AS(Case::fit_to({}, {.ticks_per_unit = 0}), invalid_input);
  CHECK_THROWS_AS(customers_by_purchases(typename Case::fit{}, {}, 0), invalid_input);
}

template <typename Case>
typename Case::model any_model() {
  std::array<double, 4> p{};
  for (std::size_t i = 0; i < 4; ++i) {
    p[i] = std::exp(*rc::gen::inRange(-200, 300) / 100.0) * (Case::is_time[i] ? 10 : 1);
  }
  return model_of<Case>(p);
}

inline buying_history any_buying_history() {
  const int repeats = *rc::gen::inRange(0, 40);
  const double age = *rc::gen::inRange(1, 20'000) / 100.0;
  return {repeats, repeats == 0 ? 0 : age * *rc::gen::inRange(1, 1001) / 1000.0, age};
}

template <typename Case>
void check_laws() {
  CHECK(rc::check("alive is a probability that falls as nothing is heard", [] {
    const auto m = any_model<Case>();
    buying_history h = any_buying_history();
    h.repeats += 1;
    if (h.recency == 0) h.recency = h.age / 2;
    const double now = probability_alive(m, h);
    RC_ASSERT(now >= 0 && now <= 1);
    RC_ASSERT(std::abs(std::exp(log_probability_alive(m, h)) - now) <= 1e-14 * now);
    h.age += 1 + h.age / 10;
    const double later = probability_alive(m, h);
    RC_ASSERT(later < now || now < 1e-300);
  }));
  CHECK(rc::check("further purchases are not negative and grow with the horizon", [] {
    const auto m = any_model<Case>();
    const buying_history h = any_buying_history();
    const double ahead = *rc::gen::inRange(1, 10'000) / 50.0;
    const double some = further_purchases(m, h, ahead);
    RC_ASSERT(some >= 0);
    RC_ASSERT(further_purchases(m, h, ahead * 1.01) >= some);
    RC_ASSERT(further_purchases(m, h, 0) == 0);
    // And are no more than those of somebody who never leaves.
    RC_ASSERT(some <=
              (m.r + static_cast<double>(h.repeats)) / (m.alpha + h.age) * ahead * (1 + 1e-12));
  }));
  CHECK(rc::check("a new customer is one with an empty history", [] {
    const auto m = any_model<Case>();
    const double time = *rc::gen::inRange(1, 10'000) / 50.0;
    const double all = expected_purchases(m, time);
    RC_ASSERT(std::abs(further_purchases(m, {0, 0, 0}, time) - all) <= 1e-13 * all);
    // No purchase: the density of an empty history is its probability.
    const double none = purchase_probability(m, 0, time);
    RC_ASSERT(std::abs(std::exp(log_likelihood(m, {0, 0, time})) - none) <= 1e-13 * none);
  }));
  CHECK(rc::check("discounting lies between nothing and the undiscounted", [] {
    const auto m = any_model<Case>();
    const buying_history h = any_buying_history();
    const double low = discounted_purchases(m, h, 0.2);
    const double high = discounted_purchases(m, h, 0.1);
    RC_ASSERT(low > 0 || probability_alive(m, h) == 0);
    RC_ASSERT(high >= low);
    // With f(u) purchases by u, the sum is rate times the integral of exp(-rate u) f(u), and f is
    // concave: no more than f at the mean of u.
    RC_ASSERT(high <= further_purchases(m, h, 10) * (1 + 1e-12));
  }));
}

template <typename Model>
void check_total_probability(std::initializer_list<Model> models) {
  for (const Model& m : models) {
    for (const double time : {4.0, 30.0}) {
      double total = 0;
      double mean = 0;
      for (int x = 0; x < 400; ++x) {
        const double p = purchase_probability(m, x, time);
        CHECK(p >= 0);
        total += p;
        mean += x * p;
      }
      CHECK(std::abs(total - 1) <= 1e-12);
      CHECK(std::abs(mean / expected_purchases(m, time) - 1) <= 1e-11);
    }
  }
}

template <typename Model>
void check_density(const Model& m) {
  // One purchase, at any time in (0, age): a midpoint sum, exact to its square.
  const double age = 30;
  constexpr int steps = 2000;
  double sum = 0;
  for (int i = 0; i < steps; ++i) {
    sum += std::exp(log_likelihood(m, {1, age * (i + 0.5) / steps, age})) * age / steps;
  }
  CHECK(std::abs(sum / purchase_probability(m, 1, age) - 1) <= 1e-5);
}

/// `data`: 300 customers whose fit is inside.
template <typename Case>
void check_standard_errors(const purchase_rows& data) {
  using model = typename Case::model;
  const typename Case::fit fit = fitted<Case>(data);
  REQUIRE(fit.why.ok());
  const std::array<double, 4> at = parameters_of(*fit.parameters);
  const auto by_hand = [&](const auto& f) {
    double variance = 0;
    std::array<double, 4> slope{};
    for (std::size_t i = 0; i < 4; ++i) {
      std::array<double, 4> up = at, down = at;
      const double step = 1e-4 * up[i];
      up[i] += step;
      down[i] -= step;
      slope[i] = (f(model_of<Case>(up)) - f(model_of<Case>(down))) / (2 * step);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      for (std::size_t j = 0; j < 4; ++j) variance += slope[i] * slope[j] * fit.covariance[i][j];
    }
    return std::sqrt(variance);
  };
  const buying_history h{2, 10, 38};
  const figure_with_error mean = expected_purchases(fit, 52);
  CHECK(mean.value == expected_purchases(*fit.parameters, 52));
  CHECK(std::abs(mean.std_error.value() /
                     by_hand([](const model& m) { return expected_purchases(m, 52); }) -
                 1) <= 1e-5);
  CHECK(std::abs(further_purchases(fit, h, 39).std_error.value() /
                     by_hand([&](const model& m) { return further_purchases(m, h, 39); }) -
                 1) <= 1e-5);
  CHECK(std::abs(discounted_purchases(fit, h, 0.01).std_error.value() /
                     by_hand([&](const model& m) { return discounted_purchases(m, h, 0.01); }) -
                 1) <= 1e-5);
  CHECK(std::abs(purchase_probability(fit, 2, 39).std_error.value() /
                     by_hand([&](const model& m) { return purchase_probability(m, 2, 39); }) -
                 1) <= 1e-5);
  // A sum over customers is the sum of theirs.
  const purchase_counts base(data);
  double sum = 0;
  double alive = 0;
  for (const purchase_history& row : data) {
    sum += further_purchases(*fit.parameters, in_units(row, 7), 13);
    alive += probability_alive(*fit.parameters, in_units(row, 7));
  }
  CHECK(std::abs(*further_purchases(fit, base, 13).value / sum - 1) <= 1e-12);
  CHECK(std::abs(*customers_alive(fit, base).value / alive - 1) <= 1e-12);
  const std::vector<figure_with_error> expected = customers_by_purchases(fit, base, 5);
  double all = 0;
  for (const figure_with_error& e : expected) all += *e.value;
  CHECK(expected.size() == 6);
  CHECK(std::abs(all - 300) <= 1e-9);
  // Draws are spread in the logarithms as the covariance says, and the same in any number.
  const std::vector<model> draws = parameter_draws(fit, 2000, 7);
  for (std::size_t i = 0; i < 4; ++i) {
    double first = 0, second = 0;
    for (const model& d : draws) {
      const double z = std::log(parameters_of(d)[i] / at[i]);
      first += z;
      second += z * z;
    }
    const double spread = fit.std_error[i] / at[i];
    CHECK(std::abs(first / 2000) <= 4 * spread / std::sqrt(2000.0));
    CHECK(std::abs(std::sqrt(second / 2000) / spread - 1) <= 0.08);
    CHECK(parameters_of(parameter_draws(fit, 3, 7)[2]) == parameters_of(draws[2]));
  }
}

/// `buyer` draws a customer of the model `truth`, with ten ticks in a unit of its time.
template <typename Case, typename Buyer>
void check_coverage(const typename Case::model& truth, int sets, std::uint64_t customers,
                    const Buyer& buyer) {
  int held = 0;
  int fits = 0;
  for (int set = 0; set < sets; ++set) {
    const purchase_rows data =
        simulated_base(1000 + static_cast<std::uint64_t>(set), customers, buyer);
    const typename Case::fit fit = fitted<Case>(data, 10);
    if (!fit.parameters) continue;
    ++fits;
    const figure_with_error mean = expected_purchases(fit, 52);
    const double distance = std::abs(std::log(*mean.value / expected_purchases(truth, 52)));
    held += distance <= 1.9599639845400545 * mean.std_error.value() / *mean.value ? 1 : 0;
  }
  CHECK(fits == sets);
  // 99.9 % of binomial(sets, 0.95) lies within 3.3 standard deviations.
  CHECK(std::abs(held - 0.95 * sets) <= 3.3 * std::sqrt(0.95 * 0.05 * sets));
}

/// The limits of a model in which a customer can only stop with a purchase: with the repeat
/// purchases alone, or `at_once` with the first one too.
template <typename Case>
void check_limits_of_stopping(bool at_once) {
  using model = typename Case::model;
  const buying_history h{3, 20, 30};
  // Nobody stops: purchases are negative binomial.
  const model loyal{0.7, 9, 0, 1};
  CHECK(probability_alive(loyal, h) == 1);
  CHECK(std::abs(further_purchases(loyal, h, 13) / (3.7 / 39 * 13) - 1) <= 1e-14);
  // One rate and one probability for all.
  constexpr double no_spread = model::no_spread;
  const double lambda = 0.2;
  const double p = 0.25;
  const model same{no_spread, no_spread / lambda, no_spread * p, no_spread * (1 - p)};
  const double begins = at_once ? 1 - p : 1;
  const int passed = at_once ? 3 : 2;
  const double alive = (1 - p) * std::exp(-lambda * h.age);
  const double gone = p * std::exp(-lambda * h.recency);
  CHECK(std::abs(log_likelihood(same, h) - (3 * std::log(lambda) + passed * std::log(1 - p) +
                                            std::log(alive + gone))) <= 1e-13);
  CHECK(std::abs(probability_alive(same, h) / (alive / (alive + gone)) - 1) <= 1e-13);
  const double mean = begins * -std::expm1(-lambda * p * 10) / p;
  CHECK(std::abs(expected_purchases(same, 10) / mean - 1) <= 1e-13);
  CHECK(std::abs(discounted_purchases(same, {}, 0.01) / (begins * lambda / (0.01 + lambda * p)) -
                 1) <= 1e-13);
  // Each stops at once or never.
  const model split{0.7, 9, 0.3e-200, 0.7e-200};
  CHECK(std::abs(purchase_probability(split, 2, 10) - 0.7 * purchase_probability(loyal, 2, 10)) <=
        1e-14);
}

/// Of a model in which a customer can only stop with a purchase.
template <typename Case>
void check_towards_equal_rates() {
  // A peer's incomplete beta function has ten digits left at r = 1e8.
  for (const double r : {1e2, 9e3, 1.1e4, 1e6, 1e8, 1e12, 1e18}) {
    const typename Case::model m{r, r / 0.3, 0.8, 2.4};
    double total = 0;
    double mean = 0;
    for (int x = 0; x < 150; ++x) {
      const double p = purchase_probability(m, x, 39);
      total += p;
      mean += x * p;
    }
    CHECK(std::abs(total - 1) <= 1e-13);
    CHECK(std::abs(mean / expected_purchases(m, 39) - 1) <= 1e-13);
  }
}

}  // namespace salespulse::test
#endif
