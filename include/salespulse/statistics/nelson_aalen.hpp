// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_NELSON_AALEN_HPP
#define SALESPULSE_STATISTICS_NELSON_AALEN_HPP

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

/// What several events on one tick mean. With d events among n at risk:
enum class tied_events : std::uint8_t {
  together,  ///< they are one jump: d / n, variance d / n^2. Nelson and Aalen.
  in_turn    ///< they came one after the other within the tick: 1/n + 1/(n-1) + ... to d terms,
             ///< variance the same of the squares. Fleming and Harrington.
};

struct nelson_aalen_options {
  tied_events ties = tied_events::together;
  /// The estimate is of the hazard after this tick: who left by then is left out, and who entered
  /// before counts from here. By default nothing is left out.
  std::int32_t after = -1;
};

/// The scale on which an interval for a cumulative hazard is symmetric.
enum class hazard_scale : std::uint8_t {
  plain,  ///< H -+ z se, cut at 0
  log     ///< H exp(-+ z se / H)
};

/// Pointwise interval for a cumulative hazard. Empty where the hazard or its standard error is 0,
/// and where the upper limit is larger than any double.
/// Throws `invalid_input` unless both are finite and not negative.
[[nodiscard]] std::optional<interval> hazard_interval(double hazard, double std_error, confidence c,
                                                      hazard_scale scale = hazard_scale::log);

/// Cumulative hazard H(t): how many events one subject that were always replaced would have by tick
/// t, where some subjects are still watched or came late.
///
/// H(t) is the sum of d / n over the ticks up to and including t, where n are at risk just before
/// the tick and d of them have the event on it; any cause other than 0 is the event. Who is at risk
/// is said at `observation`; a subject censored on an event tick is. The variance is the sum of
/// d / n^2. Both have another form for `tied_events::in_turn`. After the last tick and where nobody
/// is at risk H stays flat; `gaps()` tells where. Unlike the product-limit curve, H is not spoilt
/// by an early tick on which all have the event.
///
/// exp(-H) is an estimate of survival, above the product-limit one; its logarithm has the standard
/// error of H, for `survival_interval`.
///
/// Counts are all that it depends on: the same bits for every order of the rows, for a row of
/// weight w as for w rows, for another unit of time. Construction is O(n + ticks), queries
/// O(log ticks).
///
/// Nelson (1969), Hazard plotting for incomplete failure data, Journal of Quality Technology
/// 1:27-52. Aalen (1978), Nonparametric inference for a family of counting processes, Annals of
/// Statistics 6:701-726. Fleming and Harrington (1984), Nonparametric estimation of the survival
/// distribution in censored data, Communications in Statistics 13:2469-2486.
class nelson_aalen {
public:
  /// A tick on which somebody left, with H from there (inclusive) to the next (exclusive).
  struct step {
    std::int32_t tick;
    std::int64_t at_risk;
    std::int64_t events;
    std::int64_t censored;
    double hazard;
    double variance;  ///< of H
  };

  /// `why()` is as that of `kaplan_meier`, without its warning.
  explicit nelson_aalen(std::span<const observation> data,
                        const nelson_aalen_options& options = {});

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

  /// H(t) and exp(-H(t)). Warning beyond_follow_up where t is later than anybody was watched: the
  /// value is that of the last step.
  [[nodiscard]] figure hazard(std::int32_t tick) const;
  [[nodiscard]] figure survival(std::int32_t tick) const;

  /// The pointwise interval around H(t); empty where `hazard_interval` is, or where H(t) is.
  [[nodiscard]] std::optional<interval> band(std::int32_t tick, confidence c,
                                             hazard_scale scale = hazard_scale::log) const;

private:
  status why_;
  std::vector<step> steps_;
  std::vector<risk_gap> gaps_;
};

}  // namespace salespulse
#endif
