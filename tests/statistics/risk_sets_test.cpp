// SPDX-License-Identifier: BSL-1.0
#include "../../src/statistics/risk_sets.hpp"

#include <salespulse/core/random.hpp>
#include <salespulse/core/result.hpp>

#include "support/catch.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

using namespace salespulse;

namespace {

using rows = std::vector<observation>;

bool same(const risk_sets& a, const risk_sets& b) {
  const auto gap_equal = [](const risk_gap& x, const risk_gap& y) {
    return x.first == y.first && x.last == y.last;
  };
  return a.ticks == b.ticks && a.at_risk == b.at_risk && a.censored == b.censored &&
         a.events == b.events && a.total == b.total && a.state == b.state &&
         std::equal(a.gaps.begin(), a.gaps.end(), b.gaps.begin(), b.gaps.end(), gap_equal);
}

// The definition, row by row and tick by tick.
risk_sets by_definition(const rows& all, const std::vector<std::int32_t>& group,
                        std::size_t groups, std::size_t causes) {
  risk_sets sets;
  sets.groups = groups;
  sets.causes = causes;
  sets.total.assign(groups, 0);
  std::set<std::int32_t> ticks;
  std::set<std::int32_t> watched;  // enough ticks to see every gap
  for (std::size_t i = 0; i < all.size(); ++i) {
    sets.total[static_cast<std::size_t>(group[i])] += all[i].weight;
    if (all[i].weight > 0) ticks.insert(all[i].exit);
  }
  for (const std::int32_t tick : ticks) {
    const std::size_t line = sets.ticks.size();
    sets.ticks.push_back(tick);
    sets.at_risk.resize((line + 1) * groups);
    sets.censored.resize((line + 1) * groups);
    sets.events.resize((line + 1) * groups * causes);
    for (std::size_t i = 0; i < all.size(); ++i) {
      const observation& o = all[i];
      const std::size_t at = line * groups + static_cast<std::size_t>(group[i]);
      if ((o.entry < tick || o.entry == 0) && tick <= o.exit) sets.at_risk[at] += o.weight;
      if (o.exit != tick) continue;
      if (o.cause == 0) {
        sets.censored[at] += o.weight;
      } else {
        sets.events[at * causes + static_cast<std::size_t>(o.cause) - 1] += o.weight;
      }
    }
  }
  for (std::size_t line = 0; line + 1 < sets.ticks.size(); ++line) {
    std::int32_t first = INT32_MAX;  // first entry of those who come after this tick
    bool somebody = false;
    for (const observation& o : all) {
      if (o.weight == 0 || o.exit <= sets.ticks[line]) continue;
      first = std::min(first, o.entry);
      somebody = somebody || o.entry <= sets.ticks[line];
    }
    if (!somebody) sets.gaps.push_back({sets.ticks[line] + 1, first});
  }
  return sets;
}

struct grouped_rows {
  rows all;
  std::vector<std::int32_t> group;
};

// `spread`: how far apart the ticks lie, so that both ways of counting are met.
grouped_rows arbitrary(std::int32_t spread, std::int32_t groups, std::int32_t causes) {
  grouped_rows made;
  const int n = *rc::gen::inRange(1, 40);
  for (int i = 0; i < n; ++i) {
    observation o;
    o.entry = *rc::gen::inRange(0, 12) * spread;
    o.exit = o.entry + *rc::gen::inRange(o.entry == 0 ? 0 : 1, 12) * spread;
    o.cause = *rc::gen::inRange(0, causes + 1);
    o.weight = *rc::gen::inRange(0, 4);
    made.all.push_back(o);
    made.group.push_back(*rc::gen::inRange(0, groups));
  }
  made.all.front().weight = 1;
  return made;
}

}  // namespace

