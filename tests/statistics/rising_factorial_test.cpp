// SPDX-License-Identifier: BSL-1.0
#include "../../src/statistics/rising_factorial.hpp"

#include "support/catch.hpp"
#include "support/reference.hpp"

#include <rapidcheck.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>

using namespace salespulse;
using salespulse::test::accuracy;
using salespulse::test::reference_table;

namespace {

double relative(double computed, double exact) {
  return std::abs(computed - exact) / (exact == 0 ? 1 : std::abs(exact));
}

double positive(double log10_from, double log10_to) {
  const int steps = *rc::gen::inRange(0, 1'000'001);
  return std::pow(10.0, log10_from + (log10_to - log10_from) * steps / 1e6);
}

// From 60-digit arithmetic: a, n, the value and its two derivatives.
struct rising_case {
  double a;
  std::int64_t n;
  double value, first, second;
};
constexpr rising_case rising_cases[] = {
    {1e-12, 3, -26.937873935367102919, 1000000000001.5000201, -1.0000000000000000402e+24},
    {1e-12, 1'000'000'000, 19723265799.872695655, 1000000000021.3005016,
     -1.0000000000000000402e+24},
    {0.3, 16, 27.628661075544497618, 6.2627009524884664024, -12.182094504809383338},
    {0.3, 17, 30.419826183357214268, 6.3240506457400001447, -12.185858289671440623},
    {7.25, 25, 71.903534851928721353, 1.5474805246992181691, -0.11638577294326298407},
    {15.5, 1000, 5985.8655328392142861, 4.2144086893297549312, -0.065656791988092179076},
    {16, 17, 53.658688072274145612, 0.74026620220752687377, -0.033726979382937271655},
    {40, 1'000'000, 12815950.558589659318, 10.139222683149368184, -0.025314103880789468053},
    {12345.5, 1'000'000'000, 19723417708.415340868, 11.302271779817527319,
     -0.000081003455213089266703},
    {1e6, 20, 276.31040115805049412, 0.000019999810002469963901, -1.9999620007409855603e-11},
    {1e12, 1'000'000'000, 27631520949.344665158, 0.00099950033308403266731,
     -9.99000999001997503e-16},
    {1e15, 100, 3453.877639491073476, 9.999999999999505e-14, -9.99999999999901e-29}};

}  // namespace

TEST_CASE("log rising factorials and their derivatives hold 15 digits") {
  accuracy error("own 60-digit values of log_rising");
  for (const rising_case& c : rising_cases) {
    INFO(c.a << " " << c.n);
    const log_rising_derivatives d = derivatives_of_log_rising(c.a, c.n);
    CHECK(log_rising(c.a, c.n) == d.value);
    CHECK(error.error(d.value, c.value) < 1e-15);
    CHECK(error.error(d.first, c.first) < 1e-15);
    CHECK(error.error(d.second, c.second) < 1e-15);
  }
}

TEST_CASE("ratios of gamma functions at 1e12 keep their digits") {
  CHECK(relative(log_rising(1e12, 3), 82.89306334778864462) < 2e-16);
  constexpr const char* file = "reference/statistics/hp_sales_math.csv";
  const reference_table table(file);
  if (!test::available(table, file)) return;
  accuracy error(file);
  const std::pair<double, std::int64_t> cases[] = {
      {1e8, 5}, {1e12, 3}, {1e-8, 0}, {2.5, 1'000'000}};
  const char* names[] = {"100000000.0;5", "1000000000000.0;3", "1e-08;0", "2.5;1000000"};
  const std::string text = test::reference_text(file);
  for (int i = 0; i < 4; ++i) {
    // Name, quantity, arguments, value: the header's names differ between the parts of the file.
    std::string start = "lgamma_ratio,lgamma(a+y)-lgamma(a),";
    start.append(names[i]).append(",");
    const std::size_t place = text.find(start);
    REQUIRE(place != std::string::npos);
    const double exact = std::strtod(text.c_str() + place + start.size(), nullptr);
    CHECK(error.error(log_rising(cases[i].first, cases[i].second), exact, names[i]) < 3e-16);
  }
}

