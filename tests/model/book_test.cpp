// SPDX-License-Identifier: BSL-1.0
// What a book derives from its rows: outcome, close, owner, credits, amounts in one currency.
#include "support/catch.hpp"
#include <salespulse/core/currency.hpp>
#include <salespulse/core/date.hpp>
#include <salespulse/core/money.hpp>
#include <salespulse/core/result.hpp>
#include <salespulse/model/book_builder.hpp>
#include <salespulse/model/book_options.hpp>
#include <salespulse/model/book_tables.hpp>
#include <salespulse/model/directory.hpp>
#include <salespulse/model/records.hpp>
#include <salespulse/tally/tally.hpp>
#include <salespulse/tally/value_columns.hpp>
#include <salespulse/tally/value_key.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace salespulse;

namespace {

const date monday = to_date({2024, 1, 1});
const currency yen = *currency::from_code("JPY");

instant at(date d, int hour = 12) { return {start_of(d).seconds + hour * 3600}; }

book_builder& add_stages(book_builder& builder) {
  builder.add(stage{.id = "quoted", .position = 1});
  builder.add(stage{.id = "agreed", .position = 2});
  builder.add(stage{.id = "won", .position = 3, .outcome = deal_outcome::won});
  builder.add(stage{.id = "paid", .position = 4, .outcome = deal_outcome::won});
  builder.add(stage{.id = "lost", .position = 5, .outcome = deal_outcome::lost});
  return builder;
}

struct step {
  std::string_view stage;
  std::optional<instant> at;
  std::int64_t sequence = 0;
};

// The one deal of a book, opened on Monday morning, with these stage events.
deal_record after(std::vector<step> steps, std::optional<date> typed = {},
                  std::vector<issue_code>* issues = nullptr, book_options options = {}) {
  book_builder builder(std::move(options));
  add_stages(builder);
  builder.add(deal{.id = "d", .opened = at(monday, 9), .close_date = typed});
  for (const step& s : steps) {
    builder.add(stage_event{
        .deal = "d", .stage = std::string(s.stage), .at = s.at, .sequence = s.sequence});
  }
  const book b = builder.build();
  if (issues != nullptr) {
    for (const issue& i : builder.issues()) issues->push_back(i.code);
  }
  return b.deals()[0];
}

std::string_view name_of(const directory& names, salesperson_id who) {
  return is_known(who) ? names[index_of(who)] : "nobody";
}

// Shares in ppm by owner in a view of the only deal.
std::map<std::string, std::int32_t> shares(const book& b, value_view view) {
  std::map<std::string, std::int32_t> out;
  for (const value_key& k : resolve(b, view).keys) {
    const directory& names = view == value_view::team ? b.names().teams : b.names().salespeople;
    out[k.owner == nobody ? "(nobody)" : std::string(names[k.owner])] += k.part.ppm;
  }
  return out;
}

using by_name = std::map<std::string, std::int32_t>;

}  // namespace

TEST_CASE("a deal without stage events is open", "[book]") {
  const deal_record d = after({});
  CHECK(d.outcome == deal_outcome::open);
  CHECK(d.closed == unknown_instant);
  CHECK(d.closed_day == unknown_day);
  CHECK_FALSE(is_known(d.last_stage));
  CHECK(d.opened_day == monday);
}

TEST_CASE("the last stage event says how a deal ended, and skips are kept", "[book]") {
  const deal_record d = after({{"won", at(monday + 5)}, {"quoted", at(monday)}});
  CHECK(d.outcome == deal_outcome::won);
  CHECK(d.closed == at(monday + 5));
  CHECK(d.closed_day == monday + 5);
  CHECK_FALSE(d.closed_by_hand);
}

TEST_CASE("a deal that left its outcome is open again", "[book]") {
  const deal_record d =
      after({{"quoted", at(monday)}, {"lost", at(monday + 3)}, {"agreed", at(monday + 9)}});
  CHECK(d.outcome == deal_outcome::open);
  CHECK(d.closed == unknown_instant);
}

