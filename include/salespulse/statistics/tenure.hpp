// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_TENURE_HPP
#define SALESPULSE_STATISTICS_TENURE_HPP

#include <salespulse/statistics/row_counts.hpp>
#include <salespulse/statistics/status.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>

namespace salespulse {

/// What is known of how long one contract lasts, counted in renewals. A contract that is not
/// renewed the first time that it could be has left at renewal 1. Of a contract first watched after
/// some renewals only its later fate is evidence: the likelihood is conditional on `entered`.
///
///     {0, 3, 4}   watched from the start; renewed three times, left at renewal 4
///     {0, 3, 0}   renewed three times and still there
///     {2, 3, 0}   the same, but first watched after its second renewal
///     {0, 3, 6}   renewed three times, gone by renewal 6; when exactly is not known
struct tenure {
  std::int32_t entered = 0;   ///< renewals already survived when first watched
  std::int32_t survived = 0;  ///< renewals known to be survived, at least `entered`
  std::int32_t left_by = 0;   ///< left at a renewal in (survived, left_by]; 0: still there
  friend constexpr auto operator<=>(const tenure&, const tenure&) = default;
};

/// The contracts of a cohort table, and what is wrong with the table where something is; then there
/// are no contracts. `where` counts the cells row by row from 0.
struct cohort_tenures {
  status why;
  row_counts<tenure> tenures;
};

/// A cell of a cohort table that nobody filled in.
inline constexpr std::int64_t not_counted = -1;

/// Reads a table with one row for each cohort: column t holds how many of its contracts survived t
/// renewals, column 0 how many there were. `survivors` is the table row by row. Cells that are
/// `not_counted` may stand anywhere. At the end of a row the cohort is not that old yet. In
/// between, contracts left at some renewal that is not known. At the start, the cohort was first
/// counted later and is evidence from there on.
///
/// count_exceeds_trials: a cohort that grows. negative_count: a cell below `not_counted`. Throws
/// `invalid_input` where the cells do not fill the rows. O(cells).
[[nodiscard]] cohort_tenures tenures_of(std::span<const std::int64_t> survivors,
                                        std::size_t columns);

}  // namespace salespulse
#endif
