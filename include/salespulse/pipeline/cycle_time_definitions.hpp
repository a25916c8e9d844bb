// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_PIPELINE_CYCLE_TIME_DEFINITIONS_HPP
#define SALESPULSE_PIPELINE_CYCLE_TIME_DEFINITIONS_HPP

#include <salespulse/core/date.hpp>
#include <salespulse/core/wide.hpp>
#include <salespulse/pipeline/cycle_time.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>

// See salespulse/definitions.hpp.
namespace salespulse {

cycle_time cycle_time_of(std::span<const std::int64_t> cycles, std::string_view definition,
                         confidence c) {
  cycle_time out;
  const std::size_t n = cycles.size();
  const auto cases = static_cast<double>(n);
  constexpr auto day = static_cast<double>(seconds_per_day);
  if (n == 0) {
    out.mean = out.median = undefined(definition, "no deal is closed");
    return out;
  }
  const auto days = [&](std::size_t i) { return static_cast<double>(cycles[i]) / day; };
  out.shortest = days(0);
  out.longest = days(n - 1);
  out.negative = std::lower_bound(cycles.begin(), cycles.end(), std::int64_t{0}) - cycles.begin();

  wide sum = 0;
  for (const std::int64_t s : cycles) sum += s;
  out.mean.value = to_double(sum) / day / cases;
  out.mean.n = out.median.n = static_cast<std::int64_t>(n);
  out.mean.source = out.median.source = provenance::estimated;
  out.mean.definition = out.median.definition = definition;
  if (n >= 2) {
    double squares = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const double apart = days(i) - *out.mean.value;
      squares += apart * apart;
    }
    const double half = c.z * std::sqrt(squares / (cases - 1) / cases);
    out.mean.range = interval{*out.mean.value - half, *out.mean.value + half, c.level};
  }

  out.median.value = n % 2 == 1
                         ? days(n / 2)
                         : to_double(static_cast<wide>(cycles[n / 2 - 1]) + cycles[n / 2]) / day / 2;
  // The number below the median is binomial(n, 1/2): the ranks that its normal approximation gives.
  const double reach = c.z * std::sqrt(cases) / 2;
  const double low = std::floor(cases / 2 - reach);
  if (low >= 1) {
    const auto rank = static_cast<std::size_t>(low);
    out.median.range = interval{days(rank - 1), days(n - rank), c.level};
  }
  return out;
}

}  // namespace salespulse
#endif
