// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/beta_discrete_weibull.hpp>
#include <salespulse/statistics/retention_curve.hpp>
#include <salespulse/statistics/shifted_beta_geometric.hpp>

#include <rapidcheck.h>

#include <cmath>
#include <limits>
#include <vector>

using namespace salespulse;

namespace {

double relative(double computed, double exact) {
  return std::abs(computed - exact) / std::abs(exact);
}

retention_curve limit(retention_law law, double churn) {
  retention_curve curve;
  curve.why = {};
  curve.law = law;
  curve.churn = churn;
  return curve;
}

row_counts<tenure> cohort(std::vector<std::int64_t> survivors) {
  return tenures_of(survivors, survivors.size()).tenures;
}

}  // namespace

TEST_CASE("survival follows the recursion of the shifted beta-geometric model") {
  CHECK(rc::check("S(t) = S(t - 1) (beta + t - 1) / (alpha + beta + t - 1)", [] {
    const double alpha = std::exp(*rc::gen::inRange(-8000, 8000) / 1000.0);
    const double beta = std::exp(*rc::gen::inRange(-8000, 8000) / 1000.0);
    const retention_curve curve = retention_curve::of(alpha, beta);
    double survival = 1;
    for (int t = 1; t <= 40; ++t) {
      const double loyal = beta + (t - 1);
      const double rate = loyal / (alpha + loyal);
      survival *= rate;
      RC_ASSERT(relative(*curve.retention_rate(t).value, rate) < 1e-13);
      RC_ASSERT(std::abs(*curve.survival(t).value - survival) < 1e-13 * survival * (1 + t));
    }
  }));
}

TEST_CASE("survival is a probability that falls with age in every law") {
  CHECK(rc::check("", [] {
    const auto positive = [] { return std::exp(*rc::gen::inRange(-4000, 4000) / 1000.0); };
    retention_curve curve = retention_curve::of(positive(), positive(), positive());
    curve.law = *rc::gen::element(retention_law::beta, retention_law::one_rate,
                                  retention_law::power_tail, retention_law::cliff);
    curve.power = positive();
    curve.first = *rc::gen::inRange(1, 9);
    double before = 1;
    RC_ASSERT(*curve.survival(0).value == 1);
    for (int t = 1; t < 30; ++t) {
      const double s = *curve.survival(t).value;
      RC_ASSERT(s >= 0);
      RC_ASSERT(s <= before);
      before = s;
    }
  }));
}

TEST_CASE("discounted lifetimes agree with closed forms and 30-digit sums") {
  struct residual_case {
    double alpha, beta, shape;
    std::int32_t survived;
    double rate, exact;
  };
  // Shape 1: (beta + m) / (alpha + beta + m) 2F1(1, beta + m + 1; alpha + beta + m + 1; 1 / (1 +
  // d)).
  const residual_case cases[] = {
      {0.668, 3.806, 1, 0, 1e-4, 124.4586961195040831418771},
      {0.668, 3.806, 1, 7, 1e-8, 5880.840184110543661932122},
      {2.5, 4.0, 1, 3, 0, 4.666666666666666666666667},
      {1.001, 0.5, 1, 2, 0, 2500},
      {0.05, 2.0, 1, 1000, 1e-3, 971.8117485242278172780313},
      {0.7, 1.2, 1, 0, 0.0005, 26.6749977864741269421701},
      {0.2142533, 1.426575, 1.7235648, 3, 0.0001, 728.8578652716411845907},
      {1.4, 2.0, 0.9, 0, 0, 8.335492937500646235612},
      {0.9, 0.4, 1.9, 5, 0, 6.645834536571884353362}};
  for (const residual_case& c : cases) {
    INFO(c.alpha << " " << c.shape << " " << c.rate);
    const figure_with_error f = retention_curve::of(c.alpha, c.beta, c.shape)
                                   .discounted_residual_lifetime(c.survived, c.rate);
    REQUIRE(f.value);
    // Where the sum nearly diverges, alpha - 1 itself holds only 13 digits.
    CHECK(relative(*f.value, c.exact) < 1e-12);
  }
}

