// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/multi_state.hpp>

#include "support/catch.hpp"
#include "support/reference.hpp"
#include <salespulse/core/random.hpp>
#include <salespulse/core/result.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

using namespace salespulse;
using salespulse::test::accuracy;
using salespulse::test::available;
using salespulse::test::reference_table;

namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();
constexpr auto none = incidence_variance::none;
constexpr auto greenwood = incidence_variance::greenwood;
constexpr auto jackknife = incidence_variance::infinitesimal_jackknife;

std::int32_t number_of(const std::string& state) {
  const std::vector<std::string> names{"censor", "s1", "s2", "s3", "won", "lost"};
  return static_cast<std::int32_t>(std::find(names.begin(), names.end(), state) - names.begin());
}

// States 1 to 3 in a row, 4 and 5 absorb.
std::vector<state_spell> sales(const reference_table& table) {
  std::vector<state_spell> rows;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    rows.push_back({.subject = table.integer(i, "deal"),
                    .from = number_of(table.text(i, "stage")),
                    .to = number_of(table.text(i, "event")),
                    .entry = static_cast<std::int32_t>(table.integer(i, "start")),
                    .exit = static_cast<std::int32_t>(table.integer(i, "stop")),
                    .since = static_cast<std::int32_t>(table.integer(i, "t_enter"))});
  }
  return rows;
}

// Courses through `states` states with re-entry, gaps, censoring and late entry. With `first` all
// begin in state 1 and the last state absorbs.
rc::Gen<std::vector<state_spell>> any_courses(std::int32_t states) {
  return rc::gen::exec([=] {
    std::vector<state_spell> rows;
    const int subjects = *rc::gen::inRange(1, 12);
    for (int s = 0; s < subjects; ++s) {
      const std::int64_t weight = *rc::gen::inRange(1, 4);
      std::int32_t state = *rc::gen::inRange(1, states);
      std::int32_t tick = *rc::gen::inRange(0, 6);
      for (int spells = *rc::gen::inRange(1, 5); spells > 0 && state < states; --spells) {
        const std::int32_t exit = tick + *rc::gen::inRange(1, 6);
        const std::int32_t to =
            spells == 1 ? *rc::gen::inRange(0, states + 1) : *rc::gen::inRange(1, states + 1);
        rows.push_back({s, state, to, tick, exit, weight});
        if (to == 0) break;
        state = to;
        tick = exit + *rc::gen::inRange(0, 2);  // at times not watched for a tick
      }
    }
    return rows;
  });
}

std::vector<double> any_start(std::int32_t states) {
  std::vector<double> start(static_cast<std::size_t>(states));
  start[0] = 0.25 * *rc::gen::inRange(0, 5);
  start[1] += 1 - start[0];
  return start;
}

// The definition, with the influence of each subject carried along from tick to tick.
struct direct_course {
  std::vector<double> probability;
  std::vector<double> time;
  std::vector<double> probability_error;
  std::vector<double> time_error;
};

