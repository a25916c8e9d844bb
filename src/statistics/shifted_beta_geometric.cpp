// SPDX-License-Identifier: BSL-1.0
#include "retention_fit.hpp"
#include <salespulse/statistics/shifted_beta_geometric.hpp>

namespace salespulse {

retention_curve fit_shifted_beta_geometric(const row_counts<tenure>& contracts) {
  return fit_retention(contracts, false);
}

}  // namespace salespulse
