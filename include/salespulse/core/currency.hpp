// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_CORE_CURRENCY_HPP
#define SALESPULSE_CORE_CURRENCY_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace salespulse {

namespace detail {

// ISO 4217 codes in circulation, by number of decimals of their minor unit. Sorted within a row.
inline constexpr std::string_view two_decimals =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN "
    "BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP "
    "GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT "
    "LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO "
    "NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS "
    "SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD "
    "XCG YER ZAR ZMW ZWG ZWL";
inline constexpr std::string_view no_decimals =
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
inline constexpr std::string_view three_decimals = "BHD IQD JOD KWD LYD OMR TND";
inline constexpr std::string_view four_decimals = "CLF UYW";

constexpr bool lists(std::string_view codes, std::string_view code) noexcept {
  for (std::size_t i = 0; i + 3 <= codes.size(); i += 4) {
    if (codes.substr(i, 3) == code) return true;
  }
  return false;
}

}  // namespace detail

/// An ISO 4217 currency. Default: none, which equals no real currency.
class currency {
public:
  constexpr currency() noexcept = default;

  /// The currency of a three-letter code in capitals; empty where ISO 4217 has no such code.
  [[nodiscard]] static constexpr std::optional<currency> from_code(std::string_view code) noexcept {
    int decimals = -1;
    if (code.size() != 3) return std::nullopt;
    if (detail::lists(detail::two_decimals, code)) decimals = 2;
    if (detail::lists(detail::no_decimals, code)) decimals = 0;
    if (detail::lists(detail::three_decimals, code)) decimals = 3;
    if (detail::lists(detail::four_decimals, code)) decimals = 4;
    if (decimals < 0) return std::nullopt;
    currency result;
    for (std::size_t i = 0; i < 3; ++i) result.code_[i] = code[i];
    result.exponent_ = static_cast<std::int8_t>(decimals);
    return result;
  }

  /// Number of decimals of the minor unit: 2 for EUR, 0 for JPY, 3 for KWD.
  [[nodiscard]] constexpr int exponent() const noexcept { return exponent_; }

  /// The three letters; "---" for none.
  [[nodiscard]] constexpr std::string_view code() const noexcept { return {code_, 3}; }

  friend constexpr bool operator==(const currency&, const currency&) = default;

private:
  char code_[3] = {'-', '-', '-'};
  std::int8_t exponent_ = 0;
};

inline constexpr currency eur = *currency::from_code("EUR");
inline constexpr currency usd = *currency::from_code("USD");

}  // namespace salespulse
#endif
