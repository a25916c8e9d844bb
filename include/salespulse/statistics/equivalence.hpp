// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_EQUIVALENCE_HPP
#define SALESPULSE_STATISTICS_EQUIVALENCE_HPP

#include <salespulse/core/interval.hpp>
#include <salespulse/statistics/figure.hpp>

#include <cstdint>
#include <optional>
#include <span>

namespace salespulse {

/// What two group means are compared with.
enum class variance_assumption : std::uint8_t {
  welch,  ///< each group has its own variance; degrees of freedom by Welch and Satterthwaite
  pooled  ///< one variance for both groups; n1 + n2 - 2 degrees of freedom
};

/// Differences strictly between these do not matter in practice. lower < upper.
struct equivalence_margins {
  double lower;
  double upper;
};

struct equivalence_options {
  double alpha = 0.05;  ///< of each of the two tests, within (0, 0.5)
  variance_assumption variance = variance_assumption::welch;  ///< for means only
};

/// Mean, variance (over n - 1) and size of a group.
struct group_moments {
  double mean = 0;
  double variance = 0;
  std::int64_t n = 0;
};

/// Successes among n cases.
struct group_rate {
  std::int64_t successes = 0;
  std::int64_t n = 0;
};

/// Two one-sided tests of the difference first less second: that it is above the lower margin, and
/// that it is below the upper one. The groups are equivalent where both are shown, that is, where
/// the interval of level 1 - 2 alpha lies within the margins.
///
/// Not showing a difference is not equivalence: p_value here is small where it is shown that there
/// is no difference that matters.
///
/// Schuirmann (1987), A comparison of the two one-sided tests procedure and the power approach,
/// Journal of Pharmacokinetics and Biopharmaceutics 15:657-680.
struct equivalence_test {
  figure estimate;             ///< first less second
  double std_error = 0;        ///< of the estimate; at the observed rates for rates
  std::optional<double> degrees_of_freedom;  ///< absent where the normal law is used
  double p_above_lower = 1;    ///< that a difference at the lower margin gives one so large
  double p_below_upper = 1;    ///< that a difference at the upper margin gives one so small
  double p_value = 1;          ///< the larger of the two
  std::optional<interval> range;  ///< of level 1 - 2 alpha
  bool equivalent = false;     ///< p_value < alpha
  status why;
};

/// Whether it is shown that the difference is larger than a margin that matters (one-sided).
struct margin_test {
  figure estimate;       ///< first less second
  double std_error = 0;
  std::optional<double> degrees_of_freedom;
  double p_value = 1;    ///< that a difference at the margin gives one so large
  figure lower_bound;    ///< the difference is larger with confidence 1 - alpha
  bool exceeds = false;  ///< p_value < alpha
  status why;
};

// All throw `invalid_input` unless 0 < alpha < 0.5 and the margins are finite and in order.
// NaN and infinity in the data are `non_finite_input` with the row (of the second group: counted on
// from the first), fewer than two values in a group `insufficient_data`, no spread in either group
// `zero_variance`, and an interval beyond doubles `out_of_range`. p-values are 1 wherever the
// status says that there is none.

/// Student's t for two means.
[[nodiscard]] equivalence_test equivalence_of_means(std::span<const double> first,
                                                    std::span<const double> second,
                                                    equivalence_margins margins,
                                                    equivalence_options options = {});
[[nodiscard]] equivalence_test equivalence_of_means(const group_moments& first,
                                                    const group_moments& second,
                                                    equivalence_margins margins,
                                                    equivalence_options options = {});
[[nodiscard]] margin_test mean_exceeds(std::span<const double> first,
                                       std::span<const double> second, double margin,
                                       equivalence_options options = {});
[[nodiscard]] margin_test mean_exceeds(const group_moments& first, const group_moments& second,
                                       double margin, equivalence_options options = {});

/// The score test for two rates: the distance of the observed difference from the margin, over its
/// standard error where the rates differ by just the margin and are otherwise as likely as can be.
/// It holds its level in small groups and at rates of 0 and 1. The interval is what the tests do
/// not reject. Margins are within (-1, 1). Bad counts are `negative_count` or
/// `count_exceeds_trials` with `where` 0 or 1 for the group, an empty group `insufficient_data`.
///
/// Farrington and Manning (1990), Test statistics and sample size formulae for comparative binomial
/// trials with null hypothesis of non-zero risk difference, Statistics in Medicine 9:1447-1454.
[[nodiscard]] equivalence_test equivalence_of_rates(const group_rate& first,
                                                    const group_rate& second,
                                                    equivalence_margins margins,
                                                    equivalence_options options = {});
[[nodiscard]] margin_test rate_exceeds(const group_rate& first, const group_rate& second,
                                       double margin, equivalence_options options = {});

/// Any estimate with a standard error and a normal law, or Student's t where degrees of freedom are
/// given (positive, else `invalid_input`). A standard error of 0 is `zero_variance`, a negative
/// one `nonpositive_value`.
[[nodiscard]] equivalence_test equivalence_of_estimate(
    double estimate, double std_error, equivalence_margins margins,
    equivalence_options options = {}, std::optional<double> degrees_of_freedom = {});
[[nodiscard]] margin_test estimate_exceeds(double estimate, double std_error, double margin,
                                           equivalence_options options = {},
                                           std::optional<double> degrees_of_freedom = {});

}  // namespace salespulse
#endif
