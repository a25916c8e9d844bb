// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_CORE_MONEY_DEFINITIONS_HPP
#define SALESPULSE_CORE_MONEY_DEFINITIONS_HPP

#include <salespulse/core/money.hpp>
#include <salespulse/core/wide.hpp>

#include <string>

// See salespulse/definitions.hpp.
namespace salespulse {

result<money> add(money a, money b) {
  if (a.currency != b.currency) {
    return failure{"cannot add " + std::string(a.currency.code()) + " and " +
                   std::string(b.currency.code())};
  }
  const wide sum = static_cast<wide>(a.minor) + b.minor;
  if (!fits_int64(sum)) return failure{"the sum does not fit into 64 bits"};
  return money{static_cast<std::int64_t>(sum), a.currency};
}

result<money> to_money(decimal number, currency c) {
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

result<money> convert(money amount, decimal rate, currency target) {
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
