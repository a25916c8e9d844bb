// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/row_counts.hpp>

#include "support/catch.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

using namespace salespulse;

namespace {

using counts = row_counts<int>;
using entries = std::vector<counts::entry>;

std::vector<std::int64_t> flat(const counts& c) {
  std::vector<std::int64_t> all;
  for (const auto& [row, count] : c.entries()) {
    all.push_back(row);
    all.push_back(count);
  }
  return all;
}

}  // namespace

TEST_CASE("the multiset of a union is the sum of the multisets, whatever the order") {
  CHECK(rc::check("", [] {
    const auto a = *rc::gen::container<std::vector<int>>(rc::gen::inRange(-3, 4));
    const auto b = *rc::gen::container<std::vector<int>>(rc::gen::inRange(-3, 4));
    std::vector<int> both = b;
    both.insert(both.end(), a.begin(), a.end());
    counts sum{std::span<const int>(a)};
    sum += counts(std::span<const int>(b));
    RC_ASSERT(flat(sum) == flat(counts(std::span<const int>(both))));
    RC_ASSERT(sum.total() == static_cast<std::int64_t>(both.size()));
    RC_ASSERT(std::is_sorted(sum.entries().begin(), sum.entries().end(),
                             [](const auto& x, const auto& y) { return x.row < y.row; }));
  }));
}

TEST_CASE("a multiset added to itself has every count twice") {
  counts c(entries{{4, 1}, {2, 5}, {9, 3}});
  c += c;
  CHECK(flat(c) == std::vector<std::int64_t>{2, 10, 4, 2, 9, 6});
}

TEST_CASE("counts beyond 64 bits stay at their limit") {
  const counts c(entries{{1, INT64_MAX}, {1, 4}, {2, 7}});
  CHECK(flat(c) == std::vector<std::int64_t>{1, INT64_MAX, 2, 7});
  CHECK(c.total() == INT64_MAX);
  CHECK(flat(counts(entries{{1, INT64_MIN}, {1, -4}})) ==
        std::vector<std::int64_t>{1, INT64_MIN});
}

TEST_CASE("counts of 0 go and sums below 0 stay") {
  CHECK(flat(counts(entries{{1, 0}, {2, -1}, {3, 2}, {3, -2}, {2, -1}})) ==
        std::vector<std::int64_t>{2, -2});
}
