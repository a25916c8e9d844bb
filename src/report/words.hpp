// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_REPORT_WORDS_HPP
#define SALESPULSE_REPORT_WORDS_HPP

#include "amounts.hpp"
#include <salespulse/scorecard/scorecard.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace salespulse {

/// 3 years, 1 year, 500 days.
[[nodiscard]] inline std::string horizon_in_words(std::int32_t days) {
  if (days % 365 != 0) return grouped(days) + " days";
  return days == 365 ? "1 year" : grouped(days / 365) + " years";
}

[[nodiscard]] constexpr std::string_view to_string(value_basis basis) noexcept {
  switch (basis) {
    case value_basis::contribution: return "contribution";
    case value_basis::revenue: return "revenue";
    case value_basis::none: return "none";
  }
  return "";
}

[[nodiscard]] constexpr std::string_view to_string(provenance source) noexcept {
  switch (source) {
    case provenance::arithmetic: return "arithmetic";
    case provenance::estimated: return "estimated";
    case provenance::fitted: return "fitted";
    case provenance::prior: return "prior";
  }
  return "";
}

/// Whether something was won and nobody knows for how much.
[[nodiscard]] inline bool is_sold_unknown(const booking_group& booked, const deal_counts& deals) {
  const bool nothing_priced = booked.lines == booked.unpriced;
  return nothing_priced && (booked.lines > 0 || (deals.won > 0 && deals.won_with_amount == 0));
}
[[nodiscard]] inline bool is_sold_unknown(const scorecard& card) {
  return is_sold_unknown(card.booked, card.deals);
}

/// Why a card has no value at all: the refusal of most of its lines. Precondition: it has none.
[[nodiscard]] inline std::string_view why_no_value(const scorecard& card) {
  const refused_lines* most = nullptr;
  std::int64_t largest = 0;
  for (const refused_lines& r : card.refused) {
    std::int64_t lines = 0;
    for (const refused_lines& other : card.refused) lines += other.why == r.why ? other.lines : 0;
    if (lines > largest) {
      largest = lines;
      most = &r;
    }
  }
  if (most != nullptr) return to_string(most->why);
  return is_sold_unknown(card) ? to_string(refusal::no_amount) : "nothing won";
}

}  // namespace salespulse
#endif