direct_course direct(const std::vector<state_spell>& rows, std::vector<double> p,
                     std::int32_t after, std::int32_t until) {
  const std::size_t k = p.size();
  std::map<std::int64_t, std::vector<double>> influence;
  std::map<std::int64_t, std::vector<double>> time_influence;
  std::map<std::int64_t, double> weight;
  for (const state_spell& row : rows) {
    influence[row.subject].assign(k, 0);
    time_influence[row.subject].assign(k, 0);
    weight[row.subject] = static_cast<double>(row.weight);
  }
  direct_course c;
  c.time.assign(k, 0);
  for (std::int32_t t = after + 1; t <= until; ++t) {
    for (std::size_t a = 0; a < k; ++a) {
      c.time[a] += p[a];
      for (auto& [subject, v] : time_influence) v[a] += influence[subject][a];
    }
    std::vector<double> n(k);
    std::vector<std::vector<double>> h(k, std::vector<double>(k));
    const auto at_risk = [t](const state_spell& r) { return r.entry < t && t <= r.exit; };
    const auto moves = [t](const state_spell& r) {
      return r.exit == t && r.to != 0 && r.to != r.from;
    };
    for (const state_spell& r : rows) {
      if (!at_risk(r)) continue;
      const auto a = static_cast<std::size_t>(r.from - 1);
      n[a] += static_cast<double>(r.weight);
      if (moves(r)) h[a][static_cast<std::size_t>(r.to - 1)] += static_cast<double>(r.weight);
    }
    for (std::size_t a = 0; a < k; ++a) {
      for (double& x : h[a]) x = n[a] > 0 ? x / n[a] : 0;
    }
    const auto moved = [&](const std::vector<double>& v) {
      std::vector<double> w = v;
      for (std::size_t a = 0; a < k; ++a) {
        for (std::size_t b = 0; b < k; ++b) {
          w[b] += v[a] * h[a][b];
          w[a] -= v[a] * h[a][b];
        }
      }
      return w;
    };
    for (auto& [subject, v] : influence) v = moved(v);
    for (const state_spell& r : rows) {
      if (!at_risk(r)) continue;
      const auto a = static_cast<std::size_t>(r.from - 1);
      std::vector<double>& v = influence[r.subject];
      for (std::size_t b = 0; b < k; ++b) {
        if (b == a) continue;
        const bool mine = moves(r) && static_cast<std::size_t>(r.to - 1) == b;
        const double g = p[a] / n[a] * ((mine ? 1.0 : 0.0) - h[a][b]);
        v[b] += g;
        v[a] -= g;
      }
    }
    p = moved(p);
  }
  c.probability = p;
  c.probability_error.assign(k, 0);
  c.time_error.assign(k, 0);
  for (std::size_t a = 0; a < k; ++a) {
    for (const auto& [subject, v] : influence) {
      c.probability_error[a] += weight[subject] * v[a] * v[a];
    }
    for (const auto& [subject, v] : time_influence)
      c.time_error[a] += weight[subject] * v[a] * v[a];
    c.probability_error[a] = std::sqrt(c.probability_error[a]);
    c.time_error[a] = std::sqrt(c.time_error[a]);
  }
  return c;
}

bool same_bits(const occupancy_curve& a, const occupancy_curve& b) {
  return a.why == b.why && a.ticks == b.ticks && a.probability == b.probability &&
         a.std_error == b.std_error;
}

}  // namespace

TEST_CASE("occupancy and its jackknife errors are those of R survfit") {
  const char* file = "reference/statistics/sales_multistate_occupancy.csv";
  const reference_table table(file);
  const reference_table input("reference/statistics/inputs/sales_multistate.csv");
  if (!available(table, file)) return;
  const multi_state m(sales(input), 5);
  REQUIRE(m.why().ok());
  const std::vector<double> start = all_in(1, 5);
  const occupancy_curve curve = m.occupancy(start, 0, jackknife);
  accuracy values(file);
  accuracy variances(file);
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const std::int64_t tick = table.integer(i, "time");
    const std::int32_t state = number_of(table.text(i, "state"));
    const auto line = static_cast<std::size_t>(
        std::upper_bound(curve.ticks.begin(), curve.ticks.end(), tick) - curve.ticks.begin());
    REQUIRE(line > 0);
    const double p = curve.probability_of(line - 1, state);
    const double se = curve.std_error_of(line - 1, state);
    const double r_se = table.number(i, "se");
    const std::string where = table.text(i, "state") + " at " + std::to_string(tick);
    CHECK(values.error(p, table.number(i, "pstate"), where) <= 1e-13);
    CHECK(variances.error(se * se, r_se * r_se, where) <= 1e-11);
    if (i % 50 != 0) continue;
    const auto figures = m.probabilities(start, 0, static_cast<std::int32_t>(tick));
    CHECK(*figures[static_cast<std::size_t>(state - 1)].value == p);
    CHECK(*figures[static_cast<std::size_t>(state - 1)].std_error == se);
  }
}

