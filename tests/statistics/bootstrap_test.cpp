// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/bootstrap.hpp>

#include <rapidcheck.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

using namespace salespulse;

namespace {

std::int64_t total_of(const std::vector<std::int64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
}

}  // namespace

TEST_CASE("a replicate has as many rows as the sample and no row that the sample lacks") {
  CHECK(rc::check("", [] {
    const auto counts = *rc::gen::container<std::vector<std::int64_t>>(rc::gen::oneOf(
        rc::gen::inRange<std::int64_t>(0, 5), rc::gen::inRange<std::int64_t>(0, 1'000'000'000)));
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    const std::vector<std::int64_t> drawn = resampled_counts(counts, seed, 1);
    RC_ASSERT(drawn.size() == counts.size());
    RC_ASSERT(total_of(drawn) == total_of(counts));
    for (std::size_t i = 0; i < counts.size(); ++i) {
      RC_ASSERT(drawn[i] >= 0);
      if (counts[i] == 0) RC_ASSERT(drawn[i] == 0);
    }
    RC_ASSERT(resampled_counts(counts, seed, 1) == drawn);
  }));
}

TEST_CASE("replicates differ by seed and number") {
  const std::vector<std::int64_t> counts{1000, 2000, 3000};
  CHECK(resampled_counts(counts, 1, 1) != resampled_counts(counts, 1, 2));
  CHECK(resampled_counts(counts, 1, 1) != resampled_counts(counts, 2, 1));
}

TEST_CASE("resampled counts have the means and covariances of the multinomial law") {
  // Small and large expectations, so that inversion, rejection and the mirrored case all occur.
  const std::vector<std::int64_t> counts{3, 25, 400, 8, 5000, 1, 60};
  const double n = static_cast<double>(total_of(counts));
  constexpr int replicates = 4000;
  const std::size_t k = counts.size();
  std::vector<double> mean(k), square(k), with_next(k);
  for (int r = 0; r < replicates; ++r) {
    const auto drawn = resampled_counts(counts, 7, static_cast<std::uint64_t>(r));
    for (std::size_t i = 0; i < k; ++i) {
      const std::size_t next = (i + 1) % k;
      const double d = static_cast<double>(drawn[i] - counts[i]);
      mean[i] += d / replicates;
      square[i] += d * d / replicates;
      with_next[i] += d * static_cast<double>(drawn[next] - counts[next]) / replicates;
    }
  }
  for (std::size_t i = 0; i < k; ++i) {
    INFO(i);
    const std::size_t next = (i + 1) % k;
    const double p = static_cast<double>(counts[i]) / n;
    const double q = static_cast<double>(counts[next]) / n;
    const double variance = n * p * (1 - p);
    // Four standard errors; the fourth moment is 3 variance^2 + variance (1 - 6 p q).
    const double fourth = 3 * variance * variance + variance;
    CHECK(std::abs(mean[i]) < 4 * std::sqrt(variance / replicates));
    CHECK(std::abs(square[i] - variance) <
          4 * std::sqrt((fourth - variance * variance) / replicates));
    CHECK(std::abs(with_next[i] + n * p * q) <
          4 * std::sqrt((variance * n * q * (1 - q) + 2 * n * p * q * n * p * q) / replicates));
  }
}

TEST_CASE("each resampled count follows its binomial law, not only in its moments") {
  // Chi-square over the values of one count; 99.99 % points by Wilson and Hilferty.
  struct law {
    std::int64_t mine, rest;
  };
  for (const law& l : {law{2, 30}, law{12, 28}, law{45, 55}, law{70, 20}}) {
    INFO(l.mine << " of " << l.mine + l.rest);
    const std::int64_t n = l.mine + l.rest;
    const double p = static_cast<double>(l.mine) / static_cast<double>(n);
    constexpr int replicates = 20000;
    std::vector<double> seen(static_cast<std::size_t>(n) + 1);
    const std::vector<std::int64_t> counts{l.mine, l.rest};
    for (int r = 0; r < replicates; ++r) {
      const auto drawn = resampled_counts(counts, 3, static_cast<std::uint64_t>(r));
      seen[static_cast<std::size_t>(drawn[0])] += 1;
    }
    double statistic = 0;
    double cells = 0;
    double pooled_seen = 0;
    double pooled_expected = 0;
    const double nn = static_cast<double>(n);
    for (std::size_t k = 0; k < seen.size(); ++k) {
      const double x = static_cast<double>(k);
      const double log_p = std::lgamma(nn + 1) - std::lgamma(x + 1) - std::lgamma(nn - x + 1) +
                           x * std::log(p) + (nn - x) * std::log1p(-p);
      const double expected = replicates * std::exp(log_p);
      if (expected < 10) {
        pooled_seen += seen[k];
        pooled_expected += expected;
        continue;
      }
      statistic += (seen[k] - expected) * (seen[k] - expected) / expected;
      cells += 1;
    }
    if (pooled_expected > 1) {
      statistic +=
          (pooled_seen - pooled_expected) * (pooled_seen - pooled_expected) / pooled_expected;
      cells += 1;
    }
    const double df = cells - 1;
    const double cube = 1 - 2 / (9 * df) + 3.719 * std::sqrt(2 / (9 * df));
    CHECK(statistic < df * cube * cube * cube);
  }
}

TEST_CASE("a trillion rows are resampled as exactly as ten") {
  const std::vector<std::int64_t> counts{400'000'000'000, 600'000'000'000};
  const double deviation = std::sqrt(1e12 * 0.4 * 0.6);
  double square = 0;
  constexpr int replicates = 2000;
  for (int r = 0; r < replicates; ++r) {
    const auto drawn = resampled_counts(counts, 5, static_cast<std::uint64_t>(r));
    const double d = static_cast<double>(drawn[0] - counts[0]) / deviation;
    CHECK(std::abs(d) < 6);
    square += d * d / replicates;
  }
  CHECK(std::abs(square - 1) < 4 * std::sqrt(2.0 / replicates));
}

TEST_CASE("a sample with a negative count is left for the estimator to refuse") {
  const std::vector<std::int64_t> counts{5, -1, 3};
  CHECK(resampled_counts(counts, 1, 1) == counts);
  CHECK(resampled_counts({}, 1, 1).empty());
}

TEST_CASE("a replicate of collapsed rows is a sample of those rows") {
  const std::vector<int> rows{3, 1, 3, 2, 3, 1};
  const row_counts<int> collapsed{std::span<const int>(rows)};
  const row_counts<int> drawn = resample(collapsed, 4, 9);
  CHECK(drawn.total() == collapsed.total());
  for (const auto& e : drawn.entries()) CHECK((e.row >= 1 && e.row <= 3 && e.count > 0));
}

TEST_CASE("the bootstrap of a mean has the standard error of the mean") {
  // 100 rows, value i with count 10: the bootstrap standard error is sigma / sqrt(n).
  std::vector<std::int64_t> counts(10, 10);
  std::vector<double> means;
  for (std::uint64_t r = 0; r < 2000; ++r) {
    const auto drawn = resampled_counts(counts, 11, r);
    double mean = 0;
    for (std::size_t i = 0; i < drawn.size(); ++i) {
      mean += static_cast<double>(drawn[i]) * static_cast<double>(i) / 100;
    }
    means.push_back(mean);
  }
  const bootstrap_summary s = summarise_bootstrap(means, confidence_95);
  REQUIRE(s.why.ok());
  const double exact = std::sqrt(8.25 / 100);
  CHECK(std::abs(*s.std_error / exact - 1) < 4 / std::sqrt(4000.0));
  CHECK(std::abs(s.range->lower - (4.5 - 1.96 * exact)) < 0.06);
  CHECK(std::abs(s.range->upper - (4.5 + 1.96 * exact)) < 0.06);
  CHECK(s.range->level == 0.95);
}

TEST_CASE("the percentile interval interpolates between order statistics") {
  std::vector<double> replicates;
  for (int i = 0; i <= 100; ++i) replicates.push_back(100 - i);
  const bootstrap_summary s = summarise_bootstrap(replicates, confidence_90);
  CHECK(std::abs(s.range->lower - 5) < 1e-12);
  CHECK(std::abs(s.range->upper - 95) < 1e-12);
  CHECK(std::abs(*s.std_error - std::sqrt(858.5)) < 1e-12);
}

TEST_CASE("too few replicates give no interval and undefined ones are named") {
  const std::vector<double> few{1, 2, 3};
  const bootstrap_summary s = summarise_bootstrap(few, confidence_95);
  CHECK_FALSE(s.range);
  CHECK(*s.std_error == 1);
  CHECK(s.why.what == condition::insufficient_data);
  CHECK_FALSE(summarise_bootstrap({}, confidence_95).std_error);
  const std::vector<double> bad{1, std::numeric_limits<double>::quiet_NaN()};
  CHECK(summarise_bootstrap(bad, confidence_95).why == status{condition::non_finite_input, 1});
  const std::vector<double> huge(200, 1.7e308);
  CHECK(*summarise_bootstrap(huge, confidence_80).std_error < 1e295);
  CHECK_THROWS_AS(summarise_bootstrap(few, confidence{1.5, 1}), invalid_input);
}

TEST_CASE("two replicates beyond each end on average are enough at every level") {
  // (1 - 0.9) / 2 is a little less than 0.05 in doubles.
  std::vector<double> replicates;
  for (int i = 0; i < 40; ++i) replicates.push_back(i);
  const bootstrap_summary ninety = summarise_bootstrap(replicates, confidence_90);
  CHECK(ninety.why.ok());
  REQUIRE(ninety.range);
  CHECK(std::abs(ninety.range->lower - 1.95) < 1e-12);
  CHECK(std::abs(ninety.range->upper - 37.05) < 1e-12);
  replicates.resize(39);
  CHECK(summarise_bootstrap(replicates, confidence_90).why.what == condition::insufficient_data);
  replicates.resize(20);
  CHECK(summarise_bootstrap(replicates, confidence_80).why.ok());
  replicates.resize(19);
  CHECK(!summarise_bootstrap(replicates, confidence_80).range);
}

TEST_CASE("replicates at both ends of the doubles have no standard error") {
  const bootstrap_summary s =
      summarise_bootstrap(std::vector<double>{-1.7e308, 1.7e308}, confidence_95);
  CHECK(s.why.what == condition::out_of_range);
  CHECK(!s.std_error);
  CHECK(!s.range);
}

TEST_CASE("more than 2^53 rows are refused") {
  const std::int64_t most = std::int64_t{1} << 53;
  CHECK_THROWS_AS(resampled_counts(std::vector<std::int64_t>{most, 1}, 1, 1), invalid_input);
  CHECK_THROWS_AS(resampled_counts(std::vector<std::int64_t>{INT64_MAX, INT64_MAX}, 1, 1),
                  invalid_input);
  CHECK(total_of(resampled_counts(std::vector<std::int64_t>{most - 1, 1}, 1, 1)) == most);
  // Negative counts come first: they are for the estimator to refuse.
  CHECK(resampled_counts(std::vector<std::int64_t>{INT64_MAX, 1, -1}, 1, 1) ==
        std::vector<std::int64_t>{INT64_MAX, 1, -1});
}
