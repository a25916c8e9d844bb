// SPDX-License-Identifier: BSL-1.0
#include "lattice_items.hpp"

#include "sums.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/core/wide.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

namespace salespulse {

namespace {

// Amounts and their probabilities, item after item, with 0 for the rest of the probability.
struct raw_items {
  status why;
  std::vector<lattice_point> points;  // `at` in the caller's unit
  std::vector<std::size_t> ends;
};

status check_probability(double p, std::size_t item) {
  const auto where = static_cast<std::int64_t>(item);
  if (!std::isfinite(p)) return {condition::non_finite_input, where};
  if (p < 0 || p > 1) return {condition::invalid_probability, where};
  return {};
}

raw_items raw(std::span<const chance> chances) {
  raw_items items;
  items.points.reserve(2 * chances.size());
  items.ends.reserve(chances.size());
  for (std::size_t i = 0; i < chances.size(); ++i) {
    const auto [amount, p] = chances[i];
    items.why = check_probability(p, i);
    if (!items.why.ok()) return items;
    items.points.push_back({0, 1 - p});
    items.points.push_back({amount, p});
    items.ends.push_back(items.points.size());
  }
  return items;
}

raw_items raw(std::span<const uncertain_amount> amounts) {
  raw_items items;
  for (std::size_t i = 0; i < amounts.size(); ++i) {
    const std::vector<chance>& outcomes = amounts[i].outcomes;
    running_sum left;
    left.add(1);
    for (const auto& [amount, p] : outcomes) {
      items.why = check_probability(p, i);
      if (!items.why.ok()) return items;
      left.add(-p);
    }
    const double rest = left.value();
    const double rounding =
        outcomes.size() < 2 ? 0 : 0x1p-53 * static_cast<double>(outcomes.size());
    if (rest < -1e-12) {
      items.why = {condition::invalid_probability, static_cast<std::int64_t>(i)};
      return items;
    }
    for (const auto& [amount, p] : outcomes) {
      items.points.push_back({amount, rest < 0 ? p / (1 - rest) : p});
    }
    if (rest > rounding) items.points.push_back({0, rest});
    items.ends.push_back(items.points.size());
  }
  return items;
}

wide rounded(std::int64_t amount, std::int64_t unit) {
  const wide size = amount < 0 ? -wide{amount} : wide{amount};
  const wide multiple = (size + unit / 2) / unit * unit;
  return amount < 0 ? -multiple : multiple;
}

// Lowest and highest sum after rounding.
struct range {
  wide lowest = 0;
  wide highest = 0;
};

range range_of_item(const raw_items& raw, std::size_t begin, std::size_t end, std::int64_t unit) {
  std::optional<range> r;
  for (std::size_t k = begin; k < end; ++k) {
    if (raw.points[k].mass == 0) continue;
    const wide at = rounded(raw.points[k].at, unit);
    r = r ? range{std::min(r->lowest, at), std::max(r->highest, at)} : range{at, at};
  }
  return r.value_or(range{});
}

range range_of(const raw_items& raw, std::int64_t unit) {
  range sum;
  std::size_t begin = 0;
  for (const std::size_t end : raw.ends) {
    const range r = range_of_item(raw, begin, end, unit);
    sum.lowest += r.lowest;
    sum.highest += r.highest;
    begin = end;
  }
  return sum;
}

// 0 where nothing fits.
std::int64_t suggest_unit(const raw_items& raw, const sum_options& options) {
  const std::int64_t steps[] = {2, 5, 10};
  for (std::int64_t power = 1; power < INT64_MAX / 10; power *= 10) {
    for (const std::int64_t s : steps) {
      const std::int64_t unit = s * power;
      if (unit <= options.round_to) continue;
      const range r = range_of(raw, unit);
      if ((r.highest - r.lowest) / unit < options.max_points) return unit;
    }
  }
  return 0;
}

prepared_items assemble(raw_items raw, const sum_options& options, bool limited) {
  if (options.round_to < 1 || options.max_points < 1) {
    throw invalid_input("sum_options: the unit or the number of points is below 1");
  }
  prepared_items prepared;
  prepared.why = raw.why;
  if (!raw.why.ok()) return prepared;

  const range r = range_of(raw, options.round_to);
  if (!fits_int64(r.lowest) || !fits_int64(r.highest) || !fits_int64(r.highest - r.lowest)) {
    prepared.why = {condition::too_large};
    prepared.suggested_unit = 0;
    return prepared;
  }

  lattice_items flat;
  std::int64_t divisor = 0;
  std::size_t begin = 0;
  std::vector<lattice_point> item;
  for (const std::size_t end : raw.ends) {
    item.clear();
    const wide low = range_of_item(raw, begin, end, options.round_to).lowest;
    for (std::size_t k = begin; k < end; ++k) {
      if (raw.points[k].mass == 0) continue;
      const wide above = rounded(raw.points[k].at, options.round_to) - low;
      item.push_back({static_cast<std::int64_t>(above), raw.points[k].mass});
    }
    begin = end;
    if (item.empty()) continue;
    std::sort(item.begin(), item.end());
    std::size_t distinct = 0;
    for (std::size_t k = 1; k < item.size(); ++k) {
      if (item[k].at == item[distinct].at) {
        item[distinct].mass += item[k].mass;
      } else {
        item[++distinct] = item[k];
      }
    }
    item.resize(distinct + 1);
    if (item.size() == 1) continue;  // certain
    for (const lattice_point& p : item) divisor = std::gcd(divisor, p.at);
    flat.points.insert(flat.points.end(), item.begin(), item.end());
    flat.ends.push_back(flat.points.size());
  }

  lattice_items& items = prepared.items;
  items.lowest = static_cast<std::int64_t>(r.lowest);
  items.step = std::max<std::int64_t>(divisor, 1);
  items.span = static_cast<std::int64_t>(r.highest - r.lowest) / items.step;
  if (limited && items.span >= options.max_points) {
    prepared.why = {condition::too_large};
    prepared.suggested_unit = suggest_unit(raw, options);
    items = {};
    return prepared;
  }
  for (lattice_point& p : flat.points) p.at /= items.step;

  std::vector<std::size_t> order(flat.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const auto x = flat.item(a);
    const auto y = flat.item(b);
    if (x.back().at != y.back().at) return x.back().at < y.back().at;
    return std::lexicographical_compare(x.begin(), x.end(), y.begin(), y.end());
  });
  items.points.reserve(flat.points.size());
  for (const std::size_t i : order) {
    const auto one = flat.item(i);
    items.points.insert(items.points.end(), one.begin(), one.end());
    items.ends.push_back(items.points.size());
  }
  return prepared;
}

// Item i's transform about its largest term: masses mass exp(u at - largest), their sum, and the
// largest exponent.
struct tilted_item {
  double largest;
  double sum;
};

tilted_item tilt(std::span<const lattice_point> item, double u, std::vector<double>& masses) {
  const double largest = u > 0 ? u * static_cast<double>(item.back().at) : 0;
  masses.clear();
  double sum = 0;
  for (const lattice_point& p : item) {
    masses.push_back(p.mass * std::exp(u * static_cast<double>(p.at) - largest));
    sum += masses.back();
  }
  return {largest, sum};
}

}  // namespace

