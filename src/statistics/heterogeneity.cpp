// SPDX-License-Identifier: BSL-1.0
#include "boost_policy.hpp"
#include "log_gamma_parts.hpp"
#include "sums.hpp"
#include <salespulse/core/random.hpp>
#include <salespulse/core/result.hpp>
#include <salespulse/core/wide.hpp>
#include <salespulse/statistics/heterogeneity.hpp>

#include <boost/math/special_functions/gamma.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <vector>

namespace salespulse {

namespace {

constexpr std::int64_t most_draws = 10'000'000;

// log P(chi-square > x), also where the probability is below all doubles.
double log_upper_tail(double x, double degrees) {
  const double a = degrees / 2;
  const double z = x / 2;
  const double p = boost::math::gamma_q(a, z, plain_double{});
  if (p > 1e-280) return std::log(p);
  // Legendre's continued fraction, with the factor in front of it in logarithms; z is far beyond a.
  double tail = 0;
  for (int i = 200; i > 0; --i) tail = i * (i - a) / (z + 2 * i + 1 - a - tail);
  const double log_power = -deviance(a, z, a - z) - stirling_remainder(a).value -
                           0.5 * std::log(2 * std::numbers::pi / a);
  return log_power - std::log(z + 1 - a - tail);
}

chi_square_test chi_square_of(double statistic, double degrees) {
  chi_square_test t;
  t.statistic = std::max(statistic, 0.0);
  t.degrees = degrees;
  t.p_value = boost::math::gamma_q(degrees / 2, t.statistic / 2, plain_double{});
  t.log_p_value = log_upper_tail(t.statistic, degrees);
  return t;
}

// Units that say something, in order, with their totals.
struct binomial_table {
  std::vector<binomial_count> rows;
  wide successes = 0;
  wide cases = 0;
  status why;

