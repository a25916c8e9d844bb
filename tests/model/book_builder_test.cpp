// SPDX-License-Identifier: BSL-1.0
// Every row that `book_builder` refuses or remarks upon: its name, effect, field and id.
#include "support/catch.hpp"
#include <salespulse/core/currency.hpp>
#include <salespulse/core/date.hpp>
#include <salespulse/core/money.hpp>
#include <salespulse/model/book_builder.hpp>
#include <salespulse/model/book_options.hpp>
#include <salespulse/model/book_tables.hpp>

#include <string>
#include <string_view>
#include <vector>

using namespace salespulse;

namespace {

constexpr row_position where{3, 17, 2};
const date monday = to_date({2024, 1, 1});
const currency yen = *currency::from_code("JPY");

instant at(date d, int hour = 12) { return {start_of(d).seconds + hour * 3600}; }

// A builder that knows one of each kind of thing.
struct door {
  book_builder builder;

  explicit door(book_options options = {}) : builder(std::move(options)) {
    builder.add(exchange_rate{usd, monday, {9, 1}});
    builder.add(salesperson{.id = "anna"});
    builder.add(team{.id = "north"});
    builder.add(customer{.id = "acme"});
    builder.add(product{.id = "GTX Pro", .family = "gtx", .lifetime = lifetime_kind::contract});
    builder.add(stage{.id = "quoted", .position = 1});
    builder.add(stage{.id = "won", .position = 2, .outcome = deal_outcome::won});
    builder.add(deal{.id = "d1", .customer = "acme", .owner = "anna", .opened = at(monday)});
    builder.add(line{.id = "l1", .deal = "d1", .product = "GTX Pro", .net = money{100, eur}});
    REQUIRE(builder.issues().empty());
  }

  // The row is refused with this one issue and leaves no trace.
  template <class Row>
  void refuses(const Row& row, issue_code code, std::string_view entity, std::string_view id,
               std::string_view field) {
    const std::size_t before = builder.issues().size();
    CHECK_FALSE(builder.add(row, where));
    REQUIRE(builder.issues().size() == before + 1);
    check(builder.issues().back(), code, issue_effect::rejected, entity, id, field);
  }

  // The row is taken, with this one remark.
  template <class Row>
  void notes(const Row& row, issue_code code, std::string_view entity, std::string_view id,
             std::string_view field) {
    const std::size_t before = builder.issues().size();
    CHECK(builder.add(row, where));
    REQUIRE(builder.issues().size() == before + 1);
    check(builder.issues().back(), code, issue_effect::noted, entity, id, field);
  }

  template <class Row>
  void takes(const Row& row) {
    const std::size_t before = builder.issues().size();
    CHECK(builder.add(row, where));
    CHECK(builder.issues().size() == before);
  }

  static void check(const issue& found, issue_code code, issue_effect effect,
                    std::string_view entity, std::string_view id, std::string_view field) {
    CHECK(to_string(found.code) == to_string(code));
    CHECK(found.effect == effect);
    CHECK(found.entity == entity);
    CHECK(found.id == id);
    CHECK(found.field == field);
    CHECK_FALSE(found.message.empty());
    CHECK(found.where.file == where.file);
    CHECK(found.where.line == where.line);
  }
};

line valid_line() {
  return {.id = "l2", .deal = "d1", .product = "GTX Pro", .net = money{100, eur}};
}

}  // namespace

TEST_CASE("every code has a name of its own", "[issue]") {
  std::vector<std::string_view> names(std::begin(issue_names), std::end(issue_names));
  CHECK(names.size() == static_cast<std::size_t>(issue_code::declared_replacement) + 1);
  CHECK(to_string(issue_code::missing_id) == "missing_id");
  CHECK(to_string(issue_code::term_not_whole_intervals) == "term_not_whole_intervals");
  CHECK(to_string(issue_code::declared_replacement) == "declared_replacement");
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) CHECK(names[i] != names[j]);
  }
}

