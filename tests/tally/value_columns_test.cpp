// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include "support/generated_book.hpp"
#include <salespulse/core/date.hpp>
#include <salespulse/core/money.hpp>
#include <salespulse/core/random.hpp>
#include <salespulse/core/result.hpp>
#include <salespulse/core/wide.hpp>
#include <salespulse/model/book_builder.hpp>
#include <salespulse/model/book_tables.hpp>
#include <salespulse/model/ids.hpp>
#include <salespulse/tally/tally.hpp>
#include <salespulse/tally/value_columns.hpp>
#include <salespulse/tally/value_key.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <tuple>
#include <vector>

using namespace salespulse;
using namespace salespulse::test;

namespace {

const date monday = to_date({2024, 1, 1});

// Deals won on Monday plus a number of days, one line each.
book won_lines(const std::vector<std::pair<int, line>>& lines) {
  book_builder builder;
  builder.add(stage{.id = "won", .outcome = deal_outcome::won});
  builder.add(customer{.id = "acme"});
  builder.add(product{.id = "licence", .lifetime = lifetime_kind::contract});
  int number = 0;
  for (auto [day, row] : lines) {
    row.deal = "deal-" + std::to_string(number++);
    if (row.product.empty()) row.product = "licence";
    builder.add(deal{.id = row.deal, .customer = "acme", .owner = "anna"});
    builder.add(stage_event{.deal = row.deal, .stage = "won", .at = start_of(monday + day)});
    builder.add(row);
  }
  return builder.build();
}

money eur_of(std::int64_t minor) { return {minor, eur}; }

}  // namespace

TEST_CASE("a row of the tally sums the lines of one class", "[value_columns]") {
  const book b = won_lines({{0, {.list = eur_of(100), .net = eur_of(80), .cost = eur_of(30)}},
                            {9, {.list = eur_of(50), .net = eur_of(60), .cost = eur_of(70)}}});
  const tally t = tally_values(resolve(b, value_view::firm));
  REQUIRE(t.size() == 1);
  const value_sums s = to_value_sums(t.sums(0));
  CHECK(s.count == 2);
  CHECK(s.list == 150);
  CHECK(s.net == 140);
  CHECK(s.cost == 100);
  CHECK(s.larger == 160);
  const value_key k = to_value_key(t.key(0));
  CHECK(k.of.basis == value_basis::contribution);
  CHECK(k.of.list_known);
  CHECK(k.part == full_share);
}

TEST_CASE("what is not known makes a class of its own and adds nothing", "[value_columns]") {
  const book b = won_lines({{0, {.list = eur_of(100), .net = eur_of(80), .cost = eur_of(30)}},
                            {0, {.net = eur_of(80), .cost = eur_of(30)}},
                            {0, {.list = eur_of(100), .net = eur_of(80)}},
                            {0, {.list = eur_of(100), .cost = eur_of(30)}}});
  const tally t = tally_values(resolve(b, value_view::firm));
  REQUIRE(t.size() == 4);
  std::map<std::pair<value_basis, bool>, value_sums> by;
  for (std::size_t i = 0; i < t.size(); ++i) {
    const value_class c = to_value_key(t.key(i)).of;
    by[{c.basis, c.list_known}] = to_value_sums(t.sums(i));
  }
  CHECK(by[{value_basis::contribution, true}].list == 100);
  CHECK(by[{value_basis::contribution, false}].list == 0);
  CHECK(by[{value_basis::contribution, false}].larger == 80);
  CHECK(by[{value_basis::revenue, true}].cost == 0);
  CHECK(by[{value_basis::none, true}].count == 1);
  CHECK(by[{value_basis::none, true}].list == 0);
  CHECK(by[{value_basis::none, true}].cost == 0);
}

TEST_CASE("only won deals are in the columns", "[value_columns]") {
  book_builder builder;
  builder.add(stage{.id = "lost", .outcome = deal_outcome::lost});
  builder.add(deal{.id = "open", .amount = eur_of(1)});
  builder.add(deal{.id = "lost", .amount = eur_of(1)});
  builder.add(stage_event{.deal = "lost", .stage = "lost", .at = start_of(monday)});
  CHECK(resolve(builder.build(), value_view::firm).size() == 0);
}

TEST_CASE("the epoch of a line is the snapshot in force at its close", "[value_columns]") {
  const book b =
      won_lines({{0, {.net = eur_of(1)}}, {5, {.net = eur_of(1)}}, {9, {.net = eur_of(1)}}});
  const std::vector<date> starts{monday + 5, monday + 9};
  const value_columns c = resolve(b, value_view::deal, starts);
  REQUIRE(c.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(c.keys[c.key[i] & ~value_columns::new_lifetime].of.epoch == static_cast<int>(i));
  }
}

