// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_IO_TABLE_PLAN_HPP
#define SALESPULSE_SRC_IO_TABLE_PLAN_HPP

#include "door.hpp"
#include "read_cell.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/io/mapping.hpp>
#include <salespulse/model/issue.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace salespulse {

/// Lets tables of strings be asked with a view.
struct text_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept {
    return std::hash<std::string_view>{}(text);
  }
};
using text_set = std::unordered_set<std::string, text_hash, std::equal_to<>>;
using price_list = std::unordered_map<std::string, money, text_hash, std::equal_to<>>;

/// A condition with its column found.
struct planned_condition {
  std::size_t column = 0;
  std::vector<std::string> values;
  bool wanted = true;
};

/// A declared replacement and how often it was used.
struct planned_replacement {
  std::string from;
  std::string to;
  std::uint64_t rows = 0;
  std::uint32_t first_line = 0;
};

inline constexpr std::size_t no_column = static_cast<std::size_t>(-1);

/// A mapped field with everything settled before the first row is read.
struct planned_field {
  const door_field* field = nullptr;
  std::size_t column = no_column;  ///< none: the constant
  std::string column_name;
  std::string constant;
  std::string prefix;
  bool list_price_of_product = false;
  bool order_to_settle = false;  ///< the order of the dates is still to be found
  cell_style style;
  std::vector<planned_condition> when;
  std::vector<planned_replacement> translate;
  std::vector<planned_replacement> repair;
  std::string with_prefix;  // kept from row to row
};

/// A mapped entity with everything settled; its row is reused.
struct planned_entity {
  entity what = entity::deal;
  door_row row;
  std::vector<planned_field> fields;  ///< those that every row sets anew
  std::vector<planned_condition> when;
  currency row_currency;
  bool distinct = false;
  std::string key;       // the texts of the row in work, where distinct
  bool present = false;  // the row in work gives this entity
  bool in_book = false;  // and the book has it
};

/// Why a row cannot be taken.
struct row_fault {
  issue_code code = issue_code::invalid_value;
  entity what = entity::deal;
  std::string_view field;
  std::size_t column = no_column;
  std::string message;
};

/// A mapped table laid on the header of a file.
struct table_plan {
  std::vector<planned_entity> entities;
  std::vector<std::string> nulls;
  std::size_t longest_null = 0;
  std::size_t columns = 0;
  std::vector<std::string> unused_columns;
  std::vector<bool> is_date_column;

  /// Whether the cell says "unknown".
  [[nodiscard]] bool is_null(std::string_view cell) const noexcept;

  /// Reads the cells into the entities' rows. False where one of them cannot be read: nothing of
  /// the row may then be used.
  bool read(std::span<const std::string_view> cells, std::uint32_t line, const price_list& prices,
            row_fault& fault);

  bool repaired = false;  ///< the row last read needed a declared replacement
};

/// Lays the mapping on the header. Fails on a column that is missing or stands twice, and on a
/// constant that cannot be read.
[[nodiscard]] result<table_plan> plan_table(const mapped_table& table,
                                            std::span<const std::string_view> header,
                                            const zone& reporting_zone);

}  // namespace salespulse
#endif
