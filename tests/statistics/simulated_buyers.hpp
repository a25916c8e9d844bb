// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_TESTS_STATISTICS_SIMULATED_BUYERS_HPP
#define SALESPULSE_TESTS_STATISTICS_SIMULATED_BUYERS_HPP

#include "support/reference.hpp"
#include <salespulse/core/random.hpp>
#include <salespulse/statistics/purchase_history.hpp>
#include <salespulse/statistics/row_counts.hpp>

#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

namespace salespulse::test {

inline double exponential_draw(random_stream& draw, double rate) {
  return -std::log1p(-draw.uniform()) / rate;
}

/// Marsaglia and Tsang (2000), A simple method for generating gamma variables, ACM TOMS 26:363-372.
inline double gamma_draw(random_stream& draw, double shape) {
  if (shape < 1) {
    const double larger = gamma_draw(draw, shape + 1);
    return larger * std::pow(1 - draw.uniform(), 1 / shape);
  }
  const double d = shape - 1.0 / 3;
  for (;;) {
    const double radius = std::sqrt(-2 * std::log(1 - draw.uniform()));
    const double z = radius * std::cos(2 * std::numbers::pi * draw.uniform());
    const double v = std::pow(1 + z / std::sqrt(9 * d), 3);
    const double u = 1 - draw.uniform();
    if (v > 0 && std::log(u) < z * z / 2 + d - d * v + d * std::log(v)) return d * v;
  }
}

/// A customer who buys at `rate` until he leaves at the time `leaves`, or with `stop` probability
/// after each repeat purchase (from the first purchase on where `at_once`), seen in ticks.
inline purchase_history simulated_buyer(random_stream& draw, double rate, double leaves,
                                        double stop, bool at_once, std::int32_t age,
                                        double ticks_per_unit) {
  purchase_history h{0, 0, age};
  if (at_once && draw.chance(stop)) return h;
  double time = 0;
  for (;;) {
    time += exponential_draw(draw, rate);
    const double tick = std::ceil(time * ticks_per_unit);
    if (time > leaves || tick > age) return h;
    ++h.repeats;
    h.recency = static_cast<std::int32_t>(std::fmax(tick, 1));
    if (draw.chance(stop)) return h;
  }
}

/// The summaries of 2 357 customers of CDNOW, with their clock; empty where they are not there.
struct cdnow {
  std::vector<purchase_history> rows;
  double ticks_per_unit;
};

inline cdnow cdnow_days() {
  const reference_table t("data/customer_base/cdnow_summary_exact_days.csv");
  cdnow data{{}, 7};
  for (std::size_t i = 0; i < t.rows(); ++i) {
    data.rows.push_back({static_cast<std::int32_t>(t.integer(i, "x")),
                         static_cast<std::int32_t>(t.integer(i, "tx_days")),
                         static_cast<std::int32_t>(t.integer(i, "T_days"))});
  }
  return data;
}

inline cdnow cdnow_weeks() {
  const reference_table t("data/customer_base/cdnow_summary_weeks_2_decimals.csv");
  cdnow data{{}, 100};
  const auto ticks = [](double weeks) {
    return static_cast<std::int32_t>(std::lround(100 * weeks));
  };
  for (std::size_t i = 0; i < t.rows(); ++i) {
    data.rows.push_back({static_cast<std::int32_t>(t.integer(i, "x")), ticks(t.number(i, "t_x")),
                         ticks(t.number(i, "T"))});
  }
  return data;
}

}  // namespace salespulse::test

#endif
