// SPDX-License-Identifier: BSL-1.0
#include "slope_selection.hpp"

#include "inversions.hpp"
#include <salespulse/core/random.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>

namespace salespulse {

namespace {

constexpr double largest = std::numeric_limits<double>::max();

// Up to this many pairs are listed instead of searched.
constexpr std::int64_t few_pairs = 20'000;

// y - theta x with the bits that one double cannot hold. Twice the precision tells all slopes
// apart that differ as doubles.
struct residual {
  double high;
  double low;
  std::uint32_t row;
};

residual residual_of(double x, double y, double theta, std::uint32_t row) {
  const double product = theta * x;
  // Beyond doubles only the order counts, and there x decides it.
  if (std::isinf(product)) {
    return product > 0 ? residual{-largest, -std::abs(x), row}
                       : residual{largest, std::abs(x), row};
  }
  const double product_low = std::fma(theta, x, -product);
  const double sum = y - product;
  const double back = sum - y;
  const double low = ((y - (sum - back)) - (product + back)) - product_low;
  const double high = sum + low;
  return {high, low - (high - sum), row};
}

// The power of two that values are divided by, so that differences do not overflow and products do
// not vanish; not more, for one outlier of 1e308 must leave the other values their digits.
int exponent_of(std::span<const double> values) {
  constexpr int moderate = 300;
  double most = 0;
  for (const double x : values) most = std::max(most, std::abs(x));
  const int exponent = most == 0 ? 0 : std::ilogb(most) + 1;
  return exponent - std::clamp(exponent, -moderate, moderate);
}

}  // namespace

slope_selection::slope_selection(std::span<const double> x, std::span<const double> y) {
  const int ex = exponent_of(x), ey = exponent_of(y);
  exponent_ = ey - ex;
  rows_.reserve(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    rows_.push_back({std::ldexp(x[i], -ex), std::ldexp(y[i], -ey), 0});
  }
  std::sort(rows_.begin(), rows_.end(),
            [](const row& a, const row& b) { return a.x != b.x ? a.x < b.x : a.y < b.y; });
  std::int64_t same = 0;
  const auto n = static_cast<std::int64_t>(rows_.size());
  pairs_ = n * (n - 1) / 2;
  for (std::size_t i = 1; i < rows_.size(); ++i) {
    same = rows_[i].x == rows_[i - 1].x ? same + 1 : 0;
    rows_[i].group = rows_[i - 1].group + (same == 0 ? 1 : 0);
    pairs_ -= same;
  }
}

double slope_selection::slope(std::uint32_t i, std::uint32_t j) const {
  const row& a = rows_[i];
  const row& b = rows_[j];
  return std::clamp((b.y - a.y) / (b.x - a.x), -largest, largest);
}

slope_selection::cut slope_selection::cut_at(double theta) const {
  std::vector<residual> residuals;
  residuals.reserve(rows_.size());
  for (std::uint32_t i = 0; i < rows_.size(); ++i) {
    residuals.push_back(residual_of(rows_[i].x, rows_[i].y, theta, i));
  }
  // Equal residuals stand with the later x first: their slope is theta itself and counts. Rows of
  // equal x keep their order for every theta.
  std::sort(residuals.begin(), residuals.end(), [this](const residual& a, const residual& b) {
    if (a.high != b.high) return a.high < b.high;
    if (a.low != b.low) return a.low < b.low;
    const std::uint32_t ga = rows_[a.row].group, gb = rows_[b.row].group;
    return ga != gb ? ga > gb : a.row < b.row;
  });
  cut c{theta, {}, 0};
  std::vector<std::uint32_t> groups;
  for (const residual& r : residuals) {
    c.rows.push_back(r.row);
    groups.push_back(rows_[r.row].group);
  }
  merge_inversions(groups, [&c](const std::uint32_t*, std::size_t count, std::uint32_t) {
    c.below += static_cast<std::int64_t>(count);
  });
  return c;
}

slope_selection::neighbours slope_selection::pick(std::vector<double>& slopes,
                                                  std::int64_t k) const {
  // Rounding can leave a pair out whose slope is that of a cut to the last bit; the rank then moves
  // by one among slopes that are equal as doubles.
  const auto last = static_cast<std::int64_t>(slopes.size()) - 1;
  const auto at = slopes.begin() + std::clamp<std::int64_t>(k - 1, 0, last);
  std::nth_element(slopes.begin(), at, slopes.end());
  const double first = *at;
  const double second = at + 1 == slopes.end() ? first : *std::min_element(at + 1, slopes.end());
  return {std::ldexp(first, exponent_), std::ldexp(second, exponent_)};
}

slope_selection::neighbours slope_selection::at(std::int64_t k) const {
  const auto n = static_cast<std::int64_t>(rows_.size());
  std::vector<double> slopes;
  if (n * (n - 1) / 2 <= few_pairs) {
    for (std::uint32_t j = 1; j < rows_.size(); ++j) {
      for (std::uint32_t i = 0; i < j; ++i) {
        if (rows_[i].group != rows_[j].group) slopes.push_back(slope(i, j));
      }
    }
    return pick(slopes, k);
  }

  // All slopes are above the lower cut's theta and at most the upper one's: at first, the rows in
  // order and in reverse order of x.
  cut lower{-largest, order(rows_.size()), 0};
  std::iota(lower.rows.begin(), lower.rows.end(), std::uint32_t{0});
  cut upper{largest, lower.rows, pairs_};
  std::sort(upper.rows.begin(), upper.rows.end(), [this](std::uint32_t a, std::uint32_t b) {
    return rows_[a].group != rows_[b].group ? rows_[a].group > rows_[b].group : a < b;
  });
  random_stream random(0x5109E, static_cast<std::uint64_t>(n));
  const std::int64_t enough = std::max(few_pairs, 16 * n);

  // The pairs between the cuts: those that the upper order turns round and the lower does not.
  const auto between = [&] {
    std::vector<std::uint32_t> place(rows_.size()), sequence(rows_.size());
    for (std::uint32_t i = 0; i < lower.rows.size(); ++i) place[lower.rows[i]] = i;
    for (std::size_t i = 0; i < sequence.size(); ++i) sequence[i] = place[upper.rows[i]];
    return sequence;
  };
  const auto keep_slope = [&](std::uint32_t a, std::uint32_t b) {
    const std::uint32_t i = lower.rows[a], j = lower.rows[b];
    if (rows_[i].group != rows_[j].group) slopes.push_back(slope(i, j));
  };
  const auto use = [&](double theta) {
    if (!(theta > lower.theta && theta < upper.theta)) return;
    cut c = cut_at(theta);
    (c.below < k ? lower : upper) = std::move(c);
  };
  const auto with_next = [&](double first) {
    const double found = std::ldexp(first, exponent_);
    return neighbours{found, k < std::min(upper.below, pairs_) ? found : at(k + 1).first};
  };

  while (upper.below - lower.below > enough) {
    const std::int64_t inside = upper.below - lower.below;
    // Random ranks among the pairs inside, met in order while merging.
    std::vector<std::int64_t> wanted(static_cast<std::size_t>(std::min<std::int64_t>(n, 100'000)));
    for (std::int64_t& w : wanted) {
      w = static_cast<std::int64_t>(random.uniform() * static_cast<double>(inside));
    }
    std::sort(wanted.begin(), wanted.end());
    slopes.clear();
    std::int64_t seen = 0;
    auto next = wanted.begin();
    std::vector<std::uint32_t> sequence = between();
    merge_inversions(sequence,
                     [&](const std::uint32_t* left, std::size_t count, std::uint32_t right) {
                       const std::int64_t end = seen + static_cast<std::int64_t>(count);
                       for (; next != wanted.end() && *next < end; ++next)
                         keep_slope(right, left[*next - seen]);
                       seen = end;
                     });
    if (slopes.empty()) break;
    std::sort(slopes.begin(), slopes.end());
    // Three standard deviations of a sample's rank around the place where ours should be.
    const auto size = static_cast<double>(slopes.size());
    const double share = (static_cast<double>(k - lower.below) - 0.5) / static_cast<double>(inside);
    const double margin = 3 * std::sqrt(size * std::max(share * (1 - share), 1 / size)) + 1;
    const auto sampled = [&](double rank) {
      return slopes[static_cast<std::size_t>(std::clamp(rank, 0.0, size - 1))];
    };
    use(sampled(size * share - margin));
    use(sampled(size * share + margin));
    if (upper.below - lower.below < inside) continue;
    // No closer: many pairs share one slope, which need not be a double. Cut on both sides of it.
    const double middle = sampled(size * share);
    const double just_below = middle == 0 ? -0x1p-900 : std::nextafter(middle, -largest);
    const double just_above = middle == 0 ? 0x1p-900 : std::nextafter(middle, largest);
    use(just_below);
    use(middle);
    use(just_above);
    if (lower.theta >= just_below && upper.theta <= just_above) return with_next(middle);
    if (upper.below - lower.below < inside) continue;
    const double halfway = lower.theta / 2 + upper.theta / 2;
    if (!(halfway > lower.theta && halfway < upper.theta)) return with_next(middle);
    use(halfway);
  }

  std::vector<std::uint32_t> sequence = between();
  slopes.clear();
  merge_inversions(sequence,
                   [&](const std::uint32_t* left, std::size_t count, std::uint32_t right) {
                     for (std::size_t i = 0; i < count; ++i) keep_slope(right, left[i]);
                   });
  const neighbours found = pick(slopes, k - lower.below);
  return k == upper.below && k < pairs_ ? neighbours{found.first, at(k + 1).first} : found;
}

}  // namespace salespulse
