// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_LINE_TERMS_HPP
#define SALESPULSE_MODEL_LINE_TERMS_HPP

#include <compare>
#include <cstdint>

namespace salespulse {

/// When a line bills. Flow k stands at day offset_days + round(k * every_months * 365 / 12) after
/// the close of its deal; the flows of the first `term_months` are committed, those of a renewing
/// line go on at run-rate after it.
struct line_terms {
  std::int32_t every_months = 0;  ///< 0: one-off
  std::int32_t term_months = 0;   ///< committed term, a multiple of every_months; 0: one-off
  std::int32_t offset_days = 0;   ///< first flow, days after the close
  bool renews = false;            ///< goes on after its term unless the customer ends it
  friend constexpr auto operator<=>(const line_terms&, const line_terms&) = default;
};

inline constexpr std::int32_t longest_term_months = 1200;
inline constexpr std::int32_t longest_offset_days = 36500;

/// Whether the terms make a schedule: one-off, or a whole number of intervals up to 100 years.
[[nodiscard]] constexpr bool is_valid(const line_terms& terms) noexcept {
  if (terms.offset_days < 0 || terms.offset_days > longest_offset_days) return false;
  if (terms.every_months == 0) return terms.term_months == 0 && !terms.renews;
  return terms.every_months > 0 && terms.term_months >= terms.every_months &&
         terms.term_months <= longest_term_months && terms.term_months % terms.every_months == 0;
}

/// Number of flows inside the committed term: 1 for a one-off line.
[[nodiscard]] constexpr std::int32_t committed_flows(const line_terms& terms) noexcept {
  return terms.every_months == 0 ? 1 : terms.term_months / terms.every_months;
}

}  // namespace salespulse
#endif
