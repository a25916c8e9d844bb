// SPDX-License-Identifier: BSL-1.0
#include "text.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace salespulse {

namespace {

struct character {
  char32_t code = 0;
  std::size_t bytes = 1;
  bool valid = false;
};

character next_character(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return {first, 1, true};
  const std::size_t bytes = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < bytes) return {};
  char32_t code = first & (0x7FU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3FU);
  }
  constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  return {code, bytes, code >= least[bytes] && code <= 0x10FFFF && !surrogate};
}

struct code_range {
  char32_t first;
  char32_t last;
};

// The blocks of combining marks and invisible characters, and those of wide ones (Unicode Standard
// Annex 11), as far as names use them. Ascending.
constexpr code_range no_columns[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD},   {0x0610, 0x061A},  {0x064B, 0x065F},
    {0x0670, 0x0670}, {0x06D6, 0x06DC}, {0x093C, 0x093C},   {0x0941, 0x0948},  {0x094D, 0x094D},
    {0x0E31, 0x0E31}, {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E},   {0x1AB0, 0x1AFF},  {0x1DC0, 0x1DFF},
    {0x200B, 0x200F}, {0x2060, 0x2064}, {0x20D0, 0x20FF},   {0x3099, 0x309A},  {0xFE00, 0xFE0F},
    {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0x1F3FB, 0x1F3FF}, {0xE0100, 0xE01EF}};
constexpr code_range two_columns[] = {
    {0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0x33FF},   {0x3400, 0x4DBF},
    {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},   {0xA960, 0xA97F},   {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},
    {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};

template <std::size_t Size>
bool is_in(const code_range (&ranges)[Size], char32_t code) noexcept {
  const auto* at = std::lower_bound(std::begin(ranges), std::end(ranges), code,
                                    [](code_range r, char32_t c) { return r.last < c; });
  return at != std::end(ranges) && at->first <= code;
}

bool steers_terminal(char32_t code) noexcept {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069);  // control characters; turns of the writing direction
}

void add_line(std::string& out, std::string_view line) {
  const std::size_t end = line.find_last_not_of(' ');
  out += line.substr(0, end == line.npos ? 0 : end + 1);
  out += '\n';
}

std::size_t width_of(const text_column& column, std::size_t limit) {
  std::size_t width = 0;
  for (const auto& head : column.heads) width = std::max(width, display_width(head));
  for (const auto& cell : column.cells) {
    const std::size_t w = display_width(cell);
    if (w <= limit) width = std::max(width, w);
  }
  return width;
}

constexpr std::size_t gap = 2;
constexpr std::size_t unlimited = SIZE_MAX;

// The column of `width` that holds x.
std::size_t column_of(double x, bar_scale scale, std::size_t width) {
  const double place = (x - scale.from) / (scale.to - scale.from);
  const double last = static_cast<double>(width) - 1;
  return static_cast<std::size_t>(std::clamp(std::floor(place * last + 0.5), 0.0, last));
}

std::string joined(const std::vector<std::string_view>& cells) {
  std::string text;
  for (const std::string_view cell : cells) text += cell;
  return text;
}

// The end of the word that begins at `at`. Digits in groups are one word, also with the % behind.
std::size_t word_end(std::string_view text, std::size_t at) noexcept {
  const auto is_digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  for (; at < text.size(); ++at) {
    if (text[at] != ' ') continue;
    const bool inside = at > 0 && at + 1 < text.size() && is_digit(at - 1) &&
                        (is_digit(at + 1) || text[at + 1] == '%');
    if (!inside) break;
  }
  return at;
}

// An empty bar: spaces, and a mark at 0 where 0 lies inside.
std::vector<std::string_view> empty_bar(bar_scale scale, std::size_t width,
                                        const bar_style& style) {
  std::vector<std::string_view> cells(width, " ");
  if (scale.from < 0 && scale.to > 0) cells[column_of(0, scale, width)] = style.zero;
  return cells;
}

}  // namespace

std::size_t display_width(std::string_view utf8) noexcept {
  std::size_t width = 0;
  while (!utf8.empty()) {
    const character c = next_character(utf8);
    utf8.remove_prefix(c.bytes);
    if (!is_in(no_columns, c.code)) width += is_in(two_columns, c.code) ? 2 : 1;
  }
  return width;
}

