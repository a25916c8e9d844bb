// SPDX-License-Identifier: BSL-1.0
// What is typical of these waiting times, how spread out are they, and what risk of the event has
// built up by a day where some are still waiting?
#include <salespulse/statistics/nelson_aalen.hpp>
#include <salespulse/statistics/quantiles.hpp>
#include <salespulse/statistics/summary.hpp>

#include <cstdio>
#include <vector>

using namespace salespulse;

int main() {
  const std::vector<double> days{3, 8, 8, 12, 19, 21, 34, 55, 61, 240};
  const sample_summary s = summarise(days);
  std::printf("%lld values, mean %.1f, standard deviation %.1f\n", static_cast<long long>(s.n),
              *s.mean.value, *s.sd.value);
  std::printf("median %.1f, nine in ten within %.1f\n", *sample_quantile(days, 0.5).value,
              *sample_quantile(days, 0.9).value);

  // The same, but two of them were still waiting when last seen.
  std::vector<observation> watched;
  for (const double day : days) {
    const bool waiting = day == 34 || day == 240;
    watched.push_back({.exit = static_cast<std::int32_t>(day), .cause = waiting ? 0 : 1});
  }
  const nelson_aalen risk(watched);
  const interval sure = risk.band(30, confidence_90).value();
  std::printf("cumulative hazard by day 30: %.2f, 90 %% sure %.2f to %.2f\n", *risk.hazard(30).value,
              sure.lower, sure.upper);
}

// > 10 values, mean 46.1, standard deviation 71.0
// > median 20.0, nine in ten within 78.9
// > cumulative hazard by day 30: 0.83, 90 % sure 0.42 to 1.66
