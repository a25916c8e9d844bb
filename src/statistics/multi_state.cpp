// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/multi_state.hpp>

#include "risk_sets.hpp"
#include "sums.hpp"
#include "twofold.hpp"
#include <salespulse/core/result.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace salespulse {
namespace {

status fault_of(const state_spell& row, std::size_t i, std::int32_t states) {
  const auto where = static_cast<std::int64_t>(i);
  if (row.weight < 0) return {condition::invalid_weight, where};
  if (row.weight == 0) return {};
  if (row.entry < 0 || row.exit < 0 || row.since < 0) return {condition::negative_time, where};
  if (row.exit <= row.entry) return {condition::entry_not_before_exit, where};
  if (row.from < 1 || row.from > states || row.to < 0 || row.to > states) {
    return {condition::unknown_state, where};
  }
  if (row.since > row.entry) return {condition::contradictory_row, where};
  return {};
}

// Runs of changes out of one state on one tick.
template <class Change, class Visit>
void for_each_departure(std::span<const Change> changes, Visit visit) {
  for (std::size_t i = 0; i < changes.size();) {
    std::size_t end = i;
    std::int64_t leaving = 0;
    while (end < changes.size() && changes[end].from == changes[i].from) {
      leaving += changes[end++].count;
    }
    visit(i, end, static_cast<double>(leaving));
    i = end;
  }
}

std::size_t index_of(std::int32_t state) { return static_cast<std::size_t>(state - 1); }

}  // namespace

std::vector<double> all_in(std::int32_t state, std::int32_t states) {
  if (state < 1 || state > states) throw invalid_input("all_in: no such state");
  std::vector<double> start(static_cast<std::size_t>(states));
  start[index_of(state)] = 1;
  return start;
}

std::vector<state_spell> landmark(std::span<const state_spell> rows, std::int32_t state,
                                  std::int32_t tick) {
  std::vector<std::int64_t> subjects;
  for (const state_spell& row : rows) {
    if (row.weight > 0 && row.from == state && row.entry <= tick && tick < row.exit) {
      subjects.push_back(row.subject);
    }
  }
  std::sort(subjects.begin(), subjects.end());
  std::vector<state_spell> later;
  for (state_spell row : rows) {
    if (row.exit <= tick) continue;
    if (!std::binary_search(subjects.begin(), subjects.end(), row.subject)) continue;
    row.entry = std::max(row.entry, tick);
    later.push_back(row);
  }
  return later;
}

std::vector<observation> time_in_state(std::span<const state_spell> rows, std::int32_t state) {
  std::vector<observation> stays;
  for (const state_spell& row : rows) {
    if (row.from != state || row.weight == 0) continue;
    if (row.entry < 0 || row.exit < 0 || row.since < 0) {
      stays.push_back({.entry = -1});  // to be refused as such
      continue;
    }
    stays.push_back({.entry = row.entry - row.since,
                     .exit = row.exit - row.since,
                     .cause = row.to == row.from ? 0 : row.to,
                     .weight = row.weight});
  }
  return stays;
}

