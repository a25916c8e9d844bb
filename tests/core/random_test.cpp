// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include <salespulse/core/random.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <set>

using namespace salespulse;

namespace {

std::array<std::uint64_t, 4> first_four(std::uint64_t seed, std::uint64_t stream) {
  random_stream random(seed, stream);
  std::array<std::uint64_t, 4> bits{};
  for (std::uint64_t& b : bits) b = random.bits();
  return bits;
}

}  // namespace

TEST_CASE("the first draws of a stream are frozen", "[random]") {
  // Computed with arbitrary-precision integers from the definition.
  using four = std::array<std::uint64_t, 4>;
  CHECK(first_four(0, 0) ==
        four{0x28F9FEAEBD831D6CU, 0x74D32BDD8FEA216CU, 0x20B18831BF481F56U, 0x6F610359D35A72B3U});
  CHECK(first_four(1, 0) ==
        four{0xD674436882BA51D9U, 0x2212715CFD10D2ADU, 0x777162460F09EFC8U, 0xB67C9431EAE452B2U});
  CHECK(first_four(0, 1) ==
        four{0x0C7BA33B30576AB0U, 0xCEBD2A89D1B31603U, 0xDA8FC9C31D1B5149U, 0x2CB4B7639E27BF03U});
  CHECK(first_four(42, 7) ==
        four{0xCF248D74FDA66069U, 0xDEBBB90D7B7EAC84U, 0x83BE29F5C86F798EU, 0xC9853BD193400DC3U});
  CHECK(first_four(UINT64_MAX, UINT64_MAX) ==
        four{0x10652071B2BF43CEU, 0x5037E5BD4BB5EBE5U, 0x174064BAF6E26E2FU, 0xC5820DEFAD863781U});
}

TEST_CASE("streams of one seed and seeds of one stream differ", "[random]") {
  std::set<std::uint64_t> seen;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    for (std::uint64_t stream = 0; stream < 50; ++stream) {
      random_stream random(seed, stream);
      for (int i = 0; i < 4; ++i) seen.insert(random.bits());
    }
  }
  CHECK(seen.size() == 10'000);
}

TEST_CASE("uniform numbers lie from 0 to below 1 with the mean and spread of the uniform",
          "[random]") {
  random_stream random(3, 5);
  double sum = 0;
  double squares = 0;
  bool inside = true;
  for (int i = 0; i < 100'000; ++i) {
    const double u = random.uniform();
    inside = inside && u >= 0 && u < 1;
    sum += u;
    squares += u * u;
  }
  CHECK(inside);
  CHECK(std::abs(sum / 1e5 - 0.5) < 0.0037);  // 4 standard errors
  CHECK(std::abs(squares / 1e5 - 1 / 3.0) < 0.0038);
}

TEST_CASE("whole numbers below n take every value about equally often", "[random]") {
  random_stream random(9, 1);
  std::array<int, 7> counts{};
  for (int i = 0; i < 70'000; ++i) ++counts[random.below(7)];
  for (const int c : counts) CHECK(std::abs(c - 10'000) < 371);
  CHECK(random.below(1) == 0);
}

TEST_CASE("a chance of 0 never happens and a chance of 1 always", "[random]") {
  random_stream random(4, 4);
  int never = 0;
  int always = 0;
  for (int i = 0; i < 1000; ++i) {
    never += random.chance(0) ? 1 : 0;
    always += random.chance(1) ? 1 : 0;
  }
  CHECK(never == 0);
  CHECK(always == 1000);
}
