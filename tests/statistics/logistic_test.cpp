// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/logistic.hpp>

#include <salespulse/core/random.hpp>
#include <salespulse/core/result.hpp>
#include <support/catch.hpp>

#include "support/reference.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

using namespace salespulse;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using salespulse::test::accuracy;
using salespulse::test::reference_table;

namespace {

constexpr const char* exact_file = "reference/statistics/hp_eb_logit.csv";
constexpr const char* scalars_file = "reference/statistics/logistic_scalars.csv";
constexpr const char* birthwt_file = "reference/statistics/inputs/birthwt.csv";

// Owns what a `logistic_data` looks at.
struct sample {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<double> x;  // by column
  std::vector<std::int64_t> events;
  std::vector<std::int64_t> trials;
  std::vector<double> offset;

  [[nodiscard]] logistic_data data() const {
    return {.covariates = {x, rows, columns}, .events = events, .trials = trials, .offset = offset};
  }
  [[nodiscard]] double& at(std::size_t row, std::size_t column) { return x[column * rows + row]; }
  [[nodiscard]] double at(std::size_t row, std::size_t column) const {
    return x[column * rows + row];
  }
};

sample sample_of(std::vector<std::vector<double>> columns, std::vector<std::int64_t> events) {
  sample s{events.size(), columns.size(), {}, std::move(events), {}, {}};
  for (const std::vector<double>& c : columns) s.x.insert(s.x.end(), c.begin(), c.end());
  return s;
}

const std::vector<std::string>& birthwt_names() {
  static const std::vector<std::string> names{"age", "lwt", "black", "other", "smoke",
                                              "ptl", "ht",  "ui",    "ftv"};
  return names;
}

sample birthwt(const reference_table& table) {
  sample s{table.rows(), birthwt_names().size(), {}, {}, {}, {}};
  for (const std::string& name : birthwt_names()) {
    for (std::size_t i = 0; i < table.rows(); ++i) s.x.push_back(table.number(i, name));
  }
  for (std::size_t i = 0; i < table.rows(); ++i) s.events.push_back(table.integer(i, "low"));
  return s;
}

// Logistic outcomes of uniform covariates.
sample simulated(std::size_t rows, std::vector<double> truth, std::uint64_t seed) {
  sample s{rows, truth.size() - 1, std::vector<double>(rows * (truth.size() - 1)), {}, {}, {}};
  random_stream draws(seed, 7);
  for (std::size_t i = 0; i < rows; ++i) {
    double eta = truth[0];
    for (std::size_t j = 0; j + 1 < truth.size(); ++j) {
      s.at(i, j) = 2 * draws.uniform() - 1;
      eta += truth[j + 1] * s.at(i, j);
    }
    s.events.push_back(draws.chance(1 / (1 + std::exp(-eta))) ? 1 : 0);
  }
  return s;
}

double difference(const regression_fit& a, const regression_fit& b) {
  double most = 0;
  for (std::size_t i = 0; i < a.coefficients.size(); ++i) {
    const double scale = 1 + std::abs(a.coefficients[i]);
    most = std::max(most, std::abs(a.coefficients[i] - b.coefficients[i]) / scale);
    most = std::max(most, std::abs(a.std_errors[i] / b.std_errors[i] - 1));
  }
  return most;
}

}  // namespace

TEST_CASE("logistic regressions of the birth weights have the digits of a 50-digit Newton") {
  const reference_table table(birthwt_file);
  const reference_table exact(exact_file);
  if (!available(table, birthwt_file) || !available(exact, exact_file)) return;
  const sample s = birthwt(table);
  accuracy a(exact_file);
  struct named {
    const char* name;
    regression_options options;
  };
  for (const named& m :
       {named{"birthwt_ml", {}}, named{"birthwt_firth", {.method = regression_method::firth}},
        named{"birthwt_ridge_lambda0.1", {.ridge = 0.1}},
        named{"birthwt_ridge_lambda1", {.ridge = 1}},
        named{"birthwt_ridge_lambda10", {.ridge = 10}}}) {
    const regression_fit fit = fit_logistic(s.data(), m.options);
    REQUIRE(fit.why.ok());
    const std::vector<std::size_t> rows = exact.where({{"case", m.name}});
    CHECK(rows.size() >= 10);
    for (const std::size_t row : rows) {
      const std::string& what = exact.text(row, "quantity");
      const std::string& name = exact.text(row, "index");
      double computed = fit.log_likelihood;
      if (what != "loglik") {
        std::size_t i = 0;
        while (name != "(Intercept)" && birthwt_names().at(i) != name) ++i;
        if (name != "(Intercept)") ++i;
        computed = what == "coef" ? fit.coefficients[i] : fit.std_errors[i];
      }
      INFO(m.name << " " << what << " " << name);
      CHECK(a.error(computed, exact.number(row, "value"), m.name + (" " + what)) <= 1e-11);
    }
  }
}

