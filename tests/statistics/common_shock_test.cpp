// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/common_shock.hpp>

#include "support/catch.hpp"
#include <salespulse/core/result.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace salespulse;

namespace {

const std::vector<chance> three{{2, 0.3}, {3, 0.6}, {7, 0.1}};

bool same(const lattice_distribution& a, const lattice_distribution& b) {
  return a.first() == b.first() && a.step() == b.step() &&
         std::ranges::equal(a.masses(), b.masses());
}

}  // namespace

TEST_CASE("all and none under a shock have the digits of quadrature in 30 digits") {
  const lattice_distribution kept = common_shock_sum(three, 1.2).distribution;
  CHECK(std::abs(kept.probability(12) / 0.04389786686562738908 - 1) < 1e-12);
  CHECK(std::abs(kept.probability(0) / 0.31090253928773581764 - 1) < 1e-12);
  const lattice_distribution moved =
      common_shock_sum(three, 1.2, {.keep_means = false}).distribution;
  CHECK(std::abs(moved.probability(12) / 0.065891141767340588511 - 1) < 1e-12);
  CHECK(std::abs(moved.probability(0) / 0.30544313206216894347 - 1) < 1e-12);
}

TEST_CASE("a thousand chances are resolved by the rule that suits them") {
  const std::vector<chance> many(1000, {1, 0.3});
  const lattice_distribution d = common_shock_sum(many, 0.8, {.keep_means = false}).distribution;
  CHECK(std::abs(d.probability(300) / 0.0023658574763971765 - 1) < 1e-11);
  CHECK(std::abs(d.probability(900) / 4.35678534856959511e-6 - 1) < 1e-11);
  // Few nodes give a comb there, as documented.
  const lattice_distribution comb =
      common_shock_sum(many, 0.8, {.keep_means = false, .nodes = 16}).distribution;
  CHECK(std::abs(comb.probability(300) / 0.0023658574763971765 - 1) > 0.1);
}

TEST_CASE("Gauss-Hermite and the trapezoidal rule agree on few chances") {
  const lattice_distribution fine = common_shock_sum(three, 0.5).distribution;
  for (const std::size_t nodes : {32, 48, 64}) {
    const lattice_distribution gauss = common_shock_sum(three, 0.5, {.nodes = nodes}).distribution;
    for (std::int64_t x = 0; x <= 12; ++x) {
      CHECK(std::abs(gauss.probability(x) - fine.probability(x)) < 1e-12);
    }
  }
}

TEST_CASE("means are kept and spread grows with the shock") {
  std::vector<chance> chances;
  for (int i = 0; i < 40; ++i) chances.push_back({1 + i % 7, 0.02 + 0.024 * i});
  double mean = 0;
  for (const auto& [amount, p] : chances) mean += p * static_cast<double>(amount);
  double last = sum_distribution(chances).distribution.variance();
  for (const double sigma : {0.1, 0.5, 1.0, 3.0}) {
    const lattice_sum sum = common_shock_sum(chances, sigma);
    REQUIRE(sum.why.ok());
    CHECK(std::abs(sum.distribution.mean() / mean - 1) < 1e-13);
    CHECK(sum.distribution.variance() > last);
    last = sum.distribution.variance();
    const lattice_sum gauss = common_shock_sum(chances, sigma, {.nodes = 5});
    CHECK(std::abs(gauss.distribution.mean() / mean - 1) < 1e-13);
  }
  // Rare and nearly certain chances keep theirs relatively, on both sides.
  const lattice_distribution rare =
      common_shock_sum(std::vector<chance>{{1, 1e-12}}, 1.5).distribution;
  CHECK(std::abs(rare.probability(1) / 1e-12 - 1) < 1e-13);
  const lattice_distribution sure =
      common_shock_sum(std::vector<chance>{{1, 1 - 0x1p-40}}, 1.5).distribution;
  CHECK(std::abs(sure.probability(0) / 0x1p-40 - 1) < 1e-13);
}

TEST_CASE("no shock is independence to the bit, and a small one is near it") {
  const lattice_distribution apart = sum_distribution(three).distribution;
  CHECK(same(common_shock_sum(three, 0).distribution, apart));
  const lattice_distribution near = common_shock_sum(three, 1e-6).distribution;
  for (std::int64_t x = 0; x <= 12; ++x) {
    CHECK(std::abs(near.probability(x) - apart.probability(x)) < 1e-11);
  }
  // One chance has no other to move with.
  const std::vector<chance> single{{4, 0.37}};
  CHECK(std::abs(common_shock_sum(single, 2).distribution.probability(4) - 0.37) < 1e-15);
}

