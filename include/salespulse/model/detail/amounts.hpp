// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_DETAIL_AMOUNTS_HPP
#define SALESPULSE_MODEL_DETAIL_AMOUNTS_HPP

#include <salespulse/model/book_tables.hpp>
#include <salespulse/model/detail/grouping.hpp>
#include <salespulse/model/detail/pending.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// Amounts in the reporting currency, and the rows that carry them in the order of their deals.
namespace salespulse::detail {

class converter {
public:
  explicit converter(pending_facts& facts)
      : reporting_(facts.tables.options.reporting),
        valid_days_(facts.tables.options.rate_valid_days),
        currencies_(facts.rates) {
    for (currency_rates& c : currencies_) {
      std::sort(c.rates.begin(), c.rates.end(),
                [](const dated_rate& a, const dated_rate& b) { return a.day < b.day; });
    }
  }

  // Minor units of the reporting currency at the rate of the day, or at the latest rate where no
  // day is given. Empty: no rate that is fresh enough, or too large.
  [[nodiscard]] std::optional<std::int64_t> convert(std::int64_t minor, currency from,
                                                    std::optional<date> day) const {
    if (minor == unknown_amount || from == reporting_) return minor;
    for (const currency_rates& c : currencies_) {
      if (c.currency != from) continue;
      auto after = c.rates.end();
      if (day) {
        after = std::upper_bound(c.rates.begin(), c.rates.end(), *day,
                                 [](date d, const dated_rate& r) { return d < r.day; });
      }
      if (after == c.rates.begin()) return std::nullopt;
      const dated_rate& rate = *(after - 1);
      if (day && *day - rate.day > valid_days_) return std::nullopt;
      const result<money> converted = salespulse::convert({minor, from}, rate.rate, reporting_);
      if (!converted) return std::nullopt;
      return converted.value().minor;
    }
    return std::nullopt;
  }

private:
  currency reporting_;
  std::int32_t valid_days_;
  std::vector<currency_rates>& currencies_;
};

// Lines in the order of their deals and in the reporting currency at the close.
inline void settle_lines(pending_facts& facts, const converter& rates) {
  book_tables& t = facts.tables;
  const auto deal_of = [](const pending_line& l) { return l.record.deal; };
  group_by_deal(facts.lines, t.deals.size(), deal_of);
  t.lines.reserve(facts.lines.size());
  std::vector<std::uint32_t> line_numbers(facts.line_ids.size(), no_number);
  for_each_deal(facts.lines, t.deals.size(), deal_of, [&](std::size_t d, std::size_t first,
                                                          std::size_t last) {
    deal_record& deal = t.deals[d];
    deal.first_line = static_cast<std::uint32_t>(t.lines.size());
    const bool dated = deal.closed != unknown_instant;
    // An open deal is worth what it would be today; a closed one without a day has no rate.
    const std::optional<date> day = deal.outcome == deal_outcome::open ? std::nullopt
                                    : dated ? std::optional(deal.closed_day)
                                            : std::optional(unknown_day);
    const auto settle = [&](line_record line, std::string_view id, currency paid_in,
                            row_position where) {
      for (std::int64_t* amount : {&line.list, &line.net, &line.cost}) {
        const std::optional<std::int64_t> converted = rates.convert(*amount, paid_in, day);
        if (!converted) {
          facts.report(issue_code::missing_exchange_rate, issue_effect::noted, "line",
                       id, "currency",
                       "no rate of " + std::string(paid_in.code()) +
                           (dated ? " on " + to_string(deal.closed_day) : std::string()) +
                           "; the line of deal '" + std::string(t.names.deals[d]) +
                           "' is kept without amounts",
                       where);
          line.list = line.net = line.cost = unknown_amount;
          break;
        }
        *amount = *converted;
      }
      t.lines.push_back(line);
    };
    for (std::size_t i = first; i < last; ++i) {
      const pending_line& pending = facts.lines[i];
      const bool named = pending.id != no_number;
      if (named) {
        line_numbers[pending.id] = static_cast<std::uint32_t>(t.lines.size());
      }
      settle(pending.record, named ? facts.line_ids[pending.id] : std::string_view(),
             pending.paid_in, pending.where);
    }
    if (first == last && facts.deals[d].amount != unknown_amount) {
      line_record line;
      line.deal = deal_id{static_cast<std::uint32_t>(d)};
      line.net = facts.deals[d].amount;
      deal.amount_only = true;
      settle(line, {}, facts.deals[d].amount_currency, deal.where);
    }
    if (first == last && !deal.amount_only && deal.outcome == deal_outcome::won) {
      // Somebody bought something: a line without product or amount keeps the sale in sight.
      line_record line;
      line.deal = deal_id{static_cast<std::uint32_t>(d)};
      t.lines.push_back(line);
      deal.line_count = 1;
      return;
    }
    deal.line_count = static_cast<std::uint32_t>(t.lines.size()) - deal.first_line;
    for (std::uint32_t i = 0; deal.outcome == deal_outcome::won && i < deal.line_count; ++i) {
      if (t.lines[deal.first_line + i].net != unknown_amount) continue;
      facts.report(issue_code::amount_unknown, issue_effect::noted, "deal", t.names.deals[d], "net",
                   "it is won, but a line has no amount", deal.where);
    }
  });
  for (pending_revenue& event : facts.revenue_events) {
    if (event.line != no_number) event.record.line = line_id{line_numbers[event.line]};
  }
}

inline void settle_revenue(pending_facts& facts, const converter& rates) {
  book_tables& t = facts.tables;
  group_by_deal(facts.revenue_events, t.deals.size(),
                [](const pending_revenue& e) { return e.record.deal; });
  std::vector<std::uint32_t> numbers(facts.revenue_ids.size(), no_number);
  for (std::size_t i = 0; i < facts.revenue_events.size(); ++i) {
    numbers[facts.revenue_events[i].id] = static_cast<std::uint32_t>(i);
  }
  t.revenue_events.reserve(facts.revenue_events.size());
  for (pending_revenue& event : facts.revenue_events) {
    const date day = day_of(event.record.at, t.options.reporting_zone);
    const auto id = facts.revenue_ids[event.id];
    const auto converted = rates.convert(event.record.amount, event.paid_in, day);
    if (!converted) {
      facts.report(issue_code::missing_exchange_rate, issue_effect::noted, "revenue_event", id,
                   "currency",
                   "no rate of " + std::string(event.paid_in.code()) + " on " + to_string(day) +
                       "; the event is kept without amount",
                   event.where);
    }
    event.record.amount = converted.value_or(unknown_amount);
    if (event.refers_to != no_number) {
      event.record.refers_to = numbers[event.refers_to];
      if (event.record.refers_to == no_number) {
        facts.report(issue_code::unknown_original, issue_effect::noted, "revenue_event", id,
                     "refers_to",
                     "there is no event '" + std::string(facts.revenue_ids[event.refers_to]) + "'",
                     event.where);
      }
    }
    t.revenue_events.push_back(event.record);
  }
}

}  // namespace salespulse::detail
#endif
