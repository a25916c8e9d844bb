// SPDX-License-Identifier: BSL-1.0
#include "customer_base.hpp"

#include <salespulse/core/result.hpp>
#include <salespulse/core/wide.hpp>

#include <algorithm>
#include <numeric>

namespace salespulse {

namespace {

condition fault_of(const row_counts<purchase_history>::entry& e) {
  const auto& [row, count] = e;
  if (count < 0) return condition::invalid_weight;
  if (row.repeats < 0) return condition::negative_count;
  if (row.recency < 0 || row.age < 0 || row.recency > row.age) return condition::negative_time;
  if (row.repeats == 0 && row.recency > 0) return condition::contradictory_row;
  return condition::ok;
}

std::int32_t index_of(std::span<const std::int32_t> ticks, std::int32_t tick) {
  return static_cast<std::int32_t>(std::lower_bound(ticks.begin(), ticks.end(), tick) -
                                   ticks.begin());
}

}  // namespace

status fault_of(const row_counts<purchase_history>& customers) {
  for (std::size_t i = 0; i < customers.entries().size(); ++i) {
    const condition fault = fault_of(customers.entries()[i]);
    if (fault != condition::ok) return {fault, static_cast<std::int64_t>(i)};
  }
  return {};
}

scaled_base scaled(const row_counts<purchase_history>& customers, double ticks_per_unit) {
  scaled_base base;
  base.why = fault_of(customers);
  if (!base.why.ok()) return base;
  const auto entries = customers.entries();
  std::vector<std::int32_t> ticks;
  ticks.reserve(2 * entries.size());
  wide ages = 0;
  wide total = 0;
  std::int32_t divisor = 0;
  std::int32_t latest = -1;
  for (const auto& [row, count] : entries) {
    ages += wide{row.age} * count;
    total += count;
    divisor = std::gcd(std::gcd(divisor, row.recency), row.age);
    if (row.recency != latest) ticks.push_back(row.recency);
    latest = row.recency;
    ticks.push_back(row.age);
  }
  if (ages == 0) {
    base.why = {condition::insufficient_data, -1};
    return base;
  }
  std::sort(ticks.begin(), ticks.end());
  ticks.erase(std::unique(ticks.begin(), ticks.end()), ticks.end());
  // Divided by what all ticks have in common, so that another clock gives the same bits.
  const double mean_age = to_double(ages / divisor) / to_double(total);
  base.unit = mean_age * divisor / ticks_per_unit;
  base.customers = to_double(total);
  for (const std::int32_t tick : ticks) base.times.push_back(tick / divisor / mean_age);
  base.rows.reserve(entries.size());
  running_sum bound;
  running_sum sizes;
  running_sum repeats;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto& [row, count] = entries[i];
    if (row.repeats > 0 && row.recency == 0) {
      base.why = {condition::unbounded_likelihood, static_cast<std::int64_t>(i)};
      return base;
    }
    const double weight = static_cast<double>(count);
    base.rows.push_back(
        {row.repeats, weight, index_of(ticks, row.recency), index_of(ticks, row.age)});
    if (row.repeats == 0) continue;
    const double x = row.repeats;
    const double last = base.times[static_cast<std::size_t>(base.rows.back().recency)];
    const double densest = std::log(x / last);
    bound.add(weight * x * (densest - 1));
    sizes.add(weight * x * (std::abs(densest) + 1));
    repeats.add(weight * x);
  }
  base.upper_bound = bound.value();
  base.magnitude = base.customers + sizes.value();
  base.repeats = repeats.value();
  return base;
}

void require(bool holds, const char* message) {
  if (!holds) throw invalid_input(message);
}

void require_history(const buying_history& h) {
  require(h.repeats >= 0 && h.repeats <= most_purchases,
          "buying_history: repeats is negative or above 2^53");
  require(h.recency >= 0 && h.age >= h.recency && std::isfinite(h.age),
          "buying_history: not 0 <= recency <= age");
  require(h.repeats > 0 || h.recency == 0, "buying_history: recency without repeats");
}

void require_model(std::span<const double, 4> parameters, bool times_positive) {
  for (const double p : parameters) {
    require(p >= 0 && std::isfinite(p),
            "model of repeat buying: a parameter is not finite or negative");
  }
  require(parameters[1] > 0 && (!times_positive || parameters[3] > 0),
          "model of repeat buying: alpha or beta is not positive");
}

evaluation<4> likelihood_sum::result() {
  flush();
  evaluation<4> e;
  e.value = sums_[0].value();
  std::size_t k = 5;
  for (Eigen::Index i = 0; i < 4; ++i) {
    e.gradient[i] = sums_[static_cast<std::size_t>(1 + i)].value();
    for (Eigen::Index j = i; j < 4; ++j) e.hessian(i, j) = e.hessian(j, i) = sums_[k++].value();
  }
  return e;
}

std::array<std::array<double, 4>, 4> natural_covariance(const matrix4& of_logarithms,
                                                        const std::array<double, 4>& parameters) {
  std::array<std::array<double, 4>, 4> covariance{};
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 4; ++j) {
      covariance[i][j] = of_logarithms(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) *
                         parameters[i] * parameters[j];
    }
  }
  return covariance;
}

}  // namespace salespulse
