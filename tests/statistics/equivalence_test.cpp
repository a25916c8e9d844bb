// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include "support/reference.hpp"
#include <salespulse/core/random.hpp>
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/equivalence.hpp>

#include <rapidcheck.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

using namespace salespulse;
using salespulse::test::accuracy;
using salespulse::test::available;
using salespulse::test::reference_table;

namespace {

// Extra hours of sleep under two drugs (Student 1908, Biometrika 6:1-25).
const std::vector<double> drug_1{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
const std::vector<double> drug_2{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};

bool near(double a, double b, double tolerance = 1e-13) {
  return std::abs(a - b) <= tolerance * std::abs(b);
}

}  // namespace

TEST_CASE("Welch's interval and degrees of freedom agree with the reference") {
  const std::string file = "reference/statistics/descriptive_trend_scalars.csv";
  const reference_table scalars(file);
  if (!available(scalars, file)) return;
  const equivalence_test t = equivalence_of_means(drug_1, drug_2, {-1, 1}, {.alpha = 0.025});
  accuracy a(file);
  const auto value = [&](const char* quantity) {
    return scalars.value({{"case", "sleep_welch"}, {"quantity", quantity}});
  };
  CHECK(a.error(*t.estimate.value / t.std_error, value("t"), "t") <= 1e-13);
  CHECK(a.error(*t.degrees_of_freedom, value("df"), "df") <= 1e-13);
  REQUIRE(t.range);
  const auto end = [&](const char* which) {
    return scalars.value({{"case", "sleep_welch"}, {"quantity", "ci95"}, {"index", which}});
  };
  CHECK(a.error(t.range->lower, end("lo"), "lower") <= 1e-12);
  CHECK(a.error(t.range->upper, end("hi"), "upper") <= 1e-12);
  // Twice the one-sided p against no difference is the two-sided one.
  const margin_test none = mean_exceeds(drug_2, drug_1, 0);
  CHECK(a.error(2 * none.p_value, value("p"), "p") <= 1e-12);
}

TEST_CASE("two one-sided tests of means are two t tests") {
  // By R 4.2's t.test.
  const equivalence_test welch = equivalence_of_means(drug_1, drug_2, {-3, 1});
  CHECK(near(welch.p_above_lower, 0.055978914532244482, 1e-12));
  CHECK(near(welch.p_below_upper, 0.0035706691736628929, 1e-12));
  CHECK(welch.p_value == welch.p_above_lower);
  CHECK(!welch.equivalent);
  CHECK(near(welch.range->lower, -3.05338149733160646, 1e-12));
  CHECK(near(welch.range->upper, -0.10661850266839384, 1e-11));
  CHECK(near(welch.range->level, 0.9));
  const equivalence_test pooled =
      equivalence_of_means(drug_1, drug_2, {-3, 1}, {.variance = variance_assumption::pooled});
  CHECK(near(pooled.p_above_lower, 0.055870893292693784, 1e-12));
  CHECK(near(pooled.p_below_upper, 0.0035333976398456948, 1e-12));
  CHECK(near(pooled.range->lower, -3.05237783169960242, 1e-12));
  CHECK(*pooled.degrees_of_freedom == 18);
}

TEST_CASE("equivalence is shown exactly where the interval lies within the margins") {
  CHECK(rc::check("means", [] {
    const double estimate = *rc::gen::inRange(-300, 300) / 100.0;
    const double se = *rc::gen::inRange(1, 200) / 100.0;
    const equivalence_test t = equivalence_of_estimate(estimate, se, {-1, 1.5}, {}, 7.0);
    RC_ASSERT(t.equivalent == (t.range->lower > -1 && t.range->upper < 1.5));
    const margin_test m = estimate_exceeds(estimate, se, 0.5);
    RC_ASSERT(m.exceeds == (*m.lower_bound.value > 0.5));
  }));
  CHECK(rc::check("rates", [] {
    group_rate a, b;
    a.n = *rc::gen::inRange(1, 200);
    b.n = *rc::gen::inRange(1, 200);
    a.successes = *rc::gen::inRange<std::int64_t>(0, a.n + 1);
    b.successes = *rc::gen::inRange<std::int64_t>(0, b.n + 1);
    const equivalence_test t = equivalence_of_rates(a, b, {-0.1, 0.15});
    RC_ASSERT(std::isfinite(t.p_value));
    RC_ASSERT(t.equivalent == (t.range->lower > -0.1 && t.range->upper < 0.15));
    RC_ASSERT(t.range->lower >= -1);
    RC_ASSERT(t.range->upper <= 1);
    RC_ASSERT(t.range->lower <= *t.estimate.value + 1e-12);
    RC_ASSERT(t.range->upper >= *t.estimate.value - 1e-12);
    // The groups exchanged, the margins mirrored.
    const equivalence_test u = equivalence_of_rates(b, a, {-0.15, 0.1});
    RC_ASSERT(std::abs(t.p_value - u.p_value) < 1e-12);
    const margin_test m = rate_exceeds(a, b, -0.1);
    RC_ASSERT(m.p_value == t.p_above_lower);
  }));
}

TEST_CASE("without a margin the score test of rates is the chi-square test") {
  const std::string file = "reference/statistics/descriptive_trend_scalars.csv";
  const reference_table scalars(file);
  if (!available(scalars, file)) return;
  accuracy a(file);
  CHECK(a.error(2 * rate_exceeds({45, 100}, {30, 100}, 0).p_value,
                scalars.value({{"case", "two_prop"}})) <= 1e-13);
}

TEST_CASE("rates of 0 and 1 have a test and an interval") {
  const equivalence_test none = equivalence_of_rates({0, 500}, {0, 400}, {-0.05, 0.05});
  CHECK(none.equivalent);
  CHECK(none.range->lower < 0);
  CHECK(none.range->upper > 0);
  CHECK(equivalence_of_rates({500, 500}, {400, 400}, {-0.05, 0.05}).equivalent);
  CHECK(!equivalence_of_rates({5, 5}, {4, 4}, {-0.05, 0.05}).equivalent);
  CHECK(rate_exceeds({0, 10}, {0, 10}, 0).p_value == 0.5);
}

TEST_CASE("the test of means holds its level at the margin") {
  int found = 0;
  constexpr int samples = 1500;
  for (int k = 0; k < samples; ++k) {
    random_stream random(17, static_cast<std::uint64_t>(k));
    std::vector<double> x, y;
    for (int i = 0; i < 20; ++i) {
      x.push_back(1 + random.uniform() + random.uniform() + random.uniform());
      y.push_back(random.uniform() + random.uniform() + random.uniform());
    }
    found += equivalence_of_means(x, y, {-9, 1}).equivalent;
  }
  CHECK(std::abs(found / double(samples) - 0.05) < 3.29 * std::sqrt(0.05 * 0.95 / samples));
}

TEST_CASE("the test of rates has its level at the margin, but for the steps of counts") {
  // The probability of every pair of counts, so that no chance is left in the level itself.
  const auto binomial = [](int n, double p) {
    std::vector<double> mass{1};
    for (int i = 0; i < n; ++i) {
      mass.push_back(0);
      for (std::size_t k = mass.size() - 1; k > 0; --k) {
        mass[k] = mass[k] * (1 - p) + mass[k - 1] * p;
      }
      mass[0] *= 1 - p;
    }
    return mass;
  };
  double furthest = 1;
  for (const int n : {40, 120}) {
    const std::vector<double> first = binomial(n, 0.4), second = binomial(n, 0.3);
    double level = 0;
    for (int i = 0; i <= n; ++i) {
      for (int j = 0; j <= n; ++j) {
        const double chance =
            first[static_cast<std::size_t>(i)] * second[static_cast<std::size_t>(j)];
        if (chance < 1e-9) continue;
        if (equivalence_of_rates({i, n}, {j, n}, {-0.5, 0.1}).p_value < 0.05) level += chance;
      }
    }
    CAPTURE(n, level);
    CHECK(std::abs(level - 0.05) < 0.002);
    CHECK(std::abs(level - 0.05) < furthest);  // nearer with more cases
    furthest = std::abs(level - 0.05);
  }
}

TEST_CASE("what cannot be compared is named") {
  const std::vector<double> one{1}, same{2, 2}, some{1, 2}, bad{1, std::nan("")};
  CHECK(equivalence_of_means(one, some, {-1, 1}).why == status{condition::insufficient_data, 0});
  CHECK(equivalence_of_means(some, one, {-1, 1}).why == status{condition::insufficient_data, 1});
  CHECK(equivalence_of_means(same, same, {-1, 1}).why.what == condition::zero_variance);
  CHECK(equivalence_of_means(some, bad, {-1, 1}).why == status{condition::non_finite_input, 3});
  CHECK(equivalence_of_means(some, bad, {-1, 1}).p_value == 1);
  CHECK(equivalence_of_means(same, some, {-9, 9}).why.ok());
  CHECK(equivalence_of_rates({3, 2}, {1, 2}, {-0.1, 0.1}).why ==
        status{condition::count_exceeds_trials, 0});
  CHECK(rate_exceeds({1, 2}, {-1, 2}, 0).why == status{condition::negative_count, 1});
  CHECK(rate_exceeds({1, 2}, {0, 0}, 0).why == status{condition::insufficient_data, 1});
  CHECK(equivalence_of_estimate(1, 0, {-1, 2}).why.what == condition::zero_variance);
  CHECK(equivalence_of_estimate(1, -1, {-1, 2}).why.what == condition::nonpositive_value);
  CHECK(estimate_exceeds(std::numeric_limits<double>::infinity(), 1, 0).why.what ==
        condition::non_finite_input);
  CHECK_THROWS_AS(equivalence_of_estimate(1, 1, {2, 1}), invalid_input);
  CHECK_THROWS_AS(equivalence_of_estimate(1, 1, {1, 2}, {.alpha = 0.5}), invalid_input);
  CHECK_THROWS_AS(equivalence_of_rates({1, 2}, {1, 2}, {-1, 0.5}), invalid_input);
  CHECK_THROWS_AS(estimate_exceeds(1, 1, 0, {}, 0.0), invalid_input);
}

TEST_CASE("an interval beyond doubles is refused") {
  constexpr double most = std::numeric_limits<double>::max();
  const equivalence_margins margins{-1, 1};
  for (const equivalence_test& e : {equivalence_of_estimate(0, most, margins),
                                    equivalence_of_estimate(0, 1, margins, {}, 0.001),
                                    equivalence_of_estimate(0, 1, margins, {}, 5e-324)}) {
    CHECK(e.why == status{condition::out_of_range, -1});
    CHECK(!e.range);
    CHECK(e.p_value == 1);
  }
  const margin_test m = estimate_exceeds(0, most, 1);
  CHECK(m.why == status{condition::out_of_range, -1});
  CHECK(!m.lower_bound.value);
}
