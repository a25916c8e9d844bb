// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/gray_test.hpp>

#include "support/catch.hpp"
#include "support/reference.hpp"
#include <salespulse/core/random.hpp>
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/log_rank.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

using namespace salespulse;
using salespulse::test::accuracy;
using salespulse::test::available;
using salespulse::test::reference_table;

namespace {

struct sample {
  std::vector<observation> rows;
  std::vector<std::int32_t> group;
};

rc::Gen<sample> any_sample(std::int32_t groups, std::int32_t causes) {
  return rc::gen::exec([=] {
    sample s;
    const int n = *rc::gen::inRange(10, 60);
    for (int i = 0; i < n; ++i) {
      s.rows.push_back(
          {0, *rc::gen::inRange(1, 25), *rc::gen::inRange(0, causes + 1), *rc::gen::inRange(1, 3)});
      s.group.push_back(i < groups ? i : *rc::gen::inRange(0, groups));
    }
    s.rows[0].cause = 1;
    return s;
  });
}

}  // namespace

TEST_CASE("Gray's test between two groups agrees with R cmprsk") {
  const char* file = "reference/statistics/competing_risks_scalars.csv";
  const reference_table table(file);
  const reference_table input("reference/statistics/inputs/mgus2_competing.csv");
  if (!available(table, file)) return;
  sample s;
  for (std::size_t i = 0; i < input.rows(); ++i) {
    s.rows.push_back({.exit = static_cast<std::int32_t>(input.integer(i, "etime")),
                      .cause = static_cast<std::int32_t>(input.integer(i, "ev"))});
    s.group.push_back(input.text(i, "sex") == "M");
  }
  accuracy values(file);
  for (const std::int32_t cause : {1, 2}) {
    const gray_test test = compare_incidence(s.rows, s.group, 2, cause, 2);
    const auto value = [&](const char* what) {
      return table.value({{"case", "mgus2_sex"},
                          {"quantity", "gray_test"},
                          {"index", std::to_string(cause).append(what)}});
    };
    CHECK(values.error(*test.chi_square.value, value("|stat"), "chi-square") <= 1e-12);
    CHECK(values.error(*test.p.value, value("|pv"), "p") <= 1e-12);
    CHECK(test.degrees_of_freedom == 1);
  }
}

TEST_CASE("with one cause the differences are those of the log-rank test") {
  CHECK(rc::check("one cause", [] {
    const sample s = *any_sample(3, 1);
    const gray_test gray = compare_incidence(s.rows, s.group, 3, 1, 1);
    const log_rank_test rank = log_rank(s.rows, s.group, 3);
    for (std::size_t j = 0; j < 3; ++j) {
      RC_ASSERT(std::abs(gray.difference[j] - rank.difference[j]) <= 1e-11);
    }
  }));
}

TEST_CASE("neither the names of the groups nor an empty one change the test") {
  CHECK(rc::check("names", [] {
    const sample s = *any_sample(3, 2);
    const gray_options options{.rho = *rc::gen::element(0.0, 1.0)};
    const gray_test a = compare_incidence(s.rows, s.group, 3, 1, 2, options);
    sample t = s;
    for (std::int32_t& g : t.group) g = 3 - g;  // group 0 is empty
    std::ranges::reverse(t.rows);
    std::ranges::reverse(t.group);
    const gray_test b = compare_incidence(t.rows, t.group, 4, 1, 2, options);
    RC_ASSERT(b.degrees_of_freedom == 2);
    RC_ASSERT(b.variance[0] == 0);
    for (std::size_t j = 0; j < 3; ++j) {
      RC_ASSERT(std::abs(a.difference[j] - b.difference[3 - j]) <= 1e-12);
      RC_ASSERT(std::abs(a.variance[j * 4] - b.variance[(3 - j) * 5]) <= 1e-12);
    }
    RC_ASSERT(std::abs(a.difference[0] + a.difference[1] + a.difference[2]) <= 1e-12);
    if (!a.chi_square.value || !b.chi_square.value) return;
    RC_ASSERT(std::abs(*a.chi_square.value - *b.chi_square.value) <=
              1e-8 * (1 + *a.chi_square.value));
  }));
}