TEST_CASE("risk sets hold who was watched and who left on each tick", "[risk_sets]") {
  const rows all{{0, 5, 1, 1}, {0, 5, 0, 2}, {0, 7, 2, 1}, {5, 7, 1, 1}, {3, 9, 0, 10}};
  const risk_sets sets = collapse(all, 2);
  REQUIRE(sets.state.ok());
  CHECK(sets.ticks == std::vector<std::int32_t>{5, 7, 9});
  CHECK(sets.at_risk ==
        std::vector<std::int64_t>{14, 12, 10});  // who enters on 5 is not there on 5
  CHECK(sets.censored == std::vector<std::int64_t>{2, 0, 10});
  CHECK(sets.events == std::vector<std::int64_t>{1, 0, 1, 1, 0, 0});
  CHECK(sets.events_of(1, 2) == 1);
  CHECK(sets.total == std::vector<std::int64_t>{15});
  CHECK(sets.gaps.empty());
  CHECK(collapse(all, any_cause).events == std::vector<std::int64_t>{1, 2, 0});
}

TEST_CASE("risk sets follow the definition near and far between", "[risk_sets]") {
  for (const std::int32_t spread : {1, 90'000'000}) {
    CHECK(rc::check("counts are those of the definition", [spread] {
      const grouped_rows made = arbitrary(spread, 3, 2);
      const risk_sets sets = collapse(made.all, 2, made.group, 3);
      RC_ASSERT(same(sets, by_definition(made.all, made.group, 3, 2)));
    }));
    CHECK(rc::check("one group is the same as no groups", [spread] {
      const grouped_rows made = arbitrary(spread, 1, 2);
      RC_ASSERT(same(collapse(made.all, 2, made.group, 1), collapse(made.all, 2)));
      rows without_kind = made.all;
      for (observation& o : without_kind) o.cause = o.cause != 0;
      RC_ASSERT(same(collapse(made.all, any_cause, made.group, 1), collapse(without_kind, 1)));
      RC_ASSERT(same(collapse(made.all, any_cause), collapse(without_kind, 1)));
    }));
    CHECK(rc::check("the order of rows changes nothing", [spread] {
      const grouped_rows made = arbitrary(spread, 1, 2);
      rows turned = made.all;
      std::reverse(turned.begin(), turned.end());
      RC_ASSERT(same(collapse(turned, 2), collapse(made.all, 2)));
    }));
    CHECK(rc::check("a row of weight w is w rows", [spread] {
      const grouped_rows made = arbitrary(spread, 1, 2);
      rows single;
      for (observation o : made.all) {
        const std::int64_t times = o.weight;
        o.weight = 1;
        single.insert(single.end(), static_cast<std::size_t>(times), o);
      }
      RC_ASSERT(same(collapse(single, 2), collapse(made.all, 2)));
    }));
  }
}

TEST_CASE("many rows give the same risk sets by counting and by sorting", "[risk_sets]") {
  random_stream random(20, 1);
  rows near;
  rows far;
  for (int i = 0; i < 20'000; ++i) {
    observation o;
    o.entry = random.chance(0.5) ? 0 : static_cast<std::int32_t>(random.below(1000));
    o.exit = o.entry + 1 + static_cast<std::int32_t>(random.below(3000));
    o.cause = static_cast<std::int32_t>(random.below(3));
    o.weight = static_cast<std::int64_t>(random.below(3));
    near.push_back(o);
    o.entry *= 500'000;
    o.exit *= 500'000;
    far.push_back(o);
  }
  const risk_sets counted = collapse(near, 2);
  risk_sets sorted = collapse(far, 2);
  for (std::int32_t& tick : sorted.ticks) tick /= 500'000;
  CHECK(same(counted, sorted));
  std::reverse(near.begin(), near.end());
  CHECK(same(counted, collapse(near, 2)));
}