TEST_CASE("an entity needs an id", "[book_builder]") {
  door d;
  d.refuses(salesperson{}, issue_code::missing_id, "salesperson", "", "id");
  d.refuses(team{}, issue_code::missing_id, "team", "", "id");
  d.refuses(customer{}, issue_code::missing_id, "customer", "", "id");
  d.refuses(product{}, issue_code::missing_id, "product", "", "id");
  d.refuses(stage{}, issue_code::missing_id, "stage", "", "id");
  d.refuses(deal{}, issue_code::missing_id, "deal", "", "id");
  d.refuses(revenue_event{.deal = "d1"}, issue_code::missing_id, "revenue_event", "", "id");
  d.refuses(membership{.team = "north"}, issue_code::missing_id, "membership", "north",
            "salesperson");
  d.refuses(credit_split{.deal = "d1", .part = full_share}, issue_code::missing_id, "credit_split",
            "d1", "salesperson");
  const period quarter{monday, monday + 90};
  d.refuses(target{.during = quarter, .amount = {1, eur}}, issue_code::missing_id, "target", "",
            "salesperson");
  d.refuses(target{.salesperson = "anna", .team = "north", .during = quarter, .amount = {1, eur}},
            issue_code::missing_id, "target", "anna", "salesperson");
}

TEST_CASE("an id is taken once", "[book_builder]") {
  door d;
  d.refuses(salesperson{.id = "anna"}, issue_code::duplicate_id, "salesperson", "anna", "id");
  d.refuses(team{.id = "north"}, issue_code::duplicate_id, "team", "north", "id");
  d.refuses(customer{.id = "acme"}, issue_code::duplicate_id, "customer", "acme", "id");
  d.refuses(product{.id = "GTX Pro"}, issue_code::duplicate_id, "product", "GTX Pro", "id");
  d.refuses(stage{.id = "won"}, issue_code::duplicate_id, "stage", "won", "id");
  d.refuses(deal{.id = "d1"}, issue_code::duplicate_id, "deal", "d1", "id");
  line twice = valid_line();
  twice.id = "l1";
  d.refuses(twice, issue_code::duplicate_id, "line", "l1", "id");
  d.takes(revenue_event{.id = "r1", .deal = "d1", .amount = money{100, eur}, .at = at(monday)});
  d.refuses(revenue_event{.id = "r1", .deal = "d1"}, issue_code::duplicate_id, "revenue_event",
            "r1", "id");
  d.takes(activity{.id = "a1", .at = at(monday)});
  d.refuses(activity{.id = "a1", .at = at(monday)}, issue_code::duplicate_id, "activity", "a1",
            "id");
  // Stages are numbered within their pipeline; rows without id are never duplicates.
  d.takes(stage{.pipeline = "renewals", .id = "won"});
  line unnamed = valid_line();
  unnamed.id = "";
  d.takes(unnamed);
  d.takes(unnamed);
  d.takes(activity{.at = at(monday)});
  d.takes(activity{.at = at(monday)});
  const book b = d.builder.build();
  CHECK(b.lines().size() == 3);
  CHECK(b.tables().revenue_events.size() == 1);
  CHECK(b.tables().activities.size() == 3);
}

TEST_CASE("a second rate of a day is refused and the first one stays", "[book_builder]") {
  door d;
  d.refuses(exchange_rate{usd, monday, {95, 2}}, issue_code::duplicate_row, "exchange_rate", "USD",
            "day");
  d.takes(exchange_rate{usd, monday + 1, {95, 2}});
  d.takes(exchange_rate{yen, monday, {61, 4}});
}

TEST_CASE("a rate is positive and of another currency", "[book_builder]") {
  door d;
  d.refuses(exchange_rate{eur, monday, {1, 0}}, issue_code::invalid_value, "exchange_rate", "EUR",
            "currency");
  d.refuses(exchange_rate{{}, monday, {1, 0}}, issue_code::invalid_value, "exchange_rate", "---",
            "currency");
  for (const decimal rate : {decimal{0, 0}, decimal{-9, 1}, decimal{9, -1}, decimal{9, 19}}) {
    d.refuses(exchange_rate{yen, monday, rate}, issue_code::invalid_value, "exchange_rate", "JPY",
              "rate");
  }
}

