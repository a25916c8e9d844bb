// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_RISK_GAP_HPP
#define SALESPULSE_STATISTICS_RISK_GAP_HPP

#include <cstdint>

namespace salespulse {

/// Ticks on which nobody was watched although somebody had been before and would be again.
struct risk_gap {
  std::int32_t first;  ///< first tick with nobody at risk
  std::int32_t last;   ///< last such tick; the next subjects are at risk from `last` + 1
};

}  // namespace salespulse
#endif