multi_state::multi_state(std::span<const state_spell> rows, std::int32_t states) : states_(states) {
  if (states < 2) throw invalid_input("multi_state: fewer than two states");
  std::vector<observation> stays;
  std::vector<std::int32_t> group;
  std::vector<std::size_t> order;
  stays.reserve(rows.size());
  group.reserve(rows.size());
  order.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const state_spell& row = rows[i];
    if (const status fault = fault_of(row, i, states); !fault.ok()) {
      why_ = fault;
      return;
    }
    stays.push_back({row.entry, row.exit, row.to == row.from ? 0 : row.to, row.weight});
    group.push_back(row.weight == 0 ? 0 : row.from - 1);
    if (row.weight != 0) order.push_back(i);
  }
  const risk_sets sets = collapse(stays, states, group, states);
  if (!sets.state.ok()) {
    why_ = sets.state;
    return;
  }

  std::sort(order.begin(), order.end(), [rows](std::size_t a, std::size_t b) {
    const state_spell& x = rows[a];
    const state_spell& y = rows[b];
    return x.subject != y.subject ? x.subject < y.subject
           : x.entry != y.entry   ? x.entry < y.entry
                                  : a < b;
  });
  for (std::size_t i = 1; i < order.size(); ++i) {
    const state_spell& before = rows[order[i - 1]];
    const state_spell& row = rows[order[i]];
    if (row.subject != before.subject) continue;
    if (row.entry < before.exit || row.weight != before.weight) {
      const auto where = static_cast<std::int64_t>(order[i]);
      if (why_.ok() || where < why_.where) why_ = {condition::contradictory_row, where};
    }
  }
  if (!why_.ok()) return;

  const auto k = static_cast<std::size_t>(states);
  for (std::size_t line = 0; line < sets.size(); ++line) {
    const std::size_t begin = changes_.size();
    for (std::size_t a = 0; a < k; ++a) {
      for (std::size_t b = 0; b < k; ++b) {
        const std::int64_t count = sets.events_of(line, b + 1, a);
        if (count == 0) continue;
        changes_.push_back({static_cast<std::int32_t>(a) + 1, static_cast<std::int32_t>(b) + 1,
                            count, sets.at_risk_of(line, a)});
      }
    }
    if (changes_.size() == begin) continue;
    ticks_.push_back(sets.ticks[line]);
    begin_.push_back(begin);
  }
  begin_.push_back(changes_.size());

  follow_up_.assign(k, -1);
  passages_.reserve(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const state_spell& row = rows[order[i]];
    std::int32_t& last = follow_up_[index_of(row.from)];
    last = std::max(last, row.exit);
    passage p{static_cast<std::uint32_t>(lines_until(row.entry)),
              static_cast<std::uint32_t>(lines_until(row.exit)),
              static_cast<std::uint32_t>(index_of(row.from)),
              -1,
              row.weight,
              i == 0 || row.subject != rows[order[i - 1]].subject};
    if (row.to != 0 && row.to != row.from) {
      std::size_t at = begin_[p.end - 1];
      while (changes_[at].from != row.from || changes_[at].to != row.to) ++at;
      p.change = static_cast<std::int32_t>(at);
    }
    passages_.push_back(p);
  }
}

std::span<const multi_state::change> multi_state::changes(std::size_t line) const {
  if (line >= ticks_.size()) throw invalid_input("multi_state: no such tick");
  return std::span(changes_).subspan(begin_[line], begin_[line + 1] - begin_[line]);
}

std::vector<double> multi_state::transition_matrix(std::size_t line) const {
  const auto k = static_cast<std::size_t>(states_);
  std::vector<double> matrix(k * k);
  const std::span<const change> moves = changes(line);
  for (std::size_t a = 0; a < k; ++a) matrix[a * k + a] = 1;
  for_each_departure(moves, [&](std::size_t begin, std::size_t end, double leaving) {
    const std::size_t a = index_of(moves[begin].from);
    const auto n = static_cast<double>(moves[begin].at_risk);
    matrix[a * k + a] = (n - leaving) / n;
    for (std::size_t i = begin; i < end; ++i) {
      matrix[a * k + index_of(moves[i].to)] = static_cast<double>(moves[i].count) / n;
    }
  });
  return matrix;
}

std::size_t multi_state::lines_until(std::int64_t tick) const {
  return static_cast<std::size_t>(std::upper_bound(ticks_.begin(), ticks_.end(), tick) -
                                  ticks_.begin());
}

// The probabilities on the way from `after` to `until`.
struct multi_state::course {
  std::size_t begin = 0;  // the lines passed
  std::size_t end = 0;
  std::int32_t after = 0;
  std::int32_t until = 0;
  std::vector<double> per_head;  // for each change passed: probability of its state / at risk there
  std::vector<twofold> reached;  // by state
  std::vector<double> time;      // spent, by state
  std::vector<double> every;     // by line, then state
};