TEST_CASE("likelihood, deviance, covariance and fitted values agree with R") {
  const reference_table table(birthwt_file);
  const reference_table r(scalars_file);
  if (!available(table, birthwt_file) || !available(r, scalars_file)) return;
  const sample s = birthwt(table);
  accuracy a(scalars_file);
  const regression_fit fit = fit_logistic(s.data());
  const std::string ml = "birthwt_ml";
  CHECK(a.error(-2 * fit.log_likelihood, r.value({{"case", ml}, {"quantity", "deviance"}})) <=
        1e-13);
  CHECK_THAT(fit.effective_parameters, WithinRel(10, 1e-13));
  const sample none{s.rows, 0, {}, s.events, {}, {}};
  CHECK(a.error(-2 * fit_logistic(none.data()).log_likelihood,
                r.value({{"case", ml}, {"quantity", "null_deviance"}})) <= 1e-13);
  for (const auto& [name, lambda] : {std::pair{"0.1", 0.1}, {"1", 1.0}, {"10", 10.0}}) {
    const regression_fit ridge = fit_logistic(s.data(), {.ridge = lambda});
    CHECK(
        a.error(ridge.log_likelihood, r.value({{"case", std::string("birthwt_ridge_lambda") + name},
                                               {"quantity", "loglik_unpenalised"}})) <= 1e-13);
  }
  const std::vector<regression_prediction> p =
      predict_logistic(fit, s.data().covariates, confidence_95);
  for (std::size_t i = 0; i < 5; ++i) {
    const std::string row = std::to_string(i + 1);
    CHECK(a.error(p[i].mean,
                  r.value({{"case", ml}, {"quantity", "fitted_first5"}, {"index", row}})) <= 1e-12);
    // The leverage is what the prediction's variance is of a trial's. R holds ten digits of it.
    const double leverage = p[i].std_error * p[i].std_error * p[i].mean * (1 - p[i].mean);
    CHECK_THAT(
        leverage,
        WithinRel(r.value({{"case", ml}, {"quantity", "hat_first5"}, {"index", row}}), 1e-8));
    CHECK(p[i].range.lower < p[i].mean);
    CHECK(p[i].mean < p[i].range.upper);
  }
  // R's standard errors are those of its last step but one, hence eight digits.
  for (const std::size_t row : r.where({{"case", ml}, {"quantity", "vcov"}})) {
    const std::string& name = r.text(row, "index");
    const auto place = [&](const std::string& of) {
      for (std::size_t i = 0; i < 9; ++i) {
        if (birthwt_names()[i] == of) return i + 1;
      }
      return std::size_t{0};
    };
    const std::size_t bar = name.find('|');
    const double computed =
        fit.covariance[place(name.substr(0, bar)) * 10 + place(name.substr(bar + 1))];
    CHECK(std::abs(computed / r.number(row, "value") - 1) <= 1e-7);
  }
}

TEST_CASE("a profile limit is where the likelihood without the coefficient has fallen enough") {
  const reference_table table(birthwt_file);
  const reference_table r(scalars_file);
  if (!available(table, birthwt_file) || !available(r, scalars_file)) return;
  const sample s = birthwt(table);
  for (const double ridge : {0.0, 1.0}) {
    const regression_options options{.ridge = ridge};
    const regression_fit fit = fit_logistic(s.data(), options);
    for (const std::size_t j : {0U, 1U, 5U, 7U}) {
      const profile_limits limits = logistic_profile(s.data(), fit, j, confidence_95, options);
      REQUIRE(limits.lower.value.has_value());
      REQUIRE(limits.upper.value.has_value());
      if (ridge == 0) {
        // R interpolates its profile; three digits.
        const std::string name = j == 0 ? "(Intercept)" : birthwt_names()[j - 1];
        const auto of = [&](const char* side) {
          return r.value({{"case", "birthwt_ml"},
                          {"quantity", "profile_ci95_interp"},
                          {"index", name + side}});
        };
        CHECK_THAT(*limits.lower.value, WithinAbs(of("|2.5 %"), 2e-3 * fit.std_errors[j]));
        CHECK_THAT(*limits.upper.value, WithinAbs(of("|97.5 %"), 2e-3 * fit.std_errors[j]));
      }
      for (const double at : {*limits.lower.value, *limits.upper.value}) {
        sample without{s.rows, s.columns, {}, s.events, {}, {}};
        for (std::size_t i = 0; i < s.rows; ++i) {
          without.offset.push_back(at * (j == 0 ? 1 : s.at(i, j - 1)));
        }
        for (std::size_t c = 0; c < s.columns; ++c) {
          if (c + 1 == j) continue;
          for (std::size_t i = 0; i < s.rows; ++i) without.x.push_back(s.at(i, c));
        }
        without.columns -= j == 0 ? 0 : 1;
        const regression_fit rest =
            fit_logistic(without.data(), {.intercept = j != 0, .ridge = ridge});
        REQUIRE(rest.why.ok());
        const double objective = rest.objective - (j == 0 ? 0 : 0.5 * ridge * at * at);
        CHECK_THAT(2 * (fit.objective - objective),
                   WithinRel(confidence_95.z * confidence_95.z, 1e-9));
      }
    }
  }
}

