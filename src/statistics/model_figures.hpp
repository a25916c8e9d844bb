// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_STATISTICS_MODEL_FIGURES_HPP
#define SALESPULSE_SRC_STATISTICS_MODEL_FIGURES_HPP

#include "customer_base.hpp"
#include "fitted_draws.hpp"
#include "sums.hpp"
#include <salespulse/statistics/figure.hpp>
#include <salespulse/statistics/purchase_history.hpp>
#include <salespulse/statistics/row_counts.hpp>
#include <salespulse/statistics/status.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace salespulse {

/// Directions in log parameters and the standard deviations along them.
struct spread_directions {
  std::array<std::array<double, 4>, 4> direction{};
  std::array<double, 4> deviation{};
};
[[nodiscard]] spread_directions spread_of(const std::array<std::array<double, 4>, 4>& covariance,
                                          const std::array<double, 4>& parameters);

template <class Model>
[[nodiscard]] std::array<double, 4> values_of(const Model& model) {
  const auto& [first, second, third, fourth] = model;
  return {first, second, third, fourth};
}

template <class Model>
[[nodiscard]] Model model_of(const std::array<double, 4>& v) {
  return {v[0], v[1], v[2], v[3]};
}

/// What fit.parameters make of f, a function of a model that gives a vector, each with its standard
/// error by the delta method. Derivatives are central differences along the principal directions of
/// the covariance: nine digits of a standard error, from one function instead of one for each.
template <class Fit, class Function>
[[nodiscard]] std::vector<figure_with_error> estimates_of(const Fit& fit, const Function& f) {
  constexpr double step = 6e-6;
  using model = std::remove_cvref_t<decltype(*fit.parameters)>;
  const std::array<double, 4> at = values_of(*fit.parameters);
  const std::vector<double> values = f(*fit.parameters);
  std::vector<double> variances(values.size());
  const spread_directions spread = spread_of(fit.covariance, at);
  for (std::size_t k = 0; k < 4; ++k) {
    if (spread.deviation[k] == 0) continue;
    const auto moved = [&](double by) {
      std::array<double, 4> p = at;
      for (std::size_t i = 0; i < 4; ++i) p[i] *= std::exp(by * spread.direction[k][i]);
      return f(model_of<model>(p));
    };
    const std::vector<double> above = moved(step);
    const std::vector<double> below = moved(-step);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double d = (above[i] - below[i]) / (2 * step) * spread.deviation[k];
      variances[i] += d * d;
    }
  }
  std::vector<figure_with_error> result;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      result.push_back({std::nullopt, std::nullopt, {condition::out_of_range, -1}});
    } else {
      result.push_back({values[i], std::sqrt(variances[i]), fit.why});
    }
  }
  return result;
}

template <class Fit, class Function>
[[nodiscard]] figure_with_error estimate_of(const Fit& fit, const Function& f) {
  if (!fit.parameters) return {std::nullopt, std::nullopt, fit.why};
  return estimates_of(fit, [&](const auto& model) { return std::vector<double>{f(model)}; })
      .front();
}

/// The sum of f(model, history) over the customers.
template <class Fit, class Function>
[[nodiscard]] figure_with_error sum_over(const Fit& fit,
                                         const row_counts<purchase_history>& customers,
                                         const Function& f) {
  const status fault = fault_of(customers);
  if (!fault.ok()) return {std::nullopt, std::nullopt, fault};
  return estimate_of(fit, [&](const auto& model) {
    running_sum sum;
    for (const auto& [row, count] : customers.entries()) {
      sum.add(static_cast<double>(count) * f(model, in_units(row, fit.ticks_per_unit)));
    }
    return sum.value();
  });
}

/// The sum of alive(model, history) * future(model, repeats, age), where the future of a customer
/// who is alive does not depend on when he last bought: it is worked out once for all such.
template <class Fit, class Alive, class Future>
[[nodiscard]] figure_with_error alive_sum(const Fit& fit,
                                          const row_counts<purchase_history>& customers,
                                          const Alive& alive, const Future& future) {
  const status fault = fault_of(customers);
  if (!fault.ok()) return {std::nullopt, std::nullopt, fault};
  return estimate_of(fit, [&](const auto& model) {
    std::map<std::pair<std::int32_t, std::int32_t>, double> expected;
    for (const auto& [row, count] : customers.entries()) {
      expected[{row.repeats, row.age}] +=
          static_cast<double>(count) * alive(model, in_units(row, fit.ticks_per_unit));
    }
    running_sum sum;
    for (const auto& [state, number] : expected) {
      sum.add(number * future(model, state.first, state.second / fit.ticks_per_unit));
    }
    return sum.value();
  });
}

/// Expected numbers of customers with 0, 1, ..., most - 1, and `most` or more purchases.
template <class Fit>
[[nodiscard]] std::vector<figure_with_error> by_purchases(
    const Fit& fit, const row_counts<purchase_history>& customers, std::int64_t most) {
  require(most > 0, "customers_by_purchases: most is not positive");
  const auto classes = static_cast<std::size_t>(most) + 1;
  const status fault = fault_of(customers);
  if (!fault.ok())
    return std::vector<figure_with_error>(classes, {std::nullopt, std::nullopt, fault});
  if (!fit.parameters)
    return std::vector<figure_with_error>(classes, {std::nullopt, std::nullopt, fit.why});
  std::map<std::int32_t, double> ages;
  for (const auto& [row, count] : customers.entries()) {
    ages[row.age] += static_cast<double>(count);
  }
  return estimates_of(fit, [&](const auto& model) {
    std::vector<running_sum> sums(classes);
    for (const auto& [age, count] : ages) {
      double rest = 1;
      for (std::size_t x = 0; x + 1 < classes; ++x) {
        const double p =
            purchase_probability(model, static_cast<std::int64_t>(x), age / fit.ticks_per_unit);
        sums[x].add(count * p);
        rest -= p;
      }
      sums.back().add(count * std::fmax(rest, 0.0));
    }
    std::vector<double> values;
    for (const running_sum& s : sums) values.push_back(s.value());
    return values;
  });
}

template <class Fit>
[[nodiscard]] auto draws_of(const Fit& fit, std::size_t count, std::uint64_t seed) {
  using model = std::remove_cvref_t<decltype(*fit.parameters)>;
  std::vector<model> result;
  if (!fit.parameters) return result;
  const std::array<double, 4> at = values_of(*fit.parameters);
  std::array<double, 4> positive = at;
  std::array<double, 16> covariance{};
  for (std::size_t i = 0; i < 4; ++i) {
    if (at[i] == 0) positive[i] = 1;  // at its limit, where it stays
    for (std::size_t j = 0; j < 4; ++j) covariance[4 * i + j] = fit.covariance[i][j];
  }
  const std::vector<double> drawn = fitted_draws(positive, covariance, count, seed);
  for (std::size_t d = 0; d < count; ++d) {
    std::array<double, 4> p{};
    for (std::size_t i = 0; i < 4; ++i) p[i] = at[i] == 0 ? 0 : drawn[4 * d + i];
    result.push_back(model_of<model>(p));
  }
  return result;
}

}  // namespace salespulse
#endif
