// SPDX-License-Identifier: BSL-1.0
#ifndef SIMULATOR_WORLD_HPP
#define SIMULATOR_WORLD_HPP

#include <salespulse/core/currency.hpp>
#include <salespulse/core/date.hpp>
#include <salespulse/core/money.hpp>
#include <salespulse/core/random.hpp>
#include <salespulse/core/share.hpp>
#include <salespulse/model/product.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace salespulse::simulator {

inline constexpr std::uint32_t nobody = 0xFFFF'FFFFU;

/// What is asked of the simulator. The dials are the causes that can be switched off.
struct options {
  std::int64_t deals = 1000;
  std::uint64_t seed = 1;
  std::uint32_t sellers = 0;    ///< 0: one for every 100 deals, 12 to 1000
  std::uint32_t customers = 0;  ///< 0: one for every 4 deals, at least 60
  date start = to_date({2020, 1, 1});
  std::int32_t years = 4;
  /// Log-odds of churn at every renewal that ten points of discount above the usual ten add.
  double discount_effect = 0.4;
  /// Log-odds that a deal worked mainly by linkedin gains, of winning and of each renewal.
  /// 0: the channel causes nothing.
  double channel_effect = 0;
  /// Only what value needs: no activities, invoices, payments or credit notes, no truth per deal,
  /// no lines of deals not won, the last stage only, owners only where they changed. The rows that
  /// remain are those of the full run.
  bool lean = false;
};

/// What a random stream belongs to. Every deal has a stream of its own for each purpose, so that
/// leaving one table out, or adding deals, changes no other draw.
enum class purpose : std::uint64_t {
  seller = 1, customer, rates, target, deal, lines, credits, after_close, billing, activity,
  prospecting
};

[[nodiscard]] constexpr random_stream stream(const options& o, purpose p,
                                             std::uint64_t number) noexcept {
  return random_stream(o.seed, (static_cast<std::uint64_t>(p) << 48) | number);
}

enum channel : std::uint32_t { telephone, visit, e_mail, linkedin, event, content, channel_count };
inline constexpr std::string_view channel_names[] = {"telephone", "visit", "e-mail",
                                                     "linkedin",  "event", "content"};

struct seller {
  std::string name;
  period active;
  share fte = full_share;
  std::uint32_t manager = nobody;
  std::uint32_t team = 0;
  std::uint32_t later_team = nobody;   ///< team from `moves` on
  std::uint32_t second_team = nobody;  ///< in both at once
  date moves;
  // The truth, which no CRM knows.
  double skill = 0;          ///< log-odds of winning
  double slowness = 1;       ///< factor on the length of the sales cycle
  double discount_habit = 0; ///< mean discount
  double capacity = 1;       ///< share of new deals, relative to others
  std::array<double, channel_count> channels{};  ///< way of working; sums to one
};

/// How customers of one segment buy and pay.
struct segment {
  std::string_view name;     ///< empty: the CRM does not know the segment
  double share;              ///< of the customers
  double size;               ///< factor on the quantity bought
  double ease;               ///< log-odds of winning
  double credit_loss;        ///< probability that a bill is written off
  std::array<std::int32_t, 16> delays;  ///< days from due to paid, equally likely
};
inline constexpr std::uint32_t unlisted_segment = 4;
[[nodiscard]] const std::array<segment, 5>& segments() noexcept;

struct customer_truth {
  std::uint32_t parent = nobody;
  date since;
  std::uint8_t segment = unlisted_segment;
  std::uint8_t money = 0;  ///< index of `markets`
};

/// A currency that deals are made in, and its price list relative to euros, in minor units.
struct market {
  currency code;
  double share;            ///< of the customers
  std::int64_t numerator;  ///< minor units for `denominator` euro cents
  std::int64_t denominator;
  double rate;             ///< euros per unit at the start
  bool daily;              ///< rates every weekday; otherwise every Wednesday
};
[[nodiscard]] const std::array<market, 4>& markets() noexcept;

/// A committed term that contracts of a family are sold for, and how customers stay.
struct contract {
  std::int32_t term_months;
  double share;   ///< of the lines of the family
  double alpha;   ///< shifted beta-geometric: churn at renewal j is alpha / (alpha + beta + j - 1)
  double beta;
  double growth;  ///< factor on price and cost at each renewal
};

struct family {
  std::string_view name;
  lifetime_kind lifetime;
  double share;  ///< of the lines
  std::vector<contract> contracts;
};
[[nodiscard]] const std::vector<family>& families() noexcept;

struct product_entry {
  std::string_view id;
  std::string_view name;
  std::uint32_t family;
  std::int64_t price_cents;  ///< list price of one unit; for contracts of one unit and month
  std::int64_t cost_cents;   ///< likewise
  double quantity;           ///< median quantity
};
[[nodiscard]] const std::vector<product_entry>& products() noexcept;

/// Everything that exists before the first deal.
struct world {
  options asked;
  period days;  ///< the world ends at `days.to`: nothing later is known
  std::uint32_t teams = 0;
  std::vector<seller> sellers;
  std::vector<customer_truth> customers;
};

/// Fills in the sizes left at 0 and draws the people. The number of deals enters only through
/// the numbers of sellers and customers.
[[nodiscard]] world make_world(options asked);

/// Somebody who is in service on the day, by capacity and working hours.
[[nodiscard]] std::uint32_t pick_seller(const world& w, random_stream& r, date day) noexcept;

/// Day of flow or renewal after so many months: a year is 365 days, halves round up.
[[nodiscard]] constexpr std::int32_t days_after(std::int32_t months) noexcept {
  return (months * 365 * 2 + 12) / 24;
}

/// phi of a segment: mean of 1.1^(-delay / 365).
[[nodiscard]] double payment_factor(const segment& s) noexcept;
[[nodiscard]] double mean_delay(const segment& s) noexcept;

}  // namespace salespulse::simulator
#endif
