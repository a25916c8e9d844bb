// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include <salespulse/core/random.hpp>
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/sample_size.hpp>

#include <rapidcheck.h>

#include <cmath>
#include <cstdint>
#include <limits>

using namespace salespulse;

namespace {

bool near(double a, double b, double tolerance) {
  return std::abs(a - b) <= tolerance * std::abs(b);
}

}  // namespace

TEST_CASE("groups for two rates agree with R's power.prop.test") {
  // n and the power at n rounded up, by R 4.2.
  const sample_sizes large = sample_size_for_rates(0.5, 0.75, {.power = 0.9});
  CHECK(large.first == 77);
  CHECK(large.second == 77);
  CHECK(near(large.power, 0.90110427253775738, 1e-13));
  const sample_sizes small = sample_size_for_rates(0.10, 0.12);
  CHECK(small.first == 3841);
  CHECK(near(small.power, 0.80001557780941857, 1e-13));
  const sample_sizes strict = sample_size_for_rates(0.02, 0.03, {.alpha = 0.01});
  CHECK(strict.first == 5693);
  CHECK(near(strict.power, 0.80007913545231424, 1e-13));
}

TEST_CASE("the continuity correction adds what Fleiss's formula adds") {
  // n/4 (1 + sqrt(1 + 4 / (n |p1 - p2|)))^2 with n = 76.706930114107664.
  const double n = 76.706930114107664;
  const double root = 1 + std::sqrt(1 + 4 / (n * 0.25));
  const sample_sizes s =
      sample_size_for_rates(0.5, 0.75, {.power = 0.9, .continuity_correction = true});
  CHECK(s.first == static_cast<std::int64_t>(std::ceil(n / 4 * root * root)));
  CHECK(s.first == 85);
}

TEST_CASE("groups for two means agree with R's power.t.test") {
  const sample_sizes one = sample_size_for_means(1, 1, {.power = 0.9});
  CHECK(one.first == 23);
  CHECK(near(one.power, 0.91249829566062435, 1e-10));
  const sample_sizes half = sample_size_for_means(0.5, 1);
  CHECK(half.first == 64);
  CHECK(near(half.power, 0.8014586233679728, 1e-10));
  const sample_sizes fifth = sample_size_for_means(-0.2, 1);
  CHECK(fifth.first == 394);
  CHECK(near(fifth.power, 0.80059217790634007, 1e-10));
  CHECK(near(power_for_means(3, 1, 3, 3), 0.78255417928733828, 1e-10));
}

TEST_CASE("events for a hazard ratio are Schoenfeld's") {
  // 4 (1.959964 + 0.841621)^2 / log(2)^2 = 65.34, and unequal groups need more.
  CHECK(events_for_hazard_ratio(2).events == 66);
  CHECK(events_for_hazard_ratio(0.5).events == 66);
  CHECK(events_for_hazard_ratio(2, {.ratio = 2}).events == 74);
  CHECK(near(power_for_hazard_ratio(2, 66), events_for_hazard_ratio(2).power, 1e-15));
}

TEST_CASE("one case fewer misses the power") {
  CHECK(rc::check("smallest sizes", [] {
    test_design d;
    d.alpha = *rc::gen::inRange(1, 20) / 100.0;
    d.power = *rc::gen::inRange(30, 99) / 100.0;
    d.ratio = *rc::gen::inRange(1, 12) / 4.0;
    d.two_sided = *rc::gen::arbitrary<bool>();
    d.continuity_correction = *rc::gen::arbitrary<bool>();
    const double p1 = *rc::gen::inRange(1, 100) / 100.0;
    const double p2 = *rc::gen::inRange(1, 100) / 100.0;
    const auto second = [&](std::int64_t first) {
      return static_cast<std::int64_t>(std::ceil(d.ratio * static_cast<double>(first)));
    };
    if (p1 != p2) {
      const sample_sizes s = sample_size_for_rates(p1, p2, d);
      RC_ASSERT(s.why.ok());
      RC_ASSERT(s.second == second(s.first));
      RC_ASSERT(s.power >= d.power - 1e-12);
      RC_ASSERT(s.power == power_for_rates(p1, p2, s.first, s.second, d));
      // In brackets: the macro takes || apart and would evaluate both sides.
      RC_ASSERT(
          (s.first == 1 || power_for_rates(p1, p2, s.first - 1, second(s.first - 1), d) < d.power));
    }
    const event_count e = events_for_hazard_ratio(p1 + 0.004, d);
    RC_ASSERT(e.power >= d.power - 1e-12);
    RC_ASSERT((e.events == 1 || power_for_hazard_ratio(p1 + 0.004, e.events - 1, d) < d.power));
  }));
  for (const double effect : {0.15, 0.4, 1.0, 3.0, 20.0}) {
    const sample_sizes s = sample_size_for_means(effect, 1, {.ratio = 1.5});
    CHECK(s.power >= 0.8);
    CHECK((s.first == 1 || power_for_means(effect, 1, s.first - 1,
                                           static_cast<std::int64_t>(std::ceil(
                                               1.5 * static_cast<double>(s.first - 1)))) < 0.8));
  }
}

