// SPDX-License-Identifier: BSL-1.0
// Sums of independent chances: 1000 amounts on lattices of 10^4 to 10^6 points, and counts of 10^3
// to 10^5 events. CPU time; items are the multiply-adds of direct convolution, two for each item
// and point that its result has, counted without those that are negligible. The floor does the same
// number on two arrays in the first-level cache.
#include <salespulse/core/random.hpp>
#include <salespulse/statistics/common_shock.hpp>
#include <salespulse/statistics/compound_sum.hpp>
#include <salespulse/statistics/saddlepoint.hpp>
#include <salespulse/statistics/sum_distribution.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace salespulse;

namespace {

constexpr std::size_t amounts = 1000;

// Uniform amounts that add up to about `points`.
std::vector<chance> chances_on(std::int64_t points) {
  random_stream draws(1, 0);
  std::vector<chance> chances;
  const auto largest = static_cast<std::uint32_t>(2 * points / static_cast<std::int64_t>(amounts));
  for (std::size_t i = 0; i < amounts; ++i) {
    chances.push_back({static_cast<std::int64_t>(1 + draws.below(largest)), draws.uniform()});
  }
  return chances;
}

std::vector<chance> events(std::int64_t n) {
  random_stream draws(1, 1);
  std::vector<chance> chances;
  for (std::int64_t i = 0; i < n; ++i) chances.push_back({1, draws.uniform()});
  return chances;
}

// Of direct convolution in order of size: points so far, or 74 standard deviations of them.
double multiply_adds(std::vector<chance> chances) {
  std::sort(chances.begin(), chances.end(),
            [](const chance& a, const chance& b) { return a.amount < b.amount; });
  double sum = 0;
  double points = 1;
  double variance = 0;
  for (const auto& [amount, p] : chances) {
    const auto a = static_cast<double>(amount);
    points += a;
    variance += a * a * p * (1 - p);
    sum += 2 * std::min(points, 74 * std::sqrt(variance) + a);
  }
  return sum;
}

void count(benchmark::State& state, double operations) {
  state.SetItemsProcessed(
      static_cast<std::int64_t>(operations * static_cast<double>(state.iterations())));
}

void floor_of(benchmark::State& state, double operations) {
  constexpr std::size_t width = 1024;
  std::vector<double> a(width, 0.5);
  std::vector<double> b(width, 0.25);
  const auto passes = static_cast<std::int64_t>(operations / (2 * width));
  for (auto _ : state) {
    for (std::int64_t pass = 0; pass < passes; ++pass) {
      for (std::size_t k = 1; k < width; ++k) b[k] = 0.5 * a[k] + 0.5 * a[k - 1];
      benchmark::DoNotOptimize(b.data());
      benchmark::ClobberMemory();
      a.swap(b);
    }
  }
  count(state, operations);
}

void amounts_floor(benchmark::State& state) {
  floor_of(state, multiply_adds(chances_on(state.range(0))));
}
void amounts_directly(benchmark::State& state) {
  const auto chances = chances_on(state.range(0));
  for (auto _ : state) {
    benchmark::DoNotOptimize(sum_distribution(chances, {.max_direct_operations = 1e300}));
  }
  count(state, multiply_adds(chances));
}
void amounts_by_transform(benchmark::State& state) {
  const auto chances = chances_on(state.range(0));
  for (auto _ : state) {
    benchmark::DoNotOptimize(sum_distribution(chances, {.max_direct_operations = 0}));
  }
}
void amounts_tail(benchmark::State& state) {
  const auto chances = chances_on(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(upper_tail(chances, state.range(0) * 3 / 5));
}
void amounts_saddlepoint(benchmark::State& state) {
  const auto chances = chances_on(state.range(0));
  const double t = 0.6 * static_cast<double>(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(saddlepoint(chances, t));
}

void events_floor(benchmark::State& state) {
  floor_of(state, multiply_adds(events(state.range(0))));
}
void events_poisson_binomial(benchmark::State& state) {
  std::vector<double> p;
  for (const chance& c : events(state.range(0))) p.push_back(c.probability);
  for (auto _ : state) benchmark::DoNotOptimize(poisson_binomial(p));
  count(state, multiply_adds(events(state.range(0))));
}
void events_with_common_shock(benchmark::State& state) {
  const auto chances = events(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(common_shock_sum(chances, 0.5));
}

// Ten severities, lattice of about 40 times the mean count.
void compound_poisson_sum(benchmark::State& state) {
  uncertain_amount severity;
  for (std::int64_t y = 1; y <= 10; ++y) severity.outcomes.push_back({3 * y + 1, 0.1});
  std::size_t points = 0;
  for (auto _ : state) {
    const compound_sum sum = compound_poisson(static_cast<double>(state.range(0)), severity);
    points = sum.distribution.masses().size();
    benchmark::DoNotOptimize(points);
  }
  count(state, 20 * static_cast<double>(points));
}

}  // namespace

constexpr auto ms = benchmark::kMillisecond;
BENCHMARK(amounts_floor)->RangeMultiplier(10)->Range(10'000, 1'000'000)->Unit(ms);
BENCHMARK(amounts_directly)->RangeMultiplier(10)->Range(10'000, 1'000'000)->Unit(ms);
BENCHMARK(amounts_by_transform)->RangeMultiplier(10)->Range(10'000, 1'000'000)->Unit(ms);
BENCHMARK(amounts_tail)->RangeMultiplier(10)->Range(10'000, 1'000'000)->Unit(ms);
BENCHMARK(amounts_saddlepoint)->Arg(1'000'000)->Unit(ms);
BENCHMARK(events_floor)->RangeMultiplier(10)->Range(1000, 100'000)->Unit(ms);
BENCHMARK(events_poisson_binomial)->RangeMultiplier(10)->Range(1000, 100'000)->Unit(ms);
BENCHMARK(events_with_common_shock)->Arg(1000)->Unit(ms);
BENCHMARK(compound_poisson_sum)->RangeMultiplier(10)->Range(100, 10'000)->Unit(ms);
