// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_VALUE_CONCENTRATION_DEFINITIONS_HPP
#define SALESPULSE_VALUE_CONCENTRATION_DEFINITIONS_HPP

#include <salespulse/value/concentration.hpp>

#include <algorithm>
#include <vector>

// See salespulse/definitions.hpp.
namespace salespulse {

namespace detail {

inline constexpr std::string_view concentration_names[] = {"sum of squared customer shares",
                                                           "1 / sum of squared customer shares",
                                                           "share of the largest customers"};

}  // namespace detail

concentration undefined_concentration(std::string_view reason, std::int64_t n, std::size_t k) {
  concentration c;
  c.k = k;
  c.hhi = undefined(detail::concentration_names[0], reason, n);
  c.effective_number = undefined(detail::concentration_names[1], reason, n);
  c.top_share = undefined(detail::concentration_names[2], reason, n);
  return c;
}

concentration concentration_of(std::span<const wide> amounts, std::size_t k) {
  constexpr auto& names = detail::concentration_names;
  std::vector<wide> sorted;
  for (const wide a : amounts) {
    if (a != 0) sorted.push_back(a);
  }
  std::sort(sorted.begin(), sorted.end(), [](wide a, wide b) { return a > b; });
  const auto n = static_cast<std::int64_t>(sorted.size());
  if (sorted.empty()) return undefined_concentration("there is no amount", n, k);
  if (sorted.back() < 0) {
    return undefined_concentration("an amount is negative, so shares mean nothing", n, k);
  }
  concentration c;
  c.k = k;
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
