// SPDX-License-Identifier: BSL-1.0
#include "retention_fit.hpp"
#include <salespulse/statistics/beta_discrete_weibull.hpp>

namespace salespulse {

retention_curve fit_beta_discrete_weibull(const row_counts<tenure>& contracts) {
  return fit_retention(contracts, true);
}

}  // namespace salespulse
