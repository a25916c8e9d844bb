// SPDX-License-Identifier: BSL-1.0
#include "exact_sum.hpp"
#include <salespulse/core/random.hpp>
#include <salespulse/core/result.hpp>
#include <salespulse/core/wide.hpp>
#include <salespulse/statistics/permutation.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

namespace salespulse {

namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();
constexpr std::size_t most_columns = 4;

struct column_sums {
  std::array<double, most_columns> at{};
  column_sums& operator+=(const column_sums& other) {
    for (std::size_t c = 0; c < most_columns; ++c) at[c] += other.at[c];
    return *this;
  }
};

// The rows among which groups may be exchanged, in an order that does not depend on the caller's.
// The smaller group is chosen. Where that is the second one its rows count negative: their sum then
// is the first group's, less the total.
template <class Row>
struct stratum {
  std::vector<Row> rows;
  std::size_t chosen = 0;
};

// How many ways there are to choose, or infinity once there are more than `limit`.
template <class Row>
double arrangements_of(const std::vector<stratum<Row>>& strata, double limit) {
  double ways = 1;
  for (const stratum<Row>& s : strata) {
    for (std::size_t i = 1; i <= s.chosen; ++i) {
      // Whole at every step, and exact as long as it is below 2^53.
      ways = ways * static_cast<double>(s.rows.size() - s.chosen + i) / static_cast<double>(i);
      if (ways > 2 * limit + 1e6) return std::numeric_limits<double>::infinity();
    }
  }
  return std::round(ways);
}

template <class Row, class Visit>
void go_through(const std::vector<stratum<Row>>& strata, std::size_t at, std::size_t next,
                std::size_t left, Row sum, const Visit& visit) {
  if (left == 0) {
    if (at + 1 == strata.size()) {
      visit(sum);
    } else {
      go_through(strata, at + 1, 0, strata[at + 1].chosen, sum, visit);
    }
    return;
  }
  const std::vector<Row>& rows = strata[at].rows;
  for (std::size_t i = next; i + left <= rows.size(); ++i) {
    Row with = sum;
    with += rows[i];
    go_through(strata, at, i + 1, left - 1, with, visit);
  }
}

// Visits the sum of the chosen rows for all arrangements, or for as many draws as asked. `strata`
// is left in another order.
template <class Row, class Visit>
void for_arrangements(std::vector<stratum<Row>>& strata, const permutation_options& options,
                      permutation_result& result, const Visit& visit) {
  const double ways = arrangements_of(strata, static_cast<double>(options.exact_up_to));
  if (ways <= static_cast<double>(options.exact_up_to)) {
    result.exact = true;
    result.arrangements = static_cast<std::int64_t>(ways);
    go_through(strata, 0, 0, strata.front().chosen, Row{}, visit);
    return;
  }
  result.arrangements = options.draws;
  for (std::int64_t draw = 0; draw < options.draws; ++draw) {
    random_stream random(options.seed, static_cast<std::uint64_t>(draw));
    Row sum{};
    for (stratum<Row>& s : strata) {
      for (std::size_t i = 0; i < s.chosen; ++i) {
        const std::size_t j = i + random.below(static_cast<std::uint32_t>(s.rows.size() - i));
        std::swap(s.rows[i], s.rows[j]);
        sum += s.rows[i];
      }
    }
    visit(sum);
  }
}

void set_p_value(permutation_result& result, std::int64_t as_extreme) {
  if (result.exact) {
    // The observed arrangement counts, though its own figure may differ by rounding when summed in
    // another order.
    as_extreme = std::max<std::int64_t>(as_extreme, 1);
    result.p_value = static_cast<double>(as_extreme) / static_cast<double>(result.arrangements);
    return;
  }
  const auto draws = static_cast<double>(result.arrangements);
  result.p_value = (1 + static_cast<double>(as_extreme)) / (1 + draws);
  const double p = std::min(1.0, result.p_value);
  result.monte_carlo_error = draws > 0 ? std::sqrt(p * (1 - p) / draws) : 0;
}

void check_options(const permutation_options& options) {
  if (options.draws < 1 || options.exact_up_to < 0) {
    throw invalid_input("permutation test: fewer than one draw, or a negative limit");
  }
}

status first_non_finite(std::span<const double> values, std::int64_t offset = 0) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      return {condition::non_finite_input, offset + static_cast<std::int64_t>(i)};
    }
  }
  return {};
}

