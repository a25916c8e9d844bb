// SPDX-License-Identifier: BSL-1.0
#include "slope_selection.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/core/wide.hpp>
#include <salespulse/statistics/summary.hpp>
#include <salespulse/statistics/trend.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <numeric>
#include <vector>

namespace salespulse {

namespace {

double upper_tail(double z) { return 0.5 * std::erfc(z / std::numbers::sqrt2); }

// Sums over groups of t equal values, in whole numbers.
struct tie_sums {
  wide pairs = 0;    // t (t - 1)
  wide triples = 0;  // t (t - 1) (t - 2)
  wide spread = 0;   // t (t - 1) (2 t + 5)
};

tie_sums ties_of(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  tie_sums sums;
  for (std::size_t i = 0; i < sorted.size();) {
    std::size_t end = i;
    while (end < sorted.size() && sorted[end] == sorted[i]) ++end;
    const wide t = static_cast<wide>(end - i);
    sums.pairs += t * (t - 1);
    sums.triples += t * (t - 1) * (t - 2);
    sums.spread += t * (t - 1) * (2 * t + 5);
    i = end;
  }
  return sums;
}

double variance_of_s(std::int64_t n, const tie_sums& x, const tie_sums& y) {
  const wide m = n;
  double v = to_double(m * (m - 1) * (2 * m + 5) - x.spread - y.spread) / 18;
  v += to_double(x.pairs) * to_double(y.pairs) / (2 * to_double(m * (m - 1)));
  if (n > 2) {
    v += to_double(x.triples) * to_double(y.triples) / (9 * to_double(m * (m - 1) * (m - 2)));
  }
  return v;
}

// The probability that a random order of n values has at most k pairs in descending order, for k
// up to half of all pairs. Adding the m-th value makes 0 to m - 1 further descents, each as
// likely. Below the middle the probabilities grow with k, so that what the moving sum takes away
// is never much larger than what remains.
double probability_of_descents(std::int64_t n, std::int64_t most) {
  std::vector<double> p(static_cast<std::size_t>(most) + 1, 0.0), next(p.size());
  p[0] = 1;
  for (std::int64_t m = 2; m <= n; ++m) {
    double window = 0;
    for (std::size_t k = 0; k < p.size(); ++k) {
      window += p[k];
      if (k >= static_cast<std::size_t>(m)) window -= p[k - static_cast<std::size_t>(m)];
      next[k] = window / static_cast<double>(m);
    }
    p.swap(next);
  }
  return std::accumulate(p.begin(), p.end(), 0.0);
}

// P(S >= s) among all orders of n distinct values.
double exact_upper_tail(std::int64_t n, std::int64_t s) {
  const std::int64_t pairs = n * (n - 1) / 2;
  const std::int64_t descents = (pairs - s) / 2;
  if (descents <= pairs / 2) return std::min(1.0, probability_of_descents(n, descents));
  const std::int64_t beyond = pairs - descents - 1;
  return beyond < 0 ? 1 : 1 - probability_of_descents(n, beyond);
}

double median_of(std::vector<double> values) {
  const std::size_t middle = values.size() / 2;
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(middle);
  std::nth_element(values.begin(), at, values.end());
  if (values.size() % 2 != 0) return *at;
  const double below = *std::max_element(values.begin(), at);
  return below / 2 + *at / 2;
}

}  // namespace

mann_kendall_test mann_kendall(std::span<const double> times, std::span<const double> values,
                               mann_kendall_options options) {
  if (options.exact_up_to < 0 || options.exact_up_to > 170) {
    throw invalid_input("mann_kendall: exact_up_to is not within 0 to 170");
  }
  mann_kendall_test test;
  const pair_counts counts = count_pairs(times, values);
  const auto n = static_cast<std::int64_t>(values.size());
  test.why = counts.why;
  if (test.why.ok() && n < 2) test.why = {condition::insufficient_data, -1};
  test.tau_b.why = test.why;
  if (!test.why.ok()) return test;
  test.s = counts.concordant - counts.discordant;
  test.variance = variance_of_s(n, ties_of(times), ties_of(values));
  const std::int64_t pairs = n * (n - 1) / 2;
  if (counts.tied_x == pairs || counts.tied_y == pairs) {
    test.variance = 0;
    test.why = {condition::degenerate, -1};
    test.tau_b.why = {condition::zero_variance, counts.tied_x == pairs ? 0 : 1};
    return test;
  }
  const double sd = std::sqrt(test.variance);
  const auto score = static_cast<double>(test.s);
  test.tau_b = kendall_tau(times, values);
  test.z = std::abs(score) <= 1 ? 0 : (score - std::copysign(1.0, score)) / sd;
  if (n <= options.exact_up_to && counts.tied_x == 0 && counts.tied_y == 0) {
    test.exact = true;
    test.p_rising = exact_upper_tail(n, test.s);
    test.p_falling = exact_upper_tail(n, -test.s);
    test.p_value = std::min(1.0, 2 * std::min(test.p_rising, test.p_falling));
  } else {
    test.p_rising = upper_tail((score - 1) / sd);
    test.p_falling = upper_tail((-score - 1) / sd);
    test.p_value = std::min(1.0, 2 * upper_tail(std::abs(test.z)));
  }
  return test;
}

mann_kendall_test mann_kendall(std::span<const double> values, mann_kendall_options options) {
  std::vector<double> times(values.size());
  std::iota(times.begin(), times.end(), 0.0);
  return mann_kendall(times, values, options);
}

theil_sen_line theil_sen(std::span<const double> times, std::span<const double> values,
                         confidence c) {
  theil_sen_line line;
  const auto refuse = [&line](status why) {
    line.why = line.slope.why = line.intercept.why = why;
    return line;
  };
  const pair_counts counts = count_pairs(times, values);
  if (!counts.why.ok()) return refuse(counts.why);
  const auto n = static_cast<std::int64_t>(values.size());
  if (n < 2) return refuse({condition::insufficient_data, -1});
  line.pairs = n * (n - 1) / 2 - counts.tied_x;
  if (line.pairs == 0) return refuse({condition::zero_variance, -1});

  const slope_selection slopes(times, values);
  // The slope of a rank from 1 on, in a straight line between whole ranks.
  const auto at_rank = [&](double rank) {
    const double below = std::floor(rank);
    const auto low = static_cast<std::int64_t>(below);
    const slope_selection::neighbours at = slopes.at(low);
    const double share = rank - below;
    return share == 0 ? at.first : (1 - share) * at.first + share * at.second;
  };
  const double slope = at_rank((static_cast<double>(line.pairs) + 1) / 2);
  if (!std::isfinite(slope)) return refuse({condition::out_of_range, -1});
  line.slope = {slope, {}};
  std::vector<double> rest(values.size());
  for (std::size_t i = 0; i < rest.size(); ++i) rest[i] = std::fma(-slope, times[i], values[i]);
  const double intercept = median_of(std::move(rest));
  if (std::isfinite(intercept)) {
    line.intercept = {intercept, {}};
  } else {
    line.intercept.why = {condition::out_of_range, -1};
  }

  const double sd = std::sqrt(variance_of_s(n, ties_of(times), ties_of(values)));
  const double lower_rank = (static_cast<double>(line.pairs) - c.z * sd) / 2;
  const double upper_rank = (static_cast<double>(line.pairs) + c.z * sd) / 2 + 1;
  // Where all values are equal sd is 0, and the ranks are the two in the middle.
  const auto pairs = static_cast<double>(line.pairs);
  if (lower_rank < 1 || upper_rank > pairs) {
    line.why = {condition::degenerate, -1};
    return line;
  }
  const interval range{at_rank(lower_rank), at_rank(upper_rank), c.level};
  if (std::isfinite(range.lower) && std::isfinite(range.upper)) {
    line.range = range;
  } else {
    line.why = {condition::out_of_range, -1};
  }
  return line;
}

}  // namespace salespulse
