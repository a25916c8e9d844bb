// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/nelson_aalen.hpp>

#include <salespulse/core/random.hpp>
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/kaplan_meier.hpp>

#include "statistics/event_time_cases.hpp"
#include "support/catch.hpp"
#include "support/reference.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

using namespace salespulse;
using namespace salespulse::test;

namespace {

using rows = std::vector<observation>;

constexpr double tolerance = 1e-13;

bool same(const nelson_aalen& a, const nelson_aalen& b) {
  return a.why() == b.why() &&
         std::equal(a.steps().begin(), a.steps().end(), b.steps().begin(), b.steps().end(),
                    [](const nelson_aalen::step& x, const nelson_aalen::step& y) {
                      return x.tick == y.tick && x.at_risk == y.at_risk && x.events == y.events &&
                             x.censored == y.censored && x.hazard == y.hazard &&
                             x.variance == y.variance;
                    });
}

// The sum of 1/k over k in n - d + 1 ... n in the widest type at hand.
long double harmonic(std::int64_t n, std::int64_t d, int exponent) {
  long double sum = 0;
  for (std::int64_t k = n - d + 1; k <= n; ++k) {
    const long double share = 1.0L / static_cast<long double>(k);
    sum += exponent == 1 ? share : share * share;
  }
  return sum;
}

}  // namespace

TEST_CASE("cumulative hazards are those of the reference", "[nelson_aalen]") {
  for (const char* file : {"reference/statistics/km_curves.csv",
                           "reference/statistics/km_early_hole.csv",
                           "reference/statistics/km_left_truncated_mgus2_age.csv"}) {
    const reference_table table(file);
    if (!available(table, file)) return;
    accuracy errors(file);
    std::string name;
    std::string strata;
    std::vector<nelson_aalen> curve;  // the one that the rows are about
    std::size_t step = 0;
    for (std::size_t i = 0; i < table.rows(); ++i) {
      if (name != table.text(i, "case") || strata != table.text(i, "strata")) {
        name = table.text(i, "case");
        strata = table.text(i, "strata");
        step = 0;
        curve.clear();
        rows all;
        if (name == "early_hole") {
          all = {{0, 2, 1, 1},   {10, 20, 1, 1}, {12, 24, 1, 1}, {14, 30, 0, 1},
                 {16, 32, 1, 1}, {18, 40, 1, 1}, {11, 22, 0, 1}};  // half ticks
        } else if (name == "mgus2_age_sex") {
          const reference_table input("reference/statistics/inputs/mgus2_age_scale.csv");
          for (std::size_t r = 0; r < input.rows(); ++r) {
            if ("sex=" + input.text(r, "sex") != strata) continue;
            all.push_back({static_cast<std::int32_t>(std::lround(12 * input.number(r, "entry"))),
                           static_cast<std::int32_t>(std::lround(12 * input.number(r, "exit"))),
                           input.text(r, "death") == "1", 1});
          }
        } else {
          all = event_time_rows(name, strata);
        }
        curve.emplace_back(all);
      }
      const nelson_aalen::step& s = curve.front().steps()[step++];
      CHECK(s.at_risk == table.integer(i, "n_risk"));
      CHECK(errors.error(s.hazard, table.number(i, "cumhaz_na"), name) <= tolerance);
      CHECK(errors.error(std::sqrt(s.variance), table.number(i, "se_cumhaz_na"), name) <=
            tolerance);
    }
    CHECK(errors.values() > 10);
  }
}