TEST_CASE("recognition shares a line out over the 365 days from its close", "[value_columns]") {
  const book b = won_lines({{10, {.list = eur_of(7), .net = eur_of(5), .cost = eur_of(-2)}}});
  const value_columns c = resolve(b, value_view::firm);
  const auto net_in = [&](int from, int to) -> std::int64_t {
    const tally t = tally_recognised(c, {monday + from, monday + to});
    return t.size() == 0 ? 0 : static_cast<std::int64_t>(to_value_sums(t.sums(0)).net);
  };
  CHECK(net_in(0, 10) == 0);
  CHECK(net_in(0, 11) == 5);
  CHECK(net_in(10, 375) == 5 * 365);
  CHECK(net_in(374, 375) == 5);
  CHECK(net_in(375, 1000) == 0);
  CHECK(net_in(-1000, 1000) == 5 * 365);
  CHECK(net_in(100, 200) == 500);
  CHECK(net_in(200, 100) == 0);
  const value_sums s = to_value_sums(tally_recognised(c, {monday + 10, monday + 20}).sums(0));
  CHECK(s.count == 10);
  CHECK(s.list == 70);
  CHECK(s.cost == -20);
  CHECK(s.larger == 70);
}

TEST_CASE("a close that nobody dated is valued and never recognised", "[value_columns]") {
  book_builder builder;
  builder.add(stage{.id = "won", .outcome = deal_outcome::won});
  builder.add(deal{.id = "d", .amount = eur_of(100)});
  builder.add(stage_event{.deal = "d", .stage = "won"});
  const value_columns c = resolve(builder.build(), value_view::firm);
  CHECK(tally_values(c).size() == 1);
  CHECK(tally_recognised(c, all_days).size() == 0);
}

TEST_CASE("lifetimes are customer, family, term and first flow", "[value_columns]") {
  const auto lifetimes = [](const std::vector<std::pair<int, line>>& lines) {
    const value_columns c = resolve(won_lines(lines), value_view::firm);
    return std::count_if(c.key.begin(), c.key.end(),
                         [](std::uint32_t k) { return (k & value_columns::new_lifetime) != 0; });
  };
  const line year{.net = eur_of(1), .terms = {12, 12, 0, true}};
  line later = year;
  later.terms.offset_days = 5;
  line longer = year;
  longer.terms.term_months = 24;
  line monthly = year;
  monthly.terms.every_months = 1;
  line costed = year;
  costed.cost = eur_of(1);
  CHECK(lifetimes({{0, year}, {0, year}}) == 1);
  CHECK(lifetimes({{0, year}, {1, year}}) == 2);
  CHECK(lifetimes({{5, year}, {0, later}}) == 1);  // closed apart, and yet they begin together
  CHECK(lifetimes({{0, year}, {0, longer}}) == 2);
  CHECK(lifetimes({{0, year}, {0, monthly}, {0, costed}}) == 1);
}

TEST_CASE("sums of the largest amounts do not overflow, in values and recognition",
          "[value_columns]") {
  random_stream random(8, 0);
  std::vector<std::pair<int, line>> lines;
  for (int i = 0; i < 400; ++i) {
    const auto amount = [&] {
      const std::int64_t size = largest_amount - random.below(1000);
      return eur_of(random.chance(0.2) ? -size : size);
    };
    line row{.list = amount(), .net = amount(), .cost = amount()};
    if (random.chance(0.5)) row.terms = {12, 12, 0, true};
    lines.emplace_back(static_cast<int>(random.below(3)), row);
  }
  const book b = won_lines(lines);
  for (const value_view view : {value_view::firm, value_view::deal, value_view::salesperson}) {
    const value_columns c = resolve(b, view);
    CHECK(c.largest <= largest_amount);
    const period asked{monday + 1, monday + 300};
    std::map<value_key, std::array<wide, 5>> values;
    std::map<value_key, std::array<wide, 5>> recognised;
    for (std::size_t i = 0; i < c.size(); ++i) {
      const value_key& k = c.keys[c.key[i] & ~value_columns::new_lifetime];
      const std::array<wide, 5> row{1, c.list[i], c.net[i], c.cost[i],
                                    std::max(c.list[i], c.net[i])};
      const wide days = overlap(asked, {c.closed[i], c.closed[i] + 365}).length();
      for (std::size_t s = 0; s < 5; ++s) {
        values[k][s] += row[s];
        recognised[k][s] += days * row[s];
      }
    }
    for (const auto& [t, expected] :
         {std::pair{tally_values(c), values}, std::pair{tally_recognised(c, asked), recognised}}) {
      REQUIRE(t.size() == expected.size());
      std::size_t row = 0;
      for (const auto& [k, sums] : expected) {
        if (to_value_key(t.key(row)) != k || !std::ranges::equal(t.sums(row), sums)) {
          FAIL("row " << row);
        }
        ++row;
      }
    }
  }
}