TEST_CASE("Firth's estimate of separated cases has the digits of a 40-digit search") {
  const sample s = sample_of({{1, 2, 3, 4, 5, 6, 7, 8}}, {0, 0, 0, 0, 1, 1, 1, 1});
  const regression_options firth{.method = regression_method::firth};
  const regression_fit fit = fit_logistic(s.data(), firth);
  REQUIRE(fit.why.ok());
  CHECK_THAT(fit.coefficients[0], WithinRel(-4.6473497699788926162, 1e-12));
  CHECK_THAT(fit.coefficients[1], WithinRel(1.0327443933286428036, 1e-12));
  CHECK_THAT(fit.std_errors[0], WithinRel(3.1980798490118846872, 1e-12));
  CHECK_THAT(fit.std_errors[1], WithinRel(0.67266478106224174653, 1e-12));
  CHECK_THAT(fit.log_likelihood, WithinRel(-1.5200785668108893107, 1e-12));
  CHECK_THAT(fit.objective, WithinRel(-1.1550752093646576211, 1e-12));
  const profile_limits limits = logistic_profile(s.data(), fit, 1, confidence_95, firth);
  REQUIRE(limits.lower.value.has_value());
  REQUIRE(limits.upper.value.has_value());
  CHECK_THAT(*limits.lower.value, WithinRel(0.13414056256278013378, 1e-9));
  CHECK_THAT(*limits.upper.value, WithinRel(5.746496142258875231, 1e-9));
  const sample turned = sample_of({{8, 7, 6, 5, 4, 3, 2, 1}}, {0, 0, 0, 0, 1, 1, 1, 1});
  CHECK_THAT(fit_logistic(turned.data(), firth).coefficients[1],
             WithinRel(-fit.coefficients[1], 1e-12));
}

TEST_CASE("separation is found, with the coefficient") {
  const std::vector<std::int64_t> y{0, 0, 0, 0, 1, 1, 1, 1};
  SECTION("complete") {
    const regression_fit fit = fit_logistic(sample_of({{1, 2, 3, 4, 5, 6, 7, 8}}, y).data());
    CHECK(fit.why == status{condition::separation, 1});
    CHECK(fit.involved == std::vector<std::size_t>{0, 1});
    CHECK(fit.coefficients.empty());
    CHECK(fit.log_likelihood == 0);
  }
  SECTION("quasi-complete, by a rare trait beside an honest covariate") {
    // Nobody with the trait lacks the event; the other column overlaps.
    const sample s =
        sample_of({{1, 4, 2, 6, 3, 5, 9, 7, 8, 4, 2, 6}, {0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1}},
                  {0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1});
    const regression_fit fit = fit_logistic(s.data());
    CHECK(fit.why == status{condition::separation, 2});
    CHECK(fit.involved == std::vector<std::size_t>{2});
    const regression_fit firth = fit_logistic(s.data(), {.method = regression_method::firth});
    REQUIRE(firth.why.ok());
    CHECK(firth.coefficients[2] > 0);
    CHECK(fit_logistic(s.data(), {.ridge = 0.1}).why.ok());
    // A penalty on the other column alone does not help.
    const std::vector<double> other{0, 1, 0};
    CHECK(fit_logistic(s.data(), {.penalty = other}).why == status{condition::separation, 2});
  }
  SECTION("touching at one value") {
    const sample s = sample_of({{1, 2, 3, 4, 4, 5, 6, 7}}, y);
    CHECK(fit_logistic(s.data()).why == status{condition::separation, 1});
  }
  SECTION("by a sum of two columns, neither of which separates") {
    const sample s = sample_of({{1, 9, 4, 6, 3, 9, 6, 8}, {8, 1, 5, 3, 9, 3, 7, 4}}, y);
    const regression_fit fit = fit_logistic(s.data());
    CHECK(fit.why.what == condition::separation);
    CHECK(fit.involved == std::vector<std::size_t>{0, 1, 2});
  }
  SECTION("in collapsed rows") {
    sample s = sample_of({{0, 1, 2}}, {10, 40, 30});
    s.trials = {20, 60, 30};
    CHECK(fit_logistic(s.data()).why.ok());
    s = sample_of({{0, 0, 1}}, {10, 40, 30});
    s.trials = {20, 60, 30};
    CHECK(fit_logistic(s.data()).why == status{condition::separation, 1});
  }
  SECTION("only of a few rows among many") {
    sample s = simulated(2000, {0.3, 1, -1}, 5);
    s.columns = 3;
    for (std::size_t i = 0; i < s.rows; ++i) s.x.push_back(i % 100 == 0 ? 1 : 0);
    for (std::size_t i = 0; i < s.rows; i += 100) s.events[i] = 0;
    const regression_fit fit = fit_logistic(s.data());
    CHECK(fit.why == status{condition::separation, 3});
    CHECK(fit.involved == std::vector<std::size_t>{3});
  }
}

