// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include "support/reference.hpp"
#include <salespulse/core/random.hpp>
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/trend.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

using namespace salespulse;
using salespulse::test::accuracy;
using salespulse::test::available;
using salespulse::test::reference_table;

namespace {

std::vector<double> counted(std::size_t n) {
  std::vector<double> times(n);
  std::iota(times.begin(), times.end(), 1.0);
  return times;
}

// All slopes of pairs with unequal times, in order.
std::vector<double> all_slopes(const std::vector<double>& x, const std::vector<double>& y) {
  std::vector<double> slopes;
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (x[i] != x[j]) slopes.push_back((y[i] - y[j]) / (x[i] - x[j]));
    }
  }
  std::sort(slopes.begin(), slopes.end());
  return slopes;
}

double middle(const std::vector<double>& sorted) {
  const std::size_t n = sorted.size();
  return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
}

double normal(random_stream& random) {
  double sum = -6;
  for (int i = 0; i < 12; ++i) sum += random.uniform();
  return sum;
}

}  // namespace

TEST_CASE("trend tests and lines agree with the reference") {
  const std::string file = "reference/statistics/descriptive_trend_scalars.csv";
  const reference_table scalars(file);
  if (!available(scalars, file)) return;
  const reference_table nile("reference/statistics/inputs/nile.csv");
  std::vector<double> flow;
  for (std::size_t i = 0; i < nile.rows(); ++i) flow.push_back(nile.number(i, "flow"));
  accuracy a(file);
  const auto compare = [&](const std::string& name, const std::vector<double>& y) {
    const std::vector<double> times = counted(y.size());
    const mann_kendall_test mk = mann_kendall(y, {.exact_up_to = 0});
    const theil_sen_line line = theil_sen(times, y);
    const auto check = [&](const char* quantity, double computed) {
      INFO(name << ' ' << quantity);
      const double exact = scalars.value({{"case", name}, {"quantity", quantity}});
      CHECK(a.error(computed, exact, quantity) <= 1e-13);
    };
    check("S", static_cast<double>(mk.s));
    check("varS", mk.variance);
    check("Z_cc", mk.z);
    check("p_cc", mk.p_value);
    check("tau_b", mk.tau_b.value.value());
    check("sen_slope", line.slope.value.value());
    check("sen_intercept_med", line.intercept.value.value());
    REQUIRE(line.range);
    check("sen_ci_lo", line.range->lower);
    check("sen_ci_hi", line.range->upper);
  };
  compare("trend_nile", flow);
  compare("trend_ties", {1, 2, 2, 3, 3, 3, 4, 2, 5, 5});
  CHECK(a.error(mann_kendall(std::vector<double>{2, 1, 4, 3, 6, 5, 8, 7}).p_value,
                scalars.value(
                    {{"case", "trend_ties_exact"}, {"quantity", "p_exact_n8_distinct"}})) <= 1e-13);
}

TEST_CASE("a constant series has no trend and says so") {
  const std::vector<double> y(8, 2.0);
  const mann_kendall_test mk = mann_kendall(y);
  CHECK(mk.s == 0);
  CHECK(mk.variance == 0);
  CHECK(mk.p_value == 1);
  CHECK(mk.why.what == condition::degenerate);
  CHECK(mk.tau_b.why.what == condition::zero_variance);
  const theil_sen_line line = theil_sen(counted(8), y);
  CHECK(line.slope.value == 0);
  CHECK(line.intercept.value == 2);
  REQUIRE(line.range);
  CHECK(line.range->lower == 0);
  CHECK(line.range->upper == 0);
}

TEST_CASE("one pair more rising than falling is no evidence at all") {
  const mann_kendall_test three = mann_kendall(std::vector<double>{1, 3, 2}, {.exact_up_to = 0});
  CHECK(three.s == 1);
  CHECK(three.z == 0);
  CHECK(three.p_value == 1);
  const mann_kendall_test two = mann_kendall(std::vector<double>{1, 2}, {.exact_up_to = 0});
  CHECK(two.s == 1);
  CHECK(two.z == 0);
  CHECK(two.p_value == 1);
  CHECK(mann_kendall(std::vector<double>{1, 2}).p_rising == 0.5);
  CHECK(mann_kendall(std::vector<double>{1, 2}).p_falling == 1);
}

