// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_LOG_RANK_HPP
#define SALESPULSE_STATISTICS_LOG_RANK_HPP

#include <salespulse/statistics/figure.hpp>
#include <salespulse/statistics/observation.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace salespulse {

/// How much a tick counts. S is the product-limit curve of all groups of the stratum together, just
/// before the tick, and n the number at risk there.
enum class tick_weight : std::uint8_t {
  fleming_harrington,  ///< S^rho (1 - S)^gamma; with 0 and 0 every tick counts alike: log-rank
  gehan_breslow,       ///< n: early differences, but censoring has a say
  tarone_ware          ///< the root of n
};

struct log_rank_options {
  tick_weight weight = tick_weight::fleming_harrington;
  double rho = 0;    ///< 1: early differences count more (Peto and Peto; Prentice; Wilcoxon)
  double gamma = 0;  ///< 1: late differences count more
  /// The stratum of each row, any numbers. Groups are compared within strata only, and the
  /// differences added. Empty: all rows are one stratum.
  std::span<const std::int32_t> stratum = {};
};

/// Whether k groups have the same hazard. Tables are empty and figures without value where `why`
/// says so.
struct log_rank_test {
  std::vector<std::int64_t> subjects;  ///< in each group, by weight
  std::vector<double> observed;        ///< weighted number of events in each group
  std::vector<double> expected;        ///< the same if all groups had the hazard of all together
  std::vector<double> difference;      ///< observed - expected, without the loss of a subtraction
  std::vector<double> variance;        ///< k * k, row by row: covariances of the differences
  std::int32_t degrees_of_freedom = 0;
  figure chi_square;
  figure p;      ///< probability of a chi-square as large or larger
  figure log_p;  ///< natural logarithm of p, also where p is too small for a double
  status why;
};

/// Log-rank tests and their weighted relatives, for two or more groups, with strata, delayed entry
/// and integer weights.
///
/// On a tick with n at risk in all, n_j of them in group j, and d events, group j expects d n_j / n
/// of them; the covariance of groups j and l is d (n - d) / (n - 1) times
/// (n_j / n) (1 [j = l] - n_l / n) (the hypergeometric law; 0 where n is 1). Differences from what
/// was expected are multiplied by the weight of the tick and summed over ticks and strata. Any
/// cause other than 0 is the event; who is at risk is said at `observation`. Chi-square is the
/// quadratic form of the differences with the inverse of their covariance. Groups that were never
/// at risk together with another when events happened say nothing: the degrees of freedom are the
/// number of groups less that of the sets of groups which are linked by such ticks.
///
/// `group[i]`, from 0 to `groups` - 1, is that of row i. `why`: the first row that cannot be, as
/// with `kaplan_meier`, or unknown_state for a group that was not declared; insufficient_groups
/// where fewer than two groups have subjects; no_events; degenerate where no tick compares two
/// groups with an outcome in doubt (then the tables are given and only the test is not). Throws
/// `invalid_input` for spans of different length, fewer than one group, and a rho or gamma that is
/// negative or not finite.
///
/// O(n + ticks * groups^2); memory O(n + ticks * groups + groups^2).
///
/// Mantel (1966), Evaluation of survival data and two new rank order statistics arising in its
/// consideration, Cancer Chemotherapy Reports 50:163-170. Harrington and Fleming (1982), A class of
/// rank test procedures for censored survival data, Biometrika 69:553-566.
[[nodiscard]] log_rank_test log_rank(std::span<const observation> data,
                                     std::span<const std::int32_t> group, std::int32_t groups,
                                     const log_rank_options& options = {});

/// Whether the hazard rises or falls along the groups.
struct trend_test {
  figure z;         ///< positive: more events than expected where scores are higher
  figure two_sided; ///< probability of a |z| as large or larger
  status why;
};

/// Test for a trend along `scores`, one for each group: the sum of score times difference, divided
/// by its standard error. Groups without subjects need a score too, which has no effect. `why`:
/// that of the test; zero_variance where groups that are compared all have the same score;
/// non_finite_input. Throws `invalid_input` unless there is one score for each group.
///
/// Tarone (1975), Tests for trend in life table analysis, Biometrika 62:679-690.
[[nodiscard]] trend_test log_rank_trend(const log_rank_test& test, std::span<const double> scores);

}  // namespace salespulse
#endif
