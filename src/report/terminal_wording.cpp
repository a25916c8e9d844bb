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

std::string label_of(std::size_t i) {
  return i < 26 ? fmt::format("({})", static_cast<char>('a' + i)) : fmt::format("({})", i + 1);
}

}  // namespace

std::string percent(double share, int decimals) {
  return fmt::format("{:.{}f} %", 100 * share, decimals);
}

std::string counted(std::int64_t n, std::string_view one, std::string_view many) {
  return grouped(n) + ' ' + std::string(n == 1 ? one : many);
}

std::string decimal_text(double x, int decimals) {
  std::string text = fmt::format("{:.{}f}", x, decimals);
  const std::size_t first = text.front() == '-' ? 1 : 0;
  for (std::size_t i = std::min(text.find('.'), text.size()); i > first + 3;) {
    text.insert(i -= 3, 1, ' ');
  }
  return text;
}

std::string not_known(const estimate& e) { return "not known: " + std::string(e.reason); }

std::string table_notes::mark(std::string_view reason) {
  std::size_t i = 0;
  while (i < reasons_.size() && reasons_[i] != reason) ++i;
  if (i == reasons_.size()) reasons_.emplace_back(reason);
  return label_of(i);
}

std::string table_notes::print(std::size_t width) const {
  std::string out;
  for (std::size_t i = 0; i < reasons_.size(); ++i) {
    out += wrapped(reasons_[i], width, "  " + label_of(i), 6);
  }
  return out;
}

money_unit terminal_report::unit(int thousands) const {
  const int exponent = review_.reporting.exponent();
  const std::string code(review_.reporting.code());
  constexpr const char* names[] = {"", " thousand", " million", " billion"};
  if (thousands == 0 && options_.minor_units) return {1, exponent, code};
  return {power_of_ten(exponent + 3 * thousands), 0, code + names[thousands]};
}

std::string terminal_report::shown(wide units, const money_unit& u) {
  if (u.decimals == 0) return grouped(units);
  const wide whole = power_of_ten(u.decimals);
  const wide size = units < 0 ? -units : units;
  const std::string decimals = as_decimal(size % whole, u.decimals).substr(1);
  return (units < 0 ? "-" : "") + grouped(size / whole) + decimals;
}

std::string terminal_report::shown(double minor, const money_unit& u) {
  return shown(in_units(minor, u), u);
}

std::string terminal_report::signed_text(wide units, const money_unit& u) {
  return (units > 0 ? "+" : "") + shown(units, u);
}

wide terminal_report::in_units(double minor, const money_unit& u) {
  return nearest(minor / to_double(u.minor));
}

terminal_report::amounts_by_card terminal_report::by_person(
    const std::vector<wide>& amounts) const {
  amounts_by_card out;
  for (std::size_t i = 0; i < amounts.size(); ++i) out[&review_.salespeople[i]] = amounts[i];
  return out;
}

bool terminal_report::are_people(const cards& some) {
  return !some.empty() && some.front()->view == value_view::salesperson;
}

terminal_report::amounts_by_card terminal_report::sold(const cards& some,
                                                       const money_unit& u) const {
  if (are_people(some)) return by_person(people_booked(review_, u.minor));
  amounts_by_card out;
  for (const scorecard* c : some) out[c] = nearest_units(c->booked.booked_ppm, u.minor);
  return out;
}

terminal_report::amounts_by_card terminal_report::lasting(const cards& some, value_basis basis,
                                                          const money_unit& u) const {
  if (are_people(some)) return by_person(people_value(review_, basis, u.minor));
  amounts_by_card out;
  for (const scorecard* c : some) {
    const value_figure* f = figure_of(*c, basis);
    if (f != nullptr) out[c] = in_units(f->parts.value, u);
  }
  return out;
}

std::int64_t terminal_report::number_of(const std::vector<scorecard>& all) {
  return std::count_if(all.begin(), all.end(),
                       [](const scorecard& c) { return c.owner != nobody; });
}

std::string terminal_report::name_of(const scorecard& card, bool with_id) const {
  if (card.view == value_view::firm) return "The firm";
  if (card.owner == nobody) return "(nobody credited)";
  const std::string id = card.id.empty() ? "(no id)" : printable(card.id);
  if (card.name.empty() || card.name == card.id) return id;
  return with_id ? id + ' ' + printable(card.name) : printable(card.name);
}

interval terminal_report::range_of(const scorecard& card, const value_figure& f) {
  return card.view == value_view::salesperson || !f.value.range ? f.at_90 : *f.value.range;
}

std::string terminal_report::sure_by_renewal(double level) const {
  return fmt::format("{}{:.0f} % sure{} by chance of renewal alone",
                     prior_ ? "if the prior is right, " : "", 100 * level, prior_ ? "" : ",");
}

bool terminal_report::sold_without_closing(const scorecard& card) {
  return card.booked.lines > 0 && card.deals.won + card.deals.lost == 0;
}

std::string terminal_report::share_text(const estimate& e, table_notes& notes) {
  return e.value ? percent(*e.value, 0) : notes.mark(not_known(e));
}

terminal_report::cards terminal_report::all_of(const std::vector<scorecard>& all) {
  cards out;
  for (const scorecard& card : all) out.push_back(&card);
  return out;
}

}  // namespace salespulse
