// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_VALUE_CONCENTRATION_DEFINITIONS_HPP
#define SALESPULSE_VALUE_CONCENTRATION_DEFINITIONS_HPP

#include <salespulse/value/concentration.hpp>

#include <algorithm>
#include <vector>

// See salespulse/definitions.hpp.
namespace salespulse {

concentration concentration_of(std::span<const wide> amounts, std::size_t k) {
  constexpr std::string_view names[] = {"sum of squared customer shares",
                                        "1 / sum of squared customer shares",
                                        "share of the largest customers"};
  std::vector<wide> sorted;
  for (const wide a : amounts) {
    if (a != 0) sorted.push_back(a);
  }
  std::sort(sorted.begin(), sorted.end(), [](wide a, wide b) { return a > b; });
  const auto n = static_cast<std::int64_t>(sorted.size());
  concentration c;
  c.k = k;
  if (sorted.empty() || sorted.back() < 0) {
    const std::string_view why =
        sorted.empty() ? "there is no amount" : "an amount is negative, so shares mean nothing";
    c.hhi = undefined(names[0], why, n);
    c.effective_number = undefined(names[1], why, n);
    c.top_share = undefined(names[2], why, n);
    return c;
  }
  wide total = 0;
  wide top = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    total += sorted[i];
    if (i < k) top += sorted[i];
  }
  double squares = 0;
  for (std::size_t i = sorted.size(); i-- > 0;) {  // small ones first
    const double share = to_double(sorted[i]) / to_double(total);
    squares += share * share;
  }
  c.hhi.value = squares;
  c.effective_number.value = 1 / squares;
  c.top_share.value = to_double(top) / to_double(total);
  for (const auto& [figure, name] : {std::pair{&c.hhi, names[0]},
                                     std::pair{&c.effective_number, names[1]},
                                     std::pair{&c.top_share, names[2]}}) {
    figure->n = n;
    figure->definition = name;
  }
  return c;
}

}  // namespace salespulse
#endif
