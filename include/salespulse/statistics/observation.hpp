// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_OBSERVATION_HPP
#define SALESPULSE_STATISTICS_OBSERVATION_HPP

#include <cstdint>

namespace salespulse {

/// How long subjects were watched, and what ended it. Time runs in whole ticks of the caller's
/// clock (days), so that ties are ties. A subject is at risk on (entry, exit]: one censored on a
/// tick counts as at risk there, one that enters on a tick does not yet.
struct observation {
  std::int32_t entry = 0;  ///< watched from just after this tick; later than 0 for delayed entry
  std::int32_t exit = 0;   ///< the last tick watched, later than `entry`; 0 only with `entry` 0
  std::int32_t cause = 0;  ///< 0: censored at `exit`; 1, 2, ...: the kind of event there
  std::int64_t weight = 1; ///< how many subjects this row stands for; rows of weight 0 are ignored
};

}  // namespace salespulse
#endif
