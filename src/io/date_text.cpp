// SPDX-License-Identifier: BSL-1.0
#include "date_text.hpp"

#include <algorithm>
#include <cstddef>

namespace salespulse {

namespace {

constexpr std::array<date_order, 3> orders = {
    date_order::year_month_day, date_order::day_month_year, date_order::month_day_year};

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// Takes a number of at least `least` and at most `most` digits from the front.
std::optional<std::int32_t> take_number(std::string_view& text, std::size_t least,
                                        std::size_t most) noexcept {
  std::int32_t number = 0;
  std::size_t digits = 0;
  while (digits < text.size() && digits < most && is_digit(text[digits])) {
    number = number * 10 + (text[digits] - '0');
    ++digits;
  }
  if (digits < least) return std::nullopt;
  text.remove_prefix(digits);
  return number;
}

bool take(std::string_view& text, char c) noexcept {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

// Z, UTC, +01:00, -0300, +02. Nothing at all is no offset and no error.
bool take_offset(std::string_view& text, std::optional<std::int32_t>& offset) noexcept {
  take(text, ' ');
  if (text.empty()) return true;
  if (text == "Z" || text == "UTC") {
    offset = 0;
    text = {};
    return true;
  }
  const bool west = text.front() == '-';
  if (!west && text.front() != '+') return false;
  text.remove_prefix(1);
  const auto hours = take_number(text, 2, 2);
  if (!hours) return false;
  std::int32_t minutes = 0;
  if (!text.empty()) {
    take(text, ':');
    const auto number = take_number(text, 2, 2);
    if (!number) return false;
    minutes = *number;
  }
  if (!text.empty() || *hours > 18 || minutes > 59) return false;
  offset = (*hours * 60 + minutes) * (west ? -60 : 60);
  return true;
}

// 14:05, 2:05:09 PM, 14:05:00.000
bool take_time(std::string_view& text, std::int32_t& second_of_day) noexcept {
  auto hour = take_number(text, 1, 2);
  if (!hour || !take(text, ':')) return false;
  const auto minute = take_number(text, 2, 2);
  if (!minute) return false;
  std::int32_t second = 0;
  if (take(text, ':')) {
    const auto number = take_number(text, 2, 2);
    if (!number) return false;
    second = *number;
    if (take(text, '.') && !take_number(text, 1, 9)) return false;
  }
  if (text.size() >= 3 && text[0] == ' ' && (text[1] == 'A' || text[1] == 'P') && text[2] == 'M') {
    if (*hour < 1 || *hour > 12) return false;
    hour = *hour % 12 + (text[1] == 'P' ? 12 : 0);
    text.remove_prefix(3);
  }
  if (*hour > 23 || *minute > 59 || second > 59) return false;
  second_of_day = *hour * 3600 + *minute * 60 + second;
  return true;
}

// Three groups of digits with the same separator between them.
std::optional<date> take_day(std::string_view& text, date_order order) noexcept {
  const bool year_first = order == date_order::year_month_day;
  const auto first = year_first ? take_number(text, 4, 4) : take_number(text, 1, 2);
  if (!first || text.empty()) return std::nullopt;
  const char separator = text.front();
  if (separator != '-' && separator != '/' && separator != '.') return std::nullopt;
  text.remove_prefix(1);
  const auto second = take_number(text, 1, 2);
  if (!second || !take(text, separator)) return std::nullopt;
  const auto third = year_first ? take_number(text, 1, 2) : take_number(text, 4, 4);
  if (!third) return std::nullopt;
  civil_day day;
  if (year_first) day = {*first, *second, *third};
  if (order == date_order::day_month_year) day = {*third, *second, *first};
  if (order == date_order::month_day_year) day = {*third, *first, *second};
  if (!is_valid(day)) return std::nullopt;
  return to_date(day);
}

std::optional<written_moment> read_rest(std::string_view text, written_moment moment) {
  if (text.empty()) return moment;
  if (text.front() != ' ' && text.front() != 'T') return std::nullopt;
  text.remove_prefix(1);
  moment.has_time = true;
  if (!take_time(text, moment.second_of_day)) return std::nullopt;
  if (!take_offset(text, moment.offset_seconds)) return std::nullopt;
  return moment;
}

std::int32_t offset_at(std::int64_t seconds, const zone& z) noexcept {
  const auto next = std::upper_bound(
      z.shifts.begin(), z.shifts.end(), seconds,
      [](std::int64_t at, const zone::shift& shift) { return at < shift.from.seconds; });
  return next == z.shifts.begin() ? 0 : (next - 1)->offset_seconds;
}

}  // namespace

std::optional<written_moment> read_moment(std::string_view text, date_order order) {
  written_moment moment;
  if (order == date_order::iso) {
    const auto day = parse_date(text.substr(0, 10));
    if (!day) return std::nullopt;
    moment.day = *day;
    return read_rest(text.substr(10), moment);
  }
  const auto day = take_day(text, order);
  if (!day) return std::nullopt;
  moment.day = *day;
  return read_rest(text, moment);
}

instant to_instant(const written_moment& written, const zone& local) {
  const std::int64_t seconds = start_of(written.day).seconds + written.second_of_day;
  if (written.offset_seconds) return {seconds - *written.offset_seconds};
  if (local.shifts.empty()) return {seconds};
  // No offset is as large as a day, so the one in force a day earlier is that before a change.
  const std::int32_t before = offset_at(seconds - seconds_per_day, local);
  const std::int32_t guess = offset_at(seconds - before, local);
  if (guess == before) return {seconds - before};
  return {seconds - (offset_at(seconds - guess, local) == guess ? guess : before)};
}

void date_evidence::add(std::string_view text, std::uint32_t line) {
  std::optional<date> days[3];
  bool is_date = false;
  for (std::size_t i = 0; i < orders.size(); ++i) {
    if (const auto moment = read_moment(text, orders[i])) days[i] = moment->day;
    is_date = is_date || days[i].has_value();
  }
  if (!is_date) return;
  ++dates_;
  for (std::size_t i = 0; i < orders.size(); ++i) {
    if (days[i]) {
      ++fitting_[i];
    } else if (misfit_[i].line == 0) {
      misfit_[i] = {std::string(text), line};
    }
  }
  if (days[1] && days[2] && *days[1] != *days[2] && !orders_differ_) {
    orders_differ_ = true;
    undecided_ = {std::string(text), line};
  }
}

result<date_order> date_evidence::settled() const {
  if (dates_ == 0) return date_order::year_month_day;
  if (fitting_[0] == dates_) return orders[0];
  const bool day_first = fitting_[1] == dates_;
  const bool month_first = fitting_[2] == dates_;
  if (day_first && month_first && orders_differ_) {
    return failure{"every date can be read as day-month-year and as month-day-year, such as '" +
                   undecided_.text + "' in line " + std::to_string(undecided_.line) +
                   "; declare \"dates\" in the mapping"};
  }
  if (day_first) return orders[1];
  if (month_first) return orders[2];
  std::string message = "no order of day, month and year fits all dates";
  for (std::size_t i = 0; i < orders.size(); ++i) {
    if (fitting_[i] == 0) continue;
    message += ": " + std::string(to_string(orders[i])) + " fits " + std::to_string(fitting_[i]) +
               " of " + std::to_string(dates_) + " but not '" + misfit_[i].text + "' in line " +
               std::to_string(misfit_[i].line);
  }
  return failure{message + "; declare \"dates\" in the mapping, and the others are rejected"};
}

}  // namespace salespulse