TEST_CASE("simulated trials reach the power that was promised") {
  const sample_sizes s = sample_size_for_means(0.8, 1, {.power = 0.8});
  int found = 0;
  constexpr int trials = 3000;
  const auto n = static_cast<double>(s.first);
  for (int k = 0; k < trials; ++k) {
    random_stream random(23, static_cast<std::uint64_t>(k));
    double sum[2] = {}, squares[2] = {};
    for (int g = 0; g < 2; ++g) {
      for (std::int64_t i = 0; i < s.first; ++i) {
        // A normal variable by Box and Muller.
        const double r = std::sqrt(-2 * std::log(1 - random.uniform()));
        const double x = r * std::cos(6.283185307179586 * random.uniform()) + 0.8 * g;
        sum[g] += x;
        squares[g] += x * x;
      }
    }
    const double variance =
        (squares[0] - sum[0] * sum[0] / n + squares[1] - sum[1] * sum[1] / n) / (2 * n - 2);
    const double t = (sum[1] - sum[0]) / n / std::sqrt(variance * 2 / n);
    // The 97.5 % quantile of Student's t with 50 degrees of freedom; see the check of the size.
    found += t > 2.0085591121007527;
  }
  CHECK(s.first == 26);
  CHECK(std::abs(found / double(trials) - s.power) < 3.29 * std::sqrt(0.16 / trials));
}

TEST_CASE("a difference that is none cannot be found, a tiny one takes too many") {
  CHECK(sample_size_for_rates(0.3, 0.3).why.what == condition::not_reached);
  CHECK(sample_size_for_means(0, 1).why.what == condition::not_reached);
  CHECK(events_for_hazard_ratio(1).why.what == condition::not_reached);
  CHECK(sample_size_for_rates(0.3, 0.3 + 1e-9).why.what == condition::too_large);
  CHECK(sample_size_for_means(1e-9, 1).why.what == condition::too_large);
  CHECK(sample_size_for_rates(0, 1).first >= 1);
  // Where half of all tests find a difference anyway, one case is enough.
  CHECK(sample_size_for_rates(
            0.3, 0.7,
            {.alpha = 0.9, .two_sided = false, .power = 0.05, .continuity_correction = true})
            .first == 1);
  CHECK(sample_size_for_means(1e-4, 1).first > 1'500'000'000);
  CHECK_THROWS_AS(sample_size_for_rates(0.3, 1.3), invalid_input);
  CHECK_THROWS_AS(sample_size_for_means(1, 0), invalid_input);
  CHECK_THROWS_AS(events_for_hazard_ratio(0), invalid_input);
  CHECK_THROWS_AS(sample_size_for_rates(0.3, 0.4, {.power = 1}), invalid_input);
  CHECK_THROWS_AS(power_for_rates(0.3, 0.4, 0, 5), invalid_input);
  CHECK_THROWS_AS(power_for_means(1, 1, 1, 1), invalid_input);
}

TEST_CASE("the smallest rates take too many and the largest effects two each") {
  CHECK(sample_size_for_rates(0, 5e-324).why == status{condition::too_large, -1});
  CHECK(sample_size_for_rates(0, 5e-324, {.continuity_correction = true}).why ==
        status{condition::too_large, -1});
  for (const double difference : {1e6, 1e300, std::numeric_limits<double>::max()}) {
    CHECK(sample_size_for_means(difference, 1).first == 2);
    CHECK(sample_size_for_means(difference, 5e-324).first == 2);
  }
  CHECK(power_for_means(std::numeric_limits<double>::max(), 5e-324, 1, 2) == 1);
  CHECK(power_for_means(1, 1, INT64_MAX, INT64_MAX) == 1);
}

TEST_CASE("the power of means is smooth where the way of working it out changes") {
  // With 2 degrees of freedom and a limit t far out, P(T > t) is about 1 - exp(-(shift / t)^2).
  const double limit_squared = 1 / (2 * 5e-9);
  for (const double shift : {999.0, 1001.0, 2000.0, 2e4, 1e5}) {
    const double expected = -std::expm1(-shift * shift / limit_squared);
    CHECK(std::abs(power_for_means(shift, 1, 2, 2, {.alpha = 1e-8}) / expected - 1) < 3e-6);
  }
  // Just below and just above 1e8 degrees of freedom.
  const auto power = [](std::int64_t n) { return power_for_means(4e-4, 1, n, n); };
  const double below = power(49'999'999), above = power(50'000'003);
  CHECK(above > below);
  CHECK(above - below < 2 * (power(49'999'999) - power(49'999'995)) + 1e-12);
}
