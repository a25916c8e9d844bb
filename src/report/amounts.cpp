// SPDX-License-Identifier: BSL-1.0
#include "amounts.hpp"

#include <salespulse/core/share.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <tuple>

namespace salespulse {

namespace {

// Beyond any sum of amounts, and well inside 128 bits.
constexpr double largest_shown = 1e37;
// Remainders are compared on this grid.
constexpr double remainder_grid = 0x1.0p40;

wide floor_of(double x) noexcept {
  if (!(x < largest_shown)) x = largest_shown;
  if (!(x > -largest_shown)) x = -largest_shown;
  return static_cast<wide>(std::floor(x));
}

wide floor_divide(wide numerator, wide denominator) noexcept {
  const wide quotient = numerator / denominator;
  return numerator % denominator < 0 ? quotient - 1 : quotient;
}

// `parts` are rounded down; `remainders` say what is missing of each, on any grid. Whole parts are
// changed last, and 0 never where another can be.
void settle(std::vector<wide>& parts, const std::vector<std::int64_t>& remainders, wide total) {
  const wide left = total - std::accumulate(parts.begin(), parts.end(), wide{0});
  if (left == 0 || parts.empty()) return;
  std::vector<std::size_t> order(parts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto is_zero = [&](std::size_t i) { return parts[i] == 0 && remainders[i] == 0; };
  const auto size = static_cast<wide>(parts.size());
  if (left > 0 && left <= size) {
    std::sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) {
      return std::tuple(is_zero(i), -remainders[i], i) < std::tuple(is_zero(j), -remainders[j], j);
    });
    for (wide i = 0; i < left; ++i) ++parts[order[static_cast<std::size_t>(i)]];
  } else if (left < 0 && left >= -size) {
    std::sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) {
      return std::tuple(is_zero(i), remainders[i], i) < std::tuple(is_zero(j), remainders[j], j);
    });
    for (wide i = 0; i < -left; ++i) --parts[order[static_cast<std::size_t>(i)]];
  } else {
    // Amounts beyond 2^53 carry no remainders, and can miss their sum by more than the parts.
    const auto magnitude = [](wide x) { return x < 0 ? -x : x; };
    *std::max_element(parts.begin(), parts.end(),
                      [&](wide x, wide y) { return magnitude(x) < magnitude(y); }) += left;
  }
}

std::string digits_of(wide size) {
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(size % 10)));
    size /= 10;
  } while (size > 0);
  return digits;
}

}  // namespace

wide nearest(double x) noexcept { return floor_of(x + 0.5); }

wide nearest_units(wide amount_ppm, wide unit) noexcept {
  return floor_divide(2 * amount_ppm + full_share.ppm * unit, 2 * full_share.ppm * unit);
}

std::vector<wide> rounded_to_sum(std::span<const double> parts, wide total) {
  std::vector<wide> whole;
  std::vector<std::int64_t> remainders;
  for (const double part : parts) {
    whole.push_back(floor_of(part));
    remainders.push_back(static_cast<std::int64_t>((part - std::floor(part)) * remainder_grid));
  }
  settle(whole, remainders, total);
  return whole;
}

std::vector<wide> units_to_sum(std::span<const wide> amounts_ppm, wide unit, wide total) {
  const wide denominator = full_share.ppm * unit;
  std::vector<wide> whole;
  std::vector<std::int64_t> remainders;
  for (const wide amount : amounts_ppm) {
    whole.push_back(floor_divide(amount, denominator));
    remainders.push_back(static_cast<std::int64_t>(amount - whole.back() * denominator));
  }
  settle(whole, remainders, total);
  return whole;
}

wide power_of_ten(int exponent) noexcept {
  wide power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

std::string grouped(wide number) {
  std::string text = digits_of(number < 0 ? -number : number);
  for (std::size_t i = text.size(); i > 3;) text.insert(i -= 3, 1, ' ');
  return number < 0 ? '-' + text : text;
}

std::string as_decimal(wide minor, int exponent) {
  std::string text = digits_of(minor < 0 ? -minor : minor);
  const auto decimals = static_cast<std::size_t>(exponent);
  if (text.size() <= decimals) text.insert(0, decimals + 1 - text.size(), '0');
  if (decimals > 0) text.insert(text.size() - decimals, 1, '.');
  return minor < 0 ? '-' + text : text;
}

}  // namespace salespulse
