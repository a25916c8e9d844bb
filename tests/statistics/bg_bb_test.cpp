// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include "support/reference.hpp"
#include "variates.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/bg_bb.hpp>
#include <salespulse/statistics/confidence.hpp>

#include <rapidcheck.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

using namespace salespulse;
using namespace salespulse::test;

namespace {

using entries = std::vector<row_counts<opportunity_history>::entry>;

bg_bb_fit fit_of(const entries& customers) {
  return fit_bg_bb(row_counts<opportunity_history>(customers));
}

// The donations to a charity that the paper's authors publish, by pattern.
row_counts<opportunity_history> donations() {
  const reference_table in("data/customer_base/donations_recency_frequency.csv");
  entries rows;
  for (std::size_t i = 0; i < in.rows(); ++i) {
    rows.push_back(
        {{in.integer(i, "frequency"), in.integer(i, "recency"), in.integer(i, "periods")},
         in.integer(i, "weights")});
  }
  return row_counts<opportunity_history>(rows);
}

// Close to the published fit of those data.
const bg_bb example{beta_spread_of(1.204, 0.750), beta_spread_of(0.657, 2.783)};

double lbeta(double a, double b) { return std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b); }

// The likelihood as the paper prints it, by log-gammas.
double printed_likelihood(double alpha, double beta, double gamma, double delta, int x, int last,
                          int n) {
  const double ab = lbeta(alpha, beta), gd = lbeta(gamma, delta);
  double sum = std::exp(lbeta(alpha + x, beta + n - x) - ab + lbeta(gamma, delta + n) - gd);
  for (int i = 0; i < n - last; ++i) {
    sum += std::exp(lbeta(alpha + x, beta + last - x + i) - ab +
                    lbeta(gamma + 1, delta + last + i) - gd);
  }
  return std::log(sum);
}

opportunity_history simulated(random_stream& random, double p, double theta, std::int64_t n) {
  opportunity_history h{0, 0, n};
  for (std::int64_t i = 1; i <= n && !random.chance(theta); ++i) {
    if (!random.chance(p)) continue;
    ++h.purchases;
    h.last = i;
  }
  return h;
}

}  // namespace

TEST_CASE("the BG/BB fit of the donations agrees with Newton iterations in 40 digits") {
  const reference_table exact("reference/customer_base/fits.csv");
  if (!available(exact, "reference/customer_base/fits.csv")) return;
  accuracy found("reference/customer_base/fits.csv");
  const bg_bb_fit fit = fit_bg_bb(donations());
  REQUIRE(fit.why.ok());
  CHECK(fit.customers == 11104);
  const auto value = [&](const char* column) { return exact.value({{"model", "BG/BB"}}, column); };
  CHECK(found.absolute_error(fit.log_likelihood, value("LL"), "BG/BB") <= 1e-9);
  CHECK(found.error(fit.alpha.value.value_or(0), value("value1"), "BG/BB") <= 1e-7);
  CHECK(found.error(fit.beta.value.value_or(0), value("value2"), "BG/BB") <= 1e-7);
  CHECK(found.error(fit.gamma.value.value_or(0), value("value3"), "BG/BB") <= 1e-7);
  CHECK(found.error(fit.delta.value.value_or(0), value("value4"), "BG/BB") <= 1e-7);
  const char* const errors[] = {"se1", "se2", "se3", "se4"};
  // The reference prints 8 digits of the errors.
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(std::abs(fit.std_error[i] / value(errors[i]) - 1) <= 1e-5);
  }
}

TEST_CASE("the BG/BB likelihood is the printed one") {
  for (int n = 0; n <= 12; ++n) {
    for (int last = 0; last <= n; ++last) {
      for (int x = last == 0 ? 0 : 1; x <= last; ++x) {
        const figure l = log_likelihood(example, {x, last, n});
        REQUIRE(l.value);
        CHECK(std::abs(*l.value - printed_likelihood(1.204, 0.750, 0.657, 2.783, x, last, n)) <
              1e-12);
      }
    }
  }
}