permutation_result refused(status why) {
  permutation_result result;
  result.why = why;
  result.statistic.why = why;
  return result;
}

bool whole_numbers(std::span<const double> values) {
  double total = 0;
  for (const double x : values) {
    if (x != std::floor(x)) return false;
    total += std::abs(x);
  }
  return total < 0x1p53;
}

// One stratum of one number a row, and what sums of the chosen rows mean.
struct two_groups {
  std::vector<double> first;
  std::vector<double> second;
};

// Mean of the differences of means, weighted by n1 n2 / (n1 + n2).
figure difference_of(const std::vector<two_groups>& strata) {
  double weight = 0, sum = 0, difference = 0;
  for (const two_groups& s : strata) {
    exact_sum first, second;
    for (const double x : s.first) first.add(x);
    for (const double x : s.second) second.add(x);
    const auto n1 = static_cast<double>(s.first.size()), n2 = static_cast<double>(s.second.size());
    difference = first.over(static_cast<std::int64_t>(s.first.size())) -
                 second.over(static_cast<std::int64_t>(s.second.size()));
    const double w = n1 * n2 / (n1 + n2);
    weight += w;
    sum += w * difference;
  }
  const double mean = strata.size() == 1 ? difference : sum / weight;
  if (!std::isfinite(mean)) return {std::nullopt, {condition::out_of_range, -1}};
  return {mean, {}};
}

// Sums of chosen rows, and which of them are extreme.
struct sums_to_compare {
  std::vector<stratum<double>> strata;
  double observed = 0;
  double mirrored = 0;   // as far from the expectation as the observed sum, on the other side
  double tolerance = 0;  // within which sums are equal
  bool all_the_same = true;
};

// Sums are of distances from the middle value: what rows have in common is no evidence, and a large
// common part would cost digits.
sums_to_compare sums_of(std::vector<two_groups>& groups) {
  sums_to_compare sums;
  bool whole = true;
  double rows = 0, largest = 0, sizes = 0;
  for (two_groups& g : groups) {
    std::vector<double> pooled(g.first);
    pooled.insert(pooled.end(), g.second.begin(), g.second.end());
    std::sort(pooled.begin(), pooled.end());
    sums.all_the_same = sums.all_the_same && pooled.front() == pooled.back();
    const double centre = pooled[pooled.size() / 2];
    for (const double x : pooled) largest = std::max(largest, std::abs(x));
    for (double& x : pooled) x -= centre;
    for (double& x : g.first) x -= centre;
    for (const double x : pooled) {
      whole = whole && x == std::floor(x);
      sizes += std::abs(x);
    }
    rows += static_cast<double>(pooled.size());
    sums.strata.push_back({std::move(pooled), g.first.size()});
    if (g.second.size() < g.first.size()) {
      for (double& x : sums.strata.back().rows) x = -x;
      sums.strata.back().chosen = g.second.size();
    }
  }
  // Sums of whole numbers are exact, and so are comparisons of them.
  whole = whole && sizes < 0x1p53 && largest < 0x1p53;
  sums.tolerance = whole ? 0 : sizes * std::max(1e-12, rows * epsilon) + rows * epsilon * largest;
  if (!std::isfinite(sums.tolerance)) return sums;

  double twice_whole = 0, twice_part = 0;  // twice the expected sum
  for (std::size_t h = 0; h < groups.size(); ++h) {
    const stratum<double>& s = sums.strata[h];
    exact_sum rows_total, first_total;
    for (const double x : s.rows) rows_total.add(x);
    for (const double x : groups[h].first) first_total.add(x);
    const double total = rows_total.value(), first = first_total.value();
    sums.observed += s.chosen == groups[h].first.size() ? first : first + total;
    const auto n = static_cast<double>(s.rows.size());
    if (whole) {
      const wide numerator = 2 * static_cast<wide>(total) * static_cast<wide>(s.chosen);
      const auto size = static_cast<wide>(s.rows.size());
      twice_whole += to_double(numerator / size);
      twice_part += to_double(numerator % size) / n;
    } else {
      twice_part += 2 * total * static_cast<double>(s.chosen) / n;
    }
  }
  sums.mirrored = (twice_whole - sums.observed) + twice_part;
  if (whole) {
    // The mirror image need not be whole; the sums at or beyond it begin with the next whole
    // number.
    const bool above = sums.mirrored > sums.observed;
    const double part = above ? std::ceil(twice_part - 1e-9) : std::floor(twice_part + 1e-9);
    sums.mirrored = (twice_whole - sums.observed) + part;
  }
  return sums;
}