TEST_CASE("a nearly separated sample is fitted, not called separated") {
  // One pair of cases in the wrong order by a hair: the coefficient is finite.
  sample s = sample_of({{1, 2, 3, 4, 4 - 1e-9, 5, 6, 7}}, {0, 0, 0, 0, 1, 1, 1, 1});
  const regression_fit fit = fit_logistic(s.data());
  REQUIRE(fit.why.ok());
  CHECK(fit.coefficients[1] > 5);
  double score = 0;
  double slope = 0;
  for (std::size_t i = 0; i < s.rows; ++i) {
    const double p = 1 / (1 + std::exp(-fit.coefficients[0] - fit.coefficients[1] * s.at(i, 0)));
    score += static_cast<double>(s.events[i]) - p;
    slope += s.at(i, 0) * (static_cast<double>(s.events[i]) - p);
  }
  CHECK(std::abs(score) < 1e-9);
  CHECK(std::abs(slope) < 1e-9);
}

TEST_CASE("only events or none are separation of the intercept, and Firth's estimate is finite") {
  for (const std::int64_t y : {0, 1}) {
    const sample s = sample_of({{3, 1, 4, 1, 5}}, std::vector<std::int64_t>(5, y));
    const regression_fit fit = fit_logistic(s.data());
    CHECK(fit.why == status{condition::separation, 0});
    CHECK(fit.involved == std::vector<std::size_t>{0});
    CHECK(fit_logistic(s.data(), {.ridge = 1}).why == status{condition::separation, 0});
    const std::vector<double> all(2, 1.0);
    CHECK(fit_logistic(s.data(), {.penalty = all}).why.ok());
    REQUIRE(fit_logistic(s.data(), {.method = regression_method::firth}).why.ok());
    // Without covariates Firth's estimate is the log odds of half a success more on either side.
    const sample none{5, 0, {}, s.events, {}, {}};
    const regression_fit firth = fit_logistic(none.data(), {.method = regression_method::firth});
    REQUIRE(firth.why.ok());
    CHECK_THAT(firth.coefficients[0], WithinRel((y == 1 ? 1 : -1) * std::log(11.0), 1e-12));
  }
}

TEST_CASE("linear predictors of 800 keep the likelihood exact") {
  sample s = sample_of({{0, 1, 0, 1, 0, 0}}, {1, 0, 0, 1, 1, 0});
  s.offset = {0, 0, 0, 0, 800, -800};
  const regression_fit plain = fit_logistic(s.data());
  REQUIRE(plain.why.ok());
  CHECK_THAT(plain.log_likelihood, WithinRel(-4 * std::log(2.0), 1e-14));
  s.offset = {0, 0, 0, 0, -800, 800};
  const regression_fit against = fit_logistic(s.data(), {.ridge = 1});
  REQUIRE(against.why.ok());
  CHECK_THAT(against.log_likelihood, WithinRel(-1600 - 4 * std::log(2.0), 1e-14));
}

