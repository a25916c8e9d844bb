// SPDX-License-Identifier: BSL-1.0
#include "amounts.hpp"
#include "parts.hpp"
#include "terminal_report.hpp"
#include "words.hpp"
#include <salespulse/core/date.hpp>
#include <salespulse/core/share.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace salespulse {

void terminal_report::print_tables(const cards& some) {
  print_values(some);
  if (!review_.firm.value.empty()) {
    for (const value_figure& f : review_.firm.value) {
      if (f.basis == main_basis_ || options_.details) print_bridges(some, f.basis);
    }
  }
  print_deals(some);
  if (options_.details) print_ratios(some);
}

text_column terminal_report::names(const cards& some) const {
  std::map<std::string, int> uses;
  for (const scorecard* card : some) ++uses[name_of(*card, false)];
  text_column c{{"", ""}, {}, alignment::left};
  for (const scorecard* card : some) {
    c.cells.push_back(name_of(*card, width_ >= 100 || uses[name_of(*card, false)] > 1));
  }
  return c;
}

void terminal_report::print(const std::vector<text_column>& columns, const table_notes& notes) {
  std::size_t limit = name_limit_;
  while (limit > 8 && table_width(columns, limit) > width_) --limit;
  out_ += print_table(columns, limit) + notes.print(width_);
}

void terminal_report::print_values(const cards& some) {
  money_unit u;
  table_notes notes;
  const bool any = !review_.firm.value.empty();
  double largest = 0;
  for (const scorecard* c : some) {
    largest = std::max(largest, std::abs(to_double(c->booked.booked_ppm)) / full_share.ppm);
  }
  std::vector<text_column> columns = fitting(
      largest,
      [&](const money_unit& tried) {
        notes = {};
        return value_columns_of(some, tried, notes);
      },
      u);
  paragraph("What was sold and what it will bring, in " + u.name +
            (any ? "; the range: " + sure_by_renewal(are_people(some) ? 0.9 : 0.8) : ""));
  bool besides = false;
  if (any) {
    besides = !add_other_basis(columns, some, u);
    add_refused(columns, some, u);
    add_value_bars(columns, some, main_basis_, u);
  }
  print(columns, notes);
  print_uniform(some);
  out_ += '\n';
  if (besides) print_other_basis(some);
}

bool terminal_report::add_other_basis(std::vector<text_column>& columns, const cards& some,
                                      const money_unit& u) const {
  if (review_.firm.value.size() < 2) return true;
  const value_basis other = review_.firm.value.back().basis;
  const auto lasts = lasting(some, other, u);
  text_column c{{"and, cost", "unknown"}, {}, alignment::right};
  bool any = false;
  for (const scorecard* card : some) {
    const bool has = figure_of(*card, other) != nullptr;
    any = any || has;
    c.cells.push_back(has ? shown(lasts.at(card), u) : "");
  }
  if (!any) return true;
  std::vector<text_column> wider = columns;
  wider.push_back(std::move(c));
  if (table_width(wider, name_limit_) + 12 > width_) return false;
  columns = std::move(wider);
  return true;
}

void terminal_report::print_other_basis(const cards& all) {
  const value_basis other = review_.firm.value.back().basis;
  cards some;
  for (const scorecard* card : all) {
    if (figure_of(*card, other) != nullptr) some.push_back(card);
  }
  money_unit u;
  table_notes notes;
  std::vector<text_column> columns = fitting(
      largest_amount_of(some, other),
      [&](const money_unit& tried) {
        std::vector<text_column> made{names(some)};
        add_range_columns(made, some, other, tried, notes);
        return made;
      },
      u);
  paragraph(fmt::format("Besides, of lines whose cost is not known, before cost, in {}", u.name));
  add_value_bars(columns, some, other, u);
  print(columns);
  out_ += '\n';
}

std::vector<text_column> terminal_report::value_columns_of(const cards& some, const money_unit& u,
                                                           table_notes& notes) const {
  std::vector<text_column> columns{names(some)};
  for (std::size_t i = 0; i < some.size(); ++i) columns[0].cells[i] += remarks_on(*some[i], notes);
  const auto sold_units = sold(some, u);
  text_column sold_column{{"", "Sold"}, {}, alignment::right};
  for (const scorecard* c : some) {
    sold_column.cells.push_back(is_sold_unknown(*c) ? notes.mark("not known: won without an amount")
                                                    : shown(sold_units.at(c), u));
  }
  columns.push_back(std::move(sold_column));
  if (review_.firm.value.empty()) {
    text_column c{{"", "Will last"}, {}, alignment::left};
    for (const scorecard* card : some) c.cells.emplace_back(why_no_value(*card));
    columns.push_back(std::move(c));
    return columns;
  }
  add_range_columns(columns, some, main_basis_, u, notes);
  if (review_.options.recognised_in != all_days) {
    text_column c{{"Recog-", "nised"}, {}, alignment::right};
    for (const scorecard* card : some) {
      const value_figure* f = figure_of(*card, main_basis_);
      c.cells.push_back(f == nullptr ? "" : shown(f->recognised, u));
    }
    columns.push_back(std::move(c));
  }
  return columns;
}

