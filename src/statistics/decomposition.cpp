// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/decomposition.hpp>

#include "gauss_quadrature.hpp"
#include "sums.hpp"
#include <salespulse/core/result.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace salespulse {

namespace {

constexpr std::size_t most_switches = 20;
constexpr std::size_t most_factors = 1000;

// Gives what the rounding of the effects left of the total to the largest of them, which it changes
// least.
void settle(std::vector<double>& effects, double total) {
  running_sum left;
  left.add(total);
  std::size_t largest = 0;
  for (std::size_t i = 0; i < effects.size(); ++i) {
    left.add(-effects[i]);
    if (std::abs(effects[i]) > std::abs(effects[largest])) largest = i;
  }
  if (!effects.empty() && effects[largest] != 0) effects[largest] += left.value();
}

decomposition refused(condition what, std::size_t where) {
  return {{what, static_cast<std::int64_t>(where)}, 0, {}};
}

status check(std::span<const factor_change> changes, std::size_t factors, bool logarithms) {
  if (factors == 0 || changes.size() % factors != 0) {
    throw invalid_input("decomposition: the entries do not make whole rows of factors");
  }
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const auto [before, after] = changes[i];
    const auto where = static_cast<std::int64_t>(i);
    if (!std::isfinite(before) || !std::isfinite(after)) {
      return {condition::non_finite_input, where};
    }
    if (logarithms && (before < 0 || after < 0)) return {condition::nonpositive_value, where};
  }
  return {};
}

// A product as (high + low) 2^exponent: twice the digits, and no overflow on the way.
class long_product {
public:
  void multiply(double x) {
    int exponent = 0;
    x = std::frexp(x, &exponent);
    exponent_ += exponent;
    const double product = high_ * x;
    low_ = std::fma(high_, x, -product) + low_ * x;
    high_ = std::frexp(product, &exponent);
    low_ = std::ldexp(low_, -exponent);
    exponent_ += exponent;
  }
  [[nodiscard]] bool zero() const { return high_ == 0; }
  [[nodiscard]] double value() const { return std::ldexp(high_ + low_, exponent_); }
  // The two parts, in a sum of many.
  void add_to(running_sum& sum, double sign) const {
    sum.add(sign * std::ldexp(high_, exponent_));
    sum.add(sign * std::ldexp(low_, exponent_));
  }

private:
  double high_ = 1;
  double low_ = 0;
  int exponent_ = 0;
};

struct products {
  long_product before;
  long_product after;
};

products products_of(std::span<const factor_change> group) {
  products y;
  for (const factor_change& f : group) {
    y.before.multiply(f.before);
    y.after.multiply(f.after);
  }
  return y;
}

// log(after / before), both positive.
double log_ratio(const factor_change& f) {
  const double ratio = f.after / f.before;
  if (ratio > 0.5 && ratio < 2) return std::log1p((f.after - f.before) / f.before);
  if (ratio > 1e-300 && ratio < 1e300) return std::log(ratio);
  return std::log(f.after) - std::log(f.before);
}

bool all_finite(const std::vector<double>& values, double total) {
  return std::isfinite(total) &&
         std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); });
}

// What the factors of one group add to the change of its product by logarithmic means.
void add_log_mean_effects(std::span<const factor_change> group, const products& y,
                          std::vector<running_sum>& effects) {
  if (y.before.zero() && y.after.zero()) return;
  if (y.before.zero() || y.after.zero()) {
    const auto ends = [&](const factor_change& f) {
      return y.before.zero() ? f.before == 0 : f.after == 0;
    };
    const auto zeros = static_cast<double>(std::count_if(group.begin(), group.end(), ends));
    const double change = y.after.value() - y.before.value();
    for (std::size_t i = 0; i < group.size(); ++i) {
      if (ends(group[i])) effects[i].add(change / zeros);
    }
    return;
  }
  std::vector<double> logs;
  running_sum sum;
  for (const factor_change& f : group) {
    logs.push_back(f.after == f.before ? 0 : log_ratio(f));
    sum.add(logs.back());
  }
  const double after = y.after.value();
  const double before = y.before.value();
  // Far apart, so that one of them may have left the range of doubles; else by their ratio.
  const double mean = !std::isfinite(after) || !std::isfinite(before) ? after - before
                      : std::abs(sum.value()) > 1 ? (after - before) / sum.value()
                                                  : log_mean(after, before);
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (logs[i] != 0) effects[i].add(mean * logs[i]);
  }
}

std::vector<double> values_of(const std::vector<running_sum>& sums) {
  std::vector<double> values;
  for (const running_sum& s : sums) values.push_back(s.value());
  return values;
}

struct log_mean_parts {
  std::vector<double> effects;
  running_sum before;
  running_sum after;
  running_sum change;
};

log_mean_parts log_mean_effects(std::span<const factor_change> changes, std::size_t factors) {
  log_mean_parts parts;
  std::vector<running_sum> effects(factors);
  for (std::size_t at = 0; at < changes.size(); at += factors) {
    const auto group = changes.subspan(at, factors);
    const products y = products_of(group);
    add_log_mean_effects(group, y, effects);
    y.before.add_to(parts.before, 1);
    y.after.add_to(parts.after, 1);
    y.after.add_to(parts.change, 1);
    y.before.add_to(parts.change, -1);
  }
  parts.effects = values_of(effects);
  return parts;
}

}  // namespace