TEST_CASE("both treatments of ties and both survivals are those of the reference",
          "[nelson_aalen]") {
  const char* file = "reference/statistics/km_alt_types_lung.csv";
  const reference_table table(file);
  if (!available(table, file)) return;
  accuracy errors(file);
  const rows all = event_time_rows("lung", "all");
  const kaplan_meier product(all);
  for (const tied_events ties : {tied_events::together, tied_events::in_turn}) {
    const nelson_aalen curve(all, {.ties = ties});
    for (const char* stype : {"1", "2"}) {
      const auto at =
          table.where({{"stype", stype}, {"ctype", ties == tied_events::together ? "1" : "2"}});
      REQUIRE(at.size() == curve.steps().size());
      for (std::size_t i = 0; i < at.size(); ++i) {
        const nelson_aalen::step& s = curve.steps()[i];
        const double error = std::sqrt(s.variance);
        CHECK(errors.error(s.hazard, table.number(at[i], "cumhaz")) <= tolerance);
        CHECK(errors.error(error, table.number(at[i], "std_chaz")) <= tolerance);
        const kaplan_meier::step& p = product.steps()[i];
        const bool of_product = *stype == '1';
        CHECK(errors.error(of_product ? p.survival : *curve.survival(s.tick).value,
                           table.number(at[i], "surv")) <= tolerance);
        CHECK(errors.error(of_product ? p.log_std_error.value_or(0) : error,
                           table.number(at[i], "std_err")) <= tolerance);
      }
    }
  }
}

TEST_CASE("weighted hazards are those of the reference", "[nelson_aalen]") {
  const char* file = "reference/statistics/km_weighted_lung.csv";
  const reference_table table(file);
  if (!available(table, file)) return;
  accuracy errors(file);
  const nelson_aalen curve(twice_weighted_lung_rows());
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const nelson_aalen::step& s = curve.steps()[i];
    CHECK(errors.error(s.hazard, table.number(i, "cumhaz")) <= tolerance);
    CHECK(errors.error(std::sqrt(2 * s.variance), table.number(i, "std_chaz")) <= tolerance);
  }
}