TEST_CASE("a shock so large moves all chances together") {
  const std::vector<chance> halves(10, {1, 0.5});
  const lattice_distribution d = common_shock_sum(halves, 200).distribution;
  CHECK(std::abs(d.probability(0) - 0.5) < 0.02);
  CHECK(std::abs(d.probability(10) - 0.5) < 0.02);
}

TEST_CASE("the order of chances under a shock does not change a bit") {
  std::vector<chance> chances{{5, 0.3}, {-4, 0.6}, {7, 0.1}, {1, 1}, {3, 0}, {5, 0.35}};
  const lattice_distribution d = common_shock_sum(chances, 0.9).distribution;
  CHECK(d.first() == -3);
  CHECK(d.last() == 18);
  std::reverse(chances.begin(), chances.end());
  CHECK(same(common_shock_sum(chances, 0.9).distribution, d));
}

TEST_CASE("bad shocks and chances are refused") {
  CHECK_THROWS_AS(common_shock_sum(three, -1), invalid_input);
  CHECK_THROWS_AS(common_shock_sum(three, HUGE_VAL), invalid_input);
  CHECK_THROWS_AS(common_shock_sum(three, 1, {.nodes = 65}), invalid_input);
  CHECK(common_shock_sum(std::vector<chance>{{1, 2}}, 1).why ==
        status{condition::invalid_probability, 0});
  CHECK(common_shock_sum(std::vector<chance>{{1'000'000'007, 0.5}, {1, 0.5}}, 1).why ==
        status{condition::too_large});
  CHECK(common_shock_sum(three, 1e6).why == status{condition::too_large});
  CHECK(common_shock_sum(std::vector<chance>{{3, 1}}, 1).distribution.probability(3) == 1);
}

TEST_CASE("few Gauss-Hermite nodes are the mixture that they say") {
  // Two nodes at -1 and 1 of weight 1/2; three at 0 and the roots of 3, of weights 2/3 and 1/6.
  struct node {
    double z;
    double weight;
  };
  const auto odds = [](double p, double shift) {
    const double x = p / (1 - p) * std::exp(shift);
    return x / (1 + x);
  };
  const std::vector<std::vector<node>> rules{
      {{0, 1}},
      {{-1, 0.5}, {1, 0.5}},
      {{-std::sqrt(3.0), 1.0 / 6}, {0, 2.0 / 3}, {std::sqrt(3.0), 1.0 / 6}}};
  for (const std::vector<node>& rule : rules) {
    const lattice_distribution d =
        common_shock_sum(three, 0.8, {.keep_means = false, .nodes = rule.size()}).distribution;
    for (std::int64_t x = 0; x <= 12; ++x) {
      double expected = 0;
      for (const auto& [z, weight] : rule) {
        std::vector<chance> given = three;
        for (chance& c : given) c.probability = odds(c.probability, 0.8 * z);
        expected += weight * sum_distribution(given).distribution.probability(x);
      }
      CHECK(std::abs(d.probability(x) - expected) < 1e-15);
    }
  }
}

TEST_CASE("the order of many chances under a shock does not change a bit") {
  std::vector<chance> chances;
  for (int i = 0; i < 60; ++i) chances.push_back({1 + i * 7 % 5, (i * 37 % 59 + 1) / 61.0});
  const lattice_distribution d = common_shock_sum(chances, 1.3).distribution;
  for (int round = 0; round < 5; ++round) {
    std::rotate(chances.begin(), chances.begin() + 17, chances.end());
    CHECK(same(common_shock_sum(chances, 1.3).distribution, d));
  }
}

TEST_CASE("a shock too wide for the digits of the log odds is refused") {
  for (const std::size_t nodes : {0, 5}) {
    CHECK(common_shock_sum(three, 1e300, {.nodes = nodes}).why == status{condition::too_large});
  }
  const lattice_distribution d = common_shock_sum(three, 1e6, {.nodes = 5}).distribution;
  CHECK(std::abs(d.mean() / (0.6 + 1.8 + 0.7) - 1) < 1e-9);
}
