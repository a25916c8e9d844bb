// SPDX-License-Identifier: BSL-1.0
#include <salespulse/salespulse.hpp>

#include <support/catch.hpp>
#include <support/generated_book.hpp>

#include <cmath>
#include <string>

using namespace salespulse;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

snapshot parameters_of(std::uint64_t seed) {
  return test::generate_snapshot(test::random_chooser(seed));
}

// What sums of values can be exact to: the size of everything that was added and taken off.
double total_size(const scorecard& card) {
  double sum = 1;
  for (const value_figure& f : card.value) {
    sum += std::abs(f.parts.listed);
    for (const double part : f.parts.bridge) sum += std::abs(part);
  }
  return sum;
}

double total_value(const scorecard& card) {
  double sum = 0;
  for (const value_figure& f : card.value) sum += f.parts.value;
  return sum;
}

}  // namespace

TEST_CASE("people and nobody together have the bookings and the value of the firm") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const book b = test::build(test::random_facts(seed));
    const snapshot s = parameters_of(seed);
    const review r = make_review(b, &s).value();
    wide booked = 0;
    double value = 0;
    double size = 1;
    for (const scorecard& card : r.salespeople) {
      booked += card.booked.booked_ppm;
      value += total_value(card);
      size += total_size(card);
    }
    REQUIRE(booked == r.firm.booked.booked_ppm);
    REQUIRE(std::abs(value - total_value(r.firm)) <= 1e-12 * size);
  }
}

TEST_CASE("every figure of a card has a value or a reason, and never NaN") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const book b = test::build(test::random_facts(seed));
    const snapshot s = parameters_of(seed);
    const review r = make_review(b, seed % 2 == 0 ? &s : nullptr).value();
    const auto check = [](const estimate& e) {
      REQUIRE_FALSE(e.definition.empty());
      if (!e.value) {
        REQUIRE_FALSE(e.reason.empty());
        return;
      }
      REQUIRE(std::isfinite(*e.value));
      if (e.range) REQUIRE(e.range->lower <= e.range->upper);
    };
    const auto check_card = [&](const scorecard& c) {
      for (const estimate* e :
           {&c.win_rate, &c.win_rate_of_created, &c.win_rate_by_value, &c.won_cycle.mean,
            &c.won_cycle.median, &c.price_realisation, &c.customers.hhi,
            &c.customers.effective_number, &c.customers.top_share}) {
        check(*e);
      }
      for (const value_figure& f : c.value) {
        check(f.value);
        check(f.value_multiple);
        check(f.sustainability_ratio);
        check(f.booking_quality);
        REQUIRE(f.at_90.lower <= f.value.range->lower);
        REQUIRE(f.at_90.upper >= f.value.range->upper);
      }
    };
    check_card(r.firm);
    for (const scorecard& c : r.teams) check_card(c);
    for (const scorecard& c : r.salespeople) check_card(c);
  }
}

TEST_CASE("recognition over any partition of time sums to the value, deal by deal known") {
  test::book_shape shape;
  shape.only_won = true;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const book b = test::build(test::random_facts(seed, shape));
    const snapshot s = parameters_of(seed);
    const valuation v = bind(b, &s).value();
    const value_columns c = resolve(b, value_view::firm);
    const std::vector<owner_value> whole = appraise(tally_values(c), v);
    double recognised = 0;
    for (date from = b.recorded_days().from; from < b.recorded_days().to + 366; from = from + 61) {
      for (const recognised_value& r : recognise(c, {from, from + 61}, v)) {
        recognised += r.contribution;
      }
    }
    const double value = whole.empty() ? 0 : whole[0].contribution.value;
    double size = 1;
    for (const owner_value& o : whole) size += std::abs(o.contribution.listed) * 10;
    REQUIRE(std::abs(recognised - value) <= 1e-11 * size);
  }
}

TEST_CASE("without parameters nothing is valued and every line says why") {
  const book b = test::build(test::random_facts(3));
  const review r = make_review(b, nullptr).value();
  CHECK(r.firm.value.empty());
  std::int64_t refused = 0;
  for (const refused_lines& l : r.firm.refused) refused += l.lines;
  CHECK(refused == r.firm.booked.lines);
}

TEST_CASE("a seller without a deal has a card without figures") {
  book_builder builder;
  builder.add(salesperson{.id = "idle", .name = "Ida"});
  const review r = make_review(builder.build(), nullptr).value();
  REQUIRE(r.salespeople.size() == 1);
  CHECK(r.salespeople[0].name == "Ida");
  CHECK(r.salespeople[0].win_rate.reason == "no deal is closed");
  CHECK(r.salespeople[0].won_cycle.mean.reason == "no deal is closed");
  CHECK(r.salespeople[0].customers.hhi.reason == "there is no amount");
}

TEST_CASE("a parameter out of range is refused by name") {
  snapshot s;
  s.name = "mine";
  s.retention = {{.family = "software", .alpha = -1, .beta = 1}};
  book_builder builder;
  builder.add(product{.id = "p", .family = "software"});
  const auto r = make_review(builder.build(), &s);
  REQUIRE_FALSE(r);
  CHECK(r.error().message.find("'mine'") != std::string::npos);
  CHECK(r.error().message.find("'software'") != std::string::npos);
}

TEST_CASE("the fingerprint of a snapshot changes with every parameter") {
  const snapshot s = parameters_of(1);
  const auto differs = [&](auto change) {
    snapshot other = s;
    change(other);
    return fingerprint(other) != fingerprint(s);
  };
  CHECK(differs([](snapshot& o) { o.name += "x"; }));
  CHECK(differs([](snapshot& o) { o.yearly_rate += 0.01; }));
  CHECK(differs([](snapshot& o) { o.horizon_days += 1; }));
  CHECK(differs([](snapshot& o) { o.retention.front().alpha *= 1.0000001; }));
  CHECK(differs([](snapshot& o) { o.retention.front().growth *= 1.0000001; }));
  CHECK(differs([](snapshot& o) { o.payment.front().credit_loss += 1e-9; }));
  CHECK(differs([](snapshot& o) { o.payment.pop_back(); }));
  CHECK(fingerprint(snapshot(s)) == fingerprint(s));
}
