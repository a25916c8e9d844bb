// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_STATISTICS_LATTICE_ITEMS_HPP
#define SALESPULSE_SRC_STATISTICS_LATTICE_ITEMS_HPP

#include <salespulse/statistics/sum_distribution.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace salespulse {

/// One value of an item, in lattice steps above the item's lowest.
struct lattice_point {
  std::int64_t at;
  double mass;
  friend auto operator<=>(const lattice_point&, const lattice_point&) = default;
};

/// Independent items on a common lattice. The lowest values are taken out of the items and added up
/// in `lowest`; an item that has one value only is gone. In order of the items' width, then of
/// their points, so that sums over them do not depend on the order in which they came.
struct lattice_items {
  std::vector<lattice_point> points;  ///< item after item; each rises from `at` 0
  std::vector<std::size_t> ends;      ///< where the points of item i end
  std::int64_t lowest = 0;            ///< of the sum, in the caller's unit
  std::int64_t step = 1;              ///< in the caller's unit
  std::int64_t span = 0;              ///< from the lowest to the highest sum, in steps

  [[nodiscard]] std::size_t size() const noexcept { return ends.size(); }
  [[nodiscard]] std::span<const lattice_point> item(std::size_t i) const noexcept {
    const std::size_t begin = i == 0 ? 0 : ends[i - 1];
    return std::span(points).subspan(begin, ends[i] - begin);
  }
};

struct prepared_items {
  status why;
  lattice_items items;
  std::int64_t suggested_unit = 1;
};

/// Checks, rounds, merges equal amounts, finds the lattice, sorts.
[[nodiscard]] prepared_items prepare(std::span<const chance> chances, const sum_options& options);
[[nodiscard]] prepared_items prepare(std::span<const uncertain_amount> amounts,
                                     const sum_options& options);
/// Without the limit on the number of points, for what needs no lattice in memory.
[[nodiscard]] prepared_items prepare_unlimited(std::span<const chance> chances);
[[nodiscard]] prepared_items prepare_unlimited(std::span<const uncertain_amount> amounts);

/// The items as seen from the other end: every value x becomes -x.
[[nodiscard]] lattice_items mirrored(const lattice_items& items);

/// Cumulants of the sum above its lowest, in steps, after tilting by u: log E exp(u S) and its
/// first three derivatives.
struct tilted_cumulants {
  double log_transform = 0;
  double mean = 0;
  double variance = 0;
  double third = 0;
};
[[nodiscard]] tilted_cumulants cumulants(const lattice_items& items, double u);

/// The u with tilted mean `target`, 0 < target < span.
[[nodiscard]] double tilt_to(const lattice_items& items, double target);

/// The items with masses tilted by u.
[[nodiscard]] lattice_items tilted(const lattice_items& items, double u);

}  // namespace salespulse
#endif
