// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include "support/reference.hpp"
#include <salespulse/core/random.hpp>
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/bunching.hpp>

#include <rapidcheck.h>

#include <cmath>
#include <cstdint>
#include <vector>

using namespace salespulse;

namespace {

bool near(double a, double b, double tolerance) {
  return std::abs(a - b) <= tolerance * std::abs(b);
}

}  // namespace

TEST_CASE("excess mass is the count above the polynomial") {
  // Against least squares with the normal equations, by R 4.2.
  const std::vector<std::int64_t> counts{100, 98, 95, 93, 90, 130, 120, 84, 82, 80, 79, 75};
  const bunching_excess b = excess_mass(counts, {5, 6}, {.degree = 2});
  REQUIRE(b.excess.value);
  CHECK(near(*b.excess.value, 75.466666666666669, 1e-12));
  CHECK(near(b.std_error, 18.782261134733886, 1e-12));
  CHECK(near(*b.relative_excess.value, 0.86478227654698248, 1e-12));
  CHECK(b.range->lower < *b.excess.value);
  CHECK(b.expected.size() == 12);
}

TEST_CASE("a polynomial is found again whatever stands in the window") {
  CHECK(rc::check("no excess but what was added", [] {
    const int degree = *rc::gen::inRange(0, 5);
    std::vector<std::int64_t> counts;
    for (int i = 0; i < 24; ++i) {
      std::int64_t height = 1000, power = 1;
      for (int k = 1; k <= degree; ++k) height += (power *= i) * (k % 2 == 0 ? 1 : 3);
      counts.push_back(height);
    }
    const std::int64_t added = *rc::gen::inRange(0, 500);
    counts[10] += added;
    counts[12] += 7;
    const bunching_excess b =
        excess_mass(counts, {9, 12}, {.degree = static_cast<std::size_t>(degree)});
    RC_ASSERT(std::abs(*b.excess.value - static_cast<double>(added) - 7) < 1e-6);
  }));
}

TEST_CASE("the interval of the excess holds it as often as it says") {
  int held = 0, held_ratio = 0;
  constexpr int samples = 1500;
  for (int k = 0; k < samples; ++k) {
    random_stream random(31, static_cast<std::uint64_t>(k));
    std::vector<std::int64_t> counts;
    for (int i = 0; i < 20; ++i) {
      // Binomial with a small probability is Poisson enough.
      const double mean = 60 + 2 * i + (i == 9 ? 40 : 0);
      std::int64_t n = 0;
      for (int j = 0; j < 1000; ++j) n += random.chance(mean / 1000);
      counts.push_back(n);
    }
    const bunching_excess b = excess_mass(counts, {9, 9}, {.degree = 1});
    held += b.range->lower <= 40 && 40 <= b.range->upper;
    held_ratio +=
        std::abs(*b.relative_excess.value - 40.0 / 78) <= confidence_95.z * b.relative_std_error;
  }
  // The binomial's variance is 12 % below Poisson's at most: coverage is 95 % to 96.5 %.
  const double bound = 3.29 * std::sqrt(0.95 * 0.05 / samples);
  CHECK(held / double(samples) > 0.95 - bound);
  CHECK(held / double(samples) < 0.965 + bound);
  CHECK(held_ratio / double(samples) > 0.945 - bound);
}

TEST_CASE("bins that cannot carry the polynomial are refused") {
  const std::vector<std::int64_t> counts{5, 6, 7, 8, 9, 10, 11, 12};
  CHECK(excess_mass(counts, {3, 4}, {.degree = 5}).why.what == condition::insufficient_data);
  CHECK(excess_mass(std::vector<std::int64_t>{1, -1, 1}, {0, 0}, {.degree = 0}).why ==
        status{condition::negative_count, 1});
  CHECK(excess_mass(std::vector<std::int64_t>{0, 9, 0, 0}, {1, 1}, {.degree = 0}).why.what ==
        condition::no_events);
  CHECK_THROWS_AS(excess_mass(counts, {4, 3}), invalid_input);
  CHECK_THROWS_AS(excess_mass(counts, {4, 8}), invalid_input);
  CHECK_THROWS_AS(excess_mass(counts, {3, 4}, {.degree = 13}), invalid_input);
}

