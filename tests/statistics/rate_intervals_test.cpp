// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/rate_intervals.hpp>

#include <salespulse/core/random.hpp>
#include <salespulse/core/result.hpp>
#include <support/catch.hpp>

#include "support/reference.hpp"

#include <rapidcheck.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

using namespace salespulse;
using Catch::Matchers::WithinRel;
using salespulse::test::accuracy;
using salespulse::test::reference_table;

namespace {

constexpr const char* scalars = "reference/statistics/descriptive_trend_scalars.csv";

struct exact_limits {
  double lower;
  double upper;
};

bool within(const interval& i, exact_limits exact, double tolerance) {
  return std::abs(i.lower / exact.lower - 1) <= tolerance &&
         std::abs(i.upper / exact.upper - 1) <= tolerance;
}

// How often 20 of which each happens with probability p give an interval that holds p: exactly.
template <class Method>
double coverage(Method method, std::int64_t n, double p, confidence c) {
  double sum = 0;
  double log_choose = 0;
  for (std::int64_t k = 0; k <= n; ++k) {
    const interval i = method(k, n, c);
    const auto x = static_cast<double>(k);
    const auto rest = static_cast<double>(n - k);
    if (i.lower <= p && p <= i.upper) {
      sum += std::exp(log_choose + x * std::log(p) + rest * std::log1p(-p));
    }
    log_choose += std::log(rest) - std::log(x + 1);
  }
  return sum;
}

}  // namespace

TEST_CASE("the three intervals of a rate agree with R") {
  const reference_table table(scalars);
  if (!available(table, scalars)) return;
  accuracy a(scalars);
  using method = interval (*)(std::int64_t, std::int64_t, confidence);
  struct named {
    const char* name;
    method of;
  };
  for (const named& m :
       {named{"binom_wilson95", wilson_interval}, named{"binom_jeffreys95", jeffreys_interval},
        named{"binom_clopper_pearson95", clopper_pearson_interval}}) {
    const std::vector<std::size_t> rows = table.where({{"case", m.name}});
    CHECK(rows.size() == 14);
    for (const std::size_t row : rows) {
      const std::string& what = table.text(row, "quantity");  // x=47;n=312
      const std::size_t cut = what.find(';');
      const auto x = static_cast<std::int64_t>(std::stod(what.substr(2, cut - 2)));
      const auto n = static_cast<std::int64_t>(std::stod(what.substr(cut + 3)));
      const interval i = m.of(x, n, confidence_95);
      const double computed = table.text(row, "index") == "lo" ? i.lower : i.upper;
      INFO(m.name << " " << what << " " << table.text(row, "index"));
      // R's own Wilson limits cancel at the ends: they hold 14 digits, not 15.
      CHECK(a.error(computed, table.number(row, "value"), what) <= 1e-13);
    }
  }
}

TEST_CASE("Garwood's interval agrees with R") {
  const reference_table table(scalars);
  if (!available(table, scalars)) return;
  accuracy a(scalars);
  const std::vector<std::size_t> rows = table.where({{"case", "poisson_exact95"}});
  CHECK(rows.size() == 6);
  for (const std::size_t row : rows) {
    const std::string& what = table.text(row, "quantity");  // x=3;T=10
    const std::size_t cut = what.find(';');
    const auto x = static_cast<std::int64_t>(std::stod(what.substr(2, cut - 2)));
    const interval i = garwood_interval(x, std::stod(what.substr(cut + 3)), confidence_95);
    const double computed = table.text(row, "index") == "lo" ? i.lower : i.upper;
    CHECK(a.error(computed, table.number(row, "value"), what) <= 1e-13);
  }
}

