// SPDX-License-Identifier: BSL-1.0
// Why did revenue change? Cases times success rate times size, in two segments: what each factor
// contributed, by the Shapley value and by logarithmic means.
#include <salespulse/statistics/decomposition.hpp>

#include <cstdio>
#include <vector>

using namespace salespulse;

int main() {
  // One row a segment: cases, rate, size; last quarter and this one.
  const std::vector<factor_change> changes{
      {200, 240}, {0.22, 0.19}, {18.5, 21.25},  // small customers
      {40, 35},   {0.10, 0.12}, {90, 85}};      // large ones
  const decomposition shapley = shapley_of_product(changes, 3);
  const decomposition lmdi = lmdi_additive(changes, 3);
  const decomposition ratio = lmdi_multiplicative(changes, 3);

  std::printf("change %+.1f\n", shapley.total);
  const char* names[] = {"cases", "rate", "size"};
  for (std::size_t i = 0; i < 3; ++i) {
    std::printf("%5s %+7.1f  (logarithmic means %+7.1f, factor %.3f)\n", names[i],
                shapley.effects[i], lmdi.effects[i], ratio.effects[i]);
  }

  // Any function of few switches: here a bonus that only both campaigns together bring.
  const std::vector<double> revenue{100, 110, 105, 130};  // none, first, second, both
  const decomposition campaigns = shapley_value(revenue);
  std::printf("campaigns %+.1f and %+.1f\n", campaigns.effects[0], campaigns.effects[1]);
}
// > change +152.0
// > cases  +114.6  (logarithmic means  +114.3, factor 1.096)
// >  rate   -65.8  (logarithmic means   -65.0, factor 0.949)
// >  size  +103.2  (logarithmic means  +102.7, factor 1.086)
// > campaigns +17.5 and +12.5
