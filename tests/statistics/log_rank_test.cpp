// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/log_rank.hpp>

#include <salespulse/core/random.hpp>
#include <salespulse/core/result.hpp>

#include "statistics/event_time_cases.hpp"
#include "support/catch.hpp"
#include "support/reference.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

using namespace salespulse;
using namespace salespulse::test;

namespace {

using rows = std::vector<observation>;
using codes = std::vector<std::int32_t>;

constexpr double tolerance = 1e-12;

struct comparison {
  rows all;
  codes group;
  codes stratum;
  std::int32_t groups = 0;
};

struct published {
  const char* name;
  const char* file;
  const char* time;
  const char* status;
  const char* event;
  const char* group;
  const char* stratum;
};

const published cases[] = {
    {"lung_sex", "lung", "time", "status", "2", "sex", ""},
    {"lung_sex_strat_inst", "lung", "time", "status", "2", "sex", "inst"},
    {"lung_ecog", "lung", "time", "status", "2", "ph.ecog", ""},
    {"lung_sex_strat_ecog", "lung", "time", "status", "2", "sex", "ph.ecog"},
    {"colon_rx", "colon", "time", "status", "1", "rx", ""},
    {"colon_rx_strat_extent", "colon", "time", "status", "1", "rx", "extent"},
    {"aml_x", "aml", "time", "status", "1", "x", ""},
    {"mgus2_sex", "mgus2", "futime", "death", "1", "sex", ""},
};

// `labels`: the groups in the order of the reference.
comparison read(const published& from, const std::vector<std::string>& labels) {
  const reference_table table("reference/statistics/inputs/" + std::string(from.file) + ".csv");
  comparison made;
  made.groups = static_cast<std::int32_t>(labels.size());
  for (std::size_t i = 0; i < table.rows(); ++i) {
    if (std::string(from.file) == "colon" && table.text(i, "etype") != "2") continue;
    const auto label = std::find(labels.begin(), labels.end(), table.text(i, from.group));
    if (label == labels.end()) continue;  // NA
    if (*from.stratum != '\0') {
      if (table.text(i, from.stratum) == "NA") continue;
      made.stratum.push_back(static_cast<std::int32_t>(table.integer(i, from.stratum)));
    }
    made.group.push_back(static_cast<std::int32_t>(label - labels.begin()));
    made.all.push_back({0, static_cast<std::int32_t>(table.integer(i, from.time)),
                        table.text(i, from.status) == from.event, 1});
  }
  return made;
}

std::vector<std::string> labels_of(const reference_table& table, const std::string& name) {
  std::vector<std::string> labels;
  for (const std::size_t i : table.where({{"case", name}, {"quantity", "n"}})) {
    const std::string& index = table.text(i, "index");
    labels.push_back(index.substr(index.find('=') + 1));
  }
  return labels;
}

bool same(const log_rank_test& a, const log_rank_test& b) {
  return a.subjects == b.subjects && a.observed == b.observed && a.expected == b.expected &&
         a.difference == b.difference && a.variance == b.variance &&
         a.chi_square.value == b.chi_square.value && a.p.value == b.p.value && a.why == b.why;
}

comparison arbitrary(std::int32_t groups) {
  comparison made;
  made.groups = groups;
  made.all = arbitrary_event_times();
  for (std::size_t i = 0; i < made.all.size(); ++i) {
    made.group.push_back(*rc::gen::inRange(0, groups));
    made.stratum.push_back(*rc::gen::inRange(-1, 2));
  }
  return made;
}

}  // namespace