TEST_CASE("what a row belongs to must exist", "[book_builder]") {
  door d;
  d.refuses(membership{.salesperson = "anna", .team = "south"}, issue_code::unknown_team,
            "membership", "anna", "team");
  d.refuses(target{.team = "south", .during = {monday, monday + 1}, .amount = {1, eur}},
            issue_code::unknown_team, "target", "south", "team");
  line orphan = valid_line();
  orphan.deal = "d9";
  d.refuses(orphan, issue_code::unknown_deal, "line", "l2", "deal");
  d.refuses(stage_event{.deal = "d9", .stage = "won"}, issue_code::unknown_deal, "stage_event",
            "won", "deal");
  d.refuses(ownership_event{.deal = "d9", .owner = "anna"}, issue_code::unknown_deal,
            "ownership_event", "anna", "deal");
  d.refuses(credit_split{.deal = "d9", .salesperson = "anna"}, issue_code::unknown_deal,
            "credit_split", "anna", "deal");
  d.refuses(revenue_event{.id = "r1", .deal = "d9"}, issue_code::unknown_deal, "revenue_event",
            "r1", "deal");
  d.refuses(stage_event{.deal = "d1", .stage = "lost"}, issue_code::unknown_stage, "stage_event",
            "d1", "stage");
  d.refuses(revenue_event{.id = "r1", .deal = "d1", .line = "l9"}, issue_code::unknown_line,
            "revenue_event", "r1", "line");
  // A refused event has not used up its id.
  d.takes(revenue_event{.id = "r1", .deal = "d1", .line = "l1", .at = at(monday)});
}

TEST_CASE("a stage is looked for in the deal's own pipeline", "[book_builder]") {
  door d;
  d.takes(stage{.pipeline = "renewals", .id = "signed", .outcome = deal_outcome::won});
  d.takes(deal{.id = "d2", .customer = "acme", .owner = "anna", .pipeline = "renewals"});
  d.refuses(stage_event{.deal = "d1", .stage = "signed"}, issue_code::unknown_stage, "stage_event",
            "d1", "stage");
  d.refuses(stage_event{.deal = "d2", .stage = "won"}, issue_code::unknown_stage, "stage_event",
            "d2", "stage");
  d.takes(stage_event{.deal = "d2", .stage = "signed", .at = at(monday)});
  const book b = d.builder.build();
  CHECK(b.deals()[1].outcome == deal_outcome::won);
}

TEST_CASE("the line of an event is one of the same deal", "[book_builder]") {
  door d;
  d.takes(deal{.id = "d2", .customer = "acme", .owner = "anna"});
  d.refuses(revenue_event{.id = "r1", .deal = "d2", .line = "l1"}, issue_code::unknown_line,
            "revenue_event", "r1", "line");
}

TEST_CASE("names that master data do not know are kept and remarked upon", "[book_builder]") {
  door d;
  d.notes(deal{.id = "d2", .customer = "umbrella"}, issue_code::unknown_customer, "deal", "d2",
          "customer");
  d.notes(deal{.id = "d3", .owner = "bert"}, issue_code::unknown_salesperson, "deal", "d3",
          "owner");
  line other = valid_line();
  other.product = "GTXPro";
  d.notes(other, issue_code::unknown_product, "line", "l2", "product");
  CHECK(d.builder.issues().back().message.find("'GTX Pro'") != std::string::npos);
  other.id = "l3";
  other.product = "MG Special";
  d.notes(other, issue_code::unknown_product, "line", "l3", "product");
  CHECK(d.builder.issues().back().message.find("mean") == std::string::npos);
  d.notes(activity{.id = "a1", .deal = "d9", .at = at(monday)}, issue_code::unknown_deal,
          "activity", "a1", "deal");
  d.notes(membership{.salesperson = "carl", .team = "north"}, issue_code::unknown_salesperson,
          "membership", "north", "salesperson");
  d.notes(credit_split{.deal = "d1", .salesperson = "dora", .part = full_share},
          issue_code::unknown_salesperson, "credit_split", "d1", "salesperson");
  d.notes(ownership_event{.deal = "d1", .owner = "emil", .at = at(monday)},
          issue_code::unknown_salesperson, "ownership_event", "d1", "owner");
  const book b = d.builder.build();
  const auto product = find_id<product_id>(b.names().products, "GTXPro");
  REQUIRE(is_known(product));
  CHECK_FALSE(b.tables().products[index_of(product)].declared);
  const auto customer = find_id<customer_id>(b.names().customers, "umbrella");
  REQUIRE(is_known(customer));
  CHECK_FALSE(b.tables().customers[index_of(customer)].declared);
}

