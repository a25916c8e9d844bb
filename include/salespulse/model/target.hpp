// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_TARGET_HPP
#define SALESPULSE_MODEL_TARGET_HPP

#include <salespulse/core/date.hpp>
#include <salespulse/core/money.hpp>
#include <salespulse/model/kinds.hpp>

#include <cstdint>
#include <string>

namespace salespulse {

/// What was agreed for a period. Exactly one of `salesperson` and `team` is given.
struct target {
  std::string salesperson = {};
  std::string team = {};
  period during = {};
  target_metric metric = target_metric::bookings;
  money amount = {};
};

/// What one unit of a currency cost in the reporting currency on a day.
struct exchange_rate {
  salespulse::currency currency = {};
  date day = {};
  decimal rate = {};  ///< reporting currency per unit; positive
};

}  // namespace salespulse
#endif
