// SPDX-License-Identifier: BSL-1.0
#include "amounts.hpp"
#include "parts.hpp"
#include "terminal_report.hpp"
#include "words.hpp"
#include <salespulse/core/date.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace salespulse {

void terminal_report::print_people() {
  constexpr std::string_view levels =
      "Ranges of people are at 90 %, because people could be compared; those of the firm and of "
      "teams are at 80 %.";
  if (options_.people.empty()) {
    if (review_.salespeople.empty()) return;
    heading("SALESPEOPLE, in the order of their ids");
    paragraph(levels);
    out_ += '\n';
    print_tables(all_of(review_.salespeople));
    return;
  }
  out_ += '\n';
  paragraph(levels);
  const auto is_asked_by = [](const scorecard& card, const std::string& person) {
    return card.owner != nobody && (card.id == person || card.name == person);
  };
  for (const scorecard& card : review_.salespeople) {
    for (const std::string& person : options_.people) {
      if (!is_asked_by(card, person)) continue;
      heading("SALESPERSON " + name_of(card, true));
      print_card(card);
      break;
    }
  }
  for (const std::string& person : options_.people) {
    bool found = false;
    for (const scorecard& card : review_.salespeople) found = found || is_asked_by(card, person);
    if (found) continue;
    heading("SALESPERSON " + printable(person));
    paragraph("No salesperson has this id or name.");
  }
}

void terminal_report::print_quarters() {
  if (review_.quarters.empty()) return;
  heading("QUARTERS, by the day of the close");
  table_notes notes;
  table_notes undefined_notes;
  text_column name{{"", ""}, {}, alignment::left};
  text_column sold_column{{"", "Sold"}, {}, alignment::right};
  text_column won{{"", "Won"}, {}, alignment::right};
  text_column lost{{"", "Lost"}, {}, alignment::right};
  text_column rate{{"Win", "rate"}, {}, alignment::right};
  text_column range{{"80 %", "sure"}, {}, alignment::right};
  const money_unit u = unit(0);
  std::vector<estimate> rates;
  for (const group_row& q : review_.quarters) {
    std::string label = q.name;
    if (q.data.begins_inside) {
      label += ' ' + notes.mark(
                         "The record begins inside this quarter: what closed before is "
                         "missing, so its win rate misleads and often reads too high.");
    }
    if (q.data.ends_inside) {
      label += ' ' + notes.mark("The record ends inside this quarter: more can still close in it.");
    }
    name.cells.push_back(label);
    sold_column.cells.push_back(shown(nearest_units(q.booked.booked_ppm, u.minor), u));
    won.cells.push_back(grouped(q.deals.won));
    lost.cells.push_back(grouped(q.deals.lost));
    add_rate(q.win_rate, rate, range, rates, notes);
  }
  std::vector<text_column> columns{name, sold_column, won, lost, rate, range};
  add_rate_bars(columns, columns.size(), rates);
  out_ += print_table(columns, width_) + notes.print(width_);
}

void terminal_report::print_products() {
  if (review_.products.empty()) return;
  heading("PRODUCTS");
  table_notes notes;
  text_column name{{""}, {}, alignment::left};
  text_column lines{{"Lines"}, {}, alignment::right};
  text_column sold_column{{"Sold"}, {}, alignment::right};
  text_column price{{"Price kept"}, {}, alignment::right};
  const money_unit u = unit(0);
  const std::vector<wide> rounded = product_booked(review_, u.minor);
  for (std::size_t i = 0; i < review_.products.size(); ++i) {
    const group_row& p = review_.products[i];
    name.cells.push_back(p.name.empty() ? "(no product named)" : printable(p.name));
    lines.cells.push_back(grouped(p.booked.lines));
    sold_column.cells.push_back(shown(rounded[i], u));
    price.cells.push_back(share_text(price_realisation(p.booked), notes));
  }
  const std::vector<text_column> columns{name, lines, sold_column, price};
  out_ += print_table(columns, width_) + notes.print(width_);
}

