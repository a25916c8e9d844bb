// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/log_rank.hpp>

#include "boost_policy.hpp"
#include "risk_sets.hpp"
#include "sums.hpp"
#include "twofold.hpp"

#include <salespulse/core/result.hpp>
#include <salespulse/core/wide.hpp>

#include <boost/math/special_functions/gamma.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace salespulse {
namespace {

// The rows of one stratum with their groups, and where they came from.
struct stratum_rows {
  std::vector<observation> rows;
  std::vector<std::int32_t> group;
};

// For each row the index of its stratum in the order of their numbers; with how many there are.
std::pair<std::vector<std::uint32_t>, std::size_t> ranks(std::span<const std::int32_t> stratum) {
  const auto [low, high] = std::minmax_element(stratum.begin(), stratum.end());
  const std::int64_t first = *low;
  const auto range = static_cast<std::size_t>(*high - first + 1);
  std::vector<std::uint32_t> rank(stratum.size());
  if (range <= 4 * stratum.size() + 1024) {
    std::vector<std::uint32_t> rank_of(range);
    for (const std::int32_t s : stratum) rank_of[static_cast<std::size_t>(s - first)] = 1;
    std::uint32_t next = 0;
    for (std::uint32_t& r : rank_of) next += std::exchange(r, next);
    for (std::size_t i = 0; i < stratum.size(); ++i) {
      rank[i] = rank_of[static_cast<std::size_t>(stratum[i] - first)];
    }
    return {std::move(rank), next};
  }
  std::vector<std::int32_t> labels(stratum.begin(), stratum.end());
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  for (std::size_t i = 0; i < stratum.size(); ++i) {
    rank[i] = static_cast<std::uint32_t>(
        std::lower_bound(labels.begin(), labels.end(), stratum[i]) - labels.begin());
  }
  return {std::move(rank), labels.size()};
}

std::vector<stratum_rows> by_stratum(std::span<const observation> data,
                                     std::span<const std::int32_t> group,
                                     std::span<const std::int32_t> stratum) {
  const auto [rank, strata] = ranks(stratum);
  std::vector<std::size_t> size(strata);
  for (const std::uint32_t r : rank) ++size[r];
  std::vector<stratum_rows> parts(strata);
  for (std::size_t s = 0; s < strata; ++s) {
    parts[s].rows.reserve(size[s]);
    parts[s].group.reserve(size[s]);
  }
  for (std::size_t i = 0; i < data.size(); ++i) {
    parts[rank[i]].rows.push_back(data[i]);
    parts[rank[i]].group.push_back(group[i]);
  }
  return parts;
}

struct sums {
  explicit sums(std::size_t groups)
      : observed(groups), expected(groups), difference(groups), variance(groups * groups) {}
  std::vector<running_sum> observed;
  std::vector<running_sum> expected;
  std::vector<running_sum> difference;
  std::vector<running_sum> variance;  // below the diagonal
  std::vector<std::int64_t> subjects;
  bool any_event = false;
};

double power(double base, double exponent) {
  if (exponent == 0) return 1;
  if (exponent == 0.5) return std::sqrt(base);
  return exponent == 1 ? base : std::pow(base, exponent);
}

double weight_of(const log_rank_options& options, const twofold& survival, double n) {
  switch (options.weight) {
    case tick_weight::gehan_breslow: return n;
    case tick_weight::tarone_ware: return std::sqrt(n);
    case tick_weight::fleming_harrington: break;
  }
  const double fallen = (twofold(1) - survival).value();
  return power(survival.value(), options.rho) * power(fallen, options.gamma);
}

void add_stratum(const risk_sets& sets, const log_rank_options& options, sums& to) {
  const std::size_t groups = sets.groups;
  twofold survival(1);
  for (std::size_t i = 0; i < sets.size(); ++i) {
    std::int64_t at_risk = 0;
    std::int64_t events = 0;
    for (std::size_t j = 0; j < groups; ++j) {
      at_risk += sets.at_risk_of(i, j);
      events += sets.events_of(i, 1, j);
    }
    if (events == 0) continue;
    to.any_event = true;
    const auto n = static_cast<double>(at_risk);
    const auto d = static_cast<double>(events);
    const double weight = weight_of(options, survival, n);
    // d (n - d) / (n - 1) / n^2, to be multiplied by -n_j n_l.
    const double spread =
        events == at_risk ? 0 : weight * weight * d / n * (static_cast<double>(at_risk - events) /
                                                           static_cast<double>(at_risk - 1)) / n;
    for (std::size_t j = 0; j < groups; ++j) {
      const std::int64_t n_j = sets.at_risk_of(i, j);
      if (n_j == 0) continue;
      const std::int64_t d_j = sets.events_of(i, 1, j);
      to.observed[j].add(weight * static_cast<double>(d_j));
      to.expected[j].add(weight * (d * static_cast<double>(n_j) / n));
      const wide excess = wide{d_j} * at_risk - wide{events} * n_j;
      to.difference[j].add(weight * (to_double(excess) / n));
      for (std::size_t l = 0; l < j; ++l) {
        const std::int64_t n_l = sets.at_risk_of(i, l);
        if (n_l == 0 || spread == 0) continue;
        to.variance[j * groups + l].add(spread * static_cast<double>(n_j) *
                                        static_cast<double>(n_l));
      }
    }
    survival =
        events == at_risk ? twofold(0.0) : survival * static_cast<double>(at_risk - events) / n;
  }
}

struct quadratic_form {
  double value = 0;
  std::int32_t rank = 0;
};

// x' C^- x, for C that has -links outside the diagonal and rows that sum to 0, and x that sums to 0
// over each set of linked groups. Groups are eliminated one after the other; what is left has the
// same form, so the diagonal is a sum of links and nothing is ever subtracted from it. A group
// whose links are used up is the last of its set.
quadratic_form solve(std::vector<double> links, std::vector<double> x) {
  const std::size_t k = x.size();
  quadratic_form form;
  running_sum value;
  for (std::size_t out = 0; out < k; ++out) {
    double diagonal = 0;
    for (std::size_t j = out + 1; j < k; ++j) diagonal += links[j * k + out];
    if (diagonal == 0) continue;
    ++form.rank;
    value.add(x[out] * x[out] / diagonal);
    for (std::size_t j = out + 1; j < k; ++j) {
      const double share = links[j * k + out] / diagonal;
      if (share == 0) continue;
      x[j] += share * x[out];
      for (std::size_t l = out + 1; l < j; ++l) links[j * k + l] += share * links[l * k + out];
    }
  }
  form.value = value.value();
  return form;
}

// log of the probability that a chi-square exceeds x. The continued fraction of the incomplete
// gamma function takes over where its value leaves the range of a double (Lentz's method).
double log_upper_tail(double degrees, double x) {
  const double a = degrees / 2;
  const double z = x / 2;
  const double q = boost::math::gamma_q(a, z, plain_double());
  if (q > 0.5) return std::log1p(-boost::math::gamma_p(a, z, plain_double()));
  if (q > 1e-280) return std::log(q);
  constexpr double tiny = 1e-300;
  double b = z + 1 - a;
  double c = 1 / tiny;
  double d = 1 / b;
  double fraction = d;
  for (int i = 1; i < 10'000; ++i) {
    const double numerator = -i * (i - a);
    b += 2;
    d = numerator * d + b;
    if (std::abs(d) < tiny) d = tiny;
    c = b + numerator / c;
    if (std::abs(c) < tiny) c = tiny;
    d = 1 / d;
    const double factor = d * c;
    fraction *= factor;
    if (std::abs(factor - 1) < 1e-16) break;
  }
  return a * std::log(z) - z - boost::math::lgamma(a, plain_double()) + std::log(fraction);
}

double upper_tail(double degrees, double x) {
  return boost::math::gamma_q(degrees / 2, x / 2, plain_double());
}

}  // namespace

