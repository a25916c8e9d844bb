// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include <salespulse/core/currency.hpp>
#include <salespulse/core/money.hpp>
#include <salespulse/core/result.hpp>
#include <salespulse/core/wide.hpp>

#include <cstdint>
#include <string>

using namespace salespulse;

namespace {

currency of(std::string_view code) { return currency::from_code(code).value(); }

std::optional<std::int64_t> minor_of(std::string_view text, currency c) {
  const auto number = parse_decimal(text);
  if (!number) return std::nullopt;
  const result<money> amount = to_money(*number, c);
  if (!amount) return std::nullopt;
  return amount.value().minor;
}

}  // namespace

TEST_CASE("a currency knows the decimals of its minor unit", "[currency]") {
  CHECK(of("EUR").exponent() == 2);
  CHECK(of("USD").exponent() == 2);
  CHECK(of("JPY").exponent() == 0);
  CHECK(of("KWD").exponent() == 3);
  CHECK(of("CLF").exponent() == 4);
  CHECK(of("ISK").exponent() == 0);
  CHECK(of("TND").exponent() == 3);
  CHECK(eur.code() == "EUR");
  CHECK(of("AED").code() == "AED");  // first and last of a row
  CHECK(of("ZWL").code() == "ZWL");
}

TEST_CASE("what ISO 4217 does not list is no currency", "[currency]") {
  for (const std::string_view code :
       {"", "EU", "EURO", "eur", "Eur", "XXX", "ZZZ", "---", "EU ", " EU", "R U", "D U", "A B"}) {
    CAPTURE(code);
    CHECK_FALSE(currency::from_code(code));
  }
  CHECK_FALSE(currency::from_code(std::string_view("EU\0", 3)));
  CHECK(currency{}.code() == "---");
  CHECK(currency{} != eur);
}

TEST_CASE("each listed code has one exponent", "[currency]") {
  int codes = 0;
  for (const auto row :
       {detail::two_decimals, detail::no_decimals, detail::three_decimals, detail::four_decimals}) {
    REQUIRE(row.size() % 4 == 3);
    std::string_view last;
    for (std::size_t i = 0; i < row.size(); i += 4, ++codes) {
      const std::string_view code = row.substr(i, 3);
      CAPTURE(code);
      CHECK(last < code);
      last = code;
      int rows = 0;
      for (const auto other : {detail::two_decimals, detail::no_decimals, detail::three_decimals,
                               detail::four_decimals}) {
        rows += detail::lists(other, code) ? 1 : 0;
      }
      CHECK(rows == 1);
    }
  }
  CHECK(codes > 150);
}

TEST_CASE("whole units become minor units of the currency", "[money]") {
  CHECK(units(120, eur).minor == 12000);
  CHECK(units(120, of("JPY")).minor == 120);
  CHECK(units(-3, of("KWD")).minor == -3000);
}

TEST_CASE("money of two currencies does not add", "[money]") {
  CHECK(add({150, eur}, {-50, eur}).value() == money{100, eur});
  const result<money> mixed = add({1, eur}, {1, usd});
  REQUIRE_FALSE(mixed);
  CHECK(mixed.error().message == "cannot add EUR and USD");
  CHECK_FALSE(add({0, eur}, {0, currency{}}));
}

TEST_CASE("money that overflows is an error and does not wrap", "[money]") {
  CHECK(add({INT64_MAX - 1, eur}, {1, eur}).value().minor == INT64_MAX);
  CHECK_FALSE(add({INT64_MAX, eur}, {1, eur}));
  CHECK(add({INT64_MIN + 1, eur}, {-1, eur}).value().minor == INT64_MIN);
  CHECK_FALSE(add({INT64_MIN, eur}, {-1, eur}));
  CHECK(add({INT64_MIN, eur}, {INT64_MAX, eur}).value().minor == -1);
}

TEST_CASE("the value of a failure cannot be taken, nor the failure of a value", "[result]") {
  const result<money> bad = add({1, eur}, {1, usd});
  CHECK_THROWS_AS(bad.value(), invalid_input);
  const result<money> good = add({1, eur}, {1, eur});
  CHECK_THROWS_AS(good.error(), invalid_input);
}

TEST_CASE("a decimal number is read as written", "[money]") {
  CHECK(parse_decimal("1234.50") == decimal{123450, 2});
  CHECK(parse_decimal("-1234.50") == decimal{-123450, 2});
  CHECK(parse_decimal("+7") == decimal{7, 0});
  CHECK(parse_decimal(".5") == decimal{5, 1});
  CHECK(parse_decimal("5.") == decimal{5, 0});
  CHECK(parse_decimal("-0.00") == decimal{0, 2});
  CHECK(parse_decimal("999999999999999999") == decimal{999999999999999999, 0});
  CHECK(parse_decimal("0.000000000000000001") == std::nullopt);  // 19 digits
  CHECK(parse_decimal(".000000000000000001") == decimal{1, 18});
}

TEST_CASE("what is no plain decimal number is refused", "[money]") {
  for (const std::string_view text : {"",
                                      "-",
                                      "+",
                                      ".",
                                      "-.",
                                      "1e5",
                                      "1E5",
                                      "0x10",
                                      "1,000",
                                      "1 000",
                                      " 1",
                                      "1 ",
                                      "1.2.3",
                                      "--1",
                                      "+-1",
                                      "1-",
                                      "nan",
                                      "NaN",
                                      "inf",
                                      "Infinity",
                                      "null",
                                      "1_000",
                                      "1'000",
                                      "\xE2\x88\x92"
                                      "1",
                                      "1000000000000000000",
                                      "0.1234567890123456789",
                                      "\xD9\xA1"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_decimal(text));
  }
  CHECK_FALSE(parse_decimal(std::string_view("1\0", 2)));
}

