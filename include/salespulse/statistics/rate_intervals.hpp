// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_RATE_INTERVALS_HPP
#define SALESPULSE_STATISTICS_RATE_INTERVALS_HPP

#include <salespulse/core/interval.hpp>
#include <salespulse/statistics/confidence.hpp>
#include <salespulse/statistics/rate.hpp>

#include <cstdint>

// Which interval for a rate? Wilson's (rate.hpp) holds the truth about as often as it says, on
// average over rates. Jeffreys' does too and is a posterior. Clopper and Pearson's never holds it
// less often than it says, and is therefore wide. They share their arguments and what they refuse.
namespace salespulse {

/// Jeffreys' interval for the rate of `successes` in n independent cases: the quantiles of
/// Beta(successes + 1/2, n - successes + 1/2), with equal tails. These are the plain quantiles, so
/// with 0 successes the lower limit is above 0, and with n the upper one below 1. Throws
/// `invalid_input` unless 0 <= successes <= n and n >= 1. A few evaluations of the incomplete beta
/// function.
///
/// Brown, Cai and DasGupta (2001), Interval estimation for a binomial proportion, Statistical
/// Science 16:101-133.
[[nodiscard]] interval jeffreys_interval(std::int64_t successes, std::int64_t n, confidence c);

/// Clopper and Pearson's interval for the rate of `successes` in n independent cases: the rates
/// under which neither so many nor so few successes have a probability below (1 - level) / 2. The
/// lower limit is 0 with 0 successes, the upper one 1 with n. Throws `invalid_input` unless
/// 0 <= successes <= n and n >= 1. A few evaluations of the incomplete beta function.
///
/// Clopper and Pearson (1934), The use of confidence or fiducial limits illustrated in the case of
/// the binomial, Biometrika 26:404-413.
[[nodiscard]] interval clopper_pearson_interval(std::int64_t successes, std::int64_t n,
                                                confidence c);

/// Garwood's exact interval for the rate of Poisson events per unit of exposure (days watched,
/// units at risk): the rates under which neither so many nor so few events have a probability below
/// (1 - level) / 2. The lower limit is 0 with 0 events. Throws `invalid_input` unless events >= 0
/// and the exposure is positive and finite, and not so small that the rate exceeds every double. A
/// few evaluations of the incomplete gamma function.
///
/// Garwood (1936), Fiducial limits for the Poisson distribution, Biometrika 28:437-442.
[[nodiscard]] interval garwood_interval(std::int64_t events, double exposure, confidence c);

/// `successes` in n independent cases.
struct counted_rate {
  std::int64_t successes = 0;
  std::int64_t n = 0;
};

/// Newcombe's interval for the difference of two independent rates, the first less the second: from
/// the difference, as far each way as the nearer Wilson limits of both together (his method 10).
/// Inside [-1, 1]. Throws `invalid_input` as `wilson_interval` does. Closed form.
///
/// Newcombe (1998), Interval estimation for the difference between independent proportions:
/// comparison of eleven methods, Statistics in Medicine 17:873-890.
[[nodiscard]] interval newcombe_interval(counted_rate first, counted_rate second, confidence c);

}  // namespace salespulse
#endif
