// SPDX-License-Identifier: BSL-1.0
#include "table_plan.hpp"

#include <algorithm>
#include <utility>

namespace salespulse {

namespace {

bool is_time(const door_field& field) noexcept {
  return field.kind == cell_kind::day || field.kind == cell_kind::moment;
}

// The place of a column in the header; fails where it is missing or stands twice.
result<std::size_t> find_column(std::span<const std::string_view> header, std::string_view name) {
  const auto first = std::find(header.begin(), header.end(), name);
  if (first == header.end()) {
    std::string message = "missing_column: there is no column '" + std::string(name) + "', only";
    for (std::size_t i = 0; i < header.size() && i < 30; ++i) {
      message += (i == 0 ? " " : ", ") + std::string(header[i]);
    }
    return failure{header.size() > 30 ? message + ", ..." : message};
  }
  if (std::find(first + 1, header.end(), name) != header.end()) {
    return failure{"the column '" + std::string(name) + "' stands there twice"};
  }
  return static_cast<std::size_t>(first - header.begin());
}

result<std::vector<planned_condition>> plan_conditions(const std::vector<row_condition>& conditions,
                                                       std::span<const std::string_view> header,
                                                       std::vector<bool>& used) {
  std::vector<planned_condition> planned;
  for (const row_condition& condition : conditions) {
    const auto column = find_column(header, condition.column);
    if (!column) return column.error();
    used[column.value()] = true;
    planned.push_back({column.value(), condition.values, condition.wanted});
  }
  return planned;
}

std::vector<planned_replacement> plan_replacements(const mapped_field::replacements& pairs) {
  std::vector<planned_replacement> planned;
  for (const auto& [from, to] : pairs) planned.push_back({from, to, 0, 0});
  return planned;
}

bool apply(std::vector<planned_replacement>& replacements, std::string_view& text,
           std::uint32_t line) noexcept {
  for (planned_replacement& r : replacements) {
    if (r.from != text) continue;
    if (r.rows++ == 0) r.first_line = line;
    text = r.to;
    return true;
  }
  return false;
}

// The row's cell, empty where it says "unknown" or there is no such column.
std::string_view cell_text(const table_plan& plan, std::span<const std::string_view> cells,
                           std::size_t column) noexcept {
  const std::string_view text = cells[column];
  return plan.is_null(text) ? std::string_view() : text;
}

bool all_hold(const std::vector<planned_condition>& conditions, const table_plan& plan,
              std::span<const std::string_view> cells) noexcept {
  for (const planned_condition& condition : conditions) {
    const std::string_view text = cell_text(plan, cells, condition.column);
    const bool found =
        std::find(condition.values.begin(), condition.values.end(), text) != condition.values.end();
    if (found != condition.wanted) return false;
  }
  return true;
}

// Puts a text, empty for unknown, into the row. False: the fault says why not.
bool put(planned_entity& e, const planned_field& f, std::string_view text, cell_value& value,
         cell_fault& fault) {
  value.known = !text.empty();
  value.text = {};
  if (value.known) {
    if (!read_cell(text, *f.field, f.style, e.row_currency, value, fault)) return false;
  } else if (f.field->never_empty) {
    fault = {is_time(*f.field) ? issue_code::invalid_date : issue_code::invalid_value,
             "it is empty, and such a row cannot do without it"};
    return false;
  }
  if (f.field->kind == cell_kind::code) e.row_currency = value.known ? value.code : currency{};
  f.field->set(e.row, value);
  return true;
}

void put_list_price(planned_entity& e, const planned_field& f, const price_list& prices,
                    cell_value& value) {
  value.known = false;
  if (const line* l = std::get_if<line>(&e.row)) {
    const auto price = prices.find(std::string_view(l->product));
    value.known = price != prices.end();
    if (value.known) value.amount = price->second;
  }
  f.field->set(e.row, value);
}

bool set_field(table_plan& plan, planned_entity& e, planned_field& f,
               std::span<const std::string_view> cells, std::uint32_t line,
               const price_list& prices, cell_value& value, cell_fault& fault) {
  if (!f.when.empty() && !all_hold(f.when, plan, cells)) return put(e, f, {}, value, fault);
  if (f.list_price_of_product) {
    put_list_price(e, f, prices, value);
    return true;
  }
  std::string_view text =
      f.column == no_column ? std::string_view(f.constant) : cell_text(plan, cells, f.column);
  if (!f.repair.empty() && apply(f.repair, text, line)) plan.repaired = true;
  if (!f.translate.empty()) apply(f.translate, text, line);
  if (!f.prefix.empty() && !text.empty()) {
    f.with_prefix.assign(f.prefix).append(text);
    text = f.with_prefix;
  }
  if (e.distinct) e.key.append(text).push_back('\0');
  return put(e, f, text, value, fault);
}

result<planned_field> plan_field(const mapped_table& table, const mapped_entity& from,
                                 const mapped_field& mapped,
                                 std::span<const std::string_view> header, std::vector<bool>& used,
                                 const zone& reporting_zone) {
  planned_field f;
  f.field = find_door_field(from.what, mapped.field);
  if (f.field == nullptr) {
    return failure{"a " + std::string(to_string(from.what)) + " has no field '" + mapped.field +
                   "'"};
  }
  if (mapped.list_price_of_product &&
      (from.what != entity::line || f.field->kind != cell_kind::amount)) {
    return failure{"only an amount of a line can be the list price of its product"};
  }
  if (!mapped.column.empty()) {
    const auto column = find_column(header, mapped.column);
    if (!column) return column.error();
    f.column = column.value();
    used[f.column] = true;
  }
  auto when = plan_conditions(mapped.when, header, used);
  if (!when) return when.error();
  f.when = std::move(when).value();
  f.column_name = mapped.column;
  f.constant = mapped.constant;
  f.prefix = mapped.prefix;
  f.list_price_of_product = mapped.list_price_of_product;
  f.style.local = &reporting_zone;
  if (f.column != no_column) {  // a constant is written as in the canonical CSV
    f.style.decimal_sign = table.dialect.decimal_sign;
    f.style.thousands_sign = table.dialect.thousands_sign;
    f.style.order = mapped.dates.value_or(table.dialect.dates);
    f.style.scale = mapped.scale;
  }
  f.order_to_settle = is_time(*f.field) && f.style.order == date_order::automatic;
  f.translate = plan_replacements(mapped.translate);
  f.repair = plan_replacements(mapped.repair);
  return f;
}

// Columns that the file may lack, and lacks.
bool is_left_out(const mapped_field& mapped, std::span<const std::string_view> header) {
  return mapped.optional && !mapped.column.empty() &&
         std::find(header.begin(), header.end(), mapped.column) == header.end();
}

// A currency is needed by the amounts of its row, a product by its list price.
constexpr int last_turn = 2;
int turn(const planned_field& f) noexcept {
  if (f.field->kind == cell_kind::code) return 0;
  return f.list_price_of_product ? last_turn : 1;
}

result<planned_entity> plan_entity(const mapped_table& table, const mapped_entity& mapped,
                                   std::span<const std::string_view> header,
                                   std::vector<bool>& used, const zone& reporting_zone) {
  planned_entity e;
  e.what = mapped.what;
  e.row = blank_row(mapped.what);
  e.distinct = mapped.distinct;
  auto when = plan_conditions(mapped.when, header, used);
  if (!when) return when.error();
  e.when = std::move(when).value();
  std::vector<planned_field> all;
  for (const mapped_field& field : mapped.fields) {
    if (is_left_out(field, header)) continue;
    auto planned = plan_field(table, mapped, field, header, used, reporting_zone);
    if (!planned) return planned.error();
    all.push_back(std::move(planned).value());
  }
  for (int now = 0; now <= last_turn; ++now) {
    for (planned_field& f : all) {
      if (turn(f) != now) continue;
      const bool constant = f.column == no_column && f.when.empty() && !f.list_price_of_product;
      if (!constant) {
        e.fields.push_back(std::move(f));
        continue;
      }
      // What is the same in every row is set once.
      cell_value value;
      cell_fault fault;
      if (!put(e, f, f.prefix + f.constant, value, fault)) {
        return failure{std::string(f.field->name) + ": " + fault.message};
      }
    }
  }
  return e;
}

}  // namespace

bool table_plan::is_null(std::string_view cell) const noexcept {
  if (cell.size() > longest_null) return false;
  return std::find(nulls.begin(), nulls.end(), cell) != nulls.end();
}

bool table_plan::read(std::span<const std::string_view> cells, std::uint32_t line,
                      const price_list& prices, row_fault& fault) {
  repaired = false;
  cell_value value;
  cell_fault why;
  for (planned_entity& e : entities) {
    e.present = e.when.empty() || all_hold(e.when, *this, cells);
    if (!e.present) continue;
    e.key.clear();
    for (planned_field& f : e.fields) {
      if (set_field(*this, e, f, cells, line, prices, value, why)) continue;
      fault = {why.code, e.what, f.field->name, f.column, std::move(why.message)};
      return false;
    }
  }
  return true;
}

result<table_plan> plan_table(const mapped_table& table, std::span<const std::string_view> header,
                              const zone& reporting_zone) {
  table_plan plan;
  plan.columns = header.size();
  plan.nulls = table.dialect.nulls;
  for (const std::string& null : plan.nulls) {
    plan.longest_null = std::max(plan.longest_null, null.size());
  }
  std::vector<bool> used(header.size(), false);
  for (const mapped_entity& mapped : table.entities) {
    auto planned = plan_entity(table, mapped, header, used, reporting_zone);
    if (!planned) return planned.error();
    plan.entities.push_back(std::move(planned).value());
  }
  plan.is_date_column.assign(header.size(), false);
  for (const planned_entity& e : plan.entities) {
    for (const planned_field& f : e.fields) {
      if (f.column != no_column && is_time(*f.field)) plan.is_date_column[f.column] = true;
    }
  }
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (!used[i]) plan.unused_columns.emplace_back(header[i]);
  }
  return plan;
}

}  // namespace salespulse
