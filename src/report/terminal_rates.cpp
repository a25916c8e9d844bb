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

void terminal_report::print_deals(const cards& some) {
  paragraph(review_.options.denominator == win_denominator::closed
                ? "How the deals went"
                : "How the deals went; the win rate is that of all deals, open ones included");
  table_notes notes;
  const std::size_t k = review_.options.largest_customers;
  std::vector<text_column> columns{names(some)};
  for (const char* head : {"Won", "Lost", "Open"}) {
    columns.push_back({{"", head}, {}, alignment::right});
  }
  text_column rate{{"Win", "rate"}, {}, alignment::right};
  const bool people = are_people(some);
  text_column range{{people ? "90 %" : "80 %", "sure"}, {}, alignment::right};
  text_column days{{"Days", "to win"}, {}, alignment::right};
  text_column price{{"Price", "kept"}, {}, alignment::right};
  text_column top{{"Top " + std::to_string(k), "buyers"}, {}, alignment::right};
  std::vector<estimate> rates;
  for (const scorecard* card : some) {
    const deal_counts& d = card->deals;
    const bool nobodys = card->owner == nobody && d.won + d.lost + d.open == 0;
    columns[1].cells.push_back(nobodys ? "" : grouped(d.won));
    columns[2].cells.push_back(nobodys ? "" : grouped(d.lost));
    columns[3].cells.push_back(nobodys ? "" : grouped(d.open));
    const estimate& median = card->won_cycle.median;
    if (nobodys || (sold_without_closing(*card) && !card->win_rate.value)) {
      rates.emplace_back();
      range.cells.emplace_back();
      rate.cells.push_back(
          notes.mark(nobodys ? "counted with those who owned these deals when they were won"
                             : "sold by a share in deals that others closed: those count there"));
      days.cells.push_back(rate.cells.back());
    } else {
      add_rate(card->win_rate, rate, range, rates, notes);
      days.cells.push_back(median.value ? decimal_text(*median.value, 0)
                                        : notes.mark(not_known(median)));
    }
    price.cells.push_back(share_text(card->price_realisation, notes));
    const std::int64_t buyers = card->customers.hhi.n;
    const bool few = card->customers.top_share.value && buyers <= static_cast<std::int64_t>(k);
    top.cells.push_back(few ? "all " + grouped(buyers)
                            : share_text(card->customers.top_share, notes));
  }
  columns.push_back(std::move(rate));
  columns.push_back(std::move(range));
  const std::size_t bar_place = columns.size();
  columns.push_back(std::move(days));
  columns.push_back(std::move(price));
  columns.push_back(std::move(top));
  constexpr std::ptrdiff_t open_place = 3;
  if (!add_rate_bars(columns, bar_place, rates)) {
    std::vector<text_column> narrower = columns;
    narrower.erase(narrower.begin() + open_place);  // what is open is said of the firm
    if (add_rate_bars(narrower, bar_place - 1, rates)) columns = std::move(narrower);
  }
  print(columns, notes);
}

bool terminal_report::add_rate_bars(std::vector<text_column>& columns, std::size_t place,
                                    const std::vector<estimate>& rates) const {
  const std::size_t used = table_width(columns, name_limit_) + 2;
  if (used + 8 > width_) return false;
  const std::size_t room = std::min<std::size_t>(width_ - used, 30);
  text_column bars{{"", "0" + padded("100 %", room - 1, alignment::right)}, {}, alignment::left};
  for (const estimate& e : rates) {
    bars.cells.push_back(
        e.range ? interval_bar(e.range->lower, *e.value, e.range->upper, {0, 1}, room, style_)
                : "");
  }
  columns.insert(columns.begin() + static_cast<std::ptrdiff_t>(place), std::move(bars));
  return true;
}

void terminal_report::add_rate(const estimate& e, text_column& rate, text_column& range,
                               std::vector<estimate>& rates, table_notes& notes) {
  rates.push_back(e);
  rate.cells.push_back(share_text(e, notes));
  range.cells.push_back(
      e.range ? fmt::format("{:.0f}-{:.0f}", 100 * e.range->lower, 100 * e.range->upper) : "");
}

void terminal_report::print_ratios(const cards& some) {
  for (const value_figure& of_firm : review_.firm.value) {
    const value_basis basis = of_firm.basis;
    cards those;
    for (const scorecard* card : some) {
      if (figure_of(*card, basis) != nullptr) those.push_back(card);
    }
    if (those.empty()) continue;
    table_notes notes;
    out_ += '\n';
    paragraph("Three ratios (" + std::string(to_string(basis)) + ')');
    print(ratio_columns(those, basis, notes), notes);
    money_unit u;
    const std::vector<text_column> columns = fitting(
        largest_amount_of(those, basis),
        [&](const money_unit& tried) { return horizon_columns(those, basis, tried); }, u);
    out_ += '\n';
    paragraph(
        fmt::format("What will last within other horizons, in {} ({})", u.name, to_string(basis)));
    print(columns);
  }
}

std::vector<text_column> terminal_report::ratio_columns(const cards& those, value_basis basis,
                                                        table_notes& notes) const {
  std::vector<text_column> columns{names(those)};
  for (const auto& [above, head] :
       {std::pair{"Value", "multiple"}, std::pair{"Sustain-", "ability"},
        std::pair{"Booking", "quality"}}) {
    columns.push_back({{above, head}, {}, alignment::right});
  }
  for (const scorecard* card : those) {
    const value_figure& f = *figure_of(*card, basis);
    std::size_t at = 1;
    for (const estimate* e : {&f.value_multiple, &f.sustainability_ratio, &f.booking_quality}) {
      columns[at++].cells.push_back(e->value ? fmt::format("{:.2f}", *e->value)
                                             : notes.mark(not_known(*e)));
    }
  }
  return columns;
}

std::vector<text_column> terminal_report::horizon_columns(const cards& those, value_basis basis,
                                                          const money_unit& u) const {
  std::vector<text_column> columns{names(those)};
  for (const std::int32_t days : usual_horizons) {
    columns.push_back({{"Within", horizon_in_words(days)}, {}, alignment::right});
  }
  columns.push_back({{"Renewal", "risk, sd"}, {}, alignment::right});
  columns.push_back({{"Lifetimes", "at risk"}, {}, alignment::right});
  for (const scorecard* card : those) {
    const value_figure& f = *figure_of(*card, basis);
    std::size_t at = 1;
    for (const double value : f.parts.at_usual) columns[at++].cells.push_back(shown(value, u));
    columns[at++].cells.push_back(shown(f.sd, u));
    columns[at].cells.push_back(grouped(f.lifetimes_at_risk));
  }
  return columns;
}

}  // namespace salespulse