TEST_CASE("rank tests are those of the reference", "[log_rank]") {
  const char* file = "reference/statistics/logrank_scalars.csv";
  const reference_table table(file);
  if (!available(table, file)) return;
  accuracy errors(file);
  for (const published& from : cases) {
    for (const char* rho : {"0", "0.5", "1"}) {
      const std::string name = from.name + std::string("_rho") + rho;
      CAPTURE(name);
      const std::vector<std::string> labels = labels_of(table, name);
      const comparison made = read(from, labels);
      const log_rank_test test = log_rank(made.all, made.group, made.groups,
                                          {.rho = std::stod(rho), .stratum = made.stratum});
      REQUIRE(test.why.ok());
      const std::size_t k = labels.size();
      for (std::size_t j = 0; j < k; ++j) {
        const std::string index = std::to_string(j + 1);
        CHECK(test.subjects[j] == table.integer(table.where({{"case", name}, {"quantity", "n"}})[j],
                                                "value"));
        CHECK(errors.error(test.observed[j], table.value({{"case", name}, {"quantity", "observed"},
                                                          {"index", index}}), name) <= tolerance);
        CHECK(errors.error(test.expected[j], table.value({{"case", name}, {"quantity", "expected"},
                                                          {"index", index}}), name) <= tolerance);
        for (std::size_t l = 0; l < k; ++l) {
          const std::string pair = std::to_string(l + 1) + "|" + index;
          CHECK(errors.error(test.variance[j * k + l],
                             table.value({{"case", name}, {"quantity", "var"}, {"index", pair}}),
                             name) <= tolerance);
        }
      }
      const auto scalar = [&](const char* quantity) {
        return table.value({{"case", name}, {"quantity", quantity}});
      };
      CHECK(test.degrees_of_freedom == std::lround(scalar("df")));
      CHECK(errors.error(*test.chi_square.value, scalar("chisq"), name) <= tolerance);
      CHECK(errors.error(*test.p.value, scalar("p"), name) <= tolerance);
      CHECK(errors.error(*test.log_p.value, scalar("log_p"), name) <= tolerance);
    }
  }
  CHECK(errors.values() > 200);
}

TEST_CASE("the weighted family is that of the reference", "[log_rank]") {
  const char* file = "reference/statistics/logrank_scalars.csv";
  const reference_table table(file);
  if (!available(table, file)) return;
  accuracy errors(file);
  const comparison made = read(cases[0], {"1", "2"});
  const std::map<std::string, log_rank_options> family{
      {"logrank", {}},
      {"gehan_breslow", {.weight = tick_weight::gehan_breslow}},
      {"tarone_ware", {.weight = tick_weight::tarone_ware}},
      {"fh_1_0", {.rho = 1}},
      {"fh_0_1", {.gamma = 1}},
      {"fh_1_1", {.rho = 1, .gamma = 1}}};
  for (const auto& [name, options] : family) {
    CAPTURE(name);
    const log_rank_test test = log_rank(made.all, made.group, 2, options);
    const trend_test trend = log_rank_trend(test, std::vector<double>{1, 0});
    const auto value = [&](const char* index) {
      return table.value(
          {{"case", "lung_sex_weighted"}, {"quantity", name}, {"index", index}});
    };
    CHECK(errors.error(test.difference[0], value("U"), name) <= tolerance);
    CHECK(errors.error(test.variance[0], value("V"), name) <= tolerance);
    CHECK(errors.error(*trend.z.value, value("Z"), name) <= tolerance);
    CHECK(errors.error(*test.chi_square.value, value("chisq"), name) <= tolerance);
    CHECK(errors.error(*test.p.value, value("p"), name) <= tolerance);
    CHECK(errors.error(*trend.two_sided.value, value("p"), name) <= tolerance);
  }
}

TEST_CASE("the log-rank test is exact where it was worked out in rationals", "[log_rank]") {
  const char* file = "reference/statistics/exact_logrank.csv";
  const reference_table table(file);
  const reference_table scalars("reference/statistics/logrank_scalars.csv");
  if (!available(table, file)) return;
  accuracy errors(file);
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const std::string name = table.text(i, "case");
    const auto from = std::find_if(std::begin(cases), std::end(cases),
                                   [&](const published& p) { return name == p.name; });
    REQUIRE(from != std::end(cases));
    const comparison made = read(*from, labels_of(scalars, name + "_rho0"));
    const log_rank_test test = log_rank(made.all, made.group, made.groups);
    CHECK(test.degrees_of_freedom == table.integer(i, "df"));
    CHECK(errors.error(*test.chi_square.value, table.number(i, "chisq_exact"), name) <= 2e-15);
    CHECK(errors.error(*test.p.value, table.number(i, "p_exact"), name) <= 2e-14);
  }
}

