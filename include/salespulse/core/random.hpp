// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_CORE_RANDOM_HPP
#define SALESPULSE_CORE_RANDOM_HPP

#include <cstdint>

namespace salespulse {

/// Counter-based random bits: draw number n of a stream is a pure function of (seed, stream, n),
/// so draws can be made in any order, on any thread, and again. A stream is an id of the thing
/// that the draws belong to.
///
/// Each draw mixes the Weyl sequence of the key with the 64-bit finaliser of SplitMix64. Steele,
/// Lea and Flood (2014), Fast splittable pseudorandom number generators, OOPSLA.
class random_stream {
public:
  constexpr random_stream(std::uint64_t seed, std::uint64_t stream) noexcept
      : key_(mix(mix(seed + weyl) ^ mix(stream * weyl + 1))) {}

  /// 64 random bits: the next draw.
  constexpr std::uint64_t bits() noexcept { return mix(key_ + weyl * ++count_); }

  /// Uniform in [0, 1) on the grid of 2^-53.
  constexpr double uniform() noexcept {
    return static_cast<double>(bits() >> 11) * 0x1.0p-53;
  }

  /// Uniform in 0, ..., n - 1 by multiply and shift; the bias is below n * 2^-32. n is positive.
  constexpr std::uint32_t below(std::uint32_t n) noexcept {
    return static_cast<std::uint32_t>(((bits() >> 32) * n) >> 32);
  }

  constexpr bool chance(double probability) noexcept { return uniform() < probability; }

private:
  static constexpr std::uint64_t weyl = 0x9E3779B97F4A7C15U;

  static constexpr std::uint64_t mix(std::uint64_t z) noexcept {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
  }

  std::uint64_t key_;
  std::uint64_t count_ = 0;
};

}  // namespace salespulse
#endif