TEST_CASE("all histories together have probability 1") {
  // A history stands for the orders in which the purchases before the last can have come.
  for (const bg_bb& model : {example, bg_bb{{0.3, 0}, {0.1, 0.2}}, bg_bb{{0.3, 0.4}, {0.1, 0}},
                             bg_bb{{0.3, 0.4}, {0, 0}}}) {
    const int n = 9;
    double total = 0;
    std::vector<double> by_count(static_cast<std::size_t>(n) + 1);
    for (int last = 0; last <= n; ++last) {
      for (int x = last == 0 ? 0 : 1; x <= last; ++x) {
        const double orders =
            x == 0 ? 1 : std::exp(std::lgamma(last) - std::lgamma(x) - std::lgamma(last - x + 1));
        const double p = orders * std::exp(*log_likelihood(model, {x, last, n}).value);
        total += p;
        by_count[static_cast<std::size_t>(x)] += p;
      }
    }
    CHECK(close(total, 1));
    double mean = 0;
    for (int x = 0; x <= n; ++x) {
      const figure p = purchase_probability(model, x, n);
      CHECK(close(p.value, by_count[static_cast<std::size_t>(x)], 1e-11));
      mean += x * *p.value;
    }
    CHECK(close(expected_purchases(model, n).value, mean));
    CHECK(purchase_probability(model, n + 1, n).value == 0.0);
  }
}

TEST_CASE("what is expected of a customer follows from the printed formulas") {
  const double alpha = 1.204, beta = 0.750, gamma = 0.657, delta = 2.783;
  for (const opportunity_history& h :
       {opportunity_history{0, 0, 6}, {1, 1, 6}, {3, 5, 6}, {6, 6, 6}, {2, 3, 40}}) {
    const int x = static_cast<int>(h.purchases), n = static_cast<int>(h.opportunities);
    const double likelihood =
        printed_likelihood(alpha, beta, gamma, delta, x, static_cast<int>(h.last), n);
    const double alive = std::exp(lbeta(alpha + x, beta + n - x) - lbeta(alpha, beta) +
                                  lbeta(gamma, delta + n + 1) - lbeta(gamma, delta) - likelihood);
    CHECK(close(probability_alive(example, h).value, alive, 1e-11));
    CHECK(std::abs(*log_probability_alive(example, h).value - std::log(alive)) < 1e-11);
    const double buys = (alpha + x) / (alpha + beta + n);
    const double ahead = 13;
    const double scale =
        std::exp(lbeta(alpha + x + 1, beta + n - x) - lbeta(alpha, beta) - likelihood) * delta /
        (gamma - 1) * std::exp(std::lgamma(gamma + delta) - std::lgamma(1 + delta));
    const double difference =
        std::exp(std::lgamma(1 + delta + n) - std::lgamma(gamma + delta + n)) -
        std::exp(std::lgamma(1 + delta + n + ahead) - std::lgamma(gamma + delta + n + ahead));
    CHECK(close(further_purchases(example, h, 13).value, scale * difference, 1e-10));
    // The residual value is the discounted sum of what each opportunity adds.
    for (const double rate : {0.1, 0.01, 3.0}) {
      double sum = 0, active = alive, worth = 1;
      for (int k = 1; k < 4000; ++k) {
        worth /= 1 + rate;
        sum += buys * active * worth;
        active *= (delta + n + k) / (gamma + delta + n + k);
      }
      CHECK(close(discounted_purchases(example, h, rate).value, sum, 1e-11));
    }
    // Two rates that differ little differ in proportion, however small they are.
    const double low = *discounted_purchases(example, h, 1e-9).value;
    const double high = *discounted_purchases(example, h, 2e-9).value;
    CHECK(low > high);
    CHECK(close(low / high, std::pow(2, 1 - gamma), 1e-3));
  }
}