TEST_CASE("a comparison by hand", "[log_rank]") {
  // Tick 1: one of two in the first group, none of two in the second. Tick 2: both that are left of
  // the second, while one of the first is watched.
  const rows all{{0, 1, 1, 1}, {0, 3, 0, 1}, {0, 2, 1, 1}, {0, 2, 1, 1}};
  const codes group{0, 0, 1, 1};
  const log_rank_test test = log_rank(all, group, 2);
  CHECK(test.observed == std::vector<double>{1, 2});
  CHECK_THAT(test.expected[0], Catch::Matchers::WithinRel(0.5 + 2.0 / 3, 1e-15));
  CHECK_THAT(test.variance[0],
             Catch::Matchers::WithinRel(0.25 + 2.0 * 1 / 2 * (1.0 / 3) * (2.0 / 3), 1e-15));
  CHECK(test.degrees_of_freedom == 1);
  // Who enters on tick 1 is not at risk there.
  rows late = all;
  late.push_back({1, 3, 0, 5});
  codes with{0, 0, 1, 1, 0};
  CHECK_THAT(log_rank(late, with, 2).expected[0],
             Catch::Matchers::WithinRel(0.5 + 2 * 6.0 / 8, 1e-15));
}

TEST_CASE("tiny p-values keep their digits", "[log_rank]") {
  // Two groups, one of which has its events before the other's. log p from erfc's asymptotic
  // series: log erfc(y) = -y^2 - log(y sqrt(pi)) + log(1 - 1/(2 y^2) + 3/(4 y^4) - ...).
  const rows all{{0, 1, 1, 2000}, {0, 2, 1, 2000}, {0, 3, 1, 2000}, {0, 4, 0, 4000}};
  const codes group{0, 0, 0, 1};
  const log_rank_test test = log_rank(all, group, 2);
  REQUIRE(test.chi_square.value);
  const double y = std::sqrt(*test.chi_square.value / 2);
  REQUIRE(y > 40);  // far below the smallest double
  const double s = 1 / (2 * y * y);
  const double exact = -y * y - std::log(y * std::sqrt(3.14159265358979323846)) +
                       std::log1p(-s + 3 * s * s - 15 * s * s * s);
  CHECK_THAT(*test.log_p.value, Catch::Matchers::WithinRel(exact, 1e-13));
  CHECK(*test.p.value == 0);
  const rows fewer{{0, 1, 1, 100}, {0, 2, 1, 100}, {0, 3, 1, 100}, {0, 4, 0, 200}};
  const log_rank_test small = log_rank(fewer, group, 2);
  CHECK(*small.p.value > 0);
  CHECK_THAT(*small.p.value, Catch::Matchers::WithinRel(
                                 std::erfc(std::sqrt(*small.chi_square.value / 2)), 1e-12));
  CHECK_THAT(*small.log_p.value, Catch::Matchers::WithinRel(std::log(*small.p.value), 1e-13));
}

TEST_CASE("what cannot be compared has a reason", "[log_rank]") {
  const rows two{{0, 3, 1, 1}, {0, 4, 1, 1}};
  CHECK(log_rank(rows{}, codes{}, 2).why.what == condition::insufficient_data);
  CHECK(log_rank(two, codes{1, 1}, 2).why.what == condition::insufficient_groups);
  CHECK(log_rank(rows{{0, 3, 1, 1}, {0, 4, 1, 0}}, codes{0, 1}, 2).why.what ==
        condition::insufficient_groups);
  CHECK(log_rank(two, codes{0, 2}, 2).why == status{condition::unknown_state, 1});
  CHECK(log_rank(rows{{0, 3, 1, 1}, {4, 4, 1, 1}}, codes{0, 1}, 2).why ==
        status{condition::entry_not_before_exit, 1});
  CHECK(log_rank(rows{{0, 3, 1, 1}, {0, -4, 1, 1}}, codes{0, 1}, 2,
                 {.stratum = codes{5, 4}}).why == status{condition::negative_time, 1});
  const log_rank_test none = log_rank(rows{{0, 3, 0, 1}, {0, 4, 0, 1}}, codes{0, 1}, 2);
  CHECK(none.why.what == condition::no_events);
  CHECK_FALSE(none.chi_square.value);
  CHECK(none.p.why == none.why);
  CHECK(none.variance.empty());
  // Never at risk together.
  const log_rank_test apart = log_rank(rows{{0, 3, 1, 1}, {0, 2, 0, 1}, {5, 9, 1, 1}},
                                       codes{0, 0, 1}, 2);
  CHECK(apart.why.what == condition::degenerate);
  CHECK(apart.observed == std::vector<double>{1, 1});
  CHECK(apart.degrees_of_freedom == 0);
  CHECK_FALSE(apart.chi_square.value);
  CHECK(log_rank_trend(apart, std::vector<double>{0, 1}).why == apart.why);
  // All have the event at once.
  CHECK(log_rank(rows{{0, 3, 1, 1}, {0, 3, 1, 1}}, codes{0, 1}, 2).why.what ==
        condition::degenerate);

  const log_rank_test test = log_rank(two, codes{0, 1}, 2);
  CHECK(test.why.ok());
  CHECK(log_rank_trend(test, std::vector<double>{3, 3}).why.what == condition::zero_variance);
  CHECK(log_rank_trend(test, std::vector<double>{3, HUGE_VAL}).why ==
        status{condition::non_finite_input, 1});
  CHECK_THROWS_AS(log_rank_trend(test, std::vector<double>{3}), invalid_input);
  CHECK_THROWS_AS(log_rank(two, codes{0}, 2), invalid_input);
  CHECK_THROWS_AS(log_rank(two, codes{0, 0}, 0), invalid_input);
  CHECK_THROWS_AS(log_rank(two, codes{0, 1}, 2, {.stratum = codes{0}}), invalid_input);
  for (const double bad : {-1.0, HUGE_VAL, std::nan("")}) {
    CHECK_THROWS_AS(log_rank(two, codes{0, 1}, 2, {.rho = bad}), invalid_input);
    CHECK_THROWS_AS(log_rank(two, codes{0, 1}, 2, {.gamma = bad}), invalid_input);
  }
}

