// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_IO_IMPORT_HPP
#define SALESPULSE_IO_IMPORT_HPP

#include <salespulse/core/result.hpp>
#include <salespulse/io/date_order.hpp>
#include <salespulse/model/book.hpp>
#include <salespulse/model/issue.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace salespulse {

struct mapping;

/// A column whose order of day, month and year was found from its dates.
struct settled_dates {
  std::string column;
  date_order order = date_order::year_month_day;
};

/// What became of one file. read = accepted + rejected; the repaired rows are among the accepted.
struct file_report {
  std::string name;
  bool present = false;  ///< false: an optional file that is not there
  char separator = 0;
  std::uint64_t bytes = 0;
  std::uint64_t read = 0;                   ///< rows behind the header, blank lines apart
  std::uint64_t accepted = 0;               ///< everything that the row says is in the book
  std::uint64_t repaired = 0;               ///< accepted with a declared correction
  std::uint64_t rejected = 0;               ///< not all of it is; returned whole in the issues
  std::vector<std::string> unused_columns;  ///< that nothing was taken from
  std::vector<settled_dates> dates;
};

/// What an import found. `issue::where.file` is an index into `files`.
struct import_report {
  std::string mapping;             ///< its name
  std::string note;                ///< what it assumes
  std::vector<file_report> files;  ///< in the order of the mapping's tables
  std::vector<issue> issues;
};

/// How far an import is.
struct import_progress {
  std::string_view file;
  std::uint64_t bytes_read = 0;
  std::uint64_t bytes_in_all = 0;  ///< of this file; 0: not known
  std::uint64_t rows = 0;
};

struct import_options {
  /// In place of what the export or the mapping says about the book.
  std::optional<book_options> book;
  /// A file of the mapping, and the one to read in its place, both within the folder.
  std::vector<std::pair<std::string, std::string>> file_names;
  /// Longer rows are rejected. Import holds one row and a piece of the file in memory.
  std::size_t largest_row = 1 << 20;
  /// Called about once a megabyte and at the end of each file.
  void (*on_progress)(void* context, const import_progress& progress) = nullptr;
  void* progress_context = nullptr;
};

/// A book and how it came about.
struct imported {
  book contents;
  import_report report;
};

/// A file in memory.
struct named_text {
  std::string_view name;
  std::string_view text;
};

/// Reads a folder of canonical CSV, with what its `book.json` says if it has one.
///
/// A row that is wrong never stops the others: it comes back in the report, whole and with its
/// reason. One cell that cannot be read costs the whole row. Fails, naming the file, only where
/// there is no right book to give: a folder or file that is missing, a file that is no CSV, a
/// required column that is missing, dates whose order cannot be known. Files are UTF-8.
[[nodiscard]] result<imported> import_folder(std::string_view folder,
                                             const import_options& options = {});

/// The same for the files of a CRM export, by the mapping in a JSON file.
///
/// Where a row gives several entities and the book refuses one of them, the others are in the book
/// all the same, so that a won deal with an impossible line is a won deal without amount; only what
/// belongs to a refused deal is left out with it. The row counts as rejected, and the message of
/// its issue says what was refused and what of the row is in the book.
[[nodiscard]] result<imported> import_mapped(std::string_view mapping_file, std::string_view folder,
                                             const import_options& options = {});
[[nodiscard]] result<imported> import_mapped(const mapping& how, std::string_view folder,
                                             const import_options& options = {});

/// The same from memory: every file of the mapping is looked up among the texts.
[[nodiscard]] result<imported> import_texts(const mapping& how, std::span<const named_text> texts,
                                            const import_options& options = {});

/// Reads a mapping from a file.
[[nodiscard]] result<mapping> read_mapping(std::string_view file);

}  // namespace salespulse
#endif
