// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/saddlepoint.hpp>

#include "support/catch.hpp"
#include "support/reference.hpp"
#include <salespulse/core/result.hpp>

#include <cmath>
#include <limits>
#include <vector>

using namespace salespulse;

namespace {

constexpr const char* file = "reference/statistics/hp_sales_math.csv";

// The amounts of the references' pipeline12.
const std::vector<chance> twelve{{12, 0.9}, {35, 0.25}, {8, 0.5},    {120, 0.1},
                                 {60, 0.4}, {5, 0.75},  {250, 0.02}, {44, 0.33},
                                 {18, 0.6}, {27, 0.15}, {9, 0.8},    {75, 0.2}};

}  // namespace

TEST_CASE("the saddle point and Lugannani and Rice's tail have their digits") {
  const test::reference_table table(file);
  if (!test::available(table, file)) return;
  test::accuracy errors(file);
  for (const std::size_t row :
       table.where({{"case", "pipeline12"}, {"quantity", "saddlepoint_u"}})) {
    const saddlepoint_tail tail = saddlepoint(twelve, table.number(row, "index"));
    CHECK(errors.error(tail.tilt, table.number(row, "value"), "saddlepoint_u") < 1e-12);
  }
  for (const std::size_t row :
       table.where({{"case", "pipeline12"}, {"quantity", "lugannani_rice_P(X>t)"}})) {
    const saddlepoint_tail tail = saddlepoint(twelve, table.number(row, "index"));
    CHECK(errors.error(tail.value, table.number(row, "value"), "lugannani_rice") < 1e-12);
  }
}

TEST_CASE("at the mean the saddlepoint tail has its limit, and is smooth around it") {
  const double mean = 119.87;
  const double limit = 0.41372147285200479746;  // 1/2 - kappa3 / (6 sqrt(2 pi) kappa2^1.5)
  CHECK(std::abs(saddlepoint(twelve, mean).value - limit) < 1e-13);
  // Straight through the limit on either side, at every distance.
  for (const double step : {1e-10, 1e-8, 1e-6, 1e-4, 1e-2}) {
    const double above = saddlepoint(twelve, mean + step).value;
    const double below = saddlepoint(twelve, mean - step).value;
    CAPTURE(step);
    CHECK(std::abs((above + below) / 2 - limit) < 1e-13 + 1e-4 * step * step);
    CHECK(std::abs((below - above) / (2 * step) - 0.0054) < 3e-4 + 1e-13 / step);
  }
  // Where the two forms of the formula meet, about 0.1 standard deviations out: no step, as third
  // differences would show.
  for (double t = mean + 6; t < mean + 9; t += 0.01) {
    const auto at = [&](int k) { return saddlepoint(twelve, t + 0.01 * k).value; };
    CHECK(std::abs(at(3) - 3 * at(2) + 3 * at(1) - at(0)) < 1e-11);
  }
}

TEST_CASE("the saddlepoint tail is near the exact one for many similar amounts") {
  const std::vector<chance> many(400, {1, 0.3});
  for (const std::int64_t t : {90, 100, 120, 140, 160, 200}) {
    // The continuous formula halfway between the points, which on a lattice costs a factor of
    // (u / 2) / sinh(u / 2) beyond the centre.
    const double exact = upper_tail(many, t + 1).value;
    const saddlepoint_tail tail = saddlepoint(many, static_cast<double>(t) + 0.5);
    CHECK(std::abs(tail.value / exact - 1) < 1e-3 + tail.tilt * tail.tilt / 23);
  }
}

TEST_CASE("the saddlepoint works on lattices far too large to hold") {
  std::vector<chance> cents = twelve;
  for (chance& c : cents) c.amount = c.amount * 100'000'000'000 + 1;
  REQUIRE(sum_distribution(cents).why == status{condition::too_large});
  CHECK(std::abs(saddlepoint(cents, 3e13).value / saddlepoint(twelve, 300).value - 1) < 1e-9);
}

TEST_CASE("beyond the ends the saddlepoint tail is exact") {
  CHECK(saddlepoint(twelve, 663).value == 0);
  CHECK(saddlepoint(twelve, 1e9).value == 0);
  CHECK(saddlepoint(twelve, -1).value == 1);
  CHECK(std::abs(saddlepoint(twelve, 0).value - (1 - 0.00018082764)) < 1e-15);
  CHECK(saddlepoint(std::vector<chance>{{5, 1}}, 4).value == 1);
  CHECK(saddlepoint(std::vector<chance>{{5, 1}}, 5).value == 0);
  CHECK(saddlepoint(twelve, 662.999).value < 1e-5);
  CHECK(saddlepoint(std::vector<chance>{{5, 2}}, 5).why ==
        status{condition::invalid_probability, 0});
  CHECK_THROWS_AS(saddlepoint(twelve, HUGE_VAL), invalid_input);
}

TEST_CASE("chances of nearly nothing leave no NaN at the mean or in between") {
  const std::vector<std::vector<chance>> lists{
      {{1, 1e-239}},
      {{2, 1e-220}},
      {{3, 1e-230}, {-1, 1e-252}},
      {{-222'255'829'546'152, 1e-189}, {-3, 1e-210}},
      {{-13'793'628'845'569, 1e-313}, {1, 1e-304}}};
  for (const std::vector<chance>& chances : lists) {
    for (const double t : {-3.0, -0.5, 0.0, 0.5, 1.0}) {
      const saddlepoint_tail tail = saddlepoint(chances, t);
      CHECK(tail.why.ok());
      CHECK((tail.value >= 0 && tail.value <= 1));
      CHECK(std::abs(tail.tilt) < 1e4);
    }
  }
}
