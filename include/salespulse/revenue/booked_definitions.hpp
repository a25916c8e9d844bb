// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_REVENUE_BOOKED_DEFINITIONS_HPP
#define SALESPULSE_REVENUE_BOOKED_DEFINITIONS_HPP

#include <salespulse/core/fiscal_quarter.hpp>
#include <salespulse/model/book.hpp>
#include <salespulse/model/book_tables.hpp>
#include <salespulse/revenue/booked.hpp>
#include <salespulse/tally/detail/customer_tree.hpp>
#include <salespulse/tally/detail/owners.hpp>

#include <algorithm>
#include <utility>

// See salespulse/definitions.hpp.
namespace salespulse {

std::vector<booking_group> bookings(const book& b, booking_grouping by, period closed_in) {
  std::vector<booking_group> groups;
  const auto add = [&](std::uint32_t key, const line_record& line, std::int64_t ppm) {
    const std::size_t slot = key == no_number ? 0 : std::size_t{key} + 1;
    if (slot >= groups.size()) groups.resize(slot + 1);
    booking_group& g = groups[slot];
    g.key = key;
    ++g.lines;
    if (line.net == unknown_amount) {
      ++g.unpriced;
      return;
    }
    const wide factor = static_cast<wide>(committed_flows(line.terms)) * ppm;
    g.booked_ppm += line.net * factor;
    if (line.list == unknown_amount) return;
    ++g.listed_lines;
    g.net_ppm += line.net * factor;
    g.list_ppm += line.list * factor;
  };
  const detail::deal_owners_of owners(b);
  const std::int32_t first_month = b.options().first_fiscal_month;
  const std::uint32_t first_quarter =
      b.recorded_days().length() > 0 ? fiscal_quarter(b.recorded_days().from, first_month) : 0;
  for (const deal_record& deal : b.deals()) {
    if (deal.outcome != deal_outcome::won) continue;
    const bool dated = deal.closed != unknown_instant;
    if (dated ? !closed_in.contains(deal.closed_day) : closed_in != all_days) continue;
    for (const line_record& line : b.lines_of(deal)) {
      constexpr std::int64_t full = full_share.ppm;
      switch (by) {
        case booking_grouping::firm: add(0, line, full); break;
        case booking_grouping::product: add(static_cast<std::uint32_t>(line.product), line, full); break;
        case booking_grouping::customer:
          add(static_cast<std::uint32_t>(deal.customer), line, full);
          break;
        case booking_grouping::ultimate_parent:
          add(static_cast<std::uint32_t>(detail::top_of(b, deal.customer)), line, full);
          break;
        case booking_grouping::quarter:
          if (dated) add(fiscal_quarter(deal.closed_day, first_month) - first_quarter, line, full);
          break;
        case booking_grouping::salesperson:
          owners.for_each_person(deal, [&](std::uint32_t who, std::int64_t ppm) { add(who, line, ppm); });
          break;
        case booking_grouping::team:
          owners.for_each_team(deal, [&](std::uint32_t team, std::int64_t ppm) { add(team, line, ppm); });
          break;
      }
    }
  }
  std::erase_if(groups, [](const booking_group& g) { return g.lines == 0; });
  for (booking_group& g : groups) {
    if (by == booking_grouping::quarter && g.key != no_number) g.key += first_quarter;
  }
  std::sort(groups.begin(), groups.end(),
                   [](const booking_group& a, const booking_group& c) { return a.key < c.key; });
  return groups;
}

estimate price_realisation(const booking_group& g) {
  constexpr std::string_view definition = "net / list over the lines that know both";
  if (g.listed_lines == 0) return undefined(definition, "no list price is known");
  if (g.list_ppm <= 0) return undefined(definition, "the list prices do not sum above 0", g.listed_lines);
  estimate e;
  e.value = to_double(g.net_ppm) / to_double(g.list_ppm);
  e.n = g.listed_lines;
  e.definition = definition;
  return e;
}

coverage coverage_of(const book& b, period p) {
  const date first_close = b.tables().first_close;
  coverage c;
  c.begins_inside = p.from < first_close && first_close < p.to;
  c.ends_inside = b.recorded_days().length() > 0 && b.recorded_days().to > p.from &&
                  b.recorded_days().to < p.to;
  return c;
}

}  // namespace salespulse
#endif
