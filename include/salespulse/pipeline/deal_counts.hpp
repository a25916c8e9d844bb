// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_PIPELINE_DEAL_COUNTS_HPP
#define SALESPULSE_PIPELINE_DEAL_COUNTS_HPP

#include <salespulse/core/date.hpp>
#include <salespulse/core/wide.hpp>

#include <cstdint>
#include <vector>

namespace salespulse {

class book;

/// What deals are told apart by. Owner and team are those at the close, for open deals
/// those of the last recorded day; a deal of a member of several teams counts in each. Quarters are fiscal quarters of the close.
enum class deal_grouping : std::uint8_t { firm, owner, team, source, quarter };

/// Whole sums over the deals of a group. Amounts are the net of the committed flows of all lines,
/// in minor units; a deal with a line whose net is unknown has no amount.
struct deal_counts {
  std::int64_t open = 0;
  std::int64_t won = 0;
  std::int64_t lost = 0;
  std::int64_t won_with_amount = 0;
  std::int64_t lost_with_amount = 0;
  std::int64_t negative_amounts = 0;  ///< of closed deals
  wide won_amount = 0;
  wide lost_amount = 0;
  double won_squares = 0;  ///< of amounts, for standard errors only; added in the order of the ids
  double lost_squares = 0;
};

/// One group. `key`: number of the salesperson, team or source, year * 4 + quarter - 1, or 0 for
/// the firm; `no_number` for deals that belong to none.
struct deal_group {
  std::uint32_t key = 0;
  deal_counts counts;
  std::vector<std::int64_t> won_cycles;   ///< seconds from opening to close, ascending
  std::vector<std::int64_t> lost_cycles;  ///< likewise
};

/// Counts the deals of a book by group, ascending by key. `closed_in` keeps the deals closed in
/// the period; open deals and closed ones without a known day are kept only under `all_days`. By
/// quarter only closed deals with a known day are counted. One pass.
[[nodiscard]] std::vector<deal_group> count_deals(const book& b, deal_grouping by,
                                                  period closed_in = all_days);

}  // namespace salespulse
#endif
