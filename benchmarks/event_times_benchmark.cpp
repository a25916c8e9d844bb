// SPDX-License-Identifier: BSL-1.0
// Curves and rank tests from rows, at 10^4 to 10^6 rows. CPU time; items are rows. The rows are
// those of peer_survival.R: the recipe is integer arithmetic and the same there.
#include "peak_memory.hpp"
#include <salespulse/statistics/kaplan_meier.hpp>
#include <salespulse/statistics/log_rank.hpp>
#include <salespulse/statistics/nelson_aalen.hpp>

#include <benchmark/benchmark.h>

#include <cstdint>
#include <vector>

using namespace salespulse;

namespace {

// What the exits are like.
enum class clock : std::uint8_t {
  days,        // some 3 000 distinct ticks
  late_entry,  // the same, half of the rows entering late
  fine,        // nearly all distinct
  one_tick
};

struct event_times {
  std::vector<observation> rows;
  std::vector<std::int32_t> group;
};

event_times made(std::int64_t n, clock kind) {
  event_times data;
  std::int64_t x = 1;
  const auto next = [&x] {  // Lehmer's generator: every product is below 2^53, so that R can do it
    x = x * 16807 % 2147483647;
    return x;
  };
  for (std::int64_t i = 0; i < n; ++i) {
    observation row;
    const std::int64_t time = next();
    const std::int64_t kind_of_end = next() % 10;  // to 2 censored, to 7 cause 1, else cause 2
    const std::int64_t entry = next();
    row.exit = static_cast<std::int32_t>(kind == clock::fine       ? 1 + time
                                         : kind == clock::one_tick ? 7
                                                                   : 1 + time % 3000);
    row.cause = kind_of_end < 3 ? 0 : kind_of_end < 8 ? 1 : 2;
    if (kind == clock::late_entry && entry % 2 == 0) {
      row.entry = static_cast<std::int32_t>(entry / 2 % 1000);
      row.exit += row.entry;
    }
    data.rows.push_back(row);
    data.group.push_back(static_cast<std::int32_t>(entry % 3));
  }
  return data;
}

void per_row(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetBytesProcessed(state.iterations() * state.range(0) *
                          static_cast<std::int64_t>(sizeof(observation)));
}

// The floor of the curves on days: every field of every row once.
void rows_read(benchmark::State& state) {
  const event_times data = made(state.range(0), clock::days);
  for (auto _ : state) {
    std::int64_t sum = 0;
    for (const observation& row : data.rows) sum += row.entry + row.exit + row.cause + row.weight;
    benchmark::DoNotOptimize(sum);
  }
  per_row(state);
}

template <class Curve, clock kind>
void curve(benchmark::State& state) {
  const event_times data = made(state.range(0), kind);
  for (auto _ : state) {
    const Curve fitted(data.rows);
    benchmark::DoNotOptimize(fitted.steps().data());
  }
  report_peak(state, [&] { benchmark::DoNotOptimize(Curve(data.rows).why()); });
  per_row(state);
}

void three_groups(benchmark::State& state) {
  const event_times data = made(state.range(0), clock::days);
  for (auto _ : state) {
    const log_rank_test test = log_rank(data.rows, data.group, 3);
    benchmark::DoNotOptimize(test.variance.data());
  }
  report_peak(state, [&] { benchmark::DoNotOptimize(log_rank(data.rows, data.group, 3)); });
  per_row(state);
}

void three_groups_in_strata(benchmark::State& state) {
  const event_times data = made(state.range(0), clock::days);
  std::vector<std::int32_t> stratum;
  for (const observation& row : data.rows) stratum.push_back(row.exit % 10);
  for (auto _ : state) {
    const log_rank_test test = log_rank(data.rows, data.group, 3, {.stratum = stratum});
    benchmark::DoNotOptimize(test.variance.data());
  }
  per_row(state);
}

void sizes(benchmark::internal::Benchmark* b) {
  b->RangeMultiplier(10)->Range(10'000, 1'000'000)->Unit(benchmark::kMicrosecond);
}

BENCHMARK(rows_read)->Apply(sizes);
BENCHMARK(curve<kaplan_meier, clock::days>)->Apply(sizes);
BENCHMARK(curve<kaplan_meier, clock::late_entry>)->Apply(sizes);
BENCHMARK(curve<kaplan_meier, clock::one_tick>)->Apply(sizes);
BENCHMARK(curve<kaplan_meier, clock::fine>)->Apply(sizes);
BENCHMARK(curve<nelson_aalen, clock::days>)->Apply(sizes);
BENCHMARK(three_groups)->Apply(sizes);
BENCHMARK(three_groups_in_strata)->Apply(sizes);

}  // namespace