TEST_CASE("columns stand in lifetime order with the sums of a plain loop", "[value_columns]") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const book b = build(random_facts(seed));
    for (const value_view view : {value_view::salesperson, value_view::team, value_view::firm,
                                  value_view::customer, value_view::deal}) {
      const value_columns c = resolve(b, view);
      CHECK(std::is_sorted(c.keys.begin(), c.keys.end()));
      const auto place = [&](std::size_t i) {
        const value_key& k = c.keys[c.key[i] & ~value_columns::new_lifetime];
        return std::tuple{k.owner, c.customer[i], k.of.family, k.of.terms.term_months,
                          c.closed[i].days + k.of.terms.offset_days};
      };
      std::map<value_key, wide> net;
      for (std::size_t i = 0; i < c.size(); ++i) {
        const bool fresh = (c.key[i] & value_columns::new_lifetime) != 0;
        CHECK(fresh == (i == 0 || place(i) != place(i - 1)));
        if (i > 0) CHECK(place(i - 1) <= place(i));
        net[c.keys[c.key[i] & ~value_columns::new_lifetime]] += c.net[i];
      }
      const tally t = tally_values(c);
      for (std::size_t i = 0; i < t.size(); ++i) {
        CHECK(to_value_sums(t.sums(i)).net == net[to_value_key(t.key(i))]);
      }
    }
  }
}

TEST_CASE("what a tally numbers is told by its directory", "[value_columns]") {
  const auto directory = [](const std::vector<std::string>& people, value_view view) {
    book_builder builder;
    for (const std::string& id : people) builder.add(salesperson{.id = id});
    return resolve(builder.build(), view).directory;
  };
  const auto view = value_view::salesperson;
  CHECK(directory({"anna", "bert"}, view) == directory({"bert", "anna"}, view));
  CHECK(directory({"anna"}, view) != directory({"anna", "bert"}, view));
  CHECK(directory({"ab", "c"}, view) != directory({"a", "bc"}, view));
  CHECK(directory({"a\nb"}, view) != directory({"a", "b"}, view));
  CHECK(directory({"anna"}, view) != directory({"anna"}, value_view::team));
  CHECK(directory({"anna"}, value_view::firm) == directory({"bert"}, value_view::firm));
}

TEST_CASE("lifetimes and values come back only from a tally of lifetimes", "[value_columns]") {
  const book b = build(random_facts(1));
  const value_columns c = resolve(b, value_view::salesperson);
  CHECK_FALSE(lifetimes_of(tally_values(c)));
  CHECK_FALSE(values_of(tally_values(c), c.directory));
  CHECK(values_of(tally_lifetimes(c), c.directory).value() == tally_values(c));
}

TEST_CASE("lifetimes whose sums leave 64 bits are refused, not wrapped", "[value_columns]") {
  tally t(tally_layout::lifetimes, 1);
  std::array<std::int64_t, 13> row{};
  const auto key = to_row(value_key{});
  std::copy(key.begin(), key.end(), row.begin());
  const wide large = static_cast<wide>(INT64_MAX) + 1;
  t.append(row, std::array<wide, 5>{1, large, large - 1, -large, large});
  CHECK(lifetimes_of(t));
  row[12] = 1;
  t.append(row, std::array<wide, 5>{1, 0, large, 0, large});
  CHECK_FALSE(lifetimes_of(t));
}

TEST_CASE("numbers of customers and owners cost no memory", "[value_columns]") {
  tally t(tally_layout::lifetimes, 1);
  std::array<std::int64_t, 13> row{};
  value_key k;
  k.owner = no_number - 1;
  const auto key = to_row(k);
  std::copy(key.begin(), key.end(), row.begin());
  row[11] = std::int64_t{no_number} - 1;
  t.append(row, std::array<wide, 5>{1, 1, 1, 1, 1});
  const result<lifetime_table> table = lifetimes_of(t);
  REQUIRE(table);
  CHECK(table.value().keys.at(0).owner == no_number - 1);
}

TEST_CASE("a line of no product is one-off by its terms or not valued", "[value_columns]") {
  book_builder builder;
  builder.add(stage{.id = "won", .outcome = deal_outcome::won});
  for (const std::int32_t every : {0, 12}) {
    const std::string id = "deal-" + std::to_string(every);
    builder.add(deal{.id = id});
    builder.add(stage_event{.deal = id, .stage = "won", .at = start_of(monday)});
    builder.add(line{.deal = id, .net = eur_of(1), .terms = {every, every, 0, every > 0}});
  }
  const book b = builder.build();
  const value_columns c = resolve(b, value_view::deal);
  REQUIRE(c.keys.size() == 2);
  const auto kind_of = [&](std::size_t i) {
    return b.tables().families[index_of(c.keys[i].of.family)];
  };
  CHECK(kind_of(0) == lifetime_kind::once);
  CHECK(kind_of(1) == lifetime_kind::unknown);
}
