// SPDX-License-Identifier: BSL-1.0
#include "exponential_integral.hpp"

#include "hypergeometric.hpp"

#include <cmath>
#include <limits>

namespace salespulse {

namespace {

// Lentz's method for 1/(z + s - 1 s/(z + s + 2 - 2 (s + 1)/(z + s + 4 - ...))).
double continued_fraction(double s, double z) {
  double b = z + s;
  double c = std::numeric_limits<double>::max();
  double d = 1 / b;
  double value = d;
  for (int i = 1; i < 10'000; ++i) {
    const double a = -i * (s + (i - 1));
    b += 2;
    d = 1 / (a * d + b);
    c = b + a / c;
    const double change = c * d;
    value *= change;
    if (std::abs(change - 1) <= std::numeric_limits<double>::epsilon()) break;
  }
  return value;
}

}  // namespace

double scaled_exponential_integral(double s, double z) {
  if (z >= 2) return continued_fraction(s, z);
  // With w = e^v - 1 the integrand is exp(-z (e^v - 1) - (s - 1) v): no singularity anywhere, and
  // within a panel this short it is no larger off the real line than on it.
  constexpr double negligible = 42;  // e^-42 is 6e-19
  constexpr double panel_length = 1.6;
  const double loss = s < 1 ? std::log1p(2 * negligible / z) : 0;
  const double end =
      std::fmin(std::log1p((negligible + loss) / z), s + z > 1 ? negligible / (s - 1 + z) : 1e300);
  const double fall = z * std::expm1(end) + (s - 1) * end;
  const double panels = std::ceil(std::fmax(end / panel_length, fall / 30));
  const double half = end / (2 * panels);
  double sum = 0;
  for (double middle = half; middle < end; middle += 2 * half) {
    for (const gauss_node& node : half_rule(20)) {
      for (const double side : {-1.0, 1.0}) {
        const double v = middle + side * node.at * half;
        sum += half * node.weight * std::exp(-z * std::expm1(v) - (s - 1) * v);
      }
    }
  }
  return sum;
}

}  // namespace salespulse
