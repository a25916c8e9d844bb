// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/decomposition.hpp>

#include "support/catch.hpp"
#include "support/reference.hpp"
#include <salespulse/core/random.hpp>
#include <salespulse/core/result.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

using namespace salespulse;

namespace {

constexpr const char* file = "reference/statistics/hp_sales_math.csv";

struct reference_case {
  std::string name;
  std::vector<factor_change> factors;
  double unit = 1;  // what the references are to be multiplied by
};

// tiny_change has 1000 -> 1000 + 1e-9 and 50 -> 50 - 1e-10, which doubles hold only in units of
// 1e-9 and 1e-10.
std::vector<reference_case> reference_cases() {
  return {{"decomp:volume*winrate*size", {{200, 240}, {0.22, 0.19}, {18.5, 21.25}}},
          {"decomp:with_velocity(open*win*size/cycle)",
           {{310, 295}, {0.24, 0.27}, {12.4, 11.9}, {1.0 / 62, 1.0 / 71}}},
          {"decomp:no_change", {{5, 5}, {2, 2}, {3, 3}}},
          {"decomp:one_factor_only", {{5, 5}, {2, 7}, {3, 3}}},
          {"decomp:zero_at_start(win rate 0)", {{10, 12}, {0, 0.25}, {4, 5}}},
          {"decomp:tiny_change", {{1e12, 1e12 + 1}, {0.3, 0.3}, {5e11, 5e11 - 1}}, 1e19}};
}

void check_effects(const test::reference_table& table, test::accuracy& errors,
                   const reference_case& c, const decomposition& d, const char* quantity) {
  REQUIRE(d.why.ok());
  CHECK(errors.error(d.total / c.unit,
                     table.value({{"case", c.name}, {"quantity", "total_change"}}),
                     c.name) < 1e-12);
  for (std::size_t i = 0; i < c.factors.size(); ++i) {
    const std::string index = std::to_string(i + 1);
    const double exact = table.value({{"case", c.name}, {"quantity", quantity}, {"index", index}});
    CAPTURE(c.name, quantity, i);
    if (exact == 0) {
      CHECK(d.effects[i] == 0);
    } else {
      CHECK(errors.error(d.effects[i] / c.unit, exact, c.name) < 1e-12);
    }
  }
}

double sum_of(const std::vector<double>& values) {
  long double sum = 0;
  for (const double v : values) sum += v;
  return static_cast<double>(sum);
}

double largest(const decomposition& d) {
  double most = std::abs(d.total);
  for (const double e : d.effects) most = std::max(most, std::abs(e));
  return most;
}

void check_sum(const decomposition& d) {
  const double size = largest(d);
  const double ulp = std::nextafter(size, HUGE_VAL) - size;
  CHECK(std::abs(sum_of(d.effects) - d.total) <= ulp);
}

// Uniform between lower and upper.
double draw(random_stream& draws, double lower, double upper) {
  return lower + (upper - lower) * draws.uniform();
}

std::vector<factor_change> draw_changes(random_stream& draws, std::size_t entries, double lower) {
  std::vector<factor_change> changes;
  for (std::size_t i = 0; i < entries; ++i) {
    changes.push_back({draw(draws, lower, 10), draw(draws, lower, 10)});
  }
  return changes;
}

// The general definition, over all sets of switched factors.
std::vector<double> table_of(const std::vector<factor_change>& changes, std::size_t factors) {
  std::vector<double> values(std::size_t{1} << factors);
  for (std::size_t m = 0; m < values.size(); ++m) {
    for (std::size_t at = 0; at < changes.size(); at += factors) {
      double product = 1;
      for (std::size_t i = 0; i < factors; ++i) {
        const bool on = ((m >> i) & 1) != 0;
        product *= on ? changes[at + i].after : changes[at + i].before;
      }
      values[m] += product;
    }
  }
  return values;
}

}  // namespace

TEST_CASE("Shapley and LMDI effects have the digits of exact arithmetic") {
  const test::reference_table table(file);
  if (!test::available(table, file)) return;
  test::accuracy errors(file);
  for (const reference_case& c : reference_cases()) {
    check_effects(table, errors, c, shapley_of_product(c.factors, c.factors.size()),
                  "shapley=das_gupta_product");
    const bool zero = c.name.find("zero") != std::string::npos;
    check_effects(table, errors, c, lmdi_additive(c.factors, c.factors.size()),
                  zero ? "lmdi_I_analytic_limit" : "lmdi_I");
  }
}