std::string printable(std::string_view utf8) {
  std::string text;
  while (!utf8.empty()) {
    const character c = next_character(utf8);
    if (c.valid && !steers_terminal(c.code)) {
      text += utf8.substr(0, c.bytes);
    } else {
      text += '?';
    }
    utf8.remove_prefix(c.bytes);
  }
  return text;
}

std::string padded(std::string_view text, std::size_t width, alignment side) {
  const std::size_t used = display_width(text);
  const std::string space(width > used ? width - used : 0, ' ');
  return side == alignment::left ? std::string(text) + space : space + std::string(text);
}

std::string wrapped(std::string_view text, std::size_t width, std::string_view first,
                    std::size_t indent) {
  std::string out;
  std::string line = padded(first, indent, alignment::left);
  bool any_word = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = word_end(text, at);
    const std::string_view word = text.substr(at, end - at);
    at = end + 1;
    if (word.empty()) continue;
    if (any_word && display_width(line) + 1 + display_width(word) > width) {
      add_line(out, line);
      line = std::string(indent, ' ');
      any_word = false;
    }
    if (any_word) line += ' ';
    line += word;
    any_word = true;
  }
  add_line(out, line);
  return out;
}

std::size_t table_width(std::span<const text_column> columns, std::size_t name_limit) {
  std::size_t width = 0;
  for (const text_column& c : columns) {
    width += gap + width_of(c, &c == columns.data() ? name_limit : unlimited);
  }
  return width;
}

std::string print_table(std::span<const text_column> columns, std::size_t name_limit) {
  std::string out;
  std::vector<std::size_t> widths;
  for (const text_column& c : columns) {
    widths.push_back(width_of(c, &c == columns.data() ? name_limit : unlimited));
  }
  const auto line_of = [&](auto cell) {
    std::string line;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      line += std::string(gap, ' ') + padded(cell(i), widths[i], columns[i].side);
    }
    return line;
  };
  for (std::size_t head = 0; head < columns[0].heads.size(); ++head) {
    const std::string line = line_of([&](std::size_t i) { return columns[i].heads[head]; });
    if (line.find_first_not_of(' ') != line.npos) add_line(out, line);
  }
  for (std::size_t row = 0; row < columns[0].cells.size(); ++row) {
    const std::string& name = columns[0].cells[row];
    const bool own_line = display_width(name) > widths[0];
    if (own_line) add_line(out, std::string(gap, ' ') + name);
    add_line(out, line_of([&](std::size_t i) {
               return i == 0 && own_line ? std::string() : columns[i].cells[row];
             }));
  }
  return out;
}

const bar_style& style_of(bool utf8) noexcept {
  static constexpr bar_style ascii{"|", "-", "o", "|", ".", "#", "+", "-", "|"};
  static constexpr bar_style blocks{"\xE2\x94\x9C", "\xE2\x94\x80", "\xE2\x97\x8F",
                                    "\xE2\x94\xA4", "\xE2\x94\x86", "\xE2\x96\x88",
                                    "\xE2\x96\x93", "\xE2\x96\x91", "\xE2\x96\x8F"};
  return utf8 ? blocks : ascii;
}

std::string interval_bar(double lower, double value, double upper, bar_scale scale,
                         std::size_t width, const bar_style& style) {
  if (width == 0 || !(scale.to > scale.from)) return {};
  std::vector<std::string_view> cells = empty_bar(scale, width, style);
  const std::size_t left = column_of(lower, scale, width);
  const std::size_t right = column_of(upper, scale, width);
  for (std::size_t i = left; i <= right; ++i) cells[i] = style.between;
  cells[left] = style.left_end;
  cells[right] = style.right_end;
  cells[column_of(value, scale, width)] = style.middle;
  return joined(cells);
}

std::string step_bar(double from, double to, bar_scale scale, std::size_t width,
                     std::string_view fill, const bar_style& style) {
  if (width == 0 || !(scale.to > scale.from)) return {};
  std::vector<std::string_view> cells = empty_bar(scale, width, style);
  const double columns = static_cast<double>(width) / (scale.to - scale.from);
  const auto edge = [&](double x) {
    const double place = std::floor((x - scale.from) * columns + 0.5);
    return static_cast<std::size_t>(std::clamp(place, 0.0, static_cast<double>(width)));
  };
  const std::size_t left = edge(std::min(from, to));
  const std::size_t right = edge(std::max(from, to));
  for (std::size_t i = left; i < right; ++i) cells[i] = fill;
  if (left == right && from != to) cells[std::min(left, width - 1)] = style.sliver;
  return joined(cells);
}

}  // namespace salespulse
