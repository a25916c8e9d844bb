// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_IO_READ_CELL_HPP
#define SALESPULSE_SRC_IO_READ_CELL_HPP

#include "door.hpp"
#include <salespulse/core/zone.hpp>
#include <salespulse/io/mapping.hpp>
#include <salespulse/model/issue.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace salespulse {

/// How the cells of a column are written.
struct cell_style {
  char decimal_sign = '.';
  char thousands_sign = 0;
  date_order order = date_order::iso;
  std::optional<decimal> scale;
  const zone* local = nullptr;  ///< the reporting zone
};

/// What is wrong with a cell.
struct cell_fault {
  issue_code code = issue_code::invalid_value;
  std::string message;
};

/// Reads a known cell as its field wants it. An amount takes `row_currency`, and a currency that is
/// read becomes it where the field is the shared one of the row. False: `fault` says why.
bool read_cell(std::string_view text, const door_field& field, const cell_style& style,
               currency row_currency, cell_value& out, cell_fault& fault);

/// A number with the decimal sign and the grouping of the style. Groups must be of three digits.
[[nodiscard]] std::optional<decimal> read_number(std::string_view text, const cell_style& style);

}  // namespace salespulse
#endif
