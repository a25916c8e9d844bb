// SPDX-License-Identifier: BSL-1.0
#include "model_figures.hpp"

#include <Eigen/Core>
#include <Eigen/Eigenvalues>

#include <cmath>

namespace salespulse {

spread_directions spread_of(const std::array<std::array<double, 4>, 4>& covariance,
                            const std::array<double, 4>& parameters) {
  matrix4 of_logarithms = matrix4::Zero();
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 4; ++j) {
      if (covariance[i][j] == 0) continue;
      of_logarithms(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) =
          covariance[i][j] / parameters[i] / parameters[j];
    }
  }
  const Eigen::SelfAdjointEigenSolver<matrix4> eigen(of_logarithms);
  spread_directions spread;
  for (std::size_t k = 0; k < 4; ++k) {
    const auto column = static_cast<Eigen::Index>(k);
    spread.deviation[k] = std::sqrt(std::fmax(eigen.eigenvalues()[column], 0.0));
    for (std::size_t i = 0; i < 4; ++i) {
      spread.direction[k][i] = eigen.eigenvectors()(static_cast<Eigen::Index>(i), column);
    }
  }
  return spread;
}

}  // namespace salespulse