TEST_CASE("the probability of being active keeps its digits at both ends") {
  // Bought 40 times in a row long ago.
  const opportunity_history gone{40, 40, 5000};
  const bg_bb steady{{0.9, 0.001}, {0.01, 0.001}};
  const double log_gone = *log_probability_alive(steady, gone).value;
  CHECK(log_gone < -700);
  CHECK(std::isfinite(log_gone));
  // With one probability to buy and one to leave everything is a geometric sum.
  const bg_bb plain{{0.5, 0}, {0.25, 0}};
  const double stay = 0.75 * 0.5;
  for (const int silent : {0, 1, 10, 1000}) {
    const double active = std::pow(stay, silent);
    double left = 0;
    for (int k = 0; k < silent; ++k) left += 0.25 * std::pow(stay, k);
    const double exact = silent * std::log(stay) - std::log(active + left) + std::log(0.75);
    CHECK(std::abs(*log_probability_alive(plain, {3, 3, 3 + silent}).value - exact) <
          1e-12 * (1 + silent));
  }
  // Close to certain, the logarithm tells how close.
  const bg_bb loyal{{0.5, 0}, {1e-12, 0}};
  CHECK(close(log_probability_alive(loyal, {4, 4, 4}).value, -1e-12, 1e-4));
}

TEST_CASE("customers who never leave are expected to buy for ever") {
  const bg_bb model{{0.5, 0.25}, {0, 0}};
  const opportunity_history h{1, 1, 9};
  CHECK(probability_alive(model, h).value == 1.0);
  const double buys = (1.5 + 1) / (3 + 9);
  CHECK(close(further_purchases(model, h, 100).value, 100 * buys));
  CHECK(close(discounted_purchases(model, h, 0.02).value, buys / 0.02));
}

TEST_CASE("histories that contradict themselves and bad arguments are refused") {
  CHECK(fit_of({{{2, 1, 6}, 1}}).why == status{condition::contradictory_row, 0});
  CHECK(fit_of({{{1, 7, 6}, 1}}).why == status{condition::contradictory_row, 0});
  CHECK(fit_of({{{0, 0, 6}, 1}, {{0, 2, 6}, 1}}).why == status{condition::contradictory_row, 1});
  CHECK(fit_of({{{-1, 2, 6}, 1}}).why == status{condition::negative_count, 0});
  CHECK(fit_of({{{1, 2, 6}, -3}}).why == status{condition::invalid_weight, 0});
  CHECK(fit_of({{{1, 2, 100'000'000}, 1}}).why == status{condition::too_large, 0});
  CHECK(fit_of({}).why.what == condition::insufficient_data);
  CHECK(fit_of({{{0, 0, 0}, 9}}).why.what == condition::insufficient_data);
  CHECK(probability_alive(example, {3, 2, 6}).why.what == condition::contradictory_row);
  CHECK(further_purchases(example, {1, 2, 6}, -1).why.what == condition::negative_count);
  CHECK(further_purchases(example, {1, 2, 6}, 1'000'000'000'000).why.what == condition::too_large);
  CHECK_THROWS_AS(discounted_purchases(example, {1, 2, 6}, 0), invalid_input);
  CHECK_THROWS_AS(probability_alive(bg_bb{{1.5, 0}, {0, 0}}, {1, 2, 6}), invalid_input);
  // Impossible under the model: everybody buys whenever active, and this one paused.
  CHECK(probability_alive(bg_bb{{1, 0}, {0.1, 0}}, {1, 2, 6}).why.what == condition::boundary);
}

