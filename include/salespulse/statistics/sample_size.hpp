// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_SAMPLE_SIZE_HPP
#define SALESPULSE_STATISTICS_SAMPLE_SIZE_HPP

#include <salespulse/statistics/status.hpp>

#include <cstdint>

namespace salespulse {

/// What a comparison of two groups is asked to show.
struct test_design {
  double alpha = 0.05;     ///< chance to find a difference where there is none, within (0, 1)
  bool two_sided = true;   ///< alpha is shared by both directions; power counts the right one only
  double power = 0.8;      ///< chance to find the difference where it is there, within (0, 1)
  double ratio = 1;        ///< cases of the second group for each of the first, positive
  bool continuity_correction = false;  ///< for two rates: as if tested by a corrected chi-square
};

/// The smallest groups that reach the power asked for: with one case fewer in the first group (and
/// the second in proportion) it is missed. Groups are whole, the second is ratio times the first
/// rounded up. `power` is that of the groups given, not less than the one asked for.
struct sample_sizes {
  std::int64_t first = 0;
  std::int64_t second = 0;
  double power = 0;
  status why;  ///< `not_reached`: no difference to be found; `too_large`: more than 1e12 cases
};

/// To tell two rates apart: the normal approximation, with the pooled variance where there is no
/// difference and each rate's own where there is. Throws `invalid_input` unless the rates are
/// within 0 to 1. As R's power.prop.test gives without correction.
///
/// Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions, 3rd ed., ch. 4.
[[nodiscard]] sample_sizes sample_size_for_rates(double first_rate, double second_rate,
                                                 test_design design = {});

/// The chance that groups of these sizes show the difference, in its direction. Throws
/// `invalid_input` also for empty groups; `design.power` and `design.ratio` are not used.
[[nodiscard]] double power_for_rates(double first_rate, double second_rate, std::int64_t first,
                                     std::int64_t second, test_design design = {});

/// To tell two means apart that are `difference` away, with standard deviation `sd` in both groups,
/// by Student's t with pooled variance; exact, from the non-central t distribution. Throws
/// `invalid_input` unless sd is positive and the difference finite. As R's power.t.test gives.
[[nodiscard]] sample_sizes sample_size_for_means(double difference, double sd,
                                                 test_design design = {});

/// The same for given groups of at least one each and three together.
[[nodiscard]] double power_for_means(double difference, double sd, std::int64_t first,
                                     std::int64_t second, test_design design = {});

/// The number of events, in both groups together, that a log-rank test needs.
struct event_count {
  std::int64_t events = 0;
  double power = 0;
  status why;  ///< as for `sample_sizes`
};

/// To find a hazard ratio that is the same at all times. How many subjects yield so many events
/// depends on how long they are watched: divide by the share of them expected to have the event.
/// Throws `invalid_input` unless the hazard ratio is positive.
///
/// Schoenfeld (1981), The asymptotic properties of nonparametric tests for comparing survival
/// distributions, Biometrika 68:316-319.
[[nodiscard]] event_count events_for_hazard_ratio(double hazard_ratio, test_design design = {});

/// The same for a given number of events, at least one.
[[nodiscard]] double power_for_hazard_ratio(double hazard_ratio, std::int64_t events,
                                            test_design design = {});

}  // namespace salespulse
#endif
