// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_COMPOUND_SUM_HPP
#define SALESPULSE_STATISTICS_COMPOUND_SUM_HPP

#include <salespulse/statistics/lattice_distribution.hpp>
#include <salespulse/statistics/status.hpp>
#include <salespulse/statistics/sum_distribution.hpp>

#include <cstdint>

namespace salespulse {

struct compound_options {
  /// The distribution is cut off where at most this probability lies beyond; positive, at most
  /// 1e-12.
  double cut = 1e-30;
  std::int64_t max_points = 10'000'000;
};

struct compound_sum {
  /// non_finite_input, nonpositive_value (the count's parameters, `where` -1), invalid_probability
  /// or negative_amount (`where`: the outcome, or 0); too_large beyond `max_points`.
  status why;
  lattice_distribution distribution;
  /// With too_large: severities in multiples of this would fit; 0 where the sum overflows 64 bits.
  std::int64_t suggested_unit = 1;
};

/// Distribution of the sum of N independent severities, N Poisson with the given mean (0 or more).
/// Severities are whole and not negative; 0 is allowed.
///
/// Panjer's recursion, all of whose terms are positive: masses have a relative error of about 1e-13
/// up to where the upper tail nears `cut`. The cut is placed by Chernoff's bound, and the masses
/// are scaled to add up to 1. Costs one multiply-add for each point and severity.
///
/// Panjer (1981), Recursive evaluation of a family of compound distributions, ASTIN Bulletin
/// 12:22-26.
[[nodiscard]] compound_sum compound_poisson(double mean, const uncertain_amount& severity,
                                            const compound_options& options = {});

/// The same with N negative binomial of the given mean and shape > 0: its variance is mean + mean^2
/// / shape, and the Poisson distribution is the limit of a large shape.
[[nodiscard]] compound_sum compound_negative_binomial(double mean, double shape,
                                                      const uncertain_amount& severity,
                                                      const compound_options& options = {});

}  // namespace salespulse
#endif
