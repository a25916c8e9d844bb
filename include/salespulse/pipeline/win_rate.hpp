// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_PIPELINE_WIN_RATE_HPP
#define SALESPULSE_PIPELINE_WIN_RATE_HPP

#include <salespulse/core/interval.hpp>
#include <salespulse/pipeline/deal_counts.hpp>
#include <salespulse/statistics/rate.hpp>

#include <cstdint>

namespace salespulse {

/// What won deals are divided by. Vendors choose silently; here it is said.
enum class win_denominator : std::uint8_t {
  closed,  ///< won and lost
  created  ///< won, lost and open; grows into the rate of `closed` as open deals close
};

/// Share of deals won, by count, with Wilson's interval. Open deals are neither won nor lost; deals
/// still open may differ from those closed, and this rate says nothing of when. Undefined where
/// the denominator is 0.
[[nodiscard]] estimate win_rate(const deal_counts& counts, win_denominator denominator,
                                confidence c = confidence_80);

/// Share of the amount of closed deals that was won. The interval is that of a ratio of sums:
/// with R the rate and a_i the amounts, sum of [a_i (won_i - R)]^2 / (sum of a_i)^2 is its variance
/// (Cochran, Sampling Techniques, 1977, section 6.3), cut at [0, 1]; there is none where all was won
/// or all was lost, since nothing then shows how amounts vary. Undefined where the amount of a
/// closed deal is unknown, since it would count as nothing, and where one is negative.
[[nodiscard]] estimate win_rate_by_value(const deal_counts& counts,
                                         confidence c = confidence_80);

}  // namespace salespulse
#endif