TEST_CASE("exact p-values are the shares of all orders") {
  for (const std::size_t n : {2U, 3U, 5U, 7U}) {
    std::vector<double> y = counted(n);
    std::vector<std::int64_t> scores;
    do {
      scores.push_back(mann_kendall(y, {.exact_up_to = 0}).s);
    } while (std::next_permutation(y.begin(), y.end()));
    std::sort(y.begin(), y.end());
    do {
      const mann_kendall_test mk = mann_kendall(y);
      REQUIRE(mk.exact);
      const auto least =
          std::count_if(scores.begin(), scores.end(), [&](std::int64_t s) { return s >= mk.s; });
      const double share = static_cast<double>(least) / static_cast<double>(scores.size());
      CHECK(std::abs(mk.p_rising - share) <= 4e-16 * share);
    } while (n < 6 && std::next_permutation(y.begin(), y.end()));
  }
  // 1 of 50! orders: the tail keeps its digits.
  const mann_kendall_test rising = mann_kendall(counted(50));
  CHECK(std::abs(std::log(rising.p_rising) + std::lgamma(51.0)) < 1e-13 * std::lgamma(51.0));
  CHECK(rising.p_falling == 1);
  std::vector<double> falling = counted(50);
  std::reverse(falling.begin(), falling.end());
  CHECK(mann_kendall(falling).p_falling == rising.p_rising);
}

TEST_CASE("the line's slope is the median of all slopes") {
  CHECK(rc::check("the median of all slopes, ties and duplicates included", [] {
    const auto n = *rc::gen::inRange<std::size_t>(2, 40);
    std::vector<double> x, y;
    for (std::size_t i = 0; i < n; ++i) {
      x.push_back(*rc::gen::inRange(0, 12));
      y.push_back(*rc::gen::inRange(-9, 10) * 0.25);
    }
    const std::vector<double> slopes = all_slopes(x, y);
    const theil_sen_line line = theil_sen(x, y);
    RC_ASSERT(line.pairs == static_cast<std::int64_t>(slopes.size()));
    if (slopes.empty()) {
      RC_ASSERT(line.slope.why.what == condition::zero_variance);
    } else {
      RC_ASSERT(*line.slope.value == middle(slopes));
    }
  }));
}

TEST_CASE("searched slopes are the listed ones, with ties and without") {
  random_stream random(7, 1);
  for (int round = 0; round < 12; ++round) {
    const std::size_t n = 400 + 60 * static_cast<std::size_t>(round);
    std::vector<double> x, y;
    for (std::size_t i = 0; i < n; ++i) {
      switch (round % 6) {
        case 0:  // whole numbers, many slopes equal
          x.push_back(random.below(50));
          y.push_back(random.below(20));
          break;
        case 1:
          x.push_back(random.uniform());
          y.push_back(3 * x.back() + normal(random));
          break;
        case 2:  // nearly all slopes are the same to the last digits
          x.push_back(static_cast<double>(i));
          y.push_back(0.1 * static_cast<double>(i) + (i % 50 == 0 ? 1 : 0));
          break;
        case 3:  // two values at three times
          x.push_back(random.below(3));
          y.push_back(random.below(2));
          break;
        case 4:  // all slopes are 0
          x.push_back(static_cast<double>(i));
          y.push_back(0.7);
          break;
        default:  // far from 0
          x.push_back(1e9 + random.below(1000));
          y.push_back(1e12 + 1e6 * normal(random));
      }
    }
    const std::vector<double> slopes = all_slopes(x, y);
    const theil_sen_line line = theil_sen(x, y);
    REQUIRE(line.slope.value);
    INFO("round " << round);
    CHECK(std::abs(*line.slope.value - middle(slopes)) <= 4e-16 * std::abs(middle(slopes)));
    REQUIRE(line.range);
    // Sen's ranks from the variance of s, as the header says.
    const double sd = std::sqrt(mann_kendall(x, y).variance);
    const auto at = [&](double rank) {
      const auto low = static_cast<std::size_t>(std::floor(rank));
      return slopes[low - 1] + (rank - std::floor(rank)) * (slopes[low] - slopes[low - 1]);
    };
    const double lower = at((static_cast<double>(line.pairs) - confidence_95.z * sd) / 2);
    const double upper = at((static_cast<double>(line.pairs) + confidence_95.z * sd) / 2 + 1);
    CHECK(std::abs(line.range->lower - lower) <= 1e-15 * std::abs(lower));
    CHECK(std::abs(line.range->upper - upper) <= 1e-15 * std::abs(upper));
  }
}

