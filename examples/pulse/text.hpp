// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_EXAMPLES_PULSE_TEXT_HPP
#define SALESPULSE_EXAMPLES_PULSE_TEXT_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pulse {

/// Digits in groups of three.
[[nodiscard]] std::string grouped(std::uint64_t n);
[[nodiscard]] std::string counted(std::uint64_t n, const char* one, const char* many);

/// A text from a file, without what would steer the terminal.
[[nodiscard]] std::string plain(std::string_view text);

/// Flush right in `width` columns.
[[nodiscard]] std::string right(const std::string& text, std::size_t width);

/// Columns that a UTF-8 text takes; wide characters take two.
[[nodiscard]] std::size_t columns_of(std::string_view text);

/// A text of at most `width` columns: of a longer one the middle is left out.
[[nodiscard]] std::string shortened(const std::string& text, std::size_t width);

/// Words in lines of at most `width` columns behind `indent` spaces, `hang` more from the second
/// line on. Digits in groups stay together; of a word that is longer than a line the middle is left
/// out.
[[nodiscard]] std::string wrapped(const std::string& text, std::size_t width,
                                  std::size_t indent = 2, std::size_t hang = 2);

}  // namespace pulse
#endif
