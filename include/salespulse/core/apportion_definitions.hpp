// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_CORE_APPORTION_DEFINITIONS_HPP
#define SALESPULSE_CORE_APPORTION_DEFINITIONS_HPP

#include <salespulse/core/apportion.hpp>
#include <salespulse/core/wide.hpp>

#include <cstddef>

// See salespulse/definitions.hpp.
namespace salespulse {

std::vector<std::int64_t> apportion(std::int64_t total,
                                    std::span<const std::int64_t> weights) {
  std::vector<std::int64_t> parts(weights.size(), 0);
  std::vector<wide> remainders(weights.size(), 0);
  wide whole = 0;
  for (const std::int64_t w : weights) whole += w;
  if (whole == 0) return parts;
  const std::int64_t sign = total < 0 ? -1 : 1;
  wide left = static_cast<wide>(total) * sign;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const wide exact = static_cast<wide>(total) * sign * weights[i];
    parts[i] = static_cast<std::int64_t>(exact / whole * sign);
    remainders[i] = exact % whole;
    left -= exact / whole;
  }
  for (; left > 0; --left) {
    std::size_t largest = 0;
    for (std::size_t i = 1; i < weights.size(); ++i) {
      if (remainders[i] > remainders[largest]) largest = i;
    }
    parts[largest] += sign;
    remainders[largest] = -1;
  }
  return parts;
}

}  // namespace salespulse
#endif