TEST_CASE("the logarithmic mean has its digits near equal, far apart and at zero") {
  const test::reference_table table(file);
  if (!test::available(table, file)) return;
  test::accuracy errors(file);
  std::size_t seen = 0;
  for (const std::size_t row : table.where({{"case", "log_mean"}})) {
    const std::string& index = table.text(row, "index");
    const double a = std::stod(index);
    // 1.0000000001 is no double: its mean with 1 is that of the double within 1e-16.
    const double b = std::stod(index.substr(index.find(';') + 1));
    CAPTURE(index);
    CHECK(errors.error(log_mean(a, b), table.number(row, "value"), index) < 4e-16);
    CHECK(log_mean(a, b) == log_mean(b, a));
    ++seen;
  }
  CHECK(seen == 7);
  CHECK(log_mean(1, 1) == 1);
  CHECK(log_mean(1, 1 + 0x1p-52) >= 1);
  CHECK(log_mean(5e-324, 1e308) > 0);
  CHECK_THROWS_AS(log_mean(-1, 1), invalid_input);
  CHECK_THROWS_AS(log_mean(1, HUGE_VAL), invalid_input);
}

TEST_CASE("effects of three segments add up over the segments") {
  // Volume, mix, rate and size in three segments; exact rationals and 40-digit logarithms.
  const std::vector<factor_change> changes{{400, 430}, {0.5, 0.45}, {0.2, 0.21}, {10, 11},  //
                                           {400, 430}, {0.3, 0.25}, {0.3, 0.27}, {25, 24},  //
                                           {400, 430}, {0.2, 0.3},  {0.1, 0.12}, {90, 85}};
  const double shapley[] = {160.825, 209.86, 118.45, -49.75};
  const double additive[] = {159.47888999974568131, 211.32762948931652839, 117.14861171178511329,
                             -48.570131200847322994};
  const double ratio[] = {1.0740487754014664583, 1.0992850627954688885, 1.0538755826240346447,
                          0.9784789272184030179};
  const decomposition s = shapley_of_product(changes, 4);
  const decomposition l = lmdi_additive(changes, 4);
  const decomposition m = lmdi_multiplicative(changes, 4);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(std::abs(s.effects[i] / shapley[i] - 1) < 1e-13);
    CHECK(std::abs(l.effects[i] / additive[i] - 1) < 1e-13);
    CHECK(std::abs(m.effects[i] / ratio[i] - 1) < 1e-14);
  }
  CHECK(std::abs(s.total - 439.385) < 1e-12);
  CHECK(std::abs(l.total - 439.385) < 1e-12);
  CHECK(std::abs(m.total / 1.2175173267326732673 - 1) < 1e-15);
}

TEST_CASE("effects add up to the total within one unit in the last place of the largest") {
  random_stream draws(11, 1);
  for (int round = 0; round < 300; ++round) {
    const std::size_t factors = 1 + draws.below(8);
    const std::size_t groups = 1 + draws.below(5);
    check_sum(shapley_of_product(draw_changes(draws, factors * groups, -10), factors));
    check_sum(lmdi_additive(draw_changes(draws, factors * groups, 0.001), factors));
    std::vector<double> values(std::size_t{1} << factors);
    for (double& v : values) v = draw(draws, -5, 5);
    check_sum(shapley_value(values));
  }
}

TEST_CASE("effects of a multiplicative decomposition multiply to the ratio") {
  random_stream draws(11, 2);
  for (int round = 0; round < 200; ++round) {
    const std::size_t factors = 1 + draws.below(6);
    const auto changes = draw_changes(draws, factors * 3, 0.001);
    const decomposition d = lmdi_multiplicative(changes, factors);
    REQUIRE(d.why.ok());
    long double product = 1;
    for (const double e : d.effects) product *= e;
    double size = 1;
    for (const double e : d.effects) size += std::abs(std::log(e));
    CHECK(std::abs(static_cast<double>(product) / d.total - 1) < 4e-16 * size);
  }
}

TEST_CASE("the closed form for products is the Shapley value of its table") {
  random_stream draws(11, 3);
  for (int round = 0; round < 100; ++round) {
    const std::size_t factors = 1 + draws.below(10);
    const auto changes = draw_changes(draws, factors * 2, round % 2 == 0 ? 0 : -10);
    const decomposition closed = shapley_of_product(changes, factors);
    const std::vector<double> values = table_of(changes, factors);
    const decomposition general = shapley_value(values);
    double size = 0;
    for (const double v : values) size = std::max(size, std::abs(v));
    for (std::size_t i = 0; i < factors; ++i) {
      CHECK(std::abs(closed.effects[i] - general.effects[i]) < 1e-13 * size);
    }
  }
}

