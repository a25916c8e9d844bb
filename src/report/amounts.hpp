// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_REPORT_AMOUNTS_HPP
#define SALESPULSE_REPORT_AMOUNTS_HPP

#include <salespulse/core/wide.hpp>

#include <span>
#include <string>
#include <vector>

namespace salespulse {

/// The nearest whole number; halves go up, so that x and x + 1 are rounded alike.
[[nodiscard]] wide nearest(double x) noexcept;

/// The nearest multiple of `unit` minor units, counted in units, of an amount in minor units * ppm.
[[nodiscard]] wide nearest_units(wide amount_ppm, wide unit) noexcept;

/// Rounds parts to whole numbers that sum to `total`, by largest remainder: each part stays within
/// one unit of its value where the total is the rounded sum or the difference of two rounded
/// numbers. Equal remainders go to the earlier part; what is exactly whole is changed last.
[[nodiscard]] std::vector<wide> rounded_to_sum(std::span<const double> parts, wide total);

/// The same for exact amounts in minor units * ppm, in units of `unit` minor units.
[[nodiscard]] std::vector<wide> units_to_sum(std::span<const wide> amounts_ppm, wide unit,
                                             wide total);

/// 10^exponent.
[[nodiscard]] wide power_of_ten(int exponent) noexcept;

/// Digits in groups of three: -1 234 567.
[[nodiscard]] std::string grouped(wide number);

/// A number of minor units as a decimal number: 1234.50 at exponent 2. Not grouped.
[[nodiscard]] std::string as_decimal(wide minor, int exponent);

}  // namespace salespulse
#endif
