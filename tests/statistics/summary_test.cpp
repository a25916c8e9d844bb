// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include "support/reference.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/summary.hpp>

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
using salespulse::test::reference_text;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::vector<double> column(const reference_table& t, std::string_view name,
                           std::vector<reference_table::condition_on> wanted = {}) {
  std::vector<double> values;
  for (const std::size_t row : t.where(std::move(wanted))) values.push_back(t.number(row, name));
  return values;
}

// The numbers of a data set's "y" array and its certified values, as text.
struct nist_set {
  std::vector<double> y;
  std::string text;

  [[nodiscard]] double certified(std::string_view quantity) const {
    std::string key = "\"";
    key.append(quantity).append("\": \"");
    return std::stod(text.substr(text.find(key) + key.size()));
  }
};

nist_set read_nist(const std::string& name) {
  nist_set set;
  std::string file = "reference/statistics/nist/";
  set.text = reference_text(file.append(name).append(".json"));
  std::size_t at = set.text.find("\"y\"");
  if (at == std::string::npos) return set;
  const std::size_t end = set.text.find(']', at);
  while ((at = set.text.find_first_of("-0123456789", at)) < end) {
    std::size_t used = 0;
    set.y.push_back(std::stod(set.text.substr(at, 40), &used));
    at += used;
  }
  return set;
}

bool near(double a, double b, double tolerance) {
  return std::abs(a - b) <= tolerance * std::abs(b);
}

}  // namespace

TEST_CASE("the summary has every digit of NIST's certified values that doubles allow") {
  const std::string file = "reference/statistics/nist_attainable_digits.csv";
  const reference_table attainable(file);
  if (!available(attainable, file)) return;
  std::size_t checked = 0;
  for (const char* name :
       {"Lew", "Lottery", "Mavro", "Michelso", "NumAcc1", "NumAcc2", "NumAcc3", "NumAcc4"}) {
    const nist_set set = read_nist(name);
    REQUIRE(set.y.size() > 2);
    const sample_summary s = summarise(set.y);
    const auto check = [&](const char* quantity, const figure& f) {
      const double most = attainable.value({{"dataset", name}, {"quantity", quantity}},
                                           "max_attainable_digits_double_input");
      INFO(name << ' ' << quantity);
      REQUIRE(f.value);
      // The table speaks of exact results of rounded data, to one decimal; result and certified
      // value are then rounded to doubles themselves.
      const double exact = set.certified(quantity);
      CHECK(std::abs(*f.value - exact) <= std::abs(exact) * (std::pow(10, 0.051 - most) + 0x1p-52));
      ++checked;
    };
    check("mean", s.mean);
    check("sd", s.sd);
    check("autocorr_lag1", s.lag_1_autocorrelation);
  }
  CHECK(checked == 24);
}

TEST_CASE("moments and rank correlations agree with the reference") {
  const std::string file = "reference/statistics/descriptive_trend_scalars.csv";
  const reference_table scalars(file);
  const reference_table inputs("reference/statistics/inputs/quantile_inputs.csv");
  const reference_table nile("reference/statistics/inputs/nile.csv");
  if (!available(scalars, file)) return;
  accuracy a(file);
  for (const char* name : {"faithful", "n10"}) {
    const sample_summary s = summarise(column(inputs, "x", {{"data", name}}));
    const auto check = [&](const char* quantity, const figure& f) {
      INFO(name << ' ' << quantity);
      CHECK(a.error(f.value.value(), scalars.value({{"case", name}, {"quantity", quantity}}),
                    quantity) <= 1e-13);
    };
    check("mean", s.mean);
    check("var", s.variance);
    check("sd", s.sd);
    check("skew_g1", s.skewness);
    check("kurt_g2", s.excess_kurtosis);
  }
  const std::vector<double> year = column(nile, "year"), flow = column(nile, "flow");
  CHECK(a.error(kendall_tau(year, flow).value.value(),
                scalars.value({{"case", "trend_nile"}, {"quantity", "tau_b"}})) <= 1e-13);
  CHECK(a.error(rank_correlation(year, flow).value.value(),
                scalars.value({{"case", "trend_nile"}, {"quantity", "spearman_rho"}})) <= 1e-13);
  const std::vector<double> x{3, 6, 7, 8, 8, 10, 13, 15, 16, 20};
  const std::vector<std::int64_t> w{1, 2, 1, 3, 1, 4, 2, 1, 1, 2};
  const sample_summary weighted = summarise(x, w);
  CHECK(weighted.n == 18);
  CHECK(a.error(weighted.mean.value.value(),
                scalars.value({{"case", "wtd_ex"}, {"quantity", "mean"}})) <= 1e-13);
  CHECK(a.error(weighted.variance.value.value(),
                scalars.value({{"case", "wtd_ex"}, {"quantity", "var_freq"}})) <= 1e-13);
}