TEST_CASE("dependent columns are named, in whatever order they come") {
  const sample base = simulated(60, {0, 1, 1, 1}, 9);
  const auto column = [&](std::size_t j) {
    return std::vector<double>(base.x.begin() + static_cast<std::ptrdiff_t>(j * base.rows),
                               base.x.begin() + static_cast<std::ptrdiff_t>((j + 1) * base.rows));
  };
  std::vector<double> sum(base.rows);
  for (std::size_t i = 0; i < base.rows; ++i) sum[i] = 0.1 * base.at(i, 0) + 3 * base.at(i, 1);
  const regression_fit last =
      fit_logistic(sample_of({column(0), column(1), column(2), sum}, base.events).data());
  CHECK(last.why == status{condition::rank_deficient, 4});
  CHECK(last.involved == std::vector<std::size_t>{1, 2, 4});
  const regression_fit first =
      fit_logistic(sample_of({sum, column(2), column(1), column(0)}, base.events).data());
  CHECK(first.why == status{condition::rank_deficient, 4});
  CHECK(first.involved == std::vector<std::size_t>{1, 3, 4});
  // A constant, however large, depends on the intercept; as do the parts of a whole.
  const regression_fit constant =
      fit_logistic(sample_of({column(0), std::vector<double>(base.rows, 0.1)}, base.events).data());
  CHECK(constant.why == status{condition::rank_deficient, 2});
  CHECK(constant.involved == std::vector<std::size_t>{0, 2});
  std::vector<double> part(base.rows);
  std::vector<double> other(base.rows);
  for (std::size_t i = 0; i < base.rows; ++i) {
    part[i] = i % 3 == 0 ? 1 : 0;
    other[i] = 1 - part[i];
  }
  const sample parts = sample_of({part, column(0), other}, base.events);
  CHECK(fit_logistic(parts.data()).why == status{condition::rank_deficient, 3});
  CHECK(fit_logistic(parts.data()).involved == std::vector<std::size_t>{0, 1, 3});
  CHECK(fit_logistic(parts.data(), {.intercept = false}).why.ok());
  CHECK(fit_logistic(parts.data(), {.ridge = 1}).why.ok());
  CHECK(fit_logistic(sample_of({{1, 2}, {2, 1}}, {0, 1}).data()).why.what ==
        condition::rank_deficient);
}

TEST_CASE("collinear columns that differ in the ninth digit are told apart") {
  sample s = simulated(400, {0.2, 1, 0.5}, 21);
  const regression_fit plain = fit_logistic(s.data());
  const double hair = 1e-7;
  for (std::size_t i = 0; i < s.rows; ++i) s.at(i, 1) = s.at(i, 0) + hair * s.at(i, 1);
  const regression_fit close = fit_logistic(s.data());
  REQUIRE(close.why.ok());
  CHECK_THAT(close.coefficients[2] * hair, WithinRel(plain.coefficients[2], 1e-7));
  // The sum rounds the second column at 1e-9 of itself, and the likelihood by as much a row.
  CHECK_THAT(close.log_likelihood, WithinRel(plain.log_likelihood, 1e-11));
}

TEST_CASE("far-off or tiny columns keep their digits") {
  const sample s = simulated(300, {0.2, 1, -0.5}, 31);
  const regression_fit plain = fit_logistic(s.data());
  sample far = s;
  // On a grid that 1e10 more does not round.
  for (double& x : far.x) x = std::ldexp(std::round(std::ldexp(x, 18)), -18);
  const regression_fit gridded = fit_logistic(far.data());
  for (std::size_t i = 0; i < s.rows; ++i) far.at(i, 0) += 1e10;
  const regression_fit moved = fit_logistic(far.data());
  REQUIRE(moved.why.ok());
  CHECK_THAT(moved.coefficients[1], WithinRel(gridded.coefficients[1], 1e-12));
  CHECK_THAT(moved.std_errors[1], WithinRel(gridded.std_errors[1], 1e-12));
  const auto at = [&](const regression_fit& fit, double x) {
    const std::vector<double> row{x, 0.25};
    return predict_logistic(fit, {row, 1, 2}, confidence_95)[0];
  };
  CHECK_THAT(at(moved, 1e10 + 0.5).mean, WithinRel(at(gridded, 0.5).mean, 1e-12));
  CHECK_THAT(at(moved, 1e10 + 0.5).std_error, WithinRel(at(gridded, 0.5).std_error, 1e-12));
  for (const double factor : {1e-150, 1e-12, 1e150}) {
    sample scaled = s;
    for (std::size_t i = 0; i < s.rows; ++i) scaled.at(i, 0) *= factor;
    for (const auto method : {regression_method::maximum_likelihood, regression_method::firth}) {
      const regression_fit a = fit_logistic(s.data(), {.method = method});
      const regression_fit b = fit_logistic(scaled.data(), {.method = method});
      REQUIRE(b.why.ok());
      CHECK_THAT(b.coefficients[1] * factor, WithinRel(a.coefficients[1], 1e-12));
      CHECK_THAT(b.std_errors[1] * factor, WithinRel(a.std_errors[1], 1e-12));
      CHECK_THAT(b.log_likelihood, WithinRel(a.log_likelihood, 1e-13));
    }
  }
}