TEST_CASE("incidence on the clock of a state is that of R survfit") {
  const char* file = "reference/statistics/sales_stage_clock_cif.csv";
  const reference_table table(file);
  const reference_table input("reference/statistics/inputs/sales_multistate.csv");
  if (!available(table, file)) return;
  const std::vector<state_spell> rows = sales(input);
  accuracy values(file);
  accuracy variances(file);
  for (const char* stage : {"s1", "s2", "s3"}) {
    const std::int32_t from = number_of(stage);
    const aalen_johansen f(time_in_state(rows, from), 5);
    REQUIRE(f.why().ok());
    for (const std::size_t i : table.where({{"case", stage}})) {
      const std::string& state = table.text(i, "state");
      const auto tick = static_cast<std::int32_t>(table.integer(i, "time"));
      const figure_with_error at = state == "(s0)"   ? f.survival(tick)
                                   : state == "lost" ? f.incidence(5, tick)
                                                     : f.incidence(from + 1, tick);
      const double se = table.number(i, "se");
      const std::string where = stage + (" " + state);
      CHECK(values.error(*at.value, table.number(i, "pstate"), where) <= 1e-13);
      CHECK(variances.error(*at.std_error * *at.std_error, se * se, where) <= 1e-11);
    }
  }
}

TEST_CASE("the course from an age on agrees with R survfit begun there") {
  const char* file = "reference/statistics/sales_scalars.csv";
  const reference_table table(file);
  const reference_table input("reference/statistics/inputs/sales_competing.csv");
  if (!available(table, file)) return;
  std::vector<state_spell> rows;
  for (std::size_t i = 0; i < input.rows(); ++i) {
    const std::string& outcome = input.text(i, "outcome");
    rows.push_back({.subject = input.integer(i, "deal"),
                    .to = outcome == "won"    ? 2
                          : outcome == "lost" ? 3
                                              : 0,
                    .entry = static_cast<std::int32_t>(input.integer(i, "entry")),
                    .exit = static_cast<std::int32_t>(input.integer(i, "exit"))});
  }
  const multi_state m(rows, 3);
  accuracy values(file);
  // The reference leaves the events on the day itself in, hence the day before.
  for (const std::int32_t day : {30, 60, 90, 120}) {
    for (const std::int32_t days : {30, 60, 90, 365}) {
      const auto p = m.transition_probabilities(day - 1, day + days);
      std::string by = "P(state by +";
      by.append(std::to_string(days)).append("d)");
      std::size_t state = 0;
      for (const char* name : {"(s0)", "won", "lost"}) {
        const double expected = table.value(
            {{"case", "open_at_" + std::to_string(day)}, {"quantity", by}, {"index", name}});
        CHECK(values.error(p[state++], expected, by) <= 1e-13);
      }
    }
  }
}

TEST_CASE("figures and jackknife errors are those of the definition") {
  CHECK(rc::check("definition", [] {
    const auto rows = *any_courses(4);
    const auto start = any_start(4);
    const std::int32_t after = *rc::gen::inRange(0, 8);
    const std::int32_t until = after + *rc::gen::inRange(0, 20);
    const multi_state m(rows, 4);
    RC_ASSERT(m.why().ok());
    const direct_course c = direct(rows, start, after, until);
    const auto p = m.probabilities(start, after, until);
    const auto time = m.expected_time(start, after, until);
    for (std::size_t a = 0; a < 4; ++a) {
      RC_ASSERT(std::abs(*p[a].value - c.probability[a]) <= 1e-13);
      RC_ASSERT(std::abs(*p[a].std_error - c.probability_error[a]) <= 1e-13);
      RC_ASSERT(std::abs(*time[a].value - c.time[a]) <= 1e-12);
      RC_ASSERT(std::abs(*time[a].std_error - c.time_error[a]) <= 1e-12);
    }
  }));
}

