// SPDX-License-Identifier: BSL-1.0
#ifndef SIMULATOR_DEALS_HPP
#define SIMULATOR_DEALS_HPP

#include "world.hpp"

#include <salespulse/core/date.hpp>
#include <salespulse/model/deal.hpp>
#include <salespulse/model/line.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace salespulse::simulator {

inline constexpr instant never_recorded{INT64_MIN};

/// Somebody enters the fact at once, in a few cases days later, and in very few without a time.
/// Nothing is recorded after the world's end.
[[nodiscard]] instant recorded_time(random_stream& r, instant at, double late,
                                    instant end) noexcept;

struct pipeline_stage {
  std::string_view pipeline;
  std::string_view id;
  std::string_view name;
  deal_outcome outcome;
};
/// Six stages of pipeline "new", then four of pipeline "base", in order; won and lost close each.
inline constexpr pipeline_stage stages[] = {
    {"new", "lead", "Lead", deal_outcome::open},
    {"new", "qualified", "Qualified", deal_outcome::open},
    {"new", "proposal", "Proposal", deal_outcome::open},
    {"new", "negotiation", "Negotiation", deal_outcome::open},
    {"new", "won", "Won", deal_outcome::won},
    {"new", "lost", "Lost", deal_outcome::lost},
    {"base", "review", "Account review", deal_outcome::open},
    {"base", "offer", "Offer", deal_outcome::open},
    {"base", "extended", "Extended", deal_outcome::won},
    {"base", "declined", "Declined", deal_outcome::lost},
};

struct stage_entry {
  std::uint32_t stage;  ///< index of `stages`
  instant at;
  instant recorded;
};

struct ownership_entry {
  std::uint32_t owner;
  instant at;
  instant recorded;
};

struct credit_entry {
  std::uint32_t salesperson;
  share part;
  credit_kind kind;
};

struct line_entry {
  std::uint32_t product = nobody;   ///< nobody: stands for a deal of which only the amount is known
  std::uint32_t contract = nobody;  ///< index of the family's contracts
  std::int64_t list = 0;            ///< minor units; the truth, whatever the CRM knows
  std::int64_t net = 0;
  std::int64_t cost = 0;
  bool list_known = true;
  bool net_known = true;
  bool cost_known = true;
  line_terms terms;
};

/// One deal from its opening to its close, with the truth behind it.
struct deal_story {
  std::uint32_t number = 0;
  std::uint32_t customer = nobody;
  std::uint8_t segment = unlisted_segment;
  std::uint8_t money = 0;
  bool base_pipeline = false;
  deal_type type = deal_type::unknown;
  deal_origin origin = deal_origin::unknown;
  std::string_view source;
  instant opened;
  instant recorded;
  deal_outcome outcome = deal_outcome::open;  ///< as known at the end of the world
  instant closed;                             ///< meaningless while open
  date typed_close;                           ///< what somebody typed as close date
  std::optional<std::int64_t> amount;         ///< booked over the committed terms
  std::uint32_t owner_at_close = 0;
  instant owned_since;                        ///< by the owner at the close

  std::vector<stage_entry> stage_events;
  std::vector<ownership_entry> ownership_events;  ///< the first is the opening
  std::vector<credit_entry> credits;
  std::vector<line_entry> lines;

  // The truth, which no CRM knows.
  deal_origin came_from = deal_origin::unknown;
  channel worked_by = telephone;
  std::int32_t discount_ppm = 0;
  double win_probability = 0;
  double churn_odds_factor = 1;  ///< discount and channel, on the odds of churn at each renewal
  deal_outcome will_be = deal_outcome::lost;

  [[nodiscard]] bool has_lines() const noexcept {
    return !lines.empty() && lines[0].product != nobody;
  }
};

/// Tells the story of one deal. `story` is cleared first; it is passed in to keep its memory.
void tell_deal(const world& w, std::uint32_t number, deal_story& story);

}  // namespace salespulse::simulator
#endif
