// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_IO_DATE_ORDER_HPP
#define SALESPULSE_IO_DATE_ORDER_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace salespulse {

/// In which order a date is written. The separator may be - / or . and a time may follow.
enum class date_order : std::uint8_t {
  automatic,  ///< settled from the whole column; refused where two orders fit all of it
  iso,        ///< YYYY-MM-DD, with nothing or with T or a space and a time behind it
  year_month_day,
  day_month_year,
  month_day_year
};

inline constexpr std::string_view date_order_names[] = {"automatic", "iso", "year-month-day",
                                                        "day-month-year", "month-day-year"};

[[nodiscard]] constexpr std::string_view to_string(date_order order) noexcept {
  return date_order_names[static_cast<std::size_t>(order)];
}

}  // namespace salespulse
#endif
