// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_STATISTICS_EXACT_SUM_HPP
#define SALESPULSE_SRC_STATISTICS_EXACT_SUM_HPP

#include <salespulse/core/wide.hpp>

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace salespulse {

/// The sum of doubles without any rounding: a fixed-point number that holds every bit from the
/// smallest double to 2^63 times the largest. The order of the terms does not matter and nothing
/// overflows. About three times the cost of a compensated sum. Terms are finite.
///
/// Neal (2015), Fast exact summation using small and large superaccumulators, arXiv:1505.05571.
class exact_sum {
public:
  void add(double x) noexcept { add(x, 1); }

  /// Adds x `weight` times; the weight is not negative.
  void add(double x, std::int64_t weight) noexcept {
    if (x == 0 || weight == 0) return;
    const auto bits = std::bit_cast<std::uint64_t>(x);
    const auto field = static_cast<unsigned>(bits >> 52) & 0x7FFU;
    std::uint64_t mantissa = bits & ((std::uint64_t{1} << 52) - 1);
    if (field != 0) mantissa |= std::uint64_t{1} << 52;
    const unsigned place = field == 0 ? 0 : field - 1;
    const bool negative = (bits >> 63) != 0;
    if (weight == 1) {
      put_mantissa(mantissa, place, negative);
      return;
    }
    // In two halves, so that mantissa, weight and shift fit into 128 bits.
    const auto w = static_cast<std::uint64_t>(weight);
    put(static_cast<unsigned_wide>(mantissa) * (w & low_bits), place, negative);
    if (w > low_bits) {
      put(static_cast<unsigned_wide>(mantissa) * (w >> limb_bits), place + limb_bits, negative);
    }
  }

  /// Adds a times b, `weight` times. Exact where |a b| is within 2^-900 and 2^1000.
  void add_product(double a, double b, std::int64_t weight = 1) noexcept {
    const double product = a * b;
    add(product, weight);
    add(std::fma(a, b, -product), weight);
  }

  /// The nearest double; infinite where the sum is beyond all doubles.
  [[nodiscard]] double value() noexcept { return over(1); }

  /// The sum divided by n, which is positive and below 2^53.
  [[nodiscard]] double over(std::int64_t n) noexcept {
    const parts p = split();
    const auto divisor = static_cast<double>(n);
    const double quotient = p.high / divisor;
    const double rest = std::fma(-quotient, divisor, p.high) + p.low;
    return std::ldexp(quotient + rest / divisor, p.exponent);
  }

private:
  __extension__ typedef unsigned __int128 unsigned_wide;
  static constexpr unsigned limb_bits = 32;
  static constexpr std::uint64_t low_bits = 0xFFFFFFFFU;
  static constexpr std::size_t limbs = 74;

  // The sum is (high + low) 2^exponent.
  struct parts {
    double high;
    double low;
    int exponent;
  };

  // 53 bits moved by up to 31 touch three limbs.
  void put_mantissa(std::uint64_t mantissa, unsigned place, bool negative) noexcept {
    const unsigned_wide chunk = static_cast<unsigned_wide>(mantissa) << (place % limb_bits);
    const auto low = static_cast<std::uint64_t>(chunk);
    const auto high = static_cast<std::int64_t>(static_cast<std::uint64_t>(chunk >> 64));
    const std::int64_t sign = negative ? -1 : 1;
    std::int64_t* const limb = limb_.data() + place / limb_bits;
    limb[0] += sign * static_cast<std::int64_t>(low & low_bits);
    limb[1] += sign * static_cast<std::int64_t>(low >> limb_bits);
    limb[2] += sign * high;
    if (++pending_ == carry_after) carry();
  }

  void put(unsigned_wide chunk, unsigned place, bool negative) noexcept {
    std::size_t i = place / limb_bits;
    chunk <<= place % limb_bits;
    for (; chunk != 0; chunk >>= limb_bits, ++i) {
      const auto piece = static_cast<std::int64_t>(static_cast<std::uint64_t>(chunk) & low_bits);
      limb_[i] += negative ? -piece : piece;
    }
    if (++pending_ == carry_after) carry();
  }

  // Afterwards every limb but the last is within [0, 2^32).
  void carry() noexcept {
    for (std::size_t i = 0; i + 1 < limbs; ++i) {
      const std::int64_t over_flow = limb_[i] >> limb_bits;
      limb_[i] -= over_flow * (std::int64_t{1} << limb_bits);
      limb_[i + 1] += over_flow;
    }
    pending_ = 0;
  }

  parts split() noexcept {
    carry();
    exact_sum size = *this;
    const bool negative = limb_[limbs - 1] < 0;
    if (negative) {
      for (std::int64_t& l : size.limb_) l = -l;
      size.carry();
    }
    std::size_t top = limbs;
    while (top > 0 && size.limb_[top - 1] == 0) --top;
    if (top == 0) return {0, 0, 0};
    // The four highest limbs, at least 97 bits; what lies below counts as one last bit.
    unsigned_wide head = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      head <<= limb_bits;
      if (top > i) head |= static_cast<std::uint64_t>(size.limb_[top - 1 - i]);
    }
    bool rest = (head & 1) != 0;
    for (std::size_t i = 0; i + 4 < top; ++i) rest = rest || size.limb_[i] != 0;
    const auto shifted = static_cast<wide>((head >> 1) | (rest ? 1U : 0U));
    const double high = to_double(shifted);
    const double low = to_double(shifted - static_cast<wide>(high));
    const int exponent = (static_cast<int>(top) - 4) * static_cast<int>(limb_bits) + 1 - 1074;
    return negative ? parts{-high, -low, exponent} : parts{high, low, exponent};
  }

  static constexpr std::uint32_t carry_after = std::uint32_t{1} << 29;
  std::array<std::int64_t, limbs> limb_{};
  std::uint32_t pending_ = 0;
};

}  // namespace salespulse
#endif
