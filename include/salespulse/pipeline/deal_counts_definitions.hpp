// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_PIPELINE_DEAL_COUNTS_DEFINITIONS_HPP
#define SALESPULSE_PIPELINE_DEAL_COUNTS_DEFINITIONS_HPP

#include <salespulse/core/fiscal_quarter.hpp>
#include <salespulse/model/book.hpp>
#include <salespulse/pipeline/deal_counts.hpp>
#include <salespulse/tally/commitment.hpp>
#include <salespulse/tally/detail/owners.hpp>

#include <algorithm>
#include <utility>

// See salespulse/definitions.hpp.
namespace salespulse {

namespace detail {

// The groups by number, made as they are met.
class deal_groups {
public:
  deal_group& operator[](std::uint32_t key) {
    const std::size_t slot = key == no_number ? 0 : std::size_t{key} - first_ + 1;
    if (slot >= place_.size()) place_.resize(slot + 1, none);
    if (place_[slot] == none) {
      place_[slot] = groups_.size();
      groups_.emplace_back();
      groups_.back().key = key;
    }
    return groups_[place_[slot]];
  }
  // Keys below it are never asked for; quarters begin far from 0.
  void begin_at(std::uint32_t first) { first_ = first; }

  std::vector<deal_group> take() {
    for (deal_group& g : groups_) {
      std::sort(g.won_cycles.begin(), g.won_cycles.end());
      std::sort(g.lost_cycles.begin(), g.lost_cycles.end());
    }
    std::sort(groups_.begin(), groups_.end(),
              [](const deal_group& a, const deal_group& b) { return a.key < b.key; });
    return std::move(groups_);
  }

private:
  static constexpr std::size_t none = SIZE_MAX;
  std::uint32_t first_ = 0;
  std::vector<std::size_t> place_;
  std::vector<deal_group> groups_;
};

inline void count(deal_group& g, const deal_record& deal, std::optional<wide> amount) {
  if (deal.outcome == deal_outcome::open) {
    ++g.counts.open;
    return;
  }
  const bool won = deal.outcome == deal_outcome::won;
  ++(won ? g.counts.won : g.counts.lost);
  if (deal.closed != unknown_instant && deal.opened != unknown_instant) {
    (won ? g.won_cycles : g.lost_cycles).push_back(cycle_seconds(deal));
  }
  if (!amount) return;
  g.counts.negative_amounts += *amount < 0 ? 1 : 0;
  ++(won ? g.counts.won_with_amount : g.counts.lost_with_amount);
  (won ? g.counts.won_amount : g.counts.lost_amount) += *amount;
  const double size = to_double(*amount);
  (won ? g.counts.won_squares : g.counts.lost_squares) += size * size;
}

}  // namespace detail

std::vector<deal_group> count_deals(const book& b, deal_grouping by, period closed_in) {
  detail::deal_groups groups;
  const std::int32_t first_month = b.options().first_fiscal_month;
  const period recorded = b.recorded_days();
  if (by == deal_grouping::quarter && recorded.length() > 0) {
    groups.begin_at(fiscal_quarter(recorded.from, first_month));
  }
  const detail::team_members teams(b);
  for (const deal_record& deal : b.deals()) {
    const bool open = deal.outcome == deal_outcome::open;
    const bool dated = !open && deal.closed != unknown_instant;
    if (dated ? !closed_in.contains(deal.closed_day) : closed_in != all_days) continue;
    const std::optional<wide> amount = committed_amount(b.lines_of(deal));
    const auto count = [&](std::uint32_t key) { detail::count(groups[key], deal, amount); };
    switch (by) {
      case deal_grouping::firm: count(0); break;
      case deal_grouping::owner: count(static_cast<std::uint32_t>(deal.owner)); break;
      case deal_grouping::source: count(static_cast<std::uint32_t>(deal.source)); break;
      case deal_grouping::quarter:
        if (dated) count(fiscal_quarter(deal.closed_day, first_month));
        break;
      case deal_grouping::team:
        teams.for_each(deal.owner, open ? recorded.to - 1 : deal.closed_day,
                       [&](std::uint32_t team) { count(team); });
        break;
    }
  }
  return groups.take();
}

}  // namespace salespulse
#endif