TEST_CASE("hosts without master data are not told so row by row", "[book_builder]") {
  book_builder builder;
  builder.add(deal{.id = "d1", .customer = "acme", .owner = "anna"});
  builder.add(line{.deal = "d1", .product = "licence", .net = money{1, eur}});
  builder.add(activity{.salesperson = "bert", .customer = "umbrella", .at = at(monday)});
  const book b = builder.build();
  CHECK(builder.issues().empty());
  // What somebody did adds nobody: figures know those who own or share deals.
  CHECK(b.names().salespeople.size() == 1);
  CHECK(b.names().customers.size() == 1);
}

TEST_CASE("shares lie between nothing and the whole", "[book_builder]") {
  door d;
  d.refuses(salesperson{.id = "bert", .fte = {-1}}, issue_code::invalid_value, "salesperson",
            "bert", "fte");
  d.refuses(salesperson{.id = "bert", .fte = {1'000'001}}, issue_code::invalid_value, "salesperson",
            "bert", "fte");
  for (const std::int32_t ppm : {-1, 1'000'001}) {
    CHECK_FALSE(d.builder.add(credit_split{.deal = "d1", .salesperson = "anna", .part = {ppm}}));
    CHECK(d.builder.issues().back().code == issue_code::invalid_value);
  }
}

TEST_CASE("a period ends after the day it begins", "[book_builder]") {
  door d;
  d.refuses(salesperson{.id = "bert", .active = {monday, monday}}, issue_code::period_reversed,
            "salesperson", "bert", "to");
  d.refuses(membership{.salesperson = "anna", .team = "north", .during = {monday, monday - 1}},
            issue_code::period_reversed, "membership", "anna", "to");
  d.refuses(target{.team = "north", .during = {monday, monday}, .amount = {1, eur}},
            issue_code::period_reversed, "target", "north", "to");
  // The refused rows were not half taken.
  d.takes(salesperson{.id = "bert"});
}

TEST_CASE("amounts beyond 10^15 minor units are refused wherever they stand", "[book_builder]") {
  door d;
  const money large{largest_amount + 1, eur};
  const money negative{-largest_amount - 1, eur};
  d.refuses(deal{.id = "d2", .amount = large}, issue_code::amount_out_of_range, "deal", "d2",
            "amount");
  d.refuses(revenue_event{.id = "r1", .deal = "d1", .amount = negative},
            issue_code::amount_out_of_range, "revenue_event", "r1", "amount");
  line row = valid_line();
  row.net = large;
  d.refuses(row, issue_code::amount_out_of_range, "line", "l2", "net");
  row = valid_line();
  row.cost = negative;
  d.refuses(row, issue_code::amount_out_of_range, "line", "l2", "cost");
  row = valid_line();
  row.list = money{INT64_MAX, eur};
  d.refuses(row, issue_code::amount_out_of_range, "line", "l2", "list");
  // The largest amount itself is taken, and the refused rows have not used up their id.
  row = valid_line();
  row.net = money{largest_amount, eur};
  row.cost = money{-largest_amount, eur};
  d.takes(row);
}

TEST_CASE("a line is in one currency", "[book_builder]") {
  door d;
  line row = valid_line();
  row.list = money{100, usd};
  d.refuses(row, issue_code::mixed_currencies, "line", "l2", "currency");
  row = valid_line();
  row.cost = money{100, yen};
  d.refuses(row, issue_code::mixed_currencies, "line", "l2", "currency");
  d.refuses(target{.team = "north", .during = {monday, monday + 1}, .amount = {1, usd}},
            issue_code::mixed_currencies, "target", "north", "currency");
}

TEST_CASE("terms are whole intervals of a schedule", "[book_builder]") {
  door d;
  const auto with = [](line_terms terms) {
    line row = valid_line();
    row.terms = terms;
    return row;
  };
  for (const line_terms terms :
       {line_terms{12, 18, 0, false}, line_terms{12, 0, 0, true}, line_terms{0, 12, 0, false},
        line_terms{0, 0, 0, true}, line_terms{12, 6, 0, false}}) {
    CAPTURE(terms.every_months, terms.term_months, terms.renews);
    d.refuses(with(terms), issue_code::term_not_whole_intervals, "line", "l2", "term_months");
  }
  for (const line_terms terms :
       {line_terms{-1, 12, 0, false}, line_terms{12, -12, 0, false}, line_terms{12, 12, -1, false},
        line_terms{12, 1212, 0, false}, line_terms{0, 0, 36501, false}}) {
    CAPTURE(terms.every_months, terms.term_months, terms.offset_days);
    CHECK_FALSE(d.builder.add(with(terms), where));
    CHECK(d.builder.issues().back().code == issue_code::invalid_value);
  }
  line longest = with({12, 1200, 36500, true});
  d.takes(longest);
  line shortest = with({1, 1, 0, true});
  shortest.id = "l3";
  d.takes(shortest);
}

