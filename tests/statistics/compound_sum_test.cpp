// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/compound_sum.hpp>

#include "support/catch.hpp"
#include <salespulse/core/result.hpp>

#include <cmath>
#include <limits>
#include <vector>

using namespace salespulse;

namespace {

const uncertain_amount one{{{1, 1}}};
const uncertain_amount mixed{{{3, 0.5}, {10, 0.3}, {0, 0.05}, {25, 0.15}}};

double mean_of(const uncertain_amount& s) {
  double sum = 0;
  for (const auto& [amount, p] : s.outcomes) sum += p * static_cast<double>(amount);
  return sum;
}
double square_of(const uncertain_amount& s) {
  double sum = 0;
  for (const auto& [amount, p] : s.outcomes) sum += p * static_cast<double>(amount * amount);
  return sum;
}

}  // namespace

TEST_CASE("severities of 1 give the count's own distribution") {
  const lattice_distribution five = compound_poisson(5, one).distribution;
  double p = std::exp(-5.0);
  for (int k = 0; k <= 50; ++k) {
    CHECK(std::abs(five.probability(k) / p - 1) < 1e-13);
    p *= 5.0 / (k + 1);
  }
  for (const double shape : {0.3, 1.0, 7.0}) {
    const lattice_distribution d = compound_negative_binomial(4, shape, one).distribution;
    double q = std::pow(shape / (shape + 4), shape);
    for (int k = 0; k <= 80; ++k) {
      CHECK(std::abs(d.probability(k) / q - 1) < 1e-13);
      q *= (shape + k) / (k + 1) * 4 / (shape + 4);
    }
  }
}

