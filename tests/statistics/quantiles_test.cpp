// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include "support/reference.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/quantiles.hpp>

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

constexpr double infinity = std::numeric_limits<double>::infinity();

std::vector<double> sample(const reference_table& inputs, const std::string& name) {
  std::vector<double> values;
  for (const std::size_t row : inputs.where({{"data", name}})) {
    values.push_back(inputs.number(row, "x"));
  }
  return values;
}

quantile_type type_of(std::int64_t k) { return static_cast<quantile_type>(k); }

}  // namespace

TEST_CASE("the nine types agree with the reference on every sample") {
  const std::string file = "reference/statistics/quantiles_types.csv";
  const reference_table expected(file);
  if (!available(expected, file)) return;
  const reference_table inputs("reference/statistics/inputs/quantile_inputs.csv");
  accuracy a(file);
  for (std::size_t row = 0; row < expected.rows(); ++row) {
    const std::vector<double> x = sample(inputs, expected.text(row, "data"));
    REQUIRE(!x.empty());
    const double p = expected.number(row, "p"), q = expected.number(row, "q");
    const quantile_type type = type_of(expected.integer(row, "type"));
    INFO(expected.text(row, "data") << " type " << int(type) << " p " << p);
    const figure one = sample_quantile(x, p, type);
    REQUIRE(one.value);
    CHECK(a.error(*one.value, q) <= 1e-13);
    CHECK(sample_quantiles(x, std::vector<double>{p}, type).front().value == one.value);
    const std::vector<std::int64_t> once(x.size(), 1);
    CHECK(sample_quantile(x, once, p, type).value == one.value);
  }
  CHECK(a.values() == expected.rows());
}

TEST_CASE("weighted quantiles agree with the reference in each convention") {
  const std::string file = "reference/statistics/weighted_quantiles.csv";
  const reference_table expected(file);
  if (!available(expected, file)) return;
  const std::vector<double> x{3, 6, 7, 8, 8, 10, 13, 15, 16, 20};
  const std::vector<double> w{1, 2, 1, 3, 1, 4, 2, 1, 1, 2};
  const std::vector<std::int64_t> count{1, 2, 1, 3, 1, 4, 2, 1, 1, 2};
  accuracy a(file);
  for (std::size_t row = 0; row < expected.rows(); ++row) {
    const std::string& type = expected.text(row, "type");
    const double p = expected.number(row, "p"), q = expected.number(row, "q");
    const auto check = [&](const figure& f) {
      INFO(type << " p " << p);
      REQUIRE(f.value);
      CHECK(a.error(*f.value, q) <= 1e-13);
    };
    using convention = weighted_quantile_type;
    if (type == "quantile") check(weighted_quantile(x, w, p, convention::frequency));
    if (type == "(i-1)/(n-1)") check(weighted_quantile(x, w, p, convention::modes));
    if (type == "i/(n+1)") check(weighted_quantile(x, w, p, convention::weibull));
    if (type == "i/n") check(weighted_quantile(x, w, p, convention::linear_ecdf));
    if (type == "type7_of_expanded") check(sample_quantile(x, count, p));
    if (type == "type1_of_expanded(inverse_ecdf)") {
      check(sample_quantile(x, count, p, quantile_type::inverse_ecdf));
      check(weighted_quantile(x, w, p, convention::inverse_ecdf));
    }
    if (type == "type2_of_expanded") {
      check(sample_quantile(x, count, p, quantile_type::averaged_ecdf));
      check(weighted_quantile(x, w, p, convention::averaged_ecdf));
    }
  }
  CHECK(a.values() == expected.rows() + 34);
}

TEST_CASE("integer weights are repeated rows to the bit for all nine types") {
  CHECK(rc::check("weights repeat rows", [] {
    const auto n = *rc::gen::inRange<std::size_t>(1, 20);
    std::vector<double> values, rows;
    std::vector<std::int64_t> weights;
    for (std::size_t i = 0; i < n; ++i) {
      values.push_back(0.1 * *rc::gen::inRange(-20, 20));
      weights.push_back(*rc::gen::inRange(0, 5));
      rows.insert(rows.end(), static_cast<std::size_t>(weights.back()), values.back());
    }
    RC_PRE(!rows.empty());
    const double p = *rc::gen::inRange(0, 21) / 20.0;
    for (int k = 1; k <= 9; ++k) {
      RC_ASSERT(sample_quantile(values, weights, p, type_of(k)).value ==
                sample_quantile(rows, p, type_of(k)).value);
    }
  }));
}

TEST_CASE("quantiles grow with p and keep to the values") {
  CHECK(rc::check("monotone", [] {
    const auto values = *rc::gen::nonEmpty(rc::gen::container<std::vector<double>>(
        rc::gen::map(rc::gen::inRange(-50, 50), [](int k) { return double(k) / 7; })));
    for (int k = 1; k <= 9; ++k) {
      double before = -infinity;
      for (int i = 0; i <= 40; ++i) {
        const double q = *sample_quantile(values, i / 40.0, type_of(k)).value;
        RC_ASSERT(q >= before - 1e-14);
        RC_ASSERT(q >= *std::min_element(values.begin(), values.end()));
        RC_ASSERT(q <= *std::max_element(values.begin(), values.end()));
        before = q;
      }
    }
  }));
}

