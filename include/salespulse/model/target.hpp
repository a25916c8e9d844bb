// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_TARGET_HPP
#define SALESPULSE_MODEL_TARGET_HPP

#include <salespulse/core/date.hpp>
#include <salespulse/core/money.hpp>

#include <cstdint>
#include <string>

namespace salespulse {

enum class target_metric : std::uint8_t { bookings, sustainable_value };

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
