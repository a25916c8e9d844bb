// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_PIPELINE_WIN_RATE_DEFINITIONS_HPP
#define SALESPULSE_PIPELINE_WIN_RATE_DEFINITIONS_HPP

#include <salespulse/pipeline/win_rate.hpp>

#include <algorithm>
#include <cmath>

// See salespulse/definitions.hpp.
namespace salespulse {

estimate win_rate(const deal_counts& counts, win_denominator denominator, confidence c) {
  const bool closed = denominator == win_denominator::closed;
  const std::string_view definition =
      closed ? "deals won / deals won or lost" : "deals won / deals won, lost or open";
  const std::int64_t n = counts.won + counts.lost + (closed ? 0 : counts.open);
  if (n == 0) {
    return undefined(definition, closed ? "no deal is closed" : "there is no deal");
  }
  estimate e;
  e.value = static_cast<double>(counts.won) / static_cast<double>(n);
  e.range = wilson_interval(counts.won, n, c);
  e.n = n;
  e.source = provenance::estimated;
  e.definition = definition;
  return e;
}

estimate win_rate_by_value(const deal_counts& counts, confidence c) {
  constexpr std::string_view definition = "amount won / amount won or lost";
  const std::int64_t n = counts.won + counts.lost;
  if (n == 0) return undefined(definition, "no deal is closed");
  if (counts.won_with_amount != counts.won || counts.lost_with_amount != counts.lost) {
    return undefined(definition, "the amount of a closed deal is not known", n);
  }
  if (counts.negative_amounts > 0) {
    return undefined(definition, "the amount of a closed deal is negative", n);
  }
  const double total = to_double(counts.won_amount + counts.lost_amount);
  if (!(total > 0)) return undefined(definition, "the closed deals have no positive amount", n);
  const double rate = to_double(counts.won_amount) / total;
  const double variance = ((1 - rate) * (1 - rate) * counts.won_squares +
                           rate * rate * counts.lost_squares) /
                          (total * total);
  const double half = c.z * std::sqrt(variance);
  estimate e;
  e.value = rate;
  if (counts.won > 0 && counts.lost > 0) {
    e.range = interval{std::max(0.0, rate - half), std::min(1.0, rate + half), c.level};
  }
  e.n = n;
  e.source = provenance::estimated;
  e.definition = definition;
  return e;
}

}  // namespace salespulse
#endif
