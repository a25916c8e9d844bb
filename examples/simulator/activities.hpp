// SPDX-License-Identifier: BSL-1.0
#ifndef SIMULATOR_ACTIVITIES_HPP
#define SIMULATOR_ACTIVITIES_HPP

#include "deals.hpp"

#include <salespulse/model/activity.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

namespace salespulse::simulator {

struct touch {
  std::uint32_t salesperson = nobody;
  std::uint32_t customer = nobody;
  std::uint32_t deal = nobody;
  instant at;
  std::string_view channel;  ///< empty: unknown
  touch_direction direction = touch_direction::unknown;
  std::string_view kind;
  instant recorded;
};

/// The touches around one deal, from its opening to a few weeks after its close.
void tell_touches(const world& w, const deal_story& story, std::vector<touch>& touches);

/// A touch that led to no deal. There is one for every five deals.
[[nodiscard]] touch tell_prospecting(const world& w, std::uint32_t number);

}  // namespace salespulse::simulator
#endif
