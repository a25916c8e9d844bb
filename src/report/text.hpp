// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_REPORT_TEXT_HPP
#define SALESPULSE_REPORT_TEXT_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace salespulse {

/// Columns that a text takes on a terminal: East Asian wide characters two, combining marks none.
[[nodiscard]] std::size_t display_width(std::string_view utf8) noexcept;

/// The text with what is not UTF-8, or would steer the terminal, as question marks.
[[nodiscard]] std::string printable(std::string_view utf8);

enum class alignment : std::uint8_t { left, right };

/// The text filled with spaces up to the width; longer texts stay whole.
[[nodiscard]] std::string padded(std::string_view text, std::size_t width, alignment side);

/// Words in lines of at most `width` columns, each behind `indent` spaces, the first behind
/// `first` in its place. A word that is longer stands alone; digits in groups are one word.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t width, std::string_view first,
                                  std::size_t indent);

/// One column of a table. All columns of a table have as many cells and as many heads.
struct text_column {
  std::vector<std::string> heads;  ///< one a line
  std::vector<std::string> cells;
  alignment side = alignment::right;
};

/// Columns that the table takes, with two between neighbours. The first column takes at most
/// `name_limit`; a longer name gets a line of its own.
[[nodiscard]] std::size_t table_width(std::span<const text_column> columns, std::size_t name_limit);

/// The table, each line behind two spaces and ended by a line feed.
[[nodiscard]] std::string print_table(std::span<const text_column> columns, std::size_t name_limit);

/// How bars are drawn.
struct bar_style {
  std::string_view left_end, between, middle, right_end;  ///< of an interval
  std::string_view zero;                                  ///< where 0 lies, if inside
  std::string_view total, gain, loss, sliver;             ///< of a waterfall
};
[[nodiscard]] const bar_style& style_of(bool utf8) noexcept;

/// The numbers at the left and at the right end of a bar.
struct bar_scale {
  double from = 0;
  double to = 1;
};

/// `lower`, `value` and `upper` on the scale in `width` columns.
[[nodiscard]] std::string interval_bar(double lower, double value, double upper, bar_scale scale,
                                       std::size_t width, const bar_style& style);

/// A bar from one number to another; `fill` is one of the style's three. What is too small to see
/// is drawn as a sliver.
[[nodiscard]] std::string step_bar(double from, double to, bar_scale scale, std::size_t width,
                                   std::string_view fill, const bar_style& style);

}  // namespace salespulse
#endif