TEST_CASE("the errors along a curve are those asked for one by one") {
  CHECK(rc::check("forwards and backwards", [] {
    const auto rows = *any_courses(4);
    const auto start = any_start(4);
    const std::int32_t after = *rc::gen::inRange(0, 8);
    const multi_state m(rows, 4);
    for (const incidence_variance variance : {greenwood, jackknife}) {
      const occupancy_curve curve = m.occupancy(start, after, variance);
      for (std::size_t line = 0; line < curve.ticks.size(); ++line) {
        const auto p = m.probabilities(start, after, curve.ticks[line], variance);
        for (std::int32_t a = 1; a <= 4; ++a) {
          const figure_with_error& f = p[static_cast<std::size_t>(a - 1)];
          RC_ASSERT(curve.probability_of(line, a) == *f.value);
          const double v = curve.std_error_of(line, a) * curve.std_error_of(line, a);
          RC_ASSERT(std::abs(v - *f.std_error * *f.std_error) <= 1e-14);
        }
      }
    }
  }));
}

TEST_CASE("probabilities sum to one and an absorbing state never loses any") {
  CHECK(rc::check("sum", [] {
    const multi_state m(*any_courses(4), 4);
    const occupancy_curve curve = m.occupancy(any_start(4), 0, none);
    double absorbed = 0;
    for (std::size_t line = 0; line < curve.ticks.size(); ++line) {
      double sum = 0;
      for (std::int32_t a = 1; a <= 4; ++a) {
        const double p = curve.probability_of(line, a);
        RC_ASSERT(p >= 0 && p <= 1);
        sum += p;
      }
      RC_ASSERT(std::abs(sum - 1) <= 4 * epsilon);
      RC_ASSERT(curve.probability_of(line, 4) >= absorbed);
      absorbed = curve.probability_of(line, 4);
    }
  }));
}

TEST_CASE("the probabilities over two stretches multiply") {
  CHECK(rc::check("Chapman-Kolmogorov", [] {
    const multi_state m(*any_courses(3), 3);
    const auto p = m.transition_probabilities(1, 12);
    const auto first = m.transition_probabilities(1, 6);
    const auto second = m.transition_probabilities(6, 12);
    for (std::size_t a = 0; a < 3; ++a) {
      for (std::size_t b = 0; b < 3; ++b) {
        double sum = 0;
        for (std::size_t c = 0; c < 3; ++c) sum += first[a * 3 + c] * second[c * 3 + b];
        RC_ASSERT(std::abs(sum - p[a * 3 + b]) <= 4 * epsilon);
      }
    }
    if (m.ticks().empty()) return;
    RC_ASSERT(m.transition_matrix(0) == m.transition_probabilities(m.ticks()[0] - 1, m.ticks()[0]));
  }));
}

TEST_CASE("competing risks are a process with one state that is left") {
  CHECK(rc::check("one transient state", [] {
    std::vector<state_spell> rows;
    std::vector<observation> same;
    const int n = *rc::gen::inRange(1, 30);
    for (int i = 0; i < n; ++i) {
      const std::int32_t entry = *rc::gen::inRange(0, 10);
      const std::int32_t exit = entry + *rc::gen::inRange(1, 12);
      const std::int32_t cause = *rc::gen::inRange(0, 3);
      const std::int64_t weight = *rc::gen::inRange(1, 3);
      rows.push_back({i, 1, cause == 0 ? 0 : cause + 1, entry, exit, weight});
      same.push_back({entry, exit, cause, weight});
    }
    const multi_state m(rows, 3);
    for (const incidence_variance variance : {greenwood, jackknife}) {
      const aalen_johansen f(same, 2, {.variance = variance});
      for (const std::int32_t tick : {3, 8, 15, 21}) {
        const auto p = m.probabilities(all_in(1, 3), 0, tick, variance);
        const auto time = m.expected_time(all_in(1, 3), 0, tick, variance);
        const std::vector<figure_with_error> q{f.survival(tick), f.incidence(1, tick),
                                               f.incidence(2, tick)};
        for (std::size_t a = 0; a < 3; ++a) {
          RC_ASSERT(*p[a].value == *q[a].value);
          RC_ASSERT(std::abs(*p[a].std_error * *p[a].std_error -
                             *q[a].std_error * *q[a].std_error) <= 1e-15);
        }
        RC_ASSERT(*time[0].value == *f.time_without_event(tick).value);
        RC_ASSERT(std::abs(*time[2].value - *f.time_after_event(2, tick).value) <= 1e-14 * tick);
      }
    }
  }));
}

