// SPDX-License-Identifier: BSL-1.0
// How sure are we of a rate, and do two rates differ?
#include <salespulse/statistics/rate_intervals.hpp>

#include <cstdio>

using namespace salespulse;

int main() {
  // 47 of 312 patients relapsed; how many of all such patients would?
  const auto print = [](const char* name, interval i) {
    std::printf("%-20s %.4f to %.4f\n", name, i.lower, i.upper);
  };
  print("Wilson", wilson_interval(47, 312, confidence_95));
  print("Jeffreys", jeffreys_interval(47, 312, confidence_95));
  print("Clopper and Pearson", clopper_pearson_interval(47, 312, confidence_95));
  // None of 10: still up to 28 in a hundred.
  print("none of 10", wilson_interval(0, 10, confidence_95));
  // 3 failures in 10 years of running, per year.
  print("per year", garwood_interval(3, 10, confidence_95));
  // 56 of 70 under one treatment, 48 of 80 under another.
  print("difference", newcombe_interval({56, 70}, {48, 80}, confidence_95));
}
// > Wilson               0.1152 to 0.1946
// > Jeffreys             0.1142 to 0.1935
// > Clopper and Pearson  0.1128 to 0.1952
// > none of 10           0.0000 to 0.2775
// > per year             0.0619 to 0.8767
// > difference           0.0524 to 0.3339