TEST_CASE("a family whose products disagree on its lifetime has none, whatever their order",
          "[book_builder]") {
  door d;
  d.takes(product{.id = "GTX Basic", .family = "gtx", .lifetime = lifetime_kind::once});
  // Silence is no contradiction, and what is said later holds for the family.
  d.takes(product{.id = "GTX Plus", .family = "gtx"});
  d.takes(product{.id = "mystery", .family = "new"});
  d.takes(product{.id = "known", .family = "new", .lifetime = lifetime_kind::repeat});
  const book b = d.builder.build();
  const auto kind_of = [&](std::string_view family) {
    return b.tables().families[index_of(find_id<family_id>(b.names().families, family))];
  };
  CHECK(kind_of("new") == lifetime_kind::repeat);
  CHECK(kind_of("gtx") == lifetime_kind::unknown);
  // Each product that says something is told; the one that says nothing is not at fault.
  std::string told;
  for (const issue& i : d.builder.issues()) {
    if (i.code != issue_code::one_lifetime_per_family) continue;
    CHECK(i.effect == issue_effect::noted);
    CHECK(i.field == "lifetime");
    told += i.id + ";";
  }
  CHECK(told == "GTX Pro;GTX Basic;");
}

TEST_CASE("a product without family is a family of its own", "[book_builder]") {
  door d;
  d.takes(product{.id = "loner", .lifetime = lifetime_kind::once});
  const book b = d.builder.build();
  const auto product = find_id<product_id>(b.names().products, "loner");
  const auto family = b.tables().products[index_of(product)].family;
  CHECK(b.names().families[index_of(family)] == "loner");
}

