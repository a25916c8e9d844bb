// SPDX-License-Identifier: BSL-1.0
#include "../../src/statistics/hypergeometric.hpp"

#include "../../src/statistics/exponential_integral.hpp"
#include "support/catch.hpp"

#include <rapidcheck.h>

#include <array>
#include <cmath>
#include <limits>

using namespace salespulse;

// Exact values are by mpmath 1.3 with thirty digits, from the same integrals or from expint.

TEST_CASE("power products integrate to the last digits over nine decades") {
  struct known {
    power_product f;
    double exact;
  };
  constexpr std::array table{known{{10.6, 2.55, 11.7, 1.61, 38.9}, 3.4532558007636815681},
                             known{{30, 0.55, 1e-8, 1.6, 38}, 1.666661135633107082e-8},
                             known{{1e-3, 0.5, 1e3, 1.6, 300}, 0.95086508489102558343},
                             known{{50, 5000.3, 60, 3.1, 50}, 0.0099962345795720841711},
                             known{{1e18, 5e17, 20, 1.5, 12}, 1.754285900332912789},
                             known{{11.7, 1.61, 10.6, 2.55, 1e-9}, 9.9999999981091362464e-10},
                             known{{1e-6, 12, 1e-5, 4, 100}, 8.7460938601882030434e-8},
                             known{{18.2, 370, 7e-4, 0, 2.03}, 0.049322493224932246839}};
  for (const known& k : table) CHECK(std::abs(integral(k.f) / k.exact - 1) <= 3e-15);
  CHECK(integral({1, 1, 1, 1, 0}) == 0);
}

TEST_CASE("power products agree with the elementary case and with their parts") {
  CHECK(rc::check("with q = 0 the integral is elementary", [] {
    const auto any = [](int low, int high) {
      return std::exp(*rc::gen::inRange(low, high) / 100.0);
    };
    const double a = any(-1000, 1000);
    const double p = 1 + any(-500, 800);
    const double length = any(-500, 500);
    const double v = (p - 1) * std::log1p(length / a);
    const double exact = -std::expm1(-v) * a / (p - 1);
    RC_ASSERT(std::abs(integral({a, p, any(-1000, 1000), 0, length}) - exact) <= 1e-13 * exact);
  }));
  CHECK(rc::check("a and p change places with b and q", [] {
    const auto any = [](int low, int high) {
      return std::exp(*rc::gen::inRange(low, high) / 100.0);
    };
    const power_product f{any(-800, 800), any(-300, 700), any(-800, 800), any(-300, 700),
                          any(-300, 300)};
    const double value = integral(f);
    RC_ASSERT(std::abs(integral({f.b, f.q, f.a, f.p, f.length}) - value) <= 1e-14 * value);
    // The integral to a third of the way and the rest, with factors at the new start.
    const double w = f.length / 3;
    const double factor = std::exp(-f.p * std::log1p(w / f.a) - f.q * std::log1p(w / f.b));
    const double parts = integral({f.a, f.p, f.b, f.q, w}) +
                         factor * integral({f.a + w, f.p, f.b + w, f.q, f.length - w});
    RC_ASSERT(std::abs(parts - value) <= 1e-12 * value);
  }));
}

TEST_CASE("purchases before stopping hold where the hypergeometric formula has no digits") {
  struct known {
    double r, y, a, b, exact;
  };
  constexpr std::array table{known{0.2426, 8.8, 0.7929, 2.4259, 1.1917362206494828287},
                             known{0.2426, 1e-9, 0.7929, 2.4259, 2.4259999996287074112e-10},
                             known{2.2426, 2371, 1, 4.4, 30.698569310319822774},
                             known{500.24, 0.724, 0.7929, 502.4, 288.62164171208079425},
                             known{0.24, 8.6, 0.4, 0.6, 1.049531538480050149},
                             known{5, 1e5, 0.05, 0.02, 75727.158966521204669}};
  for (const known& k : table) {
    CHECK(std::abs(purchases_before_stopping(k.r, k.y, k.a, k.b) / k.exact - 1) <= 2e-14);
  }
  // Nobody stops; everybody after one purchase; at once or never; one probability for all.
  CHECK(std::abs(purchases_before_stopping(2, 3, 0, 1) - 6) <= 1e-15);
  CHECK(std::abs(purchases_before_stopping(2, 3, 1, 0) - 15.0 / 16) <= 1e-15);
  const double mixed = 0.25 * 15 / 16 + 0.75 * 6;
  CHECK(std::abs(purchases_before_stopping(2, 3, 1e-200, 3e-200) - mixed) <= 1e-13);
  const double same = (1 - 1 / (1.75 * 1.75)) / 0.25;
  CHECK(std::abs(purchases_before_stopping(2, 3, 1e18, 3e18) - same) <= 1e-13);
  CHECK(purchases_before_stopping(0, 3, 1, 1) == 0);
}

TEST_CASE("a beta mean is the mean under a beta distribution") {
  CHECK(rc::check("moments are ratios of its parameters", [] {
    const auto any = [] { return std::exp(*rc::gen::inRange(-900, 900) / 100.0); };
    const double a = any();
    const double b = any();
    const double first = a / (a + b);
    const double second = first * (a + 1) / (a + b + 1);
    const auto of = [&](auto f) { return beta_mean(a, b, 1, f); };
    RC_ASSERT(std::abs(of([](double p) { return p; }) - first) <= 1e-13 * first);
    RC_ASSERT(std::abs(of([](double p) { return p * p; }) - second) <= 1e-13 * second);
  }));
}

TEST_CASE("the scaled exponential integral holds for whole, broken, tiny and huge arguments") {
  struct known {
    double s, z, exact;
  };
  constexpr std::array table{known{0.6061, 5.065e-9, 4170.033564174285741},
                             known{64.2792, 786.6, 0.001175359086820860516},
                             known{2, 95310190, 1.0492057344717133926e-8},
                             known{1, 0.3, 1.22253560508058558},
                             known{0, 1.7, 0.58823529411764707419},
                             known{0.5, 1e-3, 54.104656243624254107},
                             known{300.25, 0.02, 0.0033414634809496811425},
                             known{1, 1e-12, 27.053805451055069173},
                             known{2, 2, 0.27734276622355483061},
                             known{0.999999999, 0.5, 0.92291063307442638414}};
  for (const known& k : table) {
    CHECK(std::abs(scaled_exponential_integral(k.s, k.z) / k.exact - 1) <= 3e-15);
  }
  CHECK(rc::check("s E(s + 1) = 1 - z E(s)", [] {
    const double s = std::exp(*rc::gen::inRange(-500, 800) / 100.0);
    const double z = std::exp(*rc::gen::inRange(-2000, 800) / 100.0);
    const double sum =
        s * scaled_exponential_integral(s + 1, z) + z * scaled_exponential_integral(s, z);
    RC_ASSERT(std::abs(sum - 1) <= 1e-13);
  }));
}

TEST_CASE("the trapezoidal rule over the line is right to the square of its agreement") {
  const double root_two_pi = 0.91893853320467274178;
  for (const double width : {1.0, 0.03, 1e-3}) {
    const double log_sum =
        log_line_integral([&](double z) { return -0.5 * (z - 0.3) * (z - 0.3) / (width * width); },
                          0.3 - 10 * width, 0.3 + 10 * width);
    CHECK(std::abs(log_sum - root_two_pi - std::log(width)) <= 1e-13);
  }
}
