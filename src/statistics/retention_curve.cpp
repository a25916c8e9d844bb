// SPDX-License-Identifier: BSL-1.0
#include "cohorts.hpp"
#include "fitted_draws.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/retention_curve.hpp>

#include <boost/math/quadrature/gauss.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace salespulse {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// A value with its derivatives in the curve's free parameters.
using graded = Eigen::Vector4d;

// The parameters that `log_kept` takes, and the derivative of the first of them in the free one.
struct law_parameters {
  Eigen::Vector3d values;
  double first = 1;
};

law_parameters parameters_of(const retention_curve& curve) {
  if (curve.law == retention_law::beta) return {{curve.alpha, curve.beta, curve.shape}, 1};
  const bool alike = curve.law == retention_law::one_rate;
  return {{-std::log1p(-curve.churn), alike ? curve.shape : curve.power,
           alike ? 1 : static_cast<double>(curve.first)},
          1 / (1 - curve.churn)};
}

// S(to) / S(from) times `factor`, S(from) being positive. Renewals need not be whole.
graded ratio_of(const retention_curve& curve, double from, double to, double factor = 1) {
  if (to == from) return {factor, 0, 0, 0};
  if (curve.law == retention_law::cliff) {
    if (to < curve.first) return {factor, 0, 0, 0};
    if (to > curve.first) return graded::Zero();
    return {factor * (1 - curve.churn), -factor, 0, 0};
  }
  if (curve.law == retention_law::one_rate && (curve.churn == 0 || curve.churn == 1)) {
    return {curve.churn == 0 ? factor : 0, 0, 0, 0};
  }
  if (curve.law == retention_law::power_tail && curve.churn == 1 && to >= curve.first) {
    return graded::Zero();
  }
  const law_parameters parameters = parameters_of(curve);
  const evaluation<3> kept = log_kept(curve.law, parameters.values, from, to, false);
  const double value = factor * std::exp(kept.value);
  if (!(value > 0)) return graded::Zero();
  return {value, value * kept.gradient[0] * parameters.first, value * kept.gradient[1],
          value * kept.gradient[2]};
}

status as_warning(const retention_curve& curve) { return curve.why; }

figure_with_error without(const retention_curve& curve) { return {{}, {}, curve.why}; }

// The value, with a standard error where there is a covariance.
figure_with_error figure_of(const retention_curve& curve, const graded& g) {
  figure_with_error figure{g[0], {}, as_warning(curve)};
  double variance = 0;
  bool known = false;
  for (std::size_t i = 0; i < curve.free; ++i) {
    for (std::size_t j = 0; j < curve.free; ++j) {
      const double c = curve.covariance[i * curve.free + j];
      known = known || c != 0;
      variance += g[static_cast<Eigen::Index>(i) + 1] * c * g[static_cast<Eigen::Index>(j) + 1];
    }
  }
  if (known) figure.std_error = std::sqrt(std::max(variance, 0.0));
  return figure;
}

// Terms that are added one by one before the rest is integrated.
constexpr int direct_terms = 1000;

// The terms f(k) = S(survived + k) / S(survived) v^k of a discounted sum, for real k.
struct discounted_terms {
  const retention_curve& curve;
  double survived;
  double log_v;
  [[nodiscard]] graded operator()(double k) const {
    return ratio_of(curve, survived, survived + k, std::exp(k * log_v));
  }
  // Sum less integral from k onwards: 1/D - 1/delta applied to f, with delta the central difference
  // and D = 2 asinh(delta / 2). The next term is below 1e-16 of f from the 1 000th term on.
  [[nodiscard]] graded correction(double k) const {
    const graded a = (*this)(k - 2.5), b = (*this)(k - 1.5), c = (*this)(k - 0.5);
    const graded d = (*this)(k + 0.5), e = (*this)(k + 1.5), f = (*this)(k + 2.5);
    const graded first = d - c;
    const graded third = (e - b) - 3 * first;
    const graded fifth = (f - a) - 5 * (e - b) + 10 * first;
    return first / 24 - third * (17.0 / 5760) + fifth * (367.0 / 967680);
  }
  // The integral over k from `low` to `low` e^length, in u = log(k / low), by panels so short that
  // 20 points give all digits: k^shape has its nearest pole at pi / shape beside the real line.
  [[nodiscard]] graded integral(double low, double length) const {
    using rule = boost::math::quadrature::gauss<double, 20>;
    const double width = std::min(0.5, 2.5 / curve.shape);
    const int panels = static_cast<int>(std::ceil(length / width));
    graded sum = graded::Zero();
    for (int panel = 0; panel < panels; ++panel) {
      const double half = length / panels / 2;
      const double middle = half * (2 * panel + 1);
      graded here = graded::Zero();
      for (std::size_t i = 0; i < rule::abscissa().size(); ++i) {
        for (const double sign : {-1.0, 1.0}) {
          const double k = low * std::exp(middle + sign * half * rule::abscissa()[i]);
          here += rule::weights()[i] * k * (*this)(k);
        }
      }
      sum += half * here;
    }
    return sum;
  }
};

