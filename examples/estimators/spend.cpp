// SPDX-License-Identifier: BSL-1.0
// How much will each donor give, and how often: who is worth writing to next year?
#include <salespulse/statistics/bg_bb.hpp>
#include <salespulse/statistics/gamma_gamma.hpp>

#include <cstdio>
#include <span>
#include <vector>

using namespace salespulse;

int main() {
  // Six yearly appeals after the first gift: gifts made, the last appeal answered, appeals.
  using entry = row_counts<opportunity_history>::entry;
  const row_counts<opportunity_history> donors(std::vector<entry>{
      {{0, 0, 6}, 420}, {{1, 1, 6}, 90}, {{1, 3, 6}, 40}, {{1, 6, 6}, 22}, {{2, 2, 6}, 60},
      {{2, 4, 6}, 41}, {{2, 6, 6}, 28}, {{3, 4, 6}, 55}, {{3, 6, 6}, 47}, {{4, 5, 6}, 60},
      {{4, 6, 6}, 71}, {{5, 6, 6}, 104}, {{6, 6, 6}, 162}});
  const bg_bb_fit giving = fit_bg_bb(donors);

  // What some of them gave in all, in cents.
  const std::vector<purchase_total> gifts{{1, 2500}, {3, 4200}, {2, 9000}, {5, 6100},
                                          {1, 800},  {4, 14'000}, {2, 3300}, {6, 7200}};
  const gamma_gamma_options cents{.units_per_amount = 100};
  const gamma_gamma_fit amounts = fit_gamma_gamma(
      row_counts<purchase_total>(std::span<const purchase_total>(gifts)), cents);

  std::printf("gifts: %s, amounts: %s\n", to_string(giving.why.what).data(),
              to_string(amounts.why.what).data());
  struct donor {
    const char* name;
    opportunity_history history;
    purchase_total gift;
  };
  for (const donor& d : {donor{"faithful", {5, 6, 6}, {5, 6100}}, {"lapsed", {4, 4, 6}, {4, 14'000}},
                         {"silent", {0, 0, 6}, {0, 0}}}) {
    const figure_with_error alive = probability_alive(giving, d.history);
    const figure_with_error residual = discounted_purchases(giving, d.history, 0.10);
    const figure_with_error mean = expected_spend(amounts, d.gift, cents);
    std::printf("%-8s still giving %.3f, %.2f gifts to come (+- %.2f) of %.2f\n", d.name,
                *alive.value, *residual.value, residual.std_error.value(), *mean.value);
  }
}

// > gifts: ok, amounts: ok
// > faithful still giving 0.974, 6.68 gifts to come (+- 0.12) of 12.91
// > lapsed   still giving 0.434, 2.52 gifts to come (+- 0.22) of 33.61
// > silent   still giving 0.086, 0.14 gifts to come (+- 0.02) of 20.97
