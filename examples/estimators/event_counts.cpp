// SPDX-License-Identifier: BSL-1.0
// Events were counted over different lengths of time. What is each unit's own rate, what goes with
// more of them, do they heap up before a deadline, and do two groups end alike?
#include <salespulse/statistics/bunching.hpp>
#include <salespulse/statistics/gamma_poisson.hpp>
#include <salespulse/statistics/gray_test.hpp>
#include <salespulse/statistics/poisson.hpp>

#include <cmath>
#include <cstdio>
#include <vector>

using namespace salespulse;

int main() {
  const std::vector<poisson_count> units{{2, 10}, {14, 20}, {1, 12}, {9, 8}, {5, 15}, {30, 25}};
  const gamma_poisson_fit pool = fit_gamma_poisson(row_counts<poisson_count>(units));
  const shrunken few = posterior(pool, {9, 8}, confidence_90);
  std::printf("9 events in 8 months: %.2f a month, with the others in mind %.2f\n", 9 / 8.0,
              *few.mean);

  const std::vector<double> trained{0, 1, 0, 1, 0, 1};
  std::vector<std::int64_t> events;
  std::vector<double> months;
  for (const poisson_count& u : units) {
    events.push_back(u.events);
    months.push_back(u.exposure);
  }
  const regression_fit fit =
      fit_poisson({.covariates = {trained, 6, 1}, .events = events, .exposure = months});
  std::printf("trained units have %.1f times the rate\n", std::exp(fit.coefficients[1]));

  // 40 of 200 events on the last 5 of 90 days.
  period_end_counts counts;
  counts.events_last = 40;
  counts.events_rest = 160;
  counts.days_last = 5;
  counts.days_rest = 85;
  const period_end_excess late = excess_at_period_ends(counts);
  std::printf("%.0f %% of the events on %.0f %% of the days, %.0f more than expected\n",
              100 * late.share, 100 * late.expected_share, *late.excess.value);

  std::vector<observation> watched;
  std::vector<std::int32_t> group;
  for (std::int32_t i = 0; i < 60; ++i) {
    group.push_back(i % 2);
    watched.push_back({.exit = 1 + i * 7 % 40, .cause = i % 6 == 1 || i % 5 == 0 ? 1 : 2});
  }
  const gray_test ends = compare_incidence(watched, group, 2, 1, 2);
  std::printf("ending the first way: chi-square %.2f, p %.2f\n", *ends.chi_square.value,
              *ends.p.value);
}

// > 9 events in 8 months: 1.12 a month, with the others in mind 0.97
// > trained units have 4.6 times the rate
// > 20 % of the events on 6 % of the days, 31 more than expected
// > ending the first way: chi-square 4.27, p 0.04