multi_state::course multi_state::follow(std::span<const double> start, std::int32_t after,
                                        std::int32_t until) const {
  const auto k = static_cast<std::size_t>(states_);
  course c;
  c.begin = lines_until(after);
  c.end = std::max(c.begin, lines_until(until));
  c.after = after;
  c.until = until;
  c.reached.assign(start.begin(), start.end());
  c.per_head.reserve(begin_[c.end] - begin_[c.begin]);
  c.every.reserve((c.end - c.begin) * k);
  std::vector<running_sum> time(k);
  std::vector<twofold> per_head(k);
  std::int32_t since = after;
  const auto stay_until = [&](std::int32_t tick) {
    const auto ticks = static_cast<double>(std::int64_t{tick} - since);
    for (std::size_t a = 0; a < k; ++a) time[a].add(c.reached[a].value() * ticks);
    since = tick;
  };
  for (std::size_t line = c.begin; line < c.end; ++line) {
    stay_until(ticks_[line]);
    const std::span<const change> moves = changes(line);
    // Everybody leaves before anybody arrives.
    for_each_departure(moves, [&](std::size_t begin, std::size_t end, double leaving) {
      const std::size_t a = index_of(moves[begin].from);
      const auto n = static_cast<double>(moves[begin].at_risk);
      per_head[a] = c.reached[a] / n;
      c.reached[a] = per_head[a] * (n - leaving);
      c.per_head.insert(c.per_head.end(), end - begin, per_head[a].value());
    });
    for (const change& move : moves) {
      c.reached[index_of(move.to)] +=
          per_head[index_of(move.from)] * static_cast<double>(move.count);
    }
    for (const twofold& p : c.reached) c.every.push_back(p.value());
  }
  stay_until(until);
  for (const running_sum& t : time) c.time.push_back(t.value());
  return c;
}

// What a variance is asked for: the probability of one state at the end, or the time in it.
struct multi_state::target {
  std::size_t state;
  bool time;
};

double multi_state::variance_of(const course& c, const target& t, bool by_subject) const {
  const auto k = static_cast<std::size_t>(states_);
  std::vector<double> worth(k);  // of being in a state just after the present line
  if (!t.time) worth[t.state] = 1;
  std::vector<double> effect(c.per_head.size());  // of one more such change
  std::vector<twofold> drift;                     // of one more at risk, by line and state
  if (by_subject) drift.resize((c.end - c.begin + 1) * k);
  running_sum variance;
  std::int32_t until = c.until;
  std::vector<double> before(k);
  for (std::size_t line = c.end; line-- > c.begin;) {
    if (t.time) worth[t.state] += static_cast<double>(std::int64_t{until} - ticks_[line]);
    until = ticks_[line];
    const std::span<const change> moves = changes(line);
    const std::size_t offset = begin_[line] - begin_[c.begin];
    before = worth;
    for_each_departure(moves, [&](std::size_t begin, std::size_t end, double leaving) {
      const std::size_t a = index_of(moves[begin].from);
      const auto n = static_cast<double>(moves[begin].at_risk);
      const double per_head = c.per_head[offset + begin];
      double mean = 0;  // gain per head at risk
      double arrived = 0;
      for (std::size_t i = begin; i < end; ++i) {
        const double share = static_cast<double>(moves[i].count) / n;
        const double value = worth[index_of(moves[i].to)];
        mean += share * (value - worth[a]);
        arrived += share * value;
        effect[offset + i] = per_head * (value - worth[a]);
      }
      before[a] = (n - leaving) / n * worth[a] + arrived;
      if (by_subject) {
        drift[(line - c.begin + 1) * k + a] = per_head * mean;
        return;
      }
      double squares = (n - leaving) * mean * mean;
      for (std::size_t i = begin; i < end; ++i) {
        const double off = worth[index_of(moves[i].to)] - worth[a] - mean;
        squares += static_cast<double>(moves[i].count) * off * off;
      }
      variance.add(per_head * per_head * squares);
    });
    worth.swap(before);
  }
  if (!by_subject) return variance.value();

  for (std::size_t i = k; i < drift.size(); ++i) drift[i] += drift[i - k];
  const auto place = [&c](std::uint32_t line) {
    return std::clamp<std::size_t>(line, c.begin, c.end) - c.begin;
  };
  double influence = 0;
  for (std::size_t i = 0; i < passages_.size(); ++i) {
    const passage& p = passages_[i];
    if (p.new_subject) influence = 0;
    const std::size_t first = place(p.first);
    const std::size_t end = place(p.end);
    if (first != end) {
      influence -= (drift[end * k + p.state] - drift[first * k + p.state]).value();
      if (p.change >= 0 && p.end <= c.end) {
        influence += effect[static_cast<std::size_t>(p.change) - begin_[c.begin]];
      }
    }
    if (i + 1 == passages_.size() || passages_[i + 1].new_subject) {
      variance.add(static_cast<double>(p.weight) * influence * influence);
    }
  }
  return variance.value();
}

