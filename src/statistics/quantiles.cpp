// SPDX-License-Identifier: BSL-1.0
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/quantiles.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace salespulse {

namespace {

constexpr double fuzz = 4 * std::numeric_limits<double>::epsilon();
constexpr std::int64_t most_cases = std::int64_t{1} << 53;

// A rank next to a whole number, as that number.
double settled(double rank) {
  const double whole = std::round(rank);
  return std::abs(rank - whole) <= fuzz * std::max(1.0, whole) ? whole : rank;
}

void require_probability(double p) {
  if (!(p >= 0 && p <= 1)) throw invalid_input("sample_quantile: p is not within 0 to 1");
}

// The quantile is (1 - share) x_rank + share x_(rank + 1), ranks from 1 to n.
struct place {
  std::int64_t rank;
  double share;
};

place place_of(std::int64_t n, double p, quantile_type type) {
  const auto size = static_cast<double>(n);
  double rank = 0;
  double share = 0;
  if (type <= quantile_type::nearest_even) {
    const double exact = settled(type == quantile_type::nearest_even ? size * p - 0.5 : size * p);
    rank = std::floor(exact);
    const bool above = exact > rank;
    switch (type) {
      case quantile_type::inverse_ecdf: share = above ? 1 : 0; break;
      case quantile_type::averaged_ecdf: share = above ? 1 : 0.5; break;
      default: share = exact != rank || std::fmod(rank, 2) != 0 ? 1 : 0;
    }
  } else if (type == quantile_type::modes) {
    const double exact = settled(1 + (size - 1) * p);
    rank = std::floor(exact);
    share = exact - rank;
  } else {
    double a = 0, b = 1;
    switch (type) {
      case quantile_type::hazen: a = b = 0.5; break;
      case quantile_type::weibull: a = b = 0; break;
      case quantile_type::median_unbiased: a = b = 1.0 / 3; break;
      case quantile_type::normal_unbiased: a = b = 3.0 / 8; break;
      default: break;
    }
    const double exact = settled(a + p * (size + 1 - a - b));
    rank = std::floor(exact);
    share = exact - rank;
  }
  if (rank < 1) return {1, 0};
  if (rank >= size) return {n, 0};
  return {static_cast<std::int64_t>(rank), share};
}

// Between two values; an infinite one leaves no finite number.
figure between(double lower, double upper, double share, std::span<const double> values) {
  double wanted = lower;
  if (share > 0 && lower != upper) {
    // Two products, so that neither a difference nor 0 times infinity can arise.
    wanted = share >= 1 ? upper : (1 - share) * lower + share * upper;
    if (std::isnan(wanted)) wanted = upper;  // from minus infinity to infinity
  }
  if (std::isfinite(wanted)) return {wanted, {}};
  const double beyond = std::isfinite(lower) ? upper : lower;
  const auto row = std::find(values.begin(), values.end(), beyond) - values.begin();
  return {std::nullopt, {condition::not_reached, row}};
}

status faults(std::span<const double> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) return {condition::non_finite_input, static_cast<std::int64_t>(i)};
  }
  return values.empty() ? status{condition::insufficient_data, -1} : status{};
}

template <class Weight>
struct weighted_value {
  double value;
  Weight weight;
};

// Rows with weight in order; `why` names a weight that is none.
template <class Weight>
std::vector<weighted_value<Weight>> in_order(std::span<const double> values,
                                             std::span<const Weight> weights, status& why) {
  if (values.size() != weights.size()) {
    throw invalid_input("weighted quantile: values and weights differ in length");
  }
  std::vector<weighted_value<Weight>> rows;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    if (!(weights[i] >= 0) || weights[i] > std::numeric_limits<Weight>::max()) {
      why = {condition::invalid_weight, row};
      return {};
    }
    if (std::isnan(values[i])) {
      why = {condition::non_finite_input, row};
      return {};
    }
    if (weights[i] > 0) rows.push_back({values[i], weights[i]});
  }
  if (values.empty()) {
    why = {condition::insufficient_data, -1};
  } else if (rows.empty()) {
    why = {condition::invalid_weight, -1};
  }
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return a.value != b.value ? a.value < b.value : a.weight < b.weight;
  });
  return rows;
}

// A step of the weighted distribution: `up_to` is the weight of all values up to this one.
struct step {
  double value;
  double up_to;
};

// The value at `where` on the straight line through (at, value) of each step; the ends go on flat.
template <class Position>
figure on_line(const std::vector<step>& steps, double where, Position at,
               std::span<const double> values) {
  std::size_t k = 0;
  while (k < steps.size() && at(steps[k]) < where) ++k;
  if (k == 0) return between(steps.front().value, steps.front().value, 0, values);
  if (k == steps.size()) return between(steps.back().value, steps.back().value, 0, values);
  const double below = at(steps[k - 1]);
  return between(steps[k - 1].value, steps[k].value, (where - below) / (at(steps[k]) - below),
                 values);
}

// The first value with at least `weight` up to it.
std::size_t first_reaching(const std::vector<step>& steps, double weight) {
  std::size_t k = 0;
  while (k + 1 < steps.size() && steps[k].up_to < weight) ++k;
  return k;
}

}  // namespace