TEST_CASE("groups with the same course do not differ") {
  sample s;
  for (std::int32_t i = 1; i < 20; ++i) {
    for (const std::int32_t g : {0, 1}) {
      s.rows.push_back({0, i, i % 3});
      s.group.push_back(g);
    }
  }
  const gray_test test = compare_incidence(s.rows, s.group, 2, 1, 2);
  CHECK(std::abs(*test.chi_square.value) <= 1e-20);
  CHECK(std::abs(*test.p.value - 1) <= 1e-9);
  CHECK(test.subjects == std::vector<std::int64_t>{19, 19});
}

TEST_CASE("under no difference the test rejects as often as it says") {
  int rejected = 0;
  constexpr int runs = 1000;
  for (int run = 0; run < runs; ++run) {
    random_stream draws(5, static_cast<std::uint64_t>(run));
    sample s;
    for (std::int32_t i = 0; i < 150; ++i) {
      const std::int32_t end = 10 + static_cast<std::int32_t>(draws.below(60));
      std::int32_t t = 0;
      std::int32_t cause = 0;
      while (cause == 0 && t < end) {
        ++t;
        const double u = draws.uniform();
        cause = u < 0.02 ? 1 : u < 0.04 ? 2 : 0;
      }
      s.rows.push_back({0, t, cause});
      s.group.push_back(i % 3);
    }
    rejected += *compare_incidence(s.rows, s.group, 3, 1, 2).p.value < 0.1;
  }
  // Binomial(1000, 0.1): outside 70 ... 132 with probability 0.001.
  CHECK(rejected >= 70);
  CHECK(rejected <= 132);
}

TEST_CASE("what Gray's test cannot say has a reason") {
  const std::vector<observation> rows{{0, 3, 1}, {0, 5, 2}, {0, 6, 0}};
  const std::vector<std::int32_t> group{0, 1, 0};
  CHECK(compare_incidence(rows, group, 2, 3, 3).why.what == condition::no_events);
  CHECK(compare_incidence(rows, std::vector<std::int32_t>{1, 1, 1}, 2, 1, 2).why.what ==
        condition::insufficient_groups);
  CHECK(compare_incidence(rows, std::vector<std::int32_t>{0, 2, 1}, 2, 1, 2).why ==
        status{condition::unknown_state, 1});
  CHECK(compare_incidence(rows, group, 2, 1, 1).why == status{condition::unknown_state, 1});
  const gray_test at_once = compare_incidence(std::vector<observation>{{0, 1, 1}, {0, 1, 1}},
                                              std::vector<std::int32_t>{0, 1}, 2, 1, 1);
  CHECK(at_once.why.what == condition::degenerate);
  CHECK_FALSE(at_once.chi_square.value.has_value());
  CHECK_THROWS_AS(compare_incidence(rows, group, 2, 3, 2), invalid_input);
  CHECK_THROWS_AS(compare_incidence(rows, std::vector<std::int32_t>{0}, 2, 1, 2), invalid_input);
  CHECK_THROWS_AS(compare_incidence(std::vector<observation>{{1, 3, 1}, {0, 5, 1}},
                                    std::vector<std::int32_t>{0, 1}, 2, 1, 1),
                  invalid_input);
}

TEST_CASE("Gray's test whose weights leave the range of doubles gives no tables") {
  const std::vector<observation> data{{0, 1, 1, 1}, {0, 2, 1, 1}, {0, 2, 2, 1}, {0, 3, 1, 1},
                                      {0, 3, 0, 1}, {0, 4, 1, 1}, {0, 5, 2, 1}, {0, 6, 1, 1}};
  const std::vector<std::int32_t> group{0, 1, 0, 1, 0, 1, 0, 1};
  const gray_test test = compare_incidence(data, group, 2, 1, 2, {.rho = -1e308});
  CHECK(test.why.what == condition::out_of_range);
  CHECK(test.variance.empty());
  CHECK(!test.p.value);
  CHECK(compare_incidence(data, group, 2, 1, 2, {.rho = -2}).p.value);
}
