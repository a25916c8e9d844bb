// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_IO_DAMAGE_HPP
#define SALESPULSE_SRC_IO_DAMAGE_HPP

#include <salespulse/model/issue.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace salespulse {

/// What a spreadsheet program makes of cells that it takes for something else.
enum class damage_kind : std::uint8_t {
  none,
  range_to_date,     ///< 5-20 became May-20, 1-5 became 01-May
  shortened_number,  ///< 123456789012 became 1.23457E+11
  failed_formula     ///< #REF!, #NAME?, ####
};

[[nodiscard]] damage_kind damage_of(std::string_view cell) noexcept;

/// Counts the damaged cells of each column of a file.
class damage_watch {
public:
  /// Columns of dates are not looked at.
  explicit damage_watch(std::vector<bool> is_date_column);

  void look_at(std::span<const std::string_view> cells, std::uint32_t line);

  /// One issue for each column and kind of damage, with count and example.
  [[nodiscard]] std::vector<issue> issues(std::span<const std::string> column_names,
                                          std::uint32_t file) const;

private:
  struct damage {
    std::size_t column = 0;
    damage_kind kind = damage_kind::none;
    std::uint64_t cells = 0;
    std::uint32_t line = 0;
    std::string example;
  };
  std::vector<bool> is_date_column_;
  std::vector<damage> found_;
};

}  // namespace salespulse
#endif
