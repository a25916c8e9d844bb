// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/tenure.hpp>

#include <vector>

using namespace salespulse;

namespace {

row_counts<tenure> counted(std::vector<row_counts<tenure>::entry> entries) {
  return row_counts<tenure>(std::move(entries));
}

bool same(const row_counts<tenure>& a, const row_counts<tenure>& b) {
  if (a.entries().size() != b.entries().size()) return false;
  for (std::size_t i = 0; i < a.entries().size(); ++i) {
    if (a.entries()[i].row != b.entries()[i].row || a.entries()[i].count != b.entries()[i].count) {
      return false;
    }
  }
  return true;
}

constexpr std::int64_t unknown = not_counted;

}  // namespace

TEST_CASE("a cohort table becomes leavers at each renewal and those still there") {
  const std::vector<std::int64_t> survivors{10, 7,       5,        //
                                            20, 12,      unknown,  //
                                            9,  unknown, unknown};
  const cohort_tenures t = tenures_of(survivors, 3);
  CHECK(t.why.ok());
  CHECK(same(
      t.tenures,
      counted(
          {{{0, 0, 1}, 3 + 8}, {{0, 1, 2}, 2}, {{0, 2, 0}, 5}, {{0, 1, 0}, 12}, {{0, 0, 0}, 9}})));
  CHECK(t.tenures.total() == 39);
}

TEST_CASE("a gap in a cohort's counts is an interval, a late start is delayed entry") {
  const std::vector<std::int64_t> survivors{unknown, 50, unknown, unknown, 20};
  const cohort_tenures t = tenures_of(survivors, 5);
  CHECK(same(t.tenures, counted({{{1, 1, 4}, 30}, {{1, 4, 0}, 20}})));
}

TEST_CASE("a table that nobody filled in has no contracts") {
  const std::vector<std::int64_t> survivors{unknown, unknown};
  CHECK(tenures_of(survivors, 2).why.ok());
  CHECK(tenures_of(survivors, 2).tenures.total() == 0);
  CHECK(tenures_of({}, 4).tenures.total() == 0);
}

TEST_CASE("a cohort that grows and a negative cell are named by their cell") {
  const std::vector<std::int64_t> grows{10, 9, 8, 8, unknown, 9};
  CHECK(tenures_of(grows, 3).why == status{condition::count_exceeds_trials, 5});
  const std::vector<std::int64_t> negative{10, -2};
  CHECK(tenures_of(negative, 2).why == status{condition::negative_count, 1});
}

TEST_CASE("cells that do not fill the rows are refused") {
  const std::vector<std::int64_t> five{5, 4, 3, 2, 1};
  CHECK_THROWS_AS(tenures_of(five, 2), invalid_input);
  CHECK_THROWS_AS(tenures_of(five, 0), invalid_input);
}