TEST_CASE("fits at the edge of the model name the limit and give finite figures") {
  struct example_at_edge {
    const char* what;
    entries customers;
    status why;
  };
  const std::vector<example_at_edge> cases{
      {"nobody buys", {{{0, 0, 6}, 100}}, {condition::boundary, 0}},
      {"everybody last seen at the end",
       {{{3, 6, 6}, 10}, {{2, 6, 6}, 5}, {{6, 6, 6}, 4}, {{1, 6, 6}, 3}},
       {condition::no_churn, 2}},
      {"everybody buys always", {{{4, 4, 4}, 10}}, {condition::no_churn, 2}},
      {"one customer", {{{3, 5, 6}, 1}}, {condition::no_churn, 2}},
      {"everybody buys until gone",
       {{{4, 4, 4}, 10}, {{2, 2, 4}, 3}, {{1, 1, 4}, 3}, {{0, 0, 4}, 2}},
       {condition::boundary, 0}},
      {"one whale",
       {{{5000, 5000, 5000}, 1}, {{0, 0, 6}, 30}, {{1, 1, 6}, 10}},
       {condition::boundary, 0}},
      {"two opportunities",
       {{{1, 1, 2}, 3}, {{0, 0, 2}, 3}, {{2, 2, 2}, 1}},
       {condition::not_identified, -1}},
      {"all or nothing", {{{6, 6, 6}, 50}, {{0, 0, 6}, 50}}, {condition::not_identified, -1}}};
  for (const example_at_edge& e : cases) {
    CAPTURE(e.what);
    const bg_bb_fit fit = fit_of(e.customers);
    CHECK(fit.why == e.why);
    CHECK(std::isfinite(fit.log_likelihood));
    CHECK(fit.log_likelihood <= 0);
    for (const auto& row : fit.covariance) {
      for (const double c : row) CHECK(std::isfinite(c));
    }
    const figure_with_error alive = probability_alive(fit, e.customers[0].row);
    if (e.why.what == condition::not_identified) {
      CHECK(!alive.value);
    } else {
      CHECK(alive.value.has_value());
      CHECK(std::isfinite(alive.std_error.value()));
      CHECK(further_purchases(fit, e.customers[0].row, 5).value.has_value());
      CHECK(expected_purchases(fit, 5).value.has_value());
    }
  }
  // The limit models are those that one can work out by hand.
  const bg_bb_fit always = fit_of({{{4, 4, 4}, 10}});
  CHECK(always.log_likelihood == 0);
  CHECK(further_purchases(always, {4, 4, 4}, 7).value == 7.0);
  const bg_bb_fit one = fit_of({{{3, 5, 6}, 1}});
  CHECK(close(one.log_likelihood, 6 * std::log(0.5)));
  CHECK(close(one.model.purchase.mean, 0.5, 1e-9));
}

TEST_CASE("the limit without differences is the beta-binomial and binomial one") {
  // Nobody leaves: purchases are beta-binomial.
  const entries customers{{{3, 6, 6}, 10}, {{2, 6, 6}, 5}, {{6, 6, 6}, 4}, {{1, 6, 6}, 3}};
  const bg_bb_fit fit = fit_of(customers);
  std::vector<row_counts<binomial_count>::entry> counts;
  for (const auto& [row, count] : customers) counts.push_back({{row.purchases, 6}, count});
  const beta_binomial_fit other = fit_beta_binomial(row_counts<binomial_count>(counts));
  REQUIRE(other.why.ok());
  CHECK(close(fit.alpha.value, *other.alpha.value, 1e-9));
  CHECK(close(fit.beta.value, *other.beta.value, 1e-9));
  CHECK(close(fit.std_error[0], *other.alpha.value * other.log_alpha_error, 1e-8));
  CHECK(!fit.gamma.value);
}

TEST_CASE("the order of rows and how they were merged change no bit of a BG/BB fit") {
  std::vector<opportunity_history> rows;
  random_stream random(5, 5);
  for (int i = 0; i < 400; ++i) {
    rows.push_back(simulated(random, beta_variate(random, 1.2, 0.8), beta_variate(random, 0.8, 3),
                             5 + random.below(6)));
  }
  const std::span<const opportunity_history> all(rows);
  const bg_bb_fit fit = fit_bg_bb(row_counts<opportunity_history>(all));
  REQUIRE(fit.why.ok());
  const std::vector<opportunity_history> reversed(rows.rbegin(), rows.rend());
  row_counts<opportunity_history> merged(all.subspan(100));
  merged += row_counts<opportunity_history>(all.first(100));
  for (const bg_bb_fit& other :
       {fit_bg_bb(row_counts<opportunity_history>(std::span<const opportunity_history>(reversed))),
        fit_bg_bb(merged)}) {
    CHECK(other.alpha.value == fit.alpha.value);
    CHECK(other.delta.value == fit.delta.value);
    CHECK(other.log_likelihood == fit.log_likelihood);
    CHECK(other.covariance == fit.covariance);
  }
}

