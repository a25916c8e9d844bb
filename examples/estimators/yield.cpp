// SPDX-License-Identifier: BSL-1.0
// What does an investment with irregular dates yield, and what if the yield is not one number?
#include <salespulse/core/date.hpp>
#include <salespulse/statistics/cash_flow.hpp>

#include <cstdio>
#include <vector>

using namespace salespulse;

namespace {

cash_flow on(std::int32_t year, std::int32_t month, std::int32_t day, double amount) {
  return {to_date({year, month, day}).days, amount};
}

void print(const char* what, const rates_of_return& r) {
  std::printf("%s:", what);
  for (const double rate : r.rates) std::printf(" %.4f %%", 100 * rate);
  std::printf(" (%s)\n", to_string(r.why.what).data());
}

}  // namespace

int main() {
  const std::vector<cash_flow> project{on(2024, 1, 15, -50'000), on(2024, 9, 1, 12'000),
                                       on(2025, 3, 1, 20'000), on(2026, 2, 28, 31'000)};
  print("project", internal_rates_of_return(project));
  std::printf("worth %.2f at 8 %%\n", *present_value(project, 0.08).value);
  // A mine: an outlay, a rich year, and then the cost of cleaning up.
  print("mine", internal_rates_of_return(std::vector<double>{-100, 230, -132}));
  print("never", internal_rates_of_return(std::vector<double>{100, -200, 150}));
  const annuity loan{.rate = 0.06 / 12, .periods = 60, .present = 20'000};
  std::printf("the loan costs %.2f a month\n", -*payment_of(loan).value);
}
// > project: 16.7448 % (ok)
// > worth 6098.23 at 8 %
// > mine: 10.0000 % 20.0000 % (several solutions)
// > never: (no solution)
// > the loan costs 386.66 a month