TEST_CASE("lifetimes of the limit laws agree with closed forms") {
  retention_curve weibull = limit(retention_law::one_rate, 0.3);
  weibull.shape = 0.5;
  CHECK(relative(*weibull.discounted_lifetime(0).value, 16.29020685309771648993) < 1e-12);
  weibull.churn = 0.001;
  weibull.shape = 0.8;
  CHECK(relative(*weibull.discounted_lifetime(0).value, 6367.862242918352636804) < 1e-12);
  weibull.churn = 0.01;
  weibull.shape = 1.3;
  CHECK(relative(*weibull.discounted_lifetime(1e-5).value, 32.27990456567923526373) < 1e-12);

  // Geometric: 1 + q v + (q v)^2 + ...
  CHECK(relative(*limit(retention_law::one_rate, 0.2).discounted_lifetime(0.1).value,
                 1 / (1 - 0.8 / 1.1)) < 1e-13);
  CHECK(relative(*limit(retention_law::one_rate, 1e-6).discounted_lifetime(0).value, 1e6) < 1e-12);

  // 1 + (1 - p) zeta(power).
  retention_curve tail = limit(retention_law::power_tail, 0.3);
  tail.power = 1.2;
  CHECK(relative(*tail.discounted_lifetime(0).value, 4.914107708824425543576) < 1e-12);
  tail.power = 3.5;
  CHECK(relative(*tail.discounted_lifetime(0).value, 1.788713707121939652499) < 1e-12);

  // Nobody leaves: an annuity.
  CHECK(relative(*limit(retention_law::one_rate, 0).discounted_lifetime(1e-6).value, 1000001) <
        1e-12);
  CHECK(*limit(retention_law::one_rate, 1).discounted_lifetime(0.1).value == 1);
  retention_curve cliff = limit(retention_law::cliff, 0.25);
  cliff.first = 2;
  CHECK(*cliff.discounted_lifetime(0).value == 2.75);
}