figure sample_quantile(std::span<const double> values, double p, quantile_type type) {
  require_probability(p);
  if (const status why = faults(values); !why.ok()) return {std::nullopt, why};
  std::vector<double> x(values.begin(), values.end());
  const place at = place_of(static_cast<std::int64_t>(x.size()), p, type);
  const auto low = x.begin() + (at.rank - 1);
  std::nth_element(x.begin(), low, x.end());
  const double upper = at.share > 0 ? *std::min_element(low + 1, x.end()) : *low;
  return between(*low, upper, at.share, values);
}

std::vector<figure> sample_quantiles(std::span<const double> values, std::span<const double> p,
                                     quantile_type type) {
  for (const double q : p) require_probability(q);
  if (const status why = faults(values); !why.ok()) {
    return std::vector<figure>(p.size(), figure{std::nullopt, why});
  }
  std::vector<double> x(values.begin(), values.end());
  std::sort(x.begin(), x.end());
  std::vector<figure> found;
  for (const double q : p) {
    const place at = place_of(static_cast<std::int64_t>(x.size()), q, type);
    const auto low = static_cast<std::size_t>(at.rank - 1);
    found.push_back(between(x[low], at.share > 0 ? x[low + 1] : x[low], at.share, values));
  }
  return found;
}

figure sample_quantile(std::span<const double> values, std::span<const std::int64_t> weights,
                       double p, quantile_type type) {
  require_probability(p);
  status why;
  const std::vector<weighted_value<std::int64_t>> rows = in_order(values, weights, why);
  if (!why.ok()) return {std::nullopt, why};
  std::int64_t n = 0;
  for (const auto& row : rows) {
    if (row.weight >= most_cases - n) {
      throw invalid_input("sample_quantile: the weights add up to 2^53 or more");
    }
    n += row.weight;
  }
  const place at = place_of(n, p, type);
  std::size_t k = 0;
  std::int64_t up_to = rows.front().weight;
  while (up_to < at.rank) up_to += rows[++k].weight;
  const double lower = rows[k].value;
  const double upper = at.share > 0 && up_to == at.rank ? rows[k + 1].value : lower;
  return between(lower, upper, at.share, values);
}

figure weighted_quantile(std::span<const double> values, std::span<const double> weights, double p,
                         weighted_quantile_type type) {
  require_probability(p);
  status why;
  const std::vector<weighted_value<double>> rows = in_order(values, weights, why);
  if (!why.ok()) return {std::nullopt, why};
  double heaviest = 0;
  for (const auto& row : rows) heaviest = std::max(heaviest, row.weight);
  // One row, in the unit that the weights are counted in: a sum of the largest would overflow.
  const double one = heaviest > 0x1p900 ? 0x1p-200 : 1;
  std::vector<step> steps;
  double total = 0;
  for (const auto& row : rows) {
    total += row.weight * one;
    if (steps.empty() || steps.back().value != row.value) steps.push_back({row.value, 0});
    steps.back().up_to = total;
  }
  if (steps.size() == 1) return between(steps[0].value, steps[0].value, 0, values);
  const bool by_share = type <= weighted_quantile_type::linear_ecdf;
  if (by_share && (p == 0 || p == 1)) {
    // The first value and the last one, however little weight they have.
    const double end = (p == 0 ? steps.front() : steps.back()).value;
    return between(end, end, 0, values);
  }
  const double tolerance = fuzz * total;
  switch (type) {
    case weighted_quantile_type::inverse_ecdf: {
      const step& s = steps[first_reaching(steps, p * total - tolerance)];
      return between(s.value, s.value, 0, values);
    }
    case weighted_quantile_type::averaged_ecdf: {
      const std::size_t k = first_reaching(steps, p * total - tolerance);
      const bool level = steps[k].up_to <= p * total + tolerance && k + 1 < steps.size();
      return between(steps[k].value, steps[level ? k + 1 : k].value, level ? 0.5 : 0, values);
    }
    case weighted_quantile_type::linear_ecdf:
      return on_line(
          steps, p, [&](const step& s) { return s.up_to / total; }, values);
    case weighted_quantile_type::weibull:
      return on_line(
          steps, p, [&](const step& s) { return s.up_to / (total + one); }, values);
    case weighted_quantile_type::modes:
    case weighted_quantile_type::frequency: break;
  }
  if (!(total > one)) return {std::nullopt, {condition::insufficient_data, -1}};
  if (type == weighted_quantile_type::modes) {
    return on_line(
        steps, p, [&](const step& s) { return (s.up_to - one) / (total - one); }, values);
  }
  const double exact = settled(one + (total - one) * p);
  // Beyond 2^53 rows a double cannot tell one row from the next.
  if (total > one * 0x1p53) {
    const step& s = steps[first_reaching(steps, exact)];
    return between(s.value, s.value, 0, values);
  }
  const double rank = std::floor(exact);
  const std::size_t low = first_reaching(steps, std::max(rank, 1.0));
  const std::size_t high = first_reaching(steps, std::min(rank + 1, total));
  return between(steps[low].value, steps[high].value, exact - rank, values);
}

}  // namespace salespulse
