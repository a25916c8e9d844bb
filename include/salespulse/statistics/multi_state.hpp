// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_MULTI_STATE_HPP
#define SALESPULSE_STATISTICS_MULTI_STATE_HPP

#include <salespulse/statistics/aalen_johansen.hpp>
#include <salespulse/statistics/observation.hpp>
#include <salespulse/statistics/status.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace salespulse {

/// A stretch of time over which a subject was watched in one state, and what ended it. States are
/// numbered from 1. Who enters on a tick is not yet at risk there, as with `observation`.
struct state_spell {
  std::int64_t subject = 0;  ///< the spells of one subject are not independent of each other
  std::int32_t from = 1;     ///< the state
  std::int32_t to = 0;       ///< the state entered at `exit`; 0, or `from`: none, watching stopped
  std::int32_t entry = 0;    ///< watched from just after this tick
  std::int32_t exit = 0;     ///< the last tick watched, later than `entry`
  std::int64_t weight = 1;   ///< how many such subjects; the same in each spell of a subject
  std::int32_t since = entry;  ///< when the state was entered, at most `entry`; for its own clock
};

/// A start from one state: its probability is 1, that of the others 0. Throws `invalid_input` for a
/// state that is not among the `states`.
[[nodiscard]] std::vector<double> all_in(std::int32_t state, std::int32_t states);

/// The spells of the subjects that are in `state` and watched just after `tick`, cut to begin
/// there. A `multi_state` of these does not assume that what comes next depends on the state alone.
///
/// Putter and Spitoni (2018), Non-parametric estimation of transition probabilities in non-Markov
/// multi-state models: the landmark Aalen-Johansen estimator, Statistical Methods in Medical
/// Research 27:2081-2092.
[[nodiscard]] std::vector<state_spell> landmark(std::span<const state_spell> rows,
                                                std::int32_t state, std::int32_t tick);

/// The stays in `state` on a clock that starts when it is entered, as competing risks: the cause is
/// the state entered next. A stay that was watched from `since` + 5 on has entry 5. An
/// `aalen_johansen` of these takes the stays of one subject for independent, and refuses as
/// negative_time what has a `since` after `entry` or another tick below 0.
[[nodiscard]] std::vector<observation> time_in_state(std::span<const state_spell> rows,
                                                     std::int32_t state);

/// Probabilities of being in each state, by tick.
struct occupancy_curve {
  status why;
  std::int32_t states = 0;
  std::vector<std::int32_t> ticks;  ///< those with a change of state, in order
  std::vector<double> probability;  ///< by tick, then state
  std::vector<double> std_error;    ///< likewise; empty where none was asked for

  [[nodiscard]] double probability_of(std::size_t line, std::int32_t state) const {
    return probability[place(line, state)];
  }
  [[nodiscard]] double std_error_of(std::size_t line, std::int32_t state) const {
    return std_error[place(line, state)];
  }

private:
  [[nodiscard]] std::size_t place(std::size_t line, std::int32_t state) const {
    return line * static_cast<std::size_t>(states) + static_cast<std::size_t>(state - 1);
  }
};

/// How subjects move between states, which may be left and entered again, and where that takes a
/// group that starts from given states.
///
/// On each tick the share of those at risk in state a that move to b is d_ab / n_a. The matrix of
/// probabilities P(s, t) of being in b on t when in a on s is the product, over the ticks in
/// (s, t], of the matrices of these shares: all moves of a tick are taken from the states before
/// it. Right for the share of all subjects in a state whenever watching does not depend on the
/// course, and for P(s, t) where moreover the next move depends on the present state and tick
/// alone; else see `landmark`. Where nobody is at risk in a state its probability stays until
/// somebody is. A state from which no spell starts is never left.
///
/// Variances: `greenwood` takes the moves out of a state on a tick for multinomial draws;
/// `infinitesimal_jackknife` sums the squared influences of subjects, each over all its spells. The
/// start is taken as known. For a single figure both are worked out backwards: with f(c) the figure
/// for somebody in c just after a tick, one more move from a to c changes it by
/// p_a / n_a (f(c) - f(a)), p_a from before.
///
/// Changes on tick 0 cannot be told, nor passing through a state within a tick: give the change
/// from the state before to the state after. With K states, construction is O(n log n + ticks K^2).
/// Aalen and Johansen (1978), see `aalen_johansen`, which is the case of one state that is left.
class multi_state {
public:
  /// The moves from one state to another on one tick.
  struct change {
    std::int32_t from;
    std::int32_t to;
    std::int64_t count;
    std::int64_t at_risk;  ///< in `from`
  };

