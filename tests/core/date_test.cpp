// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include <salespulse/core/date.hpp>
#include <salespulse/core/zone.hpp>

#include <chrono>
#include <string>

using namespace salespulse;

TEST_CASE("every day of the years 1 to 9999 goes to its number and back", "[date]") {
  std::int32_t expected = -719162;  // 0001-01-01
  for (std::int32_t year = 1; year <= 9999; ++year) {
    for (std::int32_t month = 1; month <= 12; ++month) {
      const std::int32_t days = days_in_month(year, month);
      // A check per day would be 3.6 million lines in the log; one wrong day fails the month.
      bool right = true;
      for (std::int32_t day = 1; day <= days; ++day) {
        const date d = to_date({year, month, day});
        right = right && d.days == expected++ && to_civil(d) == civil_day{year, month, day};
      }
      if (!right) FAIL("a day of " << year << "-" << month << " does not come back");
    }
  }
  CHECK(expected == 2932897);  // one past 9999-12-31
}

TEST_CASE("day numbers are those of the standard library", "[date]") {
  using namespace std::chrono;
  for (std::int32_t days = -719162; days < 2932897; days += 97) {
    const year_month_day c{sys_days{std::chrono::days{days}}};
    const civil_day mine = to_civil({days});
    if (mine.year != static_cast<int>(c.year()) ||
        static_cast<unsigned>(mine.month) != static_cast<unsigned>(c.month()) ||
        static_cast<unsigned>(mine.day) != static_cast<unsigned>(c.day())) {
      FAIL("day number " << days);
    }
  }
  CHECK(to_date({1970, 1, 1}).days == 0);
  CHECK(to_date({2000, 3, 1}).days == 11017);
}

TEST_CASE("a year is a leap year by the rule of four, hundred and four hundred", "[date]") {
  CHECK(is_leap_year(2024));
  CHECK_FALSE(is_leap_year(2023));
  CHECK_FALSE(is_leap_year(1900));
  CHECK_FALSE(is_leap_year(2100));
  CHECK(is_leap_year(2000));
  CHECK(is_leap_year(1600));
  CHECK(days_in_month(2024, 2) == 29);
  CHECK(days_in_month(2100, 2) == 28);
  CHECK(days_in_month(2023, 4) == 30);
  CHECK(days_in_month(2023, 12) == 31);
}

TEST_CASE("a civil day is valid only if the calendar has it", "[date]") {
  CHECK(is_valid({1, 1, 1}));
  CHECK(is_valid({9999, 12, 31}));
  CHECK(is_valid({2024, 2, 29}));
  for (const civil_day c :
       {civil_day{0, 1, 1}, civil_day{10000, 1, 1}, civil_day{-5, 1, 1}, civil_day{2023, 0, 1},
        civil_day{2023, 13, 1}, civil_day{2023, 1, 0}, civil_day{2023, 1, 32},
        civil_day{2023, 2, 29}, civil_day{2023, 4, 31}, civil_day{1900, 2, 29}}) {
    CAPTURE(c.year, c.month, c.day);
    CHECK_FALSE(is_valid(c));
  }
}

TEST_CASE("only YYYY-MM-DD of a day that exists is read as a date", "[date]") {
  CHECK(parse_date("2024-02-29") == to_date({2024, 2, 29}));
  CHECK(parse_date("0001-01-01") == to_date({1, 1, 1}));
  CHECK(parse_date("9999-12-31") == to_date({9999, 12, 31}));
  for (const std::string_view text :
       {"",           "2024-02-30",      "2023-02-29",  "2024-2-29",  "24-02-29",
        "2024/02/29", "2024-02-29 ",     " 2024-02-29", "2024-02-2x", "2024-00-10",
        "2024-13-01", "0000-01-01",      "0000-00-00",  "-024-02-29", "+024-02-29",
        "2024-02--1", "20240-2-29",      "2024-02-290", "2024-02-2",  "2024-02-29T00:00:00",
        "3/11/2017",  "2024\xE2\x80\x91"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_date(text));
  }
  CHECK_FALSE(
      parse_date(std::string_view("2024\0"
                                  "02-29",
                                  10)));
}

TEST_CASE("a date prints as it is read", "[date]") {
  for (std::int32_t days = -719162; days < 2932897; days += 1009) {
    const std::string text = to_string(date{days});
    if (parse_date(text) != date{days}) FAIL(text);
  }
  CHECK(to_string(to_date({1, 1, 1})) == "0001-01-01");
  CHECK(to_string(to_date({987, 6, 5})) == "0987-06-05");
  CHECK(to_string(to_date({9999, 12, 31})) == "9999-12-31");
}

