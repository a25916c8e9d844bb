// SPDX-License-Identifier: BSL-1.0
#ifndef SIMULATOR_AFTER_CLOSE_HPP
#define SIMULATOR_AFTER_CLOSE_HPP

#include "deals.hpp"

#include <salespulse/model/revenue_event.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace salespulse::simulator {

/// Names an event within its deal: a letter for the series, the line and a number.
struct event_name {
  char series = 'R';  ///< I invoice, P payment, N credit note, F refund, R fate of a contract
  std::uint32_t line = 0;
  std::uint32_t number = 0;
};

struct revenue_entry {
  event_name name;
  std::uint32_t line = 0;  ///< nobody: the whole deal
  revenue_kind kind = revenue_kind::invoice;
  std::int64_t amount = 0;
  instant at;
  std::optional<date> due;
  std::optional<event_name> refers_to;
  instant recorded;
};

/// One contract with the customer: lines of a deal of one family, term and start, which the
/// customer keeps or ends together.
struct lifetime_entry {
  std::uint32_t family = 0;
  std::uint32_t contract = 0;
  std::int32_t offset_days = 0;
  bool renews = true;
  date start;
  std::uint32_t seen_renewals = 0;  ///< on record at the end of the world
  std::uint32_t true_renewals = 0;  ///< also beyond it, watched for at least five years from close
  bool ends = false;                ///< the customer ends it within the time watched
  date ended;                       ///< the due date that was not renewed
  std::vector<instant> renewed_at;  ///< of the true renewals, in order
};

struct aftermath {
  std::vector<revenue_entry> events;
  std::vector<lifetime_entry> lifetimes;
};

/// What becomes of a deal that was won: renewals, churn, expansion, contraction, invoices,
/// payments, credit notes and refunds, up to the end of the world. Nothing for other deals.
void tell_aftermath(const world& w, const deal_story& story, aftermath& result);

}  // namespace salespulse::simulator
#endif
