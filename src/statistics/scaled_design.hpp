// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_STATISTICS_SCALED_DESIGN_HPP
#define SALESPULSE_SRC_STATISTICS_SCALED_DESIGN_HPP

#include <salespulse/statistics/regression.hpp>
#include <salespulse/statistics/status.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <span>
#include <vector>

namespace salespulse {

/// A design ready for normal equations: the rows that count, with the intercept, centred where
/// there is one, scaled by powers of two, and orthogonal where the columns nearly depend on each
/// other. It is held in blocks of rows that fit a fast cache.
///
/// Three sets of coefficients: theta of what is held; centred, of the columns less their means; and
/// original, of the columns as they came. Each is a linear map of the one before.
struct scaled_design {
  static constexpr std::size_t block_rows = 256;
  using block = Eigen::Map<const Eigen::MatrixXd>;

  /// ok; non_finite_input with its row; insufficient_data; rank_deficient, see `regression_fit`.
  status why;
  std::vector<std::size_t> involved;

  std::size_t rows = 0;
  Eigen::Index columns = 0;     ///< with the intercept
  std::vector<double> values;   ///< block after block, each by column
  Eigen::VectorXd centre;       ///< of the original columns, without the intercept
  Eigen::VectorXd spread;       ///< what each was divided by, the intercept by 1
  Eigen::MatrixXd to_centred;   ///< from theta
  Eigen::MatrixXd to_original;  ///< from theta
  Eigen::MatrixXd penalty;      ///< of theta
  double log_determinant = 0;   ///< of to_original, absolute

  [[nodiscard]] std::size_t blocks() const noexcept { return (rows + block_rows - 1) / block_rows; }
  [[nodiscard]] block at(std::size_t b) const {
    const std::size_t first = b * block_rows;
    const std::size_t size = rows - first < block_rows ? rows - first : block_rows;
    return {values.data() + first * static_cast<std::size_t>(columns),
            static_cast<Eigen::Index>(size), columns};
  }
};

/// Adds the weighted cross products of a block's columns to the lower half of `sum`.
void add_cross_products(const scaled_design::block& z, const Eigen::ArrayXd& weight,
                        Eigen::MatrixXd& sum);

/// `keep`: the rows that count, in ascending order. `penalty`: of the original coefficients.
[[nodiscard]] scaled_design scale_design(const design_matrix& design,
                                         std::span<const std::size_t> keep, bool intercept,
                                         const Eigen::MatrixXd& penalty);

/// Which original coefficients are not 0 in a direction, in ascending order. It is given in the
/// centred and scaled columns, before they are made orthogonal.
[[nodiscard]] std::vector<std::size_t> moving_coefficients(const scaled_design& d,
                                                           const Eigen::VectorXd& direction);

}  // namespace salespulse
#endif
