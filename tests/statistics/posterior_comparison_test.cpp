// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/posterior_comparison.hpp>

#include "support/catch.hpp"
#include "support/reference.hpp"
#include <salespulse/core/random.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

using namespace salespulse;

namespace {

constexpr const char* file = "reference/statistics/hp_sales_math.csv";

// "3;9;5;20"
std::vector<double> numbers_in(const std::string& text) {
  std::vector<double> numbers;
  for (const char* at = text.c_str(); *at != '\0';) {
    char* end = nullptr;
    numbers.push_back(std::strtod(at, &end));
    at = *end == ';' ? end + 1 : end;
  }
  return numbers;
}

double greater(const beta_posterior& a, const beta_posterior& b) {
  return probability_greater(a, b).value.value();
}
double greater(const gamma_posterior& a, const gamma_posterior& b) {
  return probability_greater(a, b).value.value();
}

}  // namespace

TEST_CASE("the larger of two rates has the probability of 25-digit arithmetic") {
  const test::reference_table table(file);
  if (!test::available(table, file)) return;
  test::accuracy errors(file);
  std::size_t seen = 0;
  for (const std::size_t row : table.where({{"case", "P(Beta1>Beta2)"}})) {
    const std::string& index = table.text(row, "index");
    const std::vector<double> v = numbers_in(index);
    CHECK(errors.error(greater(beta_posterior{v[0], v[1]}, {v[2], v[3]}),
                       table.number(row, "value"), index) < 1e-13);
    ++seen;
  }
  for (const std::size_t row : table.where({{"case", "P(Gamma1>Gamma2) shape,rate"}})) {
    const std::string& index = table.text(row, "index");
    const std::vector<double> v = numbers_in(index);
    CHECK(errors.error(greater(gamma_posterior{v[0], v[1]}, {v[2], v[3]}),
                       table.number(row, "value"), index) < 1e-13);
    ++seen;
  }
  CHECK(seen == 12);
}

TEST_CASE("large, small and uneven parameters keep their digits") {
  struct row {
    beta_posterior a;
    beta_posterior b;
    double exact;
  };
  // By contour integrals in 40 digits; the last is 1 / C(100, 50).
  const row rows[] = {{{1e6, 1e6}, {1001000, 999000}, 0.15865516319239162555},
                      {{1e-3, 2}, {3, 1e-2}, 6.1973689576398071959e-7},
                      {{1e6, 0.5}, {1e6, 0.25}, 0.31688711484747951908},
                      {{0.3, 1e5}, {0.7, 1e5}, 0.27242869824842840352},
                      {{2, 1e-6}, {3, 1e-6}, 0.49999975000041666589},
                      {{1, 50}, {50, 1}, 9.9116530214227143784e-30}};
  for (const row& r : rows) {
    CAPTURE(r.a.a, r.a.b, r.b.a, r.b.b);
    CHECK(std::abs(greater(r.a, r.b) / r.exact - 1) < 1e-12);
  }
  CHECK(greater(beta_posterior{1, 5000}, {5000, 1}) == 0);
  CHECK(greater(beta_posterior{5000, 1}, {1, 5000}) == 1);
}

TEST_CASE("comparisons obey their symmetries and recurrence") {
  random_stream draws(41, 0);
  for (int round = 0; round < 200; ++round) {
    const auto parameter = [&] { return std::exp(12 * draws.uniform() - 5); };
    const beta_posterior x{parameter(), parameter()};
    const beta_posterior y{parameter(), parameter()};
    CAPTURE(x.a, x.b, y.a, y.b);
    const double p = greater(x, y);
    CHECK(p + greater(y, x) == 1);
    CHECK(greater(x, x) == 0.5);
    // 1 - Y against 1 - X.
    const double mirrored = greater(beta_posterior{y.b, y.a}, {x.b, x.a});
    CHECK(std::abs(mirrored - p) <= 1e-12 * std::min(p, 1 - p) + 1e-16);
    // P grows by B(a + c, b + d) / (a B(a, b) B(c, d)) from a to a + 1.
    const auto log_beta = [](double a, double b) {
      return std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b);
    };
    const double step =
        std::exp(log_beta(x.a + y.a, x.b + y.b) - log_beta(x.a, x.b) - log_beta(y.a, y.b)) / x.a;
    CHECK(std::abs(greater(beta_posterior{x.a + 1, x.b}, y) - p - step) < 1e-11);
  }
}