// The power s of t to which S(t) falls in the end; infinite where it falls faster than any.
double tail_power(const retention_curve& curve) {
  switch (curve.law) {
    case retention_law::beta: return curve.alpha * curve.shape;
    case retention_law::power_tail: return curve.churn == 1 ? infinity : curve.power;
    case retention_law::one_rate: return curve.churn == 0 ? 0 : infinity;
    default: return infinity;
  }
}

// Where S has become a pure power to the last digit, or is nothing any more, without discount.
double tail_starts(const retention_curve& curve, double survived) {
  const double root = 1 / curve.shape;
  if (curve.law == retention_law::beta) {
    return std::pow(1e17 * (1 + curve.alpha) * (1 + curve.alpha + curve.beta), root);
  }
  if (curve.law == retention_law::one_rate) {
    const double width = 60 / -std::log1p(-curve.churn);
    return std::pow(width + std::pow(survived, curve.shape), root);
  }
  return 0;
}

// The sum of f(k) for k from `first` up to `end`, exclusive and possibly infinite.
figure_with_error sum_of(const retention_curve& curve, std::int32_t survived, int first, double end,
                        double rate) {
  const bool endless = std::isinf(end);
  const double log_v = -std::log1p(rate);
  const double power = tail_power(curve);
  if (endless && rate == 0 && !(power > 1)) {
    return {{}, {}, {condition::infinite_mean, -1}};
  }
  const discounted_terms terms{curve, static_cast<double>(survived), log_v};
  graded sum = graded::Zero();
  const double direct_end = std::min(end, static_cast<double>(direct_terms));
  for (double k = first; k < direct_end; k += 1) {
    const graded f = terms(k);
    sum += f;
    // f falls at least as fast as v^k, and there are end - k - 1 terms left.
    const double left = f[0] * (rate > 0 ? std::min(1 / rate, end - k) : end - k);
    if (f[0] == 0 || left <= 1e-17 * sum[0]) return figure_of(curve, sum);
  }
  if (end <= direct_terms) return figure_of(curve, sum);

  const double low = direct_terms - 0.5;
  double high = end - 0.5;
  graded beyond = graded::Zero();
  if (endless && rate > 0) {
    high = low + 45 / -log_v;
  } else if (endless) {
    high = std::max(low, tail_starts(curve, survived));
  }
  if (!(high < 1e290)) return {{}, {}, {condition::too_large, -1}};
  if (endless && rate == 0) {
    if (!std::isinf(power)) {
      // The integral of C t^-power from t = survived + high: f t / (power - 1).
      const double age = survived + high;
      const graded f = terms(high);
      beyond = f * (age / (power - 1));
      const double slope = -f[0] * age / ((power - 1) * (power - 1));
      if (curve.law == retention_law::beta) {
        beyond[1] += slope * curve.shape;
        beyond[3] += slope * curve.alpha;
      } else {
        beyond[2] += slope;
      }
    }
  } else if (!endless) {
    sum -= terms.correction(high);
  }
  sum += terms.integral(low, std::log(high / low)) + terms.correction(low) + beyond;
  if (!sum.allFinite()) return {{}, {}, {condition::too_large, -1}};
  return figure_of(curve, sum);
}

void require_renewals(std::int32_t renewals) {
  if (renewals < 0) throw invalid_input("retention_curve: a number of renewals is negative");
}

void require_rate(double rate) {
  if (!(rate >= 0 && rate < infinity)) {
    throw invalid_input("retention_curve: an interest rate is negative or not finite");
  }
}

}  // namespace

std::array<double, 3> retention_curve::parameters() const noexcept {
  if (law == retention_law::beta) return {alpha, beta, shape};
  if (law == retention_law::one_rate) return {churn, shape, 0};
  return {churn, power, 0};
}

