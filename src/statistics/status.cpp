// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/status.hpp>

namespace salespulse {

std::string_view to_string(condition what) noexcept {
  switch (what) {
    case condition::ok: return "ok";
    case condition::non_finite_input: return "a value is not a finite number";
    case condition::negative_time: return "a time is negative";
    case condition::nonpositive_value: return "a value is not positive";
    case condition::entry_not_before_exit: return "the entry is not before the exit";
    case condition::negative_count: return "a count is negative";
    case condition::negative_amount: return "an amount is negative";
    case condition::invalid_weight: return "a weight is negative, or all are zero";
    case condition::invalid_probability: return "a probability is outside 0 to 1";
    case condition::count_exceeds_trials: return "there are more successes than cases";
    case condition::events_without_exposure: return "there are events where nobody was watched";
    case condition::unknown_state: return "a state was not declared";
    case condition::contradictory_row: return "the fields of a row contradict each other";
    case condition::insufficient_data: return "too few data";
    case condition::insufficient_groups: return "fewer than two groups";
    case condition::zero_variance: return "all values are the same";
    case condition::zero_total: return "the total is zero";
    case condition::no_events: return "no events";
    case condition::one_class: return "only events, or only non-events";
    case condition::not_reached: return "the curve never falls that far";
    case condition::no_root: return "no solution";
    case condition::multiple_roots: return "several solutions";
    case condition::empty_risk_set: return "nobody was watched then";
    case condition::too_large: return "too large to be worked out exactly";
    case condition::out_of_range: return "too large or too small for a double";
    case condition::infinite_mean: return "the tail is too heavy for a finite mean";
    case condition::no_heterogeneity: return "the units cannot be told apart";
    case condition::no_churn: return "nobody was seen to leave";
    case condition::boundary: return "a parameter ran to its limit";
    case condition::separation: return "a covariate tells the outcomes apart";
    case condition::rank_deficient: return "a column is a sum of others";
    case condition::not_identified: return "many parameter values explain the data equally well";
    case condition::unbounded_likelihood: return "the likelihood grows without limit";
    case condition::not_converged: return "the iterations did not settle";
    case condition::degenerate: return "no spread to build an interval from";
    case condition::early_empty_risk_set: return "everybody under watch had the event early on";
    case condition::beyond_follow_up: return "beyond the last day that anybody was watched";
  }
  return "";
}

}  // namespace salespulse