TEST_CASE("expected tenure is the sum of survival, also over a billion periods") {
  const retention_curve curve = retention_curve::of(0.668, 3.806);
  CHECK(*curve.expected_tenure(0).value == 0);
  CHECK(*curve.expected_tenure(1).value == 1);
  CHECK(relative(*curve.expected_tenure(5000).value, 110.4082852609464558537) < 1e-12);
  CHECK(relative(*curve.expected_tenure(1'000'000).value, 691.2791693677594004312) < 1e-12);
  CHECK(relative(*curve.expected_tenure(1'000'000'000).value, 6942.622964050948821535) < 1e-12);
  double sum = 0;
  for (int t = 0; t < 12; ++t) sum += *curve.survival(t).value;
  CHECK(relative(*curve.expected_tenure(12).value, sum) < 1e-14);
}

TEST_CASE("a lifetime is its first payment and what is left after it") {
  CHECK(rc::check("E = 1 + v DERL(0)", [] {
    const auto positive = [] { return std::exp(*rc::gen::inRange(-2000, 2000) / 1000.0); };
    const retention_curve curve = retention_curve::of(positive(), positive(), positive());
    const double rate = std::exp(*rc::gen::inRange(-9000, 0) / 1000.0);
    const double whole = *curve.discounted_lifetime(rate).value;
    const double rest = *curve.discounted_residual_lifetime(0, rate).value;
    RC_ASSERT(relative(1 + rest / (1 + rate), whole) < 1e-12);
    // One step of the recursion: DERL(m) = r (1 + v DERL(m + 1)).
    const int m = *rc::gen::inRange(0, 20);
    const double next = *curve.discounted_residual_lifetime(m + 1, rate).value;
    const double here = *curve.discounted_residual_lifetime(m, rate).value;
    RC_ASSERT(relative(*curve.retention_rate(m + 1).value * (1 + next / (1 + rate)), here) < 1e-12);
  }));
}

TEST_CASE("a lifetime without discount is infinite where the tail is as heavy as 1 over t") {
  CHECK(retention_curve::of(1, 2).discounted_lifetime(0).why.what ==
        condition::infinite_mean);
  CHECK_FALSE(retention_curve::of(0.6, 2, 1.5).discounted_residual_lifetime(3, 0).value);
  CHECK(retention_curve::of(0.6, 2, 2).discounted_lifetime(0).value);
  CHECK(retention_curve::of(0.6, 2, 1.5).discounted_lifetime(1e-9).value);
  CHECK(limit(retention_law::one_rate, 0).discounted_lifetime(0).why.what ==
        condition::infinite_mean);
}

TEST_CASE("nothing follows a renewal that nobody survives") {
  retention_curve cliff = limit(retention_law::cliff, 0.25);
  cliff.first = 2;
  CHECK(cliff.survival_after(3, 1).why == status{condition::empty_risk_set, 3});
  CHECK_FALSE(cliff.discounted_residual_lifetime(3, 0.1).value);
  CHECK(*cliff.survival_after(2, 1).value == 0);
  CHECK(limit(retention_law::one_rate, 1).retention_rate(2).why.what == condition::empty_risk_set);
}

TEST_CASE("standard errors are those of the delta method") {
  const retention_curve fits[] = {
      fit_shifted_beta_geometric(cohort({1000, 631, 468, 382, 326, 289, 262, 241})),
      fit_beta_discrete_weibull(cohort({1000, 869, 743, 653, 593, 551, 517, 491}))};
  for (const retention_curve& fit : fits) {
    REQUIRE(fit.why.ok());
    const auto check = [&fit](auto&& figure) {
      std::array<double, 3> slope{};
      for (std::size_t i = 0; i < fit.free; ++i) {
        const auto moved = [&](double by) {
          std::array<double, 3> p = fit.parameters();
          p[i] *= 1 + by;
          return *figure(retention_curve::of(p[0], p[1], p[2])).value;
        };
        const auto difference = [&](double h) {
          return (moved(h) - moved(-h)) / (2 * h * fit.parameters()[i]);
        };
        slope[i] = (4 * difference(5e-4) - difference(1e-3)) / 3;
      }
      double variance = 0;
      for (std::size_t i = 0; i < fit.free; ++i) {
        for (std::size_t j = 0; j < fit.free; ++j) {
          variance += slope[i] * fit.covariance[i * fit.free + j] * slope[j];
        }
      }
      CHECK(relative(*figure(fit).std_error, std::sqrt(variance)) < 1e-6);
    };
    check([](const retention_curve& c) { return c.survival(12); });
    check([](const retention_curve& c) { return c.retention_rate(5); });
    check([](const retention_curve& c) { return c.survival_after(4, 3); });
    check([](const retention_curve& c) { return c.expected_tenure(20); });
    check([](const retention_curve& c) { return c.expected_tenure(20'000); });
    check([](const retention_curve& c) { return c.discounted_lifetime(0.1); });
    check([](const retention_curve& c) { return c.discounted_residual_lifetime(3, 1e-4); });
  }
  // No alpha here exceeds 1, so a lifetime without discount needs another fit.
  const retention_curve steep = fit_shifted_beta_geometric(cohort({10000, 5000, 2900, 1850, 1260}));
  REQUIRE(steep.alpha > 1);
  CHECK(*steep.discounted_lifetime(0).std_error > 0);
}

TEST_CASE("the standard error of an undiscounted lifetime is that of its closed form") {
  const retention_curve fit =
      fit_shifted_beta_geometric(cohort({100000, 50000, 28500, 17800, 11900}));
  REQUIRE(fit.alpha > 1.1);
  const double a = fit.alpha;
  const double b = fit.beta;
  CHECK(relative(*fit.discounted_lifetime(0).value, (a + b - 1) / (a - 1)) < 1e-11);
  const double in_a = -b / ((a - 1) * (a - 1));
  const double in_b = 1 / (a - 1);
  const double variance = in_a * in_a * fit.covariance[0] + 2 * in_a * in_b * fit.covariance[1] +
                          in_b * in_b * fit.covariance[3];
  CHECK(relative(*fit.discounted_lifetime(0).std_error, std::sqrt(variance)) < 1e-9);
}

TEST_CASE("a stated curve has no standard errors and one draw of it is like another") {
  const retention_curve curve = retention_curve::of(1, 3);
  CHECK_FALSE(curve.survival(3).std_error);
  CHECK_FALSE(curve.std_error(0));
  for (const retention_curve& draw : posterior_draws(curve, 5, 1)) {
    CHECK(draw.alpha == 1);
    CHECK(draw.beta == 3);
  }
}

TEST_CASE("posterior draws spread as the standard errors say") {
  // So many contracts that the figures are nearly linear in what is left to know.
  const row_counts<tenure> contracts =
      cohort({1'000'000, 631'000, 468'000, 382'000, 326'000, 289'000, 262'000, 241'000});
  for (const retention_curve& fit :
       {fit_shifted_beta_geometric(contracts), fit_beta_discrete_weibull(contracts),
        fit_shifted_beta_geometric(cohort({1'000'000, 800'000, 640'000, 512'000}))}) {
    constexpr std::size_t n = 2000;
    const std::vector<retention_curve> draws = posterior_draws(fit, n, 17);
    double mean = 0;
    double square = 0;
    for (const retention_curve& draw : draws) mean += *draw.survival(9).value / n;
    for (const retention_curve& draw : draws) {
      const double d = *draw.survival(9).value - mean;
      square += d * d / (n - 1);
    }
    const figure_with_error s = fit.survival(9);
    CHECK(std::abs(std::sqrt(square) / *s.std_error - 1) < 4 / std::sqrt(2.0 * n) + 0.02);
    CHECK(std::abs(mean - *s.value) <
          (4 / std::sqrt(static_cast<double>(n)) + 0.02) * *s.std_error);
    CHECK(*posterior_draws(fit, 3, 17)[2].survival(9).value == *draws[2].survival(9).value);
  }
}

TEST_CASE("a curve that was not fitted answers with the reason") {
  const retention_curve nothing;
  CHECK(nothing.survival(3).why.what == condition::insufficient_data);
  CHECK_FALSE(nothing.survival(3).value);
  CHECK_FALSE(nothing.expected_tenure(3).value);
  CHECK_FALSE(nothing.discounted_lifetime(0.1).value);
  CHECK_FALSE(nothing.discounted_residual_lifetime(1, 0.1).value);
}

TEST_CASE("questions that make no sense are refused") {
  const retention_curve curve = retention_curve::of(1, 3);
  CHECK_THROWS_AS(curve.survival(-1), invalid_input);
  CHECK_THROWS_AS(curve.retention_rate(0), invalid_input);
  CHECK_THROWS_AS(curve.survival_after(-1, 2), invalid_input);
  CHECK_THROWS_AS(curve.expected_tenure(-1), invalid_input);
  CHECK_THROWS_AS(curve.discounted_lifetime(-0.1), invalid_input);
  CHECK_THROWS_AS(curve.discounted_lifetime(std::numeric_limits<double>::quiet_NaN()),
                  invalid_input);
  CHECK_THROWS_AS(retention_curve::of(0, 1), invalid_input);
  CHECK_THROWS_AS(retention_curve::of(1, std::numeric_limits<double>::infinity()), invalid_input);
}

TEST_CASE("an interest rate so small that the sum runs beyond the reach of doubles gives none") {
  const retention_curve curve = retention_curve::of(1, 3);
  for (const double rate : {1e-310, std::numeric_limits<double>::denorm_min()}) {
    const figure_with_error lifetime = curve.discounted_lifetime(rate);
    CHECK_FALSE(lifetime.value);
    CHECK(lifetime.why.what == condition::too_large);
    CHECK_FALSE(curve.discounted_residual_lifetime(2, rate).value);
  }
}