TEST_CASE("the close of a reopened deal is the entry into its last unbroken run", "[book]") {
  const deal_record d = after({{"won", at(monday + 1)},
                               {"quoted", at(monday + 2)},
                               {"won", at(monday + 5)},
                               {"paid", at(monday + 20)}});
  CHECK(d.outcome == deal_outcome::won);
  CHECK(d.closed == at(monday + 5));
  const deal_record lost_between =
      after({{"won", at(monday + 1)}, {"lost", at(monday + 2)}, {"won", at(monday + 7)}});
  CHECK(lost_between.closed == at(monday + 7));
  const deal_record again = after({{"won", at(monday + 3)}, {"won", at(monday + 8)}});
  CHECK(again.closed == at(monday + 3));
}

TEST_CASE("events of one moment stand in the host's order, else in the pipeline's", "[book]") {
  CHECK(after({{"won", at(monday), 2}, {"lost", at(monday), 1}}).outcome == deal_outcome::won);
  CHECK(after({{"won", at(monday), 1}, {"lost", at(monday), 2}}).outcome == deal_outcome::lost);
  CHECK(after({{"lost", at(monday)}, {"won", at(monday)}}).outcome == deal_outcome::lost);
  CHECK(after({{"won", at(monday)}, {"agreed", at(monday)}}).outcome == deal_outcome::won);
}

TEST_CASE("where a time is missing the sequence is all there is", "[book]") {
  std::vector<issue_code> issues;
  const deal_record d =
      after({{"won", std::nullopt, 2}, {"quoted", at(monday + 50), 1}}, {}, &issues);
  CHECK(d.outcome == deal_outcome::won);
  CHECK(d.closed == unknown_instant);
  CHECK(d.closed_day == unknown_day);
  CHECK(issues == std::vector{issue_code::close_time_unknown});
}

TEST_CASE("a typed close date stands in for a missing time and is marked so", "[book]") {
  const deal_record d = after({{"won", std::nullopt}}, monday + 9);
  CHECK(d.closed_day == monday + 9);
  CHECK(d.closed_by_hand);
  const deal_record timed = after({{"won", at(monday + 5)}}, monday + 9);
  CHECK(timed.closed_day == monday + 5);
  CHECK_FALSE(timed.closed_by_hand);
  const deal_record open = after({{"quoted", at(monday + 5)}}, monday + 9);
  CHECK(open.closed == unknown_instant);
}

TEST_CASE("a deal typed closed on the day it was opened was not closed before", "[book]") {
  std::vector<issue_code> issues;
  const deal_record d = after({{"won", std::nullopt}}, monday, &issues);
  CHECK(issues.empty());
  CHECK(cycle_seconds(d) == 0);
  CHECK(cycle_seconds(after({{"won", std::nullopt}}, monday + 2)) == 2 * seconds_per_day);
  // The same west of Greenwich, where the typed day begins later than in UTC.
  issues.clear();
  book_options west;
  west.reporting_zone = {"west", {{{INT64_MIN / 2}, -10 * 3600}}};
  (void)after({{"won", std::nullopt}}, monday - 1, &issues, west);
  CHECK(issues.empty());  // opened at 09:00 UTC, which is Sunday 23:00 there
}

TEST_CASE("a deal won before it was opened is told and kept", "[book]") {
  std::vector<issue_code> issues;
  const deal_record d = after({{"won", at(monday, 8)}}, {}, &issues);
  CHECK(issues == std::vector{issue_code::closed_before_opened});
  CHECK(d.outcome == deal_outcome::won);
  CHECK(cycle_seconds(d) == -3600);
  issues.clear();
  (void)after({{"won", std::nullopt}}, monday - 1, &issues);
  CHECK(issues == std::vector{issue_code::closed_before_opened});
}

TEST_CASE("the reporting zone decides on the days of a deal", "[book]") {
  book_options east;
  east.reporting_zone = {"east", {{{INT64_MIN / 2}, 2 * 3600}}};
  const deal_record d = after({{"won", at(monday + 5, 23)}}, {}, nullptr, east);
  CHECK(d.closed == at(monday + 5, 23));
  CHECK(d.closed_day == monday + 6);
}

