// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include "support/reference.hpp"
#include "variates.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/confidence.hpp>
#include <salespulse/statistics/gamma_gamma.hpp>

#include <rapidcheck.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

using namespace salespulse;
using namespace salespulse::test;

namespace {

using totals = std::vector<purchase_total>;

gamma_gamma_fit fit_of(const totals& customers, const gamma_gamma_options& options = {}) {
  return fit_gamma_gamma(row_counts<purchase_total>(std::span<const purchase_total>(customers)),
                         options);
}

double error_of(const gamma_gamma_fit& fit, const figure& parameter, std::size_t i) {
  return parameter.value.value_or(0) * std::sqrt(fit.log_covariance[i][i]);
}

// Customers with repeat purchases; `spend` is the total in cents, from the mean in dollars.
totals totals_of(const reference_table& in, const char* mean) {
  totals customers;
  for (std::size_t i = 0; i < in.rows(); ++i) {
    const std::int64_t x = in.integer(i, "x");
    const double cents = 100 * in.number(i, mean) * static_cast<double>(x);
    // A mean of 0 belongs to customers without repeats, and to one who paid nothing for his.
    if (cents > 0) customers.push_back({x, std::llround(cents)});
  }
  return customers;
}

totals simulated(std::uint64_t seed, std::uint64_t sample, int customers, double p, double q,
                 double gamma) {
  random_stream random(seed, sample);
  totals all;
  while (static_cast<int>(all.size()) < customers) {
    const double nu = gamma_variate(random, q) / gamma;
    const std::int64_t x = 1 + random.below(8);
    const double spend = gamma_variate(random, p * static_cast<double>(x)) / nu;
    all.push_back({x, std::max<std::int64_t>(1, std::llround(spend * 10'000))});
  }
  return all;
}

const totals few{{1, 2500}, {3, 4200}, {2, 9000}, {5, 6100}, {1, 800}, {4, 14'000}, {2, 3300}};

}  // namespace

TEST_CASE("gamma-gamma fits of both CDNOW summaries agree with Newton iterations in 40 digits") {
  const reference_table exact("reference/customer_base/fits.csv");
  if (!available(exact, "reference/customer_base/fits.csv")) return;
  accuracy found("reference/customer_base/fits.csv");
  struct version {
    const char *name, *file, *mean;
  };
  // "exact cents" are means of the log's amounts (mean_spend of the summary in days); "2-decimal
  // zbar" are those means rounded to cents (zbar of the summary in weeks).
  for (const version& v :
       {version{"cdnow exact cents", "data/customer_base/cdnow_summary_exact_days.csv",
                "mean_spend"},
        version{"cdnow 2-decimal zbar", "data/customer_base/cdnow_summary_weeks_2_decimals.csv",
                "zbar"}}) {
    const reference_table in(v.file);
    REQUIRE(in.exists());
    const totals customers = totals_of(in, v.mean);
    REQUIRE(customers.size() == 946);
    const gamma_gamma_fit fit = fit_of(customers, {.units_per_amount = 100});
    REQUIRE(fit.why.ok());
    const auto value = [&](const char* column) {
      return exact.value({{"model", "Gamma-Gamma"}, {"data", v.name}}, column);
    };
    CAPTURE(v.name);
    CHECK(found.absolute_error(fit.log_likelihood, value("LL"), v.name) <= 1e-9);
    CHECK(found.error(fit.p.value.value_or(0), value("value1"), v.name) <= 1e-7);
    CHECK(found.error(fit.q.value.value_or(0), value("value2"), v.name) <= 1e-7);
    CHECK(found.error(fit.gamma.value.value_or(0), value("value3"), v.name) <= 1e-7);
    // The reference prints 8 digits of the errors.
    CHECK(std::abs(error_of(fit, fit.p, 0) / value("se1") - 1) <= 1e-5);
    CHECK(std::abs(error_of(fit, fit.q, 1) / value("se2") - 1) <= 1e-5);
    CHECK(std::abs(error_of(fit, fit.gamma, 2) / value("se3") - 1) <= 1e-5);
    // A million times the spend, within 64 bits.
    totals millions = customers;
    for (purchase_total& c : millions) c.spend *= 1'000'000;
    const gamma_gamma_fit large = fit_of(millions, {.units_per_amount = 100});
    CHECK(close(large.p.value, *fit.p.value));
    CHECK(close(large.q.value, *fit.q.value));
    CHECK(close(large.gamma.value, 1e6 * *fit.gamma.value));
    CHECK(close(error_of(large, large.gamma, 2), 1e6 * error_of(fit, fit.gamma, 2)));
  }
}

TEST_CASE("the mean spend of the CDNOW log gives the amounts of the summary") {
  const reference_table log("data/customer_base/cdnow_sample_log.csv");
  if (!available(log, "cdnow_sample_log.csv")) return;
  // Purchases of one day are one; the first day does not count; until 30 September 1997.
  struct customer {
    std::int64_t id = -1, first = 0, last = 0, purchases = 0, cents = 0;
  };
  std::vector<customer> customers;
  for (std::size_t i = 0; i < log.rows(); ++i) {
    const std::int64_t id = log.integer(i, "sample_id");
    const std::int64_t day = log.integer(i, "date");
    if (day > 19970930) continue;
    if (customers.empty() || customers.back().id != id) customers.push_back({id, day, day, 0, 0});
    customer& c = customers.back();
    if (day == c.first) continue;
    if (day != c.last) ++c.purchases;
    c.last = day;
    c.cents += std::llround(100 * log.number(i, "dollar_value"));
  }
  totals from_log;
  for (const customer& c : customers) {
    if (c.purchases > 0 && c.cents > 0) from_log.push_back({c.purchases, c.cents});
  }
  const reference_table exact("reference/customer_base/fits.csv");
  const gamma_gamma_fit fit = fit_of(from_log, {.units_per_amount = 100});
  REQUIRE(fit.why.ok());
  CHECK(std::abs(fit.log_likelihood -
                 exact.value({{"model", "Gamma-Gamma"}, {"data", "cdnow exact cents"}}, "LL")) <=
        1e-9);
}

TEST_CASE("expected spend weighs the own mean and that of all") {
  const gamma_gamma_fit fit = fit_of(few, {.units_per_amount = 100});
  REQUIRE(fit.why.ok());
  const double p = *fit.p.value, q = *fit.q.value, gamma = *fit.gamma.value;
  REQUIRE(q > 1);
  const double all = p * gamma / (q - 1);
  CHECK(close(expected_spend(fit, {}, {.units_per_amount = 100}).value, all));
  for (const purchase_total& c : few) {
    const figure_with_error s = expected_spend(fit, c, {.units_per_amount = 100});
    const auto x = static_cast<double>(c.purchases);
    const double own = static_cast<double>(c.spend) / 100 / x;
    const double weight = p * x / (p * x + q - 1);
    CHECK(close(s.value, weight * own + (1 - weight) * all));
    CHECK(s.std_error.value() > 0);
    CHECK(s.std_error.value() < *s.value);
  }
  // With many purchases the own mean is all that counts.
  const figure_with_error sure =
      expected_spend(fit, {1'000'000'000, 7'000'000'000'000}, {.units_per_amount = 100});
  CHECK(close(sure.value, 70, 1e-8));
  CHECK(sure.std_error.value() < 1e-6);
}

TEST_CASE("delta errors of expected spend are those of a refit's slope") {
  const gamma_gamma_fit fit = fit_of(few);
  REQUIRE(fit.why.ok());
  const purchase_total customer{3, 5000};
  // The same by numerical slopes in the logarithms.
  double slope[3];
  for (std::size_t i = 0; i < 3; ++i) {
    const auto moved = [&](double by) {
      gamma_gamma_fit other = fit;
      double* const parameters[] = {&*other.p.value, &*other.q.value, &*other.gamma.value};
      *parameters[i] *= std::exp(by);
      return *expected_spend(other, customer).value;
    };
    slope[i] = (moved(1e-5) - moved(-1e-5)) / 2e-5;
  }
  double variance = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) variance += slope[i] * fit.log_covariance[i][j] * slope[j];
  }
  CHECK(close(expected_spend(fit, customer).std_error.value(), std::sqrt(variance), 1e-7));
}

TEST_CASE("a heavy tail leaves a stranger without a mean but not a customer") {
  const gamma_gamma_fit fit = fit_of(simulated(4, 4, 300, 2, 0.7, 1));
  REQUIRE(fit.why.ok());
  REQUIRE(*fit.q.value < 1);
  CHECK(expected_spend(fit, {}).why.what == condition::infinite_mean);
  CHECK(!expected_spend(fit, {}).value);
  CHECK(expected_spend(fit, {3, 300}).value);
}

TEST_CASE("identical spend, one buyer and bad rows have their statuses") {
  CHECK(fit_of({{1, 100}, {2, 200}, {5, 500}}).why.what == condition::zero_variance);
  CHECK(fit_of({{3, 100}, {3, 100}}).why.what == condition::zero_variance);
  CHECK(fit_of({{3, 100}, {0, 0}}).why.what == condition::insufficient_data);
  CHECK(fit_of({}).why.what == condition::insufficient_data);
  CHECK(fit_of({{1, 5}, {3, 0}}).why == status{condition::nonpositive_value, 1});
  CHECK(fit_of({{1, -5}, {3, 2}}).why == status{condition::nonpositive_value, 0});
  CHECK(fit_of({{0, 5}, {3, 2}}).why == status{condition::nonpositive_value, 0});
  CHECK(fit_of({{-1, 5}, {3, 2}}).why == status{condition::negative_count, 0});
  const gamma_gamma_fit none = fit_of({{1, 100}, {2, 200}});
  CHECK(!none.p.value);
  CHECK(none.log_likelihood == 0);
  CHECK(!expected_spend(none, {1, 100}).value);
  CHECK_THROWS_AS(fit_of(few, {.units_per_amount = 0}), invalid_input);
}

TEST_CASE("customers who differ no more than their purchases get one mean") {
  const totals alike{{1, 100}, {1, 200}, {1, 50}, {100, 10'000}, {100, 10'100}, {50, 5050}};
  const gamma_gamma_fit fit = fit_of(alike);
  CHECK(fit.why == status{condition::no_heterogeneity, 1});
  CHECK(!fit.q.value);
  CHECK(!fit.gamma.value);
  // The limit model is a gamma distribution of purchases, whose mean is that of all of them.
  CHECK(close(fit.centre, 25'500.0 / 253));
  CHECK(expected_spend(fit, alike[0]).value == fit.centre);
  CHECK(expected_spend(fit, {}).value == fit.centre);
  CHECK(std::isfinite(fit.log_likelihood));
}

TEST_CASE("purchases that do not differ within customers leave everybody his own mean") {
  const totals apart{{1, 100}, {2, 900}, {1, 350}, {100, 10'000'000}, {100, 500}, {50, 3000}};
  const gamma_gamma_fit fit = fit_of(apart);
  CHECK(fit.why == status{condition::boundary, 0});
  CHECK(!fit.p.value);
  CHECK(!fit.gamma.value);
  CHECK(fit.q.value);
  CHECK(expected_spend(fit, {4, 10}).value == 2.5);
  CHECK(std::isfinite(fit.log_likelihood));
}

TEST_CASE("another currency changes amounts by its factor and nothing else") {
  CHECK(rc::check("currency", [] {
    totals customers = few;
    const auto more =
        *rc::gen::resize(20, rc::gen::container<std::vector<std::pair<int, int>>>(rc::gen::pair(
                                 rc::gen::inRange(1, 20), rc::gen::inRange(1, 100'000))));
    for (const auto& [x, spend] : more) customers.push_back({x, spend});
    const std::int64_t factor = *rc::gen::inRange(2, 1'000'000);
    const gamma_gamma_fit fit = fit_of(customers);
    for (purchase_total& c : customers) c.spend *= factor;
    const gamma_gamma_fit other = fit_of(customers);
    RC_ASSERT(other.why == fit.why);
    const auto k = static_cast<double>(factor);
    // A likelihood that is nearly flat multiplies the rounding of its data by its condition.
    const double flat = 1 + fit.log_covariance[0][0] + fit.log_covariance[1][1];
    RC_ASSERT(std::abs(other.centre / k / fit.centre - 1) < 1e-12 * flat);
    if (fit.why.ok()) {
      RC_ASSERT(std::abs(*other.p.value / *fit.p.value - 1) < 1e-12 * flat);
      RC_ASSERT(std::abs(*other.q.value / *fit.q.value - 1) < 1e-12 * flat);
      RC_ASSERT(std::abs(*other.gamma.value / k / *fit.gamma.value - 1) < 1e-12 * flat);
    }
    // Minor units that say how many they are change nothing at all.
    const gamma_gamma_fit named = fit_of(customers, {.units_per_amount = k});
    RC_ASSERT(std::abs(named.centre / fit.centre - 1) < 1e-12 * flat);
    RC_ASSERT(std::abs(named.log_likelihood - fit.log_likelihood) <
              1e-11 * (1 + std::abs(fit.log_likelihood)));
  }));
}

TEST_CASE("the order of rows and how they were merged change no bit of a gamma-gamma fit") {
  const totals customers = simulated(3, 1, 60, 4, 3, 10);
  const gamma_gamma_fit fit = fit_of(customers);
  const totals reversed(customers.rbegin(), customers.rend());
  const std::span<const purchase_total> all(customers);
  row_counts<purchase_total> merged(all.subspan(17));
  merged += row_counts<purchase_total>(all.first(17));
  for (const gamma_gamma_fit& other : {fit_of(reversed), fit_gamma_gamma(merged)}) {
    CHECK(other.p.value == fit.p.value);
    CHECK(other.gamma.value == fit.gamma.value);
    CHECK(other.log_likelihood == fit.log_likelihood);
    CHECK(other.log_covariance == fit.log_covariance);
  }
}

TEST_CASE("gamma-gamma intervals hold the parameters that made the data") {
  const double truth[] = {4, 5, 20};
  int hits[3] = {}, mean_hits = 0, fits = 0;
  for (std::uint64_t sample = 0; sample < 100; ++sample) {
    const gamma_gamma_fit fit = fit_of(simulated(21, sample, 300, truth[0], truth[1], truth[2]),
                                       {.units_per_amount = 10'000});
    REQUIRE(fit.why.ok());
    ++fits;
    const figure* parameters[] = {&fit.p, &fit.q, &fit.gamma};
    for (std::size_t i = 0; i < 3; ++i) {
      const double off = std::log(*parameters[i]->value / truth[i]);
      hits[i] += std::abs(off) <= confidence_95.z * std::sqrt(fit.log_covariance[i][i]) ? 1 : 0;
    }
    const figure_with_error mean = expected_spend(fit, {}, {.units_per_amount = 10'000});
    const double expected = truth[0] * truth[2] / (truth[1] - 1);
    const double off = std::abs(*mean.value - expected);
    mean_hits += off <= confidence_95.z * mean.std_error.value() ? 1 : 0;
  }
  for (const int h : hits) CHECK(plausible_coverage(h, fits, 0.95));
  CHECK(plausible_coverage(mean_hits, fits, 0.95));
}

TEST_CASE("more customers than a double counts and amounts beyond its range are refused") {
  const row_counts<purchase_total> many(std::vector<row_counts<purchase_total>::entry>{
      {{1, INT64_MAX}, INT64_MAX}, {{3, 5}, INT64_MAX}, {{7, 9}, 1}});
  CHECK(fit_gamma_gamma(many).why == status{condition::too_large, -1});
  const gamma_gamma_options tiny{.units_per_amount = 5e-324};
  const gamma_gamma_fit fit = fit_of(few, tiny);
  CHECK(fit.why == status{condition::out_of_range, -1});
  CHECK(!fit.gamma.value);
  CHECK(!expected_spend(fit, few[0], tiny).value);
  CHECK(expected_spend(fit_of(few), few[0], tiny).why == status{condition::out_of_range, 0});
}

TEST_CASE("expected spend under known parameters is that of the fit, at the limits too") {
  const totals same_purchases{{1, 10}, {2, 40}, {1, 30}, {3, 60}, {50, 500}, {40, 1600}};
  const totals same_customers{{1, 100}, {1, 200}, {1, 50}, {100, 10'000}, {50, 5050}};
  for (const totals& customers : {few, same_purchases, same_customers}) {
    const gamma_gamma_fit fit = fit_of(customers);
    REQUIRE(fit.centre > 0);
    const gamma_gamma model{fit.centre, fit.p.value ? 1 / *fit.p.value : 0,
                            fit.q.value ? 1 / *fit.q.value : 0};
    for (const purchase_total& c : {purchase_total{0, 0}, {1, 700}, {9, 100'000}}) {
      const figure known = expected_spend(model, c);
      const figure_with_error fitted = expected_spend(fit, c);
      REQUIRE(known.value.has_value() == fitted.value.has_value());
      if (known.value) CHECK(std::abs(*known.value / *fitted.value - 1) < 1e-12);
    }
  }
  CHECK(expected_spend(gamma_gamma{5, 0.5, 1}, {}).why.what == condition::infinite_mean);
  CHECK(expected_spend(gamma_gamma{5, 0.5, 1}, {1, 3}).value);
  CHECK(expected_spend(gamma_gamma{5, 0, 0.5}, {}).value == 10.0);
  CHECK(expected_spend(gamma_gamma{}, {2, 0}).why.what == condition::nonpositive_value);
  CHECK_THROWS_AS(expected_spend(gamma_gamma{0, 1, 1}, {}), invalid_input);
  CHECK_THROWS_AS(expected_spend(gamma_gamma{1, -1, 1}, {}), invalid_input);
  CHECK_THROWS_AS(expected_spend(gamma_gamma{1, 1, std::nan("")}, {}), invalid_input);
}

TEST_CASE("gamma-gamma draws are spread as the covariance says, the same in any number") {
  const gamma_gamma_fit fit = fit_of(simulated(5, 1, 300, 4, 3, 12));
  REQUIRE(fit.why.ok());
  constexpr std::size_t n = 4000;
  const std::vector<gamma_gamma> draws = parameter_draws(fit, n, 7);
  REQUIRE(draws.size() == n);
  const auto logs = [](const gamma_gamma& m) {
    return std::array<double, 3>{-std::log(m.within), -std::log(m.between),
                                 std::log(m.centre * m.within / m.between)};
  };
  const std::array<double, 3> at{std::log(*fit.p.value), std::log(*fit.q.value),
                                 std::log(*fit.gamma.value)};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double first = 0, product = 0;
      for (const gamma_gamma& d : draws) {
        first += (logs(d)[i] - at[i]) / n;
        product += (logs(d)[i] - at[i]) * (logs(d)[j] - at[j]) / n;
      }
      const double both = std::sqrt(fit.log_covariance[i][i] * fit.log_covariance[j][j]);
      CHECK(std::abs(first) <= 4 * std::sqrt(fit.log_covariance[i][i] / n));
      CHECK(std::abs(product - fit.log_covariance[i][j]) <= 4 * std::sqrt(2.0 / n) * both);
    }
  }
  CHECK(logs(parameter_draws(fit, 3, 7)[2]) == logs(draws[2]));
  CHECK(logs(parameter_draws(fit, 3, 8)[2]) != logs(draws[2]));
  // The spread of what follows from the draws is that of the delta method.
  const figure_with_error mean = expected_spend(fit, {3, 150'000});
  double square = 0;
  for (const gamma_gamma& d : draws) {
    square += std::pow(*expected_spend(d, {3, 150'000}).value - *mean.value, 2) / n;
  }
  CHECK(std::abs(std::sqrt(square) / mean.std_error.value() - 1) < 0.1);
}

TEST_CASE("gamma-gamma draws stay at what ran to a limit, and a failed fit has none") {
  const gamma_gamma_fit alike =
      fit_of({{1, 100}, {1, 200}, {1, 50}, {100, 10'000}, {100, 10'100}, {50, 5050}});
  REQUIRE(alike.why.what == condition::no_heterogeneity);
  const std::vector<gamma_gamma> draws = parameter_draws(alike, 20, 1);
  REQUIRE(draws.size() == 20);
  for (const gamma_gamma& d : draws) {
    CHECK(d.between == 0);
    CHECK(d.within > 0);
    CHECK(std::abs(d.centre / alike.centre - 1) < 6 * std::sqrt(alike.log_covariance[2][2]));
  }
  CHECK(parameter_draws(fit_of({{1, 5}}), 5, 1).empty());
}
