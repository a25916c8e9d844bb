// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/common_shock.hpp>

#include "convolution.hpp"
#include "gauss_quadrature.hpp"
#include "lattice_items.hpp"
#include "sums.hpp"
#include <salespulse/core/result.hpp>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace salespulse {

namespace {

constexpr std::size_t most_gauss_nodes = 64;
constexpr double most_nodes = 10'000;
// Beyond this the steps between nodes leave the log odds too few digits to keep a mean.
constexpr double widest_shock = 1e6;

double logistic(double x) { return 1 / (1 + std::exp(-x)); }
double logit(double p) { return std::log(p) - std::log1p(-p); }

// Intercept with which the mean over the shock is p, 0 < p <= 1/2. Newton on the logarithm, which
// keeps small probabilities exact, held within an enclosure.
double intercept_below_half(const quadrature_rule& rule, double p, double sigma) {
  double c = logit(p);
  double lower = c - sigma * rule.nodes.back();
  double upper = c + sigma * rule.nodes.back();
  for (int i = 0; i < 100; ++i) {
    running_sum mean;
    running_sum slope;
    for (std::size_t k = 0; k < rule.nodes.size(); ++k) {
      const double x = c + sigma * rule.nodes[k];
      mean.add(rule.weights[k] * logistic(x));
      slope.add(rule.weights[k] * logistic(x) * logistic(-x));
    }
    const double away = std::log(mean.value() / p);
    if (away == 0) return c;
    (away < 0 ? lower : upper) = c;
    double next = c - away * mean.value() / slope.value();
    if (!(lower < next && next < upper)) next = (lower + upper) / 2;
    if (std::abs(next - c) <= 1e-15 * std::max(std::abs(next), 1.0)) return next;
    c = next;
  }
  return c;
}

// The shock is symmetric, so that the complement of p has the opposite intercept.
double intercept(const quadrature_rule& rule, double p, double sigma, bool keep_mean) {
  if (!keep_mean) return logit(p);
  return p <= 0.5 ? intercept_below_half(rule, p, sigma)
                  : -intercept_below_half(rule, 1 - p, sigma);
}

// Spacing at which the trapezoidal rule is exact to rounding: for the normal density itself, for
// the poles of the logistic function at distance pi / sigma, and for what the outcomes tell about
// z, which is never more than sigma^2 sum of p (1 - p).
double spacing(std::span<const chance> chances, double sigma, bool keep_means) {
  // In order of size, so that their sum does not depend on the order of the chances.
  std::vector<double> probabilities;
  for (const chance& c : chances) {
    if (c.probability > 0 && c.probability < 1) probabilities.push_back(c.probability);
  }
  std::sort(probabilities.begin(), probabilities.end());
  // About where the intercepts that keep the means lie, for which the rule is needed first.
  const double widening = keep_means ? std::sqrt(1 + 0.35 * sigma * sigma) : 1;
  const auto information = [&](double z) {
    double sum = 0;
    for (const double p : probabilities) {
      const double x = widening * logit(p) + sigma * z;
      sum += logistic(x) * logistic(-x);
    }
    return sum;
  };
  double most = 0;
  for (double z = -10; z <= 10; z += 0.25) most = std::max(most, information(z));
  return std::min({0.7, 0.5 / sigma, 0.7 / (sigma * std::sqrt(std::max(most, 1e-300)))});
}

quadrature_rule trapezoidal(double step) {
  quadrature_rule rule;
  const double reach = std::ceil(10 / step);
  running_sum sum;
  for (double k = -reach; k <= reach; ++k) {
    const double z = k * step;
    rule.nodes.push_back(z);
    rule.weights.push_back(std::exp(-z * z / 2));
    sum.add(rule.weights.back());
  }
  for (double& w : rule.weights) w /= sum.value();
  return rule;
}

// Chance i given the shock, both probabilities in full: 1 - p would lose small ones.
void put_given_shock(double log_odds, chance c, uncertain_amount& given) {
  given.outcomes.clear();
  if (c.probability <= 0 || c.probability >= 1) {
    given.outcomes.push_back(c);
  } else {
    given.outcomes.push_back({c.amount, logistic(log_odds)});
    given.outcomes.push_back({0, logistic(-log_odds)});
  }
}

}  // namespace

lattice_sum common_shock_sum(std::span<const chance> chances, double sigma,
                             const common_shock_options& options) {
  if (!(sigma >= 0 && std::isfinite(sigma)) || options.nodes > most_gauss_nodes) {
    throw invalid_input("common_shock_sum: sigma is not at least 0, or more than 64 nodes");
  }
  lattice_sum whole;
  prepared_items frame = prepare(chances, options.sum);
  whole.why = frame.why;
  whole.suggested_unit = frame.suggested_unit;
  if (!whole.why.ok()) return whole;
  if (sigma == 0 || frame.items.size() == 0) return sum_distribution(chances, options.sum);

  quadrature_rule rule;
  if (options.nodes > 0) {
    if (sigma > widest_shock) {
      whole.why = {condition::too_large};
      return whole;
    }
    rule = gauss_hermite(options.nodes);
  } else {
    const double step = spacing(chances, sigma, options.keep_means);
    if (20 / step > most_nodes) {
      whole.why = {condition::too_large};
      return whole;
    }
    rule = trapezoidal(step);
  }

  std::vector<double> intercepts;
  for (const chance& c : chances) {
    const bool certain = c.probability <= 0 || c.probability >= 1;
    intercepts.push_back(certain ? 0 : intercept(rule, c.probability, sigma, options.keep_means));
  }
  std::vector<uncertain_amount> given(chances.size());
  std::vector<double> mixture(static_cast<std::size_t>(frame.items.span) + 1);
  for (std::size_t k = 0; k < rule.nodes.size(); ++k) {
    for (std::size_t i = 0; i < chances.size(); ++i) {
      put_given_shock(intercepts[i] + sigma * rule.nodes[k], chances[i], given[i]);
    }
    const lattice_sum part = sum_distribution(given, options.sum);
    whole.direct = whole.direct && part.direct;
    // On the frame's lattice, of which it can leave out points where a probability has become 0.
    const lattice_distribution& d = part.distribution;
    const auto begin =
        static_cast<std::size_t>((d.first() - frame.items.lowest) / frame.items.step);
    const auto stride =
        static_cast<std::size_t>(d.masses().size() > 1 ? d.step() / frame.items.step : 1);
    for (std::size_t m = 0; m < d.masses().size(); ++m) {
      mixture[begin + m * stride] += rule.weights[k] * d.masses()[m];
    }
  }
  whole.distribution =
      lattice_distribution(frame.items.lowest, frame.items.step, std::move(mixture));
  return whole;
}

}  // namespace salespulse
