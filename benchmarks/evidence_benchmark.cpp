// SPDX-License-Identifier: BSL-1.0
// Trends, quantiles, permutation tests and yields. CPU time; items are rows (draws times rows for
// the permutation test). The floor of each is one sort or one pass over its rows.
#include <salespulse/core/random.hpp>
#include <salespulse/statistics/cash_flow.hpp>
#include <salespulse/statistics/permutation.hpp>
#include <salespulse/statistics/quantiles.hpp>
#include <salespulse/statistics/summary.hpp>
#include <salespulse/statistics/trend.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <vector>

using namespace salespulse;

namespace {

std::vector<double> uniform(std::int64_t n, std::uint64_t stream) {
  random_stream random(1, stream);
  std::vector<double> values(static_cast<std::size_t>(n));
  for (double& x : values) x = random.uniform();
  return values;
}

// A slope of 1 under noise.
std::vector<double> rising(const std::vector<double>& times) {
  std::vector<double> values = uniform(static_cast<std::int64_t>(times.size()), 2);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = 5 * values[i] + times[i];
  return values;
}

void per_row(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

// The floor of trends and quantiles.
void one_sort(benchmark::State& state) {
  const std::vector<double> x = uniform(state.range(0), 1);
  for (auto _ : state) {
    std::vector<double> sorted = x;
    std::sort(sorted.begin(), sorted.end());
    benchmark::DoNotOptimize(sorted.data());
  }
  per_row(state);
}
BENCHMARK(one_sort)->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

void line_of_theil_and_sen(benchmark::State& state) {
  const std::vector<double> times = uniform(state.range(0), 1), values = rising(times);
  for (auto _ : state) benchmark::DoNotOptimize(theil_sen(times, values));
  per_row(state);
}
BENCHMARK(line_of_theil_and_sen)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

void test_of_mann_and_kendall(benchmark::State& state) {
  const std::vector<double> times = uniform(state.range(0), 1), values = rising(times);
  for (auto _ : state) benchmark::DoNotOptimize(mann_kendall(times, values));
  per_row(state);
}
BENCHMARK(test_of_mann_and_kendall)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

void one_quantile(benchmark::State& state) {
  const std::vector<double> x = uniform(state.range(0), 1);
  for (auto _ : state) benchmark::DoNotOptimize(sample_quantile(x, 0.9));
  per_row(state);
}
BENCHMARK(one_quantile)->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

void summary(benchmark::State& state) {
  const std::vector<double> x = uniform(state.range(0), 1);
  for (auto _ : state) benchmark::DoNotOptimize(summarise(x));
  per_row(state);
}
BENCHMARK(summary)->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

void permutation_of_two_groups(benchmark::State& state) {
  const std::vector<double> a = uniform(state.range(0) / 2, 1), b = uniform(state.range(0) / 2, 2);
  constexpr std::int64_t draws = 10'000;
  for (auto _ : state) benchmark::DoNotOptimize(permutation_test(a, b, {.draws = draws}));
  state.SetItemsProcessed(state.iterations() * state.range(0) * draws);
}
BENCHMARK(permutation_of_two_groups)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMillisecond);

// The floor of a yield: one discounting of all flows.
void one_present_value(benchmark::State& state) {
  std::vector<double> amounts = uniform(state.range(0), 1);
  for (auto _ : state) benchmark::DoNotOptimize(present_value(amounts, 0.01));
  per_row(state);
}
BENCHMARK(one_present_value)->Arg(1'000)->Unit(benchmark::kMicrosecond);

void yield_of_dated_flows(benchmark::State& state) {
  random_stream random(1, 3);
  std::vector<cash_flow> flows{{0, -500.0}};
  for (std::int64_t i = 1; i < state.range(0); ++i) {
    flows.push_back({static_cast<std::int32_t>(7 * i), random.uniform()});
  }
  for (auto _ : state) benchmark::DoNotOptimize(internal_rates_of_return(flows));
  per_row(state);
}
BENCHMARK(yield_of_dated_flows)->Arg(1'000)->Unit(benchmark::kMicrosecond);

// Half of the flows have the other sign than their neighbours.
void yields_of_random_flows(benchmark::State& state) {
  random_stream random(1, 4);
  std::vector<cash_flow> flows;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    flows.push_back({static_cast<std::int32_t>(7 * i), random.uniform() - 0.5});
  }
  for (auto _ : state) benchmark::DoNotOptimize(internal_rates_of_return(flows));
  per_row(state);
}
BENCHMARK(yields_of_random_flows)->Arg(100)->Arg(1'000)->Unit(benchmark::kMillisecond);

}  // namespace
