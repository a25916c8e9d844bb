// SPDX-License-Identifier: BSL-1.0
// Were the forecasts any good? Transforms, coverage and scores of 400 forecasts whose probabilities
// were stated too high, and of the true ones; then which of two rates is higher.
#include <salespulse/statistics/crps.hpp>
#include <salespulse/statistics/forecast_check.hpp>
#include <salespulse/statistics/posterior_comparison.hpp>
#include <salespulse/statistics/sum_distribution.hpp>

#include <cstdio>
#include <vector>

using namespace salespulse;

int main() {
  for (const double optimism : {0.15, 0.0}) {
    random_stream draws(1, 1);
    std::vector<pit_range> pits;
    std::vector<interval> ranges;
    std::vector<double> outcomes;
    std::vector<double> scores;
    for (int i = 0; i < 400; ++i) {
      std::vector<chance> chances;
      std::int64_t outcome = 0;
      for (int k = 0; k < 8; ++k) {
        const double p = 0.1 + 0.6 * draws.uniform();
        const auto amount = static_cast<std::int64_t>(1 + draws.below(50));
        if (draws.chance(p)) outcome += amount;
        chances.push_back({amount, p + optimism});
      }
      const lattice_distribution forecast = sum_distribution(chances).distribution;
      pits.push_back(pit_of(forecast, outcome));
      ranges.push_back({static_cast<double>(forecast.quantile(0.1)),
                        static_cast<double>(forecast.quantile(0.9)), 0.8});
      outcomes.push_back(static_cast<double>(outcome));
      scores.push_back(crps(forecast, outcomes.back()));
    }
    const interval_coverage held = coverage_of_intervals(ranges, outcomes, confidence_95);
    const mean_score score = mean_of_scores(scores);
    std::printf("score %.1f +- %.1f, 80 %% ranges held %.0f %% (%.0f to %.0f), fifths",
                *score.mean.value, *score.std_error.value, 100 * held.share,
                100 * held.range.lower, 100 * held.range.upper);
    for (const double share : pit_histogram(pits, 5).shares) std::printf(" %.2f", share);
    std::printf("\n");
  }
  // 3 of 12 and 5 of 25, each with a prior of (1, 3).
  const beta_posterior first{4, 12};
  const beta_posterior second{6, 23};
  std::printf("P(first above second) %.3f\n", *probability_greater(first, second).value);
}
// > score 28.1 +- 1.0, 80 % ranges held 69 % (64 to 73), fifths 0.48 0.22 0.14 0.10 0.07
// > score 21.8 +- 0.8, 80 % ranges held 78 % (74 to 82), fifths 0.19 0.22 0.21 0.16 0.23
// > P(first above second) 0.619