std::optional<double> retention_curve::std_error(std::size_t parameter) const noexcept {
  if (parameter >= free) return {};
  const double variance = covariance[parameter * free + parameter];
  if (!(variance > 0)) return {};
  return std::sqrt(variance);
}

retention_curve retention_curve::of(double alpha, double beta, double shape) {
  const auto good = [](double x) { return x > 0 && x < infinity; };
  if (!good(alpha) || !good(beta) || !good(shape)) {
    throw invalid_input("retention_curve::of: a parameter is not positive and finite");
  }
  retention_curve curve;
  curve.why = {};
  curve.law = retention_law::beta;
  curve.alpha = alpha;
  curve.beta = beta;
  curve.shape = shape;
  curve.churn = alpha / (alpha + beta);
  return curve;
}

figure_with_error retention_curve::survival(std::int32_t renewals) const {
  return survival_after(0, renewals);
}

figure_with_error retention_curve::retention_rate(std::int32_t renewal) const {
  if (renewal < 1) throw invalid_input("retention_curve: the first renewal is number 1");
  return survival_after(renewal - 1, 1);
}

figure_with_error retention_curve::survival_after(std::int32_t survived, std::int32_t more) const {
  require_renewals(survived);
  require_renewals(more);
  if (law == retention_law::none) return without(*this);
  if (ratio_of(*this, 0, survived)[0] == 0) return {{}, {}, {condition::empty_risk_set, survived}};
  return figure_of(*this, ratio_of(*this, survived, static_cast<double>(survived) + more));
}

figure_with_error retention_curve::expected_tenure(std::int32_t periods) const {
  require_renewals(periods);
  if (law == retention_law::none) return without(*this);
  return sum_of(*this, 0, 0, periods, 0);
}

figure_with_error retention_curve::discounted_lifetime(double rate) const {
  require_rate(rate);
  if (law == retention_law::none) return without(*this);
  return sum_of(*this, 0, 0, infinity, rate);
}

figure_with_error retention_curve::discounted_residual_lifetime(std::int32_t survived,
                                                               double rate) const {
  require_renewals(survived);
  require_rate(rate);
  if (law == retention_law::none) return without(*this);
  if (ratio_of(*this, 0, survived)[0] == 0) return {{}, {}, {condition::empty_risk_set, survived}};
  figure_with_error figure = sum_of(*this, survived, 1, infinity, rate);
  // The first payment to come is not discounted.
  if (figure.value) *figure.value *= 1 + rate;
  if (figure.std_error) *figure.std_error *= 1 + rate;
  return figure;
}

std::vector<retention_curve> posterior_draws(const retention_curve& curve, std::size_t draws,
                                             std::uint64_t seed) {
  retention_curve plain = curve;
  plain.free = 0;
  plain.covariance = {};
  std::vector<retention_curve> drawn(draws, plain);
  const std::size_t n = curve.free;
  const bool spread = std::any_of(curve.covariance.begin(), curve.covariance.end(),
                                  [](double c) { return c != 0; });
  if (n == 0 || !spread) return drawn;
  const bool inside = curve.law == retention_law::beta;
  std::array<double, 3> estimates = curve.parameters();
  std::array<double, 9> covariance = curve.covariance;
  if (!inside) {
    // From the probability of leaving to -log(1 - churn), which has no upper limit.
    const double slope = 1 / (1 - curve.churn);
    estimates[0] = -std::log1p(-curve.churn);
    for (std::size_t i = 0; i < n; ++i) {
      covariance[i] *= slope;
      covariance[i * n] *= slope;
    }
  }
  const std::vector<double> numbers =
      fitted_draws(std::span(estimates).first(n), std::span(covariance).first(n * n), draws, seed);
  for (std::size_t d = 0; d < draws; ++d) {
    const double* row = numbers.data() + d * n;
    retention_curve& one = drawn[d];
    if (inside) {
      one.alpha = row[0];
      one.beta = row[1];
      one.churn = row[0] / (row[0] + row[1]);
      if (n == 3) one.shape = row[2];
    } else {
      one.churn = -std::expm1(-row[0]);
      if (n == 2) (curve.law == retention_law::one_rate ? one.shape : one.power) = row[1];
    }
  }
  return drawn;
}

}  // namespace salespulse
