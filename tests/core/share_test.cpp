// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include <salespulse/core/random.hpp>
#include <salespulse/core/apportion.hpp>
#include <salespulse/core/wide.hpp>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

using namespace salespulse;

namespace {

std::vector<std::int64_t> parts_of(std::int64_t total, std::vector<std::int64_t> weights) {
  return apportion(total, weights);
}

}  // namespace

TEST_CASE("parts by largest remainder, ties to the earlier", "[share]") {
  using parts = std::vector<std::int64_t>;
  CHECK(parts_of(10, {1, 1, 1}) == parts{4, 3, 3});
  CHECK(parts_of(11, {1, 1, 1}) == parts{4, 4, 3});
  CHECK(parts_of(100, {333333, 333333, 333334}) == parts{33, 33, 34});
  CHECK(parts_of(1, {500000, 500000}) == parts{1, 0});
  CHECK(parts_of(5, {0, 1, 0}) == parts{0, 5, 0});
  CHECK(parts_of(3, {0, 1, 1}) == parts{0, 2, 1});
  CHECK(parts_of(0, {1, 2}) == parts{0, 0});
  CHECK(parts_of(-10, {1, 1, 1}) == parts{-4, -3, -3});
  CHECK(parts_of(-1, {1, 1}) == parts{-1, 0});
}

TEST_CASE("weights that are all zero give nothing", "[share]") {
  CHECK(parts_of(10, {0, 0}) == std::vector<std::int64_t>{0, 0});
  CHECK(parts_of(10, {}).empty());
}

TEST_CASE("parts sum to the total and lie within one unit of their exact value", "[share]") {
  random_stream random(7, 0);
  for (int round = 0; round < 3000; ++round) {
    std::vector<std::int64_t> weights(1 + random.below(12));
    for (std::int64_t& w : weights) w = random.chance(0.2) ? 0 : random.below(1'000'001);
    const auto total = static_cast<std::int64_t>(random.bits()) >> (1 + random.below(60));
    const std::vector<std::int64_t> parts = apportion(total, weights);
    wide sum_of_weights = 0;
    for (const std::int64_t w : weights) sum_of_weights += w;
    wide sum = 0;
    bool near = true;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      sum += parts[i];
      const wide exact = static_cast<wide>(total) * weights[i];  // times the sum of weights
      const wide error = static_cast<wide>(parts[i]) * sum_of_weights - exact;
      near = near && (sum_of_weights == 0 || (error < sum_of_weights && -error < sum_of_weights));
    }
    if (!near || (sum_of_weights != 0 && sum != total)) FAIL("round " << round);
  }
}

TEST_CASE("no other whole parts are nearer, and of equal ones the earlier gains", "[share]") {
  random_stream random(11, 0);
  for (int round = 0; round < 1000; ++round) {
    std::vector<std::int64_t> weights(2 + random.below(6));
    for (std::int64_t& w : weights) w = random.below(10);
    const std::int64_t total = random.below(100);
    std::int64_t whole = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
    if (whole == 0) continue;
    const std::vector<std::int64_t> parts = apportion(total, weights);
    bool right = true;
    for (std::size_t gained = 0; gained < parts.size(); ++gained) {
      const bool up = parts[gained] * whole > total * weights[gained];
      for (std::size_t other = 0; up && other < parts.size(); ++other) {
        if (parts[other] * whole > total * weights[other]) continue;
        const std::int64_t mine = total * weights[gained] % whole;
        const std::int64_t theirs = total * weights[other] % whole;
        right = right && (mine > theirs || (mine == theirs && gained < other));
      }
    }
    if (!right) FAIL("round " << round);
  }
}

TEST_CASE("the largest totals are shared out without overflow", "[share]") {
  const std::vector<std::int64_t> weights{INT64_MAX, INT64_MAX, 1};
  const std::vector<std::int64_t> parts = apportion(INT64_MAX, weights);
  // The exact parts are m + 1/4, m + 1/4 and almost 1/2 with m = 2^62 - 1.
  CHECK(parts == std::vector<std::int64_t>{4611686018427387903, 4611686018427387903, 1});
  const std::vector<std::int64_t> one = apportion(INT64_MIN, std::vector<std::int64_t>{3});
  CHECK(one[0] == INT64_MIN);
}
