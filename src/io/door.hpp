// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_IO_DOOR_HPP
#define SALESPULSE_SRC_IO_DOOR_HPP

#include <salespulse/core/currency.hpp>
#include <salespulse/core/date.hpp>
#include <salespulse/core/money.hpp>
#include <salespulse/io/canonical.hpp>

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

namespace salespulse {

/// A row of any entity: the alternatives stand in the order of `entity`.
using door_row =
    std::variant<exchange_rate, team, salesperson, membership, customer, product, stage, deal, line,
                 stage_event, ownership_event, credit_split, revenue_event, activity, target>;

/// An empty row of the entity.
[[nodiscard]] door_row blank_row(entity e);

/// What the text of a cell must be.
enum class cell_kind : std::uint8_t {
  text,
  whole,   ///< an integer
  ppm,     ///< a share: an integer from 0 to 1 000 000
  flag,    ///< true or false
  choice,  ///< one of a few words
  code,    ///< a currency
  amount,  ///< a number in the currency of its row
  rate,    ///< a positive number
  day,     ///< a day; of a moment, its day in the reporting zone
  moment   ///< a moment; of a day, its start in the reporting zone
};

/// A cell that was read. Only the member of its kind is meaningful; not known: an empty cell.
struct cell_value {
  bool known = false;
  std::string_view text;
  std::int64_t number = 0;  ///< whole, ppm, flag, and the place of a choice among its words
  salespulse::currency code;
  money amount;
  decimal rate;
  date day;
  instant at;
};

/// A field of an entity, which is a column of its canonical file.
struct door_field {
  std::string_view name;
  cell_kind kind = cell_kind::text;
  bool required = false;           ///< the column must be there
  bool never_empty = false;        ///< and every cell of it: the row cannot say "unknown" here
  std::int64_t least = INT64_MIN;  ///< of a whole number
  std::int64_t largest = INT64_MAX;
  std::span<const std::string_view> words;  ///< of a choice
  /// Puts the value into the row; an unknown one puts back what a blank row has.
  void (*set)(door_row&, const cell_value&) = nullptr;
};

/// The fields of an entity in the order of its canonical columns.
[[nodiscard]] std::span<const door_field> door_fields(entity e) noexcept;

/// The field of that name; null where the entity has none.
[[nodiscard]] const door_field* find_door_field(entity e, std::string_view name) noexcept;

}  // namespace salespulse
#endif
