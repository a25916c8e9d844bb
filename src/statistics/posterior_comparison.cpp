// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/posterior_comparison.hpp>

#include "boost_policy.hpp"
#include "log_gamma_sum.hpp"
#include "sums.hpp"

#include <boost/math/special_functions/digamma.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <optional>

namespace salespulse {

namespace {

// log Gamma(x + s) - log Gamma(x), s within [0, 1].
double log_rise(double x, double s) {
  double quotients = 1;
  for (; x < stirling_from; x += 1) quotients *= 1 + s / x;
  return (x - 0.5) * std::log1p(s / x) + s * (std::log(x + s) - 1) + stirling_rest(x + s) -
         stirling_rest(x) - std::log(quotients);
}

// Logarithm of E Y^k, Y of distribution Beta(c, d). The large powers are combined, so that nothing
// cancels where k and c are large and d is not.
double log_power_mean(double c, double d, double k) {
  double log = 0;
  for (; c < stirling_from; c += 1) log += std::log(c / (c + k) * ((c + d + k) / (c + d)));
  log += (c + k - 0.5) * std::log1p(k / c * (d / (c + d + k)));
  log -= d * std::log1p(k / (c + d));
  log -= k * std::log1p(d / c);
  return log + stirling_rest(c + k) + stirling_rest(c + d) - stirling_rest(c) -
         stirling_rest(c + d + k);
}

// P(X > Y) for b less P(X > Y) for b + 1, b < 1, X of Beta(a, b) and Y of Beta(c, d):
// B(a + c, b + d) / (b B(a, b) B(c, d)).
double step_of_b(double a, double b, double c, double d) {
  return std::exp(log_power_mean(c, d, a) + log_rise(d, b) + log_rise(a, b) -
                  log_rise(a + c + d, b)) /
         std::tgamma(1 + b);
}

// P(X > Y), meant for where it is below about 1/2.
std::optional<double> smaller_tail(beta_posterior x, beta_posterior y) {
  double raised = 0;
  if (x.b < 1) {
    raised += step_of_b(x.a, x.b, y.a, y.b);
    x.b += 1;
  }
  if (y.a < 1) {
    // The same comparison seen as 1 - Y > 1 - X.
    raised += step_of_b(y.b, y.a, x.b, x.a);
    y.a += 1;
  }
  const std::array<log_gamma_term, 4> terms{{{x.a, 1}, {x.b, -1}, {y.b, 1}, {y.a, -1}}};
  const std::optional<double> p = probability_positive(terms, 0);
  if (!p) return {};
  return *p + raised;
}

std::optional<double> smaller_tail(gamma_posterior x, gamma_posterior y) {
  double raised = 0;
  if (y.shape < 1) {
    // I_v(s, t) = I_v(s + 1, t) + v^s (1 - v)^t / (s B(s, t)) with v = y.rate / (x.rate + y.rate).
    raised = std::exp(-y.shape * std::log1p(x.rate / y.rate) -
                      x.shape * std::log1p(y.rate / x.rate) + log_rise(x.shape, y.shape)) /
             std::tgamma(1 + y.shape);
    y.shape += 1;
  }
  const std::array<log_gamma_term, 2> terms{{{x.shape, 1}, {y.shape, -1}}};
  const std::optional<double> p =
      probability_positive(terms, log_quotient(y.rate, x.rate));
  if (!p) return {};
  return *p + raised;
}

double psi(double x) { return boost::math::digamma(x, plain_double{}); }

double expected_lead(const beta_posterior& x, const beta_posterior& y) {
  return psi(x.a) - psi(x.b) - psi(y.a) + psi(y.b);
}
double expected_lead(const gamma_posterior& x, const gamma_posterior& y) {
  return psi(x.shape) - psi(y.shape) + log_quotient(y.rate, x.rate);
}

bool same(const beta_posterior& x, const beta_posterior& y) { return x.a == y.a && x.b == y.b; }
bool same(const gamma_posterior& x, const gamma_posterior& y) {
  return x.shape == y.shape && x.rate == y.rate;
}

condition check(double first, double second, bool second_only, bool zero_allowed) {
  if (!std::isfinite(first) || !std::isfinite(second)) return condition::non_finite_input;
  if (!second_only && first <= 0) return condition::nonpositive_value;
  if (second < 0 || (second == 0 && !zero_allowed)) return condition::nonpositive_value;
  return condition::ok;
}
condition check(const beta_posterior& p) { return check(p.a, p.b, false, false); }
condition check(const gamma_posterior& p) { return check(p.shape, p.rate, false, false); }
condition check(const normal_posterior& p) { return check(p.mean, p.sd, true, true); }

// P(x > y) of valid parameters; the smaller tail is worked out and the other is what it leaves.
template <class Posterior>
std::optional<double> greater(const Posterior& x, const Posterior& y) {
  if (same(x, y)) return 0.5;
  if (expected_lead(x, y) <= 0) return smaller_tail(x, y);
  const std::optional<double> p = smaller_tail(y, x);
  if (!p) return {};
  return 1 - *p;
}

std::optional<double> greater(const normal_posterior& x, const normal_posterior& y) {
  // By powers of two below or above 1: neither the difference nor the root leaves the range of
  // doubles.
  const double largest = std::max({std::abs(x.mean), std::abs(y.mean), x.sd, y.sd});
  const double unit = largest > 1 ? 0x1p-4 : 0x1p60;
  const double sd = std::hypot(x.sd * unit, y.sd * unit);
  if (sd == 0) return x.mean > y.mean ? 1 : x.mean < y.mean ? 0 : 0.5;
  return std::erfc((y.mean * unit - x.mean * unit) / (sd * std::numbers::sqrt2)) / 2;
}

template <class Posterior>
figure checked_greater(const Posterior& a, const Posterior& b) {
  if (const condition c = check(a); c != condition::ok) return {{}, {c, 0}};
  if (const condition c = check(b); c != condition::ok) return {{}, {c, 1}};
  const std::optional<double> p = greater(a, b);
  if (!p) return {{}, {condition::not_converged}};
  return {p, {}};
}

}  // namespace

figure probability_greater(const beta_posterior& a, const beta_posterior& b) {
  return checked_greater(a, b);
}
figure probability_greater(const gamma_posterior& a, const gamma_posterior& b) {
  return checked_greater(a, b);
}
figure probability_greater(const normal_posterior& a, const normal_posterior& b) {
  return checked_greater(a, b);
}

}  // namespace salespulse
