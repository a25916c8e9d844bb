// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/saddlepoint.hpp>

#include "gauss_quadrature.hpp"
#include "lattice_items.hpp"
#include "sums.hpp"
#include <salespulse/core/result.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace salespulse {

namespace {

double normal_density(double w) {
  return std::exp(-w * w / 2) * std::numbers::inv_sqrtpi / std::numbers::sqrt2;
}
double normal_upper_tail(double w) { return std::erfc(w / std::numbers::sqrt2) / 2; }

// Formula with K of `items` in lattice steps and K'(u) = target.
double lugannani_rice(const lattice_items& items, double u, double target) {
  const tilted_cumulants c = cumulants(items, u);
  const double v = u * std::sqrt(c.variance);
  const double half_w_squared = u * target - c.log_transform;
  if (half_w_squared > 0.005) {
    const double w = std::copysign(std::sqrt(2 * half_w_squared), u);
    return normal_upper_tail(w) + normal_density(w) * (1 / v - 1 / w);
  }
  // w^2 = 2 integral of s K''(s) over [0, u]; by parts w^2 = v^2 (1 - e) with
  // e = u / K''(u) times the integral of x^2 K'''(u x) over [0, 1], where nothing cancels. Then
  // 1 / v - 1 / w = -(e / v) / (r (1 + r)) with r = sqrt(1 - e).
  const quadrature_rule rule = gauss_legendre(32);
  running_sum integral;
  for (std::size_t k = 0; k < rule.nodes.size(); ++k) {
    const double x = rule.nodes[k];
    integral.add(rule.weights[k] * x * x * cumulants(items, u * x).third);
  }
  const double e_per_v = integral.value() / (c.variance * std::sqrt(c.variance));
  // All the spread is in what hardly ever happens: the limit is far outside 0 to 1.
  if (!(e_per_v * v < 1)) return integral.value() > 0 ? 0 : 1;
  const double r = std::sqrt(1 - e_per_v * v);
  const double w = v * r;
  return normal_upper_tail(w) - normal_density(w) * e_per_v / (r * (1 + r));
}

saddlepoint_tail tail_beyond(const prepared_items& prepared, double t) {
  if (!std::isfinite(t)) throw invalid_input("saddlepoint: t is not finite");
  saddlepoint_tail tail;
  tail.why = prepared.why;
  if (!tail.why.ok()) return tail;
  const lattice_items& items = prepared.items;
  const double target = (t - static_cast<double>(items.lowest)) / static_cast<double>(items.step);
  if (target >= static_cast<double>(items.span)) return tail;
  if (target <= 0) {
    double log_lowest = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
      log_lowest += std::log(items.item(i).front().mass);
    }
    tail.value = target < 0 ? 1 : -std::expm1(log_lowest);
    return tail;
  }
  const double u = tilt_to(items, target);
  tail.tilt = u / static_cast<double>(items.step);
  tail.value = std::clamp(lugannani_rice(items, u, target), 0.0, 1.0);
  return tail;
}

}  // namespace

saddlepoint_tail saddlepoint(std::span<const chance> chances, double t) {
  return tail_beyond(prepare_unlimited(chances), t);
}

saddlepoint_tail saddlepoint(std::span<const uncertain_amount> amounts, double t) {
  return tail_beyond(prepare_unlimited(amounts), t);
}

}  // namespace salespulse