TEST_CASE("any histories end in a finite likelihood and an honest status") {
  CHECK(rc::check("finite", [] {
    const auto drawn = *rc::gen::container<std::vector<std::tuple<int, int, int, int>>>(
        rc::gen::tuple(rc::gen::inRange(0, 1000), rc::gen::inRange(0, 1000), rc::gen::inRange(0, 9),
                       rc::gen::inRange(1, 50)));
    entries customers;
    for (const auto& [a, b, n, count] : drawn) {
      const std::int64_t last = a * (n + 1) / 1000;
      const std::int64_t x = last == 0 ? 0 : 1 + b * last / 1000;
      customers.push_back({{x, last, n}, count});
    }
    const bg_bb_fit fit = fit_of(customers);
    RC_TAG(static_cast<int>(fit.why.what));
    RC_ASSERT(std::isfinite(fit.log_likelihood) && fit.log_likelihood <= 1e-9);
    for (const double e : fit.std_error) RC_ASSERT(std::isfinite(e) && e >= 0);
    for (const auto& e : customers) {
      const figure_with_error alive = probability_alive(fit, e.row);
      if (!alive.value) continue;
      RC_ASSERT(*alive.value >= 0 && *alive.value <= 1);
      RC_ASSERT(std::isfinite(alive.std_error.value()));
    }
  }));
}

TEST_CASE("BG/BB intervals hold the parameters that made the data") {
  const double truth[] = {1.2, 0.75, 0.66, 2.78};
  const bg_bb model{beta_spread_of(truth[0], truth[1]), beta_spread_of(truth[2], truth[3])};
  const opportunity_history asked{2, 4, 8};
  const double alive = *probability_alive(model, asked).value;
  const double further = *further_purchases(model, asked, 5).value;
  const double worth = *discounted_purchases(model, asked, 0.1).value;
  int hits[4] = {}, alive_hits = 0, further_hits = 0, worth_hits = 0, fits = 0;
  for (std::uint64_t sample = 0; sample < 100; ++sample) {
    random_stream random(31, sample);
    std::vector<opportunity_history> rows;
    for (int i = 0; i < 2000; ++i) {
      rows.push_back(simulated(random, beta_variate(random, truth[0], truth[1]),
                               beta_variate(random, truth[2], truth[3]), 8));
    }
    const bg_bb_fit fit =
        fit_bg_bb(row_counts<opportunity_history>(std::span<const opportunity_history>(rows)));
    REQUIRE(fit.why.ok());
    ++fits;
    const double z = confidence_95.z;
    const figure* parameters[] = {&fit.alpha, &fit.beta, &fit.gamma, &fit.delta};
    for (std::size_t i = 0; i < 4; ++i) {
      // In logarithms, where the likelihood is closer to a normal one.
      const double off = std::log(*parameters[i]->value / truth[i]);
      hits[i] += std::abs(off) <= z * fit.std_error[i] / *parameters[i]->value ? 1 : 0;
    }
    const auto holds = [&](const figure_with_error& e, double wanted) {
      return std::abs(*e.value - wanted) <= z * e.std_error.value() ? 1 : 0;
    };
    alive_hits += holds(probability_alive(fit, asked), alive);
    further_hits += holds(further_purchases(fit, asked, 5), further);
    worth_hits += holds(discounted_purchases(fit, asked, 0.1), worth);
  }
  for (const int h : hits) CHECK(plausible_coverage(h, fits, 0.95));
  CHECK(plausible_coverage(alive_hits, fits, 0.95));
  CHECK(plausible_coverage(further_hits, fits, 0.95));
  CHECK(plausible_coverage(worth_hits, fits, 0.95));
}

