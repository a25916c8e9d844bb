// SPDX-License-Identifier: BSL-1.0
#include <salespulse/core/random.hpp>
#include <salespulse/value/concentration.hpp>

#include <support/catch.hpp>

#include <vector>

using namespace salespulse;
using Catch::Matchers::WithinRel;

TEST_CASE("equal customers are as concentrated as their number says") {
  const std::vector<wide> ten(10, 100);
  const concentration c = concentration_of(ten);
  CHECK_THAT(*c.hhi.value, WithinRel(0.1, 1e-14));
  CHECK_THAT(*c.effective_number.value, WithinRel(10.0, 1e-14));
  CHECK_THAT(*c.top_share.value, WithinRel(0.3, 1e-14));
  CHECK(c.hhi.n == 10);
}

TEST_CASE("one large customer counts for more than its number") {
  std::vector<wide> amounts(9, 50);
  amounts.insert(amounts.begin() + 4, 550);
  const concentration c = concentration_of(amounts, 1);
  CHECK_THAT(*c.hhi.value, WithinRel(0.55 * 0.55 + 9 * 0.05 * 0.05, 1e-14));
  CHECK_THAT(*c.top_share.value, WithinRel(0.55, 1e-14));
}

TEST_CASE("the index lies between 1/N and 1 and forgets scale, order and empty customers") {
  for (std::uint64_t trial = 0; trial < 2000; ++trial) {
    random_stream draw(11, trial);
    std::vector<wide> amounts(1 + draw.below(30));
    for (wide& a : amounts) a = 1 + static_cast<wide>(draw.bits() >> (20 + draw.below(40)));
    const double hhi = *concentration_of(amounts).hhi.value;
    REQUIRE(hhi >= 1.0 / static_cast<double>(amounts.size()) * (1 - 1e-14));
    REQUIRE(hhi <= 1 + 1e-14);
    std::vector<wide> other(amounts.rbegin(), amounts.rend());
    other.push_back(0);
    REQUIRE(*concentration_of(other).hhi.value == hhi);
    for (wide& a : other) a *= 1000;
    REQUIRE_THAT(*concentration_of(other).hhi.value, WithinRel(hhi, 1e-13));
  }
}

TEST_CASE("without positive amounts concentration is undefined") {
  CHECK(concentration_of({}).hhi.reason == "there is no amount");
  const std::vector<wide> refunded{100, -20};
  CHECK_FALSE(concentration_of(refunded).hhi.value);
  CHECK_FALSE(concentration_of(refunded).effective_number.reason.empty());
}
