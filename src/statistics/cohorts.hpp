// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_STATISTICS_COHORTS_HPP
#define SALESPULSE_SRC_STATISTICS_COHORTS_HPP

#include <salespulse/statistics/retention_curve.hpp>
#include <salespulse/statistics/tenure.hpp>

#include "trust_region.hpp"

#include <Eigen/Core>

#include <cstdint>
#include <vector>

namespace salespulse {

/// All contracts seen to go from one number of renewals to a later one, or to leave on the way.
struct retention_piece {
  std::int32_t from = 0;
  std::int32_t to = 0;
  std::int64_t kept = 0;
  std::int64_t lost = 0;
  friend constexpr bool operator==(const retention_piece&, const retention_piece&) = default;
};

/// Tenures cut at every number of renewals that occurs in them. S(j) / S(entered) is a product over
/// the pieces between and only the piece in which a contract left needs a term of its own, so the
/// likelihood has as many terms as there are pieces, however many rows there were. Sorted by (from,
/// to). `why` is not ok where a row is bad (`where`: its entry).
struct retention_pieces {
  status why;
  std::vector<retention_piece> pieces;
};
[[nodiscard]] retention_pieces pieces_of(const row_counts<tenure>& contracts);

/// Log probability to come from `from` renewals to `to` (whole or not, from < to), given that
/// `from` were survived, with derivatives in the law's own parameters, in this order: beta: alpha,
/// beta, shape; one_rate: -log(1 - churn), shape; power_tail: -log(1 - churn), power, and `first`,
/// in which there are no derivatives. The Hessian stays 0 where it is not asked for.
[[nodiscard]] evaluation<3> log_kept(retention_law law, const Eigen::Vector3d& parameters,
                                     double from, double to, bool with_hessian);

}  // namespace salespulse
#endif
