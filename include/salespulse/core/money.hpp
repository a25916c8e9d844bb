// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_CORE_MONEY_HPP
#define SALESPULSE_CORE_MONEY_HPP

#include <salespulse/core/currency.hpp>
#include <salespulse/core/result.hpp>

#include <cstdint>
#include <optional>
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
[[nodiscard]] result<money> add(money a, money b);

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
[[nodiscard]] result<money> to_money(decimal number, currency c);

/// The amount in another currency, where one unit of it costs `rate` units of `target`; rounded
/// once, half to even. Fails where the result is larger than `largest_amount`.
[[nodiscard]] result<money> convert(money amount, decimal rate, currency target);

}  // namespace salespulse
#endif
