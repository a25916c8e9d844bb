// SPDX-License-Identifier: BSL-1.0
#include <salespulse/definitions.hpp>  // in one source file of a program that links nothing
#include <salespulse/salespulse.hpp>
#include <cstdio>
using namespace salespulse;

int main() {
  book_builder builder;
  builder.add(product{.id = "suite", .family = "software", .lifetime = lifetime_kind::contract});
  builder.add(stage{.id = "won", .outcome = deal_outcome::won});
  builder.add(deal{.id = "42", .customer = "Acme", .owner = "anna"});
  builder.add(line{.deal = "42", .product = "suite", .list = units(150'000, eur),
                   .net = units(120'000, eur), .cost = units(48'000, eur),
                   .terms = {.every_months = 12, .term_months = 12, .renews = true}});
  builder.add(stage_event{.deal = "42", .stage = "won", .at = start_of(to_date({2026, 3, 2}))});
  const book sales = builder.build();
  const snapshot prior{.retention = {{.family = "software", .alpha = 3, .beta = 7}},
                       .payment = {{.credit_loss = 0.01, .payment_factor = 0.992}}};
  const review figures = make_review(sales, &prior).value();
  const value_figure& v = figures.salespeople.front().value.front();
  std::printf("sold %.0f, will last %.0f, 80 %% sure: %.0f to %.0f\n", v.parts.booked / 100,
              *v.value.value / 100, v.value.range->lower / 100, v.value.range->upper / 100);
  for (std::size_t i = 0; i < bridge_steps; ++i)
    std::printf("%10s%+10.0f\n", to_string(bridge_step(i)).data(), v.parts.bridge[i] / 100);
}
