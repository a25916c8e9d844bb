// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_FORECAST_CHECK_HPP
#define SALESPULSE_STATISTICS_FORECAST_CHECK_HPP

#include <salespulse/core/interval.hpp>
#include <salespulse/core/random.hpp>
#include <salespulse/statistics/confidence.hpp>
#include <salespulse/statistics/lattice_distribution.hpp>
#include <salespulse/statistics/status.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace salespulse {

/// Where an outcome y fell in its forecast: P(X < y) and P(X <= y). Equal for a continuous
/// forecast; for a discrete one the stretch between them is what the forecast gave to y itself.
struct pit_range {
  double lower = 0;
  double upper = 0;
};

[[nodiscard]] pit_range pit_of(const lattice_distribution& forecast, std::int64_t y);

/// Probability integral transform, a draw from the range: uniform on [0, 1] if the forecasts are
/// the distributions that the outcomes come from, discrete or not. Uses one draw of the stream.
///
/// Smith (1985), Diagnostic checks of non-standard time series models, Journal of Forecasting
/// 4:283-291.
[[nodiscard]] double randomised_pit(const pit_range& pit, random_stream& draws) noexcept;

struct pit_histogram_result {
  /// insufficient_data without ranges; non_finite_input, invalid_probability (`where`: the range,
  /// also where lower exceeds upper).
  status why;
  std::vector<double>
      shares;  ///< of each bin, adding up to 1; 1 / bins each if forecasts are right
};

/// Histogram of the transform without chance: each outcome is spread evenly over its range, which
/// has the mean of the histogram over all randomisations. U-shaped: forecasts too narrow; a hump in
/// the middle: too wide; a slope: too low or too high. Bins are closed on the left, the last on
/// both sides. Throws `invalid_input` unless bins >= 1. O(n bins).
///
/// Czado, Gneiting and Held (2009), Predictive model assessment for count data, Biometrics
/// 65:1254-1261.
[[nodiscard]] pit_histogram_result pit_histogram(std::span<const pit_range> pits, std::size_t bins);

struct interval_coverage {
  /// insufficient_data without cases; non_finite_input (`where`: the case), also where lower
  /// exceeds upper; invalid_probability for a level outside 0 to 1.
  status why;
  std::int64_t inside = 0;
  std::int64_t n = 0;
  double share = 0;
  interval range;  ///< Wilson's, for the share in the long run
  /// The share of cases that the intervals claimed to hold: the mean of their levels.
  double claimed = 0;
};

/// How often outcomes fell within their forecast intervals, both ends included; an end may be
/// infinite. Intervals of a discrete forecast hold more than their level, so that a share above it
/// speaks of no fault. Throws `invalid_input` where the spans differ in length.
[[nodiscard]] interval_coverage coverage_of_intervals(std::span<const interval> forecasts,
                                       std::span<const double> outcomes, confidence c);

}  // namespace salespulse
#endif
