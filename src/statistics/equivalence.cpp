// SPDX-License-Identifier: BSL-1.0
#include "boost_policy.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/equivalence.hpp>
#include <salespulse/statistics/summary.hpp>

#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/erf.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace salespulse {

namespace {

using student = boost::math::students_t_distribution<double, plain_double>;

void check_options(const equivalence_options& options) {
  if (!(options.alpha > 0 && options.alpha < 0.5)) {
    throw invalid_input("equivalence: alpha is not within (0, 0.5)");
  }
}

void check_margins(const equivalence_margins& m) {
  if (!std::isfinite(m.lower) || !std::isfinite(m.upper) || !(m.lower < m.upper)) {
    throw invalid_input("equivalence: the margins are not finite and in order");
  }
}

double upper_tail(double t, std::optional<double> df) {
  if (!df) return 0.5 * std::erfc(t / std::numbers::sqrt2);
  return boost::math::cdf(boost::math::complement(student(*df), t));
}

// The value that is exceeded with probability alpha.
double upper_quantile(double alpha, std::optional<double> df) {
  if (!df) return std::numbers::sqrt2 * boost::math::erfc_inv(2 * alpha, plain_double{});
  return boost::math::quantile(boost::math::complement(student(*df), alpha));
}

struct difference {
  double estimate = 0;
  double std_error = 0;
  std::optional<double> df;
  status why;
};

difference difference_of(const group_moments& a, const group_moments& b,
                         variance_assumption assumption) {
  difference d;
  std::int64_t group = 0;
  for (const group_moments* g : {&a, &b}) {
    if (!std::isfinite(g->mean) || !std::isfinite(g->variance)) {
      d.why = {condition::non_finite_input, group};
    } else if (g->n < 2) {
      d.why = {condition::insufficient_data, group};
    } else if (g->variance < 0) {
      d.why = {condition::nonpositive_value, group};
    }
    if (!d.why.ok()) return d;
    ++group;
  }
  const auto n1 = static_cast<double>(a.n), n2 = static_cast<double>(b.n);
  d.estimate = a.mean - b.mean;
  if (a.variance == 0 && b.variance == 0) {
    d.why = {condition::zero_variance, -1};
  } else if (assumption == variance_assumption::pooled) {
    d.df = n1 + n2 - 2;
    const double pooled = ((n1 - 1) * a.variance + (n2 - 1) * b.variance) / *d.df;
    d.std_error = std::sqrt(pooled * (1 / n1 + 1 / n2));
  } else {
    const double v1 = a.variance / n1, v2 = b.variance / n2;
    d.std_error = std::sqrt(v1 + v2);
    // Shares first: squares of variances could leave the range of doubles.
    const double s1 = v1 / (v1 + v2), s2 = v2 / (v1 + v2);
    d.df = 1 / (s1 * s1 / (n1 - 1) + s2 * s2 / (n2 - 1));
  }
  if (d.why.ok() &&
      (!std::isfinite(d.estimate) || !std::isfinite(d.std_error) || d.std_error == 0)) {
    d.why = {condition::out_of_range, -1};
  }
  return d;
}

difference difference_of(std::span<const double> a, std::span<const double> b,
                         variance_assumption assumption) {
  const sample_summary first = summarise(a), second = summarise(b);
  difference d;
  d.why = first.why;
  if (d.why.ok() && !second.why.ok()) {
    d.why = {second.why.what, second.why.where + static_cast<std::int64_t>(a.size())};
  }
  if (!d.why.ok()) return d;
  if (first.n < 2 || second.n < 2) {
    d.why = {condition::insufficient_data, first.n < 2 ? 0 : 1};
    return d;
  }
  for (const sample_summary* s : {&first, &second}) {
    if (!s->variance.value) d.why = s->variance.why;
  }
  if (!d.why.ok()) return d;
  return difference_of({*first.mean.value, *first.variance.value, first.n},
                       {*second.mean.value, *second.variance.value, second.n}, assumption);
}

difference given(double estimate, double std_error, std::optional<double> df) {
  if (df && !(*df > 0 && std::isfinite(*df))) {
    throw invalid_input("equivalence: degrees of freedom are not positive");
  }
  difference d{estimate, std_error, df, {}};
  if (!std::isfinite(estimate) || !std::isfinite(std_error)) {
    d.why = {condition::non_finite_input, -1};
  } else if (std_error <= 0) {
    d.why = {std_error < 0 ? condition::nonpositive_value : condition::zero_variance, -1};
  }
  return d;
}

equivalence_test equivalence_of(const difference& d, const equivalence_margins& margins,
                                double alpha) {
  equivalence_test test;
  test.why = test.estimate.why = d.why;
  if (!d.why.ok()) return test;
  const double half = upper_quantile(alpha, d.df) * d.std_error;
  if (!std::isfinite(d.estimate - half) || !std::isfinite(d.estimate + half)) {
    test.why = test.estimate.why = {condition::out_of_range, -1};
    return test;
  }
  test.estimate.value = d.estimate;
  test.std_error = d.std_error;
  test.degrees_of_freedom = d.df;
  test.p_above_lower = upper_tail((d.estimate - margins.lower) / d.std_error, d.df);
  test.p_below_upper = upper_tail((margins.upper - d.estimate) / d.std_error, d.df);
  test.p_value = std::max(test.p_above_lower, test.p_below_upper);
  test.equivalent = test.p_value < alpha;
  test.range = interval{d.estimate - half, d.estimate + half, 1 - 2 * alpha};
  return test;
}

margin_test exceeds(const difference& d, double margin, double alpha) {
  if (!std::isfinite(margin)) throw invalid_input("equivalence: the margin is not finite");
  margin_test test;
  test.why = test.estimate.why = test.lower_bound.why = d.why;
  if (!d.why.ok()) return test;
  const double bound = d.estimate - upper_quantile(alpha, d.df) * d.std_error;
  if (!std::isfinite(bound)) {
    test.why = test.estimate.why = test.lower_bound.why = {condition::out_of_range, -1};
    return test;
  }
  test.estimate.value = d.estimate;
  test.std_error = d.std_error;
  test.degrees_of_freedom = d.df;
  test.p_value = upper_tail((d.estimate - margin) / d.std_error, d.df);
  test.exceeds = test.p_value < alpha;
  test.lower_bound.value = bound;
  return test;
}

status rate_faults(const group_rate& a, const group_rate& b) {
  std::int64_t group = 0;
  for (const group_rate* g : {&a, &b}) {
    if (g->successes < 0 || g->n < 0) return {condition::negative_count, group};
    if (g->n == 0) return {condition::insufficient_data, group};
    if (g->successes > g->n) return {condition::count_exceeds_trials, group};
    ++group;
  }
  return {};
}

double rate_of(const group_rate& g) {
  return static_cast<double>(g.successes) / static_cast<double>(g.n);
}

// The first group's rate, given that the rates differ by `apart`, where the data are most likely.
// The likelihood is concave, so its slope crosses 0 once.
double restricted_rate(const group_rate& a, const group_rate& b, double apart) {
  const auto x1 = static_cast<double>(a.successes), n1 = static_cast<double>(a.n);
  const auto x2 = static_cast<double>(b.successes), n2 = static_cast<double>(b.n);
  double low = std::max(0.0, apart), high = std::min(1.0, 1 + apart);
  const auto part = [](double count, double rate) { return count == 0 ? 0 : count / rate; };
  for (int i = 0; i < 100 && low < high; ++i) {
    const double p = low + (high - low) / 2;
    if (p == low || p == high) break;
    const double slope =
        part(x1, p) - part(n1 - x1, 1 - p) + part(x2, p - apart) - part(n2 - x2, 1 - p + apart);
    (slope > 0 ? low : high) = p;
  }
  return low + (high - low) / 2;
}

// How many standard errors the observed difference lies above `apart`.
double score(const group_rate& a, const group_rate& b, double apart) {
  const double p1 = restricted_rate(a, b, apart);
  const double p2 = std::clamp(p1 - apart, 0.0, 1.0);
  const double variance =
      p1 * (1 - p1) / static_cast<double>(a.n) + p2 * (1 - p2) / static_cast<double>(b.n);
  const double above = rate_of(a) - rate_of(b) - apart;
  if (above == 0) return 0;
  return variance > 0 ? above / std::sqrt(variance)
                      : std::copysign(std::numeric_limits<double>::infinity(), above);
}

// The difference whose score is z; the score falls with the difference.
double difference_with_score(const group_rate& a, const group_rate& b, double z) {
  double low = -1, high = 1;
  for (int i = 0; i < 70; ++i) {
    const double middle = low + (high - low) / 2;
    (score(a, b, middle) > z ? low : high) = middle;
  }
  return low + (high - low) / 2;
}

double rate_std_error(const group_rate& a, const group_rate& b) {
  const double p1 = rate_of(a), p2 = rate_of(b);
  return std::sqrt(p1 * (1 - p1) / static_cast<double>(a.n) +
                   p2 * (1 - p2) / static_cast<double>(b.n));
}

}  // namespace

