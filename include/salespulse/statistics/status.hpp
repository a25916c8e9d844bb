// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_STATUS_HPP
#define SALESPULSE_STATISTICS_STATUS_HPP

#include <cstdint>
#include <string_view>

namespace salespulse {

/// What there is to say about a result beside its numbers: the one way in which estimators fail.
/// A caller that breaks a precondition (a confidence of 1.5, spans of different length) gets
/// `invalid_input` instead.
enum class condition : std::uint8_t {
  ok,

  // The data cannot be what they are said to be; no figure is given. `where` is the first such row.
  non_finite_input,        ///< NaN or infinity
  negative_time,           ///< a clock that runs before 0
  nonpositive_value,       ///< where a logarithm or a rate needs a positive number
  entry_not_before_exit,   ///< watched for no time at all
  negative_count,          ///< of cases, events, purchases
  negative_amount,         ///< where shares are taken
  invalid_weight,          ///< negative, or all of them zero
  invalid_probability,     ///< outside [0, 1]
  count_exceeds_trials,    ///< more successes than cases
  events_without_exposure, ///< events where nobody was watched
  unknown_state,           ///< a cause, state or group number that was not declared
  contradictory_row,       ///< the fields of a row cannot all be true

  // The data are fine and the quantity is not defined; no figure is given.
  insufficient_data,       ///< fewer rows than the quantity needs
  insufficient_groups,     ///< fewer than two groups to compare
  zero_variance,           ///< every value is the same
  zero_total,              ///< shares of nothing
  no_events,               ///< nothing happened
  one_class,               ///< only events, or only non-events
  not_reached,             ///< the curve never falls that far
  no_root,                 ///< no rate solves the equation
  multiple_roots,          ///< several rates do; all of them are given
  empty_risk_set,          ///< nobody was watched then
  too_large,               ///< the exact answer needs more memory or time than was allowed
  out_of_range,            ///< the figure is too large or too small for a double
  infinite_mean,           ///< the tail is too heavy for the mean to be finite

  // The maximum lies at the edge of the model: the figures are those of the simpler limit model.
  // `where` is the parameter that ran to its limit.
  no_heterogeneity,        ///< the units cannot be told apart
  no_churn,                ///< nobody was seen to leave
  boundary,                ///< another parameter at its limit

  // There is no maximum, or it was not found; figures are given only where the docstring says so.
  separation,              ///< a covariate tells the outcomes apart; `where` is the coefficient
  rank_deficient,          ///< a column is a sum of others; `where` is that column
  not_identified,          ///< many parameter values explain the data equally well
  unbounded_likelihood,    ///< the likelihood grows without limit
  not_converged,           ///< the iterations ran out

  // Figures are given, with a warning. `where` is the row, day or interval concerned.
  degenerate,              ///< the estimate has no spread to build an interval from
  early_empty_risk_set,    ///< everybody under watch had the event at `where`, and others came after
  beyond_follow_up         ///< asked beyond the last day that anybody was watched
};

/// The condition in words.
[[nodiscard]] std::string_view to_string(condition what) noexcept;

/// A condition and the place that it speaks of.
struct status {
  condition what = condition::ok;
  std::int64_t where = -1;  ///< index of a row, column, parameter or day; -1: the whole

  [[nodiscard]] constexpr bool ok() const noexcept { return what == condition::ok; }
  friend constexpr bool operator==(const status&, const status&) = default;
};

}  // namespace salespulse
#endif