TEST_CASE("the Shapley value is symmetric, additive, and 0 for a switch that does nothing") {
  CHECK(rc::check("over tables of small whole numbers", [] {
    const auto n = *rc::gen::inRange<std::size_t>(2, 6);
    const auto size = std::size_t{1} << n;
    const auto numbers = rc::gen::container<std::vector<int>>(size, rc::gen::inRange(-99, 100));
    const std::vector<int> first = *numbers;
    const std::vector<int> second = *numbers;
    const auto a = *rc::gen::inRange<std::size_t>(0, n);
    const auto b = *rc::gen::inRange<std::size_t>(0, n);
    const auto swapped = [&](std::size_t m) {
      const std::size_t bits = ((m >> a) ^ (m >> b)) & 1;
      return m ^ (bits << a) ^ (a == b ? 0 : bits << b);
    };
    std::vector<double> x(size), y(size), both(size), exchanged(size), idle(size);
    for (std::size_t m = 0; m < size; ++m) {
      x[m] = first[m];
      y[m] = second[m];
      both[m] = x[m] + y[m];
      exchanged[swapped(m)] = x[m];
      idle[m] = first[m & ~(std::size_t{1} << a)];
    }
    const decomposition dx = shapley_value(x), dy = shapley_value(y);
    const decomposition dboth = shapley_value(both), dexchanged = shapley_value(exchanged);
    for (std::size_t i = 0; i < n; ++i) {
      RC_ASSERT(std::abs(dboth.effects[i] - dx.effects[i] - dy.effects[i]) < 1e-12);
      const std::size_t to = i == a ? b : i == b ? a : i;
      RC_ASSERT(std::abs(dexchanged.effects[to] - dx.effects[i]) < 1e-12);
    }
    RC_ASSERT(shapley_value(idle).effects[a] == 0);
  }));
}

TEST_CASE("a small worked game has its known value") {
  // Three players; 1 and 2 together, or all, win 1: each of them half, the third nothing.
  const std::vector<double> values{0, 0, 0, 1, 0, 0, 0, 1};
  const decomposition d = shapley_value(values);
  CHECK(d.effects == std::vector<double>{0.5, 0.5, 0});
  CHECK(d.total == 1);
  CHECK(shapley_value(std::vector<double>{7}).effects.empty());
}

TEST_CASE("twenty switches are worked out, twenty-one are too many") {
  std::vector<double> values(std::size_t{1} << 20);
  for (std::size_t m = 0; m < values.size(); ++m) {
    for (std::size_t i = 0; i < 20; ++i) {
      if (((m >> i) & 1) != 0) values[m] += static_cast<double>(i);
    }
  }
  const decomposition d = shapley_value(values);
  REQUIRE(d.why.ok());
  for (std::size_t i = 0; i < 20; ++i)
    CHECK(std::abs(d.effects[i] - static_cast<double>(i)) < 1e-13);
  values.resize(std::size_t{1} << 21);
  CHECK(shapley_value(values).why == status{condition::too_large});
}

TEST_CASE("a thousand factors are worked out in closed form") {
  std::vector<factor_change> changes(1000, {1, 1.001});
  const decomposition d = shapley_of_product(changes, changes.size());
  REQUIRE(d.why.ok());
  const double total = std::expm1(1000 * std::log1p(0.001));
  CHECK(std::abs(d.total / total - 1) < 1e-12);
  for (const double e : d.effects) CHECK(std::abs(e * 1000 / total - 1) < 1e-11);
  // Products far outside the range of doubles on the way, and 0 and back within it.
  for (std::size_t i = 0; i < 1000; ++i)
    changes[i] = i % 2 == 0 ? factor_change{1e200, 1e200} : factor_change{1e-200, 1e-200};
  changes[0].after = 3e200;
  const decomposition far = shapley_of_product(changes, changes.size());
  REQUIRE(far.why.ok());
  CHECK(std::abs(far.effects[0] - 2) < 1e-12);
  CHECK(std::count(far.effects.begin(), far.effects.end(), 0.0) == 999);
  CHECK(std::abs(lmdi_additive(changes, changes.size()).effects[0] - 2) < 1e-12);
  changes.resize(1001);
  CHECK(shapley_of_product(changes, 1001).why == status{condition::too_large});
  CHECK(shapley_of_product(std::vector<factor_change>{{1e200, 2e200}, {1e200, 2e200}}, 2).why ==
        status{condition::too_large});
}