TEST_CASE("a whole rank is whole although its product is not") {
  std::vector<double> ten;
  for (int i = 1; i <= 10; ++i) ten.push_back(i);
  CHECK(sample_quantile(ten, 0.7, quantile_type::inverse_ecdf).value == 7);
  CHECK(sample_quantile(ten, 0.1 + 0.2, quantile_type::inverse_ecdf).value == 3);
  CHECK(sample_quantile(ten, 0.1 + 0.2, quantile_type::averaged_ecdf).value == 3.5);
}

TEST_CASE("an infinite value is beyond everything and never becomes NaN") {
  const std::vector<double> x{1, infinity, 2, 3};
  for (int k = 1; k <= 9; ++k) {
    CHECK(sample_quantile(x, 0, type_of(k)).value == 1);
    CHECK(sample_quantile(x, 0.4, type_of(k)).value.has_value());
    const figure top = sample_quantile(x, 1, type_of(k));
    CHECK(!top.value);
    CHECK(top.why == status{condition::not_reached, 1});
  }
  for (int k = 4; k <= 9; ++k) {
    CHECK(sample_quantile(x, 0.95, type_of(k)).why == status{condition::not_reached, 1});
  }
  const std::vector<double> ends{-infinity, infinity};
  CHECK(sample_quantile(ends, 0.5).why.what == condition::not_reached);
  CHECK(sample_quantile(x, 2.0 / 3).value == 3);
  CHECK(weighted_quantile(x, std::vector<double>{1, 1, 1, 1}, 0.9).why ==
        status{condition::not_reached, 1});
}

TEST_CASE("bad values and weights are named with their row") {
  const std::vector<double> x{1, 2, 3};
  CHECK(sample_quantile(std::vector<double>{1, std::nan("")}, 0.5).why ==
        status{condition::non_finite_input, 1});
  CHECK(sample_quantile(std::vector<double>{}, 0.5).why.what == condition::insufficient_data);
  CHECK_THROWS_AS(sample_quantile(x, 1.5), invalid_input);
  CHECK_THROWS_AS(sample_quantile(x, std::nan("")), invalid_input);
  CHECK_THROWS_AS(weighted_quantile(x, std::vector<double>{1}, 0.5), invalid_input);
  for (int k = 0; k <= 5; ++k) {
    const auto type = static_cast<weighted_quantile_type>(k);
    CHECK(weighted_quantile(x, std::vector<double>{0, 0, 0}, 0.5, type).why ==
          status{condition::invalid_weight, -1});
    CHECK(weighted_quantile(x, std::vector<double>{1, -1, 1}, 0.5, type).why ==
          status{condition::invalid_weight, 1});
    CHECK(weighted_quantile(x, std::vector<double>{1, 1, infinity}, 0.5, type).why ==
          status{condition::invalid_weight, 2});
    // A row of weight 0 changes nothing; the largest weights do not overflow.
    CHECK(weighted_quantile(std::vector<double>{9, 2, 3}, std::vector<double>{0, 2, 2}, 0.5, type)
              .value ==
          weighted_quantile(std::vector<double>{2, 3}, std::vector<double>{2, 2}, 0.5, type).value);
    const figure heavy = weighted_quantile(x, std::vector<double>{1e300, 1e308, 1e308}, 0.4, type);
    REQUIRE(heavy.value);
    CHECK(*heavy.value >= 1);
    CHECK(*heavy.value <= 3);
    CHECK(weighted_quantile(std::vector<double>{4}, std::vector<double>{0.5}, 0.5, type).value ==
          4);
  }
}

TEST_CASE("weights of any scale give the same quantile where the convention says so") {
  const std::vector<double> x{5, 1, 4, 2, 3};
  const std::vector<double> w{0.1, 0.2, 0.3, 0.15, 0.25};
  std::vector<double> thousandfold;
  for (const double weight : w) thousandfold.push_back(weight * 1024);
  for (const auto type :
       {weighted_quantile_type::inverse_ecdf, weighted_quantile_type::averaged_ecdf,
        weighted_quantile_type::linear_ecdf}) {
    for (int i = 0; i <= 20; ++i) {
      CHECK(weighted_quantile(x, w, i / 20.0, type).value ==
            weighted_quantile(x, thousandfold, i / 20.0, type).value);
    }
  }
}

TEST_CASE("weights that no double can count are refused by quantiles") {
  const std::vector<double> x{1, 2};
  const std::vector<std::int64_t> most{INT64_MAX, INT64_MAX};
  CHECK_THROWS_AS(sample_quantile(x, most, 0.5), invalid_input);
}

TEST_CASE("the ends are the first and last value, however little weight they have") {
  const std::vector<double> x{1, 2, 3}, weights{1e-30, 1, 1e-30};
  for (const weighted_quantile_type type :
       {weighted_quantile_type::inverse_ecdf, weighted_quantile_type::averaged_ecdf,
        weighted_quantile_type::linear_ecdf}) {
    CHECK(weighted_quantile(x, weights, 0, type).value == 1);
    CHECK(weighted_quantile(x, weights, 1, type).value == 3);
  }
}
