// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_IO_TABLE_IMPORT_HPP
#define SALESPULSE_SRC_IO_TABLE_IMPORT_HPP

#include "byte_source.hpp"
#include "table_plan.hpp"
#include <salespulse/io/import.hpp>
#include <salespulse/model/book_builder.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace salespulse {

/// Where the files of an import are.
struct input_files {
  std::string folder;
  std::span<const named_text> texts;  ///< in place of the folder
  bool in_memory = false;

  /// The file from its beginning; nothing where it is not there.
  [[nodiscard]] std::optional<result<byte_source>> open(const std::string& name) const;
};

/// What the tables of one import share.
struct import_state {
  const import_options& options;
  const input_files& files;
  zone reporting_zone;
  book_builder builder;
  std::size_t issues_taken = 0;  ///< of the builder's
  price_list prices;
  bool needs_prices = false;
  std::array<text_set, std::variant_size_v<door_row>> seen;  ///< distinct entities, by kind
  import_report report;

  import_state(const import_options& given, const input_files& in, book_options settings)
      : options(given), files(in), reporting_zone(settings.reporting_zone), builder(settings) {}
};

/// Adds the rows of one table to the book. Fails where the file as a whole cannot be read.
std::optional<failure> import_table(import_state& state, const mapped_table& table);

/// What the book has of a row of which an entity was refused.
struct row_rest {
  bool gives_more = false;  ///< the row gives other entities too
  std::string in_book;      ///< the names of those that are in the book, a comma between them
};

/// Moves what the builder found since the last time into the report. What it rejected gets the raw
/// text, and where the row gives more its message says what the book has of it.
void take_issues(import_state& state, std::string_view raw, const row_rest& rest = {});

/// Finds again the raw text of rows that only the whole book showed to be wrong: those of the
/// report's issues from `first` on.
void find_raw_rows(import_state& state, std::size_t first);

}  // namespace salespulse
#endif
