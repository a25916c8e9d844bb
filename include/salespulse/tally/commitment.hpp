// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_TALLY_COMMITMENT_HPP
#define SALESPULSE_TALLY_COMMITMENT_HPP

#include <salespulse/core/wide.hpp>
#include <salespulse/model/records.hpp>

#include <optional>
#include <span>

namespace salespulse {

/// What the customer committed to: the net of the committed flows of all lines, in minor units.
/// Empty where there is no line and where a line has no amount: an unknown amount is never zero.
[[nodiscard]] std::optional<wide> committed_amount(
    std::span<const line_record> lines) noexcept;

}  // namespace salespulse
#endif