TEST_CASE("both clocks are kept, and a missing second one is marked", "[book]") {
  book_builder builder;
  add_stages(builder);
  builder.add(
      deal{.id = "told", .owner = "anna", .opened = at(monday), .recorded = at(monday + 3)});
  builder.add(deal{.id = "untold", .owner = "anna", .opened = at(monday)});
  builder.add(deal{.id = "unowned", .opened = at(monday), .recorded = at(monday + 3)});
  for (const char* id : {"told", "untold"}) {
    builder.add(
        ownership_event{.deal = id, .owner = "anna", .at = at(monday), .recorded = at(monday + 1)});
    builder.add(
        stage_event{.deal = id, .stage = "won", .at = at(monday + 5), .recorded = at(monday + 8)});
  }
  builder.add(stage_event{.deal = "unowned", .stage = "won", .at = at(monday + 5)});
  builder.add(
      revenue_event{.id = "r", .deal = "told", .at = at(monday + 9), .recorded = at(monday + 12)});
  builder.add(activity{.at = at(monday + 1), .recorded = at(monday + 2)});
  const book b = builder.build();
  const auto& told = b.deals()[index_of(find_id<deal_id>(b.names().deals, "told"))];
  CHECK(told.opened == at(monday));
  CHECK(told.recorded == at(monday + 3));
  CHECK(told.point_in_time);
  const auto& untold = b.deals()[index_of(find_id<deal_id>(b.names().deals, "untold"))];
  CHECK(untold.recorded == at(monday));
  CHECK_FALSE(untold.point_in_time);
  // Without ownership events the owner is the current one, whatever the second clock says.
  CHECK_FALSE(b.deals()[index_of(find_id<deal_id>(b.names().deals, "unowned"))].point_in_time);
  for (const stage_entry& e : b.tables().stage_events) {
    const bool known = b.names().deals[index_of(e.deal)] != "unowned";
    CHECK(e.at == at(monday + 5));
    CHECK(e.recorded == (known ? at(monday + 8) : at(monday + 5)));
  }
  CHECK(b.tables().ownership_events[0].recorded == at(monday + 1));
  CHECK(b.tables().revenue_events[0].at == at(monday + 9));
  CHECK(b.tables().revenue_events[0].recorded == at(monday + 12));
  CHECK(b.tables().activities[0].recorded == at(monday + 2));
}

namespace {

// Owner at the close of a deal of Anna's, won on Friday at noon, with these changes.
std::string owner_after(std::vector<ownership_event> changes, bool won = true,
                        std::optional<date> typed = {}) {
  book_builder builder;
  add_stages(builder);
  builder.add(deal{.id = "d", .owner = "anna", .opened = at(monday, 9), .close_date = typed});
  for (ownership_event& e : changes) {
    e.deal = "d";
    builder.add(e);
  }
  if (won) {
    builder.add(stage_event{
        .deal = "d", .stage = "won", .at = typed ? std::optional<instant>() : at(monday + 4)});
  }
  const book b = builder.build();
  return std::string(name_of(b.names().salespeople, b.deals()[0].owner));
}

}  // namespace

TEST_CASE("the owner is the one at the close", "[book]") {
  CHECK(owner_after({}) == "anna");
  CHECK(owner_after({{.owner = "bert", .at = at(monday)}}) == "bert");
  CHECK(owner_after({{.owner = "bert", .at = at(monday)},
                     {.owner = "carl", .at = at(monday + 4)}}) == "carl");
  CHECK(owner_after({{.owner = "carl", .at = {at(monday + 4).seconds + 1}},
                     {.owner = "bert", .at = at(monday)}}) == "bert");
}

TEST_CASE("where changes are recorded but none before the close, nobody knows", "[book]") {
  CHECK(owner_after({{.owner = "bert", .at = at(monday + 9)}}) == "nobody");
}

TEST_CASE("an open deal belongs to its latest owner", "[book]") {
  CHECK(
      owner_after({{.owner = "carl", .at = at(monday + 900)}, {.owner = "bert", .at = at(monday)}},
                  false) == "carl");
}

