// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_STATISTICS_MODEL_EDGES_HPP
#define SALESPULSE_SRC_STATISTICS_MODEL_EDGES_HPP

#include "customer_base.hpp"
#include "trust_region.hpp"
#include <salespulse/statistics/status.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace salespulse {

/// One of the models that a model contains: `fixed` coordinates stay where `start` has them, which
/// may be outside the box of the search.
struct model_edge {
  status why;
  std::array<bool, 4> fixed{};
  point4 start = point4::Zero();
  bool own_start = false;  ///< the free coordinates too start from `start`

  [[nodiscard]] int free() const {
    int n = 0;
    for (const bool f : fixed) n += f ? 0 : 1;
    return n;
  }
};

struct edge_maximum {
  status why;
  status search;  ///< of the search along this edge
  std::size_t edge = 0;
  point4 at = point4::Zero();
  double value = 0;
  matrix4 covariance = matrix4::Zero();
  int iterations = 0;  ///< of all searches
};

/// Maximises over the first edge, which is the model itself, and where that runs away, over the
/// others, from each of the starts; the simplest one wins that no other beats by more than
/// rounding. evaluate(edge, point) gives the likelihood with all derivatives.
template <class Evaluate>
[[nodiscard]] edge_maximum maximum_over_edges(const Evaluate& evaluate,
                                              std::span<const model_edge> edges,
                                              std::span<const point4> starts,
                                              const scaled_base& base, int max_iterations) {
  constexpr double far = 12;  // of a coordinate: looks like a limit
  trust_region_options options;
  options.max_iterations = max_iterations;
  options.lowest = -20;  // where a limit is seen well above the rounding of the likelihood
  options.highest = 20;
  // Positive and negative terms may cancel in the likelihood; less this, its size tells its
  // rounding.
  const double offset = base.magnitude;
  options.upper_bound = base.upper_bound - offset + 1e-9 * (1 + offset);
  int iterations = 0;
  const auto on_edge = [&](std::size_t i, const point4& from) {
    const auto placed = [&](point4 at, bool inside) {
      for (Eigen::Index k = 0; k < 4; ++k) {
        if (edges[i].fixed[static_cast<std::size_t>(k)]) at[k] = inside ? 0 : edges[i].start[k];
      }
      return at;
    };
    const auto held = [&](const point4& at) {
      evaluation<4> e = evaluate(i, placed(at, false));
      e.value -= offset;
      const double scale = 1 + e.hessian.cwiseAbs().maxCoeff();
      for (Eigen::Index k = 0; k < 4; ++k) {
        if (!edges[i].fixed[static_cast<std::size_t>(k)]) continue;
        e.gradient[k] = 0;
        e.hessian.row(k).setZero();
        e.hessian.col(k).setZero();
        e.hessian(k, k) = -scale;
      }
      return e;
    };
    const maximum<4> m = maximise<4>(held, placed(from, true), options);
    iterations += m.iterations;
    edge_maximum r{m.why.ok() ? edges[i].why : m.why, m.why, i, placed(m.at, false),
                   m.there.finite() ? m.there.value : -std::numeric_limits<double>::infinity()};
    if (!m.there.finite()) return r;
    r.covariance = covariance_of<4>(m.there);
    for (Eigen::Index k = 0; k < 4; ++k) {
      if (!edges[i].fixed[static_cast<std::size_t>(k)]) continue;
      r.covariance.row(k).setZero();
      r.covariance.col(k).setZero();
    }
    return r;
  };
  edge_maximum best = on_edge(0, edges[0].start);
  const bool found = best.search.ok();
  const bool inside = found && best.at.cwiseAbs().maxCoeff() < far;
  if (!inside && best.why.what != condition::unbounded_likelihood) {
    std::vector<edge_maximum> settled;
    double top = best.value;
    if (found) settled.push_back(best);
    for (std::size_t i = 1; i < edges.size(); ++i) {
      for (const point4& start : starts) {
        point4 from = start;
        if (edges[i].own_start) from = edges[i].start;
        settled.push_back(on_edge(i, from));
        if (!settled.back().search.ok()) {
          settled.pop_back();
          continue;
        }
        top = std::max(top, settled.back().value);
        if (edges[i].own_start) break;
      }
    }
    const double rounding = (found ? 1e-12 : 1e-10) * (1 + std::abs(top));
    int fewest = 5;
    for (const edge_maximum& m : settled) {
      if (m.value < top - rounding || edges[m.edge].free() >= fewest) continue;
      fewest = edges[m.edge].free();
      best = m;
    }
  }
  best.value += offset;
  best.iterations = iterations;
  return best;
}

/// The best of several starts, each followed to its maximum over a few hundred of the rows: a
/// likelihood can have more than one hill, and from the right one a few passes over all rows do.
template <class Likelihood>
[[nodiscard]] point4 best_start(const Likelihood& likelihood, std::size_t rows,
                                std::span<const point4> starts) {
  constexpr std::size_t enough = 250;
  constexpr double near = 8;  // no farther: the rest of the rows may have another view
  const std::size_t stride = rows < 2 * enough ? 1 : rows / enough;
  point4 best = starts.front();
  double top = -std::numeric_limits<double>::infinity();
  for (const point4& start : starts) {
    trust_region_options options;
    options.max_iterations = 30;
    const maximum<4> m =
        maximise<4>([&](const point4& at) { return likelihood(0, at, stride); }, start, options);
    if (!m.there.finite() || m.there.value <= top) continue;
    top = m.there.value;
    best = m.at.cwiseMax(-near).cwiseMin(near);
  }
  return best;
}

/// Whether such an end of the search leaves parameters that mean something.
[[nodiscard]] inline bool gives_parameters(const status& why) {
  return why.ok() || why.what == condition::no_heterogeneity || why.what == condition::no_churn ||
         why.what == condition::boundary;
}

}  // namespace salespulse
#endif
