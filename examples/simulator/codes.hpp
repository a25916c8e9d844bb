// SPDX-License-Identifier: BSL-1.0
#ifndef SIMULATOR_CODES_HPP
#define SIMULATOR_CODES_HPP

#include <charconv>
#include <cstdint>
#include <string>

namespace salespulse::simulator {

// Ids as a CRM would show them. Fixed widths, so that they do not depend on how many there are and
// their byte order is the order of the numbers. Short enough to need no memory of their own.

inline void append_number(std::string& text, std::uint32_t number) {
  char digits[10];
  text.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

/// `D00000012`.
inline std::string code(char letter, std::uint32_t number, int width) {
  std::string text(static_cast<std::size_t>(width) + 1, '0');
  text[0] = letter;
  for (std::size_t i = text.size(); number != 0 && i-- > 1; number /= 10) {
    text[i] = static_cast<char>('0' + number % 10);
  }
  return text;
}

inline std::string deal_code(std::uint32_t number) { return code('D', number, 8); }
inline std::string customer_code(std::uint32_t number) { return code('C', number, 7); }
inline std::string seller_code(std::uint32_t number) { return code('S', number, 5); }
inline std::string team_code(std::uint32_t number) { return code('T', number, 4); }

/// `L00000012-1`: a part of deal 12.
inline std::string part_code(char letter, std::uint32_t deal, std::uint32_t part) {
  std::string text = code(letter, deal, 8);
  text += '-';
  append_number(text, part);
  return text;
}

}  // namespace salespulse::simulator
#endif
