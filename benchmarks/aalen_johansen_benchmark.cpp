// SPDX-License-Identifier: BSL-1.0
// Cumulative incidence of two causes at 10^4 rows and up: whole days over two years and distinct
// ticks, with and without late entry, without errors and with the jackknife's. CPU time; items are
// rows. The floor is one pass over the rows that adds each to a counter of its tick and cause.
#include "peak_memory.hpp"
#include <salespulse/core/random.hpp>
#include <salespulse/statistics/aalen_johansen.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

using namespace salespulse;

namespace {

// Exponential times of mean 200 days, followed for up to 730; `per_day` ticks to a day.
std::vector<observation> rows_of(std::int64_t n, bool late, double per_day) {
  random_stream draws(11, 5);
  std::vector<observation> rows;
  rows.reserve(static_cast<std::size_t>(n));
  for (std::int64_t i = 0; i < n; ++i) {
    const double event = -200 * std::log1p(-draws.uniform());
    const double end = 730 * draws.uniform();
    observation o;
    o.exit = static_cast<std::int32_t>(std::ceil(std::min(event, end) * per_day)) + 1;
    o.cause = event > end ? 0 : draws.chance(0.4) ? 2 : 1;
    if (late) {
      const double entry = (1.3 * draws.uniform() - 0.3) * o.exit;
      o.entry = std::min(static_cast<std::int32_t>(std::max(entry, 0.0)), o.exit - 1);
    }
    rows.push_back(o);
  }
  return rows;
}

void estimate_curves(benchmark::State& state, bool late, double per_day,
                     incidence_variance variance) {
  const std::vector<observation> rows = rows_of(state.range(0), late, per_day);
  std::size_t steps = 0;
  for (auto _ : state) {
    const aalen_johansen f(rows, 2, {.variance = variance});
    steps = f.steps().size();
    benchmark::DoNotOptimize(steps);
  }
  report_peak(state, [&] {
    benchmark::DoNotOptimize(aalen_johansen(rows, 2, {.variance = variance}).why());
  });
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["steps"] = static_cast<double>(steps);
}

constexpr auto none = incidence_variance::none;
constexpr auto jackknife = incidence_variance::infinitesimal_jackknife;
constexpr double distinct = 1e6;

void floor_counts(benchmark::State& state) {
  const std::vector<observation> rows = rows_of(state.range(0), false, 1);
  std::vector<std::int64_t> counts(3 * 1000);
  for (auto _ : state) {
    for (const observation& o : rows) {
      counts[static_cast<std::size_t>(3 * o.exit + o.cause)] += o.weight;
    }
    benchmark::DoNotOptimize(counts.data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void days(benchmark::State& s) { estimate_curves(s, false, 1, none); }
void days_with_error(benchmark::State& s) { estimate_curves(s, false, 1, jackknife); }
void days_late(benchmark::State& s) { estimate_curves(s, true, 1, none); }
void days_late_with_error(benchmark::State& s) { estimate_curves(s, true, 1, jackknife); }
void distinct_ticks(benchmark::State& s) { estimate_curves(s, false, distinct, none); }
void distinct_ticks_with_error(benchmark::State& s) {
  estimate_curves(s, false, distinct, jackknife);
}
void distinct_ticks_late_with_error(benchmark::State& s) {
  estimate_curves(s, true, distinct, jackknife);
}

// One conditional figure, a year ahead, from a fitted curve.
void conditional_figure(benchmark::State& state) {
  const aalen_johansen f(rows_of(state.range(0), true, 1), 2);
  for (auto _ : state) benchmark::DoNotOptimize(f.conditional_incidence(1, 90, 365));
}

void sizes(benchmark::internal::Benchmark* b) {
  b->RangeMultiplier(10)->Range(10000, 1000000)->Unit(benchmark::kMillisecond);
}

}  // namespace

BENCHMARK(floor_counts)->Apply(sizes);
BENCHMARK(days)->Apply(sizes);
BENCHMARK(days_with_error)->Apply(sizes);
BENCHMARK(days_late)->Apply(sizes);
BENCHMARK(days_late_with_error)->Apply(sizes);
BENCHMARK(distinct_ticks)->Apply(sizes);
BENCHMARK(distinct_ticks_with_error)->Apply(sizes);
BENCHMARK(distinct_ticks_late_with_error)->Apply(sizes);
BENCHMARK(conditional_figure)->Apply(sizes);