TEST_CASE("sums neither cancel nor overflow") {
  CHECK(summarise(std::vector<double>{1e16, 1, -1e16}).sum.value == 1);
  CHECK(summarise(std::vector<double>{1e8 + 1, 1e8 + 2, 1e8 + 3}).variance.value == 1);
  const sample_summary huge = summarise(std::vector<double>{1.7e308, 1.7e308});
  CHECK(huge.mean.value == 1.7e308);
  CHECK(huge.sd.value == 0);
  CHECK(!huge.sum.value);
  CHECK(huge.sum.why.what == condition::out_of_range);
  const sample_summary wide_apart = summarise(std::vector<double>{-1.5e308, 1.5e308, 1.5e308});
  CHECK(wide_apart.variance.why.what == condition::out_of_range);
  CHECK(near(*wide_apart.sd.value / 1e308, 1.5 * 2 / std::sqrt(3.0), 4e-16));
  CHECK(near(*wide_apart.skewness.value, -1 / std::sqrt(2.0), 1e-15));
  const double least = std::numeric_limits<double>::denorm_min();
  CHECK(summarise(std::vector<double>{least, 3 * least}).mean.value == 2 * least);
  CHECK(near(*correlation(std::vector<double>{-1.7e308, 0, 1.7e308},
                          std::vector<double>{1e-300, 2e-300, 3e-300})
                  .value,
             1, 1e-15));
}

TEST_CASE("what a summary lacks is named") {
  const sample_summary one = summarise(std::vector<double>{4});
  CHECK(one.mean.value == 4);
  CHECK(one.variance.why.what == condition::insufficient_data);
  CHECK(one.sd.why.what == condition::insufficient_data);
  CHECK(one.skewness.why.what == condition::insufficient_data);
  const sample_summary none = summarise(std::vector<double>{});
  CHECK(none.sum.value == 0);
  CHECK(none.mean.why.what == condition::insufficient_data);
  const sample_summary equal = summarise(std::vector<double>{0.1, 0.1, 0.1});
  CHECK(equal.mean.value == 0.1);
  CHECK(equal.variance.value == 0);
  CHECK(equal.skewness.why.what == condition::zero_variance);
  CHECK(equal.lag_1_autocorrelation.why.what == condition::zero_variance);
  for (const double bad : {std::nan(""), infinity, -infinity}) {
    const sample_summary s = summarise(std::vector<double>{1, 2, bad});
    CHECK(s.why == status{condition::non_finite_input, 2});
    CHECK(!s.mean.value);
    CHECK(s.mean.why == s.why);
    CHECK(correlation(std::vector<double>{1, 2, 3}, std::vector<double>{1, bad, 3}).why ==
          status{condition::non_finite_input, 1});
    CHECK(count_pairs(std::vector<double>{bad, 2}, std::vector<double>{1, bad}).why ==
          status{condition::non_finite_input, 0});
  }
  const std::vector<double> x{1, 2, 3}, constant{5, 5, 5};
  CHECK(correlation(x, constant).why == status{condition::zero_variance, 1});
  CHECK(kendall_tau(constant, x).why == status{condition::zero_variance, 0});
  CHECK(rank_correlation(constant, x).why == status{condition::zero_variance, 0});
  CHECK_THROWS_AS(correlation(x, std::vector<double>{1}), invalid_input);
  const std::vector<std::int64_t> negative{1, -1, 1}, zero{0, 0, 0};
  CHECK(summarise(x, negative).why == status{condition::invalid_weight, 1});
  CHECK(summarise(x, zero).why == status{condition::invalid_weight, -1});
}

