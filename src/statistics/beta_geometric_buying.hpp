// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_STATISTICS_BETA_GEOMETRIC_BUYING_HPP
#define SALESPULSE_SRC_STATISTICS_BETA_GEOMETRIC_BUYING_HPP

#include "customer_base.hpp"
#include <salespulse/statistics/purchase_history.hpp>

#include <array>
#include <cstdint>
#include <optional>

namespace salespulse {

/// Repeat buying at a gamma distributed rate (r, alpha), stopped after a purchase with a beta
/// distributed probability (a, b): the body of BG/NBD, where the first chance to stop comes after
/// the first repeat purchase, and of MBG/NBD, where it comes after the first purchase of all.
struct beta_geometric_buying {
  double r, alpha, a, b;
  bool may_stop_at_once;  ///< MBG/NBD

  /// A concentration that leaves p the same for all, and one that leaves nothing between 0 and 1.
  static constexpr double no_spread = 1e18;
  static constexpr double all_or_nothing = 1e-200;
};

void require_parameters(const beta_geometric_buying& m);
[[nodiscard]] double log_likelihood(const beta_geometric_buying& m, const buying_history& h);
[[nodiscard]] double log_probability_alive(const beta_geometric_buying& m, const buying_history& h);
[[nodiscard]] double expected_purchases(const beta_geometric_buying& m, double time);
[[nodiscard]] double purchase_probability(const beta_geometric_buying& m, std::int64_t count,
                                          double time);
[[nodiscard]] double further_purchases(const beta_geometric_buying& m, const buying_history& h,
                                       double ahead);
[[nodiscard]] double discounted_purchases(const beta_geometric_buying& m, const buying_history& h,
                                          double rate);

/// Expected purchases within `ahead` of a customer who is alive now, after x purchases until `age`.
[[nodiscard]] double further_if_alive(const beta_geometric_buying& m, std::int64_t x, double age,
                                      double ahead);
/// The same of all that is to come, discounted.
[[nodiscard]] double discounted_if_alive(const beta_geometric_buying& m, std::int64_t x, double age,
                                         double rate);

struct beta_geometric_fit {
  status why;
  std::optional<std::array<double, 4>> parameters;  ///< r, alpha, a, b
  std::array<std::array<double, 4>, 4> covariance{};
  double log_likelihood = 0;
  std::int64_t customers = 0;
  int iterations = 0;
};
[[nodiscard]] beta_geometric_fit fit_beta_geometric(const row_counts<purchase_history>& customers,
                                                    const repeat_buying_options& options,
                                                    bool may_stop_at_once);

}  // namespace salespulse
#endif
