// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_DETAIL_OUTCOMES_HPP
#define SALESPULSE_MODEL_DETAIL_OUTCOMES_HPP

#include <salespulse/model/book_tables.hpp>
#include <salespulse/model/detail/grouping.hpp>
#include <salespulse/model/detail/pending.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <tuple>
#include <vector>

// What deals came to: outcome, close, owner and credits, from the events of each.
namespace salespulse::detail {

// Whether something happened after the close; a close known by its day lasts the whole day.
inline bool is_after_close(instant at, const deal_record& deal, const zone& reporting) {
  if (deal.closed == unknown_instant) return false;
  return deal.closed_by_hand ? day_of(at, reporting) > deal.closed_day : at > deal.closed;
}

// Events of one deal in the order in which they happened: by time, then as the host numbered them,
// then by the place of their stages. An event without time stands before the first event that comes
// after it by number and place.
inline void order_events(book_tables& t, std::size_t first, std::size_t last) {
  const auto place = [&](const stage_entry& e) {
    return std::tuple(e.sequence, t.stages[index_of(e.stage)].position,
                      t.names.stages[index_of(e.stage)]);
  };
  const auto begin = t.stage_events.begin() + static_cast<std::ptrdiff_t>(first);
  const auto end = t.stage_events.begin() + static_cast<std::ptrdiff_t>(last);
  const auto untimed = std::partition(
      begin, end, [](const stage_entry& e) { return e.at != unknown_instant; });
  std::sort(begin, untimed, [&](const stage_entry& a, const stage_entry& b) {
    return a.at != b.at ? a.at < b.at : place(a) < place(b);
  });
  std::sort(untimed, end, [&](const stage_entry& a, const stage_entry& b) {
    return place(a) < place(b);
  });
  for (auto next = untimed; next != end; ++next) {
    const auto after = std::find_if(
        begin, next, [&](const stage_entry& e) { return place(*next) < place(e); });
    std::rotate(after, next, next + 1);
  }
}

// Outcome and close of each deal from its stages, in the order of the host.
inline void derive_outcomes(pending_facts& facts) {
  book_tables& t = facts.tables;
  const auto deal_of = [](const stage_entry& e) { return e.deal; };
  group_by_deal(t.stage_events, t.deals.size(), deal_of);
  for_each_deal(t.stage_events, t.deals.size(), deal_of, [&](std::size_t d, std::size_t first,
                                                             std::size_t last) {
    deal_record& deal = t.deals[d];
    if (deal.opened != unknown_instant) {
      deal.opened_day = day_of(deal.opened, t.options.reporting_zone);
    }
    if (first == last) return;
    order_events(t, first, last);
    const auto outcome_at = [&](std::size_t i) {
      return t.stages[index_of(t.stage_events[i].stage)].outcome;
    };
    deal.last_stage = t.stage_events[last - 1].stage;
    deal.outcome = outcome_at(last - 1);
    if (deal.outcome == deal_outcome::open) return;
    // The close is the entry into the last unbroken run of its outcome.
    std::size_t closing = last - 1;
    while (closing > first && outcome_at(closing - 1) == deal.outcome) --closing;
    deal.closed = t.stage_events[closing].at;
    if (deal.closed != unknown_instant) {
      deal.closed_day = day_of(deal.closed, t.options.reporting_zone);
    } else if (facts.deals[d].close_date != INT32_MIN) {
      deal.closed_day = {facts.deals[d].close_date};
      deal.closed = start_of(deal.closed_day);
      deal.closed_by_hand = true;
    }
    const std::string_view id = t.names.deals[d];
    if (deal.closed == unknown_instant) {
      facts.report(issue_code::close_time_unknown, issue_effect::noted, "deal", id, "close_date",
                   "it is closed, but nobody recorded when", deal.where);
    } else if (deal.opened != unknown_instant && cycle_seconds(deal) < 0) {
      facts.report(issue_code::closed_before_opened, issue_effect::noted, "deal", id, "opened",
                   "it was closed on " + to_string(deal.closed_day) + ", before it was opened on " +
                       to_string(deal.opened_day),
                   deal.where);
    }
  });
}

// The owner at the close. Where changes were recorded but none before the close, nobody knows; and
// neither where several people took over in one moment and the host gave no order.
inline void derive_owners(pending_facts& facts) {
  book_tables& t = facts.tables;
  const auto deal_of = [](const ownership_entry& e) { return e.deal; };
  group_by_deal(t.ownership_events, t.deals.size(), deal_of);
  for_each_deal(t.ownership_events, t.deals.size(), deal_of, [&](std::size_t d, std::size_t first,
                                                                 std::size_t last) {
    deal_record& deal = t.deals[d];
    if (first == last) {
      deal.point_in_time = false;
      return;
    }
    const auto moment = [](const ownership_entry& e) { return std::tie(e.at, e.sequence); };
    const auto begin = t.ownership_events.begin();
    std::sort(begin + static_cast<std::ptrdiff_t>(first), begin + static_cast<std::ptrdiff_t>(last),
              [&](const ownership_entry& a, const ownership_entry& b) {
                return moment(a) < moment(b);
              });
    deal.owner = salesperson_id{no_number};
    bool unclear = false;
    for (std::size_t i = first; i < last; ++i) {
      const ownership_entry& e = t.ownership_events[i];
      if (is_after_close(e.at, deal, t.options.reporting_zone)) break;
      const bool together = i > first && moment(t.ownership_events[i - 1]) == moment(e);
      unclear = together && (unclear || e.owner != t.ownership_events[i - 1].owner);
      deal.owner = e.owner;
    }
    if (!unclear) return;
    deal.owner = salesperson_id{no_number};
    facts.report(issue_code::owner_unclear, issue_effect::noted, "deal", t.names.deals[d], "owner",
                 "several people took it over in one moment, without an order", deal.where);
  });
}

// The credits in force at the close: of each person the latest row, if the revenue shares sum.
inline void freeze_credits(pending_facts& facts) {
  book_tables& t = facts.tables;
  const auto deal_of = [](const pending_credit& c) { return c.record.deal; };
  group_by_deal(facts.credits, t.deals.size(), deal_of);
  for_each_deal(facts.credits, t.deals.size(), deal_of, [&](std::size_t d, std::size_t first,
                                                            std::size_t last) {
    deal_record& deal = t.deals[d];
    deal.first_credit = static_cast<std::uint32_t>(t.credits.size());
    if (first == last) return;
    const auto begin = facts.credits.begin();
    std::sort(begin + static_cast<std::ptrdiff_t>(first), begin + static_cast<std::ptrdiff_t>(last),
              [](const pending_credit& a, const pending_credit& b) {
                return std::tie(a.at, a.record.sequence, a.record.part) <
                       std::tie(b.at, b.record.sequence, b.record.part);
              });
    std::vector<credit_record> in_force;
    std::int64_t sum = 0;
    bool any_revenue = false;
    for (std::size_t i = first; i < last; ++i) {
      const pending_credit& c = facts.credits[i];
      if (c.at != unknown_instant && is_after_close(c.at, deal, t.options.reporting_zone)) {
        facts.report(issue_code::credit_after_close, issue_effect::noted, "credit_split",
                     t.names.deals[d], "at", "credits freeze at the close; this one changes nothing",
                     c.where);
        continue;
      }
      const auto same = std::find_if(in_force.begin(), in_force.end(), [&](const credit_record& r) {
        return r.salesperson == c.record.salesperson && r.kind == c.record.kind;
      });
      if (same == in_force.end()) {
        in_force.push_back(c.record);
      } else {
        *same = c.record;
      }
    }
    for (const credit_record& r : in_force) {
      if (r.kind != credit_kind::revenue) continue;
      any_revenue = true;
      sum += r.part.ppm;
    }
    deal.credits_refused = any_revenue && sum != full_share.ppm;
    if (deal.credits_refused) {
      for (std::size_t i = first; i < last; ++i) {
        if (facts.credits[i].record.kind != credit_kind::revenue) continue;
        facts.report(issue_code::credits_do_not_sum, issue_effect::rejected, "credit_split",
                     t.names.deals[d], "part_ppm",
                     "the revenue credits of deal '" + std::string(t.names.deals[d]) + "' sum to " +
                         std::to_string(sum) + " ppm, not to 1000000; nobody is credited",
                     facts.credits[i].where);
      }
    }
    std::sort(in_force.begin(), in_force.end(), [&](const credit_record& a, const credit_record& b) {
      if (a.sequence != b.sequence) return a.sequence < b.sequence;
      if (a.salesperson != b.salesperson) {
        return t.names.salespeople[index_of(a.salesperson)] <
               t.names.salespeople[index_of(b.salesperson)];
      }
      return a.kind < b.kind;
    });
    for (const credit_record& r : in_force) {
      const bool refused = deal.credits_refused && r.kind == credit_kind::revenue;
      if (!refused && r.part.ppm > 0) t.credits.push_back(r);
    }
    deal.credit_count = static_cast<std::uint32_t>(t.credits.size()) - deal.first_credit;
  });
}

}  // namespace salespulse::detail
#endif
