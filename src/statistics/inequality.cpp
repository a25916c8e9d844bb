// SPDX-License-Identifier: BSL-1.0
#include "sums.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/core/wide.hpp>
#include <salespulse/statistics/inequality.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace salespulse {

namespace {

constexpr std::int64_t most_holders = std::int64_t{1} << 53;

// Holders of one amount.
struct step {
  double amount;
  std::int64_t holders;
};

// Distinct amounts in order, scaled by a power of two so that the largest is below 1: sums of the
// largest doubles do not overflow, and shares do not change.
struct spread {
  std::vector<step> steps;
  std::int64_t holders = 0;
  double total = 0;
  status why;
};

// Empty weights: each row is one holder.
spread spread_of(std::span<const double> amounts, std::span<const std::int64_t> weights) {
  spread s;
  double largest = 0;
  for (std::size_t i = 0; i < amounts.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    const std::int64_t weight = weights.empty() ? 1 : weights[i];
    if (!std::isfinite(amounts[i])) {
      s.why = {condition::non_finite_input, row};
    } else if (weight < 0) {
      s.why = {condition::invalid_weight, row};
    } else if (amounts[i] < 0) {
      s.why = {condition::negative_amount, row};
    }
    if (!s.why.ok()) return s;
    if (weight == 0) continue;
    s.steps.push_back({amounts[i], weight});
    largest = std::max(largest, amounts[i]);
  }
  for (const step& t : s.steps) {
    if (t.holders >= most_holders - s.holders) {
      throw invalid_input("inequality: the weights add up to 2^53 or more");
    }
    s.holders += t.holders;
  }
  if (amounts.empty()) {
    s.why = {condition::insufficient_data, -1};
  } else if (s.holders == 0) {
    s.why = {condition::invalid_weight, -1};
  } else if (largest == 0) {
    s.why = {condition::zero_total, -1};
  }
  if (!s.why.ok()) return s;

  std::sort(s.steps.begin(), s.steps.end(),
            [](const step& a, const step& b) { return a.amount < b.amount; });
  const int scale = std::ilogb(largest) + 1;
  std::size_t last = 0;
  for (std::size_t i = 1; i < s.steps.size(); ++i) {
    if (s.steps[i].amount == s.steps[last].amount) {
      s.steps[last].holders += s.steps[i].holders;
    } else {
      s.steps[++last] = s.steps[i];
    }
  }
  s.steps.resize(last + 1);
  running_sum total;
  for (step& t : s.steps) {
    t.amount = std::ldexp(t.amount, -scale);
    total.add(t.amount * static_cast<double>(t.holders));
  }
  s.total = total.value();
  return s;
}

// Sum over ordered holders of (2 rank - n - 1) times the amount. The factors add up to 0, so a
// common part of the amounts can go first, with the digits that it would cost.
double ordered_differences(const spread& s) {
  const double centre = s.steps[s.steps.size() / 2].amount;
  running_sum sum;
  std::int64_t below = 0;
  for (const step& t : s.steps) {
    const wide factor =
        static_cast<wide>(t.holders) * (2 * static_cast<wide>(below) + t.holders - s.holders);
    sum.add(to_double(factor) * (t.amount - centre));
    below += t.holders;
  }
  return sum.value();
}

inequality_figures figures_of(const spread& s) {
  inequality_figures f;
  f.holders = s.holders;
  f.why = s.why;
  figure* const all[] = {&f.hhi,  &f.normalised_hhi, &f.effective_number,
                         &f.gini, &f.entropy,        &f.theil};
  for (figure* one : all) one->why = s.why;
  if (!s.why.ok()) return f;
  const auto n = static_cast<double>(s.holders);
  const double mean = s.total / n;
  running_sum squares, deviations, entropy, theil;
  for (const step& t : s.steps) {
    const auto holders = static_cast<double>(t.holders);
    const double share = t.amount / s.total;
    squares.add(holders * share * share);
    const double apart = (t.amount - mean) / s.total;
    deviations.add(holders * apart * apart);
    if (share == 0) continue;
    entropy.add(-holders * share * std::log(share));
    theil.add(holders * share * std::log(t.amount / mean));
  }
  const double hhi = std::min(1.0, squares.value());
  f.hhi.value = hhi;
  f.effective_number.value = 1 / hhi;
  if (s.holders > 1) {
    // hhi - 1/n is the sum of squared distances of the shares from 1/n: no cancellation.
    f.normalised_hhi.value =
        s.steps.size() == 1 ? 0 : std::min(1.0, deviations.value() * n / (n - 1));
  } else {
    f.normalised_hhi.why = {condition::insufficient_data, -1};
  }
  f.gini.value = ordered_differences(s) / (n * s.total);
  f.entropy.value = std::max(0.0, entropy.value());
  f.theil.value = s.steps.size() == 1 ? 0 : std::max(0.0, theil.value());
  return f;
}

lorenz_curve curve_of(const spread& s) {
  lorenz_curve curve;
  curve.why = s.why;
  if (!s.why.ok()) return curve;
  curve.points.push_back({0, 0});
  std::int64_t holders = 0;
  running_sum amount;
  for (const step& t : s.steps) {
    holders += t.holders;
    amount.add(t.amount * static_cast<double>(t.holders));
    curve.points.push_back({static_cast<double>(holders) / static_cast<double>(s.holders),
                            std::min(1.0, amount.value() / s.total)});
  }
  curve.points.back() = {1, 1};
  return curve;
}

void require_same_length(std::span<const double> amounts, std::span<const std::int64_t> weights) {
  if (amounts.size() != weights.size()) {
    throw invalid_input("inequality: amounts and weights differ in length");
  }
}

}  // namespace

inequality_figures inequality_of(std::span<const double> amounts) {
  return figures_of(spread_of(amounts, {}));
}

inequality_figures inequality_of(std::span<const double> amounts,
                                 std::span<const std::int64_t> weights) {
  require_same_length(amounts, weights);
  return figures_of(spread_of(amounts, weights));
}

lorenz_curve lorenz_curve_of(std::span<const double> amounts) {
  return curve_of(spread_of(amounts, {}));
}

lorenz_curve lorenz_curve_of(std::span<const double> amounts,
                             std::span<const std::int64_t> weights) {
  require_same_length(amounts, weights);
  return curve_of(spread_of(amounts, weights));
}

figure top_share(std::span<const double> amounts, std::int64_t k) {
  if (k < 0) throw invalid_input("top_share: k is negative");
  const spread s = spread_of(amounts, {});
  if (!s.why.ok()) return {std::nullopt, s.why};
  if (k >= s.holders) return {1.0, {}};
  running_sum top;
  for (std::size_t i = s.steps.size(); i-- > 0 && k > 0;) {
    const std::int64_t taken = std::min(k, s.steps[i].holders);
    top.add(s.steps[i].amount * static_cast<double>(taken));
    k -= taken;
  }
  return {std::min(1.0, top.value() / s.total), {}};
}

}  // namespace salespulse