void multi_state::require_start(std::span<const double> start, incidence_variance variance) const {
  if (start.size() != static_cast<std::size_t>(states_)) {
    throw invalid_input("multi_state: the start needs one probability for each state");
  }
  double sum = 0;
  for (const double p : start) {
    if (!(p >= 0)) throw invalid_input("multi_state: the start holds no probabilities");
    sum += p;
  }
  if (!(std::abs(sum - 1) <= 1e-12)) {
    throw invalid_input("multi_state: the start does not add to 1");
  }
  if (variance == incidence_variance::aalen) {
    throw invalid_input("multi_state: Aalen's variance is one of competing risks");
  }
}

std::vector<figure_with_error> multi_state::figures(std::span<const double> start,
                                                    std::int32_t after, std::int32_t until,
                                                    incidence_variance variance, bool time) const {
  require_start(start, variance);
  if (until < after) throw invalid_input("multi_state: an end before the start");
  const auto k = static_cast<std::size_t>(states_);
  std::vector<figure_with_error> all(k, {{}, {}, why_});
  if (!why_.ok()) return all;
  const course c = follow(start, after, until);
  status warning;
  for (std::size_t a = 0; a < k; ++a) {
    const std::int32_t last = follow_up_[a];
    if (last < 0 || last >= until || c.reached[a].value() == 0) continue;
    if (warning.ok() || last < warning.where) warning = {condition::beyond_follow_up, last};
  }
  for (std::size_t a = 0; a < k; ++a) {
    all[a].why = warning;
    all[a].value = time ? c.time[a] : c.reached[a].value();
    if (variance == incidence_variance::none) continue;
    const bool by_subject = variance == incidence_variance::infinitesimal_jackknife;
    all[a].std_error = std::sqrt(variance_of(c, {a, time}, by_subject));
  }
  return all;
}

std::vector<figure_with_error> multi_state::probabilities(std::span<const double> start,
                                                          std::int32_t after, std::int32_t until,
                                                          incidence_variance variance) const {
  return figures(start, after, until, variance, false);
}

std::vector<figure_with_error> multi_state::expected_time(std::span<const double> start,
                                                          std::int32_t after, std::int32_t until,
                                                          incidence_variance variance) const {
  return figures(start, after, until, variance, true);
}

std::vector<double> multi_state::transition_probabilities(std::int32_t after,
                                                          std::int32_t until) const {
  if (until < after) throw invalid_input("multi_state: an end before the start");
  std::vector<double> matrix;
  if (!why_.ok()) return matrix;
  for (std::int32_t a = 1; a <= states_; ++a) {
    for (const twofold& p : follow(all_in(a, states_), after, until).reached) {
      matrix.push_back(p.value());
    }
  }
  return matrix;
}

