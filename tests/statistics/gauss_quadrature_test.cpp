// SPDX-License-Identifier: BSL-1.0
#include "../../src/statistics/gauss_quadrature.hpp"

#include "support/catch.hpp"

#include <cmath>

using namespace salespulse;

TEST_CASE("nodes and weights for the normal distribution have their digits") {
  struct row {
    std::size_t n;
    std::size_t i;
    double node;
    double weight;
  };
  // By 40-digit arithmetic.
  const row rows[] = {{2, 1, 1.0, 0.5},
                      {5, 2, 0.0, 0.53333333333333333333},
                      {5, 3, 1.3556261799742658658, 0.2220759220056126444},
                      {5, 4, 2.8569700138728056542, 0.011257411327720688933},
                      {16, 8, 0.38676060450055734772, 0.28656852123801212258},
                      {16, 12, 3.6008736241715482882, 0.00052598492657390924383},
                      {16, 15, 6.6308781983931284802, 1.4978147231618397325e-10},
                      {32, 16, 0.27554641923027580801, 0.21170556988047931757},
                      {32, 24, 4.8326046132444886126, 2.0596221039534288761e-6},
                      {32, 31, 10.077422674229465946, 4.1246074890182693364e-23},
                      {64, 32, 0.19558891056727554851, 0.15310831636189678144},
                      {64, 48, 6.6493714563417205189, 4.2964262489852520136e-11},
                      {64, 63, 14.886186143339452306, 3.1231879651077211753e-49}};
  for (const row& r : rows) {
    const quadrature_rule rule = gauss_hermite(r.n);
    CAPTURE(r.n, r.i);
    CHECK(std::abs(rule.nodes[r.i] - r.node) <= 1e-15 * std::max(1.0, r.node));
    CHECK(std::abs(rule.weights[r.i] / r.weight - 1) < 1e-13);
    CHECK(rule.nodes[r.n - 1 - r.i] == -rule.nodes[r.i]);
  }
}

TEST_CASE("a Gauss rule is exact for polynomials up to degree 2 n - 1") {
  for (std::size_t n = 1; n <= 64; ++n) {
    const quadrature_rule hermite = gauss_hermite(n);
    const quadrature_rule legendre = gauss_legendre(n);
    double moment = 1;  // of even degree: 1, 1, 3, 15, ...
    for (std::size_t degree = 0; degree < 2 * n && degree <= 40; ++degree) {
      const auto power = static_cast<double>(degree);
      if (degree > 0 && degree % 2 == 0) moment *= power - 1;
      double normal = 0;
      double uniform = 0;
      for (std::size_t k = 0; k < n; ++k) {
        normal += hermite.weights[k] * std::pow(hermite.nodes[k], power);
        uniform += legendre.weights[k] * std::pow(legendre.nodes[k], power);
      }
      CAPTURE(n, degree);
      CHECK(std::abs(normal / moment - (degree % 2 == 0 ? 1 : 0)) < 1e-12);
      CHECK(std::abs(uniform * (power + 1) - 1) < 1e-13);
    }
  }
}
