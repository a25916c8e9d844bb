// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include "support/reference.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/inequality.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

using namespace salespulse;
using salespulse::test::accuracy;
using salespulse::test::available;
using salespulse::test::reference_table;

TEST_CASE("inequality agrees with the reference") {
  const std::string file = "reference/statistics/descriptive_trend_scalars.csv";
  const reference_table scalars(file);
  if (!available(scalars, file)) return;
  const reference_table inputs("reference/statistics/inputs/concentration_amounts.csv");
  const reference_table samples("reference/statistics/inputs/quantile_inputs.csv");
  std::vector<double> amounts, times;
  for (std::size_t i = 0; i < inputs.rows(); ++i) amounts.push_back(inputs.number(i, "amount"));
  for (const std::size_t i : samples.where({{"data", "lungtime"}})) {
    times.push_back(samples.number(i, "x"));
  }
  accuracy a(file);
  const auto check = [&](const char* name, const char* quantity, const figure& f) {
    INFO(name << ' ' << quantity);
    REQUIRE(f.value);
    CHECK(a.error(*f.value, scalars.value({{"case", name}, {"quantity", quantity}}), quantity) <=
          1e-13);
  };
  const inequality_figures f = inequality_of(amounts);
  CHECK(f.holders == 10);
  check("concentration", "gini", f.gini);
  check("concentration", "hhi", f.hhi);
  check("concentration", "hhi_normalised", f.normalised_hhi);
  check("concentration", "effective_number", f.effective_number);
  check("concentration", "shannon", f.entropy);
  check("concentration", "theil_T", f.theil);
  check("concentration", "top20pct_share", top_share(amounts, 2));
  check("concentration_lung", "gini", inequality_of(times).gini);
  check("concentration_equal", "gini", inequality_of(std::vector<double>(7, 3.0)).gini);
}

TEST_CASE("one holder has everything and equal holders nothing to envy") {
  const inequality_figures one = inequality_of(std::vector<double>{0, 0, 7, 0});
  CHECK(one.hhi.value == 1);
  CHECK(one.normalised_hhi.value == 1);
  CHECK(one.effective_number.value == 1);
  CHECK(one.gini.value == 0.75);
  CHECK(one.entropy.value == 0);
  const inequality_figures alone = inequality_of(std::vector<double>{7});
  CHECK(alone.hhi.value == 1);
  CHECK(alone.gini.value == 0);
  CHECK(alone.normalised_hhi.why.what == condition::insufficient_data);
  const inequality_figures equal = inequality_of(std::vector<double>(10, 0.1));
  CHECK(std::abs(*equal.hhi.value - 0.1) < 1e-16);
  CHECK(equal.normalised_hhi.value == 0);
  CHECK(equal.gini.value == 0);
  CHECK(equal.theil.value == 0);
}

TEST_CASE("weights are holders and the order of the rows does not matter") {
  CHECK(rc::check("weights repeat rows", [] {
    const auto amounts = *rc::gen::nonEmpty(rc::gen::container<std::vector<double>>(
        rc::gen::map(rc::gen::inRange(0, 50), [](int k) { return k * 0.1; })));
    std::vector<std::int64_t> weights;
    std::vector<double> rows;
    for (const double x : amounts) {
      weights.push_back(*rc::gen::inRange(0, 4));
      rows.insert(rows.end(), static_cast<std::size_t>(weights.back()), x);
    }
    std::reverse(rows.begin(), rows.end());
    RC_CLASSIFY(rows.empty());
    const inequality_figures a = inequality_of(amounts, weights);
    if (rows.empty()) {
      RC_ASSERT(a.why.what == condition::invalid_weight);
      return;
    }
    const inequality_figures b = inequality_of(rows);
    RC_ASSERT(a.why == b.why);
    RC_ASSERT(a.holders == b.holders || !a.why.ok());
    RC_ASSERT(a.gini.value == b.gini.value);
    RC_ASSERT(a.hhi.value == b.hhi.value);
    RC_ASSERT(a.theil.value == b.theil.value);
    if (!a.why.ok()) return;
    RC_ASSERT(*a.hhi.value <= 1 && *a.hhi.value * static_cast<double>(a.holders) >= 1 - 1e-14);
    RC_ASSERT(*a.gini.value >= 0 && *a.gini.value < 1);
    RC_ASSERT(std::abs(*a.theil.value + *a.entropy.value -
                       std::log(static_cast<double>(a.holders))) < 1e-13);
    // Gini is twice the area between the diagonal and the Lorenz curve.
    const lorenz_curve curve = lorenz_curve_of(amounts, weights);
    double under = 0;
    for (std::size_t i = 1; i < curve.points.size(); ++i) {
      const lorenz_point& p = curve.points[i - 1];
      const lorenz_point& q = curve.points[i];
      RC_ASSERT(q.holders > p.holders && q.amount >= p.amount);
      under += (q.holders - p.holders) * (p.amount + q.amount);
    }
    RC_ASSERT(std::abs(1 - under - *a.gini.value) < 1e-13);
    RC_ASSERT(curve.points.front().holders == 0 && curve.points.back().amount == 1);
  }));
}

TEST_CASE("size does not matter, from the smallest to the largest doubles") {
  const std::vector<double> x{1, 2, 3, 10};
  const inequality_figures f = inequality_of(x);
  for (const double scale : {0x1p-1070, 0x1p1020}) {
    std::vector<double> y;
    for (const double amount : x) y.push_back(amount * scale);
    const inequality_figures g = inequality_of(y);
    CHECK(g.gini.value == f.gini.value);
    CHECK(g.hhi.value == f.hhi.value);
    CHECK(g.theil.value == f.theil.value);
  }
  // Nearly equal: the differences keep their digits.
  const inequality_figures close = inequality_of(std::vector<double>{1e9, 1e9 + 1});
  CHECK(std::abs(*close.gini.value * (2e9 + 1) * 2 - 1) < 1e-12);
  const std::vector<double> two{1, 3};
  const std::vector<std::int64_t> many{1'000'000'000'000, 1'000'000'000'000};
  CHECK(inequality_of(two, many).gini.value == 0.25);
}

TEST_CASE("amounts that have no shares are named") {
  CHECK(inequality_of(std::vector<double>{0, 0}).why.what == condition::zero_total);
  CHECK(inequality_of(std::vector<double>{0, 0}).gini.why.what == condition::zero_total);
  CHECK(inequality_of(std::vector<double>{1, -1}).why == status{condition::negative_amount, 1});
  CHECK(inequality_of(std::vector<double>{1, std::nan("")}).why ==
        status{condition::non_finite_input, 1});
  CHECK(inequality_of(std::vector<double>{}).why.what == condition::insufficient_data);
  const std::vector<double> x{1, 2};
  CHECK(inequality_of(x, std::vector<std::int64_t>{1, -1}).why ==
        status{condition::invalid_weight, 1});
  CHECK(lorenz_curve_of(x, std::vector<std::int64_t>{0, 0}).why.what == condition::invalid_weight);
  CHECK(top_share(std::vector<double>{0}, 1).why.what == condition::zero_total);
  CHECK(top_share(x, 5).value == 1);
  CHECK(top_share(x, 0).value == 0);
  CHECK_THROWS_AS(top_share(x, -1), invalid_input);
  CHECK_THROWS_AS(inequality_of(x, std::vector<std::int64_t>{1}), invalid_input);
}

TEST_CASE("more holders than a double can count are refused") {
  const std::vector<double> amounts{1, 2};
  const std::vector<std::int64_t> most{INT64_MAX, INT64_MAX};
  CHECK_THROWS_AS(inequality_of(amounts, most), invalid_input);
}