occupancy_curve multi_state::occupancy(std::span<const double> start, std::int32_t after,
                                       incidence_variance variance) const {
  require_start(start, variance);
  occupancy_curve curve;
  curve.why = why_;
  curve.states = states_;
  if (!why_.ok()) return curve;
  const auto k = static_cast<std::size_t>(states_);
  const std::int32_t last = ticks_.empty() ? after : std::max(after, ticks_.back());
  course c = follow(start, after, last);
  curve.ticks.assign(ticks_.begin() + static_cast<std::ptrdiff_t>(c.begin), ticks_.end());
  curve.probability = std::move(c.every);
  if (variance == incidence_variance::none) return curve;
  curve.std_error.reserve(curve.probability.size());
  if (variance == incidence_variance::infinitesimal_jackknife) {
    for (const std::int32_t tick : curve.ticks) {
      const course to_tick = follow(start, after, tick);
      for (std::size_t a = 0; a < k; ++a) {
        curve.std_error.push_back(std::sqrt(variance_of(to_tick, {a, false}, true)));
      }
    }
    return curve;
  }

  // Forwards: the covariance of the probabilities moves with the matrix M of each tick, C to
  // M' C M, and gains that of the multinomial draws.
  std::vector<double> covariance(k * k);
  std::vector<double> moved(k * k);
  for (std::size_t line = c.begin; line < c.end; ++line) {
    const std::span<const change> moves = changes(line);
    const std::size_t offset = begin_[line] - begin_[c.begin];
    // Twice the same: multiply from the right and transpose.
    for (int side = 0; side < 2; ++side) {
      moved = covariance;
      for_each_departure(moves, [&](std::size_t begin, std::size_t, double leaving) {
        const std::size_t a = index_of(moves[begin].from);
        const auto n = static_cast<double>(moves[begin].at_risk);
        for (std::size_t i = 0; i < k; ++i) moved[i * k + a] *= (n - leaving) / n;
      });
      for (const change& move : moves) {
        const double share = static_cast<double>(move.count) / static_cast<double>(move.at_risk);
        const std::size_t a = index_of(move.from);
        const std::size_t b = index_of(move.to);
        for (std::size_t i = 0; i < k; ++i) moved[i * k + b] += share * covariance[i * k + a];
      }
      for (std::size_t i = 0; i < k; ++i) {
        for (std::size_t j = 0; j < k; ++j) covariance[j * k + i] = moved[i * k + j];
      }
    }
    for_each_departure(moves, [&](std::size_t begin, std::size_t end, double leaving) {
      const std::size_t a = index_of(moves[begin].from);
      const auto n = static_cast<double>(moves[begin].at_risk);
      const double square = c.per_head[offset + begin] * c.per_head[offset + begin];
      covariance[a * k + a] += square * leaving * ((n - leaving) / n);
      for (std::size_t i = begin; i < end; ++i) {
        const std::size_t b = index_of(moves[i].to);
        const auto count = static_cast<double>(moves[i].count);
        const double with_a = square * count * ((n - leaving) / n);
        covariance[a * k + b] -= with_a;
        covariance[b * k + a] -= with_a;
        covariance[b * k + b] += square * count * ((n - count) / n);
        for (std::size_t j = begin; j < end; ++j) {
          if (j == i) continue;
          covariance[b * k + index_of(moves[j].to)] -=
              square * count * (static_cast<double>(moves[j].count) / n);
        }
      }
    });
    for (std::size_t a = 0; a < k; ++a) {
      double variance_here = covariance[a * k + a];
      // Near 1 it has lost its digits; the other states together have the same variance.
      if (curve.probability[(line - c.begin) * k + a] > 0.5) {
        variance_here = 0;
        for (std::size_t i = 0; i < k; ++i) {
          for (std::size_t j = 0; j < k; ++j) {
            if (i != a && j != a) variance_here += covariance[i * k + j];
          }
        }
      }
      curve.std_error.push_back(variance_here > 0 ? std::sqrt(variance_here) : 0);
    }
  }
  return curve;
}

}  // namespace salespulse