  [[nodiscard]] double rate() const { return to_double(successes) / to_double(cases); }
  [[nodiscard]] double failure_rate() const {
    return to_double(cases - successes) / to_double(cases);
  }
  // Successes less those expected, exact but for the last division.
  [[nodiscard]] double surplus(const binomial_count& row) const {
    return to_double(static_cast<wide>(row.successes) * cases -
                     static_cast<wide>(row.cases) * successes) /
           to_double(cases);
  }
};

binomial_table table_of(std::span<const binomial_count> units) {
  binomial_table t;
  std::int64_t i = 0;
  for (const binomial_count& u : units) {
    if (u.successes < 0 || u.cases < 0) {
      t.why = {condition::negative_count, i};
    } else if (u.successes > u.cases) {
      t.why = {condition::count_exceeds_trials, i};
    }
    if (!t.why.ok()) return t;
    ++i;
    if (u.cases == 0) continue;
    t.rows.push_back(u);
    t.successes += u.successes;
    t.cases += u.cases;
  }
  std::sort(t.rows.begin(), t.rows.end());
  if (t.rows.size() < 2) {
    t.why = {condition::insufficient_groups, -1};
  } else if (!fits_int64(t.cases)) {
    t.why = {condition::too_large, -1};
  } else if (t.successes == 0 || t.successes == t.cases) {
    t.why = {condition::one_class, -1};
  }
  return t;
}

struct poisson_table {
  std::vector<poisson_count> rows;  // exposures as shares of all
  wide events = 0;
  status why;
};

poisson_table table_of(std::span<const poisson_count> units) {
  poisson_table t;
  std::int64_t i = 0;
  for (const poisson_count& u : units) {
    if (u.events < 0) {
      t.why = {condition::negative_count, i};
    } else if (!std::isfinite(u.exposure)) {
      t.why = {condition::non_finite_input, i};
    } else if (u.exposure < 0) {
      t.why = {condition::negative_time, i};
    } else if (u.exposure == 0 && u.events > 0) {
      t.why = {condition::events_without_exposure, i};
    }
    if (!t.why.ok()) return t;
    ++i;
    if (u.exposure > 0) t.rows.push_back(u);
  }
  std::sort(t.rows.begin(), t.rows.end());
  running_sum exposure;
  for (const poisson_count& u : t.rows) {
    exposure.add(u.exposure);
    t.events += u.events;
  }
  for (poisson_count& u : t.rows) u.exposure /= exposure.value();
  if (t.rows.size() < 2) {
    t.why = {condition::insufficient_groups, -1};
  } else if (!std::isfinite(exposure.value())) {
    t.why = {condition::out_of_range, -1};
  } else if (t.events == 0) {
    t.why = {condition::no_events, -1};
  }
  return t;
}

double pearson(const binomial_table& t) {
  running_sum sum;
  for (const binomial_count& row : t.rows) {
    const double off = t.surplus(row);
    sum.add(off * off / static_cast<double>(row.cases));
  }
  return sum.value() / (t.rate() * t.failure_rate());
}

double dispersion(const poisson_table& t) {
  running_sum sum;
  for (const poisson_count& row : t.rows) {
    const double expected = row.exposure * to_double(t.events);
    const double off = static_cast<double>(row.events) - expected;
    sum.add(off * off / expected);
  }
  return sum.value();
}

// Uniform on 0, ..., n - 1 for n up to 2^40; the bias is below n * 2^-53.
std::size_t draw_below(random_stream& random, std::size_t n) {
  return std::min(static_cast<std::size_t>(random.uniform() * static_cast<double>(n)), n - 1);
}

void require_options(const homogeneity_draws& options) {
  if (options.draws < 1 || options.draws > 1'000'000'000) {
    throw invalid_input("permuted_homogeneity: draws are not within 1 to 10^9");
  }
}

// Statistics that are equal on paper differ in their last digits; they count as extreme.
constexpr double ties = 1e-11;

permutation_result drawn(double statistic, std::int64_t extreme, std::int64_t draws) {
  permutation_result r;
  const auto all = static_cast<double>(draws) + 1;
  r.statistic = {statistic, {}};
  r.p_value = (static_cast<double>(extreme) + 1) / all;
  r.monte_carlo_error = std::sqrt(r.p_value * (1 - r.p_value) / all);
  r.arrangements = draws;
  return r;
}

permutation_result not_drawn(const status& why) {
  permutation_result r;
  r.statistic.why = r.why = why;
  return r;
}

}  // namespace

chi_square_test pearson_homogeneity(std::span<const binomial_count> units) {
  const binomial_table t = table_of(units);
  if (!t.why.ok()) return {t.why};
  return chi_square_of(pearson(t), static_cast<double>(t.rows.size() - 1));
}

chi_square_test g_homogeneity(std::span<const binomial_count> units) {
  const binomial_table t = table_of(units);
  if (!t.why.ok()) return {t.why};
  running_sum sum;
  for (const binomial_count& row : t.rows) {
    const auto n = static_cast<double>(row.cases);
    const double off = t.surplus(row);
    sum.add(deviance(static_cast<double>(row.successes), n * t.rate(), off));
    sum.add(deviance(static_cast<double>(row.cases - row.successes), n * t.failure_rate(), -off));
  }
  return chi_square_of(2 * sum.value(), static_cast<double>(t.rows.size() - 1));
}

chi_square_test poisson_dispersion(std::span<const poisson_count> units) {
  const poisson_table t = table_of(units);
  if (!t.why.ok()) return {t.why};
  const double statistic = dispersion(t);
  if (!std::isfinite(statistic)) return {{condition::out_of_range, -1}};
  return chi_square_of(statistic, static_cast<double>(t.rows.size() - 1));
}

cochran_test cochran_q(std::span<const measurement> units) {
  // The fit does the checks, and the pooled mean at variance 0 between units is that of Q.
  cochran_test c;
  const normal_normal_fit fit = fit_normal_normal(units, between_variance::der_simonian_laird);
  if (!fit.why.ok() && fit.why.what != condition::no_heterogeneity) {
    c.test.why = fit.why;
    return c;
  }
  std::vector<measurement> rows(units.begin(), units.end());
  std::sort(rows.begin(), rows.end(), [](const measurement& a, const measurement& b) {
    return a.value != b.value ? a.value < b.value : a.std_error < b.std_error;
  });
  const double centre = rows[rows.size() / 2].value;
  const double unit = rows.front().std_error;
  running_sum weights, weighted;
  for (const measurement& m : rows) {
    const double w = (unit / m.std_error) * (unit / m.std_error);
    weights.add(w);
    weighted.add(w * (m.value - centre));
  }
  const double mean = weighted.value() / weights.value();
  running_sum q;
  for (const measurement& m : rows) {
    const double off = ((m.value - centre) - mean) / m.std_error;
    q.add(off * off);
  }
  const double degrees = static_cast<double>(rows.size() - 1);
  if (!std::isfinite(q.value())) {
    c.test.why = {condition::out_of_range, -1};
    return c;
  }
  c.test = chi_square_of(q.value(), degrees);
  c.i_squared = c.test.statistic > degrees ? 1 - degrees / c.test.statistic : 0;
  c.h = std::sqrt(c.test.statistic / degrees);
  return c;
}

score_test tarone_overdispersion(std::span<const binomial_count> units) {
  const binomial_table t = table_of(units);
  score_test s;
  s.why = t.why;
  if (!s.why.ok()) return s;
  running_sum squares, pairs;
  for (const binomial_count& row : t.rows) {
    const auto n = static_cast<double>(row.cases);
    const double off = t.surplus(row);
    squares.add(off * off / (t.rate() * t.failure_rate()));
    squares.add(-n);
    pairs.add(n * (n - 1));
  }
  if (pairs.value() == 0) {
    s.why = {condition::not_identified, -1};
    return s;
  }
  s.z = squares.value() / std::sqrt(2 * pairs.value());
  s.p_value = 0.5 * std::erfc(s.z / std::numbers::sqrt2);
  // Twice the upper tail of z is the tail of a chi-square on one degree.
  s.log_p_value = s.z > 5 ? log_upper_tail(s.z * s.z, 1) - std::numbers::ln2 : std::log(s.p_value);
  return s;
}

figure intraclass_correlation(std::span<const binomial_count> units) {
  const binomial_table t = table_of(units);
  if (!t.why.ok()) return {{}, t.why};
  const auto groups = static_cast<double>(t.rows.size());
  const double cases = to_double(t.cases);
  if (cases == groups) return {{}, {condition::not_identified, -1}};
  running_sum between, within, squares;
  for (const binomial_count& row : t.rows) {
    const auto n = static_cast<double>(row.cases);
    const double off = t.surplus(row);
    between.add(off * off / n);
    within.add(static_cast<double>(row.successes) *
               (static_cast<double>(row.cases - row.successes) / n));
    squares.add(n * n);
  }
  const double msb = between.value() / (groups - 1);
  const double msw = within.value() / (cases - groups);
  const double size = (cases - squares.value() / cases) / (groups - 1);
  const double below = msb + (size - 1) * msw;
  if (!(below > 0)) return {{}, {condition::zero_variance, -1}};
  return {(msb - msw) / below, {}};
}

permutation_result permuted_homogeneity(std::span<const binomial_count> units,
                                        const homogeneity_draws& options) {
  require_options(options);
  binomial_table t = table_of(units);
  if (!t.why.ok()) return not_drawn(t.why);
  // By size, so that the same draws come for successes and for failures.
  std::sort(t.rows.begin(), t.rows.end(), [](const binomial_count& a, const binomial_count& b) {
    return a.cases != b.cases ? a.cases < b.cases : a.successes < b.successes;
  });
  if (t.cases > most_draws) return not_drawn({condition::too_large, -1});
  std::vector<std::uint32_t> unit_of_case;
  for (std::size_t g = 0; g < t.rows.size(); ++g) {
    unit_of_case.insert(unit_of_case.end(), static_cast<std::size_t>(t.rows[g].cases),
                        static_cast<std::uint32_t>(g));
  }
  // The statistic is the same for successes and failures: deal out the fewer of them. Given the
  // totals it grows with the sum of squares over cases, from which the expectation is a constant.
  const auto fewer = static_cast<std::size_t>(std::min(t.successes, t.cases - t.successes));
  const double share = static_cast<double>(fewer) / to_double(t.cases);
  const auto spread = [&](const std::vector<std::int64_t>& counts) {
    double sum = 0;
    for (std::size_t g = 0; g < counts.size(); ++g) {
      const auto n = static_cast<double>(t.rows[g].cases);
      const double off = static_cast<double>(counts[g]) - n * share;
      sum += off * off / n;
    }
    return sum;
  };
  std::vector<std::int64_t> counts;
  const bool successes_fewer = t.successes <= t.cases - t.successes;
  for (const binomial_count& row : t.rows) {
    counts.push_back(successes_fewer ? row.successes : row.cases - row.successes);
  }
  const double seen = spread(counts) * (1 - ties);
  std::int64_t extreme = 0;
  for (std::int64_t i = 0; i < options.draws; ++i) {
    random_stream random(options.seed, static_cast<std::uint64_t>(i));
    std::fill(counts.begin(), counts.end(), 0);
    // The first cases of a shuffle; where the last draw left the order does not matter.
    for (std::size_t j = 0; j < fewer; ++j) {
      std::swap(unit_of_case[j], unit_of_case[j + draw_below(random, unit_of_case.size() - j)]);
      ++counts[unit_of_case[j]];
    }
    if (spread(counts) >= seen) ++extreme;
  }
  return drawn(pearson(t), extreme, options.draws);
}

permutation_result permuted_dispersion(std::span<const poisson_count> units,
                                       const homogeneity_draws& options) {
  require_options(options);
  const poisson_table t = table_of(units);
  if (!t.why.ok()) return not_drawn(t.why);
  if (t.events > most_draws) return not_drawn({condition::too_large, -1});
  const double statistic = dispersion(t);
  if (!std::isfinite(statistic)) return not_drawn({condition::out_of_range, -1});
  std::vector<double> up_to;  // shares of the exposure, added up
  for (const poisson_count& row : t.rows) {
    up_to.push_back((up_to.empty() ? 0 : up_to.back()) + row.exposure);
  }
  std::vector<std::int64_t> counts(t.rows.size());
  const auto spread = [&](std::size_t g, std::int64_t events) {
    const double expected = t.rows[g].exposure * to_double(t.events);
    const double off = static_cast<double>(events) - expected;
    return off * off / expected;
  };
  std::int64_t extreme = 0;
  for (std::int64_t i = 0; i < options.draws; ++i) {
    random_stream random(options.seed, static_cast<std::uint64_t>(i));
    std::fill(counts.begin(), counts.end(), 0);
    for (wide j = 0; j < t.events; ++j) {
      const auto at =
          std::upper_bound(up_to.begin(), up_to.end(), random.uniform()) - up_to.begin();
      ++counts[std::min(static_cast<std::size_t>(at), counts.size() - 1)];
    }
    double sum = 0;
    for (std::size_t g = 0; g < counts.size(); ++g) sum += spread(g, counts[g]);
    if (sum >= statistic * (1 - ties)) ++extreme;
  }
  return drawn(statistic, extreme, options.draws);
}

}  // namespace salespulse
