// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_CORE_FISCAL_QUARTER_HPP
#define SALESPULSE_CORE_FISCAL_QUARTER_HPP

#include <salespulse/core/date.hpp>

#include <cstdint>

namespace salespulse {

/// The fiscal quarter of a day as year * 4 + quarter - 1, where fiscal years begin in
/// `first_month`. A fiscal year has the number of the calendar year in which it ends.
[[nodiscard]] constexpr std::uint32_t fiscal_quarter(date d, std::int32_t first_month) noexcept {
  const civil_day c = to_civil(d);
  const std::int32_t year_end = first_month == 1 ? 0 : 12;
  return static_cast<std::uint32_t>((c.year * 12 + c.month - first_month + year_end) / 3);
}

/// The days of such a quarter.
[[nodiscard]] constexpr period quarter_days(std::uint32_t quarter,
                                            std::int32_t first_month) noexcept {
  const std::int32_t year_end = first_month == 1 ? 0 : 12;
  const std::int32_t month = static_cast<std::int32_t>(quarter) * 3 + first_month - 1 - year_end;
  const auto first_of = [](std::int32_t m) { return to_date({m / 12, m % 12 + 1, 1}); };
  return {first_of(month), first_of(month + 3)};
}

}  // namespace salespulse
#endif
