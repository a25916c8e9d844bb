// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_BOOTSTRAP_HPP
#define SALESPULSE_STATISTICS_BOOTSTRAP_HPP

#include <salespulse/core/interval.hpp>
#include <salespulse/statistics/confidence.hpp>
#include <salespulse/statistics/row_counts.hpp>
#include <salespulse/statistics/status.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace salespulse {

/// How often each distinct row comes in a sample of as many rows, drawn with replacement: one draw
/// from the multinomial law with n the sum of the counts and probabilities count / n. Resampling
/// rows one by one has the same law and costs n; this costs O(distinct rows), whatever n (up to
/// 2^53). A function of (counts, seed, replicate) alone, so replicates can be made in any order and
/// on any thread. Where a count is negative all come back as they are, for the estimator to refuse.
/// Throws `invalid_input` where they add to more than 2^53.
///
/// Each count is binomial given those before it: by inversion where fewer than 10 are expected,
/// else by rejection (Hormann 1993, The generation of binomial random variates, Journal of
/// Statistical Computation and Simulation 46:101-110) with Loader's form of the probabilities,
/// which stays exact for large n.
[[nodiscard]] std::vector<std::int64_t> resampled_counts(std::span<const std::int64_t> counts,
                                                         std::uint64_t seed,
                                                         std::uint64_t replicate);

/// The bootstrap replicate of a collapsed sample: what an estimator of `rows` is run on again.
/// Efron (1979), Bootstrap methods: another look at the jackknife, Annals of Statistics 7:1-26.
template <class Row>
[[nodiscard]] row_counts<Row> resample(const row_counts<Row>& rows, std::uint64_t seed,
                                       std::uint64_t replicate) {
  std::vector<std::int64_t> counts;
  for (const auto& e : rows.entries()) counts.push_back(e.count);
  counts = resampled_counts(counts, seed, replicate);
  std::vector<typename row_counts<Row>::entry> entries(rows.entries().begin(),
                                                       rows.entries().end());
  for (std::size_t i = 0; i < entries.size(); ++i) entries[i].count = counts[i];
  return row_counts<Row>(std::move(entries));
}

/// What the replicates of one figure say about it.
struct bootstrap_summary {
  std::optional<interval> range;    ///< percentile interval
  std::optional<double> std_error;  ///< standard deviation of the replicates
  /// non_finite_input (`where`: the replicate); insufficient_data: fewer than two replicates, or,
  /// for the interval, fewer than two beyond each end on average; out_of_range: they lie farther
  /// apart than doubles reach.
  status why;
};

/// The percentile interval: the quantiles (1 - level) / 2 and (1 + level) / 2 of the replicates,
/// between order statistics by linear interpolation (type 7 of Hyndman and Fan 1996, American
/// Statistician 50:361-365). A replicate in which the figure is undefined has no number; the caller
/// decides what it means before calling. O(n log n).
[[nodiscard]] bootstrap_summary summarise_bootstrap(std::span<const double> replicates,
                                                    confidence sure);

}  // namespace salespulse
#endif
