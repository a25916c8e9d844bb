// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/sum_distribution.hpp>

#include "convolution.hpp"
#include "lattice_items.hpp"
#include "sums.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/core/wide.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace salespulse {

namespace {

lattice_sum sum_of(prepared_items prepared, const sum_options& options) {
  lattice_sum sum;
  sum.why = prepared.why;
  sum.suggested_unit = prepared.suggested_unit;
  if (!sum.why.ok()) return sum;
  const lattice_items& items = prepared.items;
  sum.direct = direct_operations(items) <= options.max_direct_operations;
  mass_band band = sum.direct ? convolve_directly(items) : convolve_by_transform(items);
  sum.distribution = lattice_distribution(items.lowest + items.step * band.first, items.step,
                                          std::move(band.masses));
  return sum;
}

// P(sum above the lowest >= steps).
tail_probability tail_from(const lattice_items& items, wide steps, const sum_options& options) {
  tail_probability tail;
  if (steps > items.span) return tail;
  if (steps <= 0) return {{}, 1, 0.0, 1};
  const auto target = static_cast<double>(steps);
  double log_scale = 0;
  double u = 0;
  if (steps == items.span) {
    // One way only: every item at its highest.
    running_sum log;
    for (std::size_t i = 0; i < items.size(); ++i) log.add(std::log(items.item(i).back().mass));
    return {{}, std::exp(log.value()), log.value(), 1};
  }
  mass_band band;
  if (target > cumulants(items, 0).mean) {
    u = tilt_to(items, target);
    log_scale = cumulants(items, u).log_transform - u * target;
    band = convolve(tilted(items, u), options);
  } else {
    band = convolve(items, options);
  }
  running_sum sum;
  const auto begin = static_cast<std::size_t>(std::max<wide>(steps - band.first, 0));
  for (std::size_t k = begin; k < band.masses.size(); ++k) {
    const double beyond = static_cast<double>(band.first) + static_cast<double>(k) - target;
    sum.add(u == 0 ? band.masses[k] : band.masses[k] * std::exp(-u * beyond));
  }
  const double log = std::min(log_scale + std::log(sum.value()), 0.0);
  if (!std::isfinite(log)) return tail;
  tail.value = u == 0 ? std::min(sum.value(), 1.0) : std::exp(log);
  tail.log_value = log;
  return tail;
}

wide floor_divide(wide a, wide b) { return a >= 0 ? a / b : -((-a + b - 1) / b); }

tail_probability upper(prepared_items prepared, std::int64_t x, const sum_options& options) {
  if (!prepared.why.ok()) return {prepared.why, 0, {}, prepared.suggested_unit};
  const lattice_items& items = prepared.items;
  return tail_from(items, -floor_divide(-(wide{x} - items.lowest), items.step), options);
}

tail_probability lower(prepared_items prepared, std::int64_t x, const sum_options& options) {
  if (!prepared.why.ok()) return {prepared.why, 0, {}, prepared.suggested_unit};
  const lattice_items& items = prepared.items;
  return tail_from(mirrored(items), items.span - floor_divide(wide{x} - items.lowest, items.step),
                   options);
}

}  // namespace

lattice_sum sum_distribution(std::span<const chance> chances, const sum_options& options) {
  return sum_of(prepare(chances, options), options);
}

lattice_sum sum_distribution(std::span<const uncertain_amount> amounts,
                             const sum_options& options) {
  return sum_of(prepare(amounts, options), options);
}

lattice_sum sum_distribution(std::span<const lattice_distribution> parts,
                             const sum_options& options) {
  lattice_sum sum;
  std::int64_t step = 0;
  wide first = 0;
  wide last = 0;
  for (const lattice_distribution& part : parts) {
    first += part.first();
    last += part.last();
    if (part.masses().size() > 1) step = std::gcd(step, part.step());
  }
  step = std::max<std::int64_t>(step, 1);
  if (!fits_int64(first) || !fits_int64(last) || (last - first) / step >= options.max_points) {
    sum.why = {condition::too_large};
    return sum;
  }
  // Shortest first, then by their masses: the order of the parts does not change a bit.
  std::vector<const lattice_distribution*> order;
  for (const lattice_distribution& part : parts) order.push_back(&part);
  std::sort(order.begin(), order.end(),
            [](const lattice_distribution* a, const lattice_distribution* b) {
              const wide width_a = wide{a->last()} - a->first();
              const wide width_b = wide{b->last()} - b->first();
              if (width_a != width_b) return width_a < width_b;
              return std::lexicographical_compare(a->masses().begin(), a->masses().end(),
                                                  b->masses().begin(), b->masses().end());
            });
  double operations = 0;
  double points = 1;
  for (const lattice_distribution* part : order) {
    points += static_cast<double>((wide{part->last()} - part->first()) / step);
    operations += points * static_cast<double>(part->masses().size());
  }
  sum.direct = operations <= options.max_direct_operations;
  std::vector<double> masses{1.0};
  for (const lattice_distribution* part : order) {
    const auto stride =
        static_cast<std::size_t>(part->masses().size() > 1 ? part->step() / step : 1);
    std::vector<double> spread((part->masses().size() - 1) * stride + 1);
    for (std::size_t k = 0; k < part->masses().size(); ++k) spread[k * stride] = part->masses()[k];
    masses = convolve(masses, spread, sum.direct);
  }
  drop_negatives(masses);
  sum.distribution =
      lattice_distribution(static_cast<std::int64_t>(first), step, std::move(masses));
  return sum;
}

tail_probability upper_tail(std::span<const chance> chances, std::int64_t x,
                            const sum_options& options) {
  return upper(prepare(chances, options), x, options);
}

tail_probability upper_tail(std::span<const uncertain_amount> amounts, std::int64_t x,
                            const sum_options& options) {
  return upper(prepare(amounts, options), x, options);
}

tail_probability lower_tail(std::span<const chance> chances, std::int64_t x,
                            const sum_options& options) {
  return lower(prepare(chances, options), x, options);
}

tail_probability lower_tail(std::span<const uncertain_amount> amounts, std::int64_t x,
                            const sum_options& options) {
  return lower(prepare(amounts, options), x, options);
}

lattice_sum poisson_binomial(std::span<const double> p) {
  std::vector<chance> chances;
  chances.reserve(p.size());
  for (const double probability : p) chances.push_back({1, probability});
  sum_options options;
  options.max_points = static_cast<std::int64_t>(p.size()) + 1;
  options.max_direct_operations = 1e300;
  return sum_distribution(chances, options);
}

}  // namespace salespulse
