// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include "support/reference.hpp"
#include <salespulse/core/date.hpp>
#include <salespulse/core/random.hpp>
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/cash_flow.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

using namespace salespulse;
using salespulse::test::accuracy;
using salespulse::test::available;
using salespulse::test::reference_table;

namespace {

const std::string finance = "reference/statistics/hp_finance.csv";

bool near(double a, double b, double tolerance) {
  return std::abs(a - b) <= tolerance * std::abs(b);
}

std::vector<cash_flow> flows_of(const std::string& name) {
  const reference_table table("reference/statistics/inputs/cashflows.csv");
  std::vector<cash_flow> flows;
  for (const std::size_t row : table.where({{"case", name}})) {
    const std::string& text = table.text(row, "date");
    const date day = to_date(
        {std::stoi(text.substr(0, 4)), std::stoi(text.substr(5, 2)), std::stoi(text.substr(8, 2))});
    flows.push_back({day.days, table.number(row, "amount")});
  }
  return flows;
}

}  // namespace

TEST_CASE("dated flows have the yields of the reference") {
  const reference_table expected(finance);
  if (!available(expected, finance)) return;
  accuracy a(finance);
  const auto value = [&](const char* name, const char* quantity) {
    return expected.value({{"case", name}, {"quantity", quantity}});
  };
  for (const char* name :
       {"ms_xirr_doc", "leap_bond", "one_day_50pct", "near_total_loss", "same_day"}) {
    std::vector<cash_flow> flows = flows_of(name);
    REQUIRE(flows.size() > 1);
    const rates_of_return r = internal_rates_of_return(flows);
    INFO(name);
    CHECK(r.why.ok());
    REQUIRE(r.rates.size() == 1);
    CHECK(a.error(r.rates[0], value(name, "xirr"), name) <= 1e-12);
    // Any order, and days without money before and after.
    std::reverse(flows.begin(), flows.end());
    flows.insert(flows.begin(), {-500, 0.0});
    flows.push_back({90'000, 0.0});
    CHECK(internal_rates_of_return(flows).rates == r.rates);
  }
  CHECK(a.error(*present_value(flows_of("ms_xirr_doc"), 0.09).value,
                value("ms_xirr_doc", "xnpv_0.09")) <= 1e-12);
  const rates_of_return two = internal_rates_of_return(flows_of("two_roots"));
  CHECK(two.why.what == condition::multiple_roots);
  REQUIRE(two.rates.size() == 2);
  CHECK(a.error(two.rates[0], value("two_roots", "xirr_low")) <= 1e-12);
  CHECK(a.error(two.rates[1], value("two_roots", "xirr_high")) <= 1e-12);
  CHECK(expected.text(expected.where({{"case", "no_sign_change"}}).at(0), "value") ==
        "error:no_root");
}

TEST_CASE("flows without a yield say so") {
  CHECK(internal_rates_of_return(std::vector<double>{100, 20, 30}).why.what == condition::no_root);
  CHECK(internal_rates_of_return(std::vector<double>{100, -200, 150}).why.what ==
        condition::no_root);
  CHECK(internal_rates_of_return(std::vector<double>{}).why.what == condition::no_root);
  CHECK(internal_rates_of_return(std::vector<double>{0, 0}).why.what == condition::no_root);
  CHECK(internal_rates_of_return(std::vector<cash_flow>{{5, -100}, {5, 100}}).why.what ==
        condition::no_root);
  CHECK(internal_rates_of_return(std::vector<double>{1, std::nan("")}).why ==
        status{condition::non_finite_input, 1});
  CHECK(internal_rates_of_return(std::vector<cash_flow>{{0, -1}, {1, 1000}}).why.what ==
        condition::out_of_range);
}

TEST_CASE("periodic amounts have the yields of the reference") {
  const reference_table expected(finance);
  if (!available(expected, finance)) return;
  accuracy a(finance);
  const auto value = [&](const char* name, const char* quantity) {
    return expected.value({{"case", name}, {"quantity", quantity}});
  };
  const std::vector<double> shop{-70'000, 12'000, 15'000, 18'000, 21'000, 26'000};
  const auto only = [](std::span<const double> amounts) {
    const rates_of_return r = internal_rates_of_return(amounts);
    REQUIRE(r.rates.size() == 1);
    return r.rates[0];
  };
  const std::span<const double> years = shop;
  CHECK(a.error(only(years), value("ms_irr_doc", "irr_5y")) <= 1e-12);
  CHECK(a.error(only(years.first(5)), value("ms_irr_doc", "irr_4y")) <= 1e-12);
  CHECK(a.error(only(years.first(3)), value("ms_irr_doc", "irr_2y")) <= 1e-12);
  const rates_of_return two = internal_rates_of_return(std::vector<double>{-100, 230, -132});
  REQUIRE(two.rates.size() == 2);
  CHECK(a.error(two.rates[0], value("classic_two_irr(-100,230,-132)", "irr_low")) <= 1e-12);
  CHECK(a.error(two.rates[1], value("classic_two_irr(-100,230,-132)", "irr_high")) <= 1e-12);
  CHECK(a.error(*present_value(std::vector<double>{-10'000, 3'000, 4'200, 6'800}, 0.1).value / 1.1,
                value("ms_npv_doc_ex1", "npv_10pct")) <= 1e-12);
  CHECK(a.error(
            *present_value(std::vector<double>{-40'000, 8'000, 9'200, 10'000, 12'000, 14'500}, 0.08)
                 .value,
            value("ms_npv_doc_ex2", "npv_8pct_plus_initial")) <= 1e-12);
  CHECK(a.error(
            *modified_rate_of_return(
                 std::vector<double>{-120'000, 39'000, 30'000, 21'000, 37'000, 46'000}, 0.10, 0.12)
                 .value,
            value("ms_mirr_doc", "mirr_10_12")) <= 1e-12);
}

TEST_CASE("annuities agree with the reference") {
  const reference_table expected(finance);
  if (!available(expected, finance)) return;
  accuracy a(finance);
  const auto check = [&](const char* quantity, const figure& f) {
    INFO(quantity);
    REQUIRE(f.value);
    CHECK(a.error(*f.value, expected.value({{"quantity", quantity}}), quantity) <= 1e-12);
  };
  const auto start = payment_time::start_of_period;
  check("pmt(8%/12,10,10000)", payment_of({.rate = 0.08 / 12, .periods = 10, .present = 10'000}));
  check("pmt(6%/12,216,0,50000)",
        payment_of({.rate = 0.06 / 12, .periods = 216, .future = 50'000}));
  check("fv(6%/12,10,-200,-500,1)",
        future_of(
            {.rate = 0.06 / 12, .periods = 10, .payment = -200, .present = -500, .when = start}));
  check("pv(8%/12,240,500)", present_of({.rate = 0.08 / 12, .periods = 240, .payment = 500}));
  check(
      "nper(12%/12,-100,-1000,10000,1)",
      periods_of(
          {.rate = 0.12 / 12, .payment = -100, .present = -1000, .future = 10'000, .when = start}));
  const rates_of_return r = rates_of({.periods = 48, .payment = -200, .present = 8'000});
  REQUIRE(r.rates.size() == 1);
  check("rate(48,-200,8000) monthly", {r.rates[0], {}});
  check("rate annual", {12 * r.rates[0], {}});
  for (const char* rate : {"0", "1e-18", "1e-12", "1e-9", "1e-6", "0.01"}) {
    std::string pv = "pv(r=", pmt = "pmt(r=";
    pv.append(rate).append(",n=360,pmt=-1)");
    pmt.append(rate).append(",n=360,pv=-1)");
    check(pv.c_str(), present_of({.rate = std::stod(rate), .periods = 360, .payment = -1}));
    check(pmt.c_str(), payment_of({.rate = std::stod(rate), .periods = 360, .present = -1}));
  }
}

TEST_CASE("declining payments agree with the reference") {
  const reference_table expected(finance);
  if (!available(expected, finance)) return;
  accuracy a(finance);
  struct row {
    const char* name;
    double payment, loss, rate;
  };
  for (const row& r : {row{"m=100.0;rho=0.8;d=0.1", 100, 0.2, 0.1},
                       row{"m=49.9;rho=0.97;d=0.01", 49.9, 0.03, 0.01},
                       row{"m=1.0;rho=0.999999;d=0.000001", 1, 1e-6, 1e-6}}) {
    INFO(r.name);
    CHECK(a.error(*declining_perpetuity(r.payment, r.loss, r.rate).value,
                  expected.value({{"case", "clv_geometric"}, {"quantity", r.name}})) <= 1e-12);
    CHECK(a.error(*declining_annuity(r.payment, r.loss, r.rate, 36).value,
                  expected.value({{"case", "clv_geometric_36_periods"}, {"quantity", r.name}})) <=
          1e-12);
  }
  CHECK(declining_perpetuity(1, 0, 0).why.what == condition::out_of_range);
  CHECK(declining_annuity(5, 0, 0, 3).value == 15);
  CHECK(declining_annuity(5, 1, 0.1, 3).value == 5);
}

TEST_CASE("all yields that were put in are found") {
  CHECK(rc::check("as many as there are", [] {
    // The product of (1 - (1 + r) v) over distinct rates r, v being the discount of one period.
    const auto count = *rc::gen::inRange<std::size_t>(1, 6);
    std::vector<double> rates;
    double rate = -0.9 + *rc::gen::inRange(0, 20) * 0.01;
    for (std::size_t i = 0; i < count; ++i) {
      rates.push_back(rate);
      rate += 0.2 + *rc::gen::inRange(0, 30) * 0.01;
    }
    std::vector<double> amounts{-100};
    for (const double r : rates) {
      amounts.push_back(0);
      for (std::size_t i = amounts.size() - 1; i > 0; --i) amounts[i] -= (1 + r) * amounts[i - 1];
    }
    // sum a_i v^i is 0 at v = 1 / (1 + r).
    const rates_of_return found = internal_rates_of_return(amounts);
    RC_ASSERT(found.rates.size() == count);
    for (std::size_t i = 0; i < count; ++i) {
      RC_ASSERT(std::abs(found.rates[i] - rates[i]) < 1e-9);
    }
  }));
}

TEST_CASE("a yield that is only touched is given once") {
  const rates_of_return r = internal_rates_of_return(std::vector<double>{-100, 220, -121});
  REQUIRE(r.rates.size() == 1);
  CHECK(std::abs(r.rates[0] - 0.1) < 1e-7);
  // A little less and there is none, a little more and there are two.
  CHECK(internal_rates_of_return(std::vector<double>{-100, 219.9, -121}).why.what ==
        condition::no_root);
  CHECK(internal_rates_of_return(std::vector<double>{-100, 220.1, -121}).rates.size() == 2);
}

TEST_CASE("the value is nothing at each yield and the unit of money does not matter") {
  for (int k = 0; k < 60; ++k) {
    random_stream random(41, static_cast<std::uint64_t>(k));
    std::vector<cash_flow> flows, thousandfold;
    for (int i = 0; i < 40; ++i) {
      const auto day = static_cast<std::int32_t>(random.below(3000));
      flows.push_back({day, std::round(2000 * (random.uniform() - 0.5))});
      thousandfold.push_back({day + 777, flows.back().amount * 1024});
    }
    const rates_of_return r = internal_rates_of_return(flows);
    CHECK(r.why.what != condition::non_finite_input);
    CHECK(internal_rates_of_return(thousandfold).rates == r.rates);
    for (std::size_t i = 1; i < r.rates.size(); ++i) CHECK(r.rates[i - 1] < r.rates[i]);
    // The signs at both ends say whether their number is odd.
    std::sort(flows.begin(), flows.end(),
              [](const cash_flow& a, const cash_flow& b) { return a.day < b.day; });
    for (const double rate : r.rates) {
      double size = 0;
      for (const cash_flow& f : flows) {
        size += std::abs(f.amount) * std::pow(1 + rate, -(f.day - flows[0].day) / 365.0);
      }
      CHECK(std::abs(*present_value(flows, rate).value) < 1e-10 * size);
    }
  }
}

TEST_CASE("flows that change their sign two hundred times are solved") {
  std::vector<double> amounts;
  random_stream random(43, 1);
  for (int i = 0; i < 200; ++i) amounts.push_back((i % 2 == 0 ? -1 : 1) * (1 + random.uniform()));
  const rates_of_return r = internal_rates_of_return(amounts);
  CHECK(r.rates.size() % 2 == 1);  // the ends have different signs
  for (int i = 0; i < 50'000; ++i) amounts.push_back(i % 2 == 0 ? -1 : 1);
  CHECK(internal_rates_of_return(amounts).why.what == condition::too_large);
}

TEST_CASE("each part of an annuity gives back the others") {
  for (const double rate : {-0.01, 0.0, 1e-15, 0.005, 0.2}) {
    for (const payment_time when : {payment_time::end_of_period, payment_time::start_of_period}) {
      annuity a{.rate = rate, .periods = 24, .present = -1000, .future = 100, .when = when};
      a.payment = *payment_of(a).value;
      CHECK(near(*present_of(a).value, -1000, 1e-12));
      CHECK(near(*future_of(a).value, 100, 1e-10));
      CHECK(near(*periods_of(a).value, 24, 1e-11));
      const rates_of_return r = rates_of(a);
      REQUIRE(r.rates.size() == 1);
      CHECK(std::abs(r.rates[0] - rate) < 1e-13);
    }
  }
  CHECK(payment_of({.rate = 0.1, .periods = 0, .present = 1}).why.what == condition::zero_total);
  CHECK(periods_of({.rate = 0.1, .payment = -1, .present = 100}).why.what == condition::no_root);
  CHECK(periods_of({.payment = 0, .present = 1}).why.what == condition::no_root);
  CHECK(future_of({.rate = 1e10, .periods = 100, .present = 1}).why.what ==
        condition::out_of_range);
  CHECK_THROWS_AS(payment_of({.rate = -1, .periods = 1}), invalid_input);
  CHECK_THROWS_AS(rates_of({.periods = 1.5}), invalid_input);
  CHECK_THROWS_AS(present_value(std::vector<double>{1}, std::nan("")), invalid_input);
  CHECK_THROWS_AS(declining_perpetuity(1, 2, 0.1), invalid_input);
}

TEST_CASE("sums beyond doubles have no modified rate") {
  CHECK(modified_rate_of_return(std::vector<double>{-1.7e308, -1.7e308, 1.7e308}, 0.1, 0.1).why ==
        status{condition::out_of_range, -1});
}

TEST_CASE("the first flow that is not 0 is the start, whatever the order and however split") {
  const std::vector<cash_flow> plain{{40, -100}, {405, 110}};
  const std::vector<cash_flow> mixed{{405, 60}, {0, 0}, {40, -130}, {405, 50}, {7, 5}, {40, 30},
                                     {7, -5}};
  const rates_of_return a = internal_rates_of_return(plain), b = internal_rates_of_return(mixed);
  REQUIRE(a.rates.size() == 1);
  CHECK(std::abs(a.rates[0] - 0.1) < 1e-15);
  CHECK(a.rates == b.rates);
  CHECK(present_value(plain, 0.25).value == present_value(mixed, 0.25).value);
  // Two pairs that cancel within their day, or fall on one day only, have no yield.
  CHECK(internal_rates_of_return(std::vector<cash_flow>{{5, -100}, {5, 100}}).why.what ==
        condition::no_root);
}