TEST_CASE("two exponential distributions compare by their rates") {
  for (const double rate : {1e-12, 1e-3, 0.7, 1.0, 40.0, 1e9}) {
    // P(X > Y) = rate of Y / (sum of both).
    CHECK(std::abs(greater(gamma_posterior{1, 1}, {1, rate}) / (rate / (1 + rate)) - 1) < 1e-12);
  }
  // A change of unit changes nothing.
  const double p = greater(gamma_posterior{0.2, 3}, {0.1, 7});
  CHECK(std::abs(greater(gamma_posterior{0.2, 3e9}, {0.1, 7e9}) / p - 1) < 1e-13);
}

TEST_CASE("normal posteriors compare to every digit, in pairs and summed over pairs") {
  const test::reference_table table(file);
  if (!test::available(table, file)) return;
  test::accuracy errors(file);
  for (const char* name : {"eight_schools_tau5", "eight_schools_tau10"}) {
    std::vector<normal_posterior> units;
    for (int i = 1; i <= 8; ++i) {
      const std::string index = std::to_string(i);
      units.push_back(
          {table.value({{"case", name}, {"quantity", "post_mean"}, {"index", index}}),
           table.value({{"case", name}, {"quantity", "post_sd_given_mu"}, {"index", index}})});
    }
    for (std::size_t i = 0; i < 8; ++i) {
      const std::string index = std::to_string(i + 1);
      double above = 0;
      for (std::size_t j = 0; j < 8; ++j) {
        if (i == j) continue;
        std::string pair = index;
        pair.append("|").append(std::to_string(j + 1));
        const double p = probability_greater(units[j], units[i]).value.value();
        above += p;
        CHECK(errors.error(p,
                           table.value({{"case", name}, {"quantity", "P(i<j)"}, {"index", pair}}),
                           pair) < 1e-14);
      }
      CHECK(errors.error(1 + above,
                         table.value({{"case", name},
                                      {"quantity", "expected_rank_1_is_best(independent)"},
                                      {"index", index}}),
                         index) < 1e-14);
    }
  }
}

TEST_CASE("parameters that make no posterior are named") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(probability_greater(beta_posterior{0, 1}, {1, 1}).why ==
        status{condition::nonpositive_value, 0});
  CHECK(probability_greater(beta_posterior{1, 1}, {1, nan}).why ==
        status{condition::non_finite_input, 1});
  CHECK(probability_greater(gamma_posterior{1, 0}, {1, 1}).why ==
        status{condition::nonpositive_value, 0});
  CHECK(probability_greater(normal_posterior{0, 1}, {0, -1}).why ==
        status{condition::nonpositive_value, 1});
  CHECK(probability_greater(normal_posterior{-5, 1}, {0, 0}).why.ok());
}

TEST_CASE("normal posteriors of any size compare without overflow") {
  constexpr double most = std::numeric_limits<double>::max();
  constexpr double least = std::numeric_limits<double>::denorm_min();
  const double two = *probability_greater(normal_posterior{2, 1}, {0, 1}).value;
  CHECK(std::abs(*probability_greater(normal_posterior{most, most}, {-most, most}).value - two) <
        1e-15);
  CHECK(*probability_greater(normal_posterior{0, most}, {1, most}).value == 0.5);
  CHECK(std::abs(*probability_greater(normal_posterior{1024 * least, 512 * least},
                                      {0, 512 * least})
                      .value -
                 two) < 1e-15);
}