permutation_result test_of_differences(std::vector<two_groups> groups,
                                       const permutation_options& options) {
  std::erase_if(groups, [](const two_groups& g) { return g.first.empty() || g.second.empty(); });
  if (groups.empty()) return refused({condition::insufficient_groups, -1});
  permutation_result result;
  result.statistic = difference_of(groups);
  if (!result.statistic.value) return refused(result.statistic.why);
  sums_to_compare sums = sums_of(groups);
  if (sums.all_the_same) {
    result.exact = true;
    result.arrangements = 1;
    result.why = {condition::degenerate, -1};
    return result;
  }
  if (!std::isfinite(sums.tolerance)) return refused({condition::out_of_range, -1});
  double upper = std::numeric_limits<double>::infinity(), lower = -upper;
  switch (options.direction) {
    case extreme::either_way:
      upper = std::max(sums.observed, sums.mirrored) - sums.tolerance;
      lower = std::min(sums.observed, sums.mirrored) + sums.tolerance;
      break;
    case extreme::upwards: upper = sums.observed - sums.tolerance; break;
    case extreme::downwards: lower = sums.observed + sums.tolerance; break;
  }
  std::int64_t as_extreme = 0;
  for_arrangements(sums.strata, options, result,
                   [&](double sum) { as_extreme += sum >= upper || sum <= lower; });
  set_p_value(result, as_extreme);
  return result;
}

// Row numbers by stratum; one stratum where none are given.
std::vector<std::vector<std::size_t>> by_stratum(std::span<const std::int64_t> strata,
                                                 std::size_t rows) {
  std::vector<std::size_t> order(rows);
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (strata.empty()) return {order};
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return strata[a] != strata[b] ? strata[a] < strata[b] : a < b;
  });
  std::vector<std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < rows; ++i) {
    if (i == 0 || strata[order[i]] != strata[order[i - 1]]) groups.emplace_back();
    groups.back().push_back(order[i]);
  }
  return groups;
}

status first_unknown_group(std::span<const std::uint8_t> in_first) {
  for (std::size_t i = 0; i < in_first.size(); ++i) {
    if (in_first[i] > 1) return {condition::unknown_state, static_cast<std::int64_t>(i)};
  }
  return {};
}

void add_signs(const std::vector<double>& sizes, std::size_t next, double sum,
               const std::vector<double>& rest, double upper, double lower,
               std::int64_t& as_extreme) {
  if (next == sizes.size()) {
    as_extreme += sum >= upper || sum <= lower;
    return;
  }
  // No sign of the rest can bring the sum across, or back.
  if (sum + rest[next] < upper && sum - rest[next] > lower) return;
  add_signs(sizes, next + 1, sum + sizes[next], rest, upper, lower, as_extreme);
  add_signs(sizes, next + 1, sum - sizes[next], rest, upper, lower, as_extreme);
}

}  // namespace

