// SPDX-License-Identifier: BSL-1.0
#include "sums.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/forecast_check.hpp>
#include <salespulse/statistics/rate.hpp>

#include <algorithm>
#include <cmath>

namespace salespulse {

pit_range pit_of(const lattice_distribution& forecast, std::int64_t y) {
  return {y == INT64_MIN ? 0 : forecast.at_most(y - 1), forecast.at_most(y)};
}

double randomised_pit(const pit_range& pit, random_stream& draws) noexcept {
  return pit.lower + draws.uniform() * (pit.upper - pit.lower);
}

pit_histogram_result pit_histogram(std::span<const pit_range> pits, std::size_t bins) {
  if (bins < 1) throw invalid_input("pit_histogram: no bins");
  pit_histogram_result result;
  for (std::size_t i = 0; i < pits.size(); ++i) {
    const auto [lower, upper] = pits[i];
    const auto where = static_cast<std::int64_t>(i);
    if (!std::isfinite(lower) || !std::isfinite(upper)) {
      result.why = {condition::non_finite_input, where};
      return result;
    }
    if (lower < 0 || upper > 1 || lower > upper) {
      result.why = {condition::invalid_probability, where};
      return result;
    }
  }
  if (pits.empty()) {
    result.why = {condition::insufficient_data};
    return result;
  }
  std::vector<running_sum> sums(bins);
  const auto count = static_cast<double>(bins);
  for (const auto& [lower, upper] : pits) {
    for (std::size_t b = 0; b < bins; ++b) {
      const double begin = static_cast<double>(b) / count;
      const double end = static_cast<double>(b + 1) / count;
      if (lower == upper) {
        const bool last = b + 1 == bins;
        sums[b].add(begin <= lower && (lower < end || last) ? 1 : 0);
      } else {
        const double overlap = std::min(upper, end) - std::max(lower, begin);
        sums[b].add(std::max(overlap, 0.0) / (upper - lower));
      }
    }
  }
  for (const running_sum& s : sums) {
    result.shares.push_back(s.value() / static_cast<double>(pits.size()));
  }
  return result;
}

interval_coverage coverage_of_intervals(std::span<const interval> forecasts,
                                        std::span<const double> outcomes, confidence c) {
  if (forecasts.size() != outcomes.size()) {
    throw invalid_input("coverage_of_intervals: as many forecasts as outcomes are needed");
  }
  interval_coverage result;
  running_sum levels;
  std::int64_t inside = 0;
  for (std::size_t i = 0; i < forecasts.size(); ++i) {
    const interval& f = forecasts[i];
    if (!(f.lower <= f.upper) || !std::isfinite(f.level) || !std::isfinite(outcomes[i])) {
      result.why = {condition::non_finite_input, static_cast<std::int64_t>(i)};
      return result;
    }
    if (f.level < 0 || f.level > 1) {
      result.why = {condition::invalid_probability, static_cast<std::int64_t>(i)};
      return result;
    }
    levels.add(f.level);
    if (f.lower <= outcomes[i] && outcomes[i] <= f.upper) ++inside;
  }
  if (forecasts.empty()) {
    result.why = {condition::insufficient_data};
    return result;
  }
  const auto n = static_cast<std::int64_t>(forecasts.size());
  result.inside = inside;
  result.n = n;
  result.share = static_cast<double>(inside) / static_cast<double>(n);
  result.range = wilson_interval(inside, n, c);
  result.claimed = levels.value() / static_cast<double>(n);
  return result;
}

}  // namespace salespulse
