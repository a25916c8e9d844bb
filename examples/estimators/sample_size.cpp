// SPDX-License-Identifier: BSL-1.0
// How many cases does it take to see a rate rise from 20 % to 25 %, and what would fewer show?
#include <salespulse/statistics/sample_size.hpp>

#include <cstdio>

using namespace salespulse;

int main() {
  const sample_sizes equal = sample_size_for_rates(0.20, 0.25);
  const sample_sizes unequal = sample_size_for_rates(0.20, 0.25, {.ratio = 3});
  std::printf("equal groups: %lld each\n", static_cast<long long>(equal.first));
  std::printf("three to one: %lld and %lld\n", static_cast<long long>(unequal.first),
              static_cast<long long>(unequal.second));
  std::printf("with 300 each the power is %.3f\n", power_for_rates(0.20, 0.25, 300, 300));
  std::printf("a hazard ratio of 1.3 takes %lld events\n",
              static_cast<long long>(events_for_hazard_ratio(1.3).events));
}
// > equal groups: 1094 each
// > three to one: 740 and 2220
// > with 300 each the power is 0.311
// > a hazard ratio of 1.3 takes 457 events