equivalence_test equivalence_of_means(std::span<const double> first, std::span<const double> second,
                                      equivalence_margins margins, equivalence_options options) {
  check_options(options);
  check_margins(margins);
  return equivalence_of(difference_of(first, second, options.variance), margins, options.alpha);
}

equivalence_test equivalence_of_means(const group_moments& first, const group_moments& second,
                                      equivalence_margins margins, equivalence_options options) {
  check_options(options);
  check_margins(margins);
  return equivalence_of(difference_of(first, second, options.variance), margins, options.alpha);
}

margin_test mean_exceeds(std::span<const double> first, std::span<const double> second,
                         double margin, equivalence_options options) {
  check_options(options);
  return exceeds(difference_of(first, second, options.variance), margin, options.alpha);
}

margin_test mean_exceeds(const group_moments& first, const group_moments& second, double margin,
                         equivalence_options options) {
  check_options(options);
  return exceeds(difference_of(first, second, options.variance), margin, options.alpha);
}

equivalence_test equivalence_of_rates(const group_rate& first, const group_rate& second,
                                      equivalence_margins margins, equivalence_options options) {
  check_options(options);
  check_margins(margins);
  if (!(margins.lower > -1 && margins.upper < 1)) {
    throw invalid_input("equivalence_of_rates: the margins are not within (-1, 1)");
  }
  equivalence_test test;
  test.why = test.estimate.why = rate_faults(first, second);
  if (!test.why.ok()) return test;
  test.estimate.value = rate_of(first) - rate_of(second);
  test.std_error = rate_std_error(first, second);
  test.p_above_lower = upper_tail(score(first, second, margins.lower), {});
  test.p_below_upper = upper_tail(-score(first, second, margins.upper), {});
  test.p_value = std::max(test.p_above_lower, test.p_below_upper);
  test.equivalent = test.p_value < options.alpha;
  const double z = upper_quantile(options.alpha, {});
  test.range = interval{difference_with_score(first, second, z),
                        difference_with_score(first, second, -z), 1 - 2 * options.alpha};
  return test;
}