TEST_CASE("logistic regression obeys its laws") {
  CHECK(rc::check("order of rows, weights, storage, classes", [] {
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    const bool use_firth = *rc::gen::arbitrary<bool>();
    const regression_options options{
        .method = use_firth ? regression_method::firth : regression_method::maximum_likelihood,
        .ridge = use_firth ? 0 : 0.5};
    const sample s = simulated(80, {0.4, 1, -1}, seed);
    const regression_fit fit = fit_logistic(s.data(), options);
    RC_ASSERT(fit.why.ok());

    sample turned = s;
    for (std::size_t i = 0; i < s.rows; ++i) {
      const std::size_t from = s.rows - 1 - i;
      turned.events[i] = s.events[from];
      for (std::size_t j = 0; j < s.columns; ++j) turned.at(i, j) = s.at(from, j);
    }
    RC_ASSERT(difference(fit, fit_logistic(turned.data(), options)) <= 1e-12);

    std::vector<double> by_row;
    for (std::size_t i = 0; i < s.rows; ++i) {
      for (std::size_t j = 0; j < s.columns; ++j) by_row.push_back(s.at(i, j));
    }
    logistic_data same = s.data();
    same.covariates = {by_row, s.rows, s.columns, matrix_order::by_row};
    RC_ASSERT(fit_logistic(same, options).coefficients == fit.coefficients);

    // Each row three times, as rows or as trials; and rows of no trials with bad covariates.
    sample thrice{3 * s.rows, s.columns, {}, {}, {}, {}};
    for (std::size_t j = 0; j < s.columns; ++j) {
      for (std::size_t i = 0; i < 3 * s.rows; ++i) thrice.x.push_back(s.at(i % s.rows, j));
    }
    for (std::size_t i = 0; i < 3 * s.rows; ++i) thrice.events.push_back(s.events[i % s.rows]);
    sample weighted{s.rows + 1, s.columns, {}, {}, {}, {}};
    for (std::size_t j = 0; j < s.columns; ++j) {
      for (std::size_t i = 0; i < s.rows; ++i) weighted.x.push_back(s.at(i, j));
      weighted.x.push_back(1e9);
    }
    for (const std::int64_t y : s.events) {
      weighted.events.push_back(3 * y);
      weighted.trials.push_back(3);
    }
    weighted.events.push_back(0);
    weighted.trials.push_back(0);
    const regression_fit a = fit_logistic(thrice.data(), options);
    const regression_fit b = fit_logistic(weighted.data(), options);
    RC_ASSERT(difference(a, b) <= 1e-12);
    RC_ASSERT(std::abs(a.objective - b.objective) <= 1e-12 * std::abs(a.objective));

    sample swapped = s;
    for (std::int64_t& y : swapped.events) y = 1 - y;
    const regression_fit opposite = fit_logistic(swapped.data(), options);
    for (std::size_t i = 0; i < 3; ++i) {
      RC_ASSERT(std::abs(opposite.coefficients[i] + fit.coefficients[i]) <= 1e-12);
    }
  }));
}