TEST_CASE("limits keep their digits up to 1e17 cases") {
  // By 40-digit quadrature of the beta and gamma densities. Boost's ibeta_inv throws at the first.
  const confidence c99 = confidence_of(0.99);
  const confidence sure = confidence_of(0.999999);
  const std::int64_t n13 = 10'000'000'000'000;
  CHECK(within(clopper_pearson_interval(100'000'000'000, n13, c99),
               {0.009999918953606125175, 0.010000081046860021804}, 1e-14));
  CHECK(within(jeffreys_interval(100'000'000'000, n13, c99),
               {0.0099999189536561249745, 0.010000081046810021603}, 1e-14));
  CHECK(within(clopper_pearson_interval(99'000, 500'000, confidence_95),
               {0.19689620849989595735, 0.1991072920107936127}, 1e-14));
  CHECK(within(clopper_pearson_interval(150'000, 1'000'000, confidence_95),
               {0.14930066725199845412, 0.15070136067962026487}, 1e-14));
  CHECK(within(clopper_pearson_interval(90'000, 1'000'000'000'000'000, confidence_95),
               {8.9412958530052674397e-11, 9.0589939040914697627e-11}, 1e-13));
  CHECK(within(clopper_pearson_interval(200'000, 100'000'000'000'000'000, sure),
               {1.9782003032349433583e-12, 2.0219626054041254362e-12}, 1e-14));
  CHECK(within(clopper_pearson_interval(3, 1'000'000'000'000'000, confidence_95),
               {6.1867212289560192926e-16, 8.7672730697422994887e-15}, 1e-13));
  CHECK(within(clopper_pearson_interval(20, 1'000'000'000, sure),
               {5.1229826644171676526e-9, 5.1464755871396210136e-8}, 1e-13));
  CHECK(within(garwood_interval(90'000, 1, confidence_95),
               {89412.958530026474546, 90589.939040941418897}, 1e-14));
  CHECK(within(garwood_interval(150'000, 1, confidence_95),
               {149241.85680936025748, 150761.04002591209884}, 1e-14));
  CHECK(within(garwood_interval(1'000'000'000'000, 1, c99),
               {999997424172.57474999, 1000002575832.181849}, 1e-14));
  CHECK(within(garwood_interval(1'000'000'000'000'000, 1, confidence_90),
               {999999947985161.78096, 1000000052014840.3561}, 1e-14));
  CHECK(within(garwood_interval(2000, 1, sure), {1788.8293834245213502, 2227.508398021729551},
               1e-14));
}

TEST_CASE("small counts keep their digits at every level") {
  // Small counts, by 40-digit incomplete gamma functions.
  CHECK(within(garwood_interval(1, 1, confidence_95),
               {0.025317807984289898178, 5.5716433909388975496}, 1e-14));
  CHECK(within(garwood_interval(7, 1, confidence_of(0.999999)),
               {0.44990120031423256877, 30.058871399608759316}, 1e-14));
  for (const double level : {0.5, 0.9, 0.999999, 0.999999999999}) {
    const double p = (1 - level) / 2;
    const interval i = clopper_pearson_interval(1, 2, confidence_of(level));
    CHECK_THAT(i.lower, WithinRel(p / (1 + std::sqrt(1 - p)), 1e-14));
    CHECK_THAT(i.upper, WithinRel(std::sqrt(1 - p), 1e-14));
    CHECK(i.level == level);
  }
}

TEST_CASE("the large and the small formula meet") {
  // Neighbouring counts on both sides of 100 000, where the method changes.
  const auto step = [](std::int64_t x) {
    return garwood_interval(x + 1, 1, confidence_95).upper -
           garwood_interval(x, 1, confidence_95).upper;
  };
  CHECK_THAT(step(99'999), WithinRel(step(99'997), 1e-7));
  CHECK_THAT(step(99'998), WithinRel(step(99'997), 1e-7));
  const auto width = [](std::int64_t x) {
    const interval i = jeffreys_interval(x, 1'000'000, confidence_95);
    return i.upper - i.lower;
  };
  CHECK_THAT(width(100'000) - width(99'999), WithinRel(width(99'999) - width(99'998), 1e-4));
}

TEST_CASE("intervals of a rate obey their laws") {
  CHECK(rc::check("within 0 and 1, holding the rate, mirrored, and nested by level", [] {
    const auto n = *rc::gen::inRange<std::int64_t>(1, 3'000'000);
    const auto x = *rc::gen::inRange<std::int64_t>(0, n + 1);
    const double rate = static_cast<double>(x) / static_cast<double>(n);
    for (const auto method : {wilson_interval, jeffreys_interval, clopper_pearson_interval}) {
      const interval i = method(x, n, confidence_90);
      const interval wider = method(x, n, confidence_95);
      const interval mirrored = method(n - x, n, confidence_90);
      RC_ASSERT(i.lower >= 0 && i.upper <= 1 && i.lower < i.upper);
      RC_ASSERT(wider.lower <= i.lower && wider.upper >= i.upper);
      RC_ASSERT(std::abs(1 - mirrored.upper - i.lower) <= 4e-16);
      // Jeffreys' is a posterior's: with 0 or n successes it leaves the observed rate out.
      const bool holds = i.lower <= rate && rate <= i.upper;
      const bool left_out = (x == 0 || x == n) && method == jeffreys_interval;
      RC_ASSERT((holds || left_out));
    }
    const interval exact = clopper_pearson_interval(x, n, confidence_90);
    const interval posterior = jeffreys_interval(x, n, confidence_90);
    RC_ASSERT(exact.lower <= posterior.lower && posterior.upper <= exact.upper);
  }));
  CHECK(rc::check("a rate of events scales with the exposure and is the limit of rare cases", [] {
    const auto x = *rc::gen::inRange<std::int64_t>(0, 400);
    const double exposure = *rc::gen::inRange(1, 10'000) / 16.0;
    const interval one = garwood_interval(x, 1, confidence_80);
    const interval scaled = garwood_interval(x, exposure, confidence_80);
    RC_ASSERT(std::abs(scaled.lower * exposure - one.lower) <= 1e-15 * one.upper);
    RC_ASSERT(std::abs(scaled.upper * exposure - one.upper) <= 1e-15 * one.upper);
    const std::int64_t cases = 1'000'000'000'000;
    const interval rare = clopper_pearson_interval(x, cases, confidence_80);
    RC_ASSERT(std::abs(rare.upper * 1e12 - one.upper) <= 1e-8 * one.upper);
  }));
}

TEST_CASE("intervals hold the rate as often as they promise") {
  // Exact coverage at 20 cases, averaged over rates; Clopper and Pearson's never falls short.
  double wilson = 0;
  double jeffreys = 0;
  int rates = 0;
  for (double p = 0.025; p < 1; p += 0.05, ++rates) {
    wilson += coverage(wilson_interval, 20, p, confidence_90);
    jeffreys += coverage(jeffreys_interval, 20, p, confidence_90);
    CHECK(coverage(clopper_pearson_interval, 20, p, confidence_90) >= 0.9);
  }
  CHECK(std::abs(wilson / rates - 0.9) < 0.02);
  CHECK(std::abs(jeffreys / rates - 0.9) < 0.02);
}

TEST_CASE("Newcombe's interval reproduces his example") {
  // 56 of 70 against 48 of 80, Newcombe (1998), table II, method 10.
  const interval i = newcombe_interval({56, 70}, {48, 80}, confidence_95);
  CHECK(std::abs(i.lower - 0.0524) < 5e-5);
  CHECK(std::abs(i.upper - 0.3339) < 5e-5);
  const interval turned = newcombe_interval({48, 80}, {56, 70}, confidence_95);
  CHECK(std::abs(turned.lower + i.upper) <= 1e-16);
  CHECK(std::abs(turned.upper + i.lower) <= 1e-16);
  const interval extreme = newcombe_interval({10, 10}, {0, 10}, confidence_95);
  CHECK(extreme.upper == 1);
  CHECK(extreme.lower > 0.5);
}

TEST_CASE("broken preconditions of the rates are refused") {
  for (const auto method : {wilson_interval, jeffreys_interval, clopper_pearson_interval}) {
    CHECK_THROWS_AS(method(-1, 10, confidence_95), invalid_input);
    CHECK_THROWS_AS(method(11, 10, confidence_95), invalid_input);
    CHECK_THROWS_AS(method(0, 0, confidence_95), invalid_input);
    CHECK_THROWS_AS(method(1, 2, {1.5, 2.0}), invalid_input);
  }
  CHECK_THROWS_AS(garwood_interval(-1, 1, confidence_95), invalid_input);
  CHECK_THROWS_AS(garwood_interval(1, 0, confidence_95), invalid_input);
  CHECK_THROWS_AS(garwood_interval(1, HUGE_VAL, confidence_95), invalid_input);
  CHECK_THROWS_AS(garwood_interval(5, 5e-324, confidence_95), invalid_input);
  CHECK_THROWS_AS(newcombe_interval({1, 2}, {3, 2}, confidence_95), invalid_input);
}
