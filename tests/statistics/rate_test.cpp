// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/rate.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <cstdint>

using namespace salespulse;
using Catch::Matchers::WithinAbs;

TEST_CASE("Wilson's interval has the digits of its closed form") {
  // 8 of 10 at 95 %, by 50-digit arithmetic.
  const interval i = wilson_interval(8, 10, confidence_95);
  CHECK_THAT(i.lower, WithinAbs(0.490162471536642, 1e-14));
  CHECK_THAT(i.upper, WithinAbs(0.943317848545625, 1e-14));
  CHECK(i.level == 0.95);
}

TEST_CASE("Wilson's interval stays within 0 and 1 at the ends") {
  for (const std::int64_t n : {1, 2, 10, 1000, 1'000'000'000}) {
    const interval none = wilson_interval(0, n, confidence_90);
    const interval all = wilson_interval(n, n, confidence_90);
    CHECK(none.lower == 0);
    CHECK(none.upper > 0);
    CHECK(none.upper < 1);
    CHECK(all.upper == 1);
    CHECK_THAT(all.lower, WithinAbs(1 - none.upper, 1e-15));
  }
}

TEST_CASE("Wilson's interval narrows with n and holds the rate") {
  double width = 1;
  for (const std::int64_t n : {10, 100, 1000, 10'000}) {
    const interval i = wilson_interval(n / 5, n, confidence_80);
    CHECK(i.lower < 0.2);
    CHECK(i.upper > 0.2);
    CHECK(i.upper - i.lower < width);
    width = i.upper - i.lower;
  }
}

TEST_CASE("Wilson's lower limit keeps its digits for rare successes") {
  // 1 of 1e12 at 95 %, by 40-digit arithmetic.
  const interval i = wilson_interval(1, 1'000'000'000'000, confidence_95);
  CHECK(std::abs(i.lower / 1.7652455493517470e-13 - 1) < 1e-15);
}

TEST_CASE("Wilson's upper limit keeps its digits for rare successes") {
  // z^2 / n over 1 + z^2 / n, and 1 of 1e18 at 95 %, by 60-digit arithmetic.
  const interval none = wilson_interval(0, 1'000'000'000'000'000'000, confidence_95);
  CHECK(std::abs(none.upper / 3.84145882069412695e-18 - 1) < 1e-15);
  const interval one = wilson_interval(1, 1'000'000'000'000'000'000, confidence_95);
  CHECK(std::abs(one.upper / 5.66493426575897406e-18 - 1) < 1e-15);
  CHECK(one.lower < one.upper);
}

TEST_CASE("Wilson's interval of the lowest level is the rate") {
  const confidence least = confidence_of(5e-324);
  for (const std::int64_t n : {std::int64_t{1}, std::int64_t{7}, INT64_MAX}) {
    const interval none = wilson_interval(0, n, least);
    CHECK(none.lower == 0);
    CHECK(none.upper == 0);
    const interval all = wilson_interval(n, n, least);
    CHECK(all.lower == 1);
    CHECK(all.upper == 1);
  }
}
