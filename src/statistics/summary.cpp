// SPDX-License-Identifier: BSL-1.0
#include "exact_sum.hpp"
#include "inversions.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/summary.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <vector>

namespace salespulse {

namespace {

status first_non_finite(std::span<const double> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      return {condition::non_finite_input, static_cast<std::int64_t>(i)};
    }
  }
  return {};
}

figure without(condition what, std::int64_t where = -1) { return {std::nullopt, {what, where}}; }

// A figure whose true value is not 0.
figure in_range(double x) {
  if (!std::isfinite(x) || x == 0) return without(condition::out_of_range);
  return {x, {}};
}

// The deviation from a centre, in units of 2^exponent, as `high` + `low`: nothing is lost.
struct deviation {
  double high;
  double low;
};

// Deviations from the rounded mean.
class deviations {
public:
  deviations(std::span<const double> values, double mean) : mean_(mean) {
    double largest = std::abs(mean);
    for (const double x : values) largest = std::max(largest, std::abs(x));
    // A difference of two of the largest doubles would overflow.
    const int before = largest > 0x1p1000 ? 8 : 0;
    before_ = std::ldexp(1.0, -before);
    centre_ = mean * before_;
    double spread = 0;
    for (const double x : values) spread = std::max(spread, std::abs(raw(x).high));
    const int after = spread > 0 ? std::ilogb(spread) : 0;
    // In two steps: 2^1074 is no double.
    after_ = std::ldexp(1.0, -after / 2);
    after_too_ = std::ldexp(1.0, -after + after / 2);
    exponent_ = before + after;
  }

  // |high| is below 2.
  [[nodiscard]] deviation of(double x) const {
    const deviation d = raw(x);
    return {d.high * after_ * after_too_, d.low * after_ * after_too_};
  }

  // The mean deviation of the n values whose sum is `total`: what rounding took from their mean.
  [[nodiscard]] double mean_of(exact_sum total, std::int64_t n) const {
    total.add(-mean_, n);
    return total.over(n) * before_ * after_ * after_too_;
  }

  // Deviations are in units of 2^exponent.
  [[nodiscard]] int exponent() const { return exponent_; }

private:
  [[nodiscard]] deviation raw(double x) const {
    const double scaled = x * before_;
    const double d = scaled - centre_;
    const double back = d - scaled;
    return {d, (scaled - (d - back)) - (centre_ + back)};
  }
  double mean_;
  double before_ = 1;
  double after_ = 1;
  double after_too_ = 1;
  double centre_ = 0;
  int exponent_ = 0;
};

void add_product(exact_sum& sum, const deviation& a, const deviation& b, std::int64_t weight) {
  sum.add_product(a.high, b.high, weight);
  sum.add(a.high * b.low, weight);
  sum.add(a.low * b.high, weight);
}

double square(double x) { return x * x; }

constexpr std::int64_t most_cases = std::int64_t{1} << 53;

bool all_equal(std::span<const double> values, std::span<const std::int64_t> weights) {
  const double* first = nullptr;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!weights.empty() && weights[i] == 0) continue;
    if (first == nullptr) first = &values[i];
    if (values[i] != *first) return false;
  }
  return true;
}

