// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include "support/reference.hpp"
#include <salespulse/core/random.hpp>
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/permutation.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
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

std::vector<double> small_numbers(std::size_t n, double unit) {
  std::vector<double> values;
  for (std::size_t i = 0; i < n; ++i) values.push_back(unit * *rc::gen::inRange(-6, 7));
  return values;
}

// Counts all ways to choose, comparing in whole units.
double share_by_definition(const std::vector<double>& first, const std::vector<double>& second,
                           double unit, extreme direction) {
  std::vector<long long> pooled;
  for (const double x : first) pooled.push_back(std::llround(x / unit));
  for (const double x : second) pooled.push_back(std::llround(x / unit));
  const auto n = static_cast<long long>(pooled.size()), k = static_cast<long long>(first.size());
  long long total = 0, observed = 0;
  for (const long long x : pooled) total += x;
  for (std::size_t i = 0; i < first.size(); ++i) observed += pooled[i];
  double as_extreme = 0, all = 0;
  for (unsigned set = 0; set < (1U << pooled.size()); ++set) {
    if (__builtin_popcount(set) != k) continue;
    long long sum = 0;
    for (std::size_t i = 0; i < pooled.size(); ++i) sum += (set >> i & 1U) != 0 ? pooled[i] : 0;
    const long long distance = n * sum - k * total, seen = n * observed - k * total;
    ++all;
    if (direction == extreme::either_way) as_extreme += std::abs(distance) >= std::abs(seen);
    if (direction == extreme::upwards) as_extreme += distance >= seen;
    if (direction == extreme::downwards) as_extreme += distance <= seen;
  }
  return as_extreme / all;
}

double difference_of_ratios(std::span<const double> a, std::span<const double> b) {
  return a[0] / a[1] - b[0] / b[1];
}

double difference_of_sums(std::span<const double> a, std::span<const double> b) {
  return a[0] - b[0];
}

}  // namespace

