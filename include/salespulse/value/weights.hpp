// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_VALUE_WEIGHTS_HPP
#define SALESPULSE_VALUE_WEIGHTS_HPP

#include <salespulse/core/result.hpp>
#include <salespulse/model/lifetime_kind.hpp>
#include <salespulse/tally/value_key.hpp>
#include <salespulse/value/bridge.hpp>
#include <salespulse/value/discount.hpp>
#include <salespulse/value/refusal.hpp>
#include <salespulse/value/snapshot.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace salespulse {

/// A linear function of the amounts of one flow.
struct amount_weights {
  double list = 0;
  double net = 0;
  double cost = 0;
};

/// What the amounts of one class are worth under one snapshot. Every figure of a line, and of any
/// sum of lines of the class, is linear in (list, net, cost) with these coefficients.
///
/// With w_k = growth^j_k * phi * d(t_k) * S(j_k) over the flows before the horizon, W = sum of w_k:
/// V = W * [net * (1 - e) - cost]. For the bridge see `weigh`; for the variance `renewal_risk`.
struct class_weights {
  refusal why = refusal::no_snapshot;
  provenance source = provenance::prior;
  double paid = 1;             ///< 1 - e
  double value = 0;            ///< W at the chosen horizon
  std::array<double, 3> at_usual{};  ///< W at `usual_horizons`
  double committed = 0;        ///< number of committed flows: booked = net * committed
  double committed_before = 0; ///< of which before the horizon
  double kept = 0;             ///< W with growth 1: numerator of the sustainability ratio
  double kept_whole = 0;       ///< sum of d(t_k) over the business kept whole: its denominator
  double quality = 0;          ///< phi * sum of d(t_k) over committed flows before the horizon
  double quality_whole = 0;    ///< the same without phi
  std::array<amount_weights, bridge_steps> bridge{};
  /// Variance of the sum over the flows of w_k with S taken as random, for a contribution of 1.
  double variance = 0;
  /// By renewal: sum of growth^j * phi * d(t_k) over its flows, and S. Empty if nothing renews.
  std::vector<double> by_renewal;
  std::vector<double> survival;
};

/// Snapshots bound to the families and segments of one book.
class valuation {
public:
  /// Fails with the reason where a parameter is outside its range or given twice. `by_epoch` may
  /// be empty: then every line is refused with `no_snapshot`. Names and kinds are by number, and
  /// are copied where needed.
  [[nodiscard]] static result<valuation> make(std::span<const snapshot> by_epoch,
                                              std::span<const std::string_view> families,
                                              std::span<const lifetime_kind> kinds,
                                              std::span<const std::string_view> segments);

  /// The coefficients of a class. Throws `invalid_input` where its terms make no schedule.
  [[nodiscard]] class_weights weigh(const value_class& c) const;

  /// The horizon of an epoch in days; 0 where there is no snapshot.
  [[nodiscard]] std::int32_t horizon(std::int32_t epoch = 0) const noexcept {
    const auto e = static_cast<std::size_t>(epoch);
    return e < bound_.size() ? bound_[e].horizon : 0;
  }

private:
  struct bound_retention {
    family_id family;
    retention_parameters parameters;
  };
  struct bound_payment {
    segment_id segment;
    payment_parameters parameters;
  };
  struct bound_snapshot {
    discount_curve discount;
    std::int32_t horizon;
    provenance source;
    std::vector<bound_retention> retention;
    std::vector<bound_payment> payment;
  };
  std::vector<bound_snapshot> bound_;
  std::vector<lifetime_kind> kinds_;
};

}  // namespace salespulse
#endif
