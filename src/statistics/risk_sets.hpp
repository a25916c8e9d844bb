// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_STATISTICS_RISK_SETS_HPP
#define SALESPULSE_SRC_STATISTICS_RISK_SETS_HPP

#include <salespulse/statistics/observation.hpp>
#include <salespulse/statistics/risk_gap.hpp>
#include <salespulse/statistics/status.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace salespulse {

/// Observations collapsed to counts per tick: all that curves and rank tests need to know. Counts
/// are sums of weights in integers, so they are the same bytes whatever the order of the rows,
/// and a row of weight w is the same as w rows.
///
/// `ticks` holds, in order, each tick on which somebody left, by an event or censored, in any
/// group. The other tables have one line for each of them. With g groups and c causes the count of
/// group j (from 0) on line i is at i * g + j, that of its events by cause k (from 1) at
/// (i * g + j) * c + k - 1; the members below do that sum.
///
/// At risk on tick t are those with entry < t <= exit. Entry 0 means watched from the very start:
/// such subjects are at risk on tick 0 too, where some may leave at once.
struct risk_sets {
  std::size_t groups = 1;
  std::size_t causes = 1;
  std::vector<std::int32_t> ticks;
  std::vector<std::int64_t> at_risk;   ///< just before the exits of the tick
  std::vector<std::int64_t> censored;  ///< left on the tick without event
  std::vector<std::int64_t> events;
  std::vector<std::int64_t> total;     ///< weight in each group
  std::vector<risk_gap> gaps;          ///< of all groups together, in order
  status state;                        ///< not ok: the tables are empty

  [[nodiscard]] std::size_t size() const noexcept { return ticks.size(); }
  [[nodiscard]] std::int64_t at_risk_of(std::size_t line, std::size_t group = 0) const {
    return at_risk[line * groups + group];
  }
  [[nodiscard]] std::int64_t censored_of(std::size_t line, std::size_t group = 0) const {
    return censored[line * groups + group];
  }
  [[nodiscard]] std::int64_t events_of(std::size_t line, std::size_t cause,
                                       std::size_t group = 0) const {
    return events[(line * groups + group) * causes + cause - 1];
  }
};

/// As `causes`: whatever has a positive cause is the one kind of event.
inline constexpr std::int32_t any_cause = 0;

/// Collapses the rows. `causes`: how many kinds of event are told apart, or `any_cause`.
///
/// `state` names the first row, of those with weight, that cannot be: invalid_weight (negative; or,
/// with where = -1, all are 0), negative_time, entry_not_before_exit (0 and 0 is allowed),
/// unknown_state (cause below 0 or above `causes`). insufficient_data: no rows. too_large: the
/// weights add up to more than 2^53, beyond which counts are no longer exact in double precision.
///
/// O(n + range of ticks) where that range is at most a few times n, O(n) with a larger constant (a
/// radix sort) otherwise. Reads the rows once.
[[nodiscard]] risk_sets collapse(std::span<const observation> rows, std::int32_t causes);

/// The rows as seen by somebody who starts to watch after tick `after`: who left by then has weight
/// 0, who entered before enters there. Rows that cannot be stay as they are, for `collapse` to
/// name.
[[nodiscard]] std::vector<observation> watched_after(std::span<const observation> rows,
                                                     std::int32_t after);

/// `collapse` of those rows, or of all where `after` is negative; empty_risk_set, with where =
/// `after`, where nobody is left.
[[nodiscard]] risk_sets collapse_after(std::span<const observation> rows, std::int32_t causes,
                                       std::int32_t after);

/// `collapse` by group: `group[i]`, from 0 to `groups` - 1, is that of row i. Any other number is
/// an unknown_state. Throws `invalid_input` where the spans differ in length.
[[nodiscard]] risk_sets collapse(std::span<const observation> rows, std::int32_t causes,
                                 std::span<const std::int32_t> group, std::int32_t groups);

}  // namespace salespulse
#endif