TEST_CASE("the exact test of two groups agrees with the reference") {
  const std::string file = "reference/statistics/descriptive_trend_scalars.csv";
  const reference_table scalars(file);
  if (!available(scalars, file)) return;
  const permutation_result r = permutation_test(drug_1, drug_2);
  accuracy a(file);
  CHECK(r.exact);
  CHECK(r.arrangements == 184'756);
  CHECK(a.error(r.p_value, scalars.value({{"case", "sleep_permutation_mean_diff"},
                                          {"quantity", "p_exact"}})) <= 1e-13);
  CHECK(std::abs(*r.statistic.value + 1.58) < 1e-15);
}

TEST_CASE("exact p-values are the shares of all divisions, ties included") {
  for (const double unit : {1.0, 0.1}) {
    CHECK(rc::check("all divisions", [unit] {
      const auto n1 = *rc::gen::inRange<std::size_t>(1, 6);
      const auto n2 = *rc::gen::inRange<std::size_t>(1, 6);
      const std::vector<double> a = small_numbers(n1, unit), b = small_numbers(n2, unit);
      for (const extreme direction : {extreme::either_way, extreme::upwards, extreme::downwards}) {
        const permutation_result r = permutation_test(a, b, {.direction = direction});
        RC_ASSERT(r.exact);
        RC_ASSERT(std::abs(r.p_value - share_by_definition(a, b, unit, direction)) < 1e-14);
      }
    }));
  }
}

TEST_CASE("rounding does not break ties") {
  // 0.1 + 0.2 and 0.3 are the same sum.
  const std::vector<double> a{0.1, 0.2}, b{0.3, 0.0};
  CHECK(permutation_test(a, b).p_value == 1);
  CHECK(permutation_test(a, b, {.direction = extreme::upwards}).p_value == 4.0 / 6);
  // A large common part changes nothing.
  std::vector<double> c, d;
  for (const double x : drug_1) c.push_back(x * 1024 + 1e9);
  for (const double x : drug_2) d.push_back(x * 1024 + 1e9);
  CHECK(permutation_test(c, d).p_value == permutation_test(drug_1, drug_2).p_value);
}

TEST_CASE("draws come near the exact answer, never reach 0 and repeat themselves") {
  const double exact = permutation_test(drug_1, drug_2).p_value;
  const permutation_options drawn{.exact_up_to = 0, .draws = 40'000, .seed = 7};
  const permutation_result r = permutation_test(drug_1, drug_2, drawn);
  CHECK(!r.exact);
  CHECK(r.arrangements == 40'000);
  CHECK(std::abs(r.p_value - exact) < 3.29 * r.monte_carlo_error);
  std::vector<double> backwards(drug_1.rbegin(), drug_1.rend());
  CHECK(permutation_test(backwards, drug_2, drawn).p_value == r.p_value);
  std::vector<double> high, low;
  for (int i = 0; i < 40; ++i) {
    high.push_back(100 + i);
    low.push_back(i);
  }
  CHECK(permutation_test(high, low, {.draws = 999}).p_value == 1.0 / 1000);
}

TEST_CASE("a stratum of its own is the plain test, and strata keep to themselves") {
  std::vector<double> values;
  std::vector<std::uint8_t> group;
  std::vector<std::int64_t> one;
  for (const double x : drug_1) values.push_back(x), group.push_back(1), one.push_back(5);
  for (const double x : drug_2) values.push_back(x), group.push_back(0), one.push_back(5);
  const permutation_result plain = permutation_test(drug_1, drug_2);
  const permutation_result same = stratified_permutation_test(values, group, one);
  CHECK(same.p_value == plain.p_value);
  CHECK(same.statistic.value == plain.statistic.value);
  // Two pairs of one row in each group: four arrangements, the observed and its reverse extreme.
  const std::vector<double> y{1, 3, 11, 14};
  const std::vector<std::uint8_t> g{0, 1, 0, 1};
  const std::vector<std::int64_t> s{1, 1, 2, 2};
  const permutation_result pairs = stratified_permutation_test(y, g, s);
  CHECK(pairs.exact);
  CHECK(pairs.arrangements == 4);
  CHECK(pairs.p_value == 0.5);
  CHECK(pairs.statistic.value == 2.5);
  CHECK(stratified_permutation_test(y, g, s, {.direction = extreme::upwards}).p_value == 0.25);
  // Without strata the difference between the pairs hides it.
  CHECK(permutation_test(std::vector<double>{3, 14}, std::vector<double>{1, 11}).p_value > 0.6);
  // A stratum with one group only says nothing.
  const std::vector<double> y2{1, 3, 11, 14, 99};
  const std::vector<std::uint8_t> g2{0, 1, 0, 1, 1};
  const std::vector<std::int64_t> s2{1, 1, 2, 2, 3};
  CHECK(stratified_permutation_test(y2, g2, s2).p_value == 0.5);
}

TEST_CASE("a stratum may have its larger part in either group") {
  // Exchanging the groups mirrors the statistic and keeps p.
  CHECK(rc::check("groups exchanged", [] {
    const auto n = *rc::gen::inRange<std::size_t>(2, 12);
    const std::vector<double> values = small_numbers(n, 1);
    std::vector<std::uint8_t> group, exchanged;
    std::vector<std::int64_t> strata;
    for (std::size_t i = 0; i < n; ++i) {
      group.push_back(static_cast<std::uint8_t>(*rc::gen::inRange(0, 5) != 0));
      exchanged.push_back(static_cast<std::uint8_t>(1 - group.back()));
      strata.push_back(*rc::gen::inRange(0, 3));
    }
    const auto a = stratified_permutation_test(values, group, strata);
    const auto b = stratified_permutation_test(values, exchanged, strata);
    RC_ASSERT(a.why == b.why);
    RC_ASSERT(a.p_value == b.p_value);
    const auto up =
        stratified_permutation_test(values, group, strata, {.direction = extreme::upwards});
    const auto down =
        stratified_permutation_test(values, exchanged, strata, {.direction = extreme::downwards});
    RC_ASSERT(up.p_value == down.p_value);
    const auto sums = permutation_test_of_sums(values, 1, group, strata, difference_of_sums,
                                               {.direction = extreme::upwards});
    RC_ASSERT(sums.p_value == up.p_value);
  }));
  std::vector<double> values{0};
  std::vector<std::uint8_t> group{0};
  std::vector<std::int64_t> strata{0};
  for (int i = 1; i < 20'000; ++i) values.push_back(i), group.push_back(1), strata.push_back(0);
  const permutation_result one = stratified_permutation_test(values, group, strata);
  CHECK(one.exact);
  CHECK(one.p_value == 2.0 / 20'000);
}

TEST_CASE("pairs of rows as strata are the sign-flip test") {
  std::vector<double> differences, values;
  std::vector<std::uint8_t> group;
  std::vector<std::int64_t> pair;
  for (std::size_t i = 0; i < drug_1.size(); ++i) {
    differences.push_back(drug_2[i] - drug_1[i]);
    values.insert(values.end(), {drug_1[i], drug_2[i]});
    group.insert(group.end(), {0, 1});
    pair.insert(pair.end(), 2, static_cast<std::int64_t>(i));
  }
  for (const extreme direction : {extreme::either_way, extreme::upwards, extreme::downwards}) {
    const permutation_result flips = sign_flip_test(differences, {.direction = direction});
    const permutation_result strata =
        stratified_permutation_test(values, group, pair, {.direction = direction});
    CHECK(flips.exact);
    CHECK(flips.arrangements == 512);  // one pair shows no difference
    CHECK(std::abs(flips.p_value - strata.p_value) < 1e-15);
    CHECK(std::abs(*flips.statistic.value - *strata.statistic.value) < 1e-15);
  }
  CHECK(sign_flip_test(differences).p_value == 2.0 / 512);
  const permutation_result drawn = sign_flip_test(std::vector<double>(100, 1.0), {.draws = 499});
  CHECK(drawn.p_value == 1.0 / 500);
}

TEST_CASE("the exact sign-flip share is the one of all signs") {
  CHECK(rc::check("all signs", [] {
    const auto n = *rc::gen::inRange<std::size_t>(1, 10);
    const std::vector<double> d = small_numbers(n, 1);
    double observed = 0, as_extreme = 0, above = 0;
    for (const double x : d) observed += x;
    for (unsigned set = 0; set < (1U << n); ++set) {
      double sum = 0;
      for (std::size_t i = 0; i < n; ++i) sum += (set >> i & 1U) != 0 ? d[i] : -d[i];
      as_extreme += std::abs(sum) >= std::abs(observed);
      above += sum >= observed;
    }
    const double all = std::ldexp(1.0, static_cast<int>(n));
    RC_ASSERT(sign_flip_test(d).p_value == as_extreme / all);
    RC_ASSERT(sign_flip_test(d, {.direction = extreme::upwards}).p_value == above / all);
  }));
}

TEST_CASE("any figure made of sums can be tested") {
  std::vector<double> table;
  std::vector<std::uint8_t> group;
  for (const double x : drug_1) table.push_back(x), group.push_back(1);
  for (const double x : drug_2) table.push_back(x), group.push_back(0);
  const permutation_result by_sums =
      permutation_test_of_sums(table, 1, group, {}, difference_of_sums);
  CHECK(by_sums.exact);
  CHECK(by_sums.p_value == permutation_test(drug_1, drug_2).p_value);
  // Events and exposure of six units, counted by hand: 20 divisions, 2 of them as extreme.
  const std::vector<double> exposure{9, 10, 8, 10, 7, 10, 1, 10, 2, 10, 0, 10};
  const std::vector<std::uint8_t> treated{1, 1, 1, 0, 0, 0};
  const permutation_result ratios =
      permutation_test_of_sums(exposure, 2, treated, {}, difference_of_ratios);
  CHECK(ratios.p_value == 0.1);
  CHECK(std::abs(*ratios.statistic.value - 0.7) < 1e-15);
  CHECK(permutation_test_of_sums(exposure, 2, treated, {}, difference_of_ratios,
                                 {.direction = extreme::upwards})
            .p_value == 0.05);
  const std::vector<double> nothing{1, 0, 1, 0};
  CHECK(permutation_test_of_sums(nothing, 2, std::vector<std::uint8_t>{0, 1}, {},
                                 difference_of_ratios)
            .why.what == condition::zero_total);
  CHECK_THROWS_AS(permutation_test_of_sums(exposure, 5, treated, {}, difference_of_ratios),
                  invalid_input);
}

TEST_CASE("p is as small as it says when there is no difference") {
  int rejected = 0;
  constexpr int samples = 600;
  for (int k = 0; k < samples; ++k) {
    random_stream random(2, static_cast<std::uint64_t>(k));
    std::vector<double> a, b;
    for (int i = 0; i < 12; ++i) a.push_back(random.uniform());
    for (int i = 0; i < 15; ++i) b.push_back(random.uniform());
    rejected += permutation_test(a, b, {.exact_up_to = 0, .draws = 199}).p_value <= 0.05;
  }
  CHECK(std::abs(rejected / double(samples) - 0.05) < 3.29 * std::sqrt(0.05 * 0.95 / samples));
}

TEST_CASE("what cannot be tested is named") {
  const std::vector<double> some{1, 2}, bad{3, std::nan("")}, none, same{4, 4};
  CHECK(permutation_test(some, bad).why == status{condition::non_finite_input, 3});
  CHECK(permutation_test(some, none).why.what == condition::insufficient_groups);
  const permutation_result constant = permutation_test(same, same);
  CHECK(constant.why.what == condition::degenerate);
  CHECK(constant.p_value == 1);
  CHECK(constant.statistic.value == 0);
  CHECK(sign_flip_test(none).why.what == condition::insufficient_data);
  CHECK(sign_flip_test(std::vector<double>{0, 0}).why.what == condition::degenerate);
  CHECK(sign_flip_test(bad).why == status{condition::non_finite_input, 1});
  const std::vector<std::uint8_t> labels{0, 2};
  CHECK(stratified_permutation_test(some, labels, std::vector<std::int64_t>{1, 1}).why ==
        status{condition::unknown_state, 1});
  CHECK_THROWS_AS(permutation_test(some, some, {.draws = 0}), invalid_input);
  CHECK_THROWS_AS(stratified_permutation_test(some, labels, std::vector<std::int64_t>{1}),
                  invalid_input);
}

TEST_CASE("the observed arrangement counts even where its figure is nothing but rounding") {
  const std::vector<double> table{0.4, 1, 0.4, 1, 1.6, 1, 1.4, 1, 0.2000000000000004, 1};
  const std::vector<std::uint8_t> group{1, 1, 1, 0, 0};
  const permutation_result r = permutation_test_of_sums(
      table, 2, group, {},
      [](std::span<const double> a, std::span<const double> b) {
        return -std::abs(a[0] / a[1] - b[0] / b[1]);
      },
      {.direction = extreme::upwards});
  CHECK(r.exact);
  CHECK(r.p_value >= 0.1);
}
