// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/model/line.hpp>
#include <salespulse/value/discount.hpp>
#include <salespulse/value/schedule.hpp>
#include <salespulse/value/survival.hpp>

#include <cmath>
#include <limits>
#include <utility>
#include <vector>

using namespace salespulse;

TEST_CASE("every discount factor is within one unit in the last place", "[discount]") {
  static_assert(std::numeric_limits<long double>::digits >= 64);
  for (const double rate : {0.10, 0.0, 0.01, 0.035, 0.25, 1.0, 99.0, -0.05, -0.5, -0.98}) {
    const discount_curve d(rate);
    CAPTURE(rate);
    CHECK(d(0) == 1);
    double worst = 0;
    for (std::int32_t day = 0; day <= 36'500; ++day) {
      const long double exact = powl(1.0L + static_cast<long double>(rate), -day / 365.0L);
      const double factor = d(day);
      const double unit = std::nextafter(factor, std::numeric_limits<double>::infinity()) - factor;
      worst = std::max(worst, std::abs(static_cast<double>((factor - exact) / unit)));
    }
    CHECK(worst <= 1);
  }
}

TEST_CASE("a rate of nothing discounts nothing", "[discount]") {
  const discount_curve d(0);
  bool one = true;
  for (std::int32_t day = 0; day <= 36'500; ++day) one = one && d(day) == 1;
  CHECK(one);
}

TEST_CASE("factors of known days", "[discount]") {
  const discount_curve d(0.10);
  // 50-digit decimals, rounded.
  CHECK(d(1) == 0.99973891030956119);
  CHECK(d(30) == 0.99219689015897583);
  CHECK(d(365) == 1 / 1.1);
  CHECK(d(1094) == 0.75151101267923948);
  // 0.10 is no double: after a hundred years the difference shows.
  CHECK(std::abs(d(36'500) / 7.2565715901481997e-05 - 1) < 1e-15);
}

TEST_CASE("a rate outside its range is a mistake of the caller", "[discount]") {
  for (const double rate : {-0.99, -1.0, -2.0, 100.0, std::numeric_limits<double>::quiet_NaN(),
                            std::numeric_limits<double>::infinity()}) {
    CHECK_THROWS_AS(discount_curve(rate), invalid_input);
  }
  CHECK_NOTHROW(discount_curve(-0.989));
  CHECK_NOTHROW(discount_curve(99.99));
}

TEST_CASE("survival is the shifted beta-geometric's", "[survival]") {
  CHECK(survival(3, 7, 0) == 1);
  CHECK(std::abs(survival(3, 7, 1) - 0.7) < 1e-15);
  // B(a, b + j) / B(a, b) to 17 digits.
  const auto near = [](double alpha, double beta, int j, double exact) {
    return std::abs(survival(alpha, beta, j) / exact - 1) < 3e-16 * j;
  };
  CHECK(near(3, 7, 10, 0.086687306501547989));
  CHECK(near(0.5, 0.25, 50, 0.047798581025215163));
  CHECK(near(1e-3, 1e3, 1000, 0.99930684335126785));
  CHECK(near(1e11, 1, 3, 5.9999999996400001e-33));
  double last = 1;
  for (int j = 1; j < 200; ++j) {
    const double s = survival(0.7, 1.3, j);
    CHECK(s < last);
    CHECK(s > 0);
    last = s;
  }
}

namespace {

std::vector<std::pair<int, int>> flows(line_terms terms, std::int32_t horizon) {
  std::vector<std::pair<int, int>> out;
  for_each_flow(terms, horizon,
                [&](std::int32_t day, std::int32_t renewal) { out.emplace_back(day, renewal); });
  return out;
}

std::vector<int> kept(line_terms terms, std::int32_t horizon) {
  std::vector<int> out;
  for_each_kept_flow(terms, horizon, [&](std::int32_t day) { out.push_back(day); });
  return out;
}

using list = std::vector<std::pair<int, int>>;

}  // namespace

TEST_CASE("monthly flows stand at whole days of a year of 365", "[schedule]") {
  constexpr int days[] = {0, 30, 61, 91, 122, 152, 183, 213, 243, 274, 304, 335, 365};
  for (int k = 0; k <= 12; ++k) {
    CHECK(flow_day({1, 12, 0, true}, k) == days[k]);
    CHECK(flow_day({1, 12, 45, true}, k) == 45 + days[k]);
    CHECK(flow_day({1, 12, 0, true}, k + 24) == 730 + days[k]);
  }
  CHECK(flow_day({3, 12, 0, true}, 1) == 91);
  CHECK(flow_day({3, 12, 0, true}, 2) == 183);  // 182.5 goes up
  CHECK(flow_day({12, 12, 0, true}, 7) == 7 * 365);
  CHECK(flow_day({24, 24, 0, true}, 1) == 730);
  CHECK(flow_day({1, 12, 0, true}, 1200) == 36'500);
}

TEST_CASE("a line bills its committed term and then by renewals", "[schedule]") {
  CHECK(flows({12, 12, 0, true}, 1095) == list{{0, 0}, {365, 1}, {730, 2}});
  CHECK(flows({12, 12, 0, false}, 1095) == list{{0, 0}});
  CHECK(flows({12, 24, 0, true}, 1825) == list{{0, 0}, {365, 0}, {730, 1}, {1095, 1}, {1460, 2}});
  CHECK(flows({12, 36, 0, false}, 10'000) == list{{0, 0}, {365, 0}, {730, 0}});
  CHECK(flows({6, 12, 10, true}, 400) == list{{10, 0}, {193, 0}, {375, 1}});
  CHECK(flows({0, 0, 0, false}, 1095) == list{{0, 0}});
  CHECK(flows({0, 0, 500, false}, 1095) == list{{500, 0}});
}

TEST_CASE("a flow on the day of the horizon is beyond it", "[schedule]") {
  CHECK(flows({12, 12, 0, true}, 365) == list{{0, 0}});
  CHECK(flows({12, 12, 0, true}, 366) == list{{0, 0}, {365, 1}});
  CHECK(flows({0, 0, 1095, false}, 1095).empty());
  CHECK(flows({0, 0, 1094, false}, 1095) == list{{1094, 0}});
}

TEST_CASE("business kept whole goes on, and what is one-off comes every year", "[schedule]") {
  CHECK(kept({0, 0, 0, false}, 1095) == std::vector<int>{0, 365, 730});
  CHECK(kept({0, 0, 100, false}, 1095) == std::vector<int>{100, 465, 830});
  CHECK(kept({12, 12, 0, false}, 1096) == std::vector<int>{0, 365, 730, 1095});
  CHECK(kept({6, 12, 0, true}, 366) == std::vector<int>{0, 183, 365});
  CHECK(kept({12, 12, 2000, true}, 1095).empty());
}

TEST_CASE("terms make a schedule or they do not", "[schedule]") {
  CHECK(is_valid(line_terms{0, 0, 0, false}));
  CHECK(is_valid(line_terms{1, 1, 36'500, true}));
  CHECK(is_valid(line_terms{12, 1200, 0, true}));
  for (const line_terms t :
       {line_terms{0, 0, 0, true}, line_terms{0, 12, 0, false}, line_terms{12, 0, 0, false},
        line_terms{12, 18, 0, false}, line_terms{-12, 12, 0, false}, line_terms{12, -12, 0, false},
        line_terms{12, 12, -1, false}, line_terms{12, 12, 36'501, false},
        line_terms{12, 1212, 0, false}}) {
    CHECK_FALSE(is_valid(t));
  }
  CHECK(committed_flows({0, 0, 0, false}) == 1);
  CHECK(committed_flows({3, 36, 0, true}) == 12);
}