TEST_CASE("a spell cut in two is the same spell") {
  CHECK(rc::check("cut", [] {
    const auto rows = *any_courses(4);
    std::vector<state_spell> cut;
    for (const state_spell& row : rows) {
      const std::int32_t at = *rc::gen::inRange(row.entry, row.exit + 1);
      if (at == row.entry || at == row.exit) {
        cut.push_back(row);
        continue;
      }
      state_spell first = row;
      state_spell second = row;
      first.exit = second.entry = at;
      first.to = *rc::gen::element(0, row.from);
      cut.push_back(second);
      cut.push_back(first);
    }
    const std::vector<double> start = any_start(4);
    const occupancy_curve a = multi_state(rows, 4).occupancy(start, 0, jackknife);
    const occupancy_curve b = multi_state(cut, 4).occupancy(start, 0, jackknife);
    RC_ASSERT(a.ticks == b.ticks);
    RC_ASSERT(a.probability == b.probability);
    for (std::size_t i = 0; i < a.std_error.size(); ++i) {
      RC_ASSERT(std::abs(a.std_error[i] - b.std_error[i]) <= 1e-14);
    }
  }));
}

TEST_CASE("the order of the rows does not change a bit and a weight stands for subjects") {
  CHECK(rc::check("order", [] {
    const auto rows = *any_courses(4);
    const std::vector<double> start = any_start(4);
    auto turned = rows;
    std::ranges::reverse(turned);
    turned.push_back({3, 99, -7, 5, -5, 0});  // weight 0: not looked at
    const multi_state m(rows, 4);
    for (const incidence_variance variance : {greenwood, jackknife}) {
      RC_ASSERT(same_bits(m.occupancy(start, 0, variance),
                          multi_state(turned, 4).occupancy(start, 0, variance)));
    }
    std::vector<state_spell> apart;
    for (state_spell row : rows) {
      const std::int64_t weight = row.weight;
      row.weight = 1;
      row.subject *= 100;
      for (std::int64_t i = 0; i < weight; ++i, ++row.subject) apart.push_back(row);
    }
    const auto p = m.probabilities(start, 0, 20);
    const auto q = multi_state(apart, 4).probabilities(start, 0, 20);
    for (std::size_t a = 0; a < 4; ++a) {
      RC_ASSERT(*p[a].value == *q[a].value);
      RC_ASSERT(std::abs(*p[a].std_error - *q[a].std_error) <= 1e-14);
    }
  }));
}

TEST_CASE("moves on one tick are taken from the states before it") {
  // Of two in state 1 and one in state 2 all move on tick 1: 1 to 2, 1 to 3, 2 to 1.
  const multi_state m(std::vector<state_spell>{{1, 1, 2, 0, 1}, {2, 1, 3, 0, 1}, {3, 2, 1, 0, 1}},
                      3);
  CHECK(m.transition_matrix(0) == std::vector<double>{0, 0.5, 0.5, 1, 0, 0, 0, 0, 1});
  const auto p = m.probabilities(std::vector<double>{0.5, 0.5, 0}, 0, 1, greenwood);
  CHECK(*p[0].value == 0.5);
  CHECK(*p[1].value == 0.25);
  CHECK(*p[2].value == 0.25);
  CHECK(*p[0].std_error == 0);
  CHECK(std::abs(*p[2].std_error - std::sqrt(0.25 * 0.25 / 2)) <= epsilon);
  CHECK(m.changes(0).size() == 3);
  CHECK(m.changes(0)[1].at_risk == 2);
}

