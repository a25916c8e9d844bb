// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_RATE_HPP
#define SALESPULSE_STATISTICS_RATE_HPP

#include <salespulse/core/interval.hpp>
#include <salespulse/statistics/confidence.hpp>

#include <cstdint>

namespace salespulse {

/// Wilson's score interval for the rate of `successes` in n independent cases: the rates p whose
/// own standard error sqrt(p (1 - p) / n) would make the observed one no further than z away.
/// Inside [0, 1] for every count, 0 and 1 exactly at the ends, and each limit is right to the last
/// digits however small it is. Throws `invalid_input` unless 0 <= successes <= n and n >= 1.
/// Closed form. The other intervals for a rate are in rate_intervals.hpp.
///
/// Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA
/// 22:209-212.
[[nodiscard]] interval wilson_interval(std::int64_t successes, std::int64_t n, confidence c);

}  // namespace salespulse
#endif
