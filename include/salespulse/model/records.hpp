// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_RECORDS_HPP
#define SALESPULSE_MODEL_RECORDS_HPP

#include <salespulse/core/date.hpp>
#include <salespulse/core/share.hpp>
#include <salespulse/model/ids.hpp>
#include <salespulse/model/kinds.hpp>
#include <salespulse/model/line_terms.hpp>
#include <salespulse/model/row_position.hpp>

#include <cstdint>
#include <string_view>

namespace salespulse {

/// Stands for a moment that nobody recorded.
inline constexpr instant unknown_instant{INT64_MIN};
/// Stands for the day of a close that nobody recorded: before every period that can be written.
inline constexpr date unknown_day{INT32_MIN / 4};
/// Stands for an amount that nobody recorded. Amounts themselves are at most 10^15.
inline constexpr std::int64_t unknown_amount = INT64_MIN;

/// A deal as the book keeps it: names resolved, outcome derived.
struct deal_record {
  instant opened = unknown_instant;
  instant closed = unknown_instant;    ///< won or lost; unknown while open
  instant recorded = unknown_instant;  ///< second clock; `opened` where none was given
  customer_id customer{};              ///< never unknown: an unnamed one is the deal's own
  salesperson_id owner{no_number};     ///< at the close; the current one while open
  stage_id last_stage{no_number};
  source_id source{no_number};
  std::uint32_t first_line = 0;
  std::uint32_t line_count = 0;
  std::uint32_t first_credit = 0;
  std::uint32_t credit_count = 0;
  date opened_day;  ///< in the reporting zone; meaningless where the moment is unknown
  date closed_day = unknown_day;
  row_position where;
  deal_outcome outcome = deal_outcome::open;
  deal_type type = deal_type::unknown;
  deal_origin origin = deal_origin::unknown;
  bool customer_named = false;
  bool closed_by_hand = false;     ///< the close is the edited date, not a recorded event
  bool amount_only = false;        ///< no lines were given; its one line is the deal's amount
  bool point_in_time = false;      ///< the second clock and the owner at the close were recorded
  bool credits_refused = false;    ///< its revenue credits do not sum: nobody is credited
};

/// Seconds from opening to close; whole days where the close is only a day. Precondition: both are
/// known.
[[nodiscard]] constexpr std::int64_t cycle_seconds(const deal_record& d) noexcept {
  return d.closed_by_hand ? std::int64_t{d.closed_day - d.opened_day} * seconds_per_day
                          : d.closed.seconds - d.opened.seconds;
}

/// A line as the book keeps it, amounts in minor units of the reporting currency.
struct line_record {
  deal_id deal{};
  product_id product{no_number};
  std::int64_t list = unknown_amount;
  std::int64_t net = unknown_amount;
  std::int64_t cost = unknown_amount;
  line_terms terms;
};

/// Family of the lines that name no product. They are one-off by their terms or not valued.
inline constexpr std::string_view no_family = "(none)";
/// Family of the products that rows name but nobody declared.
inline constexpr std::string_view undeclared_family = "(undeclared)";

struct salesperson_record {
  period active = all_days;
  share fte = full_share;
  salesperson_id manager{no_number};
  bool declared = false;  ///< false: only referred to by other rows
};

struct membership_record {
  salesperson_id salesperson{};
  team_id team{};
  period during = all_days;
};

struct customer_record {
  customer_id parent{no_number};
  segment_id segment{};
  bool declared = false;
};

struct product_record {
  family_id family{};
  bool declared = false;
};

struct stage_record {
  std::int32_t position = 0;
  deal_outcome outcome = deal_outcome::open;
};

struct stage_entry {
  deal_id deal{};
  stage_id stage{};
  instant at = unknown_instant;
  instant recorded = unknown_instant;
  std::int64_t sequence = 0;
};

struct ownership_entry {
  deal_id deal{};
  salesperson_id owner{};
  instant at;
  instant recorded = unknown_instant;
  std::int64_t sequence = 0;
};

/// A credit in force at the close.
struct credit_record {
  deal_id deal{};
  salesperson_id salesperson{};
  share part;
  credit_kind kind = credit_kind::revenue;
  std::int64_t sequence = 0;
};

struct revenue_entry {
  deal_id deal{};
  line_id line{no_number};
  revenue_kind kind = revenue_kind::invoice;
  std::int64_t amount = unknown_amount;  ///< reporting currency at the day of the event
  instant at;
  instant recorded = unknown_instant;
  date due;                              ///< the day of the event where none was given
  std::uint32_t refers_to = no_number;   ///< index of an earlier entry of the book
};

struct activity_entry {
  salesperson_id salesperson{no_number};
  customer_id customer{no_number};
  deal_id deal{no_number};
  std::uint32_t channel = 0;  ///< number in the names; the empty name is unknown
  std::uint32_t kind = 0;     ///< likewise
  instant at;
  instant recorded = unknown_instant;
  touch_direction direction = touch_direction::unknown;
};

struct target_record {
  salesperson_id salesperson{no_number};
  team_id team{no_number};
  period during;
  target_metric metric = target_metric::bookings;
  std::int64_t amount = 0;  ///< reporting currency
};

}  // namespace salespulse
#endif