permutation_result permutation_test(std::span<const double> first, std::span<const double> second,
                                    permutation_options options) {
  check_options(options);
  if (const status why = first_non_finite(first); !why.ok()) return refused(why);
  const auto offset = static_cast<std::int64_t>(first.size());
  if (const status why = first_non_finite(second, offset); !why.ok()) return refused(why);
  std::vector<two_groups> groups(1);
  groups[0].first.assign(first.begin(), first.end());
  groups[0].second.assign(second.begin(), second.end());
  return test_of_differences(std::move(groups), options);
}

permutation_result stratified_permutation_test(std::span<const double> values,
                                               std::span<const std::uint8_t> in_first,
                                               std::span<const std::int64_t> strata,
                                               permutation_options options) {
  check_options(options);
  if (values.size() != in_first.size() || values.size() != strata.size()) {
    throw invalid_input("stratified_permutation_test: spans differ in length");
  }
  if (const status why = first_non_finite(values); !why.ok()) return refused(why);
  if (const status why = first_unknown_group(in_first); !why.ok()) return refused(why);
  std::vector<two_groups> groups;
  if (!values.empty()) {
    for (const std::vector<std::size_t>& rows : by_stratum(strata, values.size())) {
      groups.emplace_back();
      for (const std::size_t i : rows) {
        (in_first[i] != 0 ? groups.back().first : groups.back().second).push_back(values[i]);
      }
    }
  }
  return test_of_differences(std::move(groups), options);
}

permutation_result sign_flip_test(std::span<const double> differences,
                                  permutation_options options) {
  check_options(options);
  if (const status why = first_non_finite(differences); !why.ok()) return refused(why);
  if (differences.empty()) return refused({condition::insufficient_data, -1});
  permutation_result result;
  exact_sum total;
  std::vector<double> sizes;
  for (const double d : differences) {
    total.add(d);
    if (d != 0) sizes.push_back(std::abs(d));
  }
  result.statistic = {total.over(static_cast<std::int64_t>(differences.size())), {}};
  if (sizes.empty()) {
    result.exact = true;
    result.arrangements = 1;
    result.why = {condition::degenerate, -1};
    return result;
  }
  // The largest first: with the others they decide soonest.
  std::sort(sizes.rbegin(), sizes.rend());
  const double observed = total.value();
  std::vector<double> rest(sizes.size() + 1, 0.0);
  for (std::size_t i = sizes.size(); i-- > 0;) rest[i] = rest[i + 1] + sizes[i];
  if (!std::isfinite(rest[0]) || !std::isfinite(observed)) {
    return refused({condition::out_of_range, -1});
  }
  const double tolerance =
      whole_numbers(sizes) ? 0
                           : rest[0] * std::max(1e-12, static_cast<double>(sizes.size()) * epsilon);
  double upper = std::numeric_limits<double>::infinity(), lower = -upper;
  if (options.direction == extreme::either_way) {
    upper = std::abs(observed) - tolerance;
    lower = -upper;
  } else if (options.direction == extreme::upwards) {
    upper = observed - tolerance;
  } else {
    lower = observed + tolerance;
  }
  std::int64_t as_extreme = 0;
  if (sizes.size() < 62 && (std::int64_t{1} << sizes.size()) <= options.exact_up_to) {
    result.exact = true;
    result.arrangements = std::int64_t{1} << sizes.size();
    add_signs(sizes, 0, 0, rest, upper, lower, as_extreme);
  } else {
    result.arrangements = options.draws;
    for (std::int64_t draw = 0; draw < options.draws; ++draw) {
      random_stream random(options.seed, static_cast<std::uint64_t>(draw));
      double positive = 0;
      for (std::size_t i = 0; i < sizes.size(); i += 64) {
        std::uint64_t bits = random.bits();
        const std::size_t end = std::min(i + 64, sizes.size());
        for (std::size_t k = i; k < end; ++k, bits >>= 1) {
          positive += static_cast<double>(bits & 1) * sizes[k];
        }
      }
      const double sum = 2 * positive - rest[0];
      as_extreme += sum >= upper || sum <= lower;
    }
  }
  set_p_value(result, as_extreme);
  return result;
}