TEST_CASE("risk sets name the row that cannot be", "[risk_sets]") {
  const observation good{0, 3, 1, 1};
  const auto state = [&](observation bad, std::int32_t causes = 1) {
    return collapse(rows{good, bad, bad}, causes).state;
  };
  CHECK(state({0, 3, 1, -1}) == status{condition::invalid_weight, 1});
  CHECK(state({0, -3, 1, 1}) == status{condition::negative_time, 1});
  CHECK(state({-1, 3, 1, 1}) == status{condition::negative_time, 1});
  CHECK(state({3, 3, 1, 1}) == status{condition::entry_not_before_exit, 1});
  CHECK(state({4, 0, 1, 1}) == status{condition::entry_not_before_exit, 1});
  CHECK(state({4, 3, 1, 1}) == status{condition::entry_not_before_exit, 1});
  CHECK(state({0, 3, -1, 1}) == status{condition::unknown_state, 1});
  CHECK(state({0, 3, -1, 1}, any_cause) == status{condition::unknown_state, 1});
  CHECK(state({0, 3, 2, 1}) == status{condition::unknown_state, 1});
  CHECK(state({0, 3, 2, 1}, any_cause).ok());
  CHECK(state({0, 0, 1, 1}).ok());
  CHECK(collapse(rows{}, 1).state == status{condition::insufficient_data, -1});
  CHECK(collapse(rows{{0, 1, 1, 0}}, 1).state == status{condition::invalid_weight, -1});
  CHECK(collapse(rows{good, {0, 2'000'000'000, 0, 1}, {7, 5, 0, 1}}, 1).state ==
        status{condition::entry_not_before_exit, 2});
  CHECK(collapse(rows{good}, 1, std::vector<std::int32_t>{2}, 2).state ==
        status{condition::unknown_state, 0});
  CHECK(collapse(rows{good}, 1, std::vector<std::int32_t>{-1}, 2).state ==
        status{condition::unknown_state, 0});
  CHECK(collapse(rows{{-1, 0, 9, 0}, {5, 2, 9, -4}}, 1).state ==
        status{condition::invalid_weight, 1});
  CHECK_THROWS_AS(collapse(rows{good}, 1, {}, 2), invalid_input);
  CHECK_THROWS_AS(collapse(rows{good}, -1), invalid_input);
  CHECK_THROWS_AS(collapse(rows{}, 1, {}, 0), invalid_input);
}

TEST_CASE("rows of weight 0 may hold anything", "[risk_sets]") {
  const rows all{{0, 3, 1, 1}, {2, 9, 0, 2}};
  rows more{{9, 2, 0, 0}, {-1, 5, 0, 0}, {0, 1, 77, 0}, {0, 1, 1, 0}};
  more.insert(more.end(), all.begin(), all.end());
  CHECK(same(collapse(all, 1), collapse(more, 1)));
  CHECK(same(collapse(all, any_cause), collapse(more, any_cause)));
}

TEST_CASE("weights are exact up to 2^53 in all and refused beyond", "[risk_sets]") {
  constexpr std::int64_t half = std::int64_t{1} << 52;
  const risk_sets most = collapse(rows{{0, 3, 1, half}, {0, 4, 0, half - 1}, {0, 4, 1, 1}}, 1);
  CHECK(most.state.ok());
  CHECK(most.at_risk == std::vector<std::int64_t>{2 * half, half});
  CHECK(collapse(rows{{0, 3, 1, half}, {0, 4, 0, half}, {0, 4, 1, 1}}, 1).state ==
        status{condition::too_large, -1});
  CHECK(collapse(rows{{0, 3, 1, INT64_MAX}, {0, 4, 0, INT64_MAX}}, 1).state ==
        status{condition::too_large, -1});
}

TEST_CASE("a gap is found only where ticks pass with nobody under watch", "[risk_sets]") {
  CHECK(collapse(rows{{0, 5, 0, 1}, {5, 8, 1, 1}}, 1).gaps.empty());
  const risk_sets sets =
      collapse(rows{{2, 5, 0, 1}, {7, 8, 1, 1}, {7, 9, 0, 1}, {20, 30, 1, 1}}, 1);
  REQUIRE(sets.gaps.size() == 2);  // what comes before the first entry is none
  CHECK(sets.gaps[0].first == 6);
  CHECK(sets.gaps[0].last == 7);
  CHECK(sets.gaps[1].first == 10);
  CHECK(sets.gaps[1].last == 20);
}
