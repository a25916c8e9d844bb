// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_BENCHMARKS_PEAK_MEMORY_HPP
#define SALESPULSE_BENCHMARKS_PEAK_MEMORY_HPP

#include <benchmark/benchmark.h>

#include <cstdint>

namespace salespulse {

/// Bytes on the heap now, and the most since `watch_peak`, of a program that links peak_memory.cpp,
/// which counts allocations. For one thread.
[[nodiscard]] std::int64_t heap_bytes() noexcept;
void watch_peak() noexcept;
[[nodiscard]] std::int64_t peak_bytes() noexcept;

/// Runs the work once more, outside the timing, and reports as "peak" the most heap that it held
/// at one time beyond what was there before: its working memory and its result.
template <class Work>
void report_peak(benchmark::State& state, Work&& work) {
  const std::int64_t before = heap_bytes();
  watch_peak();
  work();
  state.counters["peak"] =
      benchmark::Counter(static_cast<double>(peak_bytes() - before), benchmark::Counter::kDefaults,
                         benchmark::Counter::OneK::kIs1024);
}

}  // namespace salespulse
#endif
