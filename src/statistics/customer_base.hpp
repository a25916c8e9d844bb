// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_STATISTICS_CUSTOMER_BASE_HPP
#define SALESPULSE_SRC_STATISTICS_CUSTOMER_BASE_HPP

#include "sums.hpp"
#include "trust_region.hpp"
#include <salespulse/statistics/purchase_history.hpp>
#include <salespulse/statistics/row_counts.hpp>
#include <salespulse/statistics/status.hpp>

#include <Eigen/Core>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace salespulse {

// What the models of repeat buying share: their data, the gamma distribution of rates, the sum of a
// likelihood. A model is four numbers. model_edges.hpp has the search for the maximum,
// model_figures.hpp what follows from a fit.

using point4 = Eigen::Matrix<double, 4, 1>;
using matrix4 = Eigen::Matrix<double, 4, 4>;

/// Histories in units of the mean age, so that what is fitted does not depend on the clock.
struct scaled_base {
  struct row {
    std::int64_t repeats;
    double weight;
    std::int32_t recency;  ///< index in `times`
    std::int32_t age;
  };
  status why;                 ///< what is wrong with the data; nothing below counts then
  std::vector<row> rows;      ///< ordered by `repeats`
  std::vector<double> times;  ///< distinct, ascending
  double customers = 0;
  double repeats = 0;  ///< of all customers
  double unit = 1;     ///< the scaled unit of time in the caller's
  /// Above the logarithm of every density of such histories: x purchases up to time t are at most
  /// as dense as at the constant rate x / t.
  double upper_bound = 0;
  /// About the sum of the sizes of the terms of a likelihood, by which its rounding is judged.
  double magnitude = 0;
};
[[nodiscard]] scaled_base scaled(const row_counts<purchase_history>& customers,
                                 double ticks_per_unit);

/// The status that `scaled` would give, at less cost.
[[nodiscard]] status fault_of(const row_counts<purchase_history>& customers);

// Preconditions; each throws `invalid_input` with the name of the function that was called.
void require(bool holds, const char* message);

/// Counts beyond this are not exact in a double.
inline constexpr std::int64_t most_purchases = std::int64_t{1} << 53;

void require_history(const buying_history& h);
void require_model(std::span<const double, 4> parameters, bool times_positive);

/// Functions of q = time / scale of a gamma distribution of rates, from which the derivatives of
/// log((1 + q)^-(shape + n) mean^n) follow.
struct gamma_terms {
  double log;    ///< log(1 + q)
  double share;  ///< q / (1 + q)
};
[[nodiscard]] inline gamma_terms gamma_terms_of(double q) { return {std::log1p(q), q / (1 + q)}; }

/// Derivatives of n log(mean) - (shape + n) log(1 + q), q = time * mean / shape, in log(shape) and
/// log(mean), with time fixed. Written so that they stay exact where the shape is huge.
struct gamma_derivatives {
  double shape, mean;
  double shape_shape, shape_mean, mean_mean;

  gamma_derivatives(double k, double n, const gamma_terms& t) {
    const double square = t.share * t.share;
    const double spread = t.share - square;
    const double excess = t.share - t.log;
    shape = k * excess + n * t.share;
    mean = n - (k + n) * t.share;
    shape_shape = k * (excess + square) - n * spread;
    shape_mean = n * spread - k * square;
    mean_mean = -(k + n) * spread;
  }
};

/// Sums of a log-likelihood and its derivatives: plain over blocks of rows, compensated over
/// blocks.
class likelihood_sum {
public:
  void add(double weight, double value, const std::array<double, 4>& gradient,
           const std::array<double, 10>& hessian) {
    block_[0] += weight * value;
    for (std::size_t i = 0; i < 4; ++i) block_[1 + i] += weight * gradient[i];
    for (std::size_t i = 0; i < 10; ++i) block_[5 + i] += weight * hessian[i];
    if (++rows_ % 64 == 0) flush();
  }
  /// hessian[k]: row by row of the upper triangle.
  [[nodiscard]] evaluation<4> result();

private:
  void flush() {
    for (std::size_t i = 0; i < block_.size(); ++i) sums_[i].add(std::exchange(block_[i], 0.0));
  }
  std::array<double, 15> block_{};
  std::array<running_sum, 15> sums_{};
  std::size_t rows_ = 0;
};

/// Covariance of four positive parameters from that of their logarithms.
[[nodiscard]] std::array<std::array<double, 4>, 4> natural_covariance(
    const matrix4& of_logarithms, const std::array<double, 4>& parameters);

}  // namespace salespulse
#endif
