// SPDX-License-Identifier: BSL-1.0
#include "../../src/statistics/trust_region.hpp"

#include "support/catch.hpp"

#include <cmath>

using namespace salespulse;

namespace {

using point = Eigen::Vector2d;

// Minus Rosenbrock's function: a curved valley with its top 0 at (1, 1).
evaluation<2> valley(const point& x) {
  const double across = x[1] - x[0] * x[0];
  const double along = 1 - x[0];
  evaluation<2> e;
  e.value = -100 * across * across - along * along;
  e.gradient = {400 * across * x[0] + 2 * along, -200 * across};
  e.hessian << 400 * across - 800 * x[0] * x[0] - 2, 400 * x[0], 400 * x[0], -200;
  return e;
}

}  // namespace

TEST_CASE("the trust region follows a curved valley to its top") {
  for (const point& start : {point{-1.2, 1}, point{5, -9}, point{0, 0}}) {
    const maximum<2> m = maximise<2>(valley, start);
    CHECK(m.why.ok());
    CHECK(std::abs(m.at[0] - 1) < 1e-12);
    CHECK(std::abs(m.at[1] - 1) < 1e-12);
    CHECK(m.iterations < 60);
  }
}

TEST_CASE("a start on a saddle is left") {
  const auto saddle = [](const point& x) {
    evaluation<2> e;
    e.value = x[0] * x[0] - x[0] * x[0] * x[0] * x[0] / 4 - x[1] * x[1];
    e.gradient = {2 * x[0] - x[0] * x[0] * x[0], -2 * x[1]};
    e.hessian << 2 - 3 * x[0] * x[0], 0, 0, -2;
    return e;
  };
  const maximum<2> m = maximise<2>(saddle, point{0, 0});
  CHECK(m.why.ok());
  CHECK(std::abs(std::abs(m.at[0]) - std::sqrt(2.0)) < 1e-12);
}

TEST_CASE("a parameter that runs away is named") {
  const auto away = [](const point& x) {
    evaluation<2> e;
    e.value = -std::exp(-x[1]) - x[0] * x[0];
    e.gradient = {-2 * x[0], std::exp(-x[1])};
    e.hessian << -2, 0, 0, -std::exp(-x[1]);
    return e;
  };
  const maximum<2> m = maximise<2>(away, point{3, 0});
  CHECK(m.why == status{condition::boundary, 1});
  CHECK(std::abs(m.at[0]) < 1e-12);
}

TEST_CASE("a ridge without a top is not identified") {
  const auto ridge = [](const point& x) {
    const double s = x[0] + x[1] - 1;
    evaluation<2> e;
    e.value = -s * s;
    e.gradient = {-2 * s, -2 * s};
    e.hessian << -2, -2, -2, -2;
    return e;
  };
  CHECK(maximise<2>(ridge, point{3, 0}).why.what == condition::not_identified);
}

TEST_CASE("a likelihood above its bound is refused") {
  trust_region_options options;
  options.upper_bound = -1;
  CHECK(maximise<2>(valley, point{0, 0}, options).why.what == condition::unbounded_likelihood);
}

TEST_CASE("a function that is finite nowhere near the start does not converge") {
  const auto nowhere = [](const point&) {
    evaluation<2> e;
    e.value = std::log(0.0);
    return e;
  };
  const maximum<2> m = maximise<2>(nowhere, point{1, 1});
  CHECK(m.why.what == condition::not_converged);
  CHECK(m.iterations == 0);
}

TEST_CASE("a step into the forbidden region is shortened until it is allowed") {
  // log x - x, defined for positive x only, from where a full Newton step is negative.
  const auto half_line = [](const point& x) {
    evaluation<2> e;
    e.value = std::log(x[0]) - x[0] - x[1] * x[1];
    e.gradient = {1 / x[0] - 1, -2 * x[1]};
    e.hessian << -1 / (x[0] * x[0]), 0, 0, -2;
    return e;
  };
  trust_region_options options;
  options.radius = 20;
  const maximum<2> m = maximise<2>(half_line, point{9, 5}, options);
  CHECK(m.why.ok());
  CHECK(std::abs(m.at[0] - 1) < 1e-12);
}
