// SPDX-License-Identifier: BSL-1.0
#include "read_cell.hpp"

#include "date_text.hpp"
#include <salespulse/core/wide.hpp>

#include <charconv>
#include <cstddef>
#include <system_error>

namespace salespulse {

namespace {

std::string quoted(std::string_view text) {
  constexpr std::size_t shown = 60;
  std::string out(1, '\'');
  out.append(text.substr(0, shown)).append(text.size() > shown ? "...'" : "'");
  return out;
}

bool refuse(cell_fault& fault, std::string message, issue_code code = issue_code::invalid_value) {
  fault.code = code;
  fault.message = std::move(message);
  return false;
}

// Trailing zeros behind the decimal point do not matter.
decimal without_zeros(decimal number) noexcept {
  while (number.scale > 0 && number.digits % 10 == 0) {
    number.digits /= 10;
    --number.scale;
  }
  return number;
}

std::optional<decimal> multiplied(decimal a, decimal b) noexcept {
  a = without_zeros(a);
  b = without_zeros(b);
  const wide digits = static_cast<wide>(a.digits) * b.digits;
  if (!fits_int64(digits) || a.scale + b.scale > 18) return std::nullopt;
  return without_zeros({static_cast<std::int64_t>(digits), a.scale + b.scale});
}

// The number times the scale of the column.
bool read_scaled(std::string_view text, const cell_style& style, decimal& out, cell_fault& fault) {
  const auto number = read_number(text, style);
  if (!number) {
    std::string message = quoted(text) + " is not a number";
    if (text.find_first_of(",.") != std::string_view::npos) {
      message += " with the declared decimal sign '" + std::string(1, style.decimal_sign) + "'";
      if (style.thousands_sign == 0) message += " and no sign between thousands";
    }
    return refuse(fault, std::move(message));
  }
  out = *number;
  if (!style.scale) return true;
  const auto scaled = multiplied(*number, *style.scale);
  if (!scaled) return refuse(fault, quoted(text) + " is too large when scaled");
  out = *scaled;
  return true;
}

bool read_whole(std::string_view text, const door_field& field, const cell_style& style,
                std::int64_t& out, cell_fault& fault) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, out);
  if (error != std::errc() || stop != end || style.scale) {
    decimal number;
    if (!read_scaled(text, style, number, fault)) return false;
    number = without_zeros(number);
    if (number.scale != 0) return refuse(fault, quoted(text) + " is not a whole number");
    out = number.digits;
  }
  const std::int64_t least = field.kind == cell_kind::ppm ? 0 : field.least;
  const std::int64_t largest = field.kind == cell_kind::ppm ? 1'000'000 : field.largest;
  if (out >= least && out <= largest) return true;
  return refuse(fault, quoted(text) + " is not between " + std::to_string(least) + " and " +
                           std::to_string(largest));
}

bool read_flag(std::string_view text, std::int64_t& out, cell_fault& fault) {
  if (text == "true" || text == "True" || text == "TRUE") {
    out = 1;
  } else if (text == "false" || text == "False" || text == "FALSE") {
    out = 0;
  } else {
    return refuse(fault, quoted(text) + " is neither true nor false");
  }
  return true;
}

bool read_choice(std::string_view text, const door_field& field, std::int64_t& out,
                 cell_fault& fault) {
  for (std::size_t i = 0; i < field.words.size(); ++i) {
    if (field.words[i] == text) {
      out = static_cast<std::int64_t>(i);
      return true;
    }
  }
  std::string message = quoted(text) + " is none of";
  for (const std::string_view word : field.words) message.append(1, ' ').append(word);
  return refuse(fault, std::move(message));
}

bool read_code(std::string_view text, currency& out, cell_fault& fault) {
  if (text == out.code()) return true;  // mostly that of the row before
  const auto code = currency::from_code(text);
  if (!code) return refuse(fault, quoted(text) + " is not a currency code of ISO 4217");
  out = *code;
  return true;
}

bool read_amount(std::string_view text, const cell_style& style, currency row_currency, money& out,
                 cell_fault& fault) {
  decimal number;
  if (!read_scaled(text, style, number, fault)) return false;
  if (row_currency == currency{}) {
    return refuse(fault, "the amount " + quoted(text) + " has no currency");
  }
  const result<money> amount = to_money(number, row_currency);
  if (amount) {
    out = amount.value();
    return true;
  }
  const bool too_exact = without_zeros(number).scale > row_currency.exponent();
  return refuse(fault, quoted(text) + ": " + amount.error().message,
                too_exact ? issue_code::invalid_value : issue_code::amount_out_of_range);
}

bool read_time(std::string_view text, const cell_style& style, cell_value& out, cell_fault& fault) {
  const auto written = read_moment(text, style.order);
  if (!written) {
    std::string message = quoted(text);
    if (style.order == date_order::iso) {
      message +=
          " is not a date: YYYY-MM-DD, which a time HH:MM or HH:MM:SS can follow, and the "
          "time Z or an offset such as +01:00";
    } else {
      message.append(" is not a date in the order ").append(to_string(style.order));
    }
    return refuse(fault, std::move(message), issue_code::invalid_date);
  }
  out.at = to_instant(*written, *style.local);
  out.day = written->offset_seconds ? day_of(out.at, *style.local) : written->day;
  return true;
}

}  // namespace

std::optional<decimal> read_number(std::string_view text, const cell_style& style) {
  if (style.decimal_sign == '.' && style.thousands_sign == 0) return parse_decimal(text);
  char plain[40];
  std::size_t size = 0;
  std::size_t group = 0;  // digits since the last sign between thousands
  bool grouped = false;
  bool behind_point = false;
  for (const char c : text) {
    if (size == sizeof plain) return std::nullopt;
    if (c == style.thousands_sign && style.thousands_sign != 0) {
      if (behind_point || group == 0 || (grouped ? group != 3 : group > 3)) return std::nullopt;
      grouped = true;
      group = 0;
    } else if (c == style.decimal_sign) {
      if (grouped && group != 3) return std::nullopt;
      behind_point = true;
      plain[size++] = '.';
    } else if (c == '.') {
      return std::nullopt;  // neither the decimal sign nor the one between thousands
    } else {
      if (c >= '0' && c <= '9') ++group;
      plain[size++] = c;
    }
  }
  if (grouped && !behind_point && group != 3) return std::nullopt;
  return parse_decimal({plain, size});
}

bool read_cell(std::string_view text, const door_field& field, const cell_style& style,
               currency row_currency, cell_value& out, cell_fault& fault) {
  switch (field.kind) {
    case cell_kind::text: out.text = text; return true;
    case cell_kind::whole:
    case cell_kind::ppm: return read_whole(text, field, style, out.number, fault);
    case cell_kind::flag: return read_flag(text, out.number, fault);
    case cell_kind::choice: return read_choice(text, field, out.number, fault);
    case cell_kind::code: out.code = row_currency; return read_code(text, out.code, fault);
    case cell_kind::amount: return read_amount(text, style, row_currency, out.amount, fault);
    case cell_kind::rate:
      if (!read_scaled(text, style, out.rate, fault)) return false;
      return out.rate.digits > 0 || refuse(fault, quoted(text) + " is not above 0");
    case cell_kind::day:
    case cell_kind::moment: return read_time(text, style, out, fault);
  }
  return false;
}

}  // namespace salespulse