TEST_CASE("a rising factorial of no factors is 1") {
  for (const double a : {1e-12, 0.5, 16.0, 1e12}) {
    const log_rising_derivatives d = derivatives_of_log_rising(a, 0);
    CHECK(d.value == 0);
    CHECK(d.first == 0);
    CHECK(d.second == 0);
  }
}

TEST_CASE("rising factorials split where one likes") {
  CHECK(rc::check("(a)_(m + n) = (a)_m (a + m)_n", [] {
    // a on a grid, so that a + m is exact.
    const double a = *rc::gen::inRange(1, 1'000'000'000) / 1024.0;
    const auto m = *rc::gen::inRange<std::int64_t>(0, 100'000);
    const auto n = *rc::gen::inRange<std::int64_t>(0, 100'000);
    const log_rising_derivatives whole = derivatives_of_log_rising(a, m + n);
    const log_rising_derivatives low = derivatives_of_log_rising(a, m);
    const double from = a + static_cast<double>(m);
    const log_rising_derivatives high = derivatives_of_log_rising(from, n);
    const double size = std::abs(low.value) + std::abs(high.value) + 0.2;
    RC_ASSERT(std::abs(low.value + high.value - whole.value) <= 2e-15 * size);
    RC_ASSERT(relative(low.first + high.first, whole.first) <= 2e-15);
    RC_ASSERT(relative(low.second + high.second, whole.second) <= 2e-15);
  }));
}

TEST_CASE("derivatives of a rising factorial are sums of reciprocals") {
  CHECK(rc::check("and of their squares", [] {
    const double a = positive(-12, 6);
    const int n = *rc::gen::inRange(0, 300);
    long double first = 0;
    long double second = 0;
    for (int i = n; i-- > 0;) {
      const long double r = 1 / (static_cast<long double>(a) + i);
      first += r;
      second -= r * r;
    }
    const log_rising_derivatives d = derivatives_of_log_rising(a, n);
    RC_ASSERT(relative(d.first, static_cast<double>(first)) < 1e-15);
    RC_ASSERT(relative(d.second, static_cast<double>(second)) < 1e-15);
    const gamma_shift shift = gamma_shift_of(a, n);
    RC_ASSERT(relative(shift.first, static_cast<double>(first)) < 1e-15);
    RC_ASSERT(relative(shift.second, static_cast<double>(second)) < 1e-15);
  }));
}

TEST_CASE("log ratios of beta functions hold 14 digits however close to 0 they are") {
  struct beta_case {
    double a, b, x, value;
  };
  constexpr beta_case cases[] = {
      {1e-08, 1e-08, 0.5, -0.6931471666970021917}, {1e-08, 3.5, 12, -1.6050786006265435681e-8},
      {0.668, 3.8, 1, -0.16193981447461420549},    {0.2, 1.4, 28.625, -0.67071168497840688961},
      {2.5, 1e6, 1e3, -0.0024987489595844560416},  {1e8, 1e8, 1e-3, -0.00069314718305744533008},
      {1e10, 3e11, 50, -1.6394911410178230957},    {5, 1e-06, 1e8, -102.74085846404558286},
      {1e-3, 1e3, 1e6, -0.0069092538633975473105}};
  accuracy error("own 60-digit values of log_beta_shift");
  for (const beta_case& c : cases) {
    INFO(c.a << " " << c.b << " " << c.x);
    CHECK(error.error(log_beta_shift(c.a, c.b, c.x), c.value) < 1e-14);
  }
}

TEST_CASE("log ratios of beta functions are symmetric, negative and split") {
  CHECK(rc::check("", [] {
    const double a = positive(-8, 8);
    const double b = positive(-8, 8);
    const double x = positive(-3, 6);
    const double y = positive(-3, 6);
    const double whole = log_beta_shift(a, b, x);
    RC_ASSERT(whole < 0);
    RC_ASSERT(log_beta_shift(x, b, a) == whole);
    const double sum = log_beta_shift(a, b, x) + log_beta_shift(a, b + x, y);
    // b + x and x + y are rounded; what that moves is bounded by the derivatives.
    RC_ASSERT(relative(sum, log_beta_shift(a, b, x + y)) < 4e-14);
  }));
}
