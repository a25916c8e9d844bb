// SPDX-License-Identifier: BSL-1.0
// Were forecasts of events any good: in ranking, in meaning what they said, and in all?
#include <salespulse/statistics/classification.hpp>

#include <cstdio>
#include <vector>

using namespace salespulse;

int main() {
  // Rain was said with such a probability on so many days, and came or did not.
  const std::vector<forecast> days{
      {0.1, false, 38}, {0.1, true, 7},  {0.3, false, 22}, {0.3, true, 11}, {0.5, false, 9},
      {0.5, true, 8},   {0.7, false, 8}, {0.7, true, 11},  {0.9, false, 4}, {0.9, true, 12}};
  const ranking_quality rank = area_under_curve(days, confidence_95);
  std::printf("a wet day was given more than a dry one: %.3f (%.3f to %.3f)\n", rank.value,
              rank.range->lower, rank.range->upper);
  const brier_parts b = brier(days);
  std::printf("Brier %.4f = reliability %.4f - resolution %.4f + uncertainty %.4f\n", b.score,
              b.reliability, b.resolution, b.uncertainty);
  std::printf("log loss %.4f\n", log_loss(days).mean.value.value());
  const calibration_line line = fit_calibration_line(days);
  std::printf("slope %.2f +- %.2f: too extreme\n", line.slope, line.slope_std_error);
  const isotonic_calibration better = fit_isotonic(days);
  for (const double said : {0.1, 0.5, 0.9}) {
    std::printf("said %.1f, came %.3f\n", said, calibrated(better, said));
  }
}
// > a wet day was given more than a dry one: 0.740 (0.654 to 0.827)
// > Brier 0.1995 = reliability 0.0064 - resolution 0.0417 + uncertainty 0.2349
// > log loss 0.5925
// > slope 0.64 +- 0.14: too extreme
// > said 0.1, came 0.156
// > said 0.5, came 0.471
// > said 0.9, came 0.750
