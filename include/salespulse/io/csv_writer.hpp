// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_IO_CSV_WRITER_HPP
#define SALESPULSE_IO_CSV_WRITER_HPP

#include <salespulse/core/date.hpp>
#include <salespulse/core/money.hpp>
#include <salespulse/core/share.hpp>

#include <concepts>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

namespace salespulse {

/// Writes CSV rows cell by cell: comma, line feed, and quotes (RFC 4180) only around a text that
/// would not come back as it is: one with a comma, quote or line break, or with a space at an end.
/// What is absent or unknown is an empty cell.
///
/// To a file the writer keeps 64 KiB in hand; without one the rows stay in memory.
///
///     csv_writer rows(file);
///     rows.cell(id).cell(units(120, eur)).cell(day);
///     rows.end_row();
class csv_writer {
public:
  /// Rows stay in memory, to be taken from `text()`.
  csv_writer() = default;

  /// Rows go to the file, which stays the caller's to close, after `flush()`.
  explicit csv_writer(std::FILE* file) : file_(file) {}

  csv_writer& cell(std::string_view text);
  csv_writer& cell(const char* text) { return cell(std::string_view(text)); }
  csv_writer& cell(const std::string& text) { return cell(std::string_view(text)); }
  csv_writer& cell(bool yes) { return cell(yes ? "true" : "false"); }
  csv_writer& cell(std::signed_integral auto number) { return whole_number(number); }
  csv_writer& cell(share part) { return whole_number(part.ppm); }  ///< parts per million
  csv_writer& cell(currency code);  ///< the three letters; none: empty
  csv_writer& cell(money amount);   ///< the number alone, with the decimals of its currency
  csv_writer& cell(decimal number);
  csv_writer& cell(date day);    ///< YYYY-MM-DD
  csv_writer& cell(instant at);  ///< YYYY-MM-DDTHH:MM:SSZ; precondition: a year from 1 to 9999

  /// The value, or an empty cell where there is none.
  template <class Value>
  csv_writer& cell(const std::optional<Value>& value) {
    return value ? cell(*value) : empty_cell();
  }
  csv_writer& empty_cell();

  void end_row();

  /// Hands all rows to the file. False where the file refused any of them, now or before.
  bool flush();

  /// The rows not yet handed to a file.
  [[nodiscard]] std::string_view text() const noexcept { return buffer_; }

private:
  csv_writer& whole_number(std::int64_t number);
  void separate();

  std::FILE* file_ = nullptr;
  std::string buffer_;
  bool row_begun_ = false;
  bool failed_ = false;
};

}  // namespace salespulse
#endif