log_rank_test log_rank(std::span<const observation> data, std::span<const std::int32_t> group,
                       std::int32_t groups, const log_rank_options& options) {
  if (groups < 1) throw invalid_input("log_rank: fewer than one group");
  if (group.size() != data.size()) throw invalid_input("log_rank: a group for each row is needed");
  if (!options.stratum.empty() && options.stratum.size() != data.size()) {
    throw invalid_input("log_rank: a stratum for each row is needed");
  }
  if (!(options.rho >= 0) || !std::isfinite(options.rho) || !(options.gamma >= 0) ||
      !std::isfinite(options.gamma)) {
    throw invalid_input("log_rank: rho and gamma are finite and not negative");
  }
  const auto k = static_cast<std::size_t>(groups);
  log_rank_test test;
  const auto refuse = [&](status why) {
    log_rank_test none;
    none.why = why;
    none.chi_square.why = none.p.why = none.log_p.why = why;
    return none;
  };

  sums found(k);
  std::vector<std::int64_t> subjects(k);
  const auto take = [&](const risk_sets& sets) {
    add_stratum(sets, options, found);
    for (std::size_t j = 0; j < k; ++j) subjects[j] += sets.total[j];
  };
  if (options.stratum.empty()) {
    const risk_sets sets = collapse(data, any_cause, group, groups);
    if (!sets.state.ok()) return refuse(sets.state);
    take(sets);
  } else {
    // Faults are named by their place in the whole, not in a stratum.
    const status fault = collapse(data, any_cause, group, groups).state;
    if (!fault.ok()) return refuse(fault);
    for (const stratum_rows& part : by_stratum(data, group, options.stratum)) {
      const risk_sets sets = collapse(part.rows, any_cause, part.group, groups);
      if (sets.state.ok()) take(sets);  // not so where all of the stratum has weight 0
    }
  }
  if (std::count_if(subjects.begin(), subjects.end(), [](std::int64_t n) { return n > 0; }) < 2) {
    return refuse({condition::insufficient_groups, -1});
  }
  if (!found.any_event) return refuse({condition::no_events, -1});

  test.subjects = std::move(subjects);
  std::vector<double> links(k * k);
  test.variance.resize(k * k);
  for (std::size_t j = 0; j < k; ++j) {
    test.observed.push_back(found.observed[j].value());
    test.expected.push_back(found.expected[j].value());
    test.difference.push_back(found.difference[j].value());
    for (std::size_t l = 0; l < j; ++l) {
      const double link = found.variance[j * k + l].value();
      links[j * k + l] = link;
      test.variance[j * k + l] = test.variance[l * k + j] = link == 0 ? 0 : -link;
    }
  }
  for (std::size_t j = 0; j < k; ++j) {
    running_sum diagonal;
    for (std::size_t l = 0; l < k; ++l) {
      if (l != j) diagonal.add(-test.variance[j * k + l]);
    }
    test.variance[j * k + j] = diagonal.value();
  }

  const quadratic_form form = solve(std::move(links), test.difference);
  test.degrees_of_freedom = form.rank;
  if (form.rank == 0) {
    test.why = {condition::degenerate, -1};
    test.chi_square.why = test.p.why = test.log_p.why = test.why;
    return test;
  }
  test.chi_square.value = form.value;
  test.p.value = upper_tail(form.rank, form.value);
  test.log_p.value = log_upper_tail(form.rank, form.value);
  return test;
}

