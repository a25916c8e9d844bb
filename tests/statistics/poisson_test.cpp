// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/poisson.hpp>

#include <salespulse/core/random.hpp>
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/rate_intervals.hpp>
#include <support/catch.hpp>

#include <rapidcheck.h>

#include <cmath>
#include <vector>

using namespace salespulse;
using Catch::Matchers::WithinRel;

namespace {

// Owns what a `poisson_data` looks at.
struct sample {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<double> x;  // by column
  std::vector<std::int64_t> events;
  std::vector<double> exposure;
  std::vector<std::int64_t> weights;

  [[nodiscard]] poisson_data data() const {
    return {.covariates = {x, rows, columns},
            .events = events,
            .exposure = exposure,
            .weights = weights};
  }
};

sample ten_units() {
  return {10,
          2,
          {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 0, 0, 1, 1, 0, 1, 0, 0, 1},
          {2, 3, 1, 6, 7, 5, 12, 9, 14, 25},
          {10, 12.5, 4, 8, 9, 6.5, 7, 5, 7.25, 8},
          {}};
}

std::int64_t poisson_draw(random_stream& draws, double mean) {
  std::int64_t count = 0;
  for (double product = draws.uniform(); product > std::exp(-mean); product *= draws.uniform()) {
    ++count;
  }
  return count;
}

sample simulated(std::size_t rows, double level, double slope, std::uint64_t seed) {
  sample s{rows, 1, {}, {}, {}, {}};
  random_stream draws(seed, 3);
  for (std::size_t i = 0; i < rows; ++i) {
    s.x.push_back(2 * draws.uniform() - 1);
    s.exposure.push_back(0.5 + 2 * draws.uniform());
    s.events.push_back(
        poisson_draw(draws, s.exposure.back() * std::exp(level + slope * s.x.back())));
  }
  return s;
}

void check_fit(const regression_fit& fit, std::vector<double> coefficients,
               std::vector<double> errors, double log_likelihood) {
  REQUIRE(fit.why.ok());
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK_THAT(fit.coefficients[i], WithinRel(coefficients[i], 1e-12));
    CHECK_THAT(fit.std_errors[i], WithinRel(errors[i], 1e-12));
  }
  CHECK_THAT(fit.log_likelihood, WithinRel(log_likelihood, 1e-13));
}

}  // namespace

TEST_CASE("Poisson regressions have the digits of a 40-digit search") {
  const sample s = ten_units();
  check_fit(fit_poisson(s.data()),
            {-1.594901771106529364, 0.28431967394574314578, 0.25408492918850955368},
            {0.31749098264037604884, 0.042199562552654945345, 0.22545629922350214644},
            -18.972025717314859058);
  check_fit(fit_poisson(s.data(), {.ridge = 2.5}),
            {-1.5722943227555613794, 0.28350267957514630566, 0.22601717282036866871},
            {0.31363731114626493234, 0.042088966250008773122, 0.21174403028112281086},
            -18.980236302063942745);
  check_fit(fit_poisson(s.data(), {.method = regression_method::firth}),
            {-1.5611038017738034949, 0.28216029832626211814, 0.25080770061760988397},
            {0.31361528940796195344, 0.041723774012768699778, 0.22334032502007530965},
            -18.986750018528272023);
}

TEST_CASE("without covariates the estimate is events over exposure") {
  sample s = ten_units();
  s.columns = 0;
  s.x = {};
  const regression_fit fit = fit_poisson(s.data());
  REQUIRE(fit.why.ok());
  CHECK_THAT(fit.coefficients[0], WithinRel(std::log(84 / 77.25), 1e-12));
  CHECK_THAT(fit.std_errors[0], WithinRel(1 / std::sqrt(84.0), 1e-13));
  // The profile of 2 (y log(y / m) - y + m) = z^2, at either end.
  const profile_limits limits = poisson_profile(s.data(), fit, 0, confidence_95);
  for (const figure& f : {limits.lower, limits.upper}) {
    REQUIRE(f.value.has_value());
    const double mean = 77.25 * std::exp(*f.value);
    CHECK_THAT(2 * (84 * std::log(84 / mean) - 84 + mean),
               WithinRel(confidence_95.z * confidence_95.z, 1e-9));
  }
  // Firth's estimate adds half an event, and so exists without any.
  const regression_options firth{.method = regression_method::firth};
  CHECK_THAT(fit_poisson(s.data(), firth).coefficients[0],
             WithinRel(std::log(84.5 / 77.25), 1e-12));
  s.events.assign(10, 0);
  CHECK(fit_poisson(s.data()).why.what == condition::no_events);
  CHECK_THAT(fit_poisson(s.data(), firth).coefficients[0], WithinRel(std::log(0.5 / 77.25), 1e-12));
}

TEST_CASE("a group without events is separation, and Firth's estimate of it finite") {
  sample s = ten_units();
  for (std::size_t i = 0; i < 10; ++i) {
    if (s.x[10 + i] == 1) s.events[i] = 0;
  }
  const regression_fit fit = fit_poisson(s.data());
  CHECK(fit.why == status{condition::separation, 2});
  CHECK(fit.involved == std::vector<std::size_t>{2});
  const regression_fit firth = fit_poisson(s.data(), {.method = regression_method::firth});
  REQUIRE(firth.why.ok());
  CHECK(firth.coefficients[2] < -2);
  CHECK(fit_poisson(s.data(), {.ridge = 1}).why.ok());
}