TEST_CASE("a period holds its first day and not its last", "[date]") {
  const date d = to_date({2024, 1, 1});
  const period p{d, d + 10};
  CHECK(p.length() == 10);
  CHECK(p.contains(d));
  CHECK(p.contains(d + 9));
  CHECK_FALSE(p.contains(d + 10));
  CHECK_FALSE(p.contains(d - 1));
  CHECK(period{d, d}.length() == 0);
  CHECK(period{d + 1, d}.length() == 0);
  CHECK_FALSE(period{d, d}.contains(d));
  CHECK(all_days.contains(to_date({1, 1, 1})));
  CHECK(all_days.contains(to_date({9999, 12, 31})));
}

TEST_CASE("periods overlap in the days that both hold", "[date]") {
  const date d = to_date({2024, 1, 1});
  CHECK(overlap({d, d + 10}, {d + 4, d + 20}) == period{d + 4, d + 10});
  CHECK(overlap({d + 4, d + 20}, {d, d + 10}) == period{d + 4, d + 10});
  CHECK(overlap({d, d + 10}, {d + 2, d + 3}) == period{d + 2, d + 3});
  CHECK(overlap({d, d + 10}, {d + 10, d + 20}).length() == 0);
  CHECK(overlap({d, d + 10}, {d + 15, d + 20}).length() == 0);
  CHECK(overlap({d, d + 10}, all_days) == period{d, d + 10});
}

TEST_CASE("a moment before 1970 falls on the day that holds it", "[date]") {
  CHECK(day_in_utc({0}).days == 0);
  CHECK(day_in_utc({86399}).days == 0);
  CHECK(day_in_utc({86400}).days == 1);
  CHECK(day_in_utc({-1}).days == -1);
  CHECK(day_in_utc({-86400}).days == -1);
  CHECK(day_in_utc({-86401}).days == -2);
  CHECK(start_of({-2}).seconds == -172800);
  for (std::int32_t d = -800000; d < 3000000; d += 123457) {
    CHECK(day_in_utc(start_of({d})).days == d);
    CHECK(day_in_utc({start_of({d + 1}).seconds - 1}).days == d);
  }
}

TEST_CASE("the reporting zone decides on which day a moment falls", "[zone]") {
  const instant before_midnight{start_of(to_date({2024, 6, 30})).seconds + 23 * 3600};
  CHECK(day_of(before_midnight, zone{}) == to_date({2024, 6, 30}));
  CHECK(day_of(before_midnight, {"east", {{{INT64_MIN / 2}, 2 * 3600}}}) == to_date({2024, 7, 1}));
  CHECK(day_of(before_midnight, {"west", {{{INT64_MIN / 2}, -24 * 3600}}}) ==
        to_date({2024, 6, 29}));
}

TEST_CASE("a shift of the clock holds from its own second on", "[zone]") {
  const instant spring{start_of(to_date({2024, 3, 31})).seconds + 3600};
  const instant autumn{start_of(to_date({2024, 10, 27})).seconds + 3600};
  const zone amsterdam{"Europe/Amsterdam", {{{0}, 3600}, {spring, 7200}, {autumn, 3600}}};
  const auto day = [&](date d, int hour, int minute) {
    return day_of({start_of(d).seconds + hour * 3600 + minute * 60}, amsterdam);
  };
  const date winter = to_date({2024, 1, 15});
  CHECK(day(winter, 22, 59) == winter);
  CHECK(day(winter, 23, 0) == winter + 1);
  const date summer = to_date({2024, 7, 15});
  CHECK(day(summer, 21, 59) == summer);
  CHECK(day(summer, 22, 0) == summer + 1);
  const date last_of_summer = to_date({2024, 10, 26});
  CHECK(day(last_of_summer, 22, 0) == last_of_summer + 1);
  CHECK(day(last_of_summer + 1, 22, 30) == last_of_summer + 1);
  CHECK(day(last_of_summer + 1, 23, 0) == last_of_summer + 2);
  // Before the first shift of the list it is UTC.
  CHECK(day_of({-1}, amsterdam) == date{-1});
  CHECK(day_of({-3600}, amsterdam) == date{-1});
}
