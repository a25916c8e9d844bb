// SPDX-License-Identifier: BSL-1.0
#include "../../src/statistics/fitted_draws.hpp"

#include "support/catch.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

using namespace salespulse;

TEST_CASE("normal draws have the moments and the tails of the normal law") {
  random_stream stream(1, 2);
  constexpr int n = 40000;
  double mean = 0;
  double square = 0;
  double fourth = 0;
  int beyond = 0;
  for (int i = 0; i < n; ++i) {
    const double z = standard_normal(stream);
    mean += z / n;
    square += z * z / n;
    fourth += z * z * z * z / n;
    beyond += z > 1.9599639845400545 ? 1 : 0;
  }
  CHECK(std::abs(mean) < 4 / std::sqrt(n));
  CHECK(std::abs(square - 1) < 4 * std::sqrt(2.0 / n));
  CHECK(std::abs(fourth - 3) < 4 * std::sqrt(96.0 / n));
  CHECK(std::abs(beyond - 0.025 * n) < 4 * std::sqrt(0.025 * 0.975 * n));
}

TEST_CASE("logarithms of drawn parameters have the covariance of the fit") {
  const std::array estimates{2.0, 0.5, 7.0};
  // Standard deviations of the logarithms 0.1, 0.2 and 0; correlation -0.8.
  const std::array covariance{0.04,   -0.016, 0.0,  //
                              -0.016, 0.01,   0.0,  //
                              0.0,    0.0,    0.0};
  constexpr std::size_t n = 20000;
  const std::vector<double> drawn = fitted_draws(estimates, covariance, n, 5);
  REQUIRE(drawn.size() == 3 * n);
  double a = 0, b = 0, aa = 0, ab = 0, bb = 0;
  for (std::size_t d = 0; d < n; ++d) {
    const double x = std::log(drawn[3 * d] / 2);
    const double y = std::log(drawn[3 * d + 1] / 0.5);
    a += x / n;
    b += y / n;
    aa += x * x / n;
    ab += x * y / n;
    bb += y * y / n;
    CHECK((drawn[3 * d] > 0 && drawn[3 * d + 1] > 0 && drawn[3 * d + 2] == 7.0));
  }
  const double root = 4 / std::sqrt(static_cast<double>(n));
  CHECK(std::abs(a) < root * 0.1);
  CHECK(std::abs(b) < root * 0.2);
  CHECK(std::abs(aa - 0.01) < root * 0.01 * std::sqrt(2.0));
  CHECK(std::abs(bb - 0.04) < root * 0.04 * std::sqrt(2.0));
  CHECK(std::abs(ab + 0.016) < root * 0.02 * std::sqrt(1.64));
}

TEST_CASE("a draw is the same whatever the number of draws") {
  const std::array estimates{2.0, 0.5};
  const std::array covariance{0.04, 0.0, 0.0, 0.01};
  const std::vector<double> few = fitted_draws(estimates, covariance, 3, 5);
  const std::vector<double> many = fitted_draws(estimates, covariance, 10, 5);
  CHECK(std::vector<double>(many.begin(), many.begin() + 6) == few);
  CHECK(fitted_draws(estimates, covariance, 3, 6) != few);
}

TEST_CASE("parameters that move as one are drawn as one") {
  const std::array estimates{1.0, 1.0};
  const std::array covariance{0.09, 0.09, 0.09, 0.09};
  const std::vector<double> drawn = fitted_draws(estimates, covariance, 50, 1);
  for (std::size_t d = 0; d < 50; ++d) CHECK(std::abs(drawn[2 * d] / drawn[2 * d + 1] - 1) < 1e-7);
}
