// SPDX-License-Identifier: BSL-1.0
#include "gauss_quadrature.hpp"

#include <cmath>

namespace salespulse {

namespace {

// The orthonormal polynomials of a symmetric distribution obey
//   b[k+1] p_{k+1}(x) = x p_k(x) - b[k] p_{k-1}(x),  p_0 = 1,
// and the nodes of the rule with n nodes are the zeros of p_n: the eigenvalues of the tridiagonal
// matrix with 0 on its diagonal and b[1..n-1] beside it. Each is enclosed by bisection on the
// number of eigenvalues below x (Sturm) and then polished by Newton. The weights are 1 / sum
// p_k(x)^2, a sum of positive terms, so that tiny ones keep their digits too. Golub and Welsch
// (1969), Calculation of Gauss quadrature rules, Math. Comp. 23:221-230.
class symmetric_rule {
public:
  explicit symmetric_rule(std::vector<double> b) : b_(std::move(b)), n_(b_.size() - 1) {}

  // `bound`: all nodes are below it.
  [[nodiscard]] quadrature_rule solve(double bound) const {
    quadrature_rule rule{std::vector<double>(n_), std::vector<double>(n_)};
    for (std::size_t i = n_ / 2; i < n_; ++i) {  // the others by symmetry
      double x = 0;
      if (2 * i + 1 != n_) {
        double lower = 0;
        double upper = bound;
        // Close enough for Newton to double the digits at each step.
        while (upper - lower > 1e-9 * upper) {
          const double middle = (lower + upper) / 2;
          (below(middle) > i ? upper : lower) = middle;
        }
        x = (lower + upper) / 2;
        for (int step = 0; step < 3; ++step) x -= newton_step(x);
      }
      const double weight = 1 / sum_of_squares(x);
      rule.nodes[i] = x;
      rule.weights[i] = weight;
      rule.nodes[n_ - 1 - i] = -x;
      rule.weights[n_ - 1 - i] = weight;
    }
    return rule;
  }

private:
  // Eigenvalues below x: the negative pivots of the matrix less x.
  [[nodiscard]] std::size_t below(double x) const {
    std::size_t count = 0;
    double pivot = 1;
    for (std::size_t k = 0; k < n_; ++k) {
      pivot = -x - (k == 0 ? 0 : b_[k] * b_[k] / pivot);
      if (pivot == 0) pivot = -1e-300;
      if (pivot < 0) ++count;
    }
    return count;
  }

  [[nodiscard]] double newton_step(double x) const {
    double p = 1;
    double slope = 0;
    double p_before = 0;
    double slope_before = 0;
    for (std::size_t k = 0; k < n_; ++k) {
      const double back = k == 0 ? 0 : b_[k];
      const double p_next = (x * p - back * p_before) / b_[k + 1];
      const double slope_next = (p + x * slope - back * slope_before) / b_[k + 1];
      p_before = p;
      slope_before = slope;
      p = p_next;
      slope = slope_next;
    }
    return p / slope;
  }

  [[nodiscard]] double sum_of_squares(double x) const {
    double p = 1;
    double p_before = 0;
    double sum = 1;
    for (std::size_t k = 0; k + 1 < n_; ++k) {
      const double p_next = (x * p - (k == 0 ? 0 : b_[k]) * p_before) / b_[k + 1];
      p_before = p;
      p = p_next;
      sum += p * p;
    }
    return sum;
  }

  std::vector<double> b_;
  std::size_t n_;
};

}  // namespace

quadrature_rule gauss_legendre(std::size_t n) {
  std::vector<double> b(n + 1);
  for (std::size_t k = 1; k <= n; ++k) {
    const auto j = static_cast<double>(k);
    b[k] = j / std::sqrt(4 * j * j - 1);
  }
  quadrature_rule rule = symmetric_rule(std::move(b)).solve(1);
  for (double& x : rule.nodes) x = (1 + x) / 2;
  return rule;
}

quadrature_rule gauss_hermite(std::size_t n) {
  std::vector<double> b(n + 1);
  for (std::size_t k = 1; k <= n; ++k) b[k] = std::sqrt(static_cast<double>(k));
  // The largest zero is below 2 sqrt(n).
  return symmetric_rule(std::move(b)).solve(2 * std::sqrt(static_cast<double>(n)));
}

}  // namespace salespulse
