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

namespace {

constexpr std::pair<const char*, const char*> step_heads[bridge_steps] = {
    {"Dis-", "count"}, {"", "Cost"},    {"", "Renew"}, {"", "Leave"},
    {"", "Grow"},      {"Un-", "paid"}, {"", "Wait"}};

}  // namespace

double terminal_report::largest_amount_of(const cards& some, value_basis basis) {
  double largest = 0;
  for (const scorecard* c : some) {
    const appraisal& a = figure_of(*c, basis)->parts;
    for (const double x : a.bridge) largest = std::max(largest, std::abs(x));
    largest = std::max({largest, std::abs(a.listed), std::abs(a.value)});
  }
  return largest;
}

void terminal_report::print_bridges(const cards& all, value_basis basis) {
  cards some;
  for (const scorecard* card : all) {
    if (figure_of(*card, basis) != nullptr) some.push_back(card);
  }
  if (some.empty()) return;
  table_notes notes;
  money_unit u;
  const std::vector<text_column> columns = fitting(
      largest_amount_of(some, basis),
      [&](const money_unit& tried) {
        notes = {};
        return bridge_columns(some, basis, tried, notes);
      },
      u);
  const bool contribution = basis == value_basis::contribution;
  paragraph(fmt::format("From list price to what will last{}, in {} ({}), renewals included",
                        prior_ ? " (prior)" : "", u.name,
                        contribution ? "after cost" : "before cost, which is not known"));
  print(columns, notes);
  out_ += '\n';
}

std::vector<text_column> terminal_report::bridge_columns(const cards& some, value_basis basis,
                                                         const money_unit& u,
                                                         table_notes& notes) const {
  std::vector<text_column> columns{names(some)};
  columns.push_back({{"", "List"}, {}, alignment::right});
  for (const auto& [above, head] : step_heads) {
    columns.push_back({{above, head}, {}, alignment::right});
  }
  columns.push_back({{"", "Lasts"}, {}, alignment::right});
  const auto lasts = lasting(some, basis, u);
  for (const scorecard* card : some) {
    const appraisal& a = figure_of(*card, basis)->parts;
    const rounded_bridge bridge = round_bridge(a, lasts.at(card), u.minor);
    columns[1].cells.push_back(shown(bridge.listed, u));
    for (std::size_t s = 0; s < bridge_steps; ++s) {
      const bool unknown =
          s == static_cast<std::size_t>(bridge_step::discount) && a.listed_lines == 0;
      columns[2 + s].cells.push_back(unknown ? notes.mark("not known: no list price is known")
                                             : signed_text(bridge.parts[s], u));
    }
    columns.back().cells.push_back(shown(bridge.value, u));
  }
  if (basis == value_basis::revenue) {
    columns.erase(columns.begin() + 2 + static_cast<std::ptrdiff_t>(bridge_step::cost));
  }
  return columns;
}

}  // namespace salespulse
