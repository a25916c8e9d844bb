// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_TALLY_COMMITMENT_DEFINITIONS_HPP
#define SALESPULSE_TALLY_COMMITMENT_DEFINITIONS_HPP

#include <salespulse/tally/commitment.hpp>

// See salespulse/definitions.hpp.
namespace salespulse {

std::optional<wide> committed_amount(
    std::span<const line_record> lines) noexcept {
  if (lines.empty()) return std::nullopt;
  wide sum = 0;
  for (const line_record& l : lines) {
    if (l.net == unknown_amount) return std::nullopt;
    sum += static_cast<wide>(l.net) * committed_flows(l.terms);
  }
  return sum;
}

}  // namespace salespulse
#endif