TEST_CASE("separation is found exactly where there is no maximum") {
  CHECK(rc::check("one column: the classes' ranges do not overlap", [] {
    const auto n = *rc::gen::inRange<std::size_t>(4, 14);
    sample s{n, 1, {}, {}, {}, {}};
    double low[2] = {1e9, 1e9};
    double high[2] = {-1e9, -1e9};
    for (std::size_t i = 0; i < n; ++i) {
      s.x.push_back(*rc::gen::inRange(-4, 5));
      s.events.push_back(*rc::gen::inRange(0, 2));
      const auto y = static_cast<std::size_t>(s.events[i]);
      low[y] = std::min(low[y], s.x[i]);
      high[y] = std::max(high[y], s.x[i]);
    }
    const condition what = fit_logistic(s.data()).why.what;
    const bool one_class = low[0] > high[0] || low[1] > high[1];
    const bool constant = std::min(low[0], low[1]) == std::max(high[0], high[1]);
    const bool apart = high[0] <= low[1] || high[1] <= low[0];
    RC_ASSERT(what == (constant             ? condition::rank_deficient
                       : one_class || apart ? condition::separation
                                            : condition::ok));
  }));
  CHECK(rc::check("several columns: a fit solves the equations, and nothing is undecided", [] {
    const auto n = *rc::gen::inRange<std::size_t>(6, 30);
    const auto k = *rc::gen::inRange<std::size_t>(2, 5);
    sample s{n, k, {}, {}, {}, {}};
    for (std::size_t i = 0; i < n * k; ++i) s.x.push_back(*rc::gen::inRange(-3, 4));
    for (std::size_t i = 0; i < n; ++i) s.events.push_back(*rc::gen::inRange(0, 2));
    const regression_fit fit = fit_logistic(s.data());
    const condition what = fit.why.what;
    RC_ASSERT((what == condition::ok || what == condition::separation ||
               what == condition::rank_deficient));
    const regression_fit firth = fit_logistic(s.data(), {.method = regression_method::firth});
    RC_ASSERT(firth.why.what == (what == condition::rank_deficient ? what : condition::ok));
    if (what != condition::ok) return;
    std::vector<double> score(k + 1, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
      double eta = fit.coefficients[0];
      for (std::size_t j = 0; j < k; ++j) eta += fit.coefficients[j + 1] * s.at(i, j);
      const double residual = static_cast<double>(s.events[i]) - 1 / (1 + std::exp(-eta));
      score[0] += residual;
      for (std::size_t j = 0; j < k; ++j) score[j + 1] += residual * s.at(i, j);
    }
    for (const double g : score) RC_ASSERT(std::abs(g) <= 1e-10);
  }));
}

TEST_CASE("iterations that run out leave no figures") {
  const sample s = simulated(100, {0.4, 2, -1}, 12);
  for (const auto method : {regression_method::maximum_likelihood, regression_method::firth}) {
    const regression_fit fit = fit_logistic(s.data(), {.method = method, .max_iterations = 2});
    CHECK(fit.why.what == condition::not_converged);
    CHECK(fit.coefficients.empty());
    CHECK(fit.covariance.empty());
    CHECK(fit.log_likelihood == 0);
  }
}

TEST_CASE("a large sample has the same fit in every order of its rows") {
  // Large enough that the first steps look at a share of the rows.
  const sample s = simulated(20'000, {-1, 1, 0.5}, 77);
  const regression_fit fit = fit_logistic(s.data());
  REQUIRE(fit.why.ok());
  std::vector<std::size_t> order(s.rows);
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto check_order = [&] {
    sample turned = s;
    for (std::size_t i = 0; i < s.rows; ++i) {
      turned.events[i] = s.events[order[i]];
      for (std::size_t j = 0; j < s.columns; ++j) turned.at(i, j) = s.at(order[i], j);
    }
    CHECK(difference(fit, fit_logistic(turned.data())) <= 1e-12);
  };
  // All events last; then ascending in a covariate.
  std::stable_partition(order.begin(), order.end(),
                        [&](std::size_t i) { return s.events[i] == 0; });
  check_order();
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return s.at(a, 0) < s.at(b, 0); });
  check_order();
}