TEST_CASE("Poisson regression obeys its laws") {
  CHECK(rc::check("weights are repeated rows, and the unit of exposure moves the intercept", [] {
    const sample s = simulated(40, 0.5, 0.8, *rc::gen::arbitrary<std::uint64_t>());
    sample twice = s;
    sample weighted = s;
    for (std::size_t i = 0; i < s.rows; ++i) {
      twice.x.push_back(s.x[i]);
      twice.events.push_back(s.events[i]);
      twice.exposure.push_back(s.exposure[i]);
    }
    twice.rows *= 2;
    weighted.weights.assign(s.rows, 2);
    const regression_fit a = fit_poisson(twice.data());
    const regression_fit b = fit_poisson(weighted.data());
    RC_ASSERT(a.why.ok());
    RC_ASSERT(std::abs(a.log_likelihood - b.log_likelihood) <= 1e-12 * std::abs(a.log_likelihood));
    sample days = s;
    for (double& e : days.exposure) e *= 365;
    const regression_fit c = fit_poisson(days.data());
    const regression_fit fit = fit_poisson(s.data());
    RC_ASSERT(std::abs(c.coefficients[0] + std::log(365.0) - fit.coefficients[0]) <= 1e-12);
    for (std::size_t i = 0; i < 2; ++i) {
      RC_ASSERT(std::abs(a.coefficients[i] - b.coefficients[i]) <= 1e-12);
      RC_ASSERT(std::abs(a.std_errors[i] / b.std_errors[i] - 1) <= 1e-12);
      RC_ASSERT(std::abs(c.std_errors[i] / fit.std_errors[i] - 1) <= 1e-12);
    }
    RC_ASSERT(std::abs(c.coefficients[1] - fit.coefficients[1]) <= 1e-12);
  }));
}

TEST_CASE("simulated rates are recovered, with the coverage that was promised") {
  constexpr int runs = 300;
  for (const auto method : {regression_method::maximum_likelihood, regression_method::firth}) {
    int held = 0;
    double sum = 0;
    for (int run = 0; run < runs; ++run) {
      const sample s = simulated(100, 0.3, 0.9, static_cast<std::uint64_t>(run));
      const regression_fit fit = fit_poisson(s.data(), {.method = method});
      REQUIRE(fit.why.ok());
      const interval i = wald_interval(fit, 1, confidence_90);
      held += i.lower <= 0.9 && 0.9 <= i.upper ? 1 : 0;
      sum += fit.coefficients[1];
    }
    CHECK(std::abs(held / 300.0 - 0.9) <= 3.29 * std::sqrt(0.09 / runs));
    CHECK(std::abs(sum / runs - 0.9) < 0.03);
  }
}

TEST_CASE("large counts and far predictors neither overflow nor stall") {
  sample s{4,  1, {0, 1, 2, 3}, {1, 1'000'000, 1'000'000'000'000, 1'000'000'000'000'000'000},
           {}, {}};
  const regression_fit fit = fit_poisson(s.data());
  REQUIRE(fit.why.ok());
  // The score equations hold: expected events are those seen.
  double expected = 0;
  for (const double x : s.x) expected += std::exp(fit.coefficients[0] + fit.coefficients[1] * x);
  CHECK_THAT(expected, WithinRel(1.000001000001e18, 1e-11));
  const std::vector<double> far{2, 1000};
  const auto p = predict_poisson(fit, {far, 2, 1}, confidence_95);
  CHECK(p[0].why.ok());
  CHECK(p[1].why == status{condition::non_finite_input, 1});
  CHECK(p[1].mean == 0);
}

TEST_CASE("bad counts and exposures are named by row") {
  const auto with = [](auto change) {
    sample s = ten_units();
    change(s);
    return fit_poisson(s.data()).why;
  };
  CHECK(with([](sample& s) { s.events[3] = -1; }) == status{condition::negative_count, 3});
  CHECK(with([](sample& s) { s.exposure[4] = -1; }) == status{condition::nonpositive_value, 4});
  CHECK(with([](sample& s) { s.exposure[4] = HUGE_VAL; }) ==
        status{condition::non_finite_input, 4});
  CHECK(with([](sample& s) { s.exposure[5] = 0; }) ==
        status{condition::events_without_exposure, 5});
  CHECK(with([](sample& s) { s.weights.assign(10, -1); }) == status{condition::invalid_weight, 0});
  CHECK(with([](sample& s) { s.x[12] = std::nan(""); }) == status{condition::non_finite_input, 2});
  CHECK(with([](sample& s) { s.x[12] = s.x[2] = 7; }).ok());
  // Watched for no time and without events, a row says nothing, whatever its covariates.
  sample s = ten_units();
  s.exposure[2] = 0;
  s.events[2] = 0;
  const regression_fit without = fit_poisson(s.data());
  s.x[2] = 1e6;
  CHECK(fit_poisson(s.data()).coefficients == without.coefficients);
  s.exposure.pop_back();
  CHECK_THROWS_AS(fit_poisson(s.data()), invalid_input);
}
