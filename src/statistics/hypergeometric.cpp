// SPDX-License-Identifier: BSL-1.0
#include "hypergeometric.hpp"

#include <algorithm>
#include <cmath>

namespace salespulse {

namespace {

constexpr std::array<gauss_node, 4> rule_8{{{0.960289856497536232, 0.101228536290376259},
                                            {0.79666647741362674, 0.222381034453374471},
                                            {0.525532409916328986, 0.313706645877887287},
                                            {0.183434642495649805, 0.362683783378361983}}};
constexpr std::array<gauss_node, 6> rule_12{{{0.981560634246719251, 0.0471753363865118272},
                                             {0.904117256370474857, 0.106939325995318431},
                                             {0.769902674194304687, 0.160078328543346226},
                                             {0.587317954286617447, 0.203167426723065922},
                                             {0.367831498998180194, 0.233492536538354809},
                                             {0.125233408511468915, 0.249147045813402785}}};
constexpr std::array<gauss_node, 10> rule_20{{{0.993128599185094925, 0.0176140071391521183},
                                              {0.963971927277913791, 0.0406014298003869413},
                                              {0.912234428251325906, 0.0626720483341090636},
                                              {0.839116971822218823, 0.0832767415767047487},
                                              {0.746331906460150793, 0.101930119817240435},
                                              {0.636053680726515025, 0.118194531961518417},
                                              {0.510867001950827098, 0.131688638449176627},
                                              {0.373706088715419561, 0.142096109318382051},
                                              {0.227785851141645078, 0.149172986472603747},
                                              {0.0765265211334973338, 0.152753387130725851}}};

constexpr double negligible = 42;  // e^-42 is 6e-19

}  // namespace

std::span<const gauss_node> half_rule(int nodes) {
  if (nodes == 8) return rule_8;
  if (nodes == 12) return rule_12;
  return rule_20;
}

power_grid grid_of(const power_product& f) {
  if (!(f.length > 0)) return {};
  const bool first = f.a <= f.b;
  const double base = first ? f.a : f.b;
  const double base_power = first ? f.p : f.q;
  const double other_power = first ? f.q : f.p;
  const double ratio = base / (first ? f.b : f.a);
  const auto fall = [&](double v) {  // how far the logarithm lies below its start; convex
    return (base_power - 1) * v + other_power * std::log1p(ratio * std::expm1(v));
  };
  const double whole = std::log1p(f.length / base);
  power_grid grid{1, 20, whole};
  double falls = fall(whole);
  if (falls > negligible) {
    // Newton from the right on a convex function stays to the right of the root.
    for (int i = 0; i < 50 && falls > negligible + 1; ++i) {
      const double grown = ratio * std::exp(grid.end);
      const double slope = base_power - 1 + other_power * grown / (1 - ratio + grown);
      grid.end -= (falls - negligible) / slope;
      falls = fall(grid.end);
    }
  }
  const double rise = std::max(0.0, 1 - base_power - other_power * ratio) * grid.end;
  const double variation = std::abs(falls) + 2 * rise;
  // Each bound keeps the rule's error below 1e-16 of the integral. A high power of the other factor
  // grows off the real line, so that only half of the strip without singularities is of use.
  const double reach = other_power > 4 ? 1 : 1.5;
  if (grid.end <= 0.5 * reach && variation <= 2.5) {
    grid.nodes = 8;
  } else if (grid.end <= 1.2 * reach && variation <= 8) {
    grid.nodes = 12;
  } else {
    grid.panels = static_cast<int>(std::ceil(std::max(grid.end / (2.5 * reach), variation / 30)));
  }
  return grid;
}

double integral(const power_product& f) {
  double sum = 0;
  visit_nodes(f, [&](double, double weight, double, double) { sum += weight; });
  return sum;
}

double purchases_before_stopping(double r, double y, double a, double b) {
  if (!(r > 0) || !(y > 0)) return 0;
  const auto bought = [&](double p) {
    const double never_stopped = r * std::log1p(p * y);
    return p * y < 1e-290 ? r * y : -std::expm1(-never_stopped) / p;
  };
  return beta_mean(a, b, (r + 1) * y, bought);
}

}  // namespace salespulse
