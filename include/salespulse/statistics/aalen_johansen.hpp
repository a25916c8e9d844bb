// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_AALEN_JOHANSEN_HPP
#define SALESPULSE_STATISTICS_AALEN_JOHANSEN_HPP

#include <salespulse/core/interval.hpp>
#include <salespulse/statistics/confidence.hpp>
#include <salespulse/statistics/figure.hpp>
#include <salespulse/statistics/observation.hpp>
#include <salespulse/statistics/risk_gap.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace salespulse {

/// How the standard error of an Aalen-Johansen estimate is worked out. With d_k events of cause k
/// among n at risk on a tick, the conventions differ in what they take the d_k for.
enum class incidence_variance : std::uint8_t {
  none,  ///< no standard errors

  /// The root of the sum of squares, over subjects, of the influence of one subject: the derivative
  /// of the estimate by the weight of that subject. Assumes no more than independent subjects. The
  /// same as `greenwood` where nobody enters late. R: survival.
  infinitesimal_jackknife,

  /// The d_k of a tick are one multinomial draw from n: variance d_k (n - d_k) / n, covariance
  /// -d_k d_l / n. For one cause this is Greenwood's formula. R: etm.
  greenwood,

  /// The events of a cause and those of all others taken together are independent, each with
  /// variance d (n - d) / (n - 1). R: cmprsk. Competing risks only.
  aalen
};

/// The scale on which an interval for a probability is symmetric.
enum class incidence_scale : std::uint8_t {
  plain,                 ///< p -+ z se
  log,                   ///< p exp(-+ z se / p)
  complementary_log_log  ///< that of log(-log(1 - p)): never leaves (0, 1)
};

/// Interval for a probability, cut at 0 and 1. Empty where the probability or its error is not
/// given, where the error is 0 (no spread to build on), and where the scale has no room (p = 0
/// with `log`; p = 0 and p = 1 with `complementary_log_log`).
[[nodiscard]] std::optional<interval> probability_interval(
    const figure_with_error& p, confidence c, incidence_scale scale = incidence_scale::log);

struct aalen_johansen_options {
  /// Estimates are conditional on no event up to and including this tick: what happened before is
  /// left out, and subjects that entered before count from here. By default nothing is left out.
  std::int32_t after = -1;
  incidence_variance variance = incidence_variance::infinitesimal_jackknife;
};

/// Cumulative incidence of events that exclude each other: how many subjects have ended in which
/// of several ways by tick t, and how many in none, where some are still watched or came late.
///
/// With n at risk just before a tick and d_k events of cause k on it, S falls by the factor
/// 1 - (d_1 + ... + d_m) / n and F_k grows by S d_k / n, with S from before the tick: events of
/// different causes on one tick are all taken from the same S. At risk on t are those with
/// entry < t <= exit, so that who is censored on a tick counts as at risk there (and entry 0 on
/// tick 0, too). Between events the curves are flat. Where nobody is at risk they stay flat until
/// somebody is; `gaps()` tells where. F_1 + ... + F_m + S differs from 1 by no more than the
/// rounding of the m + 1 figures. Events of other causes are not censoring: 1 minus the
/// product-limit curve of one cause alone is larger than F_k.
///
/// Counts are all that the estimate depends on: the same bits for every order of the rows, for a
/// row of weight w as for w rows, and for two sets of rows one after the other as for their union.
///
/// Standard errors under late entry with the infinitesimal jackknife also depend on when each
/// subject entered. They are summed by steps, not by subjects: let A be the running sum of
/// d / (n (n - d)) and B_k that of S d_k / n^2 (S from before) + F_k d / (n (n - d)) (F_k from
/// after). A subject that entered on e and is at risk on t has then the influence
/// S (A(t) - A(e)) on S and -(B_k(t) - B_k(e)) + F_k (A(t) - A(e)) on F_k, all at t. The sums over
/// all subjects of the squares of their influences follow from one step to the next when the sums
/// of A(e) and B_k(e) over those at risk and over those with an event are known.
///
/// Construction is O(n + steps * causes), with n the number of rows, and O((n + steps) * causes)
/// for that last case; a query is O(log steps) unless said otherwise. Memory is O(steps * causes),
/// and O(n) more in that last case.
///
/// Aalen and Johansen (1978), An empirical transition matrix for non-homogeneous Markov chains
/// based on censored observations, Scandinavian Journal of Statistics 5:141-150. Errors: Aalen
/// (1978), Nonparametric estimation of partial transition probabilities in multiple decrement
/// models, Annals of Statistics 6:534-545; Allignol, Schumacher and Beyersmann (2010), A note on
/// variance estimation of the Aalen-Johansen estimator of the cumulative incidence function in
/// competing risks, with a view towards left-truncated data, Biometrical Journal 52:126-137.
class aalen_johansen {
public:
  /// A tick with events, and S from there (inclusive) to the next (exclusive).
  struct step {
    std::int32_t tick;
    std::int64_t at_risk;
    std::int64_t events;  ///< of all causes
    double survival;      ///< S: none of the events so far
    double std_error;     ///< of S; 0 with `incidence_variance::none`
  };

