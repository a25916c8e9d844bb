// SPDX-License-Identifier: BSL-1.0
#include "rising_factorial.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

namespace salespulse {

namespace {

constexpr double stirling_from = 16;  // where the series below are exact to the last bit
constexpr std::int64_t most_factors = 16;
constexpr double largest_factor = 1e18;  // to the power of 16 it is still finite

// log of the product of the first n factors, n at most most_factors. The product is carried as
// high + low, each rounding caught by a fused multiply-add.
double log_product(double a, std::int64_t n) {
  double high = a;
  double low = 0;
  for (std::int64_t i = 1; i < n; ++i) {
    const double step = static_cast<double>(i);
    const double factor = a + step;
    const double larger = std::max(a, step);
    const double lost = (larger - factor) + std::min(a, step);  // exact: factor + lost = a + i
    const double product = high * factor;
    low = std::fma(high, factor, -product) + (low * factor + high * lost);
    high = product;
  }
  return std::log(high) + low / high;
}

// log(1 + x) - x for x >= 0, right to the last digits. With r = x / (2 + x),
// log(1 + x) = 2 (r + r^3/3 + ...) and 2 r - x = -x r.
double log1p_minus(double x) {
  if (x > 0.5) return std::log1p(x) - x;
  const double r = x / (2 + x);
  const double square = r * r;
  double sum = 0;
  for (int k = 25; k >= 3; k -= 2) sum = sum * square + 1.0 / k;
  return -x * r + 2 * r * square * sum;
}

// Differences of powers of w = 1/a and y = 1/b, b = a + n: w^m - y^m = difference * sums[m], where
// sums[m] = w^(m-1) + w^(m-2) y + ... + y^(m-1), so nothing cancels.
struct power_differences {
  double difference;
  std::array<double, 14> sums;
};

power_differences differences_of(double a, double b, double n) {
  const double w = 1 / a;
  const double y = 1 / b;
  power_differences d{n / a / b, {}};
  double power = 1;
  for (std::size_t m = 1; m < d.sums.size(); ++m) {
    d.sums[m] = w * d.sums[m - 1] + power;
    power *= y;
  }
  return d;
}

// Coefficients of x^-m, m odd, in log Gamma(x) - (x - 1/2) log x + x - log(2 pi) / 2.
constexpr std::array stirling{1.0 / 12,   -1.0 / 360,        1.0 / 1260, -1.0 / 1680,
                              1.0 / 1188, -691.0 / 360360.0, 1.0 / 156};

// What the powers from m = 2 * first + 1 on add to log Gamma(b) - log Gamma(a).
double stirling_difference(const power_differences& d, std::size_t first = 0) {
  double sum = 0;
  for (std::size_t k = stirling.size(); k-- > first;) sum += stirling[k] * d.sums[2 * k + 1];
  return -d.difference * sum;
}

// What the powers from m = 2 on (trigamma: 3 on) add to digamma(b) - digamma(a) and the same of
// trigamma: digamma(x) = log x - 1/(2x) - sum of c x^-m, m = 2, 4, ...; trigamma is its derivative.
gamma_shift psi_series(const power_differences& d) {
  constexpr std::array c{1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132, -691.0 / 32760};
  double digamma = 0;
  double trigamma = 0;
  for (std::size_t k = c.size(); k-- > 0;) {
    const std::size_t m = 2 * k + 2;
    digamma += c[k] * d.sums[m];
    trigamma += static_cast<double>(m) * c[k] * d.sums[m + 1];
  }
  return {d.difference * digamma, -d.difference * trigamma};
}

// digamma(a + n) - digamma(a) and the same of trigamma; a at least stirling_from.
gamma_shift psi_differences(double a, double n, const power_differences& d) {
  const gamma_shift series = psi_series(d);
  return {std::log1p(n / a) + (0.5 * d.difference + series.first),
          -d.difference * (1 + 0.5 * d.sums[2]) + series.second};
}

double stirling_value(double a, double n, const power_differences& d) {
  const double ratio = n / a;
  return n * std::log(a + n) +
         (a * log1p_minus(ratio) - 0.5 * std::log1p(ratio) + stirling_difference(d));
}

// How many factors to multiply before the series takes over; n where it need not.
std::int64_t factors_first(double a, std::int64_t n) {
  if (n <= most_factors && a <= largest_factor) return n;
  if (a >= stirling_from) return 0;
  return static_cast<std::int64_t>(std::ceil(stirling_from - a));
}

}  // namespace

double log_rising(double a, std::int64_t n) {
  const std::int64_t first = factors_first(a, n);
  const double product = first > 0 ? log_product(a, first) : 0.0;
  if (first == n) return product;
  const double from = a + static_cast<double>(first);
  const double count = static_cast<double>(n - first);
  return product + stirling_value(from, count, differences_of(from, from + count, count));
}

log_rising_derivatives derivatives_of_log_rising(double a, std::int64_t n) {
  const std::int64_t first = factors_first(a, n);
  log_rising_derivatives result;
  if (first > 0) result.value = log_product(a, first);
  if (first < n) {
    const double from = a + static_cast<double>(first);
    const double count = static_cast<double>(n - first);
    const power_differences d = differences_of(from, from + count, count);
    result.value += stirling_value(from, count, d);
    const gamma_shift psi = psi_differences(from, count, d);
    result.first = psi.first;
    result.second = psi.second;
  }
  for (std::int64_t i = first; i-- > 0;) {
    const double reciprocal = 1 / (a + static_cast<double>(i));
    result.first += reciprocal;
    result.second -= reciprocal * reciprocal;
  }
  return result;
}

gamma_shift gamma_shift_of(double a, double x) {
  const int steps = a < stirling_from ? static_cast<int>(std::ceil(stirling_from - a)) : 0;
  const double from = a + steps;
  gamma_shift result = psi_differences(from, x, differences_of(from, from + x, x));
  // 1/z - 1/(z + x), and the same of the squares, at z = a + i.
  for (int i = steps; i-- > 0;) {
    const double w = 1 / (a + i);
    const double y = 1 / (a + i + x);
    const double difference = x * y * w;
    result.first += difference;
    result.second -= difference * (w + y);
  }
  return result;
}

namespace {

// 1/b - 1/(b + x) - 1/c + 1/(c + x) with c = a + b, and the same of the squares. Every term is
// positive, so nothing cancels; only ratios are multiplied, so nothing overflows.
gamma_shift reciprocal_differences(double a, double b, double x) {
  const double c = a + b;
  const double at_c = x / c / (c + x);
  const double first = (a / c) * (x / b) * ((b + c + x) / (b + x)) / (c + x);
  const double second = first * (1 / b + 1 / (b + x)) + at_c * (a / b / c + a / (b + x) / (c + x));
  return {first, second};
}

}  // namespace

double log_beta_shift(double a, double b, double x) {
  if (x == 0) return 0;
  if (x > a) std::swap(a, x);  // so that term by term nothing cancels by more than x / a
  // Gamma(b + x) Gamma(a + b) / (Gamma(b) Gamma(a + b + x)) at b over the same at b + 1 is
  // b (a + b + x) / ((b + x) (a + b)) = 1 - lost; the products of both are kept.
  double kept = 1;
  double lost = 0;
  for (; b < stirling_from; b += 1) {
    lost += (a / (a + b)) * (x / (b + x)) * (1 - lost);
    kept *= (b / (b + x)) * ((a + b + x) / (a + b));
  }
  const double from_steps = lost < 0.5 ? std::log1p(-lost) : std::log(kept);
  const double c = a + b;
  const double series = -stirling[0] * reciprocal_differences(a, b, x).first +
                        stirling_difference(differences_of(b, b + x, x), 1) -
                        stirling_difference(differences_of(c, c + x, x), 1);
  const double main_part = -x * std::log1p(a / (b + x)) +
                           (b * log1p_minus(x / b) - c * log1p_minus(x / c)) +
                           0.5 * std::log1p(-(a / c) * (x / (b + x)));
  return from_steps + (main_part + series);
}

gamma_shift log_beta_shift_slopes(double a, double b, double x) {
  if (x == 0) return {};
  if (x > a) std::swap(a, x);
  gamma_shift steps;  // digamma(z) = digamma(z + 1) - 1/z, trigamma(z) = trigamma(z + 1) + 1/z^2
  for (; b < stirling_from; b += 1) {
    const gamma_shift r = reciprocal_differences(a, b, x);
    steps.first += r.first;
    steps.second -= r.second;
  }
  const double c = a + b;
  const gamma_shift r = reciprocal_differences(a, b, x);
  const gamma_shift at_b = psi_series(differences_of(b, b + x, x));
  const gamma_shift at_c = psi_series(differences_of(c, c + x, x));
  return {steps.first +
              (std::log1p((a / b) * (x / (c + x))) + 0.5 * r.first + (at_b.first - at_c.first)),
          steps.second - (r.first + 0.5 * r.second - (at_b.second - at_c.second))};
}

}  // namespace salespulse