trend_test log_rank_trend(const log_rank_test& test, std::span<const double> scores) {
  const std::size_t k = test.difference.size();
  trend_test trend;
  const auto refuse = [&](status why) {
    trend.why = trend.z.why = trend.two_sided.why = why;
    return trend;
  };
  if (!test.why.ok()) return refuse(test.why);
  if (scores.size() != k) throw invalid_input("log_rank_trend: a score for each group is needed");
  for (std::size_t j = 0; j < k; ++j) {
    if (!std::isfinite(scores[j])) {
      return refuse({condition::non_finite_input, static_cast<std::int64_t>(j)});
    }
  }
  // On a scale of 1, so that nothing overflows; from the first score, since only gaps matter.
  double reach = 0;
  for (const double score : scores) reach = std::max(reach, std::abs(score / 2 - scores[0] / 2));
  if (reach == 0) return refuse({condition::zero_variance, -1});
  std::vector<double> s;
  for (const double score : scores) s.push_back((score / 2 - scores[0] / 2) / reach);
  running_sum difference;
  running_sum variance;
  for (std::size_t j = 0; j < k; ++j) {
    difference.add(s[j] * test.difference[j]);
    for (std::size_t l = 0; l < j; ++l) {
      variance.add(-test.variance[j * k + l] * (s[j] - s[l]) * (s[j] - s[l]));
    }
  }
  if (!(variance.value() > 0)) return refuse({condition::zero_variance, -1});
  const double z = difference.value() / std::sqrt(variance.value());
  trend.z.value = z;
  trend.two_sided.value = std::erfc(std::abs(z) / std::sqrt(2.0));
  return trend;
}

}  // namespace salespulse
