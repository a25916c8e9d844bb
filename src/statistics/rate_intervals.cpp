// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/rate_intervals.hpp>

#include "boost_policy.hpp"
#include <salespulse/core/result.hpp>

#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

namespace salespulse {

namespace {

// Above this many cases Boost's incomplete functions lose digits faster than the quantiles can
// spare (at 1e11 the tail has five left), and its inverses throw or stop early.
constexpr double many = 1e5;
constexpr double infinite = HUGE_VAL;

void require_counts(std::int64_t successes, std::int64_t n, confidence c, const char* who) {
  if (successes < 0 || n < 1 || successes > n || !(c.level > 0 && c.level < 1)) {
    throw invalid_input(std::string(who) +
                        ": wants 0 <= successes <= n, n >= 1 and a level within (0, 1)");
  }
}

// What Stirling's formula leaves of log gamma.
double stirling_rest(double x) {
  if (x < 20) {
    return std::lgamma(x) - (x - 0.5) * std::log(x) + x - 0.5 * std::log(2 * std::numbers::pi);
  }
  const double y = 1 / (x * x);
  return (1 / 12.0 - y * (1 / 360.0 - y * (1 / 1260.0 - y / 1680))) / x;
}

// The root of log(tail(t)) = log(p), where the logarithm of the lower tail is concave in t: Newton
// from the left cannot overshoot, and from the right only to the left.
template <class Tail, class Slope>
double rising_root(Tail tail, Slope slope, double start, double p) {
  double at = start;
  double before = start;
  for (int i = 0; i < 200; ++i) {
    const double here = tail(at);
    const double rise = slope(at);
    if (!(here > 0 && rise > 0)) {  // the tail underflows: too far to the left
      at = at + (before - at) / 2;
      continue;
    }
    const double step = std::clamp((std::log(p) - std::log(here)) * here / rise, -40.0, 40.0);
    before = at;
    at += step;
    if (std::abs(step) <= 1e-14 * std::abs(at)) break;
  }
  return at;
}

// The logarithm of a variable over its scale, such that the variable is smaller with probability
// p < 1/2 (`sign` 1) or larger (-1). The variable is the odds of Beta(a, b), the scale a / b; for
// b = infinity it is gamma(a), the scale a.
//
// The density of s is exp(-bend(s)) over a constant that is known from Stirling's formula, and the
// tail is its integral, by Gauss and Legendre's rule in panels that follow the decay. What rounding
// there is in `bend` grows like sqrt(a), and what is left of it in s shrinks by as much.
double log_quantile(double a, double b, double p, double sign) {
  if (a > b) return -log_quantile(b, a, p, -sign);
  const bool beta = std::isfinite(b);
  const double mean = beta ? a / (a + b) : 0;
  const double root = std::sqrt(a * (1 - mean));
  double rest = stirling_rest(a);
  if (beta) rest += stirling_rest(b) - stirling_rest(a + b);
  const double total = std::sqrt(2 * std::numbers::pi) / root * std::exp(rest);
  const auto density = [&](double t) {
    const double s = sign * t;
    const double growth = std::expm1(s);
    const double bend = beta ? (a + b) * std::log1p(mean * growth) - a * s : a * (growth - s);
    return std::exp(-bend) / total;
  };
  const auto panel_width = [&](double t) {
    const double growth = std::expm1(sign * t);
    const double decay = std::abs(a * growth * (1 - mean) / (1 + mean * growth));
    return decay > root ? 2 / decay : 1 / root;
  };
  const auto tail = [&](double t) {
    double sum = 0;
    for (double end = t;;) {
      const double width = panel_width(end);
      const double part =
          boost::math::quadrature::gauss<double, 15>::integrate(density, end - width, end);
      sum += part;
      end -= width;
      if (part <= 1e-17 * sum) return sum;
    }
  };
  const double z = std::numbers::sqrt2 * boost::math::erfc_inv(2 * p, plain_double{});
  return sign * rising_root(tail, density, -z / root, p);
}

// The odds x / (1 - x) of the x below which Beta(a, b) lies with probability p < 1/2. The search is
// for the logarithm of the odds over a / b, which is small, so that the odds keep their digits.
double lower_beta_odds(double a, double b, double p) {
  const double centre = a / b;
  if (a + b > many) return centre * std::exp(log_quantile(a, b, p, 1));
  // The smaller of x and 1 - x is what has digits.
  const auto tail = [&](double t) {
    const double odds = centre * std::exp(t);
    return odds < 1 ? boost::math::ibeta(a, b, odds / (1 + odds), plain_double{})
                    : boost::math::ibetac(b, a, 1 / (1 + odds), plain_double{});
  };
  const auto slope = [&](double t) {
    const double odds = centre * std::exp(t);
    const double x = odds / (1 + odds);
    const double rest = 1 / (1 + odds);
    return x * rest *
           (odds < 1 ? boost::math::ibeta_derivative(a, b, x, plain_double{})
                     : boost::math::ibeta_derivative(b, a, rest, plain_double{}));
  };
  return centre * std::exp(rising_root(tail, slope, 0, p));
}

double beta_lower(double a, double b, double p) {
  const double odds = lower_beta_odds(a, b, p);
  return odds / (1 + odds);
}
double beta_upper(double a, double b, double p) { return 1 / (1 + lower_beta_odds(b, a, p)); }

double gamma_lower(double a, double p) {
  return a > many ? a * std::exp(log_quantile(a, infinite, p, 1))
                  : boost::math::gamma_p_inv(a, p, plain_double{});
}
double gamma_upper(double a, double p) {
  return a > many ? a * std::exp(log_quantile(a, infinite, p, -1))
                  : boost::math::gamma_q_inv(a, p, plain_double{});
}

}  // namespace

interval jeffreys_interval(std::int64_t successes, std::int64_t n, confidence c) {
  require_counts(successes, n, c, "jeffreys_interval");
  const double a = static_cast<double>(successes) + 0.5;
  const double b = static_cast<double>(n - successes) + 0.5;
  const double p = (1 - c.level) / 2;
  return {beta_lower(a, b, p), beta_upper(a, b, p), c.level};
}

interval clopper_pearson_interval(std::int64_t successes, std::int64_t n, confidence c) {
  require_counts(successes, n, c, "clopper_pearson_interval");
  const auto yes = static_cast<double>(successes);
  const auto no = static_cast<double>(n - successes);
  const double p = (1 - c.level) / 2;
  return {successes == 0 ? 0 : beta_lower(yes, no + 1, p),
          successes == n ? 1 : beta_upper(yes + 1, no, p), c.level};
}

interval garwood_interval(std::int64_t events, double exposure, confidence c) {
  if (events < 0 || !(exposure > 0) || !std::isfinite(exposure) || !(c.level > 0 && c.level < 1)) {
    throw invalid_input(
        "garwood_interval: wants events >= 0, a positive exposure and a level within (0, 1)");
  }
  const auto count = static_cast<double>(events);
  const double p = (1 - c.level) / 2;
  const double upper = gamma_upper(count + 1, p) / exposure;
  if (!std::isfinite(upper)) throw invalid_input("garwood_interval: the exposure is too small");
  return {events == 0 ? 0 : gamma_lower(count, p) / exposure, upper, c.level};
}

interval newcombe_interval(counted_rate first, counted_rate second, confidence c) {
  const interval a = wilson_interval(first.successes, first.n, c);
  const interval b = wilson_interval(second.successes, second.n, c);
  const double rate_a = static_cast<double>(first.successes) / static_cast<double>(first.n);
  const double rate_b = static_cast<double>(second.successes) / static_cast<double>(second.n);
  const double difference = rate_a - rate_b;
  return {std::max(-1.0, difference - std::hypot(rate_a - a.lower, b.upper - rate_b)),
          std::min(1.0, difference + std::hypot(a.upper - rate_a, rate_b - b.lower)), c.level};
}

}  // namespace salespulse
