// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_REVENUE_BOOKED_HPP
#define SALESPULSE_REVENUE_BOOKED_HPP

#include <salespulse/core/date.hpp>
#include <salespulse/core/interval.hpp>
#include <salespulse/core/wide.hpp>

#include <cstdint>
#include <vector>

namespace salespulse {

class book;

/// Whose bookings are told apart. Under salespeople and teams a split deal counts with the share
/// credited; a customer is the one named on the deal, or the parent at the top of its tree.
enum class booking_grouping : std::uint8_t {
  firm, salesperson, team, product, customer, ultimate_parent, quarter
};

/// What was sold: net of the committed flows of won lines. A sum, exact.
struct booking_group {
  std::uint32_t key = 0;       ///< number of what the grouping names; `no_number`: none
  std::int64_t lines = 0;
  std::int64_t unpriced = 0;   ///< won lines without an amount, not in the sums
  wide booked_ppm = 0;         ///< minor units * 10^6: shares are not rounded before they leave
  std::int64_t listed_lines = 0;  ///< lines whose list and net are known
  wide net_ppm = 0;            ///< committed net of these
  wide list_ppm = 0;           ///< committed list of these
};

/// Bookings by group, ascending by key, of the deals closed in the period; deals whose day of
/// closing is not known are kept only under `all_days`. One pass.
[[nodiscard]] std::vector<booking_group> bookings(const book& b, booking_grouping by,
                                                  period closed_in = all_days);

/// Net / list over the lines that know both: what is left of the price after discount. A ratio of
/// sums; undefined where no list price is known.
[[nodiscard]] estimate price_realisation(const booking_group& g);

/// What a period of a report must say about the data behind it.
struct coverage {
  bool begins_inside = false;  ///< the first close on record lies inside: earlier ones are missing
  bool ends_inside = false;    ///< the last recorded day lies inside: later ones are still to come
};

/// Compares a period with the recorded days. A deal that was opened before the first close on
/// record but is known only because it closed later makes early closes look more often won: closes
/// before the record began were never seen.
[[nodiscard]] coverage coverage_of(const book& b, period p);

}  // namespace salespulse
#endif
