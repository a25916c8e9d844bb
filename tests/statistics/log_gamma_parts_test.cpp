// SPDX-License-Identifier: BSL-1.0
#include "../../src/statistics/log_gamma_parts.hpp"

#include "support/catch.hpp"

#include <boost/math/special_functions/beta.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

using namespace salespulse;

// The constants were computed with 50 digits by shifted asymptotic series.

TEST_CASE("what Stirling's formula leaves out agrees with 50-digit values") {
  struct row {
    double x, value, first, second;
  };
  for (const row& r :
       {row{1e-08, 8.2914020272061608566, -0.499999821565349045, 0.49999999000000016449},
        row{0.3, 0.23606490074821558839, -0.18956542536225910307, 0.30208280914969574664},
        row{1, 0.08106146679532725822, -0.077215664901532860607, 0.14493406684822643647},
        row{3.7, 0.022468770580143145898, -0.022363337068069284503, 0.044418271502824586457},
        row{15.9, 0.0052403998807561081719, -0.0052390209015505445282, 0.010473911058387676187},
        row{16, 0.0052076559196096404407, -0.0052063025971339085154, 0.010408551229276616118},
        row{1e6, 8.3333333333330555556e-08, -8.3333333333325e-08, 1.6666666666666333333e-07}}) {
    const scaled_derivatives s = stirling_remainder(r.x);
    CHECK(std::abs(s.value - r.value) < 1e-15);
    CHECK(std::abs(s.first - r.first) < 1e-15);
    CHECK(std::abs(s.second - r.second) < 1e-15);
  }
}

TEST_CASE("a rising factorial less its power agrees with 50-digit values") {
  struct row {
    double a;
    std::int64_t n;
    double value, first, second;
  };
  for (const row& r :
       {row{1e-06, 3, 28.324169796487868609, -1.9999985000012499989, 1.9999999999987500022},
        row{0.3, 1000, 7110.1696511169974831, -996.87697614314111987, 998.89800720884640049},
        row{5, 41, 59.958925398981153904, -29.441926088910055957, 36.016354542844150782},
        row{5, 40, 57.761700821644934522, -28.553037200021167068, 35.028700221856496461},
        row{300, 1'000'000'000, 14019488160.625244175, -999995493.65462368548,
            999999699.49953444565},
        row{1e9, 1000, 0.0004994998335833331667, -0.00049949966716674950005, 0.000998999001500498},
        row{1e12, 2, 9.999999999995e-13, -9.99999999999e-13, 1.999999999997e-12}}) {
    const scaled_derivatives s = rising_excess(r.a, r.n);
    CHECK(std::abs(s.value / r.value - 1) < 1e-15);
    CHECK(std::abs(s.first / r.first - 1) < 1e-15);
    CHECK(std::abs(s.second / r.second - 1) < 1e-15);
  }
  const scaled_derivatives none = rising_excess(std::numeric_limits<double>::infinity(), 9);
  CHECK(none.value == 0);
  CHECK(none.first == 0);
  CHECK(rising_excess(2, 1).value == 0);
}

TEST_CASE("binomial and Poisson probabilities keep their digits") {
  CHECK(std::abs(log_binomial(3, 10, 0.2) - -1.6028268537197233505) < 1e-15);
  CHECK(std::abs(log_binomial(45, 100, 0.5) - -3.0267215879859080107) < 1e-14);
  CHECK(std::abs(log_binomial(500'000'100, 1'000'000'000, 0.5) - -10.587444271367913011) < 1e-14);
  CHECK(std::abs(log_binomial(7, 1'000'000'000'000, 1e-11) - -2.4070657101080943305) < 1e-14);
  CHECK(log_binomial(0, 0, 0.3) == 0);
  CHECK(log_binomial(0, 5, 0) == 0);
  CHECK(log_binomial(5, 5, 1) == 0);
  CHECK(log_binomial(2, 5, 0) == -std::numeric_limits<double>::infinity());
  CHECK(std::abs(log_poisson(3, 2.5) - -1.5428872736055898053) < 1e-15);
  CHECK(std::abs(log_poisson(1'000'000, 1'000'100) - -7.831693562211807794) < 1e-14);
  CHECK(log_poisson(0, 0) == 0);
  CHECK(log_poisson(1, 0) == -std::numeric_limits<double>::infinity());
}

TEST_CASE("beta quantiles go back to their level") {
  struct shape {
    double a, b;
  };
  for (const shape& s :
       {shape{0.3, 0.4}, shape{1, 1}, shape{30, 70}, shape{9000, 2e4}, shape{1.1e4, 1.2e4},
        shape{5e5, 4.9e5}, shape{0.3, 5e8}, shape{2000, 1e9}, shape{3, 1e12}}) {
    for (const double level : {0.025, 0.5, 0.975, 0.995}) {
      CAPTURE(s.a, s.b, level);
      const double x = beta_quantile(s.a, s.b, level);
      CHECK(std::abs(boost::math::ibeta(s.a, s.b, x) - level) <= 2e-12);
    }
  }
  CHECK(beta_quantile(0.001, 0.001, 0.025) < 1e-300);
}

TEST_CASE("beta quantiles of large shapes are those of the expansion around the normal") {
  // Cornish and Fisher's to the skewness; what comes after it is of order 1 / shape in z.
  for (const double a : {1e9, 1e11, 1e15}) {
    for (const double b : {1e9, 1e13, 1e15}) {
      const double n = a + b;
      const double mean = a / n;
      const double sd = std::sqrt(mean * (b / n) / (n + 1));
      const double skew = 2 * (b - a) * std::sqrt(n + 1) / ((n + 2) * std::sqrt(a) * std::sqrt(b));
      const double z = 1.9599639845400542;
      const double wanted = z + skew * (z * z - 1) / 6;
      const double reached = (beta_quantile(a, b, 0.975) - mean) / sd;
      // The mean itself is rounded to 1e-16 of its size.
      CHECK(std::abs(reached - wanted) < 10 / std::min(a, b) + 2e-16 * mean / sd);
    }
  }
}