TEST_CASE("groups that meet only in pairs count as that many comparisons", "[log_rank]") {
  // Groups 0 and 1 in one stratum, 2 and 3 in another, 4 has nobody: two comparisons of one degree.
  rows all;
  codes group;
  codes stratum;
  random_stream random(5, 5);
  for (int i = 0; i < 200; ++i) {
    const auto g = static_cast<std::int32_t>(random.below(4));
    all.push_back({0, static_cast<std::int32_t>(1 + random.below(30)), random.chance(0.6), 1});
    group.push_back(g);
    stratum.push_back(g / 2);
  }
  const log_rank_test both = log_rank(all, group, 5, {.stratum = stratum});
  REQUIRE(both.why.ok());
  CHECK(both.degrees_of_freedom == 2);
  double sum = 0;
  for (const std::int32_t part : {0, 1}) {
    rows some;
    codes some_group;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (stratum[i] != part) continue;
      some.push_back(all[i]);
      some_group.push_back(group[i] - 2 * part);
    }
    sum += *log_rank(some, some_group, 2).chi_square.value;
  }
  CHECK_THAT(*both.chi_square.value, Catch::Matchers::WithinRel(sum, 1e-13));
}

TEST_CASE("weights of 10^12 in all do not overflow", "[log_rank]") {
  // K11
  const rows all{{0, 1, 1, 1'000'000'000}, {0, 2, 0, 499'000'000'000},
                 {0, 1, 1, 2'000'000'000}, {0, 2, 0, 498'000'000'000}};
  const log_rank_test test = log_rank(all, codes{0, 0, 1, 1}, 2);
  CHECK(test.expected == std::vector<double>{1.5e9, 1.5e9});
  CHECK(test.difference == std::vector<double>{-5e8, 5e8});
  CHECK_THAT(test.variance[0],
             Catch::Matchers::WithinRel(3e9 * 0.25 * 9.97e11 / (1e12 - 1), 1e-14));
}

