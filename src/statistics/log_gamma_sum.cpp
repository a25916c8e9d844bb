// SPDX-License-Identifier: BSL-1.0
#include "log_gamma_sum.hpp"

#include "sums.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <numbers>
#include <utility>
#include <vector>

namespace salespulse {

namespace {

using complex_number = std::complex<double>;

// The series of log Gamma(z) beyond (z - 1/2) log z - z + log(2 pi) / 2.
complex_number stirling_rest(complex_number z) {
  constexpr std::array<double, 7> coefficient{1.0 / 12,   -1.0 / 360,      1.0 / 1260, -1.0 / 1680,
                                              1.0 / 1188, -691.0 / 360360, 1.0 / 156};
  const complex_number inverse = 1.0 / z;
  const complex_number square = inverse * inverse;
  complex_number sum = 0;
  for (std::size_t k = coefficient.size(); k-- > 0;) sum = sum * square + coefficient[k];
  return sum * inverse;
}

complex_number log1p(complex_number z) {
  return {std::log1p(2 * z.real() + std::norm(z)) / 2, std::atan2(z.imag(), 1 + z.real())};
}

// E exp(s D) for D = drift + sum of sign log G, G gamma variables of the given shapes and scale 1.
class log_gamma_sum {
public:
  // Terms with sign 1 and -1 in turn.
  log_gamma_sum(std::span<const log_gamma_term> terms, double drift)
      : terms_(terms.begin(), terms.end()), highest_(HUGE_VAL) {
    for (const log_gamma_term& t : terms_) {
      if (t.sign < 0) highest_ = std::min(highest_, t.shape);
    }
    // exp(s drift) and the leading powers shape^(+-s) in one, so that comparable shapes cancel.
    running_sum slope;
    slope.add(drift);
    for (std::size_t k = 0; k + 1 < terms_.size(); k += 2) {
      slope.add(log_quotient(raised(terms_[k]), raised(terms_[k + 1])));
    }
    slope_ = slope.value();
  }

  // M is finite for 0 <= Re s < highest.
  [[nodiscard]] double highest() const { return highest_; }

  // M(s) = exp(exponent) factor.
  struct value {
    complex_number exponent;
    complex_number factor;
  };
  [[nodiscard]] value transform(complex_number s) const {
    value m{slope_ * s, 1};
    for (const log_gamma_term& t : terms_) {
      const complex_number step = static_cast<double>(t.sign) * s;
      // Gamma(x + step) / Gamma(x) = Gamma(x + k + step) / Gamma(x + k) / product of the quotients.
      const double x = raised(t);
      complex_number quotients = 1;
      for (double low = t.shape; low < x - 0.5; low += 1) quotients *= 1.0 + step / low;
      m.factor /= quotients;
      m.exponent +=
          (x - 0.5 + step) * log1p(step / x) - step + stirling_rest(x + step) - stirling_rest(x);
    }
    return m;
  }

  [[nodiscard]] double log_transform(double s) const {
    const value m = transform(s);
    return m.exponent.real() + std::log(std::abs(m.factor));
  }

private:
  // By whole numbers, far enough for both x and x + step, whose real part is above -x for sign -1.
  [[nodiscard]] static double raised(const log_gamma_term& t) {
    if (t.sign < 0) return t.shape + stirling_from;
    return t.shape + std::max(std::ceil(stirling_from - t.shape), 0.0);
  }

  std::vector<log_gamma_term> terms_;
  double highest_;
  double slope_ = 0;
};

constexpr double digits = 37;  // exp(-37) is 1e-16
constexpr double most_points = 2e6;

// Minimum over (0, highest) of log M(s) - log s, which is convex, to 2 %: where the line crosses.
double saddle_point(const log_gamma_sum& d) {
  const auto height = [&](double s) { return d.log_transform(s) - std::log(s); };
  double lower = 0;
  double upper = d.highest();
  constexpr double shorter = 0.3819660112501051;  // golden section
  double s1 = lower + shorter * (upper - lower);
  double s2 = upper - shorter * (upper - lower);
  double h1 = height(s1);
  double h2 = height(s2);
  for (int i = 0; i < 200 && upper - lower > 0.02 * upper; ++i) {
    if (h1 <= h2) {
      upper = std::exchange(s2, s1);
      h2 = h1;
      s1 = lower + shorter * (upper - lower);
      h1 = height(s1);
    } else {
      lower = std::exchange(s1, s2);
      h1 = h2;
      s2 = upper - shorter * (upper - lower);
      h2 = height(s2);
    }
  }
  return (lower + upper) / 2;
}

// Step of the trapezoidal rule on the line through c. Its error is what the same tail, tilted,
// holds at distances 2 pi n / step to both sides: exp(-2 pi c / step) on one, to be small against
// P; on the other, for any c' between c and the end, exp(-2 pi (c' - c) / step) M(c') / M(c)
// against P / M(c).
double step_through(const log_gamma_sum& d, double c) {
  const double log_here = d.log_transform(c);
  const double left = 2 * std::numbers::pi * c / (digits + 4 + std::max(-log_here, 0.0));
  double right = 0;
  for (double part = 0.96; part > 1e-9; part *= 0.7) {
    const double move = part * (d.highest() - c);
    const double excess = d.log_transform(c + move) - log_here;
    right = std::max(right, 2 * std::numbers::pi * move / (digits + 4 + std::max(excess, 0.0)));
  }
  return std::min(left, right);
}

}  // namespace

double stirling_rest(double z) { return stirling_rest(complex_number(z)).real(); }

double log_quotient(double x, double y) {
  const double ratio = x / y;
  return ratio > 0.5 && ratio < 2 ? std::log1p((x - y) / y) : std::log(x) - std::log(y);
}

std::optional<double> probability_positive(std::span<const log_gamma_term> terms, double drift) {
  const log_gamma_sum d(terms, drift);
  const double c = saddle_point(d);
  const double step = step_through(d, c);
  const double log_scale = d.log_transform(c);
  running_sum sum;
  for (double k = 0; k < most_points; ++k) {
    const complex_number s(c, k * step);
    const log_gamma_sum::value m = d.transform(s);
    const complex_number term = std::exp(m.exponent - log_scale) * m.factor / s;
    sum.add(k == 0 ? term.real() / 2 : term.real());
    if (std::abs(term) < 1e-19 * std::abs(sum.value())) {
      const double p = std::exp(log_scale) * sum.value() * step / std::numbers::pi;
      if (!std::isfinite(p)) return {};
      return std::clamp(p, 0.0, 1.0);
    }
  }
  return {};
}

}  // namespace salespulse
