// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_STATISTICS_TRUST_REGION_HPP
#define SALESPULSE_SRC_STATISTICS_TRUST_REGION_HPP

#include <salespulse/statistics/status.hpp>

#include <Eigen/Core>
#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>
#include <limits>

namespace salespulse {

/// A log-likelihood and its derivatives at one point.
template <int N>
struct evaluation {
  double value = 0;
  Eigen::Matrix<double, N, 1> gradient = Eigen::Matrix<double, N, 1>::Zero();
  Eigen::Matrix<double, N, N> hessian = Eigen::Matrix<double, N, N>::Zero();

  [[nodiscard]] bool finite() const {
    return std::isfinite(value) && gradient.allFinite() && hessian.allFinite();
  }
};

struct trust_region_options {
  int max_iterations = 200;
  double lowest = -35;   ///< of every parameter: one that stays here ran away
  double highest = 35;
  double radius = 1;     ///< the first step's length at most
  /// The likelihood cannot exceed this; a value above it is an error of the arithmetic.
  double upper_bound = std::numeric_limits<double>::infinity();
};

template <int N>
struct maximum {
  /// ok; boundary (`where`: the parameter at a limit of the box); not_identified (the curvature at
  /// the maximum vanishes in some direction; `where`: the parameter that lies most in it);
  /// unbounded_likelihood (it exceeds its bound); not_converged.
  status why;
  Eigen::Matrix<double, N, 1> at;
  evaluation<N> there;
  int iterations = 0;
};

/// Maximises a smooth function of few parameters, usually logarithms of positive ones, by Newton
/// steps within a trust region; each step is exact, from the eigenvalues of the Hessian, so saddles
/// and flat stretches do no harm. `function(x)` returns an `evaluation<N>`; where it is not finite
/// the step is shortened. Settled when a full Newton step moves no parameter by 1e-7 and gains less
/// than the rounding of the value; one last step then squares the error away.
///
/// More and Sorensen (1983), Computing a trust region step, SIAM J. Sci. Stat. Comput. 4:553-572.
template <int N, class Function>
[[nodiscard]] maximum<N> maximise(Function&& function, const Eigen::Matrix<double, N, 1>& start,
                                  const trust_region_options& options = {}) {
  using vector = Eigen::Matrix<double, N, 1>;
  using matrix = Eigen::Matrix<double, N, N>;
  constexpr double step_small = 1e-7;
  maximum<N> best;
  best.at = start.cwiseMax(options.lowest).cwiseMin(options.highest);
  best.there = function(best.at);
  if (!best.there.finite()) {
    best.why = {condition::not_converged, -1};
    return best;
  }
  double radius = options.radius;
  for (best.iterations = 1; best.iterations <= options.max_iterations; ++best.iterations) {
    if (best.there.value > options.upper_bound) {
      best.why = {condition::unbounded_likelihood, -1};
      return best;
    }
    // A parameter at a limit whose gradient points outwards stays there.
    vector gradient = best.there.gradient;
    matrix curvature = -best.there.hessian;
    Eigen::Index held = -1;
    for (Eigen::Index i = 0; i < gradient.size(); ++i) {
      const bool outwards = (best.at[i] >= options.highest && gradient[i] >= 0) ||
                            (best.at[i] <= options.lowest && gradient[i] <= 0);
      if (!outwards) continue;
      held = held < 0 ? i : held;
      gradient[i] = 0;
      curvature.row(i).setZero();
      curvature.col(i).setZero();
      curvature(i, i) = 1;
    }
    const Eigen::SelfAdjointEigenSolver<matrix> eigen(curvature);
    const vector values = eigen.eigenvalues();
    const vector turned = eigen.eigenvectors().transpose() * gradient;
    const auto step_of = [&](double shift) {
      vector scaled = turned;
      for (Eigen::Index i = 0; i < scaled.size(); ++i) {
        scaled[i] = scaled[i] == 0 ? 0 : scaled[i] / (values[i] + shift);
      }
      return scaled;
    };
    const double largest = values.cwiseAbs().maxCoeff();
    const bool concave = values[0] > largest * 1e-15;
    const bool saddle = values[0] < -largest * 1e-12;
    vector step = vector::Zero();
    bool full = false;
    if (concave) {
      step = step_of(0);
      full = step.norm() <= radius;
    }
    if (!full) {
      // The shift that makes the step as long as the radius, by bisection.
      double low = std::max(0.0, -values[0]);
      double high = low + turned.norm() / radius + largest * 1e-12 + 1e-300;
      for (int i = 0; i < 200 && high - low > 1e-10 * high; ++i) {
        const double middle = low + (high - low) / 2;
        (step_of(middle).norm() > radius ? low : high) = middle;
      }
      step = step_of(high);
      // Nothing along the lowest eigenvector: go that way as far as the radius allows.
      const double left = radius * radius - step.squaredNorm();
      if (saddle && left > 0.19 * radius * radius) step[0] += std::sqrt(left);
    }
    step = eigen.eigenvectors() * step;
    const vector next = (best.at + step).cwiseMax(options.lowest).cwiseMin(options.highest);
    step = next - best.at;
    const double promised =
        best.there.gradient.dot(step) + 0.5 * step.dot(best.there.hessian * step);
    const double noise = 1e-13 * (1 + std::abs(best.there.value));
    const bool settled = (full || !saddle) && radius > step_small &&
                         step.cwiseAbs().maxCoeff() <= step_small && std::abs(promised) <= noise;
    const evaluation<N> there = function(next);
    const double gained = there.value - best.there.value;
    const bool rounding_only = std::abs(promised) <= noise && there.finite() &&
                               std::abs(gained) <= 4 * noise;
    if (there.finite() && (gained > 0.1 * promised || rounding_only)) {
      best.at = next;
      best.there = there;
      if (full && gained > 0.5 * promised) radius = std::max(radius, 3 * step.norm());
      if (!full && gained > 0.75 * promised) radius = std::min(2.5 * radius, 20.0);
    } else {
      radius = 0.25 * step.norm();
    }
    const bool stuck = radius < 1e-14 || step.cwiseAbs().maxCoeff() == 0;
    if (!settled && !stuck) continue;
    if (held >= 0) {
      best.why = {condition::boundary, held};
    } else if (!concave || values[0] <= 1e-13 * largest) {
      Eigen::Index most = 0;
      eigen.eigenvectors().col(0).cwiseAbs().maxCoeff(&most);
      best.why = {condition::not_identified, most};
    } else if (!settled) {
      best.why = {condition::not_converged, -1};
    }
    return best;
  }
  best.why = {condition::not_converged, -1};
  return best;
}

/// The covariance of the maximum-likelihood estimates: the inverse of minus the Hessian. Zero where
/// that is not positive definite.
template <int N>
[[nodiscard]] Eigen::Matrix<double, N, N> covariance_of(const evaluation<N>& there) {
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix<double, N, N>> eigen(-there.hessian);
  if (!(eigen.eigenvalues()[0] > 0)) return Eigen::Matrix<double, N, N>::Zero();
  return eigen.eigenvectors() * eigen.eigenvalues().cwiseInverse().asDiagonal() *
         eigen.eigenvectors().transpose();
}

}  // namespace salespulse
#endif
