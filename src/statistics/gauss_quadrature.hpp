// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_STATISTICS_GAUSS_QUADRATURE_HPP
#define SALESPULSE_SRC_STATISTICS_GAUSS_QUADRATURE_HPP

#include <cstddef>
#include <vector>

namespace salespulse {

/// Nodes in ascending order and positive weights that sum to 1: the mean of a polynomial of degree
/// up to 2 n - 1 under the rule's distribution is exactly sum w f(x).
struct quadrature_rule {
  std::vector<double> nodes;
  std::vector<double> weights;
};

/// Gauss-Legendre for the uniform distribution on [0, 1]. n >= 1. O(n^2).
[[nodiscard]] quadrature_rule gauss_legendre(std::size_t n);

/// Gauss-Hermite for the standard normal distribution. 1 <= n <= 180, beyond which the outer
/// weights leave the range of doubles. O(n^2). Every node is within 1e-15 of its size, every weight
/// within 1e-12, checked against 40-digit values at n = 1 to 64.
[[nodiscard]] quadrature_rule gauss_hermite(std::size_t n);

}  // namespace salespulse
#endif