// Empty weights: each row once.
sample_summary summary_of(std::span<const double> values, std::span<const std::int64_t> weights) {
  const auto weight = [&](std::size_t i) { return weights.empty() ? 1 : weights[i]; };
  sample_summary s;
  for (figure* f : {&s.sum, &s.mean, &s.variance, &s.sd, &s.skewness, &s.excess_kurtosis,
                    &s.lag_1_autocorrelation}) {
    *f = without(condition::insufficient_data);
  }
  const auto refuse = [&s](status why) {
    s.why = why;
    for (figure* f : {&s.sum, &s.mean, &s.variance, &s.sd, &s.skewness, &s.excess_kurtosis,
                      &s.lag_1_autocorrelation}) {
      f->why = why;
    }
    return s;
  };
  if (const status why = first_non_finite(values); !why.ok()) return refuse(why);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (weight(i) < 0) return refuse({condition::invalid_weight, static_cast<std::int64_t>(i)});
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (weight(i) >= most_cases - s.n) {
      throw invalid_input("summarise: the weights add up to 2^53 or more");
    }
    s.n += weight(i);
  }
  if (!values.empty() && s.n == 0) return refuse({condition::invalid_weight, -1});
  if (s.n == 0) {
    s.sum = {0.0, {}};
    return s;
  }

  exact_sum total;
  for (std::size_t i = 0; i < values.size(); ++i) total.add(values[i], weight(i));
  const double sum = total.value();
  s.sum = std::isfinite(sum) ? figure{sum, {}} : without(condition::out_of_range);
  const double mean = total.over(s.n);
  s.mean = {mean, {}};
  if (s.n < 2) return s;
  if (all_equal(values, weights)) {
    s.variance = {0.0, {}};
    s.sd = {0.0, {}};
    s.skewness = without(condition::zero_variance);
    s.excess_kurtosis = without(condition::zero_variance);
    s.lag_1_autocorrelation = without(condition::zero_variance);
    return s;
  }

  std::vector<double> kept;
  if (!weights.empty()) {
    // A row that counts for nothing must not set the scale either.
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (weights[i] > 0) kept.push_back(values[i]);
    }
  }
  const deviations from_mean(weights.empty() ? values : std::span<const double>(kept), mean);
  exact_sum second, third, fourth, neighbours;
  deviation before{};
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::int64_t w = weight(i);
    if (w == 0) continue;
    const deviation d = from_mean.of(values[i]);
    add_product(second, d, d, w);
    third.add(d.high * d.high * d.high, w);
    fourth.add(square(d.high * d.high), w);
    if (weights.empty() && i > 0) add_product(neighbours, before, d, 1);
    before = d;
  }
  const auto n = static_cast<double>(s.n);
  const double shift = from_mean.mean_of(total, s.n);
  const double squares = second.value() - n * square(shift);
  const double m2 = squares / n;
  const double m3 = (third.value() - 3 * shift * second.value()) / n + 2 * shift * square(shift);
  const double m4 =
      (fourth.value() - 4 * shift * third.value() + 6 * square(shift) * second.value()) / n -
      3 * square(square(shift));
  const double variance = squares / (n - 1);
  s.variance = in_range(std::ldexp(variance, 2 * from_mean.exponent()));
  s.sd = in_range(std::ldexp(std::sqrt(variance), from_mean.exponent()));
  s.skewness = {m3 / (m2 * std::sqrt(m2)), {}};
  s.excess_kurtosis = {m4 / square(m2) - 3, {}};
  if (weights.empty()) {
    const double ends = from_mean.of(values.front()).high + from_mean.of(values.back()).high;
    const double products =
        neighbours.value() - shift * (2 * n * shift - ends) + (n - 1) * square(shift);
    s.lag_1_autocorrelation = {products / squares, {}};
  }
  return s;
}

// What is wrong with pairs, for correlations of any kind.
status pair_faults(std::span<const double> x, std::span<const double> y) {
  if (x.size() != y.size()) throw invalid_input("correlation: x and y differ in length");
  const status in_x = first_non_finite(x);
  const status in_y = first_non_finite(y);
  if (!in_x.ok() && (in_y.ok() || in_x.where <= in_y.where)) return in_x;
  if (!in_y.ok()) return in_y;
  if (x.size() < 2) return {condition::insufficient_data, -1};
  if (all_equal(x, {})) return {condition::zero_variance, 0};
  if (all_equal(y, {})) return {condition::zero_variance, 1};
  return {};
}

std::int64_t pairs_among(std::int64_t n) { return n * (n - 1) / 2; }

// Twice the mean rank of each value less n + 1: whole numbers that add to 0.
std::vector<std::int64_t> centred_ranks(std::span<const double> values) {
  const std::size_t n = values.size();
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<std::int64_t> ranks(n);
  for (std::size_t i = 0; i < n;) {
    std::size_t end = i;
    while (end < n && values[order[end]] == values[order[i]]) ++end;
    const auto doubled = static_cast<std::int64_t>(i + end + 1) - static_cast<std::int64_t>(n + 1);
    for (; i < end; ++i) ranks[order[i]] = doubled;
  }
  return ranks;
}

}  // namespace

sample_summary summarise(std::span<const double> values) { return summary_of(values, {}); }

sample_summary summarise(std::span<const double> values, std::span<const std::int64_t> weights) {
  if (values.size() != weights.size()) {
    throw invalid_input("summarise: values and weights differ in length");
  }
  sample_summary s = summary_of(values, weights);
  if (s.why.ok()) s.lag_1_autocorrelation = without(condition::insufficient_data);
  return s;
}

