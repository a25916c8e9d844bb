// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SCORECARD_SCORECARD_DEFINITIONS_HPP
#define SALESPULSE_SCORECARD_SCORECARD_DEFINITIONS_HPP

#include <salespulse/core/fiscal_quarter.hpp>
#include <salespulse/credit/recognition.hpp>
#include <salespulse/model/book.hpp>
#include <salespulse/model/book_tables.hpp>
#include <salespulse/scorecard/scorecard.hpp>
#include <salespulse/tally/detail/customer_tree.hpp>
#include <salespulse/tally/tally.hpp>
#include <salespulse/tally/value_columns.hpp>
#include <salespulse/value/renewal_risk.hpp>
#include <salespulse/value/weights.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

// See salespulse/definitions.hpp.
namespace salespulse {

namespace detail {

inline value_figure figure_of(value_basis basis, const appraisal& a, provenance source,
                              const owner_risk::part& risk, double recognised) {
  value_figure f;
  f.basis = basis;
  f.parts = a;
  f.sd = std::sqrt(risk.variance);
  f.lifetimes_at_risk = risk.lifetimes;
  f.value.value = a.value;
  f.value.n = a.lines;
  f.value.source = source;
  f.value.definition = basis == value_basis::contribution
                           ? "discounted expected contribution before the horizon"
                           : "discounted expected revenue before the horizon";
  const auto around = [&](std::size_t level) {
    const interval& d = risk.deviation[level];
    return interval{a.value + d.lower, a.value + d.upper, d.level};
  };
  f.value.range = around(0);
  f.at_90 = around(1);
  f.value_multiple = value_multiple(a, source);
  f.sustainability_ratio = sustainability_ratio(a, source);
  f.booking_quality = booking_quality(a, source);
  f.recognised = recognised;
  return f;
}

// Concentration of what each owner booked over its customers; entries of an owner stand together.
inline std::vector<std::pair<std::uint32_t, concentration>> concentrations(
    const book& b, const value_columns& columns, const review_options& options) {
  std::vector<std::pair<std::uint32_t, concentration>> out;
  std::vector<std::pair<customer_id, wide>> booked;
  std::vector<wide> amounts;
  for (std::size_t i = 0; i < columns.size();) {
    const std::uint32_t owner =
        columns.keys[columns.key[i] & ~value_columns::new_lifetime].owner;
    booked.clear();
    bool unknown = false;
    for (; i < columns.size(); ++i) {
      const value_key& k = columns.keys[columns.key[i] & ~value_columns::new_lifetime];
      if (k.owner != owner) break;
      unknown |= k.of.basis == value_basis::none;
      const customer_id c =
          options.parents_as_customers ? top_of(b, columns.customer[i]) : columns.customer[i];
      const wide amount = static_cast<wide>(columns.net[i]) * committed_flows(k.of.terms) *
                          k.part.ppm;
      if (!booked.empty() && booked.back().first == c) {
        booked.back().second += amount;
      } else {
        booked.emplace_back(c, amount);
      }
    }
    if (options.parents_as_customers) {
      std::sort(booked.begin(), booked.end(),
                [](const auto& x, const auto& y) { return x.first < y.first; });
    }
    amounts.clear();
    for (std::size_t c = 0; c < booked.size(); ++c) {
      if (c > 0 && booked[c].first == booked[c - 1].first) {
        amounts.back() += booked[c].second;
      } else {
        amounts.push_back(booked[c].second);
      }
    }
    out.emplace_back(
        owner, unknown ? undefined_concentration("the amount of a won line is not known",
                                                 static_cast<std::int64_t>(amounts.size()),
                                                 options.largest_customers)
                       : concentration_of(amounts, options.largest_customers));
  }
  return out;
}

// Gives each card of `cards` the element whose number is the card's owner.
template <class Element, class NumberOf, class Give>
void hand_out(std::vector<scorecard>& cards, std::vector<Element> elements, NumberOf number_of,
              Give give) {
  for (scorecard& card : cards) {
    for (auto at = std::lower_bound(elements.begin(), elements.end(), card.owner,
                                    [&](const Element& e, std::uint32_t owner) {
                                      return number_of(e) < owner;
                                    });
         at != elements.end() && number_of(*at) == card.owner; ++at) {
      give(card, *at);
    }
  }
}

inline std::vector<scorecard> cards_of(const book& b, value_view view, deal_grouping deals,
                                       booking_grouping booked, const directory* names,
                                       const valuation& parameters,
                                       const review_options& options) {
  const value_columns columns = resolve(b, view);
  const std::vector<owner_value> values = appraise(tally_values(columns), parameters);
  const std::vector<owner_risk> risks =
      renewal_risk({columns.keys, columns.key, columns.net, columns.cost}, parameters);
  const std::vector<recognised_value> recognised =
      recognise(columns, options.recognised_in, parameters);
  const std::vector<deal_group> counts = count_deals(b, deals);
  const std::vector<booking_group> bookings_of = bookings(b, booked);

  constexpr std::string_view days_to_win = "days from opening to winning";
  constexpr std::string_view days_to_lose = "days from opening to losing";
  const confidence sure = view == value_view::salesperson ? confidence_90 : confidence_80;
  std::vector<scorecard> cards(names == nullptr ? 1 : names->size());
  for (std::size_t i = 0; i < cards.size(); ++i) {
    cards[i].owner = static_cast<std::uint32_t>(i);
    if (names == nullptr) continue;
    cards[i].id = (*names)[i];
    cards[i].name = (view == value_view::team ? b.tables().team_names
                                              : b.tables().salesperson_names)[i];
  }
  const bool unowned = (!counts.empty() && counts.back().key == no_number) ||
                       (!values.empty() && values.back().owner == nobody);
  if (names != nullptr && unowned) {
    cards.emplace_back();
    cards.back().owner = nobody;
  }
  for (scorecard& card : cards) {
    card.view = view;
    card.customers = concentration_of({}, options.largest_customers);
    card.won_cycle = cycle_time_of({}, days_to_win);
    card.lost_cycle = cycle_time_of({}, days_to_lose);
  }
  hand_out(cards, values, [](const owner_value& v) { return v.owner; },
           [&](scorecard& card, const owner_value& v) {
             card.refused = v.refused;
             const auto risk = std::lower_bound(
                 risks.begin(), risks.end(), v.owner,
                 [](const owner_risk& r, std::uint32_t owner) { return r.owner < owner; });
             const auto share = std::lower_bound(
                 recognised.begin(), recognised.end(), v.owner,
                 [](const recognised_value& r, std::uint32_t owner) { return r.owner < owner; });
             const bool any = share != recognised.end() && share->owner == v.owner;
             if (v.contribution.lines > 0) {
               card.value.push_back(figure_of(value_basis::contribution, v.contribution, v.source,
                                              risk->contribution, any ? share->contribution : 0));
             }
             if (v.revenue.lines > 0) {
               card.value.push_back(figure_of(value_basis::revenue, v.revenue, v.source,
                                              risk->revenue, any ? share->revenue : 0));
             }
           });
  hand_out(cards, counts, [](const deal_group& g) { return g.key; },
           [&](scorecard& card, const deal_group& g) {
             card.deals = g.counts;
             card.won_cycle = cycle_time_of(g.won_cycles, days_to_win, sure);
             card.lost_cycle = cycle_time_of(g.lost_cycles, days_to_lose, sure);
           });
  hand_out(cards, bookings_of, [](const booking_group& g) { return g.key; },
           [](scorecard& card, const booking_group& g) { card.booked = g; });
  hand_out(cards, concentrations(b, columns, options), [](const auto& c) { return c.first; },
           [](scorecard& card, const auto& c) { card.customers = c.second; });
  for (scorecard& card : cards) {
    card.win_rate = win_rate(card.deals, options.denominator, sure);
    card.win_rate_of_created = win_rate(card.deals, win_denominator::created, sure);
    card.win_rate_by_value = win_rate_by_value(card.deals, sure);
    card.price_realisation = price_realisation(card.booked);
  }
  return cards;
}

inline std::vector<group_row> rows_of(const std::vector<booking_group>& booked,
                                      const std::vector<deal_group>& deals,
                                      win_denominator denominator) {
  std::vector<group_row> rows;
  // Both are ascending by key.
  for (std::size_t i = 0, j = 0; i < booked.size() || j < deals.size();) {
    const bool has_bookings =
        i < booked.size() && (j == deals.size() || booked[i].key <= deals[j].key);
    const bool has_deals =
        j < deals.size() && (i == booked.size() || deals[j].key <= booked[i].key);
    group_row row;
    row.key = has_bookings ? booked[i].key : deals[j].key;
    if (has_bookings) row.booked = booked[i++];
    if (has_deals) row.deals = deals[j++].counts;
    row.win_rate = win_rate(row.deals, denominator);
    rows.push_back(std::move(row));
  }
  return rows;
}

inline data_notes notes_on(const book& b) {
  data_notes notes;
  for (const deal_record& d : b.deals()) {
    const bool closed = d.outcome != deal_outcome::open;
    notes.not_point_in_time += d.point_in_time ? 0 : 1;
    notes.closed_by_hand += d.closed_by_hand ? 1 : 0;
    notes.close_unknown += closed && d.closed == unknown_instant ? 1 : 0;
    notes.amount_only += d.amount_only ? 1 : 0;
    notes.credits_refused += d.credits_refused ? 1 : 0;
    const bool renewal = d.outcome == deal_outcome::won && d.type == deal_type::renewal;
    notes.renewal_deals += renewal ? 1 : 0;
    notes.customer_unknown += d.customer_named ? 0 : 1;
  }
  return notes;
}

}  // namespace detail

result<valuation> bind(const book& b, const snapshot* parameters) {
  std::vector<std::string_view> families;
  std::vector<std::string_view> segments;
  for (std::size_t i = 0; i < b.names().families.size(); ++i) {
    families.push_back(b.names().families[i]);
  }
  for (std::size_t i = 0; i < b.names().segments.size(); ++i) {
    segments.push_back(b.names().segments[i]);
  }
  const std::span<const snapshot> by_epoch(parameters, parameters == nullptr ? 0U : 1U);
  return valuation::make(by_epoch, families, b.tables().families, segments);
}

result<review> make_review(const book& b, const snapshot* parameters,
                           const review_options& options) {
  if (options.recognised_in.to <= options.recognised_in.from) {
    return failure{"the period of recognition ends on or before the day it begins"};
  }
  const result<valuation> bound = bind(b, parameters);
  if (!bound) return bound.error();
  const valuation& v = bound.value();
  review r;
  r.options = options;
  r.reporting = b.options().reporting;
  r.recorded_days = b.recorded_days();
  if (parameters != nullptr) {
    r.snapshot_name = parameters->name;
    r.snapshot_source = parameters->source;
    r.snapshot_fingerprint = fingerprint(*parameters);
    r.yearly_rate = parameters->yearly_rate;
    r.horizon_days = parameters->horizon_days;
  }
  r.notes = detail::notes_on(b);
  r.notes.rejected_rows = options.rejected_rows;
  r.firm = std::move(detail::cards_of(b, value_view::firm, deal_grouping::firm,
                                      booking_grouping::firm, nullptr, v, options)
                         .front());
  r.teams = detail::cards_of(b, value_view::team, deal_grouping::team, booking_grouping::team,
                             &b.names().teams, v, options);
  r.salespeople =
      detail::cards_of(b, value_view::salesperson, deal_grouping::owner,
                       booking_grouping::salesperson, &b.names().salespeople, v, options);

  const std::int32_t first_month = b.options().first_fiscal_month;
  r.products = detail::rows_of(bookings(b, booking_grouping::product), {}, options.denominator);
  r.sources = detail::rows_of({}, count_deals(b, deal_grouping::source), options.denominator);
  r.quarters = detail::rows_of(bookings(b, booking_grouping::quarter),
                               count_deals(b, deal_grouping::quarter), options.denominator);
  for (group_row& row : r.products) {
    if (row.key != no_number) row.name = b.names().products[row.key];
  }
  for (group_row& row : r.sources) row.name = b.names().sources[row.key];
  for (group_row& row : r.quarters) {
    row.name = std::to_string(row.key / 4) + " Q" + std::to_string(row.key % 4 + 1);
    row.days = quarter_days(row.key, first_month);
    row.data = coverage_of(b, row.days);
  }
  for (std::size_t i = 0; i < b.names().families.size(); ++i) {
    r.family_names.emplace_back(b.names().families[i]);
  }
  for (std::size_t i = 0; i < b.names().segments.size(); ++i) {
    r.segment_names.emplace_back(b.names().segments[i]);
  }
  return r;
}

}  // namespace salespulse
#endif
