// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_PERMUTATION_HPP
#define SALESPULSE_STATISTICS_PERMUTATION_HPP

#include <salespulse/statistics/figure.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace salespulse {

/// Which results speak as strongly as the observed one against no difference.
enum class extreme : std::uint8_t {
  either_way,  ///< as far or farther from what is expected without a difference, on either side
  upwards,     ///< as large or larger
  downwards    ///< as small or smaller
};

struct permutation_options {
  extreme direction = extreme::either_way;
  /// All arrangements are gone through if there are no more than this.
  std::int64_t exact_up_to = 1'000'000;
  /// Otherwise so many are drawn at random.
  std::int64_t draws = 9'999;
  std::uint64_t seed = 1;
};

/// How many arrangements of the data are as extreme as the observed one.
///
/// Exact: the share of all arrangements, the observed one among them. By draws: (1 + as extreme) /
/// (1 + draws), which is never 0 and never too small on average. Arrangements that differ from the
/// observed one by rounding alone are ties and count; sums of whole numbers are compared exactly.
struct permutation_result {
  figure statistic;              ///< as observed
  double p_value = 1;            ///< 1 where `why` names bad data
  double monte_carlo_error = 0;  ///< standard deviation of p over draws; 0 where exact
  std::int64_t arrangements = 0; ///< gone through or drawn
  bool exact = false;
  status why;  ///< `degenerate`: no arrangement differs from another, p = 1
};

/// Whether two independent groups have the same distribution, by the difference of their means,
/// first less second: every division of the pooled values into groups of these sizes is as likely
/// as the observed one. The same p belongs to any statistic that rises with the first group's sum.
///
/// An empty group is `insufficient_groups`; NaN and infinity are `non_finite_input`, counting the
/// rows of the first group and then those of the second. The result depends on the values and the
/// seed, not on the order of the rows. O(draws * smaller group).
///
/// Fisher (1935), The Design of Experiments. Phipson and Smyth (2010), Permutation p-values should
/// never be zero, Statistical Applications in Genetics and Molecular Biology 9:39.
[[nodiscard]] permutation_result permutation_test(std::span<const double> first,
                                                  std::span<const double> second,
                                                  permutation_options options = {});

/// The same where rows may change groups within their stratum only. `in_first[i]` is 1 in the first
/// group and 0 in the second, else `unknown_state`. The statistic is the mean of the strata's
/// differences of means, weighted by n1 n2 / (n1 + n2). A stratum with one group says nothing;
/// if no other is there, `insufficient_groups`. Throws `invalid_input` where the spans differ in
/// length.
[[nodiscard]] permutation_result stratified_permutation_test(
    std::span<const double> values, std::span<const std::uint8_t> in_first,
    std::span<const std::int64_t> strata, permutation_options options = {});

/// Whether differences within pairs are symmetric around 0: each may as well have the other sign.
/// The statistic is their mean. Pairs without a difference count for the mean only. No rows are
/// `insufficient_data`. O(draws * rows).
[[nodiscard]] permutation_result sign_flip_test(std::span<const double> differences,
                                                permutation_options options = {});

/// A figure made of the column sums of two groups, that is 0 where the groups are alike. It gets
/// the sums of the first group and of the second and may return NaN where it is not defined.
using statistic_of_sums = double (*)(std::span<const double> first, std::span<const double> second);

/// A permutation test of any figure that can be made of sums, such as a difference of ratios.
/// `table` holds `columns` numbers a row, row after row; the figure of the observed groups is
/// compared with that of the arrangements, within strata where `strata` is not empty.
///
/// Ties are compared to 1e-10 of the observed figure. An arrangement whose figure is not defined
/// counts as extreme; if the observed one is not, `zero_total`. Other statuses as above. Throws
/// `invalid_input` unless there are 1 to 4 columns, whole rows, and spans of one length.
[[nodiscard]] permutation_result permutation_test_of_sums(
    std::span<const double> table, std::size_t columns, std::span<const std::uint8_t> in_first,
    std::span<const std::int64_t> strata, statistic_of_sums statistic,
    permutation_options options = {});

}  // namespace salespulse
#endif
