// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_STATISTICS_HYPERGEOMETRIC_HPP
#define SALESPULSE_SRC_STATISTICS_HYPERGEOMETRIC_HPP

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace salespulse {

// What the models of repeat buying write as hypergeometric functions, as the integrals of positive
// functions that they are. Nothing cancels, no argument is near a branch point, parameters may be
// whole, equal, tiny or huge, and the derivatives in any parameter are sums over the same nodes.

/// Half of the nodes and weights of a Gauss-Legendre rule on [-1, 1]; the other half mirrors them.
struct gauss_node {
  double at, weight;
};
[[nodiscard]] std::span<const gauss_node> half_rule(int nodes);  // 8, 12 or 20

/// (1 + w/a)^-p (1 + w/b)^-q for w from 0 to `length`; a, b, p, q, length positive or zero, a and b
/// not zero. The lesser of a and b may be far below `length`, p and q in the thousands.
struct power_product {
  double a, p, b, q, length;
};

/// Where and how finely to sum the integral of a power product. With v = log(1 + w / min(a, b)) the
/// logarithm of the integrand is concave in v and has no singularity within pi of the real line, so
/// a few Gauss-Legendre nodes see all of it once what lies more than e^-42 below its start is cut.
struct power_grid {
  int panels = 0;  ///< 0: nothing to integrate
  int nodes = 0;   ///< of each panel
  double end = 0;  ///< of v
};
[[nodiscard]] power_grid grid_of(const power_product& f);

/// Calls visit(w, weight, log(1 + w/a), log(1 + w/b)) at each node; the weights add up to the
/// integral.
template <class Visit>
void visit_nodes(const power_product& f, Visit&& visit) {
  const power_grid grid = grid_of(f);
  if (grid.panels == 0) return;
  const bool first = f.a <= f.b;
  const double base = first ? f.a : f.b;
  const double other = first ? f.b : f.a;
  const double half = grid.end / (2 * grid.panels);
  for (int panel = 0; panel < grid.panels; ++panel) {
    const double middle = half * (2 * panel + 1);
    for (const gauss_node& node : half_rule(grid.nodes)) {
      for (const double side : {-1.0, 1.0}) {
        const double v = middle + side * node.at * half;
        const double w = base * std::expm1(v);
        const double log_other = std::log1p(w / other);
        const double log_a = first ? v : log_other;
        const double log_b = first ? log_other : v;
        visit(w, base * half * node.weight * std::exp(v - f.p * log_a - f.q * log_b), log_a, log_b);
      }
    }
  }
}

/// The integral of a power product.
[[nodiscard]] double integral(const power_product& f);

/// The logarithm of the integral over the line of exp(log_f(z)), for an integrand that is analytic
/// near the real line and has died out at `lower` and `upper`: there the trapezoidal rule converges
/// faster than any power of its step, which is halved until two sums agree to 1e-9, the second
/// being right to the square of that.
///
/// Trefethen and Weideman (2014), The exponentially convergent trapezoidal rule, SIAM Review
/// 56:385-458.
template <class Log>
[[nodiscard]] double log_line_integral(Log&& log_f, double lower, double upper) {
  constexpr int most_halvings = 12;
  double step = 0.5;
  auto points = static_cast<std::int64_t>((upper - lower) / step) + 1;
  double top = log_f(lower);
  double sum = 1;
  const auto add = [&](double value) {
    if (value > top) {
      sum = sum * std::exp(top - value) + 1;
      top = value;
    } else {
      sum += std::exp(value - top);
    }
  };
  for (std::int64_t i = 1; i < points; ++i) add(log_f(lower + step * static_cast<double>(i)));
  double before = top + std::log(sum * step);
  for (int halving = 0; halving < most_halvings; ++halving) {
    for (std::int64_t i = 0; i < points; ++i) {
      add(log_f(lower + step * (static_cast<double>(i) + 0.5)));
    }
    points *= 2;
    step /= 2;
    const double now = top + std::log(sum * step);
    if (std::abs(now - before) <= 1e-9) return now;
    before = now;
  }
  return before;
}

/// E[g(p)] for p with the density proportional to p^(a-1) (1-p)^(b-1). g is analytic for p with a
/// positive real part and changes over the scale of 1/`steepness` at p = 0. a = 0 puts p at 0, b =
/// 0 at 1 (not both). The sum runs over the log-odds of p in steps that no beta distribution is
/// narrower than; where the weight has become a plain exponential, as it does for ever when a or b
/// is small, the rest of the sum is a geometric series.
template <class Function>
[[nodiscard]] double beta_mean(double a, double b, double steepness, Function&& g) {
  if (a == 0) return g(0.0);
  if (b == 0) return g(1.0);
  const double total = a + b;
  const double mode = std::log(a / b);
  const double odds = a / total;
  const double step = std::fmin(0.2, 0.45 * std::sqrt(1 / a + 1 / b));
  const double lowest = -(39 + std::log1p(steepness + total));
  const double highest = 39 + std::log1p(steepness + total);
  // What g can make of a weight: it may fall by a factor of 1 + steepness.
  const double cut = -(42 + std::log1p(steepness));
  const double from = std::fmax(lowest, std::fmin(highest, mode));
  const auto log_weight = [&](double z) {
    const double d = z - mode;
    return d > 30 ? a * d - total * (d + std::log(odds * -std::expm1(-d) + std::exp(-d)))
                  : a * d - total * std::log1p(odds * std::expm1(d));
  };
  double weights = 0;
  double sum = 0;
  const auto add = [&](double z, double weight) {
    weights += weight;
    sum += weight * g(1 / (1 + std::exp(-z)));
  };
  add(from, std::exp(log_weight(from)));
  for (const double side : {-1.0, 1.0}) {
    for (std::int64_t k = 1;; ++k) {
      const double z = from + side * step * static_cast<double>(k);
      const double log_of_weight = log_weight(z);
      if (log_of_weight < cut && (side < 0 ? z < mode : z > mode)) break;
      const double weight = std::exp(log_of_weight);
      if (z > lowest && z < highest) {
        add(z, weight);
        continue;
      }
      const double rate = side < 0 ? a : b;
      add(z, weight / -std::expm1(-rate * step));
      break;
    }
  }
  return sum / weights;
}

/// Purchases expected of somebody whose rate follows a gamma distribution with shape r and who
/// stops after each purchase with probability p, a beta(a, b) variable: E[(1 - (1 + p y)^-r) / p],
/// y the time in units of the gamma distribution's rate parameter. In the literature
/// (a + b - 1) / (a - 1) (1 - (1 + y)^-r 2F1(r, b; a + b - 1; y / (1 + y))), which has no value at
/// a = 1 and no digits for small y.
[[nodiscard]] double purchases_before_stopping(double r, double y, double a, double b);

}  // namespace salespulse
#endif