TEST_CASE("rank tests depend on counts alone", "[log_rank]") {
  CHECK(rc::check("the order of rows changes no bit", [] {
    comparison made = arbitrary(3);
    const log_rank_options options{.rho = 1, .stratum = made.stratum};
    const log_rank_test test = log_rank(made.all, made.group, 3, options);
    std::reverse(made.all.begin(), made.all.end());
    std::reverse(made.group.begin(), made.group.end());
    std::reverse(made.stratum.begin(), made.stratum.end());
    RC_ASSERT(same(test, log_rank(made.all, made.group, 3, {.rho = 1, .stratum = made.stratum})));
  }));
  CHECK(rc::check("strata may have any numbers", [] {
    const comparison made = arbitrary(3);
    codes far = made.stratum;
    for (std::int32_t& s : far) s = s * 2'000'000'000 - 7;
    RC_ASSERT(same(log_rank(made.all, made.group, 3, {.stratum = made.stratum}),
                   log_rank(made.all, made.group, 3, {.stratum = far})));
  }));
  CHECK(rc::check("a row of weight w is w rows", [] {
    const comparison made = arbitrary(3);
    comparison single;
    for (std::size_t i = 0; i < made.all.size(); ++i) {
      for (std::int64_t w = 0; w < made.all[i].weight; ++w) {
        single.all.push_back(made.all[i]);
        single.all.back().weight = 1;
        single.group.push_back(made.group[i]);
      }
    }
    RC_ASSERT(same(log_rank(made.all, made.group, 3), log_rank(single.all, single.group, 3)));
  }));
  CHECK(rc::check("another unit of time changes nothing", [] {
    const comparison made = arbitrary(3);
    RC_ASSERT(same(log_rank(made.all, made.group, 3, {.rho = 0.5}),
                   log_rank(with_times(made.all, 7), made.group, 3, {.rho = 0.5})));
  }));
  CHECK(rc::check("differences add up to nothing and observed to expected", [] {
    const comparison made = arbitrary(4);
    const log_rank_test test = log_rank(made.all, made.group, 4, {.rho = 1});
    if (test.variance.empty()) return;
    double sum = 0;
    double scale = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      sum += test.difference[j];
      scale += test.observed[j];
      RC_ASSERT(std::abs(test.observed[j] - test.expected[j] - test.difference[j]) <= 1e-13);
    }
    RC_ASSERT(std::abs(sum) <= 1e-14 * (1 + scale));
  }));
  CHECK(rc::check("other names for the groups give the same test", [] {
    comparison made = arbitrary(4);
    const log_rank_test test = log_rank(made.all, made.group, 4);
    for (std::int32_t& g : made.group) g = (g + 3) % 4;
    const log_rank_test renamed = log_rank(made.all, made.group, 4);
    RC_ASSERT(test.why == renamed.why);
    RC_ASSERT(test.degrees_of_freedom == renamed.degrees_of_freedom);
    if (!test.chi_square.value) return;
    RC_ASSERT(std::abs(*test.chi_square.value - *renamed.chi_square.value) <=
              1e-12 * (1e-3 + *test.chi_square.value));
  }));
  CHECK(rc::check("two groups: chi-square is the square of the trend, on any scale", [] {
    const comparison made = arbitrary(2);
    const log_rank_test test = log_rank(made.all, made.group, 2);
    if (!test.chi_square.value) return;
    const trend_test trend = log_rank_trend(test, std::vector<double>{1e300, -1e300});
    RC_ASSERT(std::abs(*trend.z.value * *trend.z.value - *test.chi_square.value) <=
              1e-13 * *test.chi_square.value);
    RC_ASSERT((*trend.z.value >= 0) == (test.difference[0] >= 0));
    RC_ASSERT(*test.p.value >= 0 && *test.p.value <= 1);
    RC_ASSERT(std::abs(*test.p.value - *trend.two_sided.value) <= 1e-13);
  }));
}

TEST_CASE("without a difference a test at 5 % is wrong in 5 %", "[log_rank]") {
  const int samples = 1500;
  int rejected = 0;
  int trends = 0;
  for (int sample = 0; sample < samples; ++sample) {
    random_stream random(79, static_cast<std::uint64_t>(sample));
    rows all;
    codes group;
    for (int i = 0; i < 150; ++i) {
      const std::int32_t entry =
          random.chance(0.3) ? static_cast<std::int32_t>(random.below(5)) : 0;
      std::int32_t exit = entry + 1;
      while (!random.chance(0.05)) ++exit;
      all.push_back({entry, exit, random.chance(0.7), 1});
      group.push_back(static_cast<std::int32_t>(random.below(3)));
    }
    const log_rank_test test = log_rank(all, group, 3);
    rejected += *test.p.value < 0.05;
    trends += *log_rank_trend(test, std::vector<double>{1, 2, 3}).two_sided.value < 0.05;
  }
  // 99.9 % of binomial counts at 0.05 lie within 3.3 standard deviations.
  const double spread = 3.3 * std::sqrt(samples * 0.95 * 0.05);
  CHECK(std::abs(rejected - 0.05 * samples) <= spread);
  CHECK(std::abs(trends - 0.05 * samples) <= spread);
}
