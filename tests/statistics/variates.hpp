// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_TESTS_STATISTICS_VARIATES_HPP
#define SALESPULSE_TESTS_STATISTICS_VARIATES_HPP

#include <salespulse/core/random.hpp>

#include <cmath>
#include <cstdint>
#include <numbers>
#include <optional>

namespace salespulse::test {

inline double normal_variate(random_stream& random) {
  // Box and Muller's, one of the two.
  const double radius = std::sqrt(-2 * std::log(1 - random.uniform()));
  return radius * std::cos(2 * std::numbers::pi * random.uniform());
}

/// Marsaglia and Tsang (2000), A simple method for generating gamma variables.
inline double gamma_variate(random_stream& random, double shape) {
  if (shape < 1) {
    const double larger = gamma_variate(random, shape + 1);
    return larger * std::pow(1 - random.uniform(), 1 / shape);
  }
  const double d = shape - 1.0 / 3;
  for (;;) {
    const double z = normal_variate(random);
    const double root = 1 + z / std::sqrt(9 * d);
    if (root <= 0) continue;
    const double v = root * root * root;
    if (std::log(1 - random.uniform()) < 0.5 * z * z + d - d * v + d * std::log(v)) return d * v;
  }
}

inline double beta_variate(random_stream& random, double a, double b) {
  const double x = gamma_variate(random, a);
  return x / (x + gamma_variate(random, b));
}

inline std::int64_t binomial_variate(random_stream& random, std::int64_t n, double p) {
  std::int64_t hits = 0;
  for (std::int64_t i = 0; i < n; ++i) hits += random.chance(p) ? 1 : 0;
  return hits;
}

/// By counting exponential gaps; for small means.
inline std::int64_t poisson_variate(random_stream& random, double mean) {
  std::int64_t events = 0;
  for (double t = -std::log(1 - random.uniform()); t < mean; t -= std::log(1 - random.uniform())) {
    ++events;
  }
  return events;
}

/// Whether two numbers are equal but for `relative`; an absent one is equal to none.
inline bool close(std::optional<double> a, double b, double relative = 1e-12) {
  return a && std::abs(*a - b) <= relative * std::abs(b);
}

/// Whether so many of `trials` intervals of that level can have held the truth: within what a
/// binomial number leaves with probability 0.001.
inline bool plausible_coverage(int hits, int trials, double level) {
  const double sd = std::sqrt(trials * level * (1 - level));
  return std::abs(hits - trials * level) <= 3.2905 * sd + 0.5;
}

}  // namespace salespulse::test
#endif
