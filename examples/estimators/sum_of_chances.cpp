// SPDX-License-Identifier: BSL-1.0
// What will these uncertain amounts come to? The exact distribution of their sum, its tail, and
// what a shock that they share does to it.
#include <salespulse/statistics/common_shock.hpp>
#include <salespulse/statistics/compound_sum.hpp>
#include <salespulse/statistics/saddlepoint.hpp>
#include <salespulse/statistics/sum_distribution.hpp>

#include <cstdio>
#include <vector>

using namespace salespulse;

int main() {
  const std::vector<chance> chances{{12, 0.9}, {35, 0.25}, {8, 0.5},    {120, 0.1},
                                    {60, 0.4}, {5, 0.75},  {250, 0.02}, {44, 0.33},
                                    {18, 0.6}, {27, 0.15}, {9, 0.8},    {75, 0.2}};
  const lattice_distribution alone = sum_distribution(chances).distribution;
  std::printf("mean %.1f, 80 %% within %lld to %lld\n", alone.mean(),
              static_cast<long long>(alone.quantile(0.1)),
              static_cast<long long>(alone.quantile(0.9)));
  std::printf("P(300 or more) %.4f, by saddle point %.4f\n", alone.at_least(300),
              saddlepoint(chances, 300).value);
  std::printf("P(all of them) %.1e\n", upper_tail(chances, 663).value);

  const lattice_distribution together = common_shock_sum(chances, 0.8).distribution;
  std::printf("with a common shock: mean %.1f, 80 %% within %lld to %lld\n", together.mean(),
              static_cast<long long>(together.quantile(0.1)),
              static_cast<long long>(together.quantile(0.9)));

  // About four more that nobody knows of yet, each of one of three sizes.
  const uncertain_amount size{{{10, 0.5}, {40, 0.4}, {100, 0.1}}};
  const std::vector<lattice_distribution> parts{
      alone, compound_negative_binomial(4, 2, size).distribution};
  const lattice_distribution all = sum_distribution(parts).distribution;
  std::printf("with new ones: mean %.1f, median %lld\n", all.mean(),
              static_cast<long long>(all.quantile(0.5)));
}
// > mean 119.9, 80 % within 39 to 213
// > P(300 or more) 0.0247, by saddle point 0.0290
// > P(all of them) 3.2e-07
// > with a common shock: mean 119.9, 80 % within 26 to 232
// > with new ones: mean 243.9, median 218
