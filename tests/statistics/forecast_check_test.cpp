// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/forecast_check.hpp>

#include "support/catch.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/rate.hpp>
#include <salespulse/statistics/sum_distribution.hpp>

#include <cmath>
#include <limits>
#include <vector>

using namespace salespulse;

namespace {

struct forecasts {
  std::vector<pit_range> pits;
  std::vector<interval> ranges;  // 80 %
  std::vector<double> outcomes;
};

// Sums of ten chances each, forecast with probabilities that are the true ones to this power.
forecasts simulate(int cases, double power) {
  random_stream draws(31, 0);
  forecasts f;
  for (int i = 0; i < cases; ++i) {
    std::vector<chance> stated;
    std::int64_t sum = 0;
    for (int k = 0; k < 10; ++k) {
      const auto amount = static_cast<std::int64_t>(1 + draws.below(20));
      const double p = 0.05 + 0.9 * draws.uniform();
      stated.push_back({amount, std::pow(p, power)});
      if (draws.chance(p)) sum += amount;
    }
    const lattice_distribution d = sum_distribution(stated).distribution;
    f.pits.push_back(pit_of(d, sum));
    f.ranges.push_back(
        {static_cast<double>(d.quantile(0.1)), static_cast<double>(d.quantile(0.9)), 0.8});
    f.outcomes.push_back(static_cast<double>(sum));
  }
  return f;
}

double chi_square(const std::vector<double>& shares, int cases) {
  double sum = 0;
  const double expected = 1 / static_cast<double>(shares.size());
  for (const double s : shares) sum += (s - expected) * (s - expected) / expected * cases;
  return sum;
}

constexpr double chi_square_9_at_999 = 27.877;  // 99.9 % point with 9 degrees of freedom

}  // namespace

TEST_CASE("the range of an outcome is what lies below it and up to it") {
  const lattice_distribution d(0, 2, {0.25, 0.5, 0.25});
  CHECK(pit_of(d, 0).lower == 0);
  CHECK(pit_of(d, 0).upper == 0.25);
  CHECK(pit_of(d, 2).lower == 0.25);
  CHECK(pit_of(d, 2).upper == 0.75);
  CHECK(pit_of(d, 4).upper == 1);
  CHECK(pit_of(d, -1).upper == 0);
  CHECK(pit_of(d, 9).lower == 1);
  CHECK(pit_of(d, INT64_MIN).upper == 0);
}

TEST_CASE("randomised transforms are uniform under the truth and not otherwise") {
  constexpr int cases = 4000;
  for (const double power : {1.0, 1.4}) {
    const forecasts f = simulate(cases, power);
    random_stream draws(31, 7);
    random_stream again(31, 7);
    std::vector<pit_range> points;
    for (const pit_range& pit : f.pits) {
      const double u = randomised_pit(pit, draws);
      CHECK(u == randomised_pit(pit, again));
      CHECK((pit.lower <= u && u <= pit.upper));
      points.push_back({u, u});
    }
    const pit_histogram_result drawn = pit_histogram(points, 10);
    const pit_histogram_result spread = pit_histogram(f.pits, 10);
    REQUIRE(drawn.why.ok());
    REQUIRE(spread.why.ok());
    double total = 0;
    for (const double s : spread.shares) total += s;
    CHECK(std::abs(total - 1) < 1e-14);
    // The histogram without chance varies less than that of one randomisation.
    CHECK((chi_square(drawn.shares, cases) < chi_square_9_at_999) == (power == 1));
    CHECK((chi_square(spread.shares, cases) < chi_square_9_at_999) == (power == 1));
  }
}

TEST_CASE("an outcome is spread evenly over its range") {
  const std::vector<pit_range> pits{{0, 1}, {0.25, 0.75}, {0.5, 0.5}, {1, 1}};
  const pit_histogram_result h = pit_histogram(pits, 4);
  REQUIRE(h.why.ok());
  CHECK(h.shares == std::vector<double>{0.0625, 0.1875, 0.4375, 0.3125});
  CHECK(pit_histogram(pits, 1).shares == std::vector<double>{1});
}

TEST_CASE("intervals of true forecasts cover, and those of distorted ones do not") {
  const forecasts right = simulate(3000, 1);
  const interval_coverage good = coverage_of_intervals(right.ranges, right.outcomes, confidence_95);
  REQUIRE(good.why.ok());
  CHECK(std::abs(good.claimed - 0.8) < 1e-15);
  // Discrete: at least the level, and not much more.
  CHECK(good.range.upper > 0.8);
  CHECK(good.share < 0.87);
  CHECK(good.range == wilson_interval(good.inside, 3000, confidence_95));
  const forecasts wrong = simulate(3000, 2);
  CHECK(coverage_of_intervals(wrong.ranges, wrong.outcomes, confidence_95).range.upper < 0.8);
}

TEST_CASE("both ends of an interval are within") {
  const std::vector<interval> ranges(4, {1, 3, 0.8});
  const interval_coverage c =
      coverage_of_intervals(ranges, std::vector<double>{1, 3, 0.999, 3.001}, confidence_90);
  CHECK(c.inside == 2);
  CHECK(c.n == 4);
  CHECK(c.share == 0.5);
}

TEST_CASE("bad checks are refused with their case") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(pit_histogram({}, 4).why == status{condition::insufficient_data});
  CHECK(pit_histogram(std::vector<pit_range>{{0, 1}, {0.5, 0.4}}, 4).why ==
        status{condition::invalid_probability, 1});
  CHECK(pit_histogram(std::vector<pit_range>{{nan, 1}}, 4).why ==
        status{condition::non_finite_input, 0});
  CHECK_THROWS_AS(pit_histogram({}, 0), invalid_input);
  CHECK(coverage_of_intervals({}, {}, confidence_90).why == status{condition::insufficient_data});
  const std::vector<interval> ranges{{1, 3, 0.8}, {3, 1, 0.8}};
  CHECK(coverage_of_intervals(ranges, std::vector<double>{1, 2}, confidence_90).why ==
        status{condition::non_finite_input, 1});
  CHECK_THROWS_AS(coverage_of_intervals(ranges, std::vector<double>{1}, confidence_90),
                  invalid_input);
}

TEST_CASE("intervals may be open and their levels are probabilities") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const std::vector<interval> open{{-infinity, 3, 0.9}, {1, infinity, 0.9}};
  CHECK(coverage_of_intervals(open, std::vector<double>{2, 0}, confidence_90).inside == 1);
  for (const double level : {-3.0, 1.5}) {
    const std::vector<interval> bad{{0, 1, 0.5}, {0, 1, level}};
    CHECK(coverage_of_intervals(bad, std::vector<double>{0, 0}, confidence_90).why ==
          status{condition::invalid_probability, 1});
  }
}
