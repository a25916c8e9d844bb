// SPDX-License-Identifier: BSL-1.0
#ifndef SIMULATOR_DRAWS_HPP
#define SIMULATOR_DRAWS_HPP

#include <salespulse/core/random.hpp>

#include <cstdint>

namespace salespulse::simulator {

// Files must have the same bytes on every machine, but exp and log of the standard library differ
// in their last bits from one to the next. These two are a few multiplications and additions,
// which every machine rounds alike as long as the compiler does not fuse them.

/// e^x for -700 < x < 700; relative error below 1e-15.
[[nodiscard]] double exp_of(double x) noexcept;

/// Natural logarithm of a positive normal number; absolute error below 1e-14.
[[nodiscard]] double log_of(double x) noexcept;

/// The probability whose log-odds are x.
[[nodiscard]] inline double probability_of(double x) noexcept { return 1 / (1 + exp_of(-x)); }

/// Mean 0, standard deviation 1: the sum of twelve uniform numbers less six. Bell-shaped with
/// tails cut at six, which is enough for a simulation of sales; integers until the last step.
[[nodiscard]] inline double normal(random_stream& r) noexcept {
  std::int32_t sum = 0;
  for (int draw = 0; draw < 3; ++draw) {
    std::uint64_t bits = r.bits();
    for (int part = 0; part < 4; ++part, bits >>= 16) sum += static_cast<int>(bits & 0xFFFF);
  }
  return static_cast<double>(2 * sum - 12 * 0xFFFF) * 0x1.0p-17;
}

/// One of `low`, ..., `high`, equally likely.
[[nodiscard]] inline std::int32_t between(random_stream& r, std::int32_t low,
                                          std::int32_t high) noexcept {
  return low + static_cast<std::int32_t>(r.below(static_cast<std::uint32_t>(high - low + 1)));
}

/// Index of one of several weights, drawn in proportion to them. `total` is their sum.
template <class Weights>
[[nodiscard]] std::uint32_t pick(random_stream& r, const Weights& weights, double total) noexcept {
  double left = r.uniform() * total;
  std::uint32_t i = 0;
  for (const double w : weights) {
    left -= w;
    if (left < 0) break;
    ++i;
  }
  const auto last = static_cast<std::uint32_t>(weights.size() - 1);
  return i < last ? i : last;
}

/// Nearest whole number; x is not negative.
[[nodiscard]] inline std::int64_t rounded(double x) noexcept {
  return static_cast<std::int64_t>(x + 0.5);
}

}  // namespace salespulse::simulator
#endif
