// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_DEFINITIONS_HPP
#define SALESPULSE_MODEL_DEFINITIONS_HPP

#include <salespulse/model/book.hpp>
#include <salespulse/model/book_builder.hpp>
#include <salespulse/model/book_tables.hpp>
#include <salespulse/model/detail/assemble.hpp>
#include <salespulse/model/detail/intake_of_deals.hpp>
#include <salespulse/model/directory_definitions.hpp>

#include <cstddef>
#include <utility>

// See salespulse/definitions.hpp.
namespace salespulse {

book::book() : tables_(new book_tables) {}
book::book(book_tables tables) : tables_(new book_tables(std::move(tables))) {}
book::book(const book& other) : tables_(new book_tables(*other.tables_)) {}
book::book(book&& other) : tables_(new book_tables) { std::swap(tables_, other.tables_); }
book& book::operator=(const book& other) {
  *tables_ = *other.tables_;
  return *this;
}
book& book::operator=(book&& other) noexcept {
  std::swap(tables_, other.tables_);
  return *this;
}
book::~book() { delete tables_; }

const book_options& book::options() const noexcept { return tables_->options; }
const book_names& book::names() const noexcept { return tables_->names; }
period book::recorded_days() const noexcept { return tables_->recorded_days; }
std::span<const deal_record> book::deals() const noexcept { return tables_->deals; }
std::span<const line_record> book::lines() const noexcept { return tables_->lines; }
std::span<const line_record> book::lines_of(const deal_record& d) const noexcept {
  return {tables_->lines.data() + d.first_line, d.line_count};
}
std::span<const credit_record> book::credits_of(const deal_record& d) const noexcept {
  return {tables_->credits.data() + d.first_credit, d.credit_count};
}

std::size_t held_bytes(const book& b) noexcept {
  const book_tables& t = b.tables();
  std::size_t sum = 0;
  for (const directory* d :
       {&t.names.salespeople, &t.names.teams, &t.names.customers, &t.names.segments,
        &t.names.products, &t.names.families, &t.names.stages, &t.names.sources, &t.names.deals,
        &t.names.channels, &t.names.kinds}) {
    sum += d->bytes();
  }
  const auto held = [](const auto& column) { return column.capacity() * sizeof(column[0]); };
  return sum + held(t.salespeople) + held(t.memberships) + held(t.customers) + held(t.products) +
         held(t.families) + held(t.stages) + held(t.deals) + held(t.lines) + held(t.stage_events) +
         held(t.ownership_events) + held(t.credits) + held(t.revenue_events) +
         held(t.activities) + held(t.targets);
}

book_builder::book_builder(book_options options) : facts_(new detail::pending_facts) {
  facts_->tables.options = std::move(options);
}
book_builder::~book_builder() { delete facts_; }

std::span<const issue> book_builder::issues() const noexcept { return facts_->issues; }
book book_builder::build() { return detail::assemble(*facts_); }

bool book_builder::add(const exchange_rate& row, row_position where) {
  return detail::intake(*facts_).add(row, where);
}
bool book_builder::add(const salesperson& row, row_position where) {
  return detail::intake(*facts_).add(row, where);
}
bool book_builder::add(const team& row, row_position where) {
  return detail::intake(*facts_).add(row, where);
}
bool book_builder::add(const membership& row, row_position where) {
  return detail::intake(*facts_).add(row, where);
}
bool book_builder::add(const customer& row, row_position where) {
  return detail::intake(*facts_).add(row, where);
}
bool book_builder::add(const product& row, row_position where) {
  return detail::intake(*facts_).add(row, where);
}
bool book_builder::add(const stage& row, row_position where) {
  return detail::intake(*facts_).add(row, where);
}
bool book_builder::add(const deal& row, row_position where) {
  return detail::intake(*facts_).add(row, where);
}
bool book_builder::add(const line& row, row_position where) {
  return detail::intake(*facts_).add(row, where);
}
bool book_builder::add(const stage_event& row, row_position where) {
  return detail::intake(*facts_).add(row, where);
}
bool book_builder::add(const ownership_event& row, row_position where) {
  return detail::intake(*facts_).add(row, where);
}
bool book_builder::add(const credit_split& row, row_position where) {
  return detail::intake(*facts_).add(row, where);
}
bool book_builder::add(const revenue_event& row, row_position where) {
  return detail::intake(*facts_).add(row, where);
}
bool book_builder::add(const activity& row, row_position where) {
  return detail::intake(*facts_).add(row, where);
}
bool book_builder::add(const target& row, row_position where) {
  return detail::intake(*facts_).add(row, where);
}

}  // namespace salespulse
#endif
