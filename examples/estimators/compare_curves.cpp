// SPDX-License-Identifier: BSL-1.0
// Do customers of one plan leave sooner than those of another, within each size of company?
#include <salespulse/statistics/log_rank.hpp>

#include <cstdint>
#include <cstdio>
#include <vector>

int main() {
  using namespace salespulse;
  // Months: entry, exit, lost (1) or still there (0), how many customers.
  const std::vector<observation> customers{
      {0, 2, 1, 9}, {0, 6, 1, 7}, {0, 12, 0, 20}, {0, 5, 1, 3}, {0, 9, 1, 4}, {0, 12, 0, 31},
      {0, 3, 1, 2}, {0, 8, 1, 5}, {0, 12, 0, 30}, {0, 7, 1, 3}, {3, 12, 0, 40}};
  const std::vector<std::int32_t> plan{0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1};  // monthly, yearly
  const std::vector<std::int32_t> size{1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2};

  const log_rank_test test = log_rank(customers, plan, 2, {.stratum = size});
  if (!test.why.ok()) {
    std::printf("no comparison: %s\n", to_string(test.why.what).data());
    return 1;
  }
  for (const std::size_t j : {0U, 1U}) {
    std::printf("%s: %.0f of %d lost, %.2f expected\n", j == 0 ? "monthly" : "yearly ",
                test.observed[j], static_cast<int>(test.subjects[j]), test.expected[j]);
  }
  std::printf("chi-square %.3f with %d degree of freedom, p = %.5f\n", *test.chi_square.value,
              static_cast<int>(test.degrees_of_freedom), *test.p.value);
  const log_rank_test early = log_rank(customers, plan, 2, {.rho = 1, .stratum = size});
  std::printf("early losses counting more: p = %.5f\n", *early.p.value);
}

// > monthly: 23 of 73 lost, 15.66 expected
// > yearly : 10 of 81 lost, 17.34 expected
// > chi-square 7.522 with 1 degree of freedom, p = 0.00610
// > early losses counting more: p = 0.00360
