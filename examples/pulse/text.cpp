// SPDX-License-Identifier: BSL-1.0
#include "text.hpp"

namespace pulse {

namespace {

// Columns of a character that begins with this byte; 0 inside a character. From U+3000 on two.
std::size_t columns_of(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte & 0xC0U) == 0x80 ? 0 : byte >= 0xE3 ? 2 : 1;
}

}  // namespace

std::string grouped(std::uint64_t n) {
  std::string text = std::to_string(n);
  for (std::size_t i = text.size(); i > 3;) text.insert(i -= 3, 1, ' ');
  return text;
}

std::string counted(std::uint64_t n, const char* one, const char* many) {
  return grouped(n) + ' ' + (n == 1 ? one : many);
}

std::string plain(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return out;
}

std::string right(const std::string& text, std::size_t width) {
  return std::string(width > text.size() ? width - text.size() : 0, ' ') + text;
}

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (const char c : text) columns += columns_of(c);
  return columns;
}

std::string shortened(const std::string& text, std::size_t width) {
  if (columns_of(text) <= width) return text;
  const std::size_t kept = width - 2;
  std::size_t used = 0;
  std::size_t head = 0;
  while (used + columns_of(text[head]) <= kept / 2) used += columns_of(text[head++]);
  while (head > 0 && columns_of(text[head]) == 0) --head;  // whole characters
  std::size_t tail = text.size();
  used = 0;
  for (std::size_t at = tail; at-- > head;) {
    used += columns_of(text[at]);
    if (used > kept - kept / 2) break;
    if (columns_of(text[at]) > 0) tail = at;
  }
  return text.substr(0, head) + ".." + text.substr(tail);
}

std::string wrapped(const std::string& text, std::size_t width, std::size_t indent,
                    std::size_t hang) {
  const auto is_digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  std::string out;
  std::string line(indent, ' ');
  bool any = false;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && (text[end] != ' ' || (end > at && end + 1 < text.size() &&
                                                      is_digit(end - 1) && is_digit(end + 1)))) {
      ++end;
    }
    const std::string word = shortened(text.substr(at, end - at), width - indent - hang);
    at = end + 1;
    if (word.empty()) continue;
    if (any && columns_of(line) + 1 + columns_of(word) > width) {
      out += line + '\n';
      line = std::string(indent + hang, ' ');
      any = false;
    }
    line += (any ? " " : "") + word;
    any = true;
  }
  return out + line + '\n';
}

}  // namespace pulse