decomposition shapley_value(std::span<const double> values) {
  if (!std::has_single_bit(values.size())) {
    throw invalid_input("shapley_value: the number of values is not a power of two");
  }
  const auto n = static_cast<std::size_t>(std::countr_zero(values.size()));
  if (n > most_switches) return {{condition::too_large}, 0, {}};
  for (std::size_t m = 0; m < values.size(); ++m) {
    if (!std::isfinite(values[m])) return refused(condition::non_finite_input, m);
  }
  decomposition d;
  d.total = values.back() - values.front();
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t bit = std::size_t{1} << i;
    // By the number of switches already on, all of which sets come before i equally often.
    std::vector<running_sum> added(n);
    for (std::size_t m = 0; m < values.size(); ++m) {
      if ((m & bit) != 0) continue;
      added[static_cast<std::size_t>(std::popcount(m))].add(values[m | bit] - values[m]);
    }
    running_sum effect;
    double sets = 1;  // of k among the n - 1 others
    for (std::size_t k = 0; k < n; ++k) {
      effect.add(added[k].value() / (sets * static_cast<double>(n)));
      sets = sets * static_cast<double>(n - 1 - k) / static_cast<double>(k + 1);
    }
    d.effects.push_back(effect.value());
  }
  if (!all_finite(d.effects, d.total)) return {{condition::too_large}, 0, {}};
  settle(d.effects, d.total);
  return d;
}

decomposition shapley_of_product(std::span<const factor_change> changes, std::size_t factors) {
  const status why = check(changes, factors, false);
  if (!why.ok()) return {why, 0, {}};
  if (factors > most_factors) return {{condition::too_large}, 0, {}};
  // Exact for the product of the others, of degree factors - 1.
  const quadrature_rule rule = gauss_legendre((factors + 1) / 2);
  running_sum total;
  std::vector<running_sum> effects(factors);
  std::vector<double> scaled(2 * factors);
  std::vector<double> ahead(factors + 1);  // products of the factors from i on
  std::vector<double> means(factors);
  for (std::size_t at = 0; at < changes.size(); at += factors) {
    const auto group = changes.subspan(at, factors);
    // Powers of two taken out, so that products of many factors stay in range.
    int exponent = 0;
    for (std::size_t i = 0; i < factors; ++i) {
      int e = 0;
      static_cast<void>(
          std::frexp(std::max(std::abs(group[i].before), std::abs(group[i].after)), &e));
      scaled[2 * i] = std::ldexp(group[i].before, -e);
      scaled[2 * i + 1] = std::ldexp(group[i].after, -e);
      exponent += e;
    }
    std::fill(means.begin(), means.end(), 0.0);
    for (std::size_t k = 0; k < rule.nodes.size(); ++k) {
      const double u = rule.nodes[k];
      const double rest = rule.nodes[rule.nodes.size() - 1 - k];  // 1 - u
      const auto mixed = [&](std::size_t i) {
        return rest * scaled[2 * i] + u * scaled[2 * i + 1];
      };
      ahead[factors] = 1;
      for (std::size_t i = factors; i-- > 0;) ahead[i] = ahead[i + 1] * mixed(i);
      double behind = rule.weights[k];
      for (std::size_t i = 0; i < factors; ++i) {
        means[i] += behind * ahead[i + 1];
        behind *= mixed(i);
      }
    }
    for (std::size_t i = 0; i < factors; ++i) {
      const double change = scaled[2 * i + 1] - scaled[2 * i];
      if (change != 0) effects[i].add(std::ldexp(change * means[i], exponent));
    }
    const products y = products_of(group);
    y.after.add_to(total, 1);
    y.before.add_to(total, -1);
  }
  decomposition d{{}, total.value(), values_of(effects)};
  if (!all_finite(d.effects, d.total)) return {{condition::too_large}, 0, {}};
  settle(d.effects, d.total);
  return d;
}

double log_mean(double a, double b) {
  if (!(std::isfinite(a) && std::isfinite(b) && a >= 0 && b >= 0)) {
    throw invalid_input("log_mean: an argument is negative or not finite");
  }
  if (a == b) return a;
  const double larger = std::max(a, b);
  const double smaller = std::min(a, b);
  if (smaller == 0) return 0;
  return (larger - smaller) / log_ratio({smaller, larger});
}

decomposition lmdi_additive(std::span<const factor_change> changes, std::size_t factors) {
  const status why = check(changes, factors, true);
  if (!why.ok()) return {why, 0, {}};
  log_mean_parts parts = log_mean_effects(changes, factors);
  decomposition d{{}, parts.change.value(), std::move(parts.effects)};
  if (!all_finite(d.effects, d.total)) return {{condition::too_large}, 0, {}};
  settle(d.effects, d.total);
  return d;
}

decomposition lmdi_multiplicative(std::span<const factor_change> changes, std::size_t factors) {
  const status why = check(changes, factors, true);
  if (!why.ok()) return {why, 0, {}};
  log_mean_parts parts = log_mean_effects(changes, factors);
  const double before = parts.before.value();
  const double change = parts.change.value();
  const double after = parts.after.value();
  if (!all_finite(parts.effects, after)) return {{condition::too_large}, 0, {}};
  if (before <= 0 || after <= 0) return {{condition::zero_total}, 0, {}};
  const double relative = change / before;
  const double log_total =
      relative > -0.5 && relative < 1 ? std::log1p(relative) : std::log(after / before);
  // The effects add up to the change; divided by this mean they add up to the log of the ratio.
  const double mean = change == 0 ? before : change / log_total;
  for (double& effect : parts.effects) effect /= mean;
  settle(parts.effects, log_total);
  decomposition d{{}, after / before, std::move(parts.effects)};
  for (double& effect : d.effects) effect = std::exp(effect);
  if (!all_finite(d.effects, d.total)) return {{condition::too_large}, 0, {}};
  return d;
}

}  // namespace salespulse
