// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_SALESPERSON_HPP
#define SALESPULSE_MODEL_SALESPERSON_HPP

#include <salespulse/core/date.hpp>
#include <salespulse/core/share.hpp>

#include <string>

namespace salespulse {

/// Somebody who sells. The id may be a pseudonym; the library never needs the name.
struct salesperson {
  std::string id = {};
  std::string name = {};           ///< shown where given, else the id
  period active = all_days;   ///< days in service
  share fte = full_share;     ///< share of a full-time position
  std::string manager = {};        ///< id of a salesperson; empty: not known
};

/// A group whose figures are reported together.
struct team {
  std::string id = {};
  std::string name = {};
};

/// A salesperson belongs to a team for some days. Several at once are allowed.
struct membership {
  std::string salesperson = {};
  std::string team = {};
  period during = all_days;
};

}  // namespace salespulse
#endif
