// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_VALUE_SNAPSHOT_HPP
#define SALESPULSE_VALUE_SNAPSHOT_HPP

#include <salespulse/core/interval.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace salespulse {

/// Retention of the contracts of one product family and term: shifted beta-geometric survival.
struct retention_parameters {
  std::string family = {};
  std::int32_t term_months = 12;
  double alpha = 1;   ///< positive; alpha / (alpha + beta) is the churn at the first renewal
  double beta = 1;    ///< positive
  double growth = 1;  ///< factor on price and cost at each renewal; positive
};

/// How customers of one segment pay.
struct payment_parameters {
  std::string segment = {};  ///< empty: customers whose segment is unknown
  double credit_loss = 0;        ///< e: share of what is billed that is never paid, 0 to 1
  double payment_factor = 1;     ///< phi: discount for paying later than due, above 0
  double mean_delay_days = 0;    ///< tau: printed beside phi, enters nothing
};

/// The parameters theta that every value rests on. Data, not code: fitted elsewhere or stated by
/// somebody as a prior, and then marked so in every figure. A family, term or segment that is not
/// listed has no value; nothing is assumed for it.
struct snapshot {
  std::string name = {};
  provenance source = provenance::prior;
  double yearly_rate = 0.10;          ///< r, above -1
  std::int32_t horizon_days = 1095;   ///< H, from each deal's own close
  std::vector<retention_parameters> retention = {};
  std::vector<payment_parameters> payment = {};
};

/// A number that changes with any parameter: figures carry it, so that another machine can tell
/// whether it values under the same snapshot. FNV-1a over names, numbers and their order.
[[nodiscard]] std::uint64_t fingerprint(const snapshot& s) noexcept;

/// Horizons that are always shown beside the chosen one.
inline constexpr std::int32_t usual_horizons[] = {365, 1095, 1825};

}  // namespace salespulse
#endif
