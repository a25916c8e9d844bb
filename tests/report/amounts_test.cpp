// SPDX-License-Identifier: BSL-1.0
#include "../../src/report/amounts.hpp"

#include "support/catch.hpp"
#include <salespulse/core/random.hpp>

#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

using namespace salespulse;

namespace {

wide sum_of(const std::vector<wide>& parts) {
  return std::accumulate(parts.begin(), parts.end(), wide{0});
}

}  // namespace

TEST_CASE("digits stand in groups of three") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1000) == "1 000");
  CHECK(grouped(-1234567) == "-1 234 567");
  CHECK(grouped(static_cast<wide>(INT64_MAX) * 1000) == "9 223 372 036 854 775 807 000");
}

TEST_CASE("money as text has the decimals of its currency") {
  CHECK(as_decimal(123450, 2) == "1234.50");
  CHECK(as_decimal(-5, 2) == "-0.05");
  CHECK(as_decimal(0, 2) == "0.00");
  CHECK(as_decimal(-1234, 0) == "-1234");
  CHECK(as_decimal(7, 3) == "0.007");
}

TEST_CASE("an amount is rounded to the nearest unit") {
  CHECK(nearest(2.5) == 3);
  CHECK(nearest(-2.5) == -2);
  CHECK(nearest(-0.4) == 0);
  CHECK(nearest_units(1'499'999, 1) == 1);
  CHECK(nearest_units(1'500'000, 1) == 2);
  CHECK(nearest_units(-1'500'001, 1) == -2);
  CHECK(nearest_units(wide{150} * 1'000'000, 100) == 2);
}

TEST_CASE("rounded parts sum to the total and stay within one unit") {
  random_stream draw(1, 7);
  for (int repeat = 0; repeat < 2000; ++repeat) {
    std::vector<double> parts(1 + draw.below(9));
    for (double& p : parts) p = draw.chance(0.2) ? 0 : (draw.uniform() - 0.5) * 1e6;
    const double from = draw.uniform() * 1e6;
    const double to = std::accumulate(parts.begin(), parts.end(), from);
    const wide total = nearest(to) - nearest(from);  // as a bridge has it
    const std::vector<wide> rounded = rounded_to_sum(parts, total);
    CHECK(sum_of(rounded) == total);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      CHECK(std::abs(to_double(rounded[i]) - parts[i]) <= 1.000001);
    }
  }
}

TEST_CASE("parts that are whole, huge or none still sum to the total") {
  const std::vector<double> whole{1, -1, 0};
  CHECK(sum_of(rounded_to_sum(whole, 0)) == 0);
  CHECK(sum_of(rounded_to_sum(whole, 1)) == 1);
  CHECK(sum_of(rounded_to_sum(whole, -1)) == -1);
  const std::vector<double> huge{9e18, 9e18, -1e18, 0.25};
  CHECK(sum_of(rounded_to_sum(huge, nearest(1.7e19))) == nearest(1.7e19));
  CHECK(rounded_to_sum({}, 0).empty());
}

TEST_CASE("shares of a deal sum to it to the minor unit") {
  const std::vector<wide> thirds{wide{100} * 333'333, wide{100} * 333'333, wide{100} * 333'334};
  const std::vector<wide> units = units_to_sum(thirds, 1, 100);
  CHECK(units == std::vector<wide>{33, 33, 34});
  const std::vector<wide> negative{wide{-100} * 333'333, wide{-100} * 333'333,
                                   wide{-100} * 333'334};
  CHECK(sum_of(units_to_sum(negative, 1, -100)) == -100);
  const std::vector<wide> halves{500'000, 500'000};
  CHECK(units_to_sum(halves, 1, 1) == std::vector<wide>{1, 0});
}
