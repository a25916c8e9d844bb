// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/lattice_distribution.hpp>

#include "support/catch.hpp"
#include <salespulse/core/result.hpp>

#include <cmath>
#include <cstdint>
#include <limits>

using namespace salespulse;

TEST_CASE("probabilities between and beyond the points are right") {
  const lattice_distribution d(-4, 3, {0, 0.25, 0.5, 0.25, 0});  // on -1, 2, 5
  CHECK(d.first() == -1);
  CHECK(d.last() == 5);
  CHECK(d.probability(2) == 0.5);
  CHECK(d.probability(3) == 0);
  CHECK(d.probability(-4) == 0);
  CHECK(d.at_most(-2) == 0);
  CHECK(d.at_most(-1) == 0.25);
  CHECK(d.at_most(1) == 0.25);
  CHECK(d.at_most(4) == 0.75);
  CHECK(d.at_most(5) == 1);
  CHECK(d.at_least(-1) == 1);
  CHECK(d.at_least(0) == 0.75);
  CHECK(d.at_least(3) == 0.25);
  CHECK(d.at_least(6) == 0);
  CHECK(d.mean() == 2);
  CHECK(d.variance() == 4.5);
  CHECK(d.third_central_moment() == 0);
}

TEST_CASE("a quantile is the first point where the level is reached") {
  const lattice_distribution d(0, 1, {0.1, 0.2, 0, 0.7});
  CHECK(d.quantile(0) == 0);
  CHECK(d.quantile(0.1) == 0);
  CHECK(d.quantile(0.100001) == 1);
  // 0.1 + 0.2 is not quite 0.3, and yet reached.
  CHECK(d.quantile(0.3) == 1);
  CHECK(d.quantile(0.1 + 0.2) == 1);
  CHECK(d.quantile(0.31) == 3);
  CHECK(d.quantile(1) == 3);
  CHECK(d.upper_quantile(1) == 0);
  CHECK(d.upper_quantile(0.9) == 0);
  CHECK(d.upper_quantile(0.7) == 1);
  CHECK(d.upper_quantile(0.69) == 3);
  CHECK(d.upper_quantile(0) == 3);
  CHECK_THROWS_AS(d.quantile(1.5), invalid_input);
  CHECK_THROWS_AS(d.quantile(std::numeric_limits<double>::quiet_NaN()), invalid_input);
  CHECK_THROWS_AS(d.upper_quantile(-0.1), invalid_input);
}

TEST_CASE("both tails keep small probabilities") {
  const lattice_distribution d(0, 1, {1e-200, 1e-100, 1, 3e-100, 1e-250});
  CHECK(d.at_most(0) == 1e-200);
  CHECK(d.at_most(1) == 1e-100);
  CHECK(d.at_least(3) == 3e-100);
  CHECK(d.at_least(4) == 1e-250);
  CHECK(d.upper_quantile(1e-240) == 3);
  CHECK(d.quantile(1e-150) == 1);
}

TEST_CASE("points at the ends of 64 bits do not overflow") {
  const lattice_distribution d(INT64_MIN, INT64_MAX, {0.25, 0.25, 0.5});
  CHECK(d.last() == INT64_MAX - 1);
  CHECK(d.at_most(INT64_MAX) == 1);
  CHECK(d.at_most(-2) == 0.25);
  CHECK(d.at_most(-1) == 0.5);
  CHECK(d.at_least(0) == 0.5);
  CHECK(d.probability(0) == 0);
  CHECK_THROWS_AS(lattice_distribution(1, INT64_MAX, {0.5, 0.5}), invalid_input);
}

TEST_CASE("what is no distribution is refused") {
  CHECK_THROWS_AS(lattice_distribution(0, 0, {1.0}), invalid_input);
  CHECK_THROWS_AS(lattice_distribution(0, 1, {}), invalid_input);
  CHECK_THROWS_AS(lattice_distribution(0, 1, {0.5}), invalid_input);
  CHECK_THROWS_AS(lattice_distribution(0, 1, {1.5, -0.5}), invalid_input);
  CHECK_THROWS_AS(lattice_distribution(0, 1, {HUGE_VAL}), invalid_input);
  CHECK(lattice_distribution().probability(0) == 1);
}
