// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_TALLY_VALUE_KEY_HPP
#define SALESPULSE_TALLY_VALUE_KEY_HPP

#include <salespulse/core/date.hpp>
#include <salespulse/core/share.hpp>
#include <salespulse/core/wide.hpp>
#include <salespulse/model/ids.hpp>
#include <salespulse/model/line_terms.hpp>

#include <array>
#include <compare>
#include <cstdint>
#include <span>

namespace salespulse {

/// What the amounts of a line can tell. Figures of different basis are never added.
enum class value_basis : std::uint8_t {
  contribution,  ///< net and cost are known
  revenue,       ///< net is known, cost is not: value is taken on revenue, cost 0
  none           ///< not even net is known: counted, not valued
};

/// Everything about a line that decides what its amounts are worth. Lines of one class differ only
/// in their amounts, in which value, bridge and both parts of the ratios are linear; so the sums
/// of a class say all that its lines do.
struct value_class {
  family_id family{};
  line_terms terms;
  segment_id segment{};
  value_basis basis = value_basis::contribution;
  bool list_known = false;
  std::int32_t epoch = 0;  ///< which snapshot was in force at the close
  friend constexpr auto operator<=>(const value_class&, const value_class&) = default;
};

/// A class and who has which share of its lines. A split line stands in full under each of its
/// people; the share is applied together with the parameters, after the sums.
struct value_key {
  std::uint32_t owner = 0;  ///< number of a salesperson, team, ..., as the view says
  value_class of;
  share part = full_share;
  friend constexpr auto operator<=>(const value_key&, const value_key&) = default;
};

/// Whole sums over the lines of a key, in minor units of the reporting currency.
struct value_sums {
  wide count = 0;
  wide list = 0;            ///< 0 where the list price is unknown
  wide net = 0;
  wide cost = 0;            ///< 0 where the cost is unknown
  wide larger = 0;          ///< sum of max(list, net)
};

/// The key as a row of a tally of layout `values`.
[[nodiscard]] std::array<std::int64_t, 11> to_row(const value_key& k) noexcept;

/// The inverse of `to_row`. Precondition: the row was made by it.
[[nodiscard]] value_key to_value_key(std::span<const std::int64_t> row) noexcept;

/// Whether a row of layout `values`, or the first fields of one of layout `lifetimes`, is one that
/// `to_row` can make of a key that lines can have.
[[nodiscard]] bool is_value_key(std::span<const std::int64_t> row) noexcept;

[[nodiscard]] std::array<wide, 5> to_row(const value_sums& s) noexcept;

[[nodiscard]] value_sums to_value_sums(std::span<const wide> row) noexcept;

}  // namespace salespulse
#endif
