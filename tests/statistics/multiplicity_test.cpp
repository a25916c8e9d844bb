// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include "support/reference.hpp"
#include <salespulse/statistics/multiplicity.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

using namespace salespulse;
using salespulse::test::accuracy;
using salespulse::test::available;
using salespulse::test::reference_table;

namespace {

const std::vector<std::pair<std::string, p_adjustment>> methods{
    {"BH", p_adjustment::benjamini_hochberg},
    {"BY", p_adjustment::benjamini_yekutieli},
    {"holm", p_adjustment::holm},
    {"hochberg", p_adjustment::hochberg},
    {"hommel", p_adjustment::hommel},
    {"bonferroni", p_adjustment::bonferroni}};

// The largest of Simes' p-values over all sets that hold the hypothesis: Hommel's definition.
std::vector<double> hommel_by_definition(const std::vector<double>& p) {
  std::vector<double> adjusted(p.size(), 0);
  for (unsigned set = 1; set < (1U << p.size()); ++set) {
    std::vector<double> members;
    for (std::size_t i = 0; i < p.size(); ++i) {
      if ((set >> i & 1U) != 0) members.push_back(p[i]);
    }
    std::sort(members.begin(), members.end());
    double simes = 1;
    for (std::size_t i = 0; i < members.size(); ++i) {
      simes = std::min(
          simes, static_cast<double>(members.size()) * members[i] / static_cast<double>(i + 1));
    }
    for (std::size_t i = 0; i < p.size(); ++i) {
      if ((set >> i & 1U) != 0) adjusted[i] = std::max(adjusted[i], simes);
    }
  }
  return adjusted;
}

}  // namespace

TEST_CASE("adjusted p-values agree with the reference") {
  const std::string file = "reference/statistics/descriptive_trend_scalars.csv";
  const reference_table scalars(file);
  if (!available(scalars, file)) return;
  accuracy a(file);
  for (const auto& [name, method] : methods) {
    std::vector<double> p, expected;
    for (const std::size_t row :
         scalars.where({{"case", "p_adjust_BH1995_table1"}, {"quantity", name}})) {
      p.push_back(scalars.number(row, "index"));
      expected.push_back(scalars.number(row, "value"));
    }
    REQUIRE(p.size() == 15);
    const adjusted_p_values adjusted = adjust_p_values(p, method);
    REQUIRE(adjusted.values.size() == 15);
    for (std::size_t i = 0; i < p.size(); ++i) {
      INFO(name << ' ' << p[i]);
      CHECK(a.error(adjusted.values[i], expected[i], name) <= 1e-13);
    }
  }
  CHECK(a.values() == 90);
}

TEST_CASE("Hommel's adjustment is the closure of Simes' test") {
  CHECK(rc::check("Hommel's definition", [] {
    const auto n = *rc::gen::inRange<std::size_t>(1, 9);
    std::vector<double> p;
    for (std::size_t i = 0; i < n; ++i) p.push_back(*rc::gen::inRange(0, 51) / 100.0);
    const std::vector<double> slow = hommel_by_definition(p);
    const std::vector<double> fast = adjust_p_values(p, p_adjustment::hommel).values;
    for (std::size_t i = 0; i < n; ++i) RC_ASSERT(std::abs(slow[i] - fast[i]) < 1e-15);
  }));
}

TEST_CASE("adjustments keep the order of the p-values and of each other") {
  CHECK(rc::check("order", [] {
    auto p = *rc::gen::nonEmpty(rc::gen::container<std::vector<double>>(
        rc::gen::map(rc::gen::inRange(0, 101), [](int k) { return k / 100.0; })));
    const auto of = [&](p_adjustment m) { return adjust_p_values(p, m).values; };
    const auto bonferroni = of(p_adjustment::bonferroni), holm = of(p_adjustment::holm);
    const auto hochberg = of(p_adjustment::hochberg), hommel = of(p_adjustment::hommel);
    const auto bh = of(p_adjustment::benjamini_hochberg);
    for (std::size_t i = 0; i < p.size(); ++i) {
      RC_ASSERT(holm[i] <= bonferroni[i]);
      RC_ASSERT(hochberg[i] <= holm[i]);
      RC_ASSERT(hommel[i] <= hochberg[i] + 1e-15);
      RC_ASSERT(bh[i] <= hommel[i] + 1e-15);
      RC_ASSERT(bh[i] >= p[i]);
      for (std::size_t j = 0; j < p.size(); ++j) {
        if (p[i] <= p[j]) RC_ASSERT(bh[i] <= bh[j]);
        if (p[i] <= p[j]) RC_ASSERT(hommel[i] <= hommel[j]);
      }
    }
  }));
}

TEST_CASE("zeros, ties and a single p-value stay what they are") {
  for (const auto& [name, method] : methods) {
    INFO(name);
    CHECK(adjust_p_values(std::vector<double>{0.3}, method).values == std::vector<double>{0.3});
    CHECK(adjust_p_values(std::vector<double>{}, method).values.empty());
    CHECK(adjust_p_values(std::vector<double>{0, 1, 0}, method).values ==
          std::vector<double>{0, 1, 0});
    const std::vector<double> tied =
        adjust_p_values(std::vector<double>{0.02, 0.01, 0.02, 0.02}, method).values;
    CHECK(tied[0] == tied[2]);
    CHECK(tied[0] == tied[3]);
  }
}

TEST_CASE("a p-value that is none is named and nothing is adjusted") {
  const adjusted_p_values nan = adjust_p_values(std::vector<double>{0.1, std::nan(""), 2});
  CHECK(nan.why == status{condition::non_finite_input, 1});
  CHECK(nan.values.empty());
  CHECK(adjust_p_values(std::vector<double>{0.1, 1.5}).why ==
        status{condition::invalid_probability, 1});
  CHECK(adjust_p_values(std::vector<double>{-0.1}).why ==
        status{condition::invalid_probability, 0});
}
