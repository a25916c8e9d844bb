// SPDX-License-Identifier: BSL-1.0
// The new procedure is cheaper. Is its success rate the same as the old one's, to within 5 points?
#include <salespulse/statistics/equivalence.hpp>

#include <cstdio>

using namespace salespulse;

int main() {
  const group_rate old_way{312, 800}, new_way{301, 790};
  const equivalence_test t = equivalence_of_rates(new_way, old_way, {-0.05, 0.05});
  std::printf("difference %+.4f, 90 %% interval %+.4f to %+.4f\n", *t.estimate.value,
              t.range->lower, t.range->upper);
  std::printf("p = %.4f: %s\n", t.p_value,
              t.equivalent ? "the same to within 5 points" : "not shown to be the same");
  const margin_test m = rate_exceeds(new_way, old_way, -0.05);
  std::printf("not worse by 5 points or more: p = %.4f\n", m.p_value);
}
// > difference -0.0090, 90 % interval -0.0491 to +0.0312
// > p = 0.0463: the same to within 5 points
// > not worse by 5 points or more: p = 0.0463
