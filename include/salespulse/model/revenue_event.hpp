// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_REVENUE_EVENT_HPP
#define SALESPULSE_MODEL_REVENUE_EVENT_HPP

#include <salespulse/core/date.hpp>
#include <salespulse/core/money.hpp>
#include <salespulse/model/kinds.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace salespulse {

/// Something that happened to the revenue of a deal after its close. The sign is part of the
/// amount: refunds and credit notes are negative.
struct revenue_event {
  std::string id = {};         ///< the same id twice is one event
  std::string deal = {};
  std::string line = {};       ///< empty: the whole deal
  revenue_kind kind = revenue_kind::invoice;
  std::optional<money> amount = {};
  instant at = {};
  std::optional<date> due = {};
  std::string refers_to = {};  ///< id of the event that this one pays or reverses
  std::optional<instant> recorded = {};
};

}  // namespace salespulse
#endif
