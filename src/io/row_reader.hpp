// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_IO_ROW_READER_HPP
#define SALESPULSE_SRC_IO_ROW_READER_HPP

#include "byte_source.hpp"
#include <salespulse/core/result.hpp>

#include <csv.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace salespulse {

/// Cuts bytes into rows of cells with libcsv, in bounded memory: a piece of the file and one row.
///
/// libcsv is handed one physical line at a time, so that the line on which a row begins is known
/// and its raw text can be returned. A row may end with LF, CRLF or CR, each as it comes; blank
/// lines are no rows. A quote that is never closed costs the line on which it stands and no other:
/// the rest is read again from the next line, as long as that stays linear in the size of the file.
class row_reader {
public:
  enum class step : std::uint8_t {
    row,  ///< `cells`, `line` and `raw` are those of the next row
    bad,  ///< no row; `problem` says why, `line` and `raw` where and what
    end
  };

  /// Reads the first piece, takes a byte order mark off, and settles the separator where it is 0.
  /// Fails on what is no text in UTF-8: UTF-16, a binary file, a file that cannot be read.
  [[nodiscard]] static result<row_reader> open(byte_source source, char separator,
                                               std::size_t largest_row);

  step next();

  /// Turns the row just read, which spans several lines, into a bad one of its first line alone;
  /// the next step reads on behind that. False where the row is of one line or reading again would
  /// take too long.
  bool take_back_to_first_line();

  /// Valid until the next step.
  [[nodiscard]] const std::vector<std::string_view>& cells() const noexcept { return cells_; }
  [[nodiscard]] std::string_view raw() const noexcept;
  [[nodiscard]] std::uint32_t line() const noexcept { return row_line_; }
  [[nodiscard]] const std::string& problem() const noexcept { return problem_; }

  [[nodiscard]] char separator() const noexcept { return separator_; }
  [[nodiscard]] std::uint64_t bytes_read() const noexcept { return bytes_read_; }
  [[nodiscard]] std::uint64_t bytes_in_all() const noexcept { return source_.size(); }
  /// Whether the file could not be read to its end.
  [[nodiscard]] bool broke_off() const noexcept { return broke_off_; }

private:
  // What libcsv has cut off the row in work.
  struct row_text {
    std::string text;  // of all cells one behind the other, up to `used`
    std::size_t used = 0;
    std::vector<std::size_t> ends;
    bool complete = false;
  };
  struct parser_end {
    void operator()(csv_parser* parser) const noexcept;
  };

  row_reader(byte_source source, std::size_t largest_row);

  bool refill();
  void begin_row() noexcept;
  std::size_t line_end(bool& whole);
  std::size_t seek(char c, std::size_t& known) const noexcept;
  bool feed(std::size_t end);
  step last_row();
  step finish_row();
  step reject_endless_row();
  step reject_long_line();
  step reject_first_line(std::string problem);
  void reset_parser();
  void go_back_to(std::size_t at);
  bool may_read_again(std::size_t bytes) const noexcept;

  static void on_cell(void* text, std::size_t size, void* row);
  static void on_row_end(int terminator, void* row);

  byte_source source_;
  std::size_t largest_row_;
  std::size_t piece_;  // bytes to read at once
  char separator_ = ',';
  std::unique_ptr<csv_parser, parser_end> parser_;
  row_text row_;
  std::vector<std::string_view> cells_;
  std::string problem_;
  std::string cut_raw_;  // raw text of a line too long to be kept whole

  // The buffer holds [row_begin_, filled_): from the row in work to what was read last.
  std::string buffer_;
  std::size_t filled_ = 0;
  std::size_t row_begin_ = 0;
  std::size_t first_line_end_ = 0;  // of the row in work; 0: not yet reached
  std::size_t at_ = 0;              // what libcsv gets next, the begin of a physical line
  std::size_t lf_ = 0;              // no LF from `at_` up to here
  std::size_t cr_ = 0;              // no CR from `at_` up to here
  bool in_row_ = false;
  bool at_end_ = false;
  bool broke_off_ = false;
  bool needs_look_ = false;  // zero bytes or bytes outside ASCII are in the buffer

  std::uint32_t line_ = 1;  // of `at_`
  std::uint32_t row_line_ = 1;
  std::uint64_t bytes_read_ = 0;
  std::uint64_t bytes_read_again_ = 0;
};

/// The separator among , ; tab and | for which most rows of the sample have as many cells as the
/// first; of equals the one with more cells. A comma where nothing separates.
[[nodiscard]] char detect_separator(std::string_view sample);

/// Whether the text is UTF-8 throughout.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

}  // namespace salespulse
#endif