TEST_CASE("masses below the range of doubles at 0 do no harm") {
  const lattice_distribution d = compound_poisson(20'000, one).distribution;
  for (const int k : {18'500, 20'000, 21'500}) {
    // log of 20000^k / k! by Stirling's series, less 20000: relative to the maximum, to lose
    // nothing.
    const double x = k;
    const double ratio = 20'000 / x;
    const double log = x * (std::log(ratio) + 1 - ratio) -
                       0.5 * std::log(2 * 3.14159265358979323846 * x) - 1 / (12 * x) +
                       1 / (360 * x * x * x);
    CHECK(std::abs(std::log(d.probability(k)) - log) < 1e-11);
  }
  CHECK(std::abs(d.mean() / 20'000 - 1) < 1e-13);
  CHECK(std::abs(d.variance() / 20'000 - 1) < 1e-11);
}

TEST_CASE("mean and variance are those of compound sums") {
  const double m = mean_of(mixed);
  const double s = square_of(mixed);
  for (const double count : {0.01, 1.0, 30.0, 1000.0}) {
    const lattice_distribution d = compound_poisson(count, mixed).distribution;
    CHECK(std::abs(d.mean() / (count * m) - 1) < 1e-13);
    CHECK(std::abs(d.variance() / (count * s) - 1) < 1e-12);
    for (const double shape : {0.5, 3.0}) {
      const lattice_distribution n = compound_negative_binomial(count, shape, mixed).distribution;
      CHECK(std::abs(n.mean() / (count * m) - 1) < 1e-13);
      CHECK(std::abs(n.variance() / (count * s + count * count / shape * m * m) - 1) < 1e-12);
    }
  }
}

TEST_CASE("severities of 0 thin the count") {
  const uncertain_amount sometimes{{{1, 0.3}}};
  const lattice_distribution thin = compound_poisson(10, sometimes).distribution;
  const lattice_distribution three = compound_poisson(3, one).distribution;
  const lattice_distribution thin_nb = compound_negative_binomial(10, 2, sometimes).distribution;
  const lattice_distribution three_nb = compound_negative_binomial(3, 2, one).distribution;
  for (int k = 0; k < 40; ++k) {
    CHECK(std::abs(thin.probability(k) / three.probability(k) - 1) < 1e-13);
    CHECK(std::abs(thin_nb.probability(k) / three_nb.probability(k) - 1) < 1e-13);
  }
}

TEST_CASE("Poisson sums of two means add up, tails included") {
  const std::vector<lattice_distribution> parts{compound_poisson(4, mixed).distribution,
                                                compound_poisson(2.5, mixed).distribution};
  const lattice_distribution whole = compound_poisson(6.5, mixed).distribution;
  const lattice_distribution sum = sum_distribution(parts).distribution;
  for (std::int64_t x = 0; whole.at_least(x) > 1e-17; ++x) {
    if (whole.probability(x) == 0) continue;
    CHECK(std::abs(sum.probability(x) / whole.probability(x) - 1) < 1e-13);
    CHECK(std::abs(sum.at_least(x) / whole.at_least(x) - 1) < 1e-12);
  }
}

TEST_CASE("the Poisson distribution is the limit of a large shape") {
  const lattice_distribution limit = compound_poisson(6, mixed).distribution;
  const lattice_distribution near = compound_negative_binomial(6, 1e13, mixed).distribution;
  for (std::int64_t x = 0; x < 300; ++x) {
    CHECK(std::abs(near.probability(x) - limit.probability(x)) <= 1e-10 * limit.probability(x));
  }
}

TEST_CASE("nothing counted, or severities of 0 only, sum to 0") {
  CHECK(compound_poisson(0, mixed).distribution.probability(0) == 1);
  CHECK(compound_negative_binomial(0, 1, mixed).distribution.probability(0) == 1);
  CHECK(compound_poisson(9, {}).distribution.probability(0) == 1);
  CHECK(compound_poisson(9, {{{0, 1}}}).distribution.probability(0) == 1);
}

TEST_CASE("the lattice is as coarse as the severities allow") {
  const uncertain_amount coarse{{{3'000'000'000'000, 0.5}, {5'000'000'000'000, 0.5}}};
  const compound_sum sum = compound_poisson(2, coarse);
  REQUIRE(sum.why.ok());
  CHECK(sum.distribution.step() == 1'000'000'000'000);
  CHECK(sum.distribution.probability(4'000'000'000'000) == 0);
  const compound_sum fine = compound_poisson(2, {{{3'000'000'000'000, 0.5}, {7, 0.5}}});
  CHECK(fine.why == status{condition::too_large});
  CHECK(fine.suggested_unit >= 1'000'000);
  CHECK(fine.suggested_unit <= 100'000'000);
}

TEST_CASE("bad parameters of a compound sum are named") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(compound_poisson(-1, one).why == status{condition::nonpositive_value});
  CHECK(compound_poisson(nan, one).why == status{condition::non_finite_input});
  CHECK(compound_negative_binomial(1, 0, one).why == status{condition::nonpositive_value});
  CHECK(compound_negative_binomial(1, HUGE_VAL, one).why == status{condition::non_finite_input});
  CHECK(compound_poisson(1, {{{1, 0.5}, {-2, 0.5}}}).why == status{condition::negative_amount, 1});
  CHECK(compound_poisson(1, {{{1, 1.5}}}).why == status{condition::invalid_probability, 0});
  CHECK_THROWS_AS(compound_poisson(1, one, {.cut = 0.5}), invalid_input);
}

TEST_CASE("the largest shape is the Poisson distribution and the largest severity is refused") {
  const uncertain_amount severity{{{1, 0.5}, {2, 0.5}}};
  for (const double mean : {1e-3, 1.0, 1000.0}) {
    const lattice_distribution poisson = compound_poisson(mean, severity).distribution;
    for (const double shape : {1e17, 1e200, std::numeric_limits<double>::max()}) {
      const lattice_distribution d =
          compound_negative_binomial(mean, shape, severity).distribution;
      CHECK(std::abs(d.mean() / poisson.mean() - 1) < 1e-12);
      CHECK(std::abs(d.variance() / poisson.variance() - 1) < 1e-12);
    }
  }
  const compound_sum huge = compound_poisson(3, {{{INT64_MAX, 0.5}}});
  CHECK(huge.why == status{condition::too_large});
  CHECK(huge.suggested_unit == 0);
}
