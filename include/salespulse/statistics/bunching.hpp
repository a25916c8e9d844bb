// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_BUNCHING_HPP
#define SALESPULSE_STATISTICS_BUNCHING_HPP

#include <salespulse/core/interval.hpp>
#include <salespulse/statistics/confidence.hpp>
#include <salespulse/statistics/figure.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace salespulse {

/// The bins around a threshold that people may have moved into or out of, both ends included.
struct bunching_window {
  std::size_t first = 0;
  std::size_t last = 0;
};

/// How many cases heap up in the window beyond what the bins outside it lead one to expect.
struct bunching_excess {
  figure excess;              ///< cases in the window less those expected there
  double std_error = 0;       ///< of the excess
  std::optional<interval> range;  ///< of the excess, by the normal law
  figure relative_excess;     ///< excess over the mean expected height of a bin of the window
  double relative_std_error = 0;
  std::vector<double> expected;  ///< the counterfactual, for every bin
  status why;  ///< no figure: `negative_count` with the bin, `insufficient_data`, `no_events`;
               ///< of the relative excess: `nonpositive_value`, nothing is expected there
};

struct bunching_options {
  std::size_t degree = 5;  ///< of the polynomial
  confidence level = confidence_95;
};

/// Excess mass at a threshold. Counts per bin of equal width; a polynomial of the bin number is
/// fitted by least squares to the bins outside the window and gives the counterfactual inside.
/// Cases that left other bins for the window are not put back there: choose it to hold both.
///
/// Standard errors take each count as Poisson; excess and counterfactual are linear in the counts,
/// so that of the excess is exact given the polynomial, and that of the relative excess first
/// order. They say nothing of a wrong polynomial: compare degrees. `insufficient_data` where the
/// bins outside are no more than the degree + 1; `no_events` where they are empty. Throws
/// `invalid_input` for a window outside the bins or out of order, or a degree above 12. O(bins).
///
/// Chetty, Friedman, Olsen and Pistaferri (2011), Adjustment costs, firm responses, and micro vs.
/// macro labor supply elasticities, QJE 126:749-804. Kleven (2016), Bunching, Annual Review of
/// Economics 8:435-464.
[[nodiscard]] bunching_excess excess_mass(std::span<const std::int64_t> counts,
                                          bunching_window window, bunching_options options = {});

/// Events of many periods, by whether they fell on the last days of their period.
struct period_end_counts {
  std::int64_t events_last = 0;  ///< on the last k days
  std::int64_t events_rest = 0;
  std::int64_t days_last = 0;
  std::int64_t days_rest = 0;
  status why;  ///< `unknown_state`: an event outside all periods, with its row; nothing counted
};

/// Counts events by day. Period i runs from day `starts[i]` to the day before `starts[i + 1]`; the
/// last entry only ends the last period. A period of no more than k days is last days only. Throws
/// `invalid_input` unless `starts` rises strictly, has two entries, and k is positive.
/// O(events log periods).
[[nodiscard]] period_end_counts count_period_ends(std::span<const std::int32_t> event_days,
                                                  std::span<const std::int32_t> starts,
                                                  std::int32_t k);

/// Whether events heap up on the last days of periods.
struct period_end_excess {
  figure excess;         ///< events on the last days less those expected there
  figure rate_ratio;     ///< events a day on the last days over those on the others
  std::optional<interval> share_range;  ///< of the share on the last days, Clopper and Pearson's
  double share = 0;      ///< of the events that fell on the last days
  double expected_share = 0;  ///< of the days that are last days
  double p_value = 1;    ///< of so many or more on the last days by chance; exact, binomial
  status why;
};

/// Events spread evenly over the days would fall on the last days with the share of those days. The
/// excess is counted against the rate of the other days. No events are `no_events`, a negative
/// count is `negative_count`, days that are not positive on both sides are `nonpositive_value`; a
/// ratio to a rate of 0 is `zero_total`. O(1).
///
/// Clopper and Pearson (1934), The use of confidence or fiducial limits, Biometrika 26:404-413.
[[nodiscard]] period_end_excess excess_at_period_ends(const period_end_counts& counts,
                                                      confidence level = confidence_95);

}  // namespace salespulse
#endif