margin_test rate_exceeds(const group_rate& first, const group_rate& second, double margin,
                         equivalence_options options) {
  check_options(options);
  if (!(margin > -1 && margin < 1)) {
    throw invalid_input("rate_exceeds: the margin is not within (-1, 1)");
  }
  margin_test test;
  test.why = test.estimate.why = test.lower_bound.why = rate_faults(first, second);
  if (!test.why.ok()) return test;
  test.estimate.value = rate_of(first) - rate_of(second);
  test.std_error = rate_std_error(first, second);
  test.p_value = upper_tail(score(first, second, margin), {});
  test.exceeds = test.p_value < options.alpha;
  test.lower_bound.value = difference_with_score(first, second, upper_quantile(options.alpha, {}));
  return test;
}

equivalence_test equivalence_of_estimate(double estimate, double std_error,
                                         equivalence_margins margins, equivalence_options options,
                                         std::optional<double> degrees_of_freedom) {
  check_options(options);
  check_margins(margins);
  return equivalence_of(given(estimate, std_error, degrees_of_freedom), margins, options.alpha);
}

margin_test estimate_exceeds(double estimate, double std_error, double margin,
                             equivalence_options options,
                             std::optional<double> degrees_of_freedom) {
  check_options(options);
  return exceeds(given(estimate, std_error, degrees_of_freedom), margin, options.alpha);
}

}  // namespace salespulse
