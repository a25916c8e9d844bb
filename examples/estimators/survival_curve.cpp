// SPDX-License-Identifier: BSL-1.0
// How long do subscriptions last, when most of them still run? The customers that were lost are too
// few to average: the curve uses those that are still there as well.
#include <salespulse/statistics/kaplan_meier.hpp>

#include <cstdio>
#include <vector>

int main() {
  using namespace salespulse;
  // Days since the start: entry, exit, lost (1) or still there (0), how many customers. Those in
  // the last row were known only from day 60 on, when records begin.
  const std::vector<observation> customers{{0, 30, 1, 4},  {0, 45, 0, 3},  {0, 90, 1, 6},
                                           {0, 120, 0, 8}, {0, 200, 1, 5}, {0, 365, 0, 9},
                                           {60, 365, 0, 4}};
  const kaplan_meier curve(customers);
  for (const kaplan_meier::step& s : curve.steps()) {
    if (s.events == 0) continue;
    const auto band = curve.band(s.tick, confidence_95);
    std::printf("day %3d: %2d watched, %.3f stay", static_cast<int>(s.tick),
                static_cast<int>(s.at_risk), s.survival);
    if (band) std::printf(" (%.3f to %.3f)", band->lower, band->upper);
    std::printf("\n");
  }

  const survival_quantile quarter = curve.quantile(0.25, confidence_95);
  if (quarter.tick.value) std::printf("a quarter is lost by day %.0f\n", *quarter.tick.value);
  const survival_quantile half = curve.quantile(0.5, confidence_95);
  std::printf("half are lost: %s\n",
              half.tick.value ? "reached" : to_string(half.tick.why.what).data());
  const figure_with_error year = curve.restricted_mean(365);
  std::printf("%.1f days (standard error %.1f) of the first 365\n", *year.value, *year.std_error);
}

// > day  30: 35 watched, 0.886 stay (0.724 to 0.955)
// > day  90: 32 watched, 0.720 stay (0.542 to 0.838)
// > day 200: 18 watched, 0.520 stay (0.326 to 0.682)
// > a quarter is lost by day 90
// > half are lost: the curve never falls that far
// > 248.1 days (standard error 23.0) of the first 365