TEST_CASE("owners of one moment stand in the host's order, else in that of their names", "[book]") {
  const instant now = at(monday);
  CHECK(owner_after({{.owner = "bert", .at = now, .sequence = 2},
                     {.owner = "carl", .at = now, .sequence = 1}}) == "bert");
  CHECK(owner_after({{.owner = "bert", .at = now}, {.owner = "carl", .at = now}}) ==
        owner_after({{.owner = "carl", .at = now}, {.owner = "bert", .at = now}}));
  CHECK(owner_after({{.owner = "", .at = now}, {.owner = "bert", .at = now}}) ==
        owner_after({{.owner = "bert", .at = now}, {.owner = "", .at = now}}));
  CHECK(owner_after({{.owner = "", .at = now}, {.owner = "", .at = now}}) == "nobody");
}

TEST_CASE("a change of owner on the typed day of the close still counts", "[book]") {
  CHECK(owner_after({{.owner = "bert", .at = at(monday + 4, 23)}}, true, monday + 4) == "bert");
  CHECK(owner_after({{.owner = "bert", .at = at(monday + 5, 1)}}, true, monday + 4) == "nobody");
}

namespace {

struct credited {
  book b;
  std::vector<issue_code> issues;
};

// A deal of Anna's, won on Friday at noon, with these credits and one line.
credited with_credits(std::vector<credit_split> credits) {
  book_builder builder;
  add_stages(builder);
  builder.add(deal{.id = "d", .owner = "anna", .opened = at(monday, 9)});
  builder.add(line{.id = "l", .deal = "d", .net = money{100, eur}});
  builder.add(stage_event{.deal = "d", .stage = "won", .at = at(monday + 4)});
  for (credit_split& c : credits) {
    c.deal = "d";
    builder.add(c);
  }
  credited out{builder.build(), {}};
  for (const issue& i : builder.issues()) out.issues.push_back(i.code);
  return out;
}

}  // namespace

TEST_CASE("a deal without credits belongs to its owner in full", "[book]") {
  const credited c = with_credits({});
  CHECK(shares(c.b, value_view::salesperson) == by_name{{"anna", 1'000'000}});
}

TEST_CASE("revenue credits take the place of the owner", "[book]") {
  const credited c = with_credits(
      {{.salesperson = "bert", .part = {700'000}}, {.salesperson = "carl", .part = {300'000}}});
  CHECK(c.issues.empty());
  CHECK(shares(c.b, value_view::salesperson) == by_name{{"bert", 700'000}, {"carl", 300'000}});
}

