// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_KAPLAN_MEIER_HPP
#define SALESPULSE_STATISTICS_KAPLAN_MEIER_HPP

#include <salespulse/core/interval.hpp>
#include <salespulse/statistics/confidence.hpp>
#include <salespulse/statistics/figure.hpp>
#include <salespulse/statistics/observation.hpp>
#include <salespulse/statistics/risk_gap.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace salespulse {

/// The scale on which a band around S is symmetric; with e the standard error of log S and z the
/// normal quantile. All are cut at 0 and 1.
enum class survival_scale : std::uint8_t {
  plain,    ///< S -+ z S e
  log,      ///< log S -+ z e
  log_log,  ///< log(-log S) -+ z e / log S: never leaves (0, 1)
  logit,    ///< log(S / (1 - S)) -+ z e / (1 - S): never leaves (0, 1)
  arcsine   ///< asin(sqrt S) -+ z e sqrt(S / (1 - S)) / 2
};

/// Pointwise interval for a survival probability. Empty where there is no spread to build on: where
/// S is 0, where it is 1, and where the standard error is 0. Throws `invalid_input` unless
/// 0 <= survival <= 1 and the standard error is finite and not negative.
///
/// Borgan and Liestol (1990), A note on confidence intervals and bands for the survival function
/// based on transformations, Scandinavian Journal of Statistics 17:35-41.
[[nodiscard]] std::optional<interval> survival_interval(
    double survival, double log_std_error, confidence c,
    survival_scale scale = survival_scale::log_log);

struct kaplan_meier_options {
  /// The estimate is conditional on no event up to and including this tick: who left by then is
  /// left out, and who entered before counts from here. By default nothing is left out.
  std::int32_t after = -1;
};

/// A quantile of the time to the event and its interval. The ticks can be halves.
struct survival_quantile {
  figure tick;
  std::optional<double> lower;
  std::optional<double> upper;
};

/// Product-limit estimate of the probability S(t) that the event has not happened by tick t, where
/// some subjects are still watched or came late.
///
/// S(t) is the product of 1 - d/n over the ticks up to and including t, where n are at risk just
/// before the tick and d of them have the event on it; any cause other than 0 is the event. At risk
/// on t are those with entry < t <= exit (and entry 0 on tick 0, too): a subject censored on an
/// event tick counts as at risk there. The variance of S is Greenwood's, S^2 times the sum of
/// d / (n (n - d)); where S is 0 it is 0. After the last tick S stays where it is. Where nobody is
/// at risk for a while S stays flat until somebody is; `gaps()` tells where. Once S is 0 it stays
/// 0, whoever comes later; `why()` tells that.
///
/// S is worked out in twice the precision of double. Counts are all that it depends on: the same
/// bits for every order of the rows, for a row of weight w as for w rows, for another unit of time.
/// Construction is O(n + ticks); the rows are not kept. A query is O(log ticks) unless said
/// otherwise.
///
/// Kaplan and Meier (1958), Nonparametric estimation from incomplete observations, JASA
/// 53:457-481. Greenwood (1926), The natural duration of cancer, Reports on Public Health and
/// Medical Subjects 33.
class kaplan_meier {
public:
  /// A tick on which somebody left, with S from there (inclusive) to the next (exclusive).
  struct step {
    std::int32_t tick;
    std::int64_t at_risk;
    std::int64_t events;
    std::int64_t censored;
    double survival;
    double variance;                      ///< of S
    std::optional<double> log_std_error;  ///< of log S; empty where S is 0
  };

  /// `why()` names the first row that cannot be: invalid_weight (or all are 0), negative_time,
  /// entry_not_before_exit, unknown_state (a negative cause); insufficient_data without rows;
  /// too_large where the weights exceed 2^53; empty_risk_set where nobody is watched after
  /// `options.after`. Such an estimate has no steps and its queries no value.
  /// Warning early_empty_risk_set: S fell to 0 on tick `where` although others came later, which
  /// the curve cannot show; estimate with `after` = `where`.
  explicit kaplan_meier(std::span<const observation> data,
                        const kaplan_meier_options& options = {});

  [[nodiscard]] status why() const noexcept { return why_; }
  [[nodiscard]] std::span<const step> steps() const& noexcept { return steps_; }
  std::span<const step> steps() const&& = delete;  // would outlive what it shows

  /// When nobody was watched between the first tick with anybody at risk and the last.
  [[nodiscard]] std::span<const risk_gap> gaps() const& noexcept { return gaps_; }
  std::span<const risk_gap> gaps() const&& = delete;

  /// The last tick on which anybody was watched; -1 where there is no estimate.
  [[nodiscard]] std::int32_t follow_up() const noexcept {
    return steps_.empty() ? -1 : steps_.back().tick;
  }

  /// S(t); 1 before the first event. Warning beyond_follow_up where t is later than anybody was
  /// watched and S is not 0: the value is that of the last step.
  [[nodiscard]] figure survival(std::int32_t tick) const;

  /// The pointwise interval around S(t); empty where `survival_interval` is, or where S(t) is.
  [[nodiscard]] std::optional<interval> band(
      std::int32_t tick, confidence c, survival_scale scale = survival_scale::log_log) const;

  /// The first tick with S <= 1 - p. Where S is 1 - p for a while, the middle between that tick and
  /// the next one with S < 1 - p (or the last tick, where there is none). "Equal" is within 1.5e-8,
  /// the root of the precision of double, so that p = 0.7 means what is written. Not defined
  /// (not_reached) where S stays above 1 - p. The limits are the same for the lower and the upper
  /// limit of the band, each absent where that never falls so far. Throws `invalid_input` unless
  /// 0 < p < 1. O(ticks).
  ///
  /// Brookmeyer and Crowley (1982), A confidence interval for the median survival time, Biometrics
  /// 38:29-41.
  [[nodiscard]] survival_quantile quantile(double p, confidence c,
                                           survival_scale scale = survival_scale::log_log) const;

  /// Expected number of ticks without event up to and including `until`: the area below S, from
  /// tick 0 (or `after`). Its variance is the sum over ticks of the square of the area that is left
  /// times d / (n (n - d)). Warning beyond_follow_up where `until` is later than anybody was
  /// watched and S is not 0: the area up to the last tick. Throws `invalid_input` for a negative
  /// `until` or one before `after`. O(ticks).
  ///
  /// Meier (1975), Estimation of a distribution function from incomplete observations, in:
  /// Perspectives in Probability and Statistics.
  [[nodiscard]] figure_with_error restricted_mean(std::int32_t until) const;

private:
  std::int32_t after_ = -1;
  status why_;
  std::vector<step> steps_;
  std::vector<risk_gap> gaps_;
};

}  // namespace salespulse
#endif
