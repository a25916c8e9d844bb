// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_TREND_HPP
#define SALESPULSE_STATISTICS_TREND_HPP

#include <salespulse/core/interval.hpp>
#include <salespulse/statistics/confidence.hpp>
#include <salespulse/statistics/figure.hpp>

#include <cstdint>
#include <optional>
#include <span>

namespace salespulse {

/// A test of whether values tend to rise or fall over time, against no trend at all.
struct mann_kendall_test {
  std::int64_t s = 0;      ///< pairs that rise less pairs that fall; ties count for neither
  double variance = 0;     ///< of s where there is no trend, reduced for ties
  double z = 0;            ///< s moved one towards 0, over its standard deviation; 0 for |s| <= 1
  double p_value = 1;      ///< of an |s| as large as this or larger, either way
  double p_rising = 1;     ///< of an s as large or larger
  double p_falling = 1;    ///< of an s as small or smaller
  figure tau_b;            ///< Kendall's correlation of time and value
  bool exact = false;      ///< p from all orders of the values; otherwise from the normal law
  status why;              ///< `degenerate` where every value or time is the same: s = 0, p = 1
};

struct mann_kendall_options {
  /// Up to this many rows without ties p is exact; 0 for the normal law always. At most 170, as
  /// 1 / 171! is too small for a double.
  std::int64_t exact_up_to = 50;
};

/// Mann-Kendall test of values at times. Rows need not be sorted; ties may be in both.
///
/// Exact p-values are counted over all n! orders by recursion, both tails to full relative
/// precision, O(n^3) once. Otherwise s over its standard deviation, with the correction for
/// continuity, is referred to the normal law. Below two rows: `insufficient_data`; NaN and infinity
/// are `non_finite_input` with their row, and p stays 1 then. O(n log n). Throws `invalid_input`
/// where the spans differ in length or `exact_up_to` is outside 0 to 170.
///
/// Mann (1945), Nonparametric tests against trend, Econometrica 13:245-259. Kendall (1975), Rank
/// Correlation Methods, 4th ed. (variance with ties). Checked against R's cor.test.
[[nodiscard]] mann_kendall_test mann_kendall(std::span<const double> times,
                                             std::span<const double> values,
                                             mann_kendall_options options = {});

/// The same for values in the order of time.
[[nodiscard]] mann_kendall_test mann_kendall(std::span<const double> values,
                                             mann_kendall_options options = {});

/// A straight line that outliers cannot pull: up to 29 % of the rows may be arbitrary.
struct theil_sen_line {
  figure slope;                  ///< median of the slopes of all pairs of rows with unequal times
  figure intercept;              ///< median of value - slope * time
  std::optional<interval> range; ///< of the slope
  std::int64_t pairs = 0;        ///< pairs with unequal times
  status why;  ///< `degenerate` where only the interval is missing: too few pairs for its level
};

/// Theil-Sen line through values at times, with Sen's interval: the slopes whose ranks lie
/// z sd(s) / 2 from the middle, sd(s) from the Mann-Kendall test with ties in values and times; a
/// rank between two slopes goes in a straight line from one to the other. The level is
/// approximate; it is close from about ten rows on.
///
/// Pairs at equal times have no slope and are left out; if there is no other pair the status is
/// `zero_variance`. Below two rows `insufficient_data`; NaN and infinity `non_finite_input` with
/// their row. Throws `invalid_input` where the spans differ in length.
///
/// The slopes of the wanted ranks are exact, although the n^2 / 2 slopes are not all made: O(n log
/// n) expected time and O(n) memory. The random choices inside depend on n alone, so the result
/// is the same every time and does not depend on the order of the rows.
///
/// Theil (1950), Proc. Kon. Ned. Akad. Wet. A 53. Sen (1968), Estimates of the regression
/// coefficient based on Kendall's tau, JASA 63:1379-1389. Matousek (1991), Randomized optimal
/// algorithm for slope selection, Information Processing Letters 39:183-187.
[[nodiscard]] theil_sen_line theil_sen(std::span<const double> times,
                                       std::span<const double> values,
                                       confidence c = confidence_95);

}  // namespace salespulse
#endif
