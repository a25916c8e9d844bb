// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_PURCHASE_HISTORY_HPP
#define SALESPULSE_STATISTICS_PURCHASE_HISTORY_HPP

#include <compare>
#include <cstdint>

namespace salespulse {

/// What a model of repeat buying needs to know of one customer. Time runs in whole ticks of the
/// caller's clock from the customer's first purchase, which is not counted; so that equal histories
/// are equal and can be counted once. Purchases on one tick are one purchase.
struct purchase_history {
  std::int32_t repeats = 0;  ///< purchases after the first one
  std::int32_t recency = 0;  ///< tick of the last purchase; 0 exactly where `repeats` is 0
  std::int32_t age = 0;      ///< ticks from the first purchase to today, at least `recency`
  friend auto operator<=>(const purchase_history&, const purchase_history&) = default;
};

/// The same in the model's unit of time. 0 <= recency <= age, finite; recency is 0 where repeats
/// is.
struct buying_history {
  std::int64_t repeats = 0;
  double recency = 0;
  double age = 0;
};

struct repeat_buying_options {
  /// Ticks in a unit: 7 gives rates a week from ticks that are days. Positive and finite.
  double ticks_per_unit = 1;
  int max_iterations = 200;  ///< of each maximisation
};

/// A history in ticks, in the unit of a model.
[[nodiscard]] constexpr buying_history in_units(const purchase_history& h,
                                                double ticks_per_unit) noexcept {
  return {h.repeats, h.recency / ticks_per_unit, h.age / ticks_per_unit};
}

}  // namespace salespulse
#endif
