// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_SHRUNKEN_HPP
#define SALESPULSE_STATISTICS_SHRUNKEN_HPP

#include <salespulse/core/interval.hpp>
#include <salespulse/statistics/status.hpp>

#include <optional>

namespace salespulse {

/// What is believed of one unit when its own record and that of all units are weighed: the
/// posterior distribution of its rate or mean. Where the fit has no heterogeneity every unit gets
/// the pooled value, with standard deviation 0 and no range: how sure the pooled value itself is
/// stands in the fit. Without `mean` the status says why.
struct shrunken {
  status why;
  std::optional<double> mean;
  double deviation = 0;           ///< standard deviation of the posterior
  double own_weight = 0;          ///< mean = own_weight * own record + (1 - own_weight) * pool
  std::optional<interval> range;  ///< equal tails
};

}  // namespace salespulse
#endif
