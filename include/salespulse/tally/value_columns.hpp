// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_TALLY_VALUE_COLUMNS_HPP
#define SALESPULSE_TALLY_VALUE_COLUMNS_HPP

#include <salespulse/core/date.hpp>
#include <salespulse/core/result.hpp>
#include <salespulse/model/ids.hpp>
#include <salespulse/tally/value_key.hpp>
#include <salespulse/tally/value_view.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace salespulse {

class book;
class tally;

/// The won lines of a book for one view, as columns in lifetime order: by owner, customer, family,
/// term and start, then key. All that the tallies read, and nothing else.
struct value_columns {
  value_view view = value_view::firm;
  std::uint64_t directory = 0;           ///< of `values`: view, owners, families and segments
  std::uint64_t lifetime_directory = 0;  ///< of `lifetimes`: these and the customers
  std::vector<value_key> keys;         ///< the distinct keys, ascending
  std::vector<std::uint32_t> key;      ///< by entry: number in `keys`, or'ed with `new_lifetime`
  std::vector<std::int64_t> list, net, cost;  ///< by entry; 0 where unknown
  std::vector<date> closed;            ///< by entry
  std::vector<customer_id> customer;   ///< by entry
  std::int64_t largest = 0;            ///< largest size of an amount

  /// Set in `key` on the first entry of each lifetime.
  static constexpr std::uint32_t new_lifetime = 0x8000'0000U;

  [[nodiscard]] std::size_t size() const noexcept { return key.size(); }
};

/// Resolves the won lines of a book. Deals whose day of closing is not known are taken as closed on
/// one day before all others: what they sold to one customer shares a lifetime, which overstates its
/// risk rather than understating it, and splitting such a deal changes nothing. `epoch_starts` are
/// the days from which each later snapshot holds, ascending: a deal closed before the first is of
/// epoch 0. O(n log n).
[[nodiscard]] value_columns resolve(const book& b, value_view view,
                                    std::span<const date> epoch_starts = {});

/// The sums of every key: one pass over key, list, net and cost.
[[nodiscard]] tally tally_values(const value_columns& columns);

/// The sums weighted with the days that the asked-for period shares with the 365 days from each
/// close: divided by 365 they are what is recognised in the period.
[[nodiscard]] tally tally_recognised(const value_columns& columns, period asked);

/// The sums of every key and lifetime: what must be merged before variances are taken. Shards and
/// increments merge where their books know the same customers, a deal without customer counting as
/// one; the sums of `tally_values` merge whatever the customers.
[[nodiscard]] tally tally_lifetimes(const value_columns& columns);

/// The lifetimes of a tally of layout `lifetimes` as columns, one entry a row, in lifetime order:
/// what variances are taken from after shards or increments were merged.
struct lifetime_table {
  std::vector<value_key> keys;
  std::vector<std::uint32_t> key;  ///< like `value_columns::key`
  std::vector<std::int64_t> net, cost;
};

/// Fails on another layout, and where the sum of a lifetime exceeds 64 bits.
[[nodiscard]] result<lifetime_table> lifetimes_of(const tally& lifetimes);

/// The tally of layout `values` over the same lines, of the directory given. Fails on another
/// layout.
[[nodiscard]] result<tally> values_of(const tally& lifetimes, std::uint64_t directory);

}  // namespace salespulse
#endif
