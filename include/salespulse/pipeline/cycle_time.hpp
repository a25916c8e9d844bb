// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_PIPELINE_CYCLE_TIME_HPP
#define SALESPULSE_PIPELINE_CYCLE_TIME_HPP

#include <salespulse/core/interval.hpp>
#include <salespulse/statistics/rate.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace salespulse {

/// How long deals took from opening to close, in days. Only closed deals: those still open may take
/// longer, so these figures are of what has closed and no forecast.
struct cycle_time {
  estimate mean;    ///< with the normal interval of a mean; none below two deals
  estimate median;  ///< with the interval of order statistics that holds it with the level
  double shortest = 0;
  double longest = 0;
  std::int64_t negative = 0;  ///< closed before they were opened: an error in the data, included
};

/// Cycle times of a group, from its cycles in seconds, ascending. `definition` says whose.
[[nodiscard]] cycle_time cycle_time_of(std::span<const std::int64_t> cycles,
                                       std::string_view definition, confidence c = confidence_80);

}  // namespace salespulse
#endif
