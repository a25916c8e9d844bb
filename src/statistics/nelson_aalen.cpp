// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/nelson_aalen.hpp>

#include "risk_sets.hpp"
#include "sums.hpp"

#include <salespulse/core/result.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace salespulse {
namespace {

struct increment {
  double hazard;
  double variance;
};

// The sums of 1/k and 1/k^2 for k from n - d + 1 to n. The smallest k one by one; the others, where
// they are many, by the asymptotic series of the digamma function at half-integers, whose
// differences here lose nothing:
// psi(x + 1/2) = log x + 1/(24 x^2) - 7/(960 x^4) + 31/(8064 x^6) - 127/(30720 x^8) + ...
// The first term left out is below 1e-17 from x = 31.5 on.
increment in_turn(std::int64_t n, std::int64_t d) {
  constexpr std::int64_t few = 64;
  constexpr std::int64_t small = 32;
  running_sum hazard;
  running_sum variance;
  std::int64_t k = n - d + 1;
  for (; k <= n && (k < small || n - k < few); ++k) {
    const double share = 1 / static_cast<double>(k);
    hazard.add(share);
    variance.add(share * share);
  }
  if (k > n) return {hazard.value(), variance.value()};
  const double from = static_cast<double>(k) - 0.5;
  const double to = static_cast<double>(n) + 0.5;
  const double terms = to - from;
  const auto tail = [](double x) {
    const double s = 1 / (x * x);
    return s * (1.0 / 24 - s * (7.0 / 960 - s * (31.0 / 8064 - s * (127.0 / 30720))));
  };
  const auto tail_of_squares = [](double x) {
    const double s = 1 / (x * x);
    return s / x * (1.0 / 12 - s * (7.0 / 240 - s * (31.0 / 1344 - s * (127.0 / 3840))));
  };
  hazard.add(std::log1p(terms / from));
  hazard.add(tail(to) - tail(from));
  variance.add(terms / from / to);
  variance.add(tail_of_squares(to) - tail_of_squares(from));
  return {hazard.value(), variance.value()};
}

increment jump(std::int64_t at_risk, std::int64_t events, tied_events ties) {
  if (ties == tied_events::in_turn) return in_turn(at_risk, events);
  const auto n = static_cast<double>(at_risk);
  const double share = static_cast<double>(events) / n;
  return {share, share / n};
}

}  // namespace

std::optional<interval> hazard_interval(double hazard, double std_error, confidence c,
                                        hazard_scale scale) {
  if (!(hazard >= 0) || !std::isfinite(hazard) || !(std_error >= 0) || !std::isfinite(std_error)) {
    throw invalid_input("hazard_interval: a negative or infinite hazard or standard error");
  }
  if (hazard == 0 || std_error == 0) return std::nullopt;
  const double half = c.z * std_error;
  if (scale == hazard_scale::plain) {
    if (!std::isfinite(hazard + half)) return std::nullopt;
    return interval{std::max(hazard - half, 0.0), hazard + half, c.level};
  }
  const double factor = std::exp(half / hazard);
  if (!std::isfinite(hazard * factor)) return std::nullopt;
  return interval{hazard / factor, hazard * factor, c.level};
}

nelson_aalen::nelson_aalen(std::span<const observation> data,
                           const nelson_aalen_options& options) {
  risk_sets sets = collapse_after(data, any_cause, options.after);
  why_ = sets.state;
  gaps_ = std::move(sets.gaps);
  steps_.reserve(sets.size());
  running_sum hazard;
  running_sum variance;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    if (sets.events[i] > 0) {
      const increment add = jump(sets.at_risk[i], sets.events[i], options.ties);
      hazard.add(add.hazard);
      variance.add(add.variance);
    }
    steps_.push_back({sets.ticks[i], sets.at_risk[i], sets.events[i], sets.censored[i],
                      hazard.value(), variance.value()});
  }
}

figure nelson_aalen::hazard(std::int32_t tick) const {
  if (steps_.empty()) return {std::nullopt, why_};
  const auto next = std::upper_bound(steps_.begin(), steps_.end(), tick,
                                     [](std::int32_t t, const step& s) { return t < s.tick; });
  const double value = next == steps_.begin() ? 0 : std::prev(next)->hazard;
  if (tick > follow_up()) return {value, {condition::beyond_follow_up, follow_up()}};
  return {value, {}};
}

figure nelson_aalen::survival(std::int32_t tick) const {
  figure found = hazard(tick);
  if (found.value) found.value = std::exp(-*found.value);
  return found;
}

std::optional<interval> nelson_aalen::band(std::int32_t tick, confidence c,
                                           hazard_scale scale) const {
  const auto next = std::upper_bound(steps_.begin(), steps_.end(), tick,
                                     [](std::int32_t t, const step& s) { return t < s.tick; });
  if (next == steps_.begin()) return std::nullopt;
  const step& at = *std::prev(next);
  return hazard_interval(at.hazard, std::sqrt(at.variance), c, scale);
}

}  // namespace salespulse