TEST_CASE("integer weights are repeated rows and the order of rows does not matter") {
  CHECK(rc::check("weights repeat rows", [] {
    const auto values = *rc::gen::nonEmpty(rc::gen::container<std::vector<double>>(
        rc::gen::map(rc::gen::inRange(-1000, 1000), [](int k) { return k * 0.1; })));
    std::vector<std::int64_t> weights;
    std::vector<double> rows;
    for (const double x : values) {
      const int w = *rc::gen::inRange(0, 4);
      weights.push_back(w);
      rows.insert(rows.end(), static_cast<std::size_t>(w), x);
    }
    if (rows.empty()) {
      weights.back() = 1;
      rows.push_back(values.back());
    }
    const sample_summary a = summarise(values, weights);
    std::reverse(rows.begin(), rows.end());
    const sample_summary b = summarise(rows);
    RC_ASSERT(a.n == b.n);
    RC_ASSERT(a.sum.value == b.sum.value);
    RC_ASSERT(a.mean.value == b.mean.value);
    RC_ASSERT(a.variance.value == b.variance.value);
    RC_ASSERT(a.skewness.value == b.skewness.value);
    RC_ASSERT(a.excess_kurtosis.value == b.excess_kurtosis.value);
  }));
  const std::vector<double> two{1, 2};
  const std::vector<std::int64_t> many{1'000'000'000'000, 1'000'000'000'000};
  CHECK(summarise(two, many).mean.value == 1.5);
  CHECK(near(*summarise(two, many).variance.value, 0.25, 1e-12));
}

TEST_CASE("pairs are counted as comparing each with each other counts them") {
  CHECK(rc::check("Knight's counts are the counts of all pairs", [] {
    const auto n = *rc::gen::inRange<std::size_t>(0, 40);
    const auto values = [n] {
      return *rc::gen::container<std::vector<double>>(
          n, rc::gen::map(rc::gen::inRange(0, 8), [](int k) { return double(k); }));
    };
    const std::vector<double> x = values(), y = values();
    pair_counts slow;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const double product = (x[i] - x[j]) * (y[i] - y[j]);
        slow.concordant += product > 0;
        slow.discordant += product < 0;
        slow.tied_x += x[i] == x[j];
        slow.tied_y += y[i] == y[j];
        slow.tied_both += x[i] == x[j] && y[i] == y[j];
      }
    }
    const pair_counts fast = count_pairs(x, y);
    RC_ASSERT(fast.concordant == slow.concordant);
    RC_ASSERT(fast.discordant == slow.discordant);
    RC_ASSERT(fast.tied_x == slow.tied_x);
    RC_ASSERT(fast.tied_y == slow.tied_y);
    RC_ASSERT(fast.tied_both == slow.tied_both);
  }));
}

TEST_CASE("a correlation does not change with the units of its sides") {
  const std::vector<double> x{1, 2, 4, 7, 11, 16}, y{3, 1, 4, 1, 5, 9};
  const double r = *correlation(x, y).value;
  std::vector<double> u, v;
  for (const double t : x) u.push_back(t * 86'400 + 1e9);
  for (const double t : y) v.push_back(-t * 1e-200);
  CHECK(near(*correlation(u, v).value, -r, 1e-13));
  CHECK(*kendall_tau(u, v).value == -*kendall_tau(x, y).value);
}

TEST_CASE("a perfect correlation is 1 to the bit") {
  std::vector<double> x, y;
  for (int n = 0; n < 60; ++n) {
    x.push_back(n);
    y.push_back(-n);
    if (n == 0) continue;
    CHECK(*correlation(x, x).value == 1);
    CHECK(*rank_correlation(x, x).value == 1);
    CHECK(*kendall_tau(x, x).value == 1);
    CHECK(*rank_correlation(x, y).value == -1);
    CHECK(*kendall_tau(x, y).value == -1);
  }
}

TEST_CASE("weights that no double can count are refused") {
  const std::vector<double> x{1, 2};
  const std::vector<std::int64_t> most{INT64_MAX, INT64_MAX};
  CHECK_THROWS_AS(summarise(x, most), invalid_input);
  const std::vector<std::int64_t> limit{(std::int64_t{1} << 53) - 2, 1};
  CHECK(summarise(x, limit).n == (std::int64_t{1} << 53) - 1);
}
