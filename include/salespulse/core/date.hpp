// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_CORE_DATE_HPP
#define SALESPULSE_CORE_DATE_HPP

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace salespulse {

/// A calendar day as the number of days since 1970-01-01 (proleptic Gregorian calendar).
struct date {
  std::int32_t days = 0;
  friend constexpr auto operator<=>(date, date) = default;
};

[[nodiscard]] constexpr date operator+(date d, std::int32_t n) noexcept { return {d.days + n}; }
[[nodiscard]] constexpr date operator-(date d, std::int32_t n) noexcept { return {d.days - n}; }
[[nodiscard]] constexpr std::int32_t operator-(date a, date b) noexcept { return a.days - b.days; }

/// A day as people write it.
struct civil_day {
  std::int32_t year = 1970;
  std::int32_t month = 1;  ///< 1 to 12
  std::int32_t day = 1;    ///< 1 to 31
  friend constexpr bool operator==(civil_day, civil_day) = default;
};

[[nodiscard]] constexpr bool is_leap_year(std::int32_t year) noexcept {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

[[nodiscard]] constexpr std::int32_t days_in_month(std::int32_t year, std::int32_t month) noexcept {
  constexpr std::int32_t length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap_year(year) ? 29 : length[month - 1];
}

/// Whether the three numbers name a day that exists, in the years 1 to 9999.
[[nodiscard]] constexpr bool is_valid(civil_day c) noexcept {
  return c.year >= 1 && c.year <= 9999 && c.month >= 1 && c.month <= 12 && c.day >= 1 &&
         c.day <= days_in_month(c.year, c.month);
}

/// The day number of a valid civil day. Years are counted from March, so that the leap day ends
/// the year and the length of the months before it is a linear function rounded down.
[[nodiscard]] constexpr date to_date(civil_day c) noexcept {
  const std::int32_t years = c.year - (c.month <= 2 ? 1 : 0);
  const std::int32_t month_from_march = (c.month + 9) % 12;
  const std::int32_t day_of_year = (153 * month_from_march + 2) / 5 + c.day - 1;
  return {years * 365 + years / 4 - years / 100 + years / 400 + day_of_year - 719468};
}

/// The civil day of a day number in the years 1 to 9999.
[[nodiscard]] constexpr civil_day to_civil(date d) noexcept {
  const std::int32_t days = d.days + 719468;  // since 0000-03-01
  const std::int32_t era = days / 146097;     // 400 years
  const std::int32_t of_era = days % 146097;
  const std::int32_t year_of_era =
      (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const std::int32_t day_of_year =
      of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int32_t month_from_march = (5 * day_of_year + 2) / 153;
  const std::int32_t day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
  const std::int32_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  return {era * 400 + year_of_era + (month <= 2 ? 1 : 0), month, day};
}

/// A moment in UTC, in whole seconds since 1970-01-01T00:00:00Z without leap seconds.
struct instant {
  std::int64_t seconds = 0;
  friend constexpr auto operator<=>(instant, instant) = default;
};

inline constexpr std::int64_t seconds_per_day = 86400;

/// The first moment of a day in UTC.
[[nodiscard]] constexpr instant start_of(date d) noexcept {
  return {static_cast<std::int64_t>(d.days) * seconds_per_day};
}

/// The day in UTC that holds a moment. Reporting days go through `zone` instead.
[[nodiscard]] constexpr date day_in_utc(instant t) noexcept {
  const std::int64_t floored =
      (t.seconds >= 0 ? t.seconds : t.seconds - (seconds_per_day - 1)) / seconds_per_day;
  return {static_cast<std::int32_t>(floored)};
}

/// Days from `from` up to but not including `to`. Empty where `to <= from`.
struct period {
  date from;
  date to;

  [[nodiscard]] constexpr std::int32_t length() const noexcept { return to > from ? to - from : 0; }
  [[nodiscard]] constexpr bool contains(date d) const noexcept { return from <= d && d < to; }
  friend constexpr bool operator==(period, period) = default;
};

/// The days that two periods share.
[[nodiscard]] constexpr period overlap(period a, period b) noexcept {
  const date from = a.from > b.from ? a.from : b.from;
  const date to = a.to < b.to ? a.to : b.to;
  return {from, to > from ? to : from};
}

/// Every day that can be written in four digits of year: the default where no period is asked for.
inline constexpr period all_days{to_date({1, 1, 1}), to_date({9999, 12, 31}) + 1};

/// The day written as YYYY-MM-DD; empty where the text is anything else or the day does not exist.
[[nodiscard]] constexpr std::optional<date> parse_date(std::string_view text) noexcept {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  std::int32_t numbers[3] = {0, 0, 0};
  std::size_t field = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == 4 || i == 7) {
      ++field;
    } else if (text[i] >= '0' && text[i] <= '9') {
      numbers[field] = numbers[field] * 10 + (text[i] - '0');
    } else {
      return std::nullopt;
    }
  }
  const civil_day day{numbers[0], numbers[1], numbers[2]};
  if (!is_valid(day)) return std::nullopt;
  return to_date(day);
}

/// YYYY-MM-DD, for days in the years 1 to 9999.
[[nodiscard]] inline std::string to_string(date d) {
  const civil_day c = to_civil(d);
  std::string text = "0000-00-00";
  std::int32_t year = c.year;
  for (std::size_t i = 4; i-- > 0; year /= 10) text[i] = static_cast<char>('0' + year % 10);
  text[5] = static_cast<char>('0' + c.month / 10);
  text[6] = static_cast<char>('0' + c.month % 10);
  text[8] = static_cast<char>('0' + c.day / 10);
  text[9] = static_cast<char>('0' + c.day % 10);
  return text;
}

}  // namespace salespulse
#endif
