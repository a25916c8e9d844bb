// SPDX-License-Identifier: BSL-1.0
// From facts to scorecards, step by step, at 10^4 deals and up. CPU time; items are deals.
#include "synthetic.hpp"

#include <salespulse/salespulse.hpp>

#include <benchmark/benchmark.h>

#include <map>
#include <utility>

using namespace salespulse;

namespace {

struct firm {
  book facts;
  value_columns columns;
  valuation parameters;
};

// The largest book is kept between the steps; making it takes longer than measuring them.
const firm& firm_of(std::int64_t deals) {
  static std::map<std::int64_t, firm> firms;
  auto at = firms.find(deals);
  if (at == firms.end()) {
    firms.clear();
    book b = benchmarks::synthetic_book(deals);
    const snapshot s = benchmarks::synthetic_snapshot();
    valuation v = bind(b, &s).value();
    value_columns c = resolve(b, value_view::salesperson);
    at = firms.emplace(deals, firm{std::move(b), std::move(c), std::move(v)}).first;
  }
  return at->second;
}

void per_deal(benchmark::State& state, double bytes_per_deal) {
  state.SetItemsProcessed(state.iterations() * state.range(0));
  if (bytes_per_deal > 0) {
    state.SetBytesProcessed(static_cast<std::int64_t>(
        bytes_per_deal * static_cast<double>(state.iterations() * state.range(0))));
  }
}

void book_from_rows(benchmark::State& state) {
  std::size_t bytes = 0;
  for (auto _ : state) {
    const book b = benchmarks::synthetic_book(state.range(0));
    bytes = held_bytes(b);
    benchmark::DoNotOptimize(bytes);
  }
  per_deal(state, 0);
  state.counters["book_bytes_per_deal"] =
      static_cast<double>(bytes) / static_cast<double>(state.range(0));
}

void lifetime_order(benchmark::State& state) {
  const firm& f = firm_of(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(resolve(f.facts, value_view::salesperson));
  per_deal(state, 0);
}

// The floor of what follows: every byte of the columns once.
void columns_read(benchmark::State& state) {
  const value_columns& c = firm_of(state.range(0)).columns;
  for (auto _ : state) {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < c.size(); ++i) sum += c.key[i] + c.list[i] + c.net[i] + c.cost[i];
    benchmark::DoNotOptimize(sum);
  }
  per_deal(state, 28);
}

void tally_of_columns(benchmark::State& state) {
  const firm& f = firm_of(state.range(0));
  std::size_t keys = 0;
  for (auto _ : state) {
    const tally t = tally_values(f.columns);
    keys = t.size();
    benchmark::DoNotOptimize(keys);
  }
  per_deal(state, 28);
  state.counters["keys"] = static_cast<double>(keys);
}

void value_and_bridge(benchmark::State& state) {
  const firm& f = firm_of(state.range(0));
  for (auto _ : state) {
    benchmark::DoNotOptimize(appraise(tally_values(f.columns), f.parameters));
  }
  per_deal(state, 28);
}

void renewal_variance(benchmark::State& state) {
  const firm& f = firm_of(state.range(0));
  const value_columns& c = f.columns;
  for (auto _ : state) {
    benchmark::DoNotOptimize(renewal_risk({c.keys, c.key, c.net, c.cost}, f.parameters));
  }
  per_deal(state, 20);
}

void scorecards(benchmark::State& state) {
  const firm& f = firm_of(state.range(0));
  const snapshot s = benchmarks::synthetic_snapshot();
  for (auto _ : state) benchmark::DoNotOptimize(make_review(f.facts, &s));
  per_deal(state, 0);
}

// In the order of the sizes, so that each book is made once.
const bool registered = [] {
  for (std::int64_t n = 10'000; n <= benchmarks::most_deals(); n *= 10) {
    const auto add = [n](const char* name, void (*body)(benchmark::State&)) {
      benchmark::RegisterBenchmark(name, body)->Arg(n)->Unit(benchmark::kMillisecond);
    };
    add("book_from_rows", book_from_rows);
    add("lifetime_order", lifetime_order);
    add("columns_read", columns_read);
    add("tally", tally_of_columns);
    add("value_and_bridge", value_and_bridge);
    add("renewal_variance", renewal_variance);
    add("scorecards", scorecards);
  }
  return true;
}();

}  // namespace
