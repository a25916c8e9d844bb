// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_ACTIVITY_HPP
#define SALESPULSE_MODEL_ACTIVITY_HPP

#include <salespulse/core/date.hpp>
#include <salespulse/model/kinds.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace salespulse {

/// A touch between seller and buyer. Evidence for conversations, never a score; and no message
/// bodies: there is no field for one.
struct activity {
  std::string id = {};
  std::string salesperson = {};  ///< empty: unknown
  std::string customer = {};     ///< empty: unknown
  std::string deal = {};         ///< empty: none
  instant at = {};
  std::string channel = {};      ///< telephone, visit, e-mail, a social network; empty: unknown
  touch_direction direction = touch_direction::unknown;
  std::string kind = {};         ///< the host's own word
  std::optional<instant> recorded = {};
};

}  // namespace salespulse
#endif