void terminal_report::print_sources() {
  heading("SOURCES of the deals");
  table_notes notes;
  text_column name{{"", ""}, {}, alignment::left};
  text_column won{{"", "Won"}, {}, alignment::right};
  text_column lost{{"", "Lost"}, {}, alignment::right};
  text_column open{{"", "Open"}, {}, alignment::right};
  text_column rate{{"Win", "rate"}, {}, alignment::right};
  text_column range{{"80 %", "sure"}, {}, alignment::right};
  std::vector<estimate> rates;
  for (const group_row& s : review_.sources) {
    name.cells.push_back(s.name.empty() ? "(not known)" : printable(s.name));
    won.cells.push_back(grouped(s.deals.won));
    lost.cells.push_back(grouped(s.deals.lost));
    open.cells.push_back(grouped(s.deals.open));
    add_rate(s.win_rate, rate, range, rates, notes);
  }
  std::vector<text_column> columns{name, won, lost, open, rate, range};
  add_rate_bars(columns, columns.size(), rates);
  out_ += print_table(columns, width_) + notes.print(width_);
}

void terminal_report::print_records() {
  const data_notes& n = review_.notes;
  struct remark {
    std::int64_t deals;
    std::string_view one;
    std::string_view many;
  };
  const remark remarks[] = {
      {n.closed_by_hand, "closed on a day that somebody typed; no event was recorded.", ""},
      {n.close_unknown, "won or lost on a day that nobody knows: in no quarter.", ""},
      {n.not_point_in_time,
       "not point-in-time: only today's owner is known, or not when the record became known. Its "
       "figures can change backwards.",
       "not point-in-time: only today's owner is known, or not when the record became known. "
       "Their figures can change backwards."},
      {n.amount_only, "with one amount and no lines.", ""},
      {n.renewal_deals,
       "recorded as a renewal: it is valued as a deal of its own. Where the contract before it is "
       "on "
       "record too, what it renews is counted in both.",
       "recorded as renewals: each is valued as a deal of its own. Where the contract before it is "
       "on record too, what it renews is counted in both."},
      {n.credits_refused, "whose shares do not sum to one: nobody is credited.", ""},
      {n.customer_unknown, "without a customer: it counts as a customer of its own.",
       "without a customer: each counts as a customer of its own."}};
  const deal_counts& d = review_.firm.deals;
  const bool none_lost = d.won > 0 && d.lost == 0;
  bool any = none_lost || review_.snapshot_fingerprint != 0 || n.rejected_rows > 0;
  for (const remark& r : remarks) any = any || r.deals > 0;
  if (!any) return;
  heading("THE RECORDS BEHIND THIS");
  if (n.rejected_rows > 0) {
    item(counted(n.rejected_rows, "row of the files was rejected and is in no figure.",
                 "rows of the files were rejected and are in no figure."));
  }
  if (none_lost) {
    item(
        "No deal is on record as lost. Won deals divided by closed ones say nothing then; look "
        "at the win rate of all deals.");
  }
  for (const remark& r : remarks) {
    if (r.deals == 0) continue;
    item(counted(r.deals, "deal", "deals") + ' ' +
         std::string(r.deals == 1 || r.many.empty() ? r.one : r.many));
  }
  if (review_.snapshot_fingerprint != 0) {
    item(fmt::format("Parameters: \"{}\", {}, fingerprint {:016x}.",
                     printable(review_.snapshot_name), to_string(review_.snapshot_source),
                     review_.snapshot_fingerprint));
  }
}

void terminal_report::print_how_to_read() {
  heading("HOW TO READ THIS");
  const bool any = !review_.firm.value.empty();
  item("Sold: the net amount of every won line over its committed term.");
  if (any) {
    item("Will last: what the won lines are expected to bring within " +
         horizon_in_words(review_.horizon_days) +
         " of their close, renewals included, leaving customers and unpaid bills taken off, later "
         "money discounted. It can exceed what was sold, since customers renew.");
    item(
        "How sure: the range holds what renewals by chance may do; that the parameters may be "
        "wrong is not in it.");
    item(
        "The steps from list price sum to the last figure exactly. Each is the mean effect of "
        "its cause over all orders of taking the causes, so no order is favoured.");
  }
  item(
      "Win rate: its range says how far chance alone could move it. Deals still open are in "
      "neither won nor lost.");
  item(
      "Nobody is ranked here, and activities are not counted: what lasts is looked at, however "
      "it was sold. Not meant as the basis of a decision about employment or pay.");
  if (!options_.details) return;
  if (any) {
    item(
        "Value multiple: what will last / sold. Sustainability: what is expected to be kept of "
        "the margin at list price of the same business kept whole. Booking quality: the "
        "committed part as agreed / its margin at list price. Compare ratios only inside a "
        "product family.");
  }
  item(
      "HHI: the sum of squared customer shares; 1 / HHI equal customers would be as "
      "concentrated.");
}

}  // namespace salespulse
