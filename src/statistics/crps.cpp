// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/crps.hpp>

#include "sums.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/core/wide.hpp>
#include <salespulse/statistics/summary.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

namespace salespulse {

namespace {

status check(std::span<const double> draws, double y, std::size_t fewest) {
  if (!std::isfinite(y)) return {condition::non_finite_input};
  for (std::size_t i = 0; i < draws.size(); ++i) {
    if (!std::isfinite(draws[i])) {
      return {condition::non_finite_input, static_cast<std::int64_t>(i)};
    }
  }
  if (draws.size() < fewest) return {condition::insufficient_data};
  return {};
}

// Integral of (F(x) - 1{y <= x})^2 over a stretch on which F is constant.
void add_stretch(double from, double to, double below, double above, double y, running_sum& sum) {
  const double split = std::clamp(y, from, to);
  sum.add((split - from) * below * below);
  sum.add((to - split) * above * above);
}

struct sample_scores {
  double plain;
  double half_mean_difference;  // E|X - X'| / 2 over all pairs, a draw with itself included
};

// In units of 1 / `unit`, so that differences of the largest doubles do not overflow.
sample_scores score(std::span<const double> draws, double y, double unit) {
  std::vector<double> x;
  for (const double draw : draws) x.push_back(draw * unit);
  std::sort(x.begin(), x.end());
  y *= unit;
  const auto n = static_cast<double>(x.size());
  running_sum plain;
  running_sum spread;
  plain.add(std::max(x.front() - y, 0.0));
  plain.add(std::max(y - x.back(), 0.0));
  for (std::size_t i = 1; i < x.size(); ++i) {
    const double below = static_cast<double>(i) / n;
    const double above = static_cast<double>(x.size() - i) / n;
    add_stretch(x[i - 1], x[i], below, above, y, plain);
    spread.add((x[i] - x[i - 1]) * below * above);
  }
  return {plain.value(), spread.value()};
}

// A power of two that leaves room for sums of differences; 1 but for the largest doubles.
double unit_of(std::span<const double> draws, double y) {
  double largest = std::abs(y);
  for (const double draw : draws) largest = std::max(largest, std::abs(draw));
  return largest > 0x1p1000 ? 0x1p-100 : 1;
}

figure in_range(double x) {
  if (!std::isfinite(x)) return {{}, {condition::out_of_range}};
  return {x, {}};
}

}  // namespace

double crps(const lattice_distribution& forecast, double y) {
  if (!std::isfinite(y)) throw invalid_input("crps: the outcome is not finite");
  const auto masses = forecast.masses();
  const auto first = static_cast<double>(forecast.first());
  const auto step = static_cast<double>(forecast.step());
  // Points as distances from y: exact where both are whole numbers of moderate size.
  const auto point = [&](std::size_t k) { return first + step * static_cast<double>(k); };
  const auto whole_point = [&](std::size_t k) {
    return static_cast<std::int64_t>(forecast.first() +
                                     wide{forecast.step()} * static_cast<wide>(k));
  };
  running_sum sum;
  sum.add(std::max(first - y, 0.0));
  sum.add(std::max(y - point(masses.size() - 1), 0.0));
  for (std::size_t k = 0; k + 1 < masses.size(); ++k) {
    add_stretch(point(k), point(k + 1), forecast.at_most(whole_point(k)),
                forecast.at_least(whole_point(k + 1)), y, sum);
  }
  return sum.value();
}

figure crps_of_sample(std::span<const double> draws, double y) {
  if (const status why = check(draws, y, 1); !why.ok()) return {{}, why};
  const double unit = unit_of(draws, y);
  return in_range(score(draws, y, unit).plain / unit);
}

figure fair_crps_of_sample(std::span<const double> draws, double y) {
  if (const status why = check(draws, y, 2); !why.ok()) return {{}, why};
  const double unit = unit_of(draws, y);
  const auto [plain, half_mean_difference] = score(draws, y, unit);
  // Over distinct pairs the mean difference is n / (n - 1) times that over all.
  return in_range((plain - half_mean_difference / static_cast<double>(draws.size() - 1)) / unit);
}

double crps_of_normal(double mean, double sd, double y) {
  const double away = std::abs(y - mean);
  if (!(std::isfinite(mean) && std::isfinite(sd) && std::isfinite(away) && sd >= 0)) {
    throw invalid_input("crps_of_normal: an argument is not finite, or sd is negative");
  }
  if (sd == 0) return away;
  const double z = away / sd;
  const double density = std::exp(-z * z / 2) * std::numbers::inv_sqrtpi / std::numbers::sqrt2;
  // z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi)
  // z itself can be infinite where sd is tiny, and sd times a finite bracket cannot.
  const double rest = 2 * density - std::numbers::inv_sqrtpi;
  return z > 40 ? away + sd * rest : sd * (z * std::erf(z / std::numbers::sqrt2) + rest);
}

mean_score mean_of_scores(std::span<const double> scores) {
  mean_score m;
  m.n = static_cast<std::int64_t>(scores.size());
  const status why = check(scores, 0, 1);
  if (!why.ok()) {
    m.mean.why = why;
    m.std_error.why = why;
    return m;
  }
  const sample_summary s = summarise(scores);
  m.mean = s.mean;
  m.std_error.why = s.sd.why;
  if (s.sd.value) m.std_error.value = *s.sd.value / std::sqrt(static_cast<double>(s.n));
  return m;
}

}  // namespace salespulse