TEST_CASE("billions of trials in a row do not overflow") {
  sample s = sample_of({{0, 1}}, {250'000'000'000, 400'000'000'000});
  s.trials = {1'000'000'000'000, 500'000'000'000};
  const regression_fit fit = fit_logistic(s.data());
  REQUIRE(fit.why.ok());
  CHECK_THAT(fit.coefficients[0], WithinRel(-std::log(3.0), 1e-13));
  CHECK_THAT(fit.coefficients[1], WithinRel(std::log(12.0), 1e-13));
  CHECK_THAT(fit.std_errors[0], WithinRel(std::sqrt(1 / 0.1875e12), 1e-12));
}

TEST_CASE("simulated coefficients are recovered, with the coverage that was promised") {
  const std::vector<double> truth{0.5, 1.0, -0.7};
  const auto check = [&](std::size_t rows, regression_options options, int runs, double level,
                         bool profile) {
    int held = 0;
    int fitted = 0;
    double sum = 0;
    for (int run = 0; run < runs; ++run) {
      const sample s = simulated(rows, truth, static_cast<std::uint64_t>(1000 + run));
      const regression_fit fit = fit_logistic(s.data(), options);
      if (!fit.why.ok()) continue;
      ++fitted;
      interval i = wald_interval(fit, 1, confidence_of(level));
      if (profile) {
        const profile_limits p = logistic_profile(s.data(), fit, 1, confidence_of(level), options);
        REQUIRE(p.lower.value.has_value());
        REQUIRE(p.upper.value.has_value());
        i = {*p.lower.value, *p.upper.value, level};
      }
      held += i.lower <= truth[1] && truth[1] <= i.upper ? 1 : 0;
      sum += fit.coefficients[1];
    }
    CHECK(fitted == runs);
    const double spread = std::sqrt(level * (1 - level) / runs);
    CHECK(std::abs(static_cast<double>(held) / runs - level) <= 3.29 * spread);
    return sum / runs;
  };
  const double ml = check(200, {}, 300, 0.9, false);
  CHECK(std::abs(ml - truth[1]) < 0.08);
  const double firth = check(60, {.method = regression_method::firth}, 100, 0.9, true);
  CHECK(std::abs(firth - truth[1]) < 0.2);
}

TEST_CASE("bad outcomes and covariates are named by row") {
  sample s = sample_of({{1, 2, 3, 4}}, {0, 1, 0, 1});
  s.x[2] = HUGE_VAL;
  CHECK(fit_logistic(s.data()).why == status{condition::non_finite_input, 2});
  s.x[2] = 3;
  s.events = {0, 1, -1, 1};
  CHECK(fit_logistic(s.data()).why == status{condition::negative_count, 2});
  s.events = {0, 2, 0, 1};
  CHECK(fit_logistic(s.data()).why == status{condition::count_exceeds_trials, 1});
  s.events = {0, 1, 0, 0};
  s.trials = {1, 1, 1, -1};
  CHECK(fit_logistic(s.data()).why.where == 3);
  s.trials = {0, 0, 0, 0};
  s.events = {0, 0, 0, 0};
  CHECK(fit_logistic(s.data()).why.what == condition::insufficient_data);
  s.trials = {};
  s.offset = {0, std::nan(""), 0, 0};
  CHECK(fit_logistic(s.data()).why == status{condition::non_finite_input, 1});
}

TEST_CASE("predictions refuse rows that are not numbers") {
  const sample s = simulated(100, {0, 1}, 3);
  const regression_fit fit = fit_logistic(s.data());
  const std::vector<double> rows{0.5, std::nan(""), 0.5};
  const std::vector<double> offset{0, 0, 800};
  const auto p = predict_logistic(fit, {rows, 3, 1}, confidence_95, offset);
  CHECK(p[0].why.ok());
  CHECK(p[1].why == status{condition::non_finite_input, 1});
  CHECK(p[1].mean == 0);
  CHECK(p[2].mean == 1);
}

TEST_CASE("broken preconditions of the regressions are refused") {
  const sample s = simulated(20, {0, 1}, 1);
  const regression_fit fit = fit_logistic(s.data());
  logistic_data short_of = s.data();
  short_of.events = short_of.events.first(19);
  CHECK_THROWS_AS(fit_logistic(short_of), invalid_input);
  short_of = s.data();
  short_of.covariates.columns = 2;
  CHECK_THROWS_AS(fit_logistic(short_of), invalid_input);
  CHECK_THROWS_AS(fit_logistic(s.data(), {.ridge = -1}), invalid_input);
  CHECK_THROWS_AS(fit_logistic(s.data(), {.method = regression_method::firth, .ridge = 1}),
                  invalid_input);
  const std::vector<double> penalty{1, 2, 3};
  CHECK_THROWS_AS(fit_logistic(s.data(), {.penalty = penalty}), invalid_input);
  const std::vector<double> indefinite{1, 2, 2, 1};
  CHECK_THROWS_AS(fit_logistic(s.data(), {.penalty = indefinite}), invalid_input);
  CHECK_THROWS_AS(wald_interval(fit, 2, confidence_95), invalid_input);
  CHECK_THROWS_AS(logistic_profile(s.data(), fit, 2, confidence_95), invalid_input);
  CHECK_THROWS_AS(predict_logistic(fit, {s.x, 10, 2}, confidence_95), invalid_input);
}

TEST_CASE("an offset that all rows share moves the intercept, however far") {
  const std::vector<std::int64_t> events{0, 1, 1};
  for (const double far : {-2000.0, -800.0, 800.0, 2000.0}) {
    const std::vector<double> offset(3, far);
    const logistic_data data{.covariates = {{}, 3, 0}, .events = events, .offset = offset};
    const regression_fit fit = fit_logistic(data);
    REQUIRE(fit.why.ok());
    CHECK(std::abs(fit.coefficients[0] - (std::log(2.0) - far)) < 1e-9);
    CHECK(fit_logistic(data, {.method = regression_method::firth}).why.ok());
  }
}
