// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_IO_MAPPING_HPP
#define SALESPULSE_IO_MAPPING_HPP

#include <salespulse/core/currency.hpp>
#include <salespulse/core/money.hpp>
#include <salespulse/core/result.hpp>
#include <salespulse/io/canonical.hpp>
#include <salespulse/io/date_order.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace salespulse {

/// Eight ways in which exports write "unknown": the empty cell, null, NULL, NaN, N/A, -, 00/00/0000
/// and 0000-00-00 00:00:00.
[[nodiscard]] std::vector<std::string> usual_nulls();

/// How a file writes its cells.
struct csv_dialect {
  char separator = 0;       ///< one of , ; | and the tab; 0: found from the rows of the file
  char decimal_sign = '.';  ///< or a comma
  char thousands_sign = 0;  ///< what stands between groups of three digits; 0: nothing does
  date_order dates = date_order::automatic;
  /// Cells that say "unknown". Compared whole, as written.
  std::vector<std::string> nulls = usual_nulls();
};

/// Holds for a row whose column has one of the values; where they are not wanted, for every other.
struct row_condition {
  std::string column;
  std::vector<std::string> values;  ///< an empty one stands for every way to write "unknown"
  bool wanted = true;
};

/// Where one field of an entity comes from: a column, the mapping itself, or the price list.
struct mapped_field {
  std::string field;   ///< a canonical column of the entity
  std::string column;  ///< of the file; empty: the constant
  std::string constant;
  bool optional = false;               ///< a file without the column leaves the field unknown
  bool list_price_of_product = false;  ///< the list price of the product that the row names
  std::string prefix;  ///< put before every known value, so that ids of two kinds stay apart
  std::optional<decimal> scale;     ///< what a number is multiplied by
  std::optional<date_order> dates;  ///< where the column differs from its file
  std::vector<row_condition> when;  ///< all must hold; else the field is unknown

  using replacements = std::vector<std::pair<std::string, std::string>>;
  replacements translate;  ///< the host's word and ours; words without an entry stay as they are
  replacements repair;     ///< what the host wrote and what it meant; each use is reported
};

/// One entity that a row of the file gives.
struct mapped_entity {
  entity what = entity::deal;
  std::vector<mapped_field> fields;
  std::vector<row_condition> when;  ///< all must hold; else the row does not give this entity
  bool distinct = false;            ///< the same values again are not a second entity
};

/// One file and what its rows give.
struct mapped_table {
  std::string file;       ///< empty: no file; its entities are given once, from constants
  bool optional = false;  ///< the file may be absent
  csv_dialect dialect;
  std::vector<mapped_entity> entities;  ///< in the order in which a book takes them
};

/// What holds for a whole book, where an export or its mapping says so.
struct book_settings {
  std::optional<currency> reporting;
  std::string time_zone;                           ///< an IANA name; empty: not said
  std::optional<std::int32_t> first_fiscal_month;  ///< 1 to 12
  std::optional<std::int32_t> rate_valid_days;
};

/// How the files of a CRM export become the rows of a book. The tables are read in their order.
struct mapping {
  std::string name;
  std::string note;  ///< what the mapping assumes, for whoever reads the figures
  book_settings settings;
  std::vector<mapped_table> tables;
};

/// Reads a mapping from its JSON text, whose form examples/mappings/README.md describes. Fails with
/// the place on a key or a field that does not exist, so that a slip is never an unread line.
[[nodiscard]] result<mapping> parse_mapping(std::string_view json);

/// Reads `reporting_currency`, `time_zone`, `first_fiscal_month` and `rate_valid_days` from a JSON
/// text.
[[nodiscard]] result<book_settings> parse_book_settings(std::string_view json);

/// The mapping of the canonical CSV, in which every column is the field of its name.
[[nodiscard]] mapping canonical_mapping();

}  // namespace salespulse
#endif