TEST_CASE("overlay credit is kept and never enters value", "[book]") {
  const credited c =
      with_credits({{.salesperson = "bert", .part = {1'000'000}, .kind = credit_kind::overlay}});
  CHECK(c.issues.empty());
  REQUIRE(c.b.credits_of(c.b.deals()[0]).size() == 1);
  CHECK(shares(c.b, value_view::salesperson) == by_name{{"anna", 1'000'000}});
  // A person can have both kinds.
  const credited both =
      with_credits({{.salesperson = "bert", .part = {1'000'000}},
                    {.salesperson = "bert", .part = {500'000}, .kind = credit_kind::overlay}});
  CHECK(both.issues.empty());
  CHECK(both.b.credits_of(both.b.deals()[0]).size() == 2);
  CHECK(shares(both.b, value_view::salesperson) == by_name{{"bert", 1'000'000}});
}

TEST_CASE("where credits do not sum nobody is credited, and the deal is kept", "[book]") {
  for (const std::int32_t ppm : {999'999, 600'000}) {
    const credited c = with_credits({{.salesperson = "bert", .part = {ppm}}});
    CHECK(c.issues == std::vector{issue_code::credits_do_not_sum});
    CHECK(c.b.deals()[0].credits_refused);
    CHECK(shares(c.b, value_view::salesperson) == by_name{{"(nobody)", 1'000'000}});
    CHECK(shares(c.b, value_view::team) == by_name{{"(nobody)", 1'000'000}});
  }
  const credited more = with_credits(
      {{.salesperson = "bert", .part = {600'000}}, {.salesperson = "carl", .part = {600'000}}});
  CHECK(more.issues == std::vector{issue_code::credits_do_not_sum, issue_code::credits_do_not_sum});
  CHECK(shares(more.b, value_view::salesperson) == by_name{{"(nobody)", 1'000'000}});
}

TEST_CASE("credits freeze at the close", "[book]") {
  const credited c =
      with_credits({{.salesperson = "bert", .part = {1'000'000}},
                    {.salesperson = "bert", .part = {0}, .at = at(monday + 5)},
                    {.salesperson = "carl", .part = {1'000'000}, .at = at(monday + 5)}});
  CHECK(c.issues == std::vector{issue_code::credit_after_close, issue_code::credit_after_close});
  CHECK(shares(c.b, value_view::salesperson) == by_name{{"bert", 1'000'000}});
  // In the moment of the close is not after it.
  const credited just =
      with_credits({{.salesperson = "bert", .part = {1'000'000}, .at = at(monday + 4)}});
  CHECK(just.issues.empty());
  CHECK(shares(just.b, value_view::salesperson) == by_name{{"bert", 1'000'000}});
  // Only late credits: the deal is its owner's.
  const credited late =
      with_credits({{.salesperson = "bert", .part = {1'000'000}, .at = at(monday + 9)}});
  CHECK(shares(late.b, value_view::salesperson) == by_name{{"anna", 1'000'000}});
}

TEST_CASE("of each person the latest credit before the close is in force", "[book]") {
  const credited c = with_credits({{.salesperson = "bert", .part = {400'000}, .at = at(monday + 2)},
                                   {.salesperson = "bert", .part = {900'000}, .at = at(monday + 1)},
                                   {.salesperson = "carl", .part = {600'000}, .at = at(monday + 2)},
                                   {.salesperson = "anna", .part = {100'000}, .at = at(monday + 1)},
                                   {.salesperson = "anna", .part = {0}, .at = at(monday + 2)}});
  CHECK(c.issues.empty());
  CHECK(shares(c.b, value_view::salesperson) == by_name{{"bert", 400'000}, {"carl", 600'000}});
  CHECK(c.b.credits_of(c.b.deals()[0]).size() == 2);
}

TEST_CASE("credits of one person and moment do not depend on the order of the rows", "[book]") {
  std::vector<credit_split> rows{{.salesperson = "bert", .part = {400'000}},
                                 {.salesperson = "bert", .part = {700'000}},
                                 {.salesperson = "carl", .part = {300'000}}};
  const auto first = shares(with_credits(rows).b, value_view::salesperson);
  std::reverse(rows.begin(), rows.end());
  CHECK(shares(with_credits(rows).b, value_view::salesperson) == first);
}

TEST_CASE("credits print in the host's sequence, else by name", "[book]") {
  const credited c = with_credits({{.salesperson = "bert", .part = {300'000}, .sequence = 2},
                                   {.salesperson = "carl", .part = {300'000}, .sequence = 1},
                                   {.salesperson = "dora", .part = {200'000}, .sequence = 3},
                                   {.salesperson = "anna", .part = {200'000}, .sequence = 3}});
  std::vector<std::string> order;
  for (const credit_record& r : c.b.credits_of(c.b.deals()[0])) {
    order.emplace_back(name_of(c.b.names().salespeople, r.salesperson));
  }
  CHECK(order == std::vector<std::string>{"carl", "bert", "anna", "dora"});
}

TEST_CASE("a team has the deals whose sellers were its members on the day of the close", "[book]") {
  const auto shares_of = [](std::vector<membership> memberships,
                            std::vector<credit_split> credits) {
    book_builder builder;
    add_stages(builder);
    builder.add(team{.id = "north"});
    builder.add(team{.id = "south"});
    for (const membership& m : memberships) builder.add(m);
    builder.add(deal{.id = "d", .owner = "anna"});
    builder.add(line{.deal = "d", .net = money{100, eur}});
    builder.add(stage_event{.deal = "d", .stage = "won", .at = at(monday + 4)});
    for (credit_split& c : credits) {
      c.deal = "d";
      builder.add(c);
    }
    return shares(builder.build(), value_view::team);
  };
  const period before{monday - 100, monday + 4};
  const period since{monday + 4, monday + 100};
  CHECK(shares_of({{"anna", "north", before}, {"anna", "south", since}}, {}) ==
        by_name{{"south", 1'000'000}});
  CHECK(shares_of({{"anna", "north", before}}, {}) == by_name{{"(nobody)", 1'000'000}});
  CHECK(shares_of({}, {}) == by_name{{"(nobody)", 1'000'000}});
  // In both teams it counts in each; twice in one team it counts once.
  CHECK(shares_of({{"anna", "north", since}, {"anna", "south", all_days}}, {}) ==
        by_name{{"north", 1'000'000}, {"south", 1'000'000}});
  CHECK(shares_of({{"anna", "north", since}, {"anna", "north", all_days}}, {}) ==
        by_name{{"north", 1'000'000}});
  // The shares of members go together, the rest is nobody's.
  CHECK(shares_of({{"anna", "north"}, {"bert", "north"}, {"carl", "south"}},
                  {{.salesperson = "anna", .part = {500'000}},
                   {.salesperson = "bert", .part = {200'000}},
                   {.salesperson = "carl", .part = {200'000}},
                   {.salesperson = "dora", .part = {100'000}}}) ==
        by_name{{"north", 700'000}, {"south", 200'000}, {"(nobody)", 100'000}});
}

TEST_CASE("amounts are converted once, at the rate of the close day", "[book]") {
  book_builder builder;
  add_stages(builder);
  builder.add(exchange_rate{usd, monday, {80, 2}});
  builder.add(exchange_rate{usd, monday + 4, {90, 2}});
  builder.add(exchange_rate{usd, monday + 5, {70, 2}});
  builder.add(exchange_rate{yen, monday, {61, 4}});
  const auto add = [&](const std::string& id, std::optional<instant> won, money net) {
    builder.add(deal{.id = id, .opened = at(monday)});
    builder.add(line{.id = id, .deal = id, .list = money{net.minor + 3, net.currency}, .net = net});
    if (won) builder.add(stage_event{.deal = id, .stage = "won", .at = won});
  };
  add("a", at(monday + 4), {101, usd});
  add("b", at(monday + 3), {101, usd});   // the rate of Monday is still fresh
  add("c", at(monday + 12), {101, usd});  // a week after the last one
  add("d", at(monday + 13), {101, usd});  // stale
  add("e", at(monday - 1), {101, usd});   // before the first
  add("f", std::nullopt, {101, usd});     // open: the latest
  add("g", at(monday + 4), {1000, yen});
  add("h", at(monday + 4), {101, eur});
  const book b = builder.build();
  const auto net = [&](const char* id) {
    return b.lines_of(b.deals()[index_of(find_id<deal_id>(b.names().deals, id))])[0].net;
  };
  CHECK(net("a") == 91);  // 90.9
  CHECK(net("b") == 81);  // 80.8
  CHECK(net("c") == 71);  // 70.7
  CHECK(net("d") == unknown_amount);
  CHECK(net("e") == unknown_amount);
  CHECK(net("f") == 71);
  CHECK(net("g") == 610);
  CHECK(net("h") == 101);
  int missing = 0;
  int unpriced = 0;
  for (const issue& i : builder.issues()) {
    missing += i.code == issue_code::missing_exchange_rate ? 1 : 0;
    unpriced += i.code == issue_code::amount_unknown ? 1 : 0;
  }
  CHECK(missing == 2);
  CHECK(unpriced == 2);
  // A line without its rate has no amount at all: no list without net.
  CHECK(b.lines_of(b.deals()[index_of(find_id<deal_id>(b.names().deals, "d"))])[0].list ==
        unknown_amount);
}

TEST_CASE("how long a rate holds is an option", "[book]") {
  book_options options;
  options.rate_valid_days = 0;
  book_builder builder(options);
  add_stages(builder);
  builder.add(exchange_rate{usd, monday, {80, 2}});
  for (const int day : {0, 1}) {
    const std::string id = std::to_string(day);
    builder.add(deal{.id = id, .amount = money{100, usd}});
    builder.add(stage_event{.deal = id, .stage = "won", .at = at(monday + day)});
  }
  const book b = builder.build();
  CHECK(b.lines()[0].net == 80);
  CHECK(b.lines()[1].net == unknown_amount);
}

TEST_CASE("a deal of which only an amount is known is one one-off line, marked so", "[book]") {
  book_builder builder;
  builder.add(deal{.id = "amount", .amount = money{500, eur}});
  builder.add(deal{.id = "lines", .amount = money{500, eur}});
  builder.add(line{.deal = "lines", .net = money{70, eur}});
  builder.add(deal{.id = "neither"});
  const book b = builder.build();
  const deal_record& amount = b.deals()[0];
  CHECK(amount.amount_only);
  REQUIRE(b.lines_of(amount).size() == 1);
  CHECK(b.lines_of(amount)[0].net == 500);
  CHECK(b.lines_of(amount)[0].list == unknown_amount);
  CHECK(b.lines_of(amount)[0].cost == unknown_amount);
  CHECK(b.lines_of(amount)[0].terms == line_terms{});
  CHECK_FALSE(b.deals()[1].amount_only);
  CHECK(b.lines_of(b.deals()[1])[0].net == 70);
  CHECK(b.lines_of(b.deals()[2]).empty());
}

TEST_CASE("a deal without customer is a customer of its own", "[book]") {
  book_builder builder;
  builder.add(customer{.id = "deal:x"});
  for (const char* id : {"x", "deal:x", "y"}) builder.add(deal{.id = id});
  builder.add(deal{.id = "z", .customer = "deal:x"});
  const book b = builder.build();
  std::map<std::string, std::string> customer_of;
  for (std::size_t i = 0; i < b.deals().size(); ++i) {
    customer_of[std::string(b.names().deals[i])] =
        b.names().customers[index_of(b.deals()[i].customer)];
    CHECK(b.deals()[i].customer_named == (b.names().deals[i] == "z"));
  }
  CHECK(customer_of["z"] == "deal:x");
  CHECK(customer_of["x"] != customer_of["z"]);
  CHECK(customer_of["x"] != customer_of["deal:x"]);
  CHECK(customer_of["y"].find('y') != std::string::npos);
  CHECK(b.names().customers.size() == 4);
  // The names do not depend on the order of the deals.
  book_builder backwards;
  backwards.add(customer{.id = "deal:x"});
  for (const char* id : {"y", "deal:x", "x"}) backwards.add(deal{.id = id});
  const book other = backwards.build();
  for (std::size_t i = 0; i < other.deals().size(); ++i) {
    CHECK(customer_of[std::string(other.names().deals[i])] ==
          other.names().customers[index_of(other.deals()[i].customer)]);
  }
}

TEST_CASE("revenue events may refer to later ones, and reversals keep their sign", "[book]") {
  book_builder builder;
  builder.add(deal{.id = "d"});
  builder.add(deal{.id = "c"});
  builder.add(line{.id = "l1", .deal = "d", .net = money{1, eur}});
  builder.add(line{.id = "l2", .deal = "d", .net = money{1, eur}});
  builder.add(revenue_event{.id = "refund",
                            .deal = "d",
                            .line = "l2",
                            .kind = revenue_kind::refund,
                            .amount = money{-100, eur},
                            .at = at(monday + 9),
                            .refers_to = "invoice"});
  builder.add(revenue_event{.id = "other", .deal = "c", .at = at(monday)});
  builder.add(revenue_event{.id = "invoice",
                            .deal = "d",
                            .amount = money{100, eur},
                            .at = at(monday),
                            .due = monday + 30});
  const book b = builder.build();
  CHECK(builder.issues().empty());
  const auto& events = b.tables().revenue_events;
  REQUIRE(events.size() == 3);
  const auto refund = std::find_if(events.begin(), events.end(), [](const revenue_entry& e) {
    return e.kind == revenue_kind::refund;
  });
  REQUIRE(refund != events.end());
  CHECK(refund->amount == -100);
  CHECK(refund->due == monday + 9);
  REQUIRE(refund->refers_to < events.size());
  CHECK(events[refund->refers_to].amount == 100);
  CHECK(events[refund->refers_to].due == monday + 30);
  CHECK(index_of(b.lines()[index_of(refund->line)].deal) == index_of(refund->deal));
}

TEST_CASE("numbers follow the byte order of the ids, whatever the order of the rows", "[book]") {
  book_builder builder;
  for (const char* id : {"c", "a", "b"}) {
    builder.add(salesperson{.id = id, .name = std::string("Name of ") + id});
    builder.add(team{.id = id, .name = std::string("Team ") + id});
    builder.add(customer{.id = id, .segment = id});
    builder.add(product{.id = id, .lifetime = lifetime_kind::once});
    builder.add(stage{.id = id, .position = id[0]});
  }
  for (const char* id : {"c", "a", "b"}) {
    builder.add(deal{.id = id, .customer = id, .owner = id, .source = id});
    builder.add(line{.id = id, .deal = id, .product = id, .net = money{id[0], eur}});
    builder.add(stage_event{.deal = id, .stage = id, .at = at(monday)});
    builder.add(activity{.id = id, .deal = id, .channel = id});
  }
  const book b = builder.build();
  const book_names& n = b.names();
  for (const directory* d : {&n.salespeople, &n.teams, &n.customers, &n.segments, &n.products,
                             &n.stages, &n.sources, &n.deals, &n.channels}) {
    for (std::size_t i = 1; i < d->size(); ++i) CHECK((*d)[i - 1] < (*d)[i]);
  }
  for (std::size_t i = 0; i < 3; ++i) {
    const deal_record& d = b.deals()[i];
    const std::string_view id = n.deals[i];
    CHECK(n.customers[index_of(d.customer)] == id);
    CHECK(n.salespeople[index_of(d.owner)] == id);
    CHECK(n.sources[index_of(d.source)] == id);
    CHECK(n.stages[index_of(d.last_stage)] == id);
    REQUIRE(d.line_count == 1);
    CHECK(b.lines_of(d)[0].net == id[0]);
    CHECK(n.products[index_of(b.lines_of(d)[0].product)] == id);
    CHECK(b.tables().salesperson_names[i] == "Name of " + std::string(id));
    CHECK(b.tables().team_names[i] == "Team " + std::string(id));
    CHECK(n.segments[index_of(b.tables().customers[i].segment)] == id);
    CHECK(n.deals[index_of(b.tables().activities[i].deal)] ==
          n.channels[b.tables().activities[i].channel]);
  }
}

TEST_CASE("a manager and a parent may be listed below those who name them", "[book]") {
  book_builder builder;
  builder.add(salesperson{.id = "anna", .manager = "zoe"});
  builder.add(salesperson{.id = "zoe", .fte = {800'000}});
  builder.add(customer{.id = "acme", .parent = "umbrella"});
  builder.add(customer{.id = "umbrella", .segment = "large"});
  const book b = builder.build();
  CHECK(builder.issues().empty());
  const auto anna = find_id<salesperson_id>(b.names().salespeople, "anna");
  const auto& record = b.tables().salespeople[index_of(anna)];
  CHECK(name_of(b.names().salespeople, record.manager) == "zoe");
  CHECK(b.tables().salespeople[index_of(record.manager)].fte.ppm == 800'000);
  CHECK(b.tables().salespeople[index_of(record.manager)].declared);
  const auto acme = find_id<customer_id>(b.names().customers, "acme");
  const auto parent = b.tables().customers[index_of(acme)].parent;
  CHECK(b.names().customers[index_of(parent)] == "umbrella");
  CHECK(b.tables().customers[index_of(parent)].declared);
}

TEST_CASE("recorded days run from the first day of the deals to their last", "[book]") {
  book_builder builder;
  add_stages(builder);
  CHECK(book_builder().build().recorded_days().length() == 0);
  builder.add(deal{.id = "a", .opened = at(monday)});
  builder.add(deal{.id = "b"});
  builder.add(stage_event{.deal = "b", .stage = "won", .at = at(monday + 30)});
  CHECK(builder.build().recorded_days() == period{monday, monday + 31});
}

TEST_CASE("an empty book is a book", "[book]") {
  const book b = book_builder().build();
  CHECK(b.deals().empty());
  CHECK(b.lines().empty());
  CHECK(tally_values(resolve(b, value_view::salesperson)).size() == 0);
  CHECK(held_bytes(b) < 10'000);
}