void terminal_report::add_range_columns(std::vector<text_column>& columns, const cards& some,
                                        value_basis basis, const money_unit& u,
                                        table_notes& notes) const {
  const auto lasts = lasting(some, basis, u);
  const bool people = are_people(some);
  text_column value{{"Will last", prior_ ? "(prior)" : ""}, {}, alignment::right};
  text_column from{{people ? "90 % sure" : "80 % sure", "from"}, {}, alignment::right};
  text_column to{{"", "to"}, {}, alignment::right};
  const std::string nothing = "nothing";  // read across both columns
  const std::string renews = "renews";
  std::size_t to_width = 0;
  for (const scorecard* card : some) {
    const value_figure* f = figure_of(*card, basis);
    const interval range = f == nullptr ? interval{} : range_of(*card, *f);
    value.cells.push_back(f == nullptr ? notes.mark(why_no(*card)) : shown(lasts.at(card), u));
    const bool at_risk = f != nullptr && f->lifetimes_at_risk > 0;
    from.cells.push_back(at_risk ? shown(range.lower, u) : f == nullptr ? "" : nothing);
    to.cells.push_back(at_risk ? shown(range.upper, u) : f == nullptr ? "" : renews);
    to_width = std::max(to_width, to.cells.back().size());
  }
  for (std::string& cell : to.cells) {
    if (cell == renews) cell = padded(cell, to_width, alignment::left);
  }
  columns.push_back(std::move(value));
  columns.push_back(std::move(from));
  columns.push_back(std::move(to));
}

wide terminal_report::not_valued(const scorecard& card, const money_unit& u) const {
  const std::vector<wide> parts = parts_of_sold(card, refused_groups(card), u);
  const auto first = parts.begin() + static_cast<std::ptrdiff_t>(card.value.size());
  return std::accumulate(first, parts.end(), wide{0});
}

void terminal_report::add_refused(std::vector<text_column>& columns, const cards& some,
                                  const money_unit& u) const {
  text_column c{{"Sold, not", "valued"}, {}, alignment::right};
  bool any = false;
  for (const scorecard* card : some) {
    const wide amount = not_valued(*card, u);
    any = any || amount != 0;
    c.cells.push_back(shown(amount, u));
  }
  if (!any || table_width(columns, name_limit_) + 30 > width_) return;
  columns.push_back(std::move(c));
}

std::string terminal_report::remarks_on(const scorecard& card, table_notes& notes) const {
  std::string marks;
  const auto add = [&](std::string_view remark) { marks += ' ' + notes.mark(remark); };
  const bool nobodys = card.owner == nobody;
  if (nobodys) {
    add("won deals whose shares do not sum to one, or that have no owner: in no person's Sold");
  }
  const deal_counts& d = card.deals;
  if (!is_sold_unknown(card) && (card.booked.unpriced > 0 || d.won > d.won_with_amount)) {
    add("some of what was won has no amount: it is not in Sold");
  }
  const std::vector<scorecard>& people = review_.salespeople;  // nobody's card stands last
  const bool nobody_sold =
      !people.empty() && people.back().owner == nobody && people.back().booked.lines > 0;
  const bool credited_to_nobody = nobody_sold && review_.notes.credits_refused > 0 && !nobodys &&
                                  d.won_amount * full_share.ppm > card.booked.booked_ppm;
  if (credited_to_nobody) {
    add("won more than Sold says: the rest is credited to others, or to nobody where shares do "
        "not sum to one");
  }
  if (card.value.empty()) return marks;
  if (std::any_of(card.refused.begin(), card.refused.end(),
                  [](const refused_lines& r) { return r.booked != 0; })) {
    add("only a part of Sold is valued: Will last is of that part");
  }
  if (card.value.size() > 1) {
    add("the cost of a part of Sold is not known: what that part will bring, before cost, stands "
        "apart and not in Will last");
  }
  return marks;
}

void terminal_report::print_uniform(const cards& some) {
  double least = 0;
  double most = 0;
  int known = 0;
  for (const scorecard* card : some) {
    const value_figure* f = figure_of(*card, main_basis_);
    if (f == nullptr || !(f->parts.booked > 0)) continue;
    const double multiple = f->parts.value / f->parts.booked;
    least = known == 0 ? multiple : std::min(least, multiple);
    most = known == 0 ? multiple : std::max(most, multiple);
    ++known;
  }
  constexpr double alike = 0.005;
  if (known < 2 || !(most - least < alike * std::abs(most))) return;
  paragraph(
      fmt::format("The {} all alike: what each will bring is {:.2f} times what was sold and "
                  "valued, so the column tells nothing beyond Sold.",
                  prior_ ? "prior treats" : "parameters treat", most));
}

std::string_view terminal_report::why_no(const scorecard& card) const {
  if (card.value.empty()) return why_no_value(card);
  return "not known on this basis: no line has a known cost";
}

void terminal_report::add_value_bars(std::vector<text_column>& columns, const cards& some,
                                     value_basis basis, const money_unit& u) const {
  const std::size_t used = table_width(columns, name_limit_) + 2;
  if (used + 8 > width_) return;
  const std::size_t room = std::min<std::size_t>(width_ - used, 40);
  bar_scale scale{0, 0};
  for (const scorecard* card : some) {
    const value_figure* f = figure_of(*card, basis);
    if (f == nullptr) continue;
    scale.from = std::min(scale.from, range_of(*card, *f).lower);
    scale.to = std::max(scale.to, range_of(*card, *f).upper);
  }
  if (!(scale.to > scale.from)) return;
  const std::string left = shown(scale.from, u);
  const std::string right = shown(scale.to, u);
  text_column bars{{"", ""}, {}, alignment::left};
  if (left.size() + 1 + right.size() <= room) {
    bars.heads[1] = left + padded(right, room - left.size(), alignment::right);
  }
  for (const scorecard* card : some) {
    const value_figure* f = figure_of(*card, basis);
    const interval range = f == nullptr ? interval{} : range_of(*card, *f);
    bars.cells.push_back(
        f == nullptr ? ""
                     : interval_bar(range.lower, f->parts.value, range.upper, scale, room, style_));
  }
  columns.push_back(std::move(bars));
}

}  // namespace salespulse
