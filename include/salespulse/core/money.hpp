// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_CORE_MONEY_HPP
#define SALESPULSE_CORE_MONEY_HPP

#include <salespulse/core/currency.hpp>
#include <salespulse/core/result.hpp>
#include <salespulse/core/wide.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace salespulse {

/// An exact amount: whole minor units (cents) of one currency.
struct money {
  std::int64_t minor = 0;
  salespulse::currency currency;
  friend constexpr bool operator==(const money&, const money&) = default;
};

/// Largest size of an amount at the door, in minor units: 10^15. Ten trillion in a currency with
/// cents is beyond any deal, and nine thousand such lines still sum within 64 bits.
inline constexpr std::int64_t largest_amount = 1'000'000'000'000'000;

/// Whole major units: `units(120, eur)` is 120.00 EUR. Precondition: fits into 64 bits.
[[nodiscard]] constexpr money units(std::int64_t major, currency c) noexcept {
  for (int i = 0; i < c.exponent(); ++i) major *= 10;
  return {major, c};
}

/// Fails on two currencies and on overflow.
[[nodiscard]] inline result<money> add(money a, money b) {
  if (a.currency != b.currency) {
    return failure{"cannot add " + std::string(a.currency.code()) + " and " +
                   std::string(b.currency.code())};
  }
  const wide sum = static_cast<wide>(a.minor) + b.minor;
  if (!fits_int64(sum)) return failure{"the sum does not fit into 64 bits"};
  return money{static_cast<std::int64_t>(sum), a.currency};
}

/// A decimal number as it was written: digits * 10^-scale.
struct decimal {
  std::int64_t digits = 0;
  std::int32_t scale = 0;  ///< 0 to 18
  friend constexpr bool operator==(decimal, decimal) = default;
};

/// Reads `-1234.50`: an optional sign, digits and at most one decimal point, up to 18 digits.
/// Nothing else: no exponent, no grouping, no spaces.
[[nodiscard]] constexpr std::optional<decimal> parse_decimal(std::string_view text) noexcept {
  decimal number;
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  int digits = 0;
  bool point = false;
  for (const char c : text) {
    if (c == '.' && !point) {
      point = true;
    } else if (c >= '0' && c <= '9') {
      if (++digits > 18) return std::nullopt;
      number.digits = number.digits * 10 + (c - '0');
      if (point) ++number.scale;
    } else {
      return std::nullopt;
    }
  }
  if (digits == 0) return std::nullopt;
  if (negative) number.digits = -number.digits;
  return number;
}

/// The decimal number in minor units. Fails where it has more decimals than the currency, trailing
/// zeros apart, or is larger than `largest_amount`: an amount is never rounded on the way in.
[[nodiscard]] inline result<money> to_money(decimal number, currency c) {
  while (number.scale > c.exponent() && number.digits % 10 == 0) {
    number.digits /= 10;
    --number.scale;
  }
  if (number.scale > c.exponent()) {
    return failure{"more decimals than " + std::string(c.code()) + " has"};
  }
  wide minor = number.digits;
  for (int i = number.scale; i < c.exponent(); ++i) minor *= 10;
  if (minor > largest_amount || minor < -largest_amount) return failure{"the amount is too large"};
  return money{static_cast<std::int64_t>(minor), c};
}

/// The amount in another currency, where one unit of it costs `rate` units of `target`; rounded
/// once, half to even. Fails where the result is larger than `largest_amount`.
[[nodiscard]] inline result<money> convert(money amount, decimal rate, currency target) {
  wide numerator = static_cast<wide>(amount.minor) * rate.digits;
  wide denominator = 1;
  for (int i = amount.currency.exponent(); i < target.exponent(); ++i) numerator *= 10;
  for (int i = target.exponent(); i < amount.currency.exponent(); ++i) denominator *= 10;
  for (int i = 0; i < rate.scale; ++i) denominator *= 10;
  const wide minor = divide_half_even(numerator, denominator);
  if (minor > largest_amount || minor < -largest_amount) return failure{"the amount is too large"};
  return money{static_cast<std::int64_t>(minor), target};
}

}  // namespace salespulse
#endif