TEST_CASE("many tied events in turn are summed as well as few", "[nelson_aalen]") {
  for (const std::int64_t d : {1, 5, 63, 64, 65, 100, 1000, 50'000}) {
    for (const std::int64_t left : {0, 1, 10, 31, 32, 100, 1'000'000}) {
      const std::int64_t n = d + left;
      const nelson_aalen curve(rows{{0, 3, 1, d}, {0, 4, 0, left}}, {.ties = tied_events::in_turn});
      CAPTURE(d, left);
      CHECK_THAT(curve.steps()[0].hazard,
                 Catch::Matchers::WithinRel(static_cast<double>(harmonic(n, d, 1)), 1e-15));
      CHECK_THAT(curve.steps()[0].variance,
                 Catch::Matchers::WithinRel(static_cast<double>(harmonic(n, d, 2)), 1e-15));
    }
  }
  // All of 10^12: log n plus Euler's constant plus 1 / (2 n), and pi^2 / 6 less 1 / n.
  const nelson_aalen all(rows{{0, 3, 1, 1'000'000'000'000}}, {.ties = tied_events::in_turn});
  CHECK_THAT(all.steps()[0].hazard,
             Catch::Matchers::WithinRel(std::log(1e12) + 0.57721566490153286 + 5e-13, 1e-15));
  CHECK_THAT(all.steps()[0].variance,
             Catch::Matchers::WithinRel(1.6449340668482264 - 1e-12, 1e-15));
  // One in a million of 10^12: the terms hardly differ.
  const nelson_aalen few(rows{{0, 3, 1, 1'000'000}, {0, 4, 0, 999'999'000'000}},
                         {.ties = tied_events::in_turn});
  CHECK_THAT(few.steps()[0].hazard, Catch::Matchers::WithinRel(-std::log1p(-1e-6), 1e-12));
}

TEST_CASE("a hazard has its edges", "[nelson_aalen]") {
  const nelson_aalen none(rows{{0, 3, 0, 1}, {0, 8, 0, 1}});  // K01
  CHECK(none.why().ok());
  CHECK(none.hazard(8).value == 0.0);
  CHECK(none.survival(8).value == 1.0);
  CHECK_FALSE(none.band(8, confidence_95));

  const nelson_aalen one(rows{{0, 4, 1, 1}});  // K02
  CHECK(one.hazard(4).value == 1.0);
  CHECK(one.hazard(3).value == 0.0);
  CHECK(one.hazard(-1).value == 0.0);
  CHECK(one.hazard(5).why == status{condition::beyond_follow_up, 4});
  CHECK(one.survival(4).value == std::exp(-1.0));

  const nelson_aalen gap(rows{{0, 3, 1, 1}, {9, 12, 1, 1}});  // K10
  CHECK(gap.why().ok());
  CHECK(gap.hazard(7).value == 1.0);
  CHECK(gap.hazard(12).value == 2.0);
  REQUIRE(gap.gaps().size() == 1);
  CHECK(gap.gaps()[0].first == 4);
  CHECK(gap.gaps()[0].last == 9);

  const nelson_aalen bad(rows{{0, 3, 1, 1}, {5, 5, 1, 1}});  // K08
  CHECK(bad.why() == status{condition::entry_not_before_exit, 1});
  CHECK_FALSE(bad.hazard(3).value);
  CHECK_FALSE(bad.survival(3).value);
  CHECK(bad.survival(3).why == bad.why());
  CHECK_FALSE(bad.band(3, confidence_95));
  CHECK(bad.follow_up() == -1);
  CHECK(nelson_aalen(rows{}).why().what == condition::insufficient_data);
  CHECK(nelson_aalen(rows{{0, 5, 1, 1}}, {.after = 5}).why() ==
        status{condition::empty_risk_set, 5});

  rows heavy(1000, observation{0, 7, 1, 1'000'000'000});  // K11
  const nelson_aalen whole(heavy);
  CHECK(whole.steps()[0].hazard == 1);
  CHECK(whole.steps()[0].variance == 1e-12);
}

TEST_CASE("hazard intervals hold the hazard", "[nelson_aalen]") {
  const auto plain = hazard_interval(0.5, 0.1, confidence_95, hazard_scale::plain);
  REQUIRE(plain);
  CHECK_THAT(plain->lower, Catch::Matchers::WithinRel(0.5 - 0.19599639845400545, 1e-14));
  CHECK_THAT(plain->upper, Catch::Matchers::WithinRel(0.5 + 0.19599639845400545, 1e-14));
  CHECK(hazard_interval(0.5, 1, confidence_95, hazard_scale::plain)->lower == 0);
  const auto log = hazard_interval(0.5, 0.1, confidence_95);
  REQUIRE(log);
  CHECK_THAT(log->lower * log->upper, Catch::Matchers::WithinRel(0.25, 1e-14));
  CHECK_THAT(log->upper, Catch::Matchers::WithinRel(0.5 * std::exp(0.3919927969080109), 1e-14));
  CHECK_FALSE(hazard_interval(0, 0, confidence_95));
  CHECK_FALSE(hazard_interval(0.5, 0, confidence_95));
  CHECK_FALSE(hazard_interval(1e-300, 1, confidence_95));  // no double is so large
  for (const double wrong : {-0.1, HUGE_VAL, std::nan("")}) {
    CHECK_THROWS_AS(hazard_interval(wrong, 0.1, confidence_95), invalid_input);
    CHECK_THROWS_AS(hazard_interval(0.5, wrong, confidence_95), invalid_input);
  }
}

TEST_CASE("a hazard depends on counts alone", "[nelson_aalen]") {
  for (const tied_events ties : {tied_events::together, tied_events::in_turn}) {
    CHECK(rc::check("the order of rows changes no bit", [ties] {
      rows all = arbitrary_event_times();
      const nelson_aalen curve(all, {.ties = ties});
      std::reverse(all.begin(), all.end());
      RC_ASSERT(same(curve, nelson_aalen(all, {.ties = ties})));
    }));
    CHECK(rc::check("a row of weight w is w rows", [ties] {
      const rows all = arbitrary_event_times();
      rows single;
      for (observation o : all) {
        const auto times = static_cast<std::size_t>(o.weight);
        o.weight = 1;
        single.insert(single.end(), times, o);
      }
      RC_ASSERT(same(nelson_aalen(all, {.ties = ties}), nelson_aalen(single, {.ties = ties})));
    }));
    CHECK(rc::check("another unit of time changes nothing but the ticks", [ties] {
      const rows all = arbitrary_event_times();
      const nelson_aalen days(all, {.ties = ties});
      const nelson_aalen weeks(with_times(all, 7), {.ties = ties});
      RC_ASSERT(days.steps().size() == weeks.steps().size());
      for (std::size_t i = 0; i < days.steps().size(); ++i) {
        RC_ASSERT(days.steps()[i].hazard == weeks.steps()[i].hazard);
        RC_ASSERT(days.steps()[i].variance == weeks.steps()[i].variance);
      }
    }));
  }
  CHECK(rc::check("events in turn are those of rows on ticks of their own", [] {
    const int n = *rc::gen::inRange(2, 200);
    const int d = *rc::gen::inRange(1, n);
    rows spread;
    for (int i = 0; i < n; ++i) spread.push_back({0, i < d ? i + 1 : d, i < d, 1});
    const nelson_aalen apart(spread);
    const nelson_aalen tied(rows{{0, 1, 1, d}, {0, 2, 0, n - d}}, {.ties = tied_events::in_turn});
    RC_ASSERT(std::abs(apart.steps().back().hazard - tied.steps()[0].hazard) <=
              2e-15 * tied.steps()[0].hazard);
  }));
  CHECK(rc::check("exp(-H) is not below the product-limit curve, in turn closer than together", [] {
    const rows all = arbitrary_event_times();
    const kaplan_meier product(all);
    const nelson_aalen together(all);
    const nelson_aalen turn(all, {.ties = tied_events::in_turn});
    for (const kaplan_meier::step& s : product.steps()) {
      const double one = *turn.survival(s.tick).value;
      RC_ASSERT(one >= s.survival - 1e-15);
      RC_ASSERT(*together.survival(s.tick).value >= one - 1e-15);
    }
  }));
  CHECK(rc::check("the hazard after a tick is what is added from there", [] {
    const rows all = arbitrary_event_times();
    const std::int32_t after = *rc::gen::inRange(0, 10);
    const nelson_aalen whole(all);
    const nelson_aalen later(all, {.after = after});
    if (!later.why().ok()) return;
    for (const nelson_aalen::step& s : later.steps()) {
      RC_ASSERT(std::abs(*whole.hazard(after).value + s.hazard - *whole.hazard(s.tick).value) <=
                1e-14);
    }
  }));
}

TEST_CASE("hazard bands cover the truth as often as they say", "[nelson_aalen]") {
  const double truth = 20 * 0.04;  // 4 % a tick
  const int samples = 1500;
  int covered = 0;
  for (int sample = 0; sample < samples; ++sample) {
    random_stream random(78, static_cast<std::uint64_t>(sample));
    rows all;
    for (int i = 0; i < 150; ++i) {
      std::int32_t event = 1;
      while (!random.chance(0.04)) ++event;
      const auto censored = static_cast<std::int32_t>(1 + random.below(60));
      all.push_back({0, std::min(event, censored), event <= censored, 1});
    }
    const auto band = nelson_aalen(all).band(20, confidence_95);
    REQUIRE(band);
    covered += band->lower <= truth && truth <= band->upper;
  }
  // 99.9 % of binomial counts at 0.95 lie within 3.3 standard deviations.
  CHECK(std::abs(covered - 0.95 * samples) <= 3.3 * std::sqrt(samples * 0.95 * 0.05));
}

TEST_CASE("a hazard interval whose upper limit no double holds is none, on either scale") {
  for (const hazard_scale scale : {hazard_scale::plain, hazard_scale::log}) {
    CHECK(!hazard_interval(1e308, 1e308, confidence_95, scale));
  }
  CHECK(hazard_interval(1e308, 1e307, confidence_95, hazard_scale::plain));
}
