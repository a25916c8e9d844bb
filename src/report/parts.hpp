// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_REPORT_PARTS_HPP
#define SALESPULSE_REPORT_PARTS_HPP

#include <salespulse/core/wide.hpp>
#include <salespulse/scorecard/scorecard.hpp>

#include <vector>

// What is a part of something in print sums to it in print. Amounts in units of `unit` minor units.
namespace salespulse {

/// The figure of a basis; null where the card has none.
[[nodiscard]] const value_figure* figure_of(const scorecard& card, value_basis basis);

/// What each of the salespeople booked, in their order: sums to the firm's.
[[nodiscard]] std::vector<wide> people_booked(const review& r, wide unit);

/// What it will bring: sums to the firm's.
[[nodiscard]] std::vector<wide> people_value(const review& r, value_basis basis, wide unit);

/// What was booked of each product, in their order: sums to the firm's.
[[nodiscard]] std::vector<wide> product_booked(const review& r, wide unit);

/// The bridge whose end was rounded to `value`: listed + parts = value.
struct rounded_bridge {
  wide listed = 0;
  std::vector<wide> parts;  ///< in the order of `bridge_step`
  wide value = 0;
};
[[nodiscard]] rounded_bridge round_bridge(const appraisal& a, wide value, wide unit);

}  // namespace salespulse
#endif
