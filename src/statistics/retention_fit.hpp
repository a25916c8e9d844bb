// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_STATISTICS_RETENTION_FIT_HPP
#define SALESPULSE_SRC_STATISTICS_RETENTION_FIT_HPP

#include <salespulse/statistics/retention_curve.hpp>
#include <salespulse/statistics/tenure.hpp>

namespace salespulse {

/// The fit that shifted_beta_geometric.hpp and beta_discrete_weibull.hpp promise: with `shaped` the
/// shape is free, without it is 1. The limits of the model are fitted beside it, each as a model of
/// its own; the best of all is the answer, the simpler one where they are equal.
[[nodiscard]] retention_curve fit_retention(const row_counts<tenure>& contracts, bool shaped);

}  // namespace salespulse
#endif
