// SPDX-License-Identifier: BSL-1.0
// Fits of the models of repeat buying with standard errors, from collapsed counts. CPU time. To
// reach (NUMBERS: a peer takes 0.44 and 0.80 s): CDNOW Pareto/NBD 50 ms, BG/NBD 3 ms; 235 700
// customers BG/NBD 25 ms. Items are customers; the counters say how many distinct histories they
// have and the bytes that these take.
#include "peak_memory.hpp"
#include <salespulse/core/random.hpp>
#include <salespulse/statistics/bg_bb.hpp>
#include <salespulse/statistics/bg_nbd.hpp>
#include <salespulse/statistics/gamma_gamma.hpp>
#include <salespulse/statistics/mbg_nbd.hpp>
#include <salespulse/statistics/pareto_nbd.hpp>

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <map>
#include <span>
#include <vector>

using namespace salespulse;

namespace {

using counts = row_counts<purchase_history>;

constexpr std::int64_t cdnow = 2357;

// Customers who joined over twelve weeks and were watched for 27 to 39, as those of CDNOW. Rates
// are squared exponentials, about as skewed as the gamma law fitted there.
std::vector<purchase_history> simulated(std::int64_t customers) {
  std::vector<purchase_history> rows;
  for (std::int64_t i = 0; i < customers; ++i) {
    random_stream draw(3, static_cast<std::uint64_t>(i));
    const auto wait = [&](double mean) { return -mean * std::log1p(-draw.uniform()); };
    const double rate = 0.004 * std::pow(wait(1), 2);
    const double stop = std::pow(draw.uniform(), 2.5);
    purchase_history c{0, 0, 189 + static_cast<std::int32_t>(draw.below(84))};
    for (double day = wait(1 / rate); day < c.age; day += wait(1 / rate)) {
      ++c.repeats;
      c.recency = static_cast<std::int32_t>(day) + 1;
      if (draw.chance(stop)) break;
    }
    rows.push_back(c);
  }
  return rows;
}

// The summaries of CDNOW in days where they stand beside the repository, else as many made up.
std::vector<purchase_history> rows_of(std::int64_t customers) {
  std::vector<purchase_history> rows;
  if (customers == cdnow) {
    std::FILE* file = std::fopen("../shared/data/customer_base/cdnow_summary_exact_days.csv", "r");
    char line[256];
    while (file != nullptr && std::fgets(line, sizeof line, file) != nullptr) {
      purchase_history c;
      if (std::sscanf(line, "%*d,%d,%d,%d", &c.repeats, &c.recency, &c.age) == 3) rows.push_back(c);
    }
    if (file != nullptr) std::fclose(file);
  }
  return rows.empty() ? simulated(customers) : rows;
}

const counts& base_of(std::int64_t customers) {
  static std::map<std::int64_t, counts> bases;
  auto at = bases.find(customers);
  if (at == bases.end()) {
    const std::vector<purchase_history> rows = rows_of(customers);
    at = bases.emplace(customers, counts(rows)).first;
  }
  return at->second;
}

void say(benchmark::State& state) {
  const auto distinct = static_cast<double>(base_of(state.range(0)).entries().size());
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["distinct"] = distinct;
  state.counters["bytes"] = distinct * static_cast<double>(sizeof(counts::entry));
}

// The floor: what it takes to count equal histories once.
void collapse(benchmark::State& state) {
  const std::vector<purchase_history> rows = rows_of(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(counts(rows));
  say(state);
}

template <auto Fit>
void fit(benchmark::State& state) {
  const counts& base = base_of(state.range(0));
  int iterations = 0;
  for (auto _ : state) {
    const auto f = Fit(base, {.ticks_per_unit = 7});
    if (!f.parameters) state.SkipWithError("no parameters");
    iterations = f.iterations;
  }
  report_peak(state, [&] { benchmark::DoNotOptimize(Fit(base, {.ticks_per_unit = 7})); });
  say(state);
  state.counters["iterations"] = iterations;
}

template <auto Fit>
void year_ahead(benchmark::State& state) {
  const counts& base = base_of(state.range(0));
  const auto f = Fit(base, {.ticks_per_unit = 7});
  for (auto _ : state) benchmark::DoNotOptimize(further_purchases(f, base, 52));
  say(state);
}

// Donors with six yearly appeals. There are 22 histories at most: the cost does not grow.
void bg_bb_six(benchmark::State& state) {
  std::vector<opportunity_history> rows;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    random_stream draw(5, static_cast<std::uint64_t>(i));
    const double buys = draw.uniform();
    const double leaves = 0.5 * draw.uniform();
    opportunity_history h{0, 0, 6};
    for (std::int64_t k = 1; k <= 6 && !draw.chance(leaves); ++k) {
      if (!draw.chance(buys)) continue;
      ++h.purchases;
      h.last = k;
    }
    rows.push_back(h);
  }
  const row_counts<opportunity_history> base{std::span<const opportunity_history>(rows)};
  int iterations = 0;
  for (auto _ : state) {
    const bg_bb_fit f = fit_bg_bb(base);
    if (!f.why.ok()) state.SkipWithError("no parameters");
    iterations = f.iterations;
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["distinct"] = static_cast<double>(base.entries().size());
  state.counters["iterations"] = iterations;
}

// Totals in cents, nearly all distinct: the cost is that of a pass over the rows per iteration.
void gamma_gamma_totals(benchmark::State& state) {
  std::vector<purchase_total> rows;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    random_stream draw(7, static_cast<std::uint64_t>(i));
    const auto wait = [&] { return -std::log1p(-draw.uniform()); };
    const double mean = 3000 / (wait() + wait() + wait() + wait());
    purchase_total t{1 + draw.below(8), 1};
    for (std::int64_t k = 0; k < 4 * t.purchases; ++k) {
      t.spend += static_cast<std::int64_t>(mean * wait());
    }
    rows.push_back(t);
  }
  const row_counts<purchase_total> base{std::span<const purchase_total>(rows)};
  int iterations = 0;
  for (auto _ : state) {
    const gamma_gamma_fit f = fit_gamma_gamma(base, {.units_per_amount = 100});
    if (!f.why.ok()) state.SkipWithError("no parameters");
    iterations = f.iterations;
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["distinct"] = static_cast<double>(base.entries().size());
  state.counters["iterations"] = iterations;
}

const bool registered = [] {
  const auto add = [](const char* name, void (*body)(benchmark::State&), std::int64_t n) {
    benchmark::RegisterBenchmark(name, body)->Arg(n)->Unit(benchmark::kMillisecond);
  };
  for (const std::int64_t n :
       {cdnow, std::int64_t{10'000}, std::int64_t{235'700}, std::int64_t{1'000'000}}) {
    add("collapse", collapse, n);
    add("bg_nbd", fit<fit_bg_nbd>, n);
    add("mbg_nbd", fit<fit_mbg_nbd>, n);
    add("pareto_nbd", fit<fit_pareto_nbd>, n);
    add("bg_bb", bg_bb_six, n);
    add("gamma_gamma", gamma_gamma_totals, n);
  }
  add("bg_nbd_year_ahead", year_ahead<fit_bg_nbd>, cdnow);
  add("pareto_nbd_year_ahead", year_ahead<fit_pareto_nbd>, cdnow);
  return true;
}();

}  // namespace
