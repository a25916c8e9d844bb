// SPDX-License-Identifier: BSL-1.0
// One case for each fault that was found in figures, so that it stays found.
#include <salespulse/salespulse.hpp>

#include <support/catch.hpp>

#include <string>

using namespace salespulse;

namespace {

constexpr date january = to_date({2026, 1, 5});

book_builder& with_stages(book_builder& builder) {
  builder.add(stage{.id = "open"});
  builder.add(stage{.id = "lost", .position = 8, .outcome = deal_outcome::lost});
  builder.add(stage{.id = "won", .position = 9, .outcome = deal_outcome::won});
  builder.add(product{.id = "suite", .family = "software", .lifetime = lifetime_kind::contract});
  return builder;
}

void win(book_builder& builder, const std::string& id, const std::string& customer,
         std::optional<date> day = january) {
  builder.add(deal{.id = id, .customer = customer, .owner = "anna"});
  stage_event e{.deal = id, .stage = "won"};
  if (day) e.at = start_of(*day);
  builder.add(e);
}

line contract(const std::string& deal, std::int64_t net, std::int64_t cost) {
  return {.deal = deal,
          .product = "suite",
          .net = units(net, eur),
          .cost = units(cost, eur),
          .terms = {.every_months = 12, .term_months = 12, .renews = true}};
}

snapshot prior() {
  return {.name = "p",
          .retention = {{.family = "software", .alpha = 1, .beta = 9}},
          .payment = {{.segment = ""}}};
}

}  // namespace

TEST_CASE("a won deal without lines or amount is counted as not valued and leaves no silent zero") {
  book_builder builder;
  win(with_stages(builder), "d1", "acme");
  const review r = make_review(builder.build(), nullptr).value();
  CHECK(r.firm.booked.lines == 1);
  CHECK(r.firm.booked.unpriced == 1);
  REQUIRE(r.firm.refused.size() == 1);
  CHECK(r.firm.refused[0].why == refusal::no_amount);
  CHECK(r.firm.customers.hhi.reason == "the amount of a won line is not known");
}

TEST_CASE("an unknown amount leaves concentration undefined, since it may be the largest") {
  book_builder builder;
  win(with_stages(builder), "d1", "acme");
  win(builder, "d2", "umbrella");
  builder.add(contract("d1", 100, 10));
  const review r = make_review(builder.build(), nullptr).value();
  CHECK_FALSE(r.firm.customers.hhi.value);
}

TEST_CASE("one event without a time does not unsettle the times of the others") {
  book_builder builder;
  with_stages(builder);
  builder.add(deal{.id = "d1"});
  builder.add(stage_event{.deal = "d1", .stage = "open"});
  builder.add(stage_event{.deal = "d1", .stage = "won", .at = start_of(january)});
  builder.add(stage_event{.deal = "d1", .stage = "lost", .at = start_of(january + 150)});
  const book b = builder.build();
  CHECK(b.deals()[0].outcome == deal_outcome::lost);
  CHECK(b.deals()[0].closed_day == january + 150);
}

TEST_CASE("a won deal whose close nobody recorded is not converted at somebody else's rate") {
  book_builder builder;
  with_stages(builder);
  builder.add(exchange_rate{usd, to_date({2030, 1, 1}), {5, 0}});
  win(builder, "d1", "acme", std::nullopt);
  builder.add(line{.deal = "d1", .product = "suite", .net = units(100, usd)});
  const book b = builder.build();
  CHECK(b.lines_of(b.deals()[0])[0].net == unknown_amount);
  bool told = false;
  for (const issue& i : builder.issues()) told |= i.code == issue_code::missing_exchange_rate;
  CHECK(told);
}

