// SPDX-License-Identifier: BSL-1.0
// Logistic and Poisson regression on 10 covariates, 10^4 to 10^6 rows, one thread, CPU time; items
// are rows. The data come from integers that peer_glm.R makes too. Floor: one pass over the design
// that forms the weighted cross product, times the 6 that Newton's method takes from 0.
#include "peak_memory.hpp"
#include <salespulse/statistics/logistic.hpp>
#include <salespulse/statistics/poisson.hpp>

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>
#include <vector>

using namespace salespulse;

namespace {

constexpr std::size_t columns = 10;

struct sample {
  std::size_t rows;
  std::vector<double> x;  // by column
  std::vector<std::int64_t> yes;
  std::vector<std::int64_t> count;
};

// A multiplicative congruential sequence whose products stay below 2^53, so that a language with
// nothing but doubles makes the same one.
class sequence {
public:
  double next() noexcept {
    state_ = state_ * 16807 % 2147483647;
    return static_cast<double>(state_) / 2147483647;
  }

private:
  std::int64_t state_ = 20240601;
};

sample sample_of(std::size_t rows) {
  sample s{rows, std::vector<double>(rows * columns), {}, {}};
  sequence draws;
  for (std::size_t i = 0; i < rows; ++i) {
    double eta = -0.5;
    for (std::size_t j = 0; j < columns; ++j) {
      const double x = draws.next() - 0.5;
      s.x[j * rows + i] = x;
      eta += x * (static_cast<double>(j) - 4.5) / 3;
    }
    s.yes.push_back(draws.next() < 1 / (1 + std::exp(-eta)) ? 1 : 0);
    s.count.push_back(static_cast<std::int64_t>(std::exp(eta) * 2 * draws.next()));
  }
  return s;
}

void logistic(benchmark::State& state, regression_method method) {
  const sample s = sample_of(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    const regression_fit fit =
        fit_logistic({.covariates = {s.x, s.rows, columns}, .events = s.yes}, {.method = method});
    benchmark::DoNotOptimize(fit.coefficients.data());
    if (!fit.why.ok()) state.SkipWithError("the fit failed");
    state.counters["iterations"] = fit.iterations;
    state.counters["first_coefficient"] = fit.coefficients[1];
  }
  report_peak(state, [&] {
    benchmark::DoNotOptimize(
        fit_logistic({.covariates = {s.x, s.rows, columns}, .events = s.yes}, {.method = method}));
  });
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void logistic_likelihood(benchmark::State& state) {
  logistic(state, regression_method::maximum_likelihood);
}
void logistic_firth(benchmark::State& state) { logistic(state, regression_method::firth); }

void poisson(benchmark::State& state) {
  const sample s = sample_of(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    const regression_fit fit =
        fit_poisson({.covariates = {s.x, s.rows, columns}, .events = s.count});
    benchmark::DoNotOptimize(fit.coefficients.data());
    if (!fit.why.ok()) state.SkipWithError("the fit failed");
    state.counters["iterations"] = fit.iterations;
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

// 6 times the lower half of X'X with the intercept, row by row as a plain loop has it.
void floor_of_cross_products(benchmark::State& state) {
  const sample s = sample_of(static_cast<std::size_t>(state.range(0)));
  constexpr std::size_t k = columns + 1;
  std::vector<double> by_row(s.rows * k, 1.0);
  for (std::size_t i = 0; i < s.rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) by_row[i * k + j + 1] = s.x[j * s.rows + i];
  }
  for (auto _ : state) {
    double total = 0;
    for (int pass = 0; pass < 6; ++pass) {
      double sum[k][k] = {};
      for (std::size_t i = 0; i < s.rows; ++i) {
        const double* const x = by_row.data() + i * k;
        for (std::size_t a = 0; a < k; ++a) {
          for (std::size_t b = 0; b <= a; ++b) sum[a][b] += x[a] * x[b];
        }
      }
      total += sum[k - 1][0];
    }
    benchmark::DoNotOptimize(total);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void sizes(benchmark::internal::Benchmark* b) {
  b->RangeMultiplier(10)->Range(10'000, 1'000'000)->Unit(benchmark::kMillisecond);
}
BENCHMARK(logistic_likelihood)->Apply(sizes);
BENCHMARK(logistic_firth)->Apply(sizes);
BENCHMARK(poisson)->Apply(sizes);
BENCHMARK(floor_of_cross_products)->Apply(sizes);

}  // namespace
