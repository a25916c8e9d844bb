// SPDX-License-Identifier: BSL-1.0
#include "log_gamma_parts.hpp"

#include "boost_policy.hpp"
#include "sums.hpp"

#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/log1p.hpp>

#include <cmath>
#include <limits>
#include <numbers>

namespace salespulse {

namespace {

constexpr double series_from = 16;  // from here seven terms of Stirling's series are exact
constexpr std::int64_t direct_up_to = 40;
constexpr double half_log_two_pi = 0.91893853320467274178;

scaled_derivatives stirling_series(double x) {
  // B(2k) / (2k (2k - 1)), the coefficients of x^-(2k - 1).
  constexpr double coefficients[] = {1.0 / 12,   -1.0 / 360,      1.0 / 1260, -1.0 / 1680,
                                     1.0 / 1188, -691.0 / 360360, 1.0 / 156};
  scaled_derivatives s;
  const double square = 1 / (x * x);
  double power = 1 / x;
  double k = 1;
  for (const double c : coefficients) {
    s.value += c * power;
    s.first -= k * c * power;
    s.second += k * (k + 1) * c * power;
    power *= square;
    k += 2;
  }
  return s;
}

scaled_derivatives excess_by_factors(double a, std::int64_t n) {
  running_sum value, first, second;
  for (std::int64_t i = 1; i < n; ++i) {
    const auto j = static_cast<double>(i);
    const double over = j / (a + j);
    value.add(std::log1p(j / a));
    first.add(-over);
    second.add(over * (a / (a + j) + 1));
  }
  return {value.value(), first.value(), second.value()};
}

// For a of at least `series_from`, from Stirling's formula at both ends.
scaled_derivatives excess_by_series(double a, double n) {
  const double u = n / a;
  const scaled_derivatives low = stirling_series(a);
  const scaled_derivatives high = stirling_series(a + n);
  const double share = a / (a + n);
  const double curved = a * log1p_minus(u);
  return {curved + (n - 0.5) * std::log1p(u) + high.value - low.value,
          curved + 0.5 * (n / (a + n)) + share * high.first - low.first,
          (n / (a + n)) * (n - 0.5 * (1 + share)) + share * share * high.second - low.second};
}

// Boost's incomplete beta function loses digits as the shapes grow (at 1e15 all but two). Here the
// density is integrated instead, z standard deviations from the mean, and Newton's method solves.
double large_beta_quantile(double a, double b, double level) {
  const double n = a + b;
  const double mean = a / n;
  const double sd = std::sqrt(mean * (b / n) / (n + 1));
  const double scale = 0.5 * std::log(a * (b / n)) - half_log_two_pi + stirling_remainder(n).value -
                       stirling_remainder(a).value - stirling_remainder(b).value;
  const auto density = [&](double z) {
    const double off = sd * z;
    const double x = mean + off;
    const double y = b / n - off;
    return sd * std::exp(scale - deviance(a, n * x, -n * off) - deviance(b, n * y, n * off)) /
           (x * y);
  };
  const auto below = [&](double z) {
    double sum = 0;
    for (int i = 0; i < 14; ++i) {
      sum += boost::math::quadrature::gauss<double, 15>::integrate(density, z - i - 1, z - i);
    }
    return sum;
  };
  double z = -std::numbers::sqrt2 * boost::math::erfc_inv(2 * level, plain_double{});
  for (int i = 0; i < 20; ++i) {
    const double step = (level - below(z)) / density(z);
    z += step;
    if (std::abs(step) < 1e-12) break;
  }
  return mean + sd * z;
}

}  // namespace

scaled_derivatives stirling_remainder(double x) {
  if (x >= series_from) return stirling_series(x);
  const int steps = static_cast<int>(std::ceil(series_from - x));
  double at = x + steps;
  const scaled_derivatives far = stirling_series(at);
  running_sum value, first, second;  // the derivatives here are plain, not scaled
  value.add(far.value);
  first.add(far.first / at);
  second.add(far.second / (at * at));
  for (int i = steps - 1; i >= 0; --i) {
    at = x + i;
    const double l = std::log1p(1 / at);
    value.add((at + 0.5) * l);
    value.add(-1);
    if (i == 0) break;
    first.add(l);
    first.add(-(at + 0.5) / (at * (at + 1)));
    second.add(0.5 / (at * at * (at + 1) * (at + 1)));
  }
  // The last step back, to x itself, scaled on paper: x may be tiny.
  const double l = std::log1p(1 / x);
  return {value.value(), x * first.value() + x * l - (x + 0.5) / (x + 1),
          x * x * second.value() + 0.5 / ((x + 1) * (x + 1))};
}

scaled_derivatives rising_excess(double a, std::int64_t n) {
  if (n < 2 || std::isinf(a)) return {};
  if (n <= direct_up_to) return excess_by_factors(a, n);
  if (a >= series_from) return excess_by_series(a, static_cast<double>(n));
  // The first factors one by one, the others seen from a + 16.
  constexpr std::int64_t k = 16;
  const scaled_derivatives head = excess_by_factors(a, k);
  const auto rest = static_cast<double>(n - k);
  const double moved = a + k;
  const scaled_derivatives tail = excess_by_series(moved, rest);
  const double share = a / moved;
  return {head.value + rest * std::log1p(k / a) + tail.value,
          head.first - rest * (k / moved) + share * tail.first,
          head.second + rest * (k / moved) * (1 + share) + share * share * tail.second};
}

double log1p_minus(double x) { return boost::math::log1pmx(x, plain_double{}); }

double deviance(double x, double m, double difference) {
  if (x == 0) return m;
  const double u = difference / m;
  if (std::abs(u) > 0.5) return x * std::log(x / m) - difference;
  // m ((1 + u) log(1 + u) - u), with log(1 + u) split into u and the rest.
  return difference * u + x * log1p_minus(u);
}

double log_binomial(std::int64_t y, std::int64_t n, double p) {
  const auto successes = static_cast<double>(y);
  const auto failures = static_cast<double>(n - y);
  const auto cases = static_cast<double>(n);
  if (y == 0) return n == 0 ? 0 : cases * std::log1p(-p);
  if (y == n) return cases * std::log(p);
  if (p == 0 || p == 1) return -std::numeric_limits<double>::infinity();
  const double difference = std::fma(-cases, p, successes);
  return stirling_remainder(cases).value - stirling_remainder(successes).value -
         stirling_remainder(failures).value - deviance(successes, cases * p, difference) -
         deviance(failures, cases * (1 - p), -difference) - half_log_two_pi -
         0.5 * std::log(successes * (failures / cases));
}

double log_poisson(std::int64_t y, double m) {
  if (y == 0) return -m;
  if (m == 0) return -std::numeric_limits<double>::infinity();
  const auto events = static_cast<double>(y);
  return -stirling_remainder(events).value - deviance(events, m, events - m) - half_log_two_pi -
         0.5 * std::log(events);
}

double beta_quantile(double a, double b, double level) {
  constexpr double many = 1e4;
  if (a > many && b > many) return large_beta_quantile(a, b, level);
  const auto below = [&](double x) { return boost::math::ibeta(a, b, x, plain_double{}); };
  if (a + b < 1e6) {
    const double x = boost::math::ibeta_inv(a, b, level, plain_double{});
    if (x >= 0 && x <= 1 && std::abs(below(x) - level) < 1e-9) return x;
  }
  double low = 0;
  double high = 1;
  for (int i = 0; i < 1100; ++i) {
    const double middle = low + (high - low) / 2;
    if (!(middle > low && middle < high)) break;
    (below(middle) < level ? low : high) = middle;
  }
  return low + (high - low) / 2;
}

}  // namespace salespulse