TEST_CASE("more customers than a double counts and rates too small to sum at are refused") {
  const bg_bb_fit fit =
      fit_of({{{0, 0, 6}, INT64_MAX}, {{1, 3, 6}, INT64_MAX}, {{6, 6, 6}, INT64_MAX}});
  CHECK(fit.why == status{condition::too_large, -1});
  CHECK(fit.customers == 0);
  CHECK(discounted_purchases(example, {2, 3, 6}, 1e-20).why ==
        status{condition::too_large, -1});
  CHECK(discounted_purchases(example, {2, 3, 6}, 1e-12).value);
  CHECK_THROWS_AS(
      discounted_purchases(example, {2, 3, 6}, std::numeric_limits<double>::infinity()),
      invalid_input);
}

TEST_CASE("BG/BB draws are spread as the covariance says, the same in any number") {
  const bg_bb_fit fit = fit_of({{{0, 0, 6}, 420}, {{1, 1, 6}, 90}, {{1, 3, 6}, 40},
                                {{1, 6, 6}, 22}, {{2, 2, 6}, 60}, {{2, 4, 6}, 41},
                                {{2, 6, 6}, 28}, {{3, 4, 6}, 55}, {{3, 6, 6}, 47},
                                {{4, 5, 6}, 60}, {{4, 6, 6}, 71}, {{5, 6, 6}, 104},
                                {{6, 6, 6}, 162}});
  REQUIRE(fit.why.ok());
  const auto values = [](const bg_bb& m) {
    const auto odds = [](double x) { return std::log(x) - std::log1p(-x); };
    return std::array<double, 4>{odds(m.purchase.mean), -odds(m.purchase.correlation),
                                 odds(m.dropout.mean), -odds(m.dropout.correlation)};
  };
  constexpr std::size_t n = 4000;
  const std::vector<bg_bb> draws = parameter_draws(fit, n, 7);
  REQUIRE(draws.size() == n);
  const std::array<double, 4> at = values(fit.model);
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double first = 0, product = 0;
      for (const bg_bb& d : draws) {
        const std::array<double, 4> v = values(d);
        first += (v[i] - at[i]) / n;
        product += (v[i] - at[i]) * (v[j] - at[j]) / n;
      }
      const double both = std::sqrt(fit.covariance[i][i] * fit.covariance[j][j]);
      CHECK(std::abs(first) <= 4 * std::sqrt(fit.covariance[i][i] / n));
      CHECK(std::abs(product - fit.covariance[i][j]) <= 4 * std::sqrt(2.0 / n) * both);
    }
  }
  const std::vector<bg_bb> three = parameter_draws(fit, 3, 7);
  CHECK(values(three[2]) == values(draws[2]));
  CHECK(values(parameter_draws(fit, 3, 8)[2]) != values(draws[2]));
  CHECK(parameter_draws(fit, 0, 7).empty());
}

TEST_CASE("BG/BB draws stay at what ran to a limit, and a failed fit has none") {
  const bg_bb_fit loyal =
      fit_of({{{2, 6, 6}, 5}, {{4, 6, 6}, 10}, {{6, 6, 6}, 4}, {{3, 6, 6}, 8}, {{5, 6, 6}, 3}});
  REQUIRE(loyal.why.what == condition::no_churn);
  for (const bg_bb& d : parameter_draws(loyal, 20, 1)) {
    CHECK(d.dropout.mean == 0);
    CHECK((d.purchase.mean > 0 && d.purchase.mean < 1));
    CHECK(probability_alive(d, {2, 3, 6}).value == 1.0);
  }
  const bg_bb_fit nobody = fit_of({{{0, 0, 6}, 5}});
  for (const bg_bb& d : parameter_draws(nobody, 3, 1)) CHECK(d.purchase.mean == 0);
  CHECK(parameter_draws(fit_of({}), 5, 1).empty());
  CHECK(parameter_draws(fit_of({{{1, 1, 2}, 5}, {{0, 0, 2}, 5}}), 5, 1).empty());
}
