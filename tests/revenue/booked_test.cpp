// SPDX-License-Identifier: BSL-1.0
#include <salespulse/revenue/booked.hpp>

#include <salespulse/model/book_builder.hpp>

#include <support/catch.hpp>

#include <string>

using namespace salespulse;

namespace {

constexpr std::int64_t million = 1'000'000;

struct firm {
  firm() {
    builder.add(team{.id = "north"});
    builder.add(team{.id = "south"});
    for (const char* id : {"anna", "bert"}) builder.add(salesperson{.id = id});
    builder.add(membership{.salesperson = "anna", .team = "north"});
    builder.add(membership{.salesperson = "bert",
                           .team = "south",
                           .during = {all_days.from, to_date({2026, 6, 1})}});
    builder.add(membership{.salesperson = "bert",
                           .team = "north",
                           .during = {to_date({2026, 6, 1}), all_days.to}});
    builder.add(customer{.id = "group"});
    builder.add(customer{.id = "daughter", .parent = "group"});
    builder.add(product{.id = "suite", .family = "software"});
    builder.add(stage{.id = "won", .outcome = deal_outcome::won});
    builder.add(stage{.id = "lost", .outcome = deal_outcome::lost});
  }
  void close(const std::string& id, const char* stage, date day, const char* customer = "group") {
    builder.add(deal{.id = id, .customer = customer, .owner = "anna"});
    builder.add(stage_event{.deal = id, .stage = stage, .at = start_of(day)});
  }
  book_builder builder;
};

const booking_group* find(const std::vector<booking_group>& groups, std::uint32_t key) {
  for (const booking_group& g : groups) {
    if (g.key == key) return &g;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("bookings are the net of the committed flows of won lines, lost deals apart") {
  firm f;
  f.close("d1", "won", to_date({2026, 2, 1}));
  f.close("d2", "lost", to_date({2026, 2, 1}));
  f.builder.add(line{.deal = "d1", .product = "suite", .list = units(50, eur),
                     .net = units(40, eur), .terms = {12, 36, 0, true}});
  f.builder.add(line{.deal = "d1", .product = "suite", .net = units(5, eur)});
  f.builder.add(line{.deal = "d2", .product = "suite", .net = units(900, eur)});
  const book b = f.builder.build();
  const auto all = bookings(b, booking_grouping::firm);
  REQUIRE(all.size() == 1);
  CHECK(all[0].booked_ppm == (3 * 4000 + 500) * static_cast<wide>(million));
  CHECK(all[0].lines == 2);
  const estimate kept = price_realisation(all[0]);
  CHECK(*kept.value == 0.8);  // the line without list price is in neither sum
  CHECK(kept.n == 1);
  CHECK(kept.source == provenance::arithmetic);
}

TEST_CASE("a split deal counts once per team, by the teams of the day of the close") {
  firm f;
  for (const auto& [id, month] : {std::pair{"early", 2}, std::pair{"late", 7}}) {
    f.close(id, "won", to_date({2026, month, 1}));
    f.builder.add(line{.deal = id, .product = "suite", .net = units(100, eur)});
    f.builder.add(credit_split{.deal = id, .salesperson = "anna", .part = {700'000}});
    f.builder.add(credit_split{.deal = id, .salesperson = "bert", .part = {300'000}});
  }
  const book b = f.builder.build();
  const auto people = bookings(b, booking_grouping::salesperson);
  REQUIRE(people.size() == 2);
  CHECK(people[0].booked_ppm == 2 * 7000 * static_cast<wide>(million));
  CHECK(people[1].booked_ppm == 2 * 3000 * static_cast<wide>(million));
  const auto teams = bookings(b, booking_grouping::team);
  REQUIRE(teams.size() == 2);
  CHECK(teams[0].booked_ppm == (7000 + 10'000) * static_cast<wide>(million));
  CHECK(teams[0].lines == 2);
  CHECK(teams[1].booked_ppm == 3000 * static_cast<wide>(million));
}

TEST_CASE("the parent is the customer only where that is asked for") {
  firm f;
  f.close("d1", "won", to_date({2026, 2, 1}), "group");
  f.close("d2", "won", to_date({2026, 2, 1}), "daughter");
  for (const char* id : {"d1", "d2"}) {
    f.builder.add(line{.deal = id, .product = "suite", .net = units(100, eur)});
  }
  const book b = f.builder.build();
  CHECK(bookings(b, booking_grouping::customer).size() == 2);
  const auto tops = bookings(b, booking_grouping::ultimate_parent);
  REQUIRE(tops.size() == 1);
  CHECK(b.names().customers[tops[0].key] == "group");
}

TEST_CASE("a circle of parents ends") {
  book_builder builder;
  builder.add(customer{.id = "a", .parent = "b"});
  builder.add(customer{.id = "b", .parent = "a"});
  builder.add(stage{.id = "won", .outcome = deal_outcome::won});
  builder.add(deal{.id = "d", .customer = "a", .close_date = to_date({2026, 1, 1}),
                   .amount = units(1, eur)});
  builder.add(stage_event{.deal = "d", .stage = "won"});
  CHECK(bookings(builder.build(), booking_grouping::ultimate_parent).size() == 1);
}

TEST_CASE("won lines without an amount are counted beside the sum") {
  firm f;
  f.close("d1", "won", to_date({2026, 2, 1}));
  f.builder.add(line{.deal = "d1", .product = "suite"});
  const auto all = bookings(f.builder.build(), booking_grouping::firm);
  CHECK(all.at(0).unpriced == 1);
  CHECK(all.at(0).booked_ppm == 0);
  CHECK(price_realisation(all[0]).reason == "no list price is known");
}

TEST_CASE("a quarter in which the record begins says so") {
  firm f;
  f.close("d1", "won", to_date({2026, 3, 1}));
  f.close("d2", "won", to_date({2026, 9, 30}));
  for (const char* id : {"d1", "d2"}) {
    f.builder.add(line{.deal = id, .product = "suite", .net = units(100, eur)});
  }
  const book b = f.builder.build();
  const auto quarter = [](int month) {
    return period{to_date({2026, month, 1}), to_date({2026, month + 2, 30}) + 1};
  };
  CHECK(coverage_of(b, {to_date({2026, 1, 1}), to_date({2026, 4, 1})}).begins_inside);
  CHECK_FALSE(coverage_of(b, quarter(4)).begins_inside);
  CHECK_FALSE(coverage_of(b, quarter(7)).ends_inside);
  CHECK(coverage_of(b, {to_date({2026, 9, 1}), to_date({2026, 11, 1})}).ends_inside);
  const auto quarters = bookings(b, booking_grouping::quarter);
  REQUIRE(quarters.size() == 2);
  CHECK(find(quarters, 2026 * 4 + 2) != nullptr);
}