  /// What one cause has to the step of the same index.
  struct cause_step {
    std::int64_t events;
    double incidence;
    double std_error;         ///< of the incidence; 0 with `incidence_variance::none`
    double hazard;            ///< cumulative: the sum of d_k / n
    double hazard_std_error;  ///< the root of the sum of d_k / n^2, whatever the convention
  };

  /// `causes` is the number of kinds of event, at least 1. Neither sorted rows nor every cause are
  /// needed; the rows are not kept.
  ///
  /// `why()` names the first row that cannot be: invalid_weight (or all are 0), negative_time,
  /// entry_not_before_exit, unknown_state (a cause above `causes`); insufficient_data without rows;
  /// too_large where the weights exceed 2^53; empty_risk_set where nobody is watched after
  /// `options.after`. Such an estimate has no steps and its queries no value.
  /// Warning early_empty_risk_set: S fell to 0 on tick `where` although others came later, which
  /// the curves cannot show; estimate with `after` = `where`, or ask for conditional figures.
  aalen_johansen(std::span<const observation> data, std::int32_t causes,
                 const aalen_johansen_options& options = {});

  [[nodiscard]] status why() const noexcept { return why_; }
  [[nodiscard]] std::int32_t causes() const noexcept { return causes_; }

  /// When nobody was watched between the first tick (later than `after`) with anybody at risk and
  /// the last.
  [[nodiscard]] std::span<const risk_gap> gaps() const noexcept { return gaps_; }

  /// The last tick on which anybody was watched; -1 where there is no estimate.
  [[nodiscard]] std::int32_t follow_up() const noexcept { return follow_up_; }

  /// The ticks with events, in order.
  [[nodiscard]] std::span<const step> steps() const noexcept { return steps_; }

  /// The same steps as `steps()` for one cause. Throws `invalid_input` for an unknown one.
  [[nodiscard]] std::span<const cause_step> cause_steps(std::int32_t cause) const;

  /// S and F_k on a tick. Warning beyond_follow_up where the tick is later than anybody was watched
  /// and S is not 0: the value is that of the last step.
  [[nodiscard]] figure_with_error survival(std::int32_t tick) const;
  [[nodiscard]] figure_with_error incidence(std::int32_t cause, std::int32_t tick) const;

  /// The probability, given no event up to and including tick `age`, of no event, or of one of this
  /// cause, up to and including `age` + `horizon`: the estimate that `after` = `age` would give.
  /// Not defined (empty_risk_set) where nobody is watched after `age`. Warnings as above, for the
  /// ticks asked for. Throws `invalid_input` for a negative horizon or an age before `after`. Costs
  /// a walk through the steps between the two ticks and, for the infinitesimal jackknife, through
  /// the late entries that leave there. (R's `start.time` leaves the events on that tick in; the
  /// same figure has an age one less and a horizon one more.)
  [[nodiscard]] figure_with_error conditional_survival(std::int32_t age,
                                                       std::int32_t horizon) const;
  [[nodiscard]] figure_with_error conditional_incidence(std::int32_t cause, std::int32_t age,
                                                        std::int32_t horizon) const;

  /// Expected number of ticks, up to and including `until`, without event, or after one of this
  /// cause: the area below S, or F_k, from tick 0 (or `after`). Warning beyond_follow_up as above.
  /// The standard error is `multi_state::expected_time`'s. O(steps).
  [[nodiscard]] figure time_without_event(std::int32_t until) const;
  [[nodiscard]] figure time_after_event(std::int32_t cause, std::int32_t until) const;

private:
  class walk;

  // Subjects of late entry that are at risk on the steps `first` to `last` and leave with `last`.
  struct late_group {
    std::uint32_t first;
    std::int32_t cause;
    std::int64_t weight;
  };

  void group_late_entries(std::span<const observation> data);
  [[nodiscard]] std::size_t steps_until(std::int64_t tick) const;
  [[nodiscard]] status warning_at(std::int64_t tick, double survival) const;
  [[nodiscard]] figure_with_error conditional(std::int32_t cause, std::int32_t age,
                                              std::int32_t horizon) const;
  [[nodiscard]] figure area(std::int32_t cause, std::int32_t until) const;
  void require_cause(std::int32_t cause) const;

  std::int32_t causes_ = 0;
  std::int32_t after_ = -1;
  std::int32_t follow_up_ = -1;
  incidence_variance variance_ = incidence_variance::none;
  status why_;
  std::vector<risk_gap> gaps_;
  std::vector<step> steps_;
  std::vector<cause_step> cause_steps_;     // by cause, then step
  std::vector<late_group> late_;            // by last step, cause, first step
  std::vector<std::size_t> late_begin_;     // by last step: where its groups begin in late_
  std::vector<std::int64_t> late_entries_;  // by first step
};

}  // namespace salespulse
#endif