prepared_items prepare(std::span<const chance> chances, const sum_options& options) {
  return assemble(raw(chances), options, true);
}

prepared_items prepare(std::span<const uncertain_amount> amounts, const sum_options& options) {
  return assemble(raw(amounts), options, true);
}

prepared_items prepare_unlimited(std::span<const chance> chances) {
  return assemble(raw(chances), {}, false);
}

prepared_items prepare_unlimited(std::span<const uncertain_amount> amounts) {
  return assemble(raw(amounts), {}, false);
}

lattice_items mirrored(const lattice_items& items) {
  lattice_items mirror = items;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto item = items.item(i);
    const std::size_t end = items.ends[i];
    for (std::size_t k = 0; k < item.size(); ++k) {
      mirror.points[end - 1 - k] = {item.back().at - item[k].at, item[k].mass};
    }
  }
  return mirror;
}

tilted_cumulants cumulants(const lattice_items& items, double u) {
  running_sum log_transform;
  running_sum mean;
  running_sum variance;
  running_sum third;
  std::vector<double> masses;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto item = items.item(i);
    const auto [largest, sum] = tilt(item, u, masses);
    // Near u = 0 the transform is near 1, and its logarithm is wanted to the last digit.
    double excess = 0;
    double total = 0;
    double first = 0;
    for (std::size_t k = 0; k < item.size(); ++k) {
      const auto at = static_cast<double>(item[k].at);
      if (std::abs(u) * static_cast<double>(item.back().at) < 1) {
        excess += item[k].mass * std::expm1(u * at);
        total += item[k].mass;
      }
      first += masses[k] / sum * at;
    }
    log_transform.add(total > 0 ? std::log1p(excess / total) : largest + std::log(sum));
    mean.add(first);
    double second_moment = 0;
    double third_moment = 0;
    for (std::size_t k = 0; k < item.size(); ++k) {
      const double away = static_cast<double>(item[k].at) - first;
      second_moment += masses[k] / sum * away * away;
      third_moment += masses[k] / sum * away * away * away;
    }
    variance.add(second_moment);
    third.add(third_moment);
  }
  return {log_transform.value(), mean.value(), variance.value(), third.value()};
}

double tilt_to(const lattice_items& items, double target) {
  const tilted_cumulants at_zero = cumulants(items, 0);
  if (target == at_zero.mean) return 0;
  // The mean rises with u from 0 to the span: enclose, then Newton held within the enclosure.
  const double direction = target > at_zero.mean ? 1 : -1;
  double inner = 0;
  // Far out where rare items decide: begin where the widest one feels the tilt, and double.
  double widest = 1;
  for (std::size_t i = 0; i < items.size(); ++i) {
    widest = std::max(widest, static_cast<double>(items.item(i).back().at));
  }
  double outer = direction * std::min(1 / std::sqrt(at_zero.variance), 1 / widest);
  const auto beyond = [&](double mean) { return direction > 0 ? mean >= target : mean <= target; };
  while (!beyond(cumulants(items, outer).mean) && std::abs(outer) < 1e300) {
    inner = outer;
    outer *= 2;
  }
  double u = inner;
  for (int i = 0; i < 200; ++i) {
    const tilted_cumulants c = cumulants(items, u);
    if (c.mean == target) return u;
    (beyond(c.mean) ? outer : inner) = u;
    double next = c.variance > 0 ? u + (target - c.mean) / c.variance : outer;
    if (!(std::min(inner, outer) < next && next < std::max(inner, outer))) {
      next = (inner + outer) / 2;
    }
    if (std::abs(next - u) <= 4 * std::numeric_limits<double>::epsilon() * std::abs(next)) {
      return next;
    }
    u = next;
  }
  return u;
}

lattice_items tilted(const lattice_items& items, double u) {
  lattice_items result = items;
  std::vector<double> masses;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto item = items.item(i);
    const double sum = tilt(item, u, masses).sum;
    const std::size_t begin = items.ends[i] - item.size();
    for (std::size_t k = 0; k < item.size(); ++k) result.points[begin + k].mass = masses[k] / sum;
  }
  return result;
}

}  // namespace salespulse
