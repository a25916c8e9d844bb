// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_CORE_WIDE_HPP
#define SALESPULSE_CORE_WIDE_HPP

#include <cstdint>

// Results are promised to the last bit, which the compiler may not keep under these flags.
#if defined(__FAST_MATH__)
#error "salespulse gives exact and reproducible figures; compile it without -ffast-math"
#endif

namespace salespulse {

/// Sums over rows are kept in 128 bits: 2^63 rows of the largest 64-bit amount still fit, so no
/// order of addition can overflow and every order gives the same bits.
__extension__ typedef __int128 wide;

/// Nearest double, ties to even.
[[nodiscard]] constexpr double to_double(wide value) noexcept { return static_cast<double>(value); }

/// Whether `value` can be stored in 64 bits.
[[nodiscard]] constexpr bool fits_int64(wide value) noexcept {
  return value >= INT64_MIN && value <= INT64_MAX;
}

/// numerator / denominator rounded half to even; `denominator` is positive.
[[nodiscard]] constexpr wide divide_half_even(wide numerator, wide denominator) noexcept {
  wide quotient = numerator / denominator;
  wide remainder = numerator % denominator;
  if (remainder < 0) {
    remainder += denominator;
    --quotient;
  }
  const wide complement = denominator - remainder;
  if (remainder > complement || (remainder == complement && (quotient & 1) != 0)) ++quotient;
  return quotient;
}

}  // namespace salespulse
#endif