TEST_CASE("days are counted from the end of each period") {
  // Two periods of ten days, one of two.
  const std::vector<std::int32_t> starts{0, 10, 20, 22};
  const std::vector<std::int32_t> events{0, 6, 7, 9, 9, 10, 17, 19, 20, 21};
  const period_end_counts c = count_period_ends(events, starts, 3);
  CHECK(c.why.ok());
  CHECK(c.days_last == 8);
  CHECK(c.days_rest == 14);
  CHECK(c.events_last == 7);
  CHECK(c.events_rest == 3);
  CHECK(count_period_ends(std::vector<std::int32_t>{5, 22}, starts, 3).why ==
        status{condition::unknown_state, 1});
  CHECK(count_period_ends(std::vector<std::int32_t>{-1}, starts, 3).why ==
        status{condition::unknown_state, 0});
  CHECK_THROWS_AS(count_period_ends(events, std::vector<std::int32_t>{0, 0}, 3), invalid_input);
  CHECK_THROWS_AS(count_period_ends(events, starts, 0), invalid_input);
}

TEST_CASE("the excess at period ends has an exact p-value") {
  // binom.test(30, 100, 5/90) of R 4.2.
  const period_end_excess e = excess_at_period_ends({30, 70, 5, 85, {}});
  CHECK(near(e.p_value, 1.3600618064129861e-14, 1e-11));
  CHECK(near(e.share_range->lower, 0.21240642048953665, 1e-12));
  CHECK(near(e.share_range->upper, 0.39981467617980404, 1e-12));
  CHECK(near(*e.excess.value, 30 - 70 * 5.0 / 85, 1e-15));
  CHECK(near(*e.rate_ratio.value, (30.0 / 5) / (70.0 / 85), 1e-15));
  CHECK(e.share == 0.3);
  const period_end_excess all = excess_at_period_ends({3, 0, 1, 1, {}});
  CHECK(near(all.p_value, 0.125, 1e-14));
  CHECK(all.rate_ratio.why.what == condition::zero_total);
  CHECK(all.share_range->upper == 1);
  const period_end_excess none = excess_at_period_ends({0, 4, 1, 1, {}});
  CHECK(none.p_value == 1);
  CHECK(none.share_range->lower == 0);
  CHECK(excess_at_period_ends({0, 0, 1, 1, {}}).why.what == condition::no_events);
  CHECK(excess_at_period_ends({-1, 0, 1, 1, {}}).why.what == condition::negative_count);
  CHECK(excess_at_period_ends({1, 1, 0, 1, {}}).why.what == condition::nonpositive_value);
}

TEST_CASE("the interval of the share agrees with the reference") {
  const std::string file = "reference/statistics/descriptive_trend_scalars.csv";
  const test::reference_table scalars(file);
  if (!test::available(scalars, file)) return;
  test::accuracy a(file);
  const auto check = [&](const char* name, std::int64_t x, std::int64_t n) {
    const period_end_excess e = excess_at_period_ends({x, n - x, 1, 1, {}});
    const auto end = [&](const char* which) {
      return scalars.value(
          {{"case", "binom_clopper_pearson95"}, {"quantity", name}, {"index", which}});
    };
    CHECK(a.error(e.share_range->lower, end("lo"), name) <= 1e-12);
    CHECK(a.error(e.share_range->upper, end("hi"), name) <= 1e-12);
  };
  check("x=0;n=10", 0, 10);
  check("x=3;n=10", 3, 10);
  check("x=10;n=10", 10, 10);
  check("x=47;n=312", 47, 312);
  check("x=500000;n=1e+06", 500'000, 1'000'000);
}

TEST_CASE("an expectation of nothing but rounding has no relative excess") {
  // The line through the other bins is 0 at the last one.
  const std::vector<std::int64_t> counts{5, 4, 3, 2, 1, 100};
  const bunching_excess b = excess_mass(counts, {5, 5}, {.degree = 1});
  CHECK(std::abs(*b.excess.value - 100) < 1e-12);
  CHECK(b.relative_excess.why == status{condition::nonpositive_value, -1});
}
