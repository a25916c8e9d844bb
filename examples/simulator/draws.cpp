// SPDX-License-Identifier: BSL-1.0
#include "draws.hpp"

#include <bit>

namespace salespulse::simulator {

namespace {
constexpr double ln2 = 0.693147180559945309417;
}

double exp_of(double x) noexcept {
  // x = k ln 2 + rest with |rest| <= ln 2 / 2; then e^x = 2^k e^rest.
  const double scaled = x / ln2;
  const auto k = static_cast<std::int64_t>(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
  const double rest = x - static_cast<double>(k) * ln2;
  double sum = 1;
  for (int n = 14; n >= 1; --n) sum = 1 + sum * rest / n;
  return sum * std::bit_cast<double>(static_cast<std::uint64_t>(1023 + k) << 52);
}

double log_of(double x) noexcept {
  // x = 2^k m with 1 <= m < 2; ln m = 2 (s + s^3/3 + s^5/5 + ...) with s = (m - 1) / (m + 1).
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const auto k = static_cast<std::int64_t>(bits >> 52) - 1023;
  const double m = std::bit_cast<double>((bits & 0xFFFFFFFFFFFFFU) | (std::uint64_t{1023} << 52));
  const double s = (m - 1) / (m + 1);
  double sum = 0;
  for (int n = 33; n >= 1; n -= 2) sum = sum * s * s + 1.0 / n;
  return static_cast<double>(k) * ln2 + 2 * s * sum;
}

}  // namespace salespulse::simulator
