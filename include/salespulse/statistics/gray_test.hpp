// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_GRAY_TEST_HPP
#define SALESPULSE_STATISTICS_GRAY_TEST_HPP

#include <salespulse/statistics/figure.hpp>
#include <salespulse/statistics/observation.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace salespulse {

struct gray_options {
  double rho = 0;  ///< power of 1 minus the pooled incidence; 1: early differences count more
};

/// Whether k groups have the same cumulative incidence of one cause. Tables are empty and figures
/// without value where `why` says so.
struct gray_test {
  std::vector<std::int64_t> subjects;  ///< in each group, by weight
  std::vector<double> difference;      ///< weighted events, observed less expected, in each group
  std::vector<double> variance;        ///< k * k, row by row: covariances of the differences
  std::int32_t degrees_of_freedom = 0;
  figure chi_square;
  figure p;  ///< probability of a chi-square as large or larger
  status why;
};

/// Gray's test: a log-rank test of the incidence F_k itself instead of the hazard of its cause, so
/// that it answers whether more subjects end in this way, not whether those still at risk do so
/// faster.
///
/// On a tick with n_j at risk in group j, S_j free of any event and F_j the incidence of the cause,
/// both from before the tick, R_j = n_j (1 - F_j) / S_j estimates how many would be without this
/// event if those of the other causes had stayed. Of d events of the cause on the tick group j
/// expects the share R_j of the sum of all R. The variance is Gray's, with the corrections for ties
/// of R's cmprsk: one for the d events of the cause, one for the other events of each group. With
/// one cause only the differences are those of the log-rank test.
///
/// `group[i]`, from 0 to `groups` - 1, is that of row i; groups without subjects are left out.
/// `why`: the first row that cannot be, as with `aalen_johansen`, or unknown_state for a group that
/// was not declared; insufficient_groups where fewer than two have subjects; no_events of this
/// cause; out_of_range where a rho below 0 makes weights too large for a double;
/// degenerate where the events leave no doubt in some group, so that the covariances cannot
/// be inverted (then the tables are given and only the test is not).
///
/// Not defined under late entry: throws `invalid_input` where a row with weight has an entry other
/// than 0, for spans of different length, fewer than one group or cause, a cause above `causes`,
/// and a rho that is not finite. O(n + ticks * groups^3).
///
/// Gray (1988), A class of K-sample tests for comparing the cumulative incidence of a competing
/// risk, Annals of Statistics 16:1141-1154.
[[nodiscard]] gray_test compare_incidence(std::span<const observation> data,
                                          std::span<const std::int32_t> group, std::int32_t groups,
                                          std::int32_t cause, std::int32_t causes,
                                          const gray_options& options = {});

}  // namespace salespulse
#endif
