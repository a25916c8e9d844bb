// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_IO_CANONICAL_HPP
#define SALESPULSE_IO_CANONICAL_HPP

#include <salespulse/io/csv_writer.hpp>
#include <salespulse/model/activity.hpp>
#include <salespulse/model/customer.hpp>
#include <salespulse/model/deal.hpp>
#include <salespulse/model/line.hpp>
#include <salespulse/model/product.hpp>
#include <salespulse/model/revenue_event.hpp>
#include <salespulse/model/salesperson.hpp>
#include <salespulse/model/target.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace salespulse {

/// The kinds of row that a CRM hands over, in the order in which a book takes them: what is
/// referred to comes first.
enum class entity : std::uint8_t {
  exchange_rate,
  team,
  salesperson,
  membership,
  customer,
  product,
  stage,
  deal,
  line,
  stage_event,
  ownership_event,
  credit_split,
  revenue_event,
  activity,
  target
};

/// The names of the entities, in their order.
inline constexpr std::string_view entity_names[] = {
    "exchange_rate",   "team",         "salesperson",   "membership", "customer",
    "product",         "stage",        "deal",          "line",       "stage_event",
    "ownership_event", "credit_split", "revenue_event", "activity",   "target"};

/// Their files in the canonical CSV, in the same order.
inline constexpr std::string_view canonical_files[] = {
    "exchange_rates.csv", "teams.csv",        "salespeople.csv",      "memberships.csv",
    "customers.csv",      "products.csv",     "stages.csv",           "deals.csv",
    "lines.csv",          "stage_events.csv", "ownership_events.csv", "credit_splits.csv",
    "revenue_events.csv", "activities.csv",   "targets.csv"};

[[nodiscard]] constexpr std::string_view to_string(entity e) noexcept {
  return entity_names[static_cast<std::size_t>(e)];
}
[[nodiscard]] constexpr std::string_view canonical_file(entity e) noexcept {
  return canonical_files[static_cast<std::size_t>(e)];
}

/// A column of the canonical CSV; examples/canonical_csv.md says what stands in each.
struct canonical_column {
  std::string_view name;
  bool required = false;  ///< a file without it is refused
};

/// The columns of an entity in the order in which `write_row` fills them.
[[nodiscard]] std::vector<canonical_column> canonical_columns(entity e);

/// Writes the names of the columns.
void write_header(csv_writer& out, entity e);

/// Writes one row of the canonical CSV. The amounts of a row share one currency column: two
/// currencies in one row are `invalid_input`.
void write_row(csv_writer& out, const exchange_rate& row);
void write_row(csv_writer& out, const team& row);
void write_row(csv_writer& out, const salesperson& row);
void write_row(csv_writer& out, const membership& row);
void write_row(csv_writer& out, const customer& row);
void write_row(csv_writer& out, const product& row);
void write_row(csv_writer& out, const stage& row);
void write_row(csv_writer& out, const deal& row);
void write_row(csv_writer& out, const line& row);
void write_row(csv_writer& out, const stage_event& row);
void write_row(csv_writer& out, const ownership_event& row);
void write_row(csv_writer& out, const credit_split& row);
void write_row(csv_writer& out, const revenue_event& row);
void write_row(csv_writer& out, const activity& row);
void write_row(csv_writer& out, const target& row);

}  // namespace salespulse
#endif