TEST_CASE("what only the whole shows is reported by build", "[book_builder]") {
  door d;
  d.takes(stage_event{.deal = "d1", .stage = "won", .at = at(monday - 1)});
  d.takes(deal{.id = "d2", .customer = "acme", .owner = "anna", .opened = at(monday)});
  d.takes(stage_event{.deal = "d2", .stage = "won"});
  d.takes(line{.id = "l2", .deal = "d2", .product = "GTX Pro"});
  d.takes(deal{.id = "d3", .customer = "acme", .owner = "anna", .amount = money{100, yen}});
  d.takes(revenue_event{.id = "r1", .deal = "d1", .at = at(monday), .refers_to = "r0"});
  d.takes(revenue_event{.id = "r2", .deal = "d1", .amount = money{5, yen}, .at = at(monday)});
  d.takes(credit_split{.deal = "d1", .salesperson = "anna", .part = {999'999}});
  d.takes(credit_split{
      .deal = "d2", .salesperson = "anna", .part = full_share, .at = at(monday + 900)});
  const book b = d.builder.build();
  const auto has = [&](issue_code code, issue_effect effect, std::string_view entity,
                       std::string_view id, std::string_view field) {
    int found = 0;
    for (const issue& i : d.builder.issues()) {
      if (i.code == code && i.effect == effect && i.entity == entity && i.id == id &&
          i.field == field) {
        ++found;
      }
    }
    return found == 1;
  };
  CHECK(has(issue_code::closed_before_opened, issue_effect::noted, "deal", "d1", "opened"));
  CHECK(has(issue_code::close_time_unknown, issue_effect::noted, "deal", "d2", "close_date"));
  CHECK(has(issue_code::amount_unknown, issue_effect::noted, "deal", "d2", "net"));
  CHECK(has(issue_code::missing_exchange_rate, issue_effect::noted, "line", "", "currency"));
  CHECK(has(issue_code::unknown_original, issue_effect::noted, "revenue_event", "r1", "refers_to"));
  CHECK(has(issue_code::missing_exchange_rate, issue_effect::noted, "revenue_event", "r2",
            "currency"));
  CHECK(has(issue_code::credits_do_not_sum, issue_effect::rejected, "credit_split", "d1",
            "part_ppm"));
  CHECK(d.builder.issues().size() == 7);
  // The builder is empty again, and keeps its issues.
  CHECK(d.builder.build().deals().empty());
  CHECK(d.builder.issues().size() == 7);
  CHECK(b.deals().size() == 3);
}

TEST_CASE("a missing rate of a line is told with the line's own id", "[book_builder]") {
  door d;
  d.takes(line{.id = "l2", .deal = "d1", .product = "GTX Pro", .net = money{100, yen}});
  (void)d.builder.build();
  REQUIRE(d.builder.issues().size() == 1);
  door::check(d.builder.issues()[0], issue_code::missing_exchange_rate, issue_effect::noted, "line",
              "l2", "currency");
}

TEST_CASE("an amount in no currency is refused", "[book_builder]") {
  door d;
  line row = valid_line();
  row.list = money{100, {}};
  CHECK_FALSE(d.builder.add(row));
  CHECK(d.builder.issues().back().entity == "line");
}

TEST_CASE("the names of the library's own families are not for products", "[book_builder]") {
  door d;
  d.refuses(product{.id = "p", .family = "(none)", .lifetime = lifetime_kind::contract},
            issue_code::invalid_value, "product", "p", "family");
  d.refuses(product{.id = "p", .family = "(undeclared)", .lifetime = lifetime_kind::contract},
            issue_code::invalid_value, "product", "p", "family");
}

TEST_CASE("a target is within the largest amount", "[book_builder]") {
  door d;
  d.refuses(
      target{.team = "north", .during = {monday, monday + 1}, .amount = {largest_amount + 1, eur}},
      issue_code::amount_out_of_range, "target", "north", "amount");
}

TEST_CASE("days and moments outside the years 1 to 9999 are refused", "[book_builder]") {
  door d;
  for (const instant bad :
       {instant{INT64_MIN}, instant{INT64_MAX}, instant{start_of(to_date({1, 1, 1})).seconds - 1},
        instant{start_of(to_date({9999, 12, 31})).seconds + 86'400}}) {
    CAPTURE(bad.seconds);
    d.refuses(deal{.id = "d2", .opened = bad}, issue_code::invalid_date, "deal", "d2", "opened");
    d.refuses(deal{.id = "d2", .recorded = bad}, issue_code::invalid_date, "deal", "d2",
              "recorded");
    d.refuses(stage_event{.deal = "d1", .stage = "won", .at = bad}, issue_code::invalid_date,
              "stage_event", "d1", "at");
    d.refuses(ownership_event{.deal = "d1", .owner = "anna", .at = bad}, issue_code::invalid_date,
              "ownership_event", "d1", "at");
    d.refuses(credit_split{.deal = "d1", .salesperson = "anna", .part = full_share, .at = bad},
              issue_code::invalid_date, "credit_split", "d1", "at");
    d.refuses(revenue_event{.id = "r1", .deal = "d1", .at = bad}, issue_code::invalid_date,
              "revenue_event", "r1", "at");
  }
  for (const date bad : {date{INT32_MIN}, date{INT32_MAX}, to_date({1, 1, 1}) - 1}) {
    CAPTURE(bad.days);
    d.refuses(deal{.id = "d2", .close_date = bad}, issue_code::invalid_date, "deal", "d2",
              "close_date");
    d.refuses(revenue_event{.id = "r1", .deal = "d1", .due = bad}, issue_code::invalid_date,
              "revenue_event", "r1", "due");
    d.refuses(exchange_rate{yen, bad, {1, 0}}, issue_code::invalid_date, "exchange_rate", "JPY",
              "day");
    d.refuses(salesperson{.id = "bert", .active = {monday, bad}}, issue_code::invalid_date,
              "salesperson", "bert", "to");
    d.refuses(membership{.salesperson = "anna", .team = "north", .during = {bad, monday}},
              issue_code::invalid_date, "membership", "anna", "from");
  }
  // The refused rows left nothing behind.
  d.takes(deal{.id = "d2", .opened = start_of(to_date({1, 1, 1}))});
  d.takes(revenue_event{.id = "r1", .deal = "d1", .at = start_of(to_date({9999, 12, 31}))});
}