figure correlation(std::span<const double> x, std::span<const double> y) {
  if (const status why = pair_faults(x, y); !why.ok()) return {std::nullopt, why};
  const auto n = static_cast<std::int64_t>(x.size());
  exact_sum total_x, total_y;
  for (const double value : x) total_x.add(value);
  for (const double value : y) total_y.add(value);
  const deviations from_x(x, total_x.over(n));
  const deviations from_y(y, total_y.over(n));
  exact_sum xx, yy, xy;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const deviation dx = from_x.of(x[i]);
    const deviation dy = from_y.of(y[i]);
    add_product(xx, dx, dx, 1);
    add_product(yy, dy, dy, 1);
    add_product(xy, dx, dy, 1);
  }
  const auto size = static_cast<double>(n);
  const double shift_x = from_x.mean_of(total_x, n);
  const double shift_y = from_y.mean_of(total_y, n);
  const double sxx = xx.value() - size * square(shift_x);
  const double syy = yy.value() - size * square(shift_y);
  const double sxy = xy.value() - size * shift_x * shift_y;
  // Deviations are below 2 and the largest is at least 1, so the product cannot overflow.
  return {std::clamp(sxy / std::sqrt(sxx * syy), -1.0, 1.0), {}};
}

figure rank_correlation(std::span<const double> x, std::span<const double> y) {
  if (const status why = pair_faults(x, y); !why.ok()) return {std::nullopt, why};
  const std::vector<std::int64_t> a = centred_ranks(x);
  const std::vector<std::int64_t> b = centred_ranks(y);
  wide aa = 0, bb = 0, ab = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    aa += static_cast<wide>(a[i]) * a[i];
    bb += static_cast<wide>(b[i]) * b[i];
    ab += static_cast<wide>(a[i]) * b[i];
  }
  // One root of the product: a perfect correlation is 1 to the bit.
  const double size = std::sqrt(to_double(aa) * to_double(bb));
  return {std::clamp(to_double(ab) / size, -1.0, 1.0), {}};
}

pair_counts count_pairs(std::span<const double> x, std::span<const double> y) {
  if (x.size() != y.size()) throw invalid_input("count_pairs: x and y differ in length");
  pair_counts counts;
  const status in_x = first_non_finite(x);
  const status in_y = first_non_finite(y);
  if (!in_x.ok() || !in_y.ok()) {
    counts.why = in_x.ok() || (!in_y.ok() && in_y.where < in_x.where) ? in_y : in_x;
    return counts;
  }
  const std::size_t n = x.size();
  struct row {
    double x;
    double y;
  };
  std::vector<row> rows(n);
  for (std::size_t i = 0; i < n; ++i) rows[i] = {x[i], y[i]};
  std::sort(rows.begin(), rows.end(),
            [](const row& a, const row& b) { return a.x != b.x ? a.x < b.x : a.y < b.y; });
  std::int64_t run_x = 0, run_both = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const bool same_x = i > 0 && rows[i].x == rows[i - 1].x;
    const bool same_both = same_x && rows[i].y == rows[i - 1].y;
    run_x = same_x ? run_x + 1 : 0;
    run_both = same_both ? run_both + 1 : 0;
    counts.tied_x += run_x;
    counts.tied_both += run_both;
  }
  std::vector<double> in_order(n);
  for (std::size_t i = 0; i < n; ++i) in_order[i] = rows[i].y;
  // Rows of equal x stand in ascending y, so descents are pairs that differ in both.
  merge_inversions(in_order, [&](const double*, std::size_t count, double) {
    counts.discordant += static_cast<std::int64_t>(count);
  });
  std::int64_t run_y = 0;
  for (std::size_t i = 1; i < n; ++i) {
    run_y = in_order[i] == in_order[i - 1] ? run_y + 1 : 0;
    counts.tied_y += run_y;
  }
  counts.concordant = pairs_among(static_cast<std::int64_t>(n)) - counts.discordant -
                      counts.tied_x - counts.tied_y + counts.tied_both;
  return counts;
}

figure kendall_tau(std::span<const double> x, std::span<const double> y) {
  if (const status why = pair_faults(x, y); !why.ok()) return {std::nullopt, why};
  const pair_counts c = count_pairs(x, y);
  const std::int64_t pairs = pairs_among(static_cast<std::int64_t>(x.size()));
  // One root of the product: a perfect correlation is 1 to the bit.
  const double size = std::sqrt(static_cast<double>(pairs - c.tied_x) *
                                static_cast<double>(pairs - c.tied_y));
  return {std::clamp(static_cast<double>(c.concordant - c.discordant) / size, -1.0, 1.0), {}};
}

}  // namespace salespulse
