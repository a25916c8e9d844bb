// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_STATISTICS_CONVOLUTION_HPP
#define SALESPULSE_SRC_STATISTICS_CONVOLUTION_HPP

#include "lattice_items.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace salespulse {

/// Masses on consecutive lattice points; those before and after are 0 or below 1e-290.
struct mass_band {
  std::int64_t first = 0;
  std::vector<double> masses{1.0};
};

/// About how many multiply-adds `convolve_directly` needs.
[[nodiscard]] double direct_operations(const lattice_items& items);

/// Item by item; relative accuracy. Masses below 1e-290 become 0 on the way: what they would have
/// added later stays below that times items and points.
[[nodiscard]] mass_band convolve_directly(const lattice_items& items);

/// In blocks that are merged by Fourier transform; absolute accuracy.
[[nodiscard]] mass_band convolve_by_transform(const lattice_items& items);

/// One or the other.
[[nodiscard]] mass_band convolve(const lattice_items& items, const sum_options& options);

/// Two sequences; directly where that is quick, or where `directly` says so. Else rounding leaves
/// small numbers of either sign where the masses are small; they cancel in later convolutions, and
/// would add up if they were cut off before the last.
[[nodiscard]] std::vector<double> convolve(std::span<const double> a, std::span<const double> b,
                                           bool directly);
/// Cuts them off, and what is negligible.
void drop_negatives(std::vector<double>& masses);

}  // namespace salespulse
#endif