TEST_CASE("an amount is never rounded on the way in", "[money]") {
  CHECK(minor_of("12.5", eur) == 1250);
  CHECK(minor_of("12.50", eur) == 1250);
  CHECK(minor_of("12.5000000", eur) == 1250);
  CHECK_FALSE(minor_of("12.505", eur));
  CHECK(minor_of("12", of("JPY")) == 12);
  CHECK(minor_of("12.00", of("JPY")) == 12);
  CHECK_FALSE(minor_of("12.5", of("JPY")));
  CHECK(minor_of("12.505", of("KWD")) == 12505);
  CHECK(minor_of("-0.01", eur) == -1);
  CHECK(minor_of("0", eur) == 0);
  CHECK(minor_of("0.000000", eur) == 0);
}

TEST_CASE("an amount beyond 10^15 minor units is refused", "[money]") {
  CHECK(minor_of("10000000000000", eur) == largest_amount);
  CHECK(minor_of("-10000000000000.00", eur) == -largest_amount);
  CHECK_FALSE(minor_of("10000000000000.01", eur));
  CHECK_FALSE(minor_of("-10000000000000.01", eur));
  CHECK_FALSE(minor_of("999999999999999999", of("CLF")));
  CHECK(minor_of("1000000000000000", of("JPY")) == largest_amount);
}

TEST_CASE("conversion rounds once, half to even", "[money]") {
  const auto converted = [](std::int64_t minor, decimal rate, currency from, currency to) {
    return convert({minor, from}, rate, to).value().minor;
  };
  CHECK(converted(100, {9, 1}, usd, eur) == 90);
  CHECK(converted(1, {5, 1}, usd, eur) == 0);  // 0.5 to even 0
  CHECK(converted(3, {5, 1}, usd, eur) == 2);  // 1.5 to even 2
  CHECK(converted(5, {5, 1}, usd, eur) == 2);  // 2.5 to even 2
  CHECK(converted(-1, {5, 1}, usd, eur) == 0);
  CHECK(converted(-3, {5, 1}, usd, eur) == -2);
  CHECK(converted(-5, {5, 1}, usd, eur) == -2);
  CHECK(converted(1, {500001, 6}, usd, eur) == 1);
  CHECK(converted(1, {499999, 6}, usd, eur) == 0);
}

TEST_CASE("conversion minds the decimals of both currencies", "[money]") {
  // 1 000 yen at 0.0061 euro are 6.10 euro; 2.500 dinar at 3.00 are 7.50 euro.
  CHECK(convert({1000, of("JPY")}, {61, 4}, eur).value() == money{610, eur});
  CHECK(convert({2500, of("KWD")}, {3, 0}, eur).value() == money{750, eur});
  CHECK(convert({610, eur}, {164, 0}, of("JPY")).value() == money{1000, of("JPY")});
  CHECK(convert({100, eur}, {1, 0}, of("CLF")).value() == money{10000, of("CLF")});
  CHECK(convert({10000, of("CLF")}, {1, 0}, of("JPY")).value() == money{1, of("JPY")});
}

TEST_CASE("conversion of the largest amounts at the finest rates does not overflow", "[money]") {
  const std::int64_t finest = 999'999'999'999'999'999;
  CHECK(convert({largest_amount, usd}, {finest, 18}, eur).value().minor == largest_amount);
  CHECK_FALSE(convert({largest_amount, usd}, {finest, 0}, eur));
  CHECK_FALSE(convert({largest_amount, of("JPY")}, {finest, 0}, of("CLF")));
  CHECK_FALSE(convert({largest_amount, usd}, {1000001, 6}, eur));
  CHECK_FALSE(convert({-largest_amount, usd}, {1000001, 6}, eur));
  CHECK(convert({-largest_amount, usd}, {1, 18}, eur).value().minor == 0);
}

TEST_CASE("division rounds half to even on both sides of zero", "[wide]") {
  for (int n = -20; n <= 20; ++n) {
    CAPTURE(n);
    // An independent way: the nearest, and of two equally near the even one.
    std::int64_t best = -100;
    for (std::int64_t q = -10; q <= 10; ++q) {
      const std::int64_t d = n - 4 * q < 0 ? 4 * q - n : n - 4 * q;
      const std::int64_t b = n - 4 * best < 0 ? 4 * best - n : n - 4 * best;
      if (d < b || (d == b && q % 2 == 0)) best = q;
    }
    CHECK(static_cast<std::int64_t>(divide_half_even(n, 4)) == best);
  }
  CHECK(static_cast<std::int64_t>(divide_half_even(7, 1)) == 7);
  const wide big = static_cast<wide>(1) << 100;
  CHECK(divide_half_even(3 * big, 2 * big) == 2);
  CHECK(divide_half_even(-3 * big, 2 * big) == -2);
  CHECK(divide_half_even(5 * big - 1, 2 * big) == 2);
  CHECK(divide_half_even(5 * big + 1, 2 * big) == 3);
}

TEST_CASE("128-bit sums know whether they fit into 64 bits", "[wide]") {
  CHECK(fits_int64(INT64_MAX));
  CHECK(fits_int64(INT64_MIN));
  CHECK_FALSE(fits_int64(static_cast<wide>(INT64_MAX) + 1));
  CHECK_FALSE(fits_int64(static_cast<wide>(INT64_MIN) - 1));
  CHECK(to_double(static_cast<wide>(1) << 100) == 0x1p100);
  // 2^53 + 1 lies between two doubles and goes to the even one.
  CHECK(to_double((static_cast<wide>(1) << 53) + 1) == 0x1p53);
  CHECK(to_double((static_cast<wide>(1) << 53) + 3) == 0x1p53 + 4);
}