permutation_result permutation_test_of_sums(std::span<const double> table, std::size_t columns,
                                            std::span<const std::uint8_t> in_first,
                                            std::span<const std::int64_t> strata,
                                            statistic_of_sums statistic,
                                            permutation_options options) {
  check_options(options);
  const std::size_t rows = in_first.size();
  if (columns < 1 || columns > most_columns || table.size() != rows * columns ||
      (!strata.empty() && strata.size() != rows) || statistic == nullptr) {
    throw invalid_input("permutation_test_of_sums: columns, rows and groups do not fit");
  }
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (!std::isfinite(table[i])) {
      return refused({condition::non_finite_input, static_cast<std::int64_t>(i / columns)});
    }
  }
  if (const status why = first_unknown_group(in_first); !why.ok()) return refused(why);

  column_sums total, observed_first;
  std::vector<stratum<column_sums>> parts;
  column_sums fixed;  // what the first group has beside the sums of chosen rows
  bool all_the_same = true;
  for (const std::vector<std::size_t>& members : by_stratum(strata, rows)) {
    std::vector<std::pair<std::array<double, most_columns>, bool>> sorted;
    for (const std::size_t i : members) {
      sorted.emplace_back();
      for (std::size_t c = 0; c < columns; ++c) sorted.back().first[c] = table[i * columns + c];
      sorted.back().second = in_first[i] != 0;
    }
    // Sums in one order, whatever the order of the rows.
    std::sort(sorted.begin(), sorted.end());
    stratum<column_sums> s;
    column_sums first;
    for (const auto& [values, chosen] : sorted) {
      s.rows.push_back({values});
      total += s.rows.back();
      if (chosen) {
        first += s.rows.back();
        ++s.chosen;
      }
    }
    observed_first += first;
    if (s.chosen == 0 || s.chosen == s.rows.size()) {
      fixed += first;
    } else {
      all_the_same = all_the_same && sorted.front().first == sorted.back().first;
      if (2 * s.chosen > s.rows.size()) {
        for (column_sums& row : s.rows) {
          fixed += row;
          for (double& x : row.at) x = -x;
        }
        s.chosen = s.rows.size() - s.chosen;
      }
      parts.push_back(std::move(s));
    }
  }
  if (parts.empty()) return refused({condition::insufficient_groups, -1});

  const auto figure_of = [&](const column_sums& first) {
    column_sums second;
    for (std::size_t c = 0; c < columns; ++c) second.at[c] = total.at[c] - first.at[c];
    return statistic({first.at.data(), columns}, {second.at.data(), columns});
  };
  const double observed = figure_of(observed_first);
  if (!std::isfinite(observed)) return refused({condition::zero_total, -1});
  permutation_result result;
  result.statistic = {observed, {}};
  if (all_the_same) {
    result.exact = true;
    result.arrangements = 1;
    result.why = {condition::degenerate, -1};
    return result;
  }
  const double tolerance = 1e-10 * std::abs(observed);
  std::int64_t as_extreme = 0;
  for_arrangements(parts, options, result, [&](column_sums first) {
    first += fixed;
    const double value = figure_of(first);
    bool beyond = std::isnan(value);
    if (options.direction == extreme::either_way) {
      beyond = beyond || std::abs(value) >= std::abs(observed) - tolerance;
    } else if (options.direction == extreme::upwards) {
      beyond = beyond || value >= observed - tolerance;
    } else {
      beyond = beyond || value <= observed + tolerance;
    }
    as_extreme += beyond;
  });
  set_p_value(result, as_extreme);
  return result;
}

}  // namespace salespulse
