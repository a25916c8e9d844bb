// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_SUMMARY_HPP
#define SALESPULSE_STATISTICS_SUMMARY_HPP

#include <salespulse/statistics/figure.hpp>

#include <cstdint>
#include <span>

namespace salespulse {

/// What a sample looks like, one figure at a time. Each figure has its own reason where it is not
/// defined: `insufficient_data` for too few values, `zero_variance` where all are the same,
/// `out_of_range` where the figure is beyond the range of doubles.
struct sample_summary {
  std::int64_t n = 0;      ///< how many values, weights counted
  figure sum;
  figure mean;             ///< from one value on
  figure variance;         ///< sum of squared deviations over n - 1; from two values on
  figure sd;               ///< square root of the variance
  figure skewness;         ///< third central moment over the second to the power 3/2, both over n
  figure excess_kurtosis;  ///< fourth central moment over the square of the second, minus 3
  figure lag_1_autocorrelation;  ///< of neighbours in the order given; without weights only
  status why;  ///< `non_finite_input` or `invalid_weight` with the row: no figure is given then
};

/// Summarises values. Deviations are taken from the mean and every sum is exact before it is
/// rounded once, so that the figures are right to the last digits that the values allow, do not
/// depend on the order of the rows (but for the autocorrelation) and do not overflow where the
/// figure itself does not. O(n).
///
/// The autocorrelation is the sum of (x_i - mean)(x_(i+1) - mean) over the sum of squared
/// deviations. Checked against the certified values of NIST's Statistical Reference Datasets.
[[nodiscard]] sample_summary summarise(std::span<const double> values);

/// The same for values that came `weights` times each: equal to repeating the rows. Weights of 0
/// leave a row out; a negative one is `invalid_weight`, as are weights that are all 0. Throws
/// `invalid_input` where the spans differ in length or the weights add up to 2^53 or more.
[[nodiscard]] sample_summary summarise(std::span<const double> values,
                                       std::span<const std::int64_t> weights);

/// Pearson's correlation of pairs. `insufficient_data` below two pairs, `zero_variance` where one
/// side is constant (`where` is 0 for x and 1 for y), `non_finite_input` with the row. Throws
/// `invalid_input` where the spans differ in length. O(n).
[[nodiscard]] figure correlation(std::span<const double> x, std::span<const double> y);

/// Spearman's rank correlation: Pearson's of the ranks, ties sharing their mean rank. Statuses as
/// for `correlation`. O(n log n).
///
/// Spearman (1904), The proof and measurement of association between two things, American Journal
/// of Psychology 15:72-101.
[[nodiscard]] figure rank_correlation(std::span<const double> x, std::span<const double> y);

/// How the n (n - 1) / 2 pairs of rows are ordered.
struct pair_counts {
  std::int64_t concordant = 0;  ///< x and y rise together
  std::int64_t discordant = 0;  ///< one rises where the other falls
  std::int64_t tied_x = 0;      ///< x equal, y equal or not
  std::int64_t tied_y = 0;      ///< y equal, x equal or not
  std::int64_t tied_both = 0;   ///< both equal
  status why;                   ///< `non_finite_input` with the row: nothing was counted
};

/// Counts pairs by sorting and merging. O(n log n). Throws `invalid_input` where the spans differ
/// in length.
///
/// Knight (1966), A computer method for calculating Kendall's tau with ungrouped data, JASA
/// 61:436-439.
[[nodiscard]] pair_counts count_pairs(std::span<const double> x, std::span<const double> y);

/// Kendall's tau-b: concordant minus discordant pairs over the geometric mean of the pairs not tied
/// in x and those not tied in y. Statuses as for `correlation`. O(n log n).
///
/// Kendall (1945), The treatment of ties in ranking problems, Biometrika 33:239-251.
[[nodiscard]] figure kendall_tau(std::span<const double> x, std::span<const double> y);

}  // namespace salespulse
#endif