  /// `states`: how many there are, at least 2. The order of the rows does not matter.
  ///
  /// `why()` names the first row that cannot be: invalid_weight (or all are 0), negative_time,
  /// entry_not_before_exit, unknown_state; contradictory_row where a `since` is after its `entry`,
  /// where a spell begins before another one of its subject has ended, or where the two differ in
  /// weight; insufficient_data without rows; too_large where the weights exceed 2^53. Queries have
  /// no value then. Rows of weight 0 are not looked at.
  multi_state(std::span<const state_spell> rows, std::int32_t states);

  [[nodiscard]] status why() const noexcept { return why_; }
  [[nodiscard]] std::int32_t states() const noexcept { return states_; }

  /// The ticks with a change of state, in order, and the changes of the one with this index.
  [[nodiscard]] std::span<const std::int32_t> ticks() const noexcept { return ticks_; }
  [[nodiscard]] std::span<const change> changes(std::size_t line) const;

  /// The matrix of one tick, row by row: the share of those in a that are in b after it.
  [[nodiscard]] std::vector<double> transition_matrix(std::size_t line) const;

  /// P(after, until), row by row. Empty where there is no estimate. O(ticks between * K * kinds of
  /// change). Throws `invalid_input` where `until` is before `after`, as all queries do.
  [[nodiscard]] std::vector<double> transition_probabilities(std::int32_t after,
                                                             std::int32_t until) const;

  /// Where subjects are on tick `until` that are in `start` just after tick `after`: one figure for
  /// each state. Warning beyond_follow_up where a state has a share left that nobody was watched in
  /// any more; `where` is the last tick that anybody was. Throws `invalid_input` unless `start` is
  /// a distribution over the states, and for `incidence_variance::aalen`. O(K (ticks between *
  /// kinds of change)), and O(K n) more for the infinitesimal jackknife.
  [[nodiscard]] std::vector<figure_with_error> probabilities(
      std::span<const double> start, std::int32_t after, std::int32_t until,
      incidence_variance variance = incidence_variance::infinitesimal_jackknife) const;

  /// Expected ticks spent in each state from `after` to `until`; otherwise as `probabilities`.
  [[nodiscard]] std::vector<figure_with_error> expected_time(
      std::span<const double> start, std::int32_t after, std::int32_t until,
      incidence_variance variance = incidence_variance::infinitesimal_jackknife) const;

  /// The probabilities on every tick with a change after `after`. O(ticks * K * kinds of change);
  /// with the infinitesimal jackknife as much as `probabilities` for every tick, O(ticks * K n):
  /// ask for the ticks of a report instead where there are many rows.
  [[nodiscard]] occupancy_curve occupancy(
      std::span<const double> start, std::int32_t after = 0,
      incidence_variance variance = incidence_variance::greenwood) const;

private:
  // A spell with its place among the steps: at risk on those from `first` to before `end`.
  struct passage {
    std::uint32_t first;
    std::uint32_t end;
    std::uint32_t state;  // from 0
    std::int32_t change;  // index of the change that ends it, on step `end` - 1; -1: none
    std::int64_t weight;
    bool new_subject;
  };
  struct course;
  struct target;

  [[nodiscard]] std::size_t lines_until(std::int64_t tick) const;
  [[nodiscard]] course follow(std::span<const double> start, std::int32_t after,
                              std::int32_t until) const;
  [[nodiscard]] double variance_of(const course& c, const target& t, bool by_subject) const;
  [[nodiscard]] std::vector<figure_with_error> figures(std::span<const double> start,
                                                       std::int32_t after, std::int32_t until,
                                                       incidence_variance variance,
                                                       bool time) const;
  void require_start(std::span<const double> start, incidence_variance variance) const;

  std::int32_t states_ = 0;
  status why_;
  std::vector<std::int32_t> ticks_;
  std::vector<std::size_t> begin_;       // by tick: where its changes begin; one more at the end
  std::vector<change> changes_;          // by tick, from, to
  std::vector<std::int32_t> follow_up_;  // by state: last tick watched; -1: no spell in it
  std::vector<passage> passages_;        // by subject, then time
};

}  // namespace salespulse
#endif
