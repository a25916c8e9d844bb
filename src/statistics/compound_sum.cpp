// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/compound_sum.hpp>

#include "lattice_items.hpp"
#include "sums.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/core/wide.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace salespulse {

namespace {

// Values above 0 in steps of their greatest common divisor; the rest of the mass is on 0.
struct severities {
  std::int64_t step = 1;
  std::vector<lattice_point> points;
  double positive = 0;  // their mass
};

severities severities_of(const lattice_items& items) {
  severities s;
  std::vector<lattice_point> all;
  if (items.size() == 0) {
    all.push_back({items.lowest, 1});
  } else {
    for (const lattice_point& p : items.item(0)) {
      all.push_back({items.lowest + items.step * p.at, p.mass});
    }
  }
  std::int64_t divisor = 0;
  for (const lattice_point& p : all) divisor = std::gcd(divisor, p.at);
  s.step = std::max<std::int64_t>(divisor, 1);
  running_sum positive;
  for (const lattice_point& p : all) {
    if (p.at == 0) continue;
    s.points.push_back({p.at / s.step, p.mass});
    positive.add(p.mass);
  }
  s.positive = std::min(positive.value(), 1.0);
  return s;
}

// Count of severities: Poisson where there is no shape.
struct count_model {
  double mean;
  std::optional<double> shape;
};

// K(u), the logarithm of E exp(u sum), and its slope; infinite where the expectation is.
struct transform {
  double value;
  double slope;
};

transform log_transform(const count_model& n, const severities& s, double u) {
  double excess = 0;
  double slope = 0;
  for (const lattice_point& p : s.points) {
    const auto at = static_cast<double>(p.at);
    excess += p.mass * std::expm1(u * at);
    slope += p.mass * at * std::exp(u * at);
  }
  if (!n.shape) return {n.mean * excess, n.mean * slope};
  const double gone = n.mean * excess / *n.shape;
  const double left = 1 - gone;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (!(left > 0)) return {infinity, infinity};
  // The logarithm of what is so near 1 that only its difference counts where the shape is large.
  const double value = gone < 1e-18 ? n.mean * excess : -*n.shape * std::log1p(-gone);
  return {value, n.mean * slope / left};
}

// Smallest x with Chernoff's bound min over u of exp(K(u) - u x) at most `cut`: x = K'(u) at the u
// where u K'(u) - K(u) = -log(cut); the left side rises from 0.
double cut_point(const count_model& n, const severities& s, double cut) {
  const double wanted = -std::log(cut);
  const auto short_of = [&](double u) {
    const auto [value, slope] = log_transform(n, s, u);
    return std::isfinite(slope) && std::isfinite(value) && u * slope - value < wanted;
  };
  double lower = 0;
  double upper = 1;
  while (short_of(upper)) upper *= 2;
  for (int i = 0; i < 200 && upper - lower > 1e-9 * upper; ++i) {
    const double middle = (lower + upper) / 2;
    (short_of(middle) ? lower : upper) = middle;
  }
  // At `lower` everything is finite; the bound there misses the wanted one by a relative 1e-9.
  const auto [value, slope] = log_transform(n, s, lower);
  return lower > 0 ? (value + wanted) / lower : slope;
}

std::vector<double> panjer(const count_model& n, const severities& s, std::size_t points) {
  // Negative binomial: masses obey (1 - r f0) x g(x) = sum r ((x - y) + shape y) f(y) g(x - y) with
  // r = mean / (mean + shape); Poisson: x g(x) = sum mean y f(y) g(x - y).
  const double on_rest = n.shape ? n.mean / (*n.shape + n.mean * s.positive) : 0;
  const double on_severity =
      n.shape ? n.mean * (*n.shape / (*n.shape + n.mean * s.positive)) : n.mean;
  std::vector<double> g(points);
  g[0] = 1;
  constexpr double large = 1e200;
  for (std::size_t x = 1; x < points; ++x) {
    double rest = 0;
    double moved = 0;
    for (const lattice_point& p : s.points) {
      const auto y = static_cast<std::size_t>(p.at);
      if (y > x) break;
      const double term = p.mass * g[x - y];
      rest += term * static_cast<double>(x - y);
      moved += term * static_cast<double>(y);
    }
    g[x] = (on_rest * rest + on_severity * moved) / static_cast<double>(x);
    if (g[x] > large) {
      // The first mass can be far below the range of doubles; masses are wanted up to a factor.
      for (std::size_t k = 0; k <= x; ++k) g[k] = g[k] > 1e-90 ? g[k] / large : 0;
    }
  }
  running_sum sum;
  for (const double mass : g) sum.add(mass);
  for (double& mass : g) mass /= sum.value();
  return g;
}

compound_sum compound(const count_model& n, const uncertain_amount& severity,
                      const compound_options& options) {
  if (!(options.cut > 0 && options.cut <= 1e-12) || options.max_points < 1) {
    throw invalid_input("compound_options: the cut is not within (0, 1e-12], or no points");
  }
  compound_sum result;
  for (std::size_t i = 0; i < severity.outcomes.size(); ++i) {
    if (severity.outcomes[i].amount < 0) {
      result.why = {condition::negative_amount, static_cast<std::int64_t>(i)};
      return result;
    }
  }
  const prepared_items prepared = prepare_unlimited(std::span(&severity, 1));
  result.why = prepared.why;
  if (!result.why.ok()) return result;
  const severities s = severities_of(prepared.items);
  if (s.points.empty() || n.mean == 0) return result;
  // Two points more than the bound asks for.
  const double last = std::ceil(cut_point(n, s, options.cut)) + 2;
  const auto most = static_cast<double>(options.max_points);
  if (last >= most) {
    result.why = {condition::too_large};
    double unit = static_cast<double>(s.step) * (last / most);
    const double power = std::pow(10, std::floor(std::log10(unit)));
    unit = unit <= power       ? power
           : unit <= 2 * power ? 2 * power
           : unit <= 5 * power ? 5 * power
                               : 10 * power;
    result.suggested_unit = static_cast<std::int64_t>(std::clamp(unit, 1.0, 9e18));
    return result;
  }
  if (!fits_int64(static_cast<wide>(last) * s.step)) {
    result.why = {condition::too_large};
    result.suggested_unit = 0;
    return result;
  }
  result.distribution =
      lattice_distribution(0, s.step, panjer(n, s, static_cast<std::size_t>(last) + 1));
  return result;
}

status check(double parameter, bool zero_allowed) {
  if (!std::isfinite(parameter)) return {condition::non_finite_input};
  if (parameter < 0 || (parameter == 0 && !zero_allowed)) return {condition::nonpositive_value};
  return {};
}

}  // namespace

compound_sum compound_poisson(double mean, const uncertain_amount& severity,
                              const compound_options& options) {
  if (const status why = check(mean, true); !why.ok()) return {why, {}, 1};
  return compound({mean, {}}, severity, options);
}

compound_sum compound_negative_binomial(double mean, double shape, const uncertain_amount& severity,
                                        const compound_options& options) {
  if (const status why = check(mean, true); !why.ok()) return {why, {}, 1};
  if (const status why = check(shape, false); !why.ok()) return {why, {}, 1};
  return compound({mean, shape}, severity, options);
}

}  // namespace salespulse
