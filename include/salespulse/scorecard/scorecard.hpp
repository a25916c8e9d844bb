// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SCORECARD_SCORECARD_HPP
#define SALESPULSE_SCORECARD_SCORECARD_HPP

#include <salespulse/core/currency.hpp>
#include <salespulse/core/date.hpp>
#include <salespulse/core/interval.hpp>
#include <salespulse/core/result.hpp>
#include <salespulse/pipeline/cycle_time.hpp>
#include <salespulse/pipeline/deal_counts.hpp>
#include <salespulse/pipeline/win_rate.hpp>
#include <salespulse/revenue/booked.hpp>
#include <salespulse/tally/value_view.hpp>
#include <salespulse/value/appraisal.hpp>
#include <salespulse/value/concentration.hpp>
#include <salespulse/value/snapshot.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace salespulse {

class book;
class valuation;

/// The sustainable value of one basis, with what it is made of and how sure it is.
struct value_figure {
  value_basis basis = value_basis::contribution;
  appraisal parts;        ///< V, the bridge to it, V at the other horizons; minor units
  estimate value;         ///< V with its 80 % interval for renewal risk; n: lines
  interval at_90;         ///< the same at 90 %, for wherever people could be compared
  double sd = 0;          ///< renewal risk; 0 where nothing renews
  std::int64_t lifetimes_at_risk = 0;
  estimate value_multiple;
  estimate sustainability_ratio;
  estimate booking_quality;
  double recognised = 0;  ///< of V, in the asked-for period
};

/// The figures of one salesperson, one team or the firm. Never a rank: cards stand in the order of
/// their ids.
struct scorecard {
  value_view view = value_view::firm;
  std::uint32_t owner = 0;  ///< number in the book; `nobody`: won without anybody to credit
  std::string id;           ///< the host's id; empty for the firm and for nobody
  std::string name;         ///< where the host gave one
  booking_group booked;     ///< arithmetic
  deal_counts deals;        ///< by the owner at the close, whole deals
  std::vector<value_figure> value;   ///< one per basis that occurs, contribution first
  std::vector<refused_lines> refused;
  /// Intervals of rates and times are at 80 % for the firm and teams and at 90 % for people, who
  /// could be compared.
  estimate win_rate;
  estimate win_rate_of_created;
  estimate win_rate_by_value;
  cycle_time won_cycle;
  cycle_time lost_cycle;
  estimate price_realisation;
  concentration customers;  ///< of what is booked
};

/// Bookings and win rate of one group that is neither person nor team.
struct group_row {
  std::uint32_t key = 0;
  std::string name;  ///< product, source; for a quarter its name, 2017 Q1
  booking_group booked;
  deal_counts deals;
  estimate win_rate;
  period days;        ///< of a quarter
  coverage data;      ///< of a quarter: whether the record covers it
};

/// What a reader must know about the deals behind the figures. Counts of deals.
struct data_notes {
  std::int64_t not_point_in_time = 0;  ///< the export overwrote the owner or kept no second clock
  std::int64_t closed_by_hand = 0;     ///< the close is a date that somebody typed
  std::int64_t close_unknown = 0;      ///< won or lost nobody knows when
  std::int64_t amount_only = 0;        ///< one amount instead of lines
  std::int64_t credits_refused = 0;    ///< shares that do not sum: nobody is credited
  std::int64_t customer_unknown = 0;   ///< each counts as a customer of its own
  /// Won deals recorded as renewals. Each is valued as a deal of its own; where the contract before
  /// it is in the book too, what it renews is counted in both.
  std::int64_t renewal_deals = 0;
  std::int64_t rejected_rows = 0;      ///< rows that are not in the book, as the options say
};

/// What a review is asked for.
struct review_options {
  period recognised_in = all_days;  ///< period whose recognition is asked for
  win_denominator denominator = win_denominator::closed;
  bool parents_as_customers = false;  ///< in the concentration: the top of each customer tree
  std::size_t largest_customers = 3;
  std::int64_t rejected_rows = 0;     ///< rows that an import rejected; handed on to the reader
};

/// Everything that a report shows, for the firm, its teams and its people.
struct review {
  review_options options;
  currency reporting;
  period recorded_days;
  std::string snapshot_name;  ///< empty: no parameters were given, and nothing is valued
  provenance snapshot_source = provenance::prior;
  std::uint64_t snapshot_fingerprint = 0;
  double yearly_rate = 0;
  std::int32_t horizon_days = 0;
  data_notes notes;
  scorecard firm;
  std::vector<scorecard> teams;
  std::vector<scorecard> salespeople;
  std::vector<group_row> products;
  std::vector<group_row> sources;
  std::vector<group_row> quarters;
  std::vector<std::string> family_names;   ///< by number, for `refused_lines`
  std::vector<std::string> segment_names;
};

/// Reviews a book under at most one snapshot. Fails where the snapshot has a parameter out of
/// range. Linear in the rows, apart from putting the lines in lifetime order.
[[nodiscard]] result<review> make_review(const book& b, const snapshot* parameters,
                                         const review_options& options = {});

/// The valuation of a book's families and segments under a snapshot, or under none.
[[nodiscard]] result<valuation> bind(const book& b, const snapshot* parameters);

}  // namespace salespulse
#endif