TEST_CASE("a sign flip is refused by logarithms and no trouble to Shapley") {
  const std::vector<factor_change> changes{{2, 3}, {1, -1}};
  CHECK(lmdi_additive(changes, 2).why == status{condition::nonpositive_value, 1});
  CHECK(lmdi_multiplicative(changes, 2).why == status{condition::nonpositive_value, 1});
  const decomposition d = shapley_of_product(changes, 2);
  CHECK(d.total == -5);
  CHECK(d.effects == std::vector<double>{0, -5});
}

TEST_CASE("zeros have their analytic limit in LMDI") {
  // One factor starts at 0, one ends there, two start there, and nothing before and after.
  CHECK(lmdi_additive(std::vector<factor_change>{{10, 12}, {0, 0.25}}, 2).effects ==
        std::vector<double>{0, 3});
  CHECK(lmdi_additive(std::vector<factor_change>{{10, 12}, {0.25, 0}}, 2).effects ==
        std::vector<double>{0, -2.5});
  CHECK(lmdi_additive(std::vector<factor_change>{{0, 12}, {0, 0.25}}, 2).effects ==
        std::vector<double>{1.5, 1.5});
  CHECK(lmdi_additive(std::vector<factor_change>{{0, 12}, {0.25, 0}}, 2).effects ==
        std::vector<double>{0, 0});
  // The limit is what small numbers in the place of zeros approach, slowly.
  const std::vector<factor_change> zero{{3, 4}, {0, 0.5}, {5, 6}, {0.2, 0.1}};
  std::vector<factor_change> small = zero;
  const decomposition limit = lmdi_additive(zero, 2);
  double last = HUGE_VAL;
  for (const double delta : {1e-50, 1e-100, 1e-200, 1e-300}) {
    small[1].before = delta;
    const decomposition near = lmdi_additive(small, 2);
    const double away = std::abs(near.effects[1] - limit.effects[1]);
    CHECK(away < last);
    CHECK(away < 3 / -std::log(delta));
    last = away;
  }
  const decomposition ratio = lmdi_multiplicative(zero, 2);
  REQUIRE(ratio.why.ok());
  CHECK(std::abs(ratio.effects[0] * ratio.effects[1] - ratio.total) < 1e-14);
  CHECK(lmdi_multiplicative(std::vector<factor_change>{{1, 2}, {0, 1}}, 2).why ==
        status{condition::zero_total});
  CHECK(lmdi_multiplicative(std::vector<factor_change>{{1, 2}, {1, 0}}, 2).why ==
        status{condition::zero_total});
}

TEST_CASE("a factor that stays has no effect and reversing time turns the signs") {
  random_stream draws(11, 4);
  for (int round = 0; round < 100; ++round) {
    auto changes = draw_changes(draws, 12, 0.01);
    for (std::size_t at = 2; at < 12; at += 4) changes[at].after = changes[at].before;
    auto back = changes;
    for (factor_change& f : back) std::swap(f.before, f.after);
    for (const auto decompose : {shapley_of_product, lmdi_additive}) {
      const decomposition d = decompose(changes, 4);
      const decomposition r = decompose(back, 4);
      CHECK(d.effects[2] == 0);
      for (std::size_t i = 0; i < 4; ++i) {
        CHECK(std::abs(d.effects[i] + r.effects[i]) < 1e-13 * largest(d));
      }
    }
    CHECK(lmdi_multiplicative(changes, 4).effects[2] == 1);
  }
}

TEST_CASE("bad entries of a decomposition are named and broken tables refused") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<factor_change> bad{{1, 2}, {1, nan}};
  CHECK(shapley_of_product(bad, 2).why == status{condition::non_finite_input, 1});
  CHECK(lmdi_additive(bad, 2).why == status{condition::non_finite_input, 1});
  CHECK(shapley_value(std::vector<double>{0, nan}).why == status{condition::non_finite_input, 1});
  CHECK_THROWS_AS(shapley_value(std::vector<double>{0, 1, 2}), invalid_input);
  CHECK_THROWS_AS(shapley_value(std::vector<double>{}), invalid_input);
  CHECK_THROWS_AS(shapley_of_product(bad, 3), invalid_input);
  CHECK_THROWS_AS(lmdi_additive(bad, 0), invalid_input);
}