TEST_CASE("a line through twenty thousand rows finds the slope that was put in") {
  random_stream random(3, 4);
  std::vector<double> x, y;
  for (int i = 0; i < 20'000; ++i) {
    x.push_back(random.below(1000));
    y.push_back(2 * x.back() + 100 * normal(random));
  }
  const theil_sen_line line = theil_sen(x, y);
  CHECK(std::abs(*line.slope.value - 2) < 0.02);
  CHECK(line.range->lower < 2);
  CHECK(line.range->upper > 2);
  std::reverse(x.begin(), x.end());
  std::reverse(y.begin(), y.end());
  CHECK(theil_sen(x, y).slope.value == line.slope.value);
  CHECK(theil_sen(x, y).range == line.range);
}

TEST_CASE("the slope moves with the units and stays under outliers") {
  random_stream random(5, 5);
  std::vector<double> x, y, days, pounds;
  for (int i = 0; i < 200; ++i) {
    x.push_back(i * 0.5);
    y.push_back(4 * x.back() + normal(random));
    days.push_back(x.back() * 365);
    pounds.push_back(y.back() * 0.8 + 50);
  }
  const double slope = *theil_sen(x, y).slope.value;
  CHECK(std::abs(*theil_sen(days, pounds).slope.value - slope * 0.8 / 365) < 1e-12 * slope);
  for (int i = 0; i < 50; ++i) y[static_cast<std::size_t>(4 * i)] = 1e300;
  CHECK(std::abs(*theil_sen(x, y).slope.value - 4) < 0.5);
}

TEST_CASE("Sen's interval holds the slope as often as it says") {
  int held = 0;
  constexpr int samples = 1500;
  for (int k = 0; k < samples; ++k) {
    random_stream random(11, static_cast<std::uint64_t>(k));
    std::vector<double> y;
    for (int i = 0; i < 30; ++i) y.push_back(0.3 * i + normal(random));
    const theil_sen_line line = theil_sen(counted(30), y);
    held += line.range->lower <= 0.3 && 0.3 <= line.range->upper;
  }
  // 3.29 standard deviations of a binomial around 95 %.
  CHECK(std::abs(held / double(samples) - 0.95) < 3.29 * std::sqrt(0.95 * 0.05 / samples));
}

TEST_CASE("what a trend cannot be made of is named") {
  const std::vector<double> x{1, 2, 3}, y{1, std::nan(""), 3};
  CHECK(mann_kendall(x, y).why == status{condition::non_finite_input, 1});
  CHECK(mann_kendall(x, y).p_value == 1);
  CHECK(theil_sen(x, y).slope.why == status{condition::non_finite_input, 1});
  CHECK(mann_kendall(std::vector<double>{1}).why.what == condition::insufficient_data);
  CHECK(theil_sen(std::vector<double>{1}, std::vector<double>{1}).why.what ==
        condition::insufficient_data);
  CHECK(theil_sen(std::vector<double>{1, 1}, std::vector<double>{1, 2}).why.what ==
        condition::zero_variance);
  const theil_sen_line short_one = theil_sen(x, std::vector<double>{1, 2, 4});
  CHECK(short_one.slope.value == 1.5);
  CHECK(!short_one.range);
  CHECK(short_one.why.what == condition::degenerate);
  CHECK(theil_sen(std::vector<double>{0, 1e-308}, std::vector<double>{0, 1e308}).slope.why.what ==
        condition::out_of_range);
  CHECK_THROWS_AS(mann_kendall(x, std::vector<double>{1}), invalid_input);
  CHECK_THROWS_AS(theil_sen(x, std::vector<double>{1}), invalid_input);
  CHECK_THROWS_AS(mann_kendall(x, {.exact_up_to = 171}), invalid_input);
}

TEST_CASE("one outlier of the largest double leaves the other rows their digits") {
  constexpr double most = std::numeric_limits<double>::max();
  for (const int n : {15, 500}) {
    std::vector<double> steps, small;
    for (int i = 0; i < n; ++i) {
      steps.push_back(i);
      small.push_back(std::ldexp(i, -40));
    }
    steps.push_back(n);
    small.push_back(most);
    CHECK(*theil_sen(steps, small).slope.value == 0x1p-40);
    CHECK(*theil_sen(small, steps).slope.value == 0x1p40);
    for (double& y : steps) y = -y;
    CHECK(*theil_sen(small, steps).slope.value == -0x1p40);
  }
}
