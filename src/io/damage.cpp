// SPDX-License-Identifier: BSL-1.0
#include "damage.hpp"

#include <utility>

namespace salespulse {

namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool are_digits(std::string_view text) noexcept {
  for (const char c : text) {
    if (!is_digit(c)) return false;
  }
  return !text.empty();
}

bool is_month(std::string_view text) noexcept {
  constexpr std::string_view months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec";
  return text.size() == 3 && text.find(' ') == std::string_view::npos && months.find(text) % 4 == 0;
}

// May-20, 01-May, 1-May
bool is_short_date(std::string_view text) noexcept {
  const std::size_t dash = text[3] == '-' ? 3 : text[2] == '-' ? 2 : 1;
  if (text[dash] != '-') return false;
  const std::string_view before = text.substr(0, dash);
  const std::string_view behind = text.substr(dash + 1);
  return (is_month(before) && behind.size() == 2 && are_digits(behind)) ||
         (is_month(behind) && before.size() <= 2 && are_digits(before));
}

// 1.23457E+11
bool is_shortened(std::string_view text) noexcept {
  const std::size_t e = text.size() - 4;
  return text[e] == 'E' && text[e + 1] == '+' && are_digits(text.substr(e + 2)) &&
         is_digit(text[0]) && text.find_first_not_of("0123456789.") == e;
}

std::string_view said(damage_kind kind) noexcept {
  switch (kind) {
    case damage_kind::range_to_date:
      return "which a spreadsheet makes of ranges such as 5-20 and 1-5";
    case damage_kind::shortened_number:
      return "which a spreadsheet makes of long numbers; the digits are lost";
    case damage_kind::failed_formula: return "which a spreadsheet writes where a formula failed";
    case damage_kind::none: break;
  }
  return "";
}

}  // namespace

damage_kind damage_of(std::string_view cell) noexcept {
  if (cell.size() < 4) return damage_kind::none;
  if (cell[0] == '#') {
    const bool failed = cell.starts_with("####") || cell == "#REF!" || cell == "#NAME?" ||
                        cell == "#N/A" || cell == "#VALUE!" || cell == "#DIV/0!" ||
                        cell == "#NUM!" || cell == "#NULL!";
    return failed ? damage_kind::failed_formula : damage_kind::none;
  }
  if (cell.size() <= 6 && is_short_date(cell)) return damage_kind::range_to_date;
  if (cell[cell.size() - 3] == '+' && is_shortened(cell)) return damage_kind::shortened_number;
  return damage_kind::none;
}

damage_watch::damage_watch(std::vector<bool> is_date_column)
    : is_date_column_(std::move(is_date_column)) {}

void damage_watch::look_at(std::span<const std::string_view> cells, std::uint32_t line) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const damage_kind kind = damage_of(cells[i]);
    if (kind == damage_kind::none || is_date_column_[i]) continue;
    damage* known = nullptr;
    for (damage& d : found_) {
      if (d.column == i && d.kind == kind) known = &d;
    }
    if (known == nullptr) {
      found_.push_back({i, kind, 0, line, std::string(cells[i])});
      known = &found_.back();
    }
    ++known->cells;
  }
}

std::vector<issue> damage_watch::issues(std::span<const std::string> column_names,
                                        std::uint32_t file) const {
  std::vector<issue> noted;
  for (const damage& d : found_) {
    issue made;
    made.code = issue_code::damaged_value;
    made.effect = issue_effect::noted;
    made.field = column_names[d.column];
    made.message = std::to_string(d.cells) + " values of the column '" + made.field +
                   "' look damaged, such as '" + d.example + "', " + std::string(said(d.kind));
    made.where = {file, d.line, static_cast<std::uint32_t>(d.column + 1)};
    noted.push_back(std::move(made));
  }
  return noted;
}

}  // namespace salespulse
