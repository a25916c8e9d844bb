// SPDX-License-Identifier: BSL-1.0
#include "sums.hpp"
#include <salespulse/core/random.hpp>
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/bootstrap.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace salespulse {

namespace {

// log(n!) less Stirling's formula without its series.
double stirling_error(double n) {
  constexpr std::array small{0.0,
                             0.08106146679532726,
                             0.04134069595540929,
                             0.02767792568499834,
                             0.02079067210376509,
                             0.01664469118982119,
                             0.01387612882307075,
                             0.01189670994589177,
                             0.01041126526197210,
                             0.00925546218271273};
  if (n < static_cast<double>(small.size())) return small[static_cast<std::size_t>(n)];
  const double square = 1 / (n * n);
  return (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square / 1680))) / n;
}

// x log(x / mean) + mean - x, without the cancellation near x = mean. Positive.
double deviance(double x, double mean) {
  const double excess = x - mean;
  if (std::abs(excess) < 0.1 * (x + mean)) {
    // With r = (x - mean) / (x + mean), log(x / mean) = 2 (r + r^3/3 + ...).
    const double r = excess / (x + mean);
    double term = 2 * x * r;
    double sum = excess * r;
    for (int k = 3; k < 40; k += 2) {
      term *= r * r;
      const double next = sum + term / k;
      if (next == sum) break;
      sum = next;
    }
    return sum;
  }
  return x * std::log(x / mean) + mean - x;
}

// log P(k) of the binomial law for 0 < k < n; p = successes / whole, both exact.
double log_probability(double k, double n, double p, double q) {
  constexpr double two_pi = 6.283185307179586;
  return stirling_error(n) - stirling_error(k) - stirling_error(n - k) - deviance(k, n * p) -
         deviance(n - k, n * q) + 0.5 * std::log(n / (two_pi * k * (n - k)));
}

double log_probability_or_edge(double k, double n, double p, double q) {
  if (k == 0) return n * std::log1p(-p);
  if (k == n) return n * std::log(p);
  return log_probability(k, n, p, q);
}

// Adds up the probabilities from 0 on until they pass a uniform number; for n p < 10.
double binomial_by_inversion(random_stream& stream, double n, double p) {
  double u = stream.uniform();
  double probability = std::exp(n * std::log1p(-p));
  const double odds = p / (1 - p);
  double k = 0;
  while (u >= probability && k < n) {
    u -= probability;
    probability *= (n - k) / (k + 1) * odds;
    k += 1;
    if (k > 200) break;  // fewer than 1e-100 of the draws; the rest is rounding of the sum
  }
  return k;
}

// Transformed rejection with squeeze: a ratio of uniforms whose hat covers the binomial law for
// n p >= 10 and p <= 1/2.
double binomial_by_rejection(random_stream& stream, double n, double p, double q) {
  const double deviation = std::sqrt(n * p * q);
  const double b = 1.15 + 2.53 * deviation;
  const double a = -0.0873 + 0.0248 * b + 0.01 * p;
  const double c = n * p + 0.5;
  const double alpha = (2.83 + 5.1 / b) * deviation;
  const double squeeze = 0.92 - 4.2 / b;
  const double mode = std::floor((n + 1) * p);
  const double log_mode = log_probability_or_edge(mode, n, p, q);
  while (true) {
    const double u = stream.uniform() - 0.5;
    const double v = stream.uniform();
    const double us = 0.5 - std::abs(u);
    if (us == 0) continue;
    const double k = std::floor((2 * a / us + b) * u + c);
    if (k < 0 || k > n) continue;
    if (us >= 0.07 && v <= squeeze) return k;
    const double height = v * alpha / (a / (us * us) + b);
    if (height == 0) return k;
    if (std::log(height) <= log_probability_or_edge(k, n, p, q) - log_mode) return k;
  }
}

// Of `n` draws, how many fall on a row of count `mine` out of `all`.
std::int64_t binomial(random_stream& stream, std::int64_t n, std::int64_t mine, std::int64_t all) {
  if (n == 0 || mine == 0) return 0;
  if (mine == all) return n;
  const bool mirrored = mine > all - mine;
  const double share = static_cast<double>(mirrored ? all - mine : mine);
  const double rest = static_cast<double>(mirrored ? mine : all - mine);
  const double p = share / static_cast<double>(all);
  const double q = rest / static_cast<double>(all);
  const double whole = static_cast<double>(n);
  const double k = whole * p < 10 ? binomial_by_inversion(stream, whole, p)
                                  : binomial_by_rejection(stream, whole, p, q);
  const auto drawn = static_cast<std::int64_t>(k);
  return mirrored ? n - drawn : drawn;
}

double quantile_of(std::span<const double> sorted, double p) {
  const double place = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  if (below + 1 >= sorted.size()) return sorted.back();
  const double share = place - static_cast<double>(below);
  return (1 - share) * sorted[below] + share * sorted[below + 1];
}

}  // namespace

std::vector<std::int64_t> resampled_counts(std::span<const std::int64_t> counts, std::uint64_t seed,
                                           std::uint64_t replicate) {
  std::vector<std::int64_t> result(counts.begin(), counts.end());
  std::int64_t all = 0;
  for (const std::int64_t count : counts) {
    if (count < 0) return result;
  }
  constexpr std::int64_t most = std::int64_t{1} << 53;
  for (const std::int64_t count : counts) {
    if (count > most - all) throw invalid_input("resampled_counts: more than 2^53 rows");
    all += count;
  }
  random_stream stream(seed, replicate);
  std::int64_t left = all;  // draws still to be made, among rows of `all` together
  for (std::int64_t& count : result) {
    const std::int64_t mine = count;
    count = binomial(stream, left, mine, all);
    left -= count;
    all -= mine;
  }
  return result;
}

bootstrap_summary summarise_bootstrap(std::span<const double> replicates, confidence sure) {
  if (!(sure.level > 0 && sure.level < 1)) {
    throw invalid_input("summarise_bootstrap: the level is not between 0 and 1");
  }
  bootstrap_summary summary;
  for (std::size_t i = 0; i < replicates.size(); ++i) {
    if (!std::isfinite(replicates[i])) {
      summary.why = {condition::non_finite_input, static_cast<std::int64_t>(i)};
      return summary;
    }
  }
  summary.why = {condition::insufficient_data, -1};
  const double n = static_cast<double>(replicates.size());
  if (replicates.size() < 2) return summary;
  std::vector<double> sorted(replicates.begin(), replicates.end());
  std::sort(sorted.begin(), sorted.end());

  // Scaled by the largest so that no square overflows.
  const double scale = std::max(std::abs(sorted.front()), std::abs(sorted.back()));
  running_sum total;
  for (const double x : sorted) total.add(scale > 0 ? x / scale : 0);
  const double mean = total.value() / n;
  running_sum squares;
  for (const double x : sorted) {
    const double d = scale > 0 ? x / scale - mean : 0;
    squares.add(d * d);
  }
  const double deviation = scale * std::sqrt(squares.value() / (n - 1));
  if (!std::isfinite(deviation)) {
    summary.why = {condition::out_of_range, -1};
    return summary;
  }
  summary.std_error = deviation;

  // 1 - 0.9 is not the last digit of 0.1: 40 replicates leave two beyond each end of 90 %.
  const double tail = (1 - sure.level) / 2;
  if (n * tail < 2 * (1 - 1e-12)) return summary;
  summary.range = interval{quantile_of(sorted, tail), quantile_of(sorted, 1 - tail), sure.level};
  summary.why = {};
  return summary;
}

}  // namespace salespulse