TEST_CASE("a member without end has even the deals of a day that nobody knows") {
  book_builder builder;
  with_stages(builder);
  builder.add(salesperson{.id = "anna"});
  builder.add(team{.id = "north"});
  builder.add(membership{.salesperson = "anna", .team = "north"});
  win(builder, "d1", "acme", std::nullopt);
  builder.add(contract("d1", 100, 10));
  const review r = make_review(builder.build(), nullptr).value();
  REQUIRE(r.teams.size() == 1);
  CHECK(r.teams[0].deals.won == 1);
  CHECK(r.teams[0].booked.lines == 1);
}

TEST_CASE("contracts that bring nothing are not at risk") {
  book_builder builder;
  with_stages(builder);
  for (int i = 0; i < 31; ++i) {
    const std::string id = "free" + std::to_string(i);
    win(builder, id, id);
    builder.add(contract(id, 0, 0));
  }
  win(builder, "d1", "acme");
  builder.add(contract("d1", 100, 10));
  const snapshot s = prior();
  const review r = make_review(builder.build(), &s).value();
  REQUIRE(r.firm.value.size() == 1);
  CHECK(r.firm.value[0].lifetimes_at_risk == 1);
  // Exact, so the upper end is what a customer who always renews brings.
  const double most = 9'000 * (1 + 1 / 1.1 + 1 / 1.21);
  CHECK(r.firm.value[0].value.range->upper <= most * (1 + 1e-12));
}

TEST_CASE("a circle of parents is cut at its first member and reported") {
  book_builder builder;
  builder.add(customer{.id = "c", .parent = "b"});
  builder.add(customer{.id = "b", .parent = "a"});
  builder.add(customer{.id = "a", .parent = "c"});
  builder.add(customer{.id = "x", .parent = "c"});
  with_stages(builder);
  for (const char* id : {"a", "b", "c", "x"}) {
    win(builder, std::string("d-") + id, id);
    builder.add(contract(std::string("d-") + id, 100, 10));
  }
  const book b = builder.build();
  review_options options;
  options.parents_as_customers = true;
  const review r = make_review(b, nullptr, options).value();
  CHECK(*r.firm.customers.hhi.value == 1);
  int told = 0;
  for (const issue& i : builder.issues()) {
    if (i.code != issue_code::circular_parent) continue;
    ++told;
    CHECK(i.id == "a");
  }
  CHECK(told == 1);
}

TEST_CASE("a reversed period of recognition is refused") {
  book_builder builder;
  review_options options;
  options.recognised_in = {january, january};
  CHECK_FALSE(make_review(builder.build(), nullptr, options));
}

TEST_CASE("small amounts have the interval of large ones") {
  const auto rate_of = [](std::int64_t minor) {
    book_builder builder;
    with_stages(builder);
    for (const char* id : {"a", "b", "c", "d"}) {
      builder.add(deal{.id = id});
      builder.add(stage_event{.deal = id,
                              .stage = id[0] < 'c' ? "won" : "lost",
                              .at = start_of(january)});
      builder.add(line{.deal = id, .net = money{minor, eur}});
    }
    return make_review(builder.build(), nullptr).value().firm.win_rate_by_value;
  };
  CHECK(rate_of(40).range->lower == rate_of(40'000).range->lower);
  CHECK(rate_of(40).range->lower < 0.5);
}

TEST_CASE("won deals recorded as renewals are counted for the reader") {
  book_builder builder;
  with_stages(builder);
  builder.add(deal{.id = "d1", .type = deal_type::renewal});
  builder.add(stage_event{.deal = "d1", .stage = "won", .at = start_of(january)});
  CHECK(make_review(builder.build(), nullptr).value().notes.renewal_deals == 1);
}

TEST_CASE("tallies of books in different currencies do not merge") {
  const auto tally_in = [](currency c) {
    book_builder builder({.reporting = c});
    with_stages(builder);
    win(builder, "d1", "acme");
    builder.add(line{.deal = "d1", .product = "suite", .net = units(100, c)});
    return tally_values(resolve(builder.build(), value_view::firm));
  };
  CHECK(merge(tally_in(eur), tally_in(eur)));
  CHECK_FALSE(merge(tally_in(eur), tally_in(usd)));
}
