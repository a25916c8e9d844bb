// SPDX-License-Identifier: BSL-1.0
// Customers never say that they have left: who is still one, and how much will they buy next year?
#include <salespulse/core/random.hpp>
#include <salespulse/statistics/bg_nbd.hpp>
#include <salespulse/statistics/pareto_nbd.hpp>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <vector>

using namespace salespulse;

int main() {
  // What an order book boils down to: repeat purchases, day of the last, days since the first.
  std::vector<purchase_history> customers;
  for (std::uint32_t i = 0; i < 500; ++i) {
    random_stream draw(7, i);
    const auto wait = [&](double mean) { return -mean * std::log1p(-draw.uniform()); };
    const double pace = 10 + wait(60);  // days between purchases
    const double leaves = wait(400);
    purchase_history c{0, 0, static_cast<std::int32_t>(200 + draw.below(165))};
    for (double day = wait(pace); day < c.age && day < leaves; day += wait(pace)) {
      ++c.repeats;
      c.recency = static_cast<std::int32_t>(day) + 1;
    }
    customers.push_back(c);
  }
  const row_counts<purchase_history> base(customers);

  const pareto_nbd_fit fit = fit_pareto_nbd(base, {.ticks_per_unit = 7});  // in weeks
  if (!fit.parameters) return 1;
  std::printf("Pareto/NBD: %s, log-likelihood %.2f\n", to_string(fit.why.what).data(),
              fit.log_likelihood);
  const figure_with_error alive = customers_alive(fit, base);
  const figure_with_error year = further_purchases(fit, base, 52);
  std::printf("%.0f +- %.0f of %lld still buy, %.0f +- %.0f times within a year\n", *alive.value,
              alive.std_error.value(), static_cast<long long>(fit.customers), *year.value,
              year.std_error.value());

  // Six purchases up to week 20; the last word is getting old.
  for (const double age : {21.0, 30.0, 40.0}) {
    std::printf("seen in week 20, now week %.0f: alive with probability %.3f\n", age,
                *probability_alive(fit, {6, 20, age}).value);
  }
  const bg_nbd_fit other = fit_bg_nbd(base, {.ticks_per_unit = 7});
  std::printf("BG/NBD: log-likelihood %.2f, %.0f purchases within a year\n", other.log_likelihood,
              *further_purchases(other, base, 52).value);
}

// > Pareto/NBD: the units cannot be told apart, log-likelihood -7078.56
// > 268 +- 9 of 500 still buy, 1755 +- 87 times within a year
// > seen in week 20, now week 21: alive with probability 0.982
// > seen in week 20, now week 30: alive with probability 0.610
// > seen in week 20, now week 40: alive with probability 0.175
// > BG/NBD: log-likelihood -7098.30, 2238 purchases within a year
