// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_VALUE_BRIDGE_HPP
#define SALESPULSE_VALUE_BRIDGE_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace salespulse {

/// The seven steps from list amount to sustainable value, in the order in which they are shown.
enum class bridge_step : std::uint8_t {
  discount, cost, renewal, churn, expansion, credit, time
};
inline constexpr std::size_t bridge_steps = 7;

[[nodiscard]] constexpr std::string_view to_string(bridge_step step) noexcept {
  constexpr std::string_view names[] = {"discount",  "cost",   "renewal", "churn",
                                        "expansion", "credit", "time"};
  return names[static_cast<std::size_t>(step)];
}

}  // namespace salespulse
#endif
