// SPDX-License-Identifier: BSL-1.0
// Four ideas were tried against the same control: which of them did something, if the chance of
// a false claim is to stay at 5 % for all four together?
#include <salespulse/statistics/multiplicity.hpp>
#include <salespulse/statistics/permutation.hpp>

#include <cstdio>
#include <vector>

using namespace salespulse;

int main() {
  const std::vector<double> control{12, 15, 11, 14, 13, 12, 16, 13};
  const std::vector<std::vector<double>> ideas{{18, 17, 19, 15, 20, 18},
                                               {15, 14, 17, 15, 16, 13},
                                               {13, 12, 14, 15, 12, 13},
                                               {16, 18, 14, 17, 19, 15}};
  std::vector<double> p;
  for (const std::vector<double>& idea : ideas)
    p.push_back(permutation_test(idea, control).p_value);
  const adjusted_p_values adjusted = adjust_p_values(p, p_adjustment::holm);
  for (std::size_t i = 0; i < p.size(); ++i) {
    std::printf("idea %zu: p = %.4f alone, %.4f among four%s\n", i + 1, p[i], adjusted.values[i],
                adjusted.values[i] <= 0.05 ? ": shown" : "");
  }
}
// > idea 1: p = 0.0013 alone, 0.0053 among four: shown
// > idea 2: p = 0.0899 alone, 0.1798 among four
// > idea 3: p = 1.0000 alone, 1.0000 among four
// > idea 4: p = 0.0077 alone, 0.0230 among four: shown