TEST_CASE("a landmark keeps the subjects that are in the state and cuts what was before") {
  const std::vector<state_spell> rows{{1, 1, 2, 0, 4}, {1, 2, 3, 4, 9}, {2, 1, 3, 0, 12},
                                      {3, 2, 0, 6, 8}, {4, 1, 2, 0, 5}, {4, 2, 0, 5, 7}};
  const auto at = landmark(rows, 2, 4);
  REQUIRE(at.size() == 1);
  CHECK(at[0].subject == 1);
  CHECK(at[0].entry == 4);
  CHECK(landmark(rows, 1, 4).size() == 3);
  CHECK(landmark(rows, 1, 4)[0].entry == 4);
  CHECK(landmark(rows, 1, 4)[0].since == 0);
  CHECK(landmark(rows, 1, 4)[2].entry == 5);
  CHECK(landmark(rows, 2, 8).size() == 1);
  CHECK(landmark(rows, 3, 9).empty());
}

TEST_CASE("what was not watched to the end carries a warning") {
  const multi_state m(std::vector<state_spell>{{1, 1, 2, 0, 3}, {2, 1, 0, 0, 5}}, 3);
  CHECK(m.probabilities(all_in(1, 3), 0, 5)[1].why.ok());
  const auto late = m.probabilities(all_in(1, 3), 0, 6);
  CHECK(late[1].why == status{condition::beyond_follow_up, 5});
  CHECK(*late[1].value == 0.5);
  CHECK(m.probabilities(all_in(2, 3), 0, 600)[1].why.ok());
  CHECK(*m.expected_time(all_in(1, 3), 0, 5)[0].value == 4);
  const multi_state quiet(std::vector<state_spell>{{1, 1, 0, 0, 3}}, 2);
  CHECK(quiet.ticks().empty());
  CHECK(*quiet.probabilities(all_in(1, 2), 0, 3)[0].value == 1);
  CHECK(*quiet.probabilities(all_in(1, 2), 0, 3)[0].std_error == 0);
  CHECK(quiet.occupancy(all_in(1, 2)).ticks.empty());
}

TEST_CASE("bad spells are named and give no figures") {
  struct bad {
    state_spell row;
    condition what;
  };
  for (const bad& b : {bad{{1, 1, 2, -1, 4}, condition::negative_time},
                       bad{{1, 1, 2, 4, 4}, condition::entry_not_before_exit},
                       bad{{1, 0, 2, 5, 6}, condition::unknown_state},
                       bad{{1, 1, 3, 5, 6}, condition::unknown_state},
                       bad{{1, 1, 2, 5, 6, -1}, condition::invalid_weight},
                       bad{{1, 1, 2, 5, 6, 2}, condition::contradictory_row},
                       bad{{1, 1, 2, 5, 6, 1, 7}, condition::contradictory_row},
                       bad{{1, 2, 1, 2, 6}, condition::contradictory_row}}) {
    const multi_state m(std::vector<state_spell>{{1, 1, 2, 0, 3}, b.row}, 2);
    CHECK(m.why() == status{b.what, 1});
    CHECK_FALSE(m.probabilities(all_in(1, 2), 0, 3)[0].value.has_value());
    CHECK(m.probabilities(all_in(1, 2), 0, 3)[1].why == m.why());
    CHECK(m.transition_probabilities(0, 3).empty());
    CHECK(m.occupancy(all_in(1, 2)).why == m.why());
  }
  CHECK(multi_state({}, 2).why().what == condition::insufficient_data);
  CHECK(multi_state(std::vector<state_spell>{{1, 1, 2, 0, 3, 0}}, 2).why().what ==
        condition::invalid_weight);
  const std::vector<state_spell> rows{{1, 1, 2, 4, 9, 1, 6}, {2, 1, 2, -4, 9}, {3, 1, 2, 4, 9, 0}};
  const auto stays = time_in_state(rows, 1);
  CHECK(stays.size() == 2);
  CHECK(aalen_johansen(stays, 2).why() == status{condition::negative_time, 0});
}

