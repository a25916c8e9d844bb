// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_CLASSIFICATION_HPP
#define SALESPULSE_STATISTICS_CLASSIFICATION_HPP

#include <salespulse/core/interval.hpp>
#include <salespulse/statistics/confidence.hpp>
#include <salespulse/statistics/figure.hpp>
#include <salespulse/statistics/status.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

// How good forecasts of yes-or-no events were: do they tell events from others (area_under_curve),
// do they mean what they say (calibration), and what did they cost in all (brier, log_loss).
//
// The results do not depend on the order of the rows, and a weight of w is w equal rows. What they
// have in common in `status`, with the row: non_finite_input, invalid_weight (below 0, or the sum
// up to there above 2^62 - 1), and, for all but `area_under_curve`, invalid_probability; without a
// row: insufficient_data where no row counts.
// Every one is O(n log n).
namespace salespulse {

/// What was said of one case, and what came.
struct forecast {
  double probability = 0;   ///< of the event; `area_under_curve` takes any finite score
  bool event = false;       ///< whether it happened
  std::int64_t weight = 1;  ///< how many such cases there were; rows of 0 are ignored
};

/// The probability that a case with the event scored higher than one without it.
struct ranking_quality {
  status why;        ///< one_class: no two cases to compare
  double value = 0;  ///< 0 to 1; 0.5 is chance
  /// Of `value`. insufficient_data: one case in either class has no variance.
  figure variance;
  /// Normal, within [0, 1]; absent where the variance is, and where it is 0: then `range_why` is
  /// degenerate, as with a perfect ranking or one where all scores are tied.
  std::optional<interval> range;
  status range_why;
};

/// Area under the receiver operating characteristic: over all pairs of a case with the event and
/// one without, the share in which the first scored higher, ties counting one half; from counts, so
/// nothing is rounded. The variance is DeLong's.
///
/// DeLong, DeLong and Clarke-Pearson (1988), Comparing the areas under two or more correlated
/// receiver operating characteristic curves: a nonparametric approach, Biometrics 44:837-845.
[[nodiscard]] ranking_quality area_under_curve(std::span<const forecast> cases, confidence c);

/// How a mean squared error comes about. `score` is reliability - resolution + uncertainty
/// + within_bin_variance - within_bin_covariance; the last two are 0 without bins.
struct brier_parts {
  status why;
  double score = 0;        ///< mean of (probability - event)^2
  double reliability = 0;  ///< how far groups' rates lie from what was said; 0 is best
  double resolution = 0;   ///< how far groups' rates lie from the overall rate; more is better
  double uncertainty = 0;  ///< rate * (1 - rate): the score of always saying the overall rate
  double within_bin_variance = 0;
  double within_bin_covariance = 0;
  figure skill;  ///< 1 - score / uncertainty; one_class where that is 0
};

struct brier_options {
  /// 0: cases with the same probability are a group. Else groups are so many bins of equal width,
  /// the lower edge belonging to a bin.
  std::size_t bins = 0;
};

/// Brier's score and its parts.
///
/// Brier (1950), Monthly Weather Review 78:1-3; Murphy (1973), A new vector partition of the
/// probability score, Journal of Applied Meteorology 12:595-600; with bins Stephenson, Coelho and
/// Jolliffe (2008), Two extra components in the Brier score decomposition, Weather and Forecasting
/// 23:752-757.
[[nodiscard]] brier_parts brier(std::span<const forecast> cases, const brier_options& options = {});

struct log_loss_options {
  /// Probabilities are moved into [clip, 1 - clip]; 0 moves none. Throws `invalid_input` unless
  /// 0 <= clip < 1/2.
  double clip = 0;
};

/// Mean of -log of the probability that was given to what came.
struct logarithmic_loss {
  /// nonpositive_value: what came had been given probability 0, the loss is infinite; `where` is
  /// the first such row. Only without clipping.
  figure mean;
  double clip = 0;           ///< as asked for
  std::int64_t clipped = 0;  ///< cases whose probability was moved
};

/// Good (1952), Rational decisions, JRSS B 14:107-114.
[[nodiscard]] logarithmic_loss log_loss(std::span<const forecast> cases,
                                        const log_loss_options& options = {});

/// The line that would have put the forecasts right: log odds of the event = intercept + slope *
/// log odds of the forecast. Calibrated forecasts have 0 and 1; a slope below 1 says too extreme.
struct calibration_line {
  /// nonpositive_value: a probability of 0 or 1 has no log odds (`where`: the row); zero_variance:
  /// all probabilities are the same; one_class; separation; not_converged.
  status why;
  double intercept = 0;
  double intercept_std_error = 0;
  double slope = 0;
  double slope_std_error = 0;
  /// Intercept with the slope held at 1: above 0, events were more frequent than said. It exists
  /// where only the slope does not.
  figure in_the_large;
};

/// Cox (1958), Two further applications of a model for binary regression, Biometrika 45:562-565.
[[nodiscard]] calibration_line fit_calibration_line(std::span<const forecast> cases);

/// Whether the squared error is what calibrated forecasts would have had by chance: the difference
/// over its standard error, normal for calibrated forecasts, and the two-sided p-value.
struct calibration_test {
  status why;  ///< zero_variance: every probability is 0, 1/2 or 1, and nothing can be told
  double z = 0;
  double p_value = 1;
};

/// Spiegelhalter (1986), Probabilistic prediction in patient management and clinical trials,
/// Statistics in Medicine 5:421-433.
[[nodiscard]] calibration_test spiegelhalter_test(std::span<const forecast> cases);

enum class bin_kind : std::uint8_t {
  equal_width,  ///< bins of [0, 1], the lower edge belonging to a bin and 1 to the last
  equal_count  ///< between quantiles (type 7) of the probabilities; the upper edge belongs to a bin
};

struct calibration_table_options {
  std::size_t bins = 10;  ///< positive
  bin_kind kind = bin_kind::equal_count;
  confidence level = confidence_95;
};

/// The cases of one bin.
struct calibration_bin {
  double lower = 0;
  double upper = 0;
  std::int64_t cases = 0;
  std::int64_t events = 0;
  double mean_probability = 0;
  double rate = 0;
  interval range;  ///< of the rate; Wilson's
};

struct calibration_bins {
  status why;
  std::vector<calibration_bin> bins;  ///< in ascending order; empty bins are left out
  /// Hosmer and Lemeshow's statistic: over the bins, (events - expected)^2 over expected * (1 -
  /// mean probability). Absent where a bin's expectation is 0 or certain, or so nearly that the
  /// quotient overflows (zero_variance).
  figure chi_square;
};

/// What was said against what came, in bins. Where many cases share a probability, bins of equal
/// count can be fewer than asked for.
///
/// Hosmer and Lemeshow (1980), Goodness of fit tests for the multiple logistic regression model,
/// Communications in Statistics A 9:1043-1069.
[[nodiscard]] calibration_bins calibration_table(std::span<const forecast> cases,
                                                 const calibration_table_options& options = {});

/// A rate that was observed for all probabilities from `lower` to `upper`.
struct isotonic_step {
  double lower = 0;
  double upper = 0;
  std::int64_t cases = 0;
  std::int64_t events = 0;
  double rate = 0;
};

/// A never falling map from what was said to what came.
struct isotonic_calibration {
  status why;
  std::vector<isotonic_step> steps;  ///< ascending in probability and in rate
};

/// The nondecreasing rates that come closest to the events in squares (and in likelihood): cases
/// with the same probability are pooled, then neighbours whose rates would fall or stay the same.
/// From counts, so that no comparison is rounded.
///
/// Ayer, Brunk, Ewing, Reid and Silverman (1955), An empirical distribution function for sampling
/// with incomplete information, Annals of Mathematical Statistics 26:641-647.
[[nodiscard]] isotonic_calibration fit_isotonic(std::span<const forecast> cases);

/// The rate of the last step that begins at or below a probability; below all, that of the first.
/// Throws `invalid_input` unless the fit is ok and the probability within [0, 1]. O(log steps).
[[nodiscard]] double calibrated(const isotonic_calibration& fit, double probability);

}  // namespace salespulse
#endif