TEST_CASE("what cannot be asked for is thrown") {
  const multi_state m(std::vector<state_spell>{{1, 1, 2, 0, 3}}, 2);
  CHECK_THROWS_AS(multi_state({}, 1), invalid_input);
  CHECK_THROWS_AS(all_in(3, 2), invalid_input);
  CHECK_THROWS_AS(m.probabilities(std::vector<double>{1}, 0, 3), invalid_input);
  CHECK_THROWS_AS(m.probabilities(std::vector<double>{0.5, 0.4}, 0, 3), invalid_input);
  CHECK_THROWS_AS(m.probabilities(std::vector<double>{2, -1}, 0, 3), invalid_input);
  CHECK_THROWS_AS(m.expected_time(all_in(1, 2), 4, 3), invalid_input);
  CHECK_THROWS_AS(m.transition_probabilities(4, 3), invalid_input);
  CHECK_THROWS_AS(m.occupancy(all_in(1, 2), 0, incidence_variance::aalen), invalid_input);
  CHECK_THROWS_AS(m.changes(1), invalid_input);
}

TEST_CASE("intervals hold the true occupancy and time as often as they say") {
  // Illness and recovery: 1 to 2 with 0.1 a tick, 2 to 1 with 0.15, both to 3 with 0.03.
  std::vector<double> truth{1, 0, 0};
  double time_truth = 0;
  for (int t = 0; t < 20; ++t) {
    time_truth += truth[1];
    truth = {truth[0] * 0.87 + truth[1] * 0.15, truth[0] * 0.1 + truth[1] * 0.82,
             truth[2] + 0.03 * (truth[0] + truth[1])};
  }
  // With fewer subjects the normal approximation, not the error, is what falls short.
  constexpr std::int64_t subjects = 480;
  constexpr int runs = 400;
  int held[2][2] = {};
  for (int run = 0; run < runs; ++run) {
    random_stream draws(77, static_cast<std::uint64_t>(run));
    std::vector<state_spell> rows;
    for (std::int64_t subject = 0; subject < subjects; ++subject) {
      const auto seen_from = static_cast<std::int32_t>(draws.below(2) * draws.below(10));
      const auto seen_to = 12 + static_cast<std::int32_t>(draws.below(16));
      std::int32_t state = 1;
      std::int32_t since = 0;
      for (std::int32_t t = 1; t <= seen_to && state < 3; ++t) {
        const double u = draws.uniform();
        const double other = state == 1 ? 0.1 : 0.15;
        const std::int32_t to = u < 0.03 ? 3 : u < 0.03 + other ? 3 - state : state;
        if (to == state && t < seen_to) continue;
        if (t > seen_from) {
          rows.push_back({subject, state, to == state ? 0 : to, std::max(since, seen_from), t});
        }
        state = to;
        since = t;
      }
    }
    const multi_state m(rows, 3);
    for (const bool by_subject : {false, true}) {
      const incidence_variance variance = by_subject ? jackknife : greenwood;
      const auto p = m.probabilities(all_in(1, 3), 0, 20, variance)[1];
      const auto time = m.expected_time(all_in(1, 3), 0, 20, variance)[1];
      held[by_subject][0] += std::abs(*p.value - truth[1]) <= confidence_90.z * *p.std_error;
      held[by_subject][1] +=
          std::abs(*time.value - time_truth) <= confidence_90.z * *time.std_error;
    }
  }
  for (const auto& of_variance : held) {
    for (const int of_figure : of_variance) {
      // Binomial(400, 0.9): outside 339 ... 379 with probability 0.001.
      CHECK(of_figure >= 339);
      CHECK(of_figure <= 379);
    }
  }
}
