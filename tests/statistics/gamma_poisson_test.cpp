// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include "support/reference.hpp"
#include "variates.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/gamma_poisson.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

using namespace salespulse;
using namespace salespulse::test;

namespace {

using counts = std::vector<poisson_count>;

gamma_poisson_fit fit_of(const counts& units) {
  return fit_gamma_poisson(row_counts<poisson_count>(std::span<const poisson_count>(units)));
}

const counts spread_out{{5, 94.3}, {1, 15.7},  {5, 62.9}, {14, 125.8},
                        {3, 5.2},  {19, 31.4}, {22, 10}};

counts generated_counts() {
  const auto one = rc::gen::map(rc::gen::pair(rc::gen::inRange(0, 40), rc::gen::inRange(1, 500)),
                                [](const std::pair<int, int>& p) {
                                  return poisson_count{p.first, p.second / 8.0};
                                });
  counts units = *rc::gen::container<counts>(one);
  if (*rc::gen::arbitrary<bool>()) units.insert(units.end(), {{1, 30}, {50, 20}, {9, 20}});
  return units;
}

}  // namespace

TEST_CASE("the gamma-Poisson fit of the pumps agrees with Newton iterations in 50 digits") {
  const reference_table exact("reference/statistics/hp_eb_logit.csv");
  if (!available(exact, "reference/statistics/hp_eb_logit.csv")) return;
  accuracy found("reference/statistics/hp_eb_logit.csv");
  const reference_table in("reference/statistics/inputs/pumps.csv");
  REQUIRE(in.rows() == 10);
  counts units;
  for (std::size_t i = 0; i < in.rows(); ++i) {
    units.push_back({in.integer(i, "failures"), in.number(i, "t")});
  }
  const gamma_poisson_fit fit = fit_of(units);
  REQUIRE(fit.why.ok());
  const auto value = [&](const char* quantity, const std::string& index = "") {
    return exact.value({{"case", "pumps_gammapoisson"}, {"quantity", quantity}, {"index", index}});
  };
  CHECK(found.error(fit.shape.value.value_or(0), value("shape"), "pumps") <= 1e-9);
  CHECK(found.error(fit.rate.value.value_or(0), value("rate"), "pumps") <= 1e-9);
  // The reference leaves out nothing that depends on the data.
  CHECK(found.absolute_error(fit.log_likelihood, value("loglik"), "pumps") <= 1e-9);
  for (std::size_t i = 0; i < units.size(); ++i) {
    const shrunken p = posterior(fit, units[i]);
    const std::string index = std::to_string(i + 1);
    CHECK(found.error(p.mean.value_or(0), value("posterior_mean", index), "pumps") <= 1e-9);
    CHECK(found.error(p.deviation, value("posterior_sd", index), "pumps") <= 1e-9);
  }
  const reference_table r("reference/statistics/empirical_bayes_scalars.csv");
  for (std::size_t i = 0; i < units.size(); ++i) {
    const shrunken p = posterior(fit, units[i]);
    const auto quantile = [&](const char* quantity) {
      return r.value({{"case", "pumps_gammapoisson"},
                      {"quantity", quantity},
                      {"index", std::to_string(i + 1)}});
    };
    // R's own fit has 10 digits.
    CHECK(close(p.range->lower, quantile("posterior_q025"), 1e-8));
    CHECK(close(p.range->upper, quantile("posterior_q975"), 1e-8));
  }
}

TEST_CASE("gamma-Poisson units that cannot be told apart are pooled") {
  for (const counts& units : {counts{{5, 1}, {5, 1}, {5, 1}}, counts{{4, 2}, {9, 4}, {2, 1}},
                              counts{{1'000'000, 1}, {1'000'100, 1}}}) {
    const gamma_poisson_fit fit = fit_of(units);
    CHECK(fit.why == status{condition::no_heterogeneity, 1});
    CHECK(fit.variation == 0);
    CHECK(!fit.shape.value);
    CHECK(!fit.rate.value);
    CHECK(fit.log_likelihood == fit.pooled_log_likelihood);
    double events = 0, exposure = 0;
    for (const poisson_count& u : units) {
      events += static_cast<double>(u.events);
      exposure += u.exposure;
    }
    CHECK(close(fit.mean, events / exposure));
    CHECK(close(fit.mean_error, std::sqrt(events) / exposure));
    CHECK(posterior(fit, units[0]).mean == fit.mean);
    CHECK(!posterior(fit, units[0]).range);
  }
}

TEST_CASE("no event at all puts the rate at 0") {
  const gamma_poisson_fit fit = fit_of({{0, 3}, {0, 1}, {0, 0}});
  CHECK(fit.why == status{condition::boundary, 0});
  CHECK(fit.mean == 0);
  CHECK(fit.log_likelihood == 0);
  CHECK(posterior(fit, {2, 1}).mean == 0.0);
}

TEST_CASE("units without exposure change nothing, and events there are refused") {
  counts units = spread_out;
  const gamma_poisson_fit fit = fit_of(units);
  REQUIRE(fit.why.ok());
  units.push_back({0, 0});
  CHECK(fit_of(units).shape.value == fit.shape.value);
  CHECK(close(posterior(fit, {0, 0}).mean, fit.mean, 1e-14));
  CHECK(close(posterior(fit, {0, 0}).deviation, std::sqrt(*fit.shape.value) / *fit.rate.value));
  units.push_back({1, 0});
  // Entries are in order of events: 0 with no exposure, 1 with none.
  CHECK(fit_of(units).why == status{condition::events_without_exposure, 1});
  CHECK(posterior(fit, {1, 0}).why.what == condition::events_without_exposure);
}

TEST_CASE("impossible exposures are refused with their entry") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  CHECK(fit_of({{1, nan}, {1, 2}, {1, nan}, {1, 3}}).why == status{condition::non_finite_input, 2});
  CHECK(fit_of({{1, 2}, {1, inf}}).why == status{condition::non_finite_input, 1});
  CHECK(fit_of({{1, 2}, {1, -1}}).why == status{condition::negative_time, 0});
  CHECK(fit_of({{-1, 2}, {1, 1}}).why == status{condition::negative_count, 0});
  CHECK(fit_of({{1, 2}}).why.what == condition::insufficient_groups);
  CHECK(fit_of({{1, 1e308}, {2, 1e308}}).why.what == condition::out_of_range);
  CHECK(fit_of({{1, 1e-320}, {2, 1e-320}}).why.what == condition::out_of_range);
  CHECK(!posterior(fit_of(spread_out), {0, nan}).mean);
  CHECK_THROWS_AS(posterior(fit_of(spread_out), {1, 2}, {0, 0}), invalid_input);
}

TEST_CASE("a change of the unit of exposure changes rates by its factor and nothing else") {
  const gamma_poisson_fit fit = fit_of(spread_out);
  for (const double factor : {1e-9, 1.0 / 365.25, 7.0, 86'400e9}) {
    counts units = spread_out;
    for (poisson_count& u : units) u.exposure *= factor;
    const gamma_poisson_fit other = fit_of(units);
    REQUIRE(other.why.ok());
    CHECK(close(other.shape.value, *fit.shape.value));
    CHECK(close(*other.rate.value / factor, *fit.rate.value));
    CHECK(close(other.mean * factor, fit.mean));
    CHECK(close(other.mean_error * factor, fit.mean_error));
    CHECK(close(other.log_shape_error, fit.log_shape_error));
    CHECK(std::abs(other.log_likelihood - fit.log_likelihood) < 1e-11);
  }
}

TEST_CASE("counts of a thousand million lose no digits") {
  // Units that show their rate: shape is that of a gamma fit to the rates, up to 1 / events.
  counts large, larger;
  for (const std::int64_t rate : {12, 35, 40, 48, 55, 71}) {
    large.push_back({rate * 1'000'000, 1e6});
    larger.push_back({rate * 100'000'000, 1e8});
  }
  const gamma_poisson_fit a = fit_of(large);
  const gamma_poisson_fit b = fit_of(larger);
  REQUIRE(a.why.ok());
  REQUIRE(b.why.ok());
  CHECK(close(a.shape.value, *b.shape.value, 1e-6));
  CHECK(std::abs(a.log_likelihood - b.log_likelihood - 6 * std::log(100.0)) < 1e-5);
  CHECK(close(posterior(b, larger[0]).mean, 12, 1e-7));
}

TEST_CASE("a shrunken event rate lies between its own and the pooled one") {
  CHECK(rc::check("between", [] {
    const counts units = generated_counts();
    const gamma_poisson_fit fit = fit_of(units);
    if (!fit.why.ok() && fit.why.what != condition::no_heterogeneity) return;
    RC_TAG(fit.why.ok() ? "inside" : "pooled");
    RC_ASSERT(fit.log_likelihood >= fit.pooled_log_likelihood);
    for (const poisson_count& u : units) {
      const shrunken p = posterior(fit, u);
      RC_ASSERT(p.mean.has_value());
      const double own = static_cast<double>(u.events) / u.exposure;
      RC_ASSERT(*p.mean >= std::min(own, fit.mean) * (1 - 1e-12));
      RC_ASSERT(*p.mean <= std::max(own, fit.mean) * (1 + 1e-12));
      if (p.range) RC_ASSERT(p.range->lower <= *p.mean && *p.mean <= p.range->upper + 1e-300);
    }
  }));
}

TEST_CASE("at one event rate the posterior moves from the pool to the own rate and narrows") {
  const gamma_poisson_fit fit = fit_of(spread_out);
  double distance = 10;
  double width = 10;
  for (std::int64_t events = 1; events <= 1'000'000'000; events *= 10) {
    const shrunken p = posterior(fit, {events, static_cast<double>(events) / 1.5});
    CHECK(std::abs(*p.mean - 1.5) < distance);
    CHECK(p.range->upper - p.range->lower < width);
    distance = std::abs(*p.mean - 1.5);
    width = p.range->upper - p.range->lower;
  }
  CHECK(distance < 1e-8);
}

TEST_CASE("the order of rows and how they were merged change no bit of a gamma-Poisson fit") {
  CHECK(rc::check("order and merge", [] {
    const counts units = generated_counts();
    const gamma_poisson_fit fit = fit_of(units);
    const counts reversed(units.rbegin(), units.rend());
    const auto cut =
        static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(units.size()) + 1));
    const std::span<const poisson_count> all(units);
    row_counts<poisson_count> merged(all.subspan(cut));
    merged += row_counts<poisson_count>(all.first(cut));
    for (const gamma_poisson_fit& other : {fit_of(reversed), fit_gamma_poisson(merged)}) {
      RC_ASSERT(other.why == fit.why);
      RC_ASSERT(other.mean == fit.mean);
      RC_ASSERT(other.variation == fit.variation);
      RC_ASSERT(other.log_likelihood == fit.log_likelihood);
      RC_ASSERT(other.log_rate_error == fit.log_rate_error);
    }
  }));
}

TEST_CASE("gamma-Poisson intervals hold the parameters that made the data") {
  const double shape = 3, rate = 2;
  int mean_hits = 0, shape_hits = 0, rate_hits = 0, unit_hits = 0, fits = 0;
  for (std::uint64_t sample = 0; sample < 150; ++sample) {
    random_stream random(12, sample);
    counts units;
    std::vector<double> truth;
    for (int i = 0; i < 150; ++i) {
      truth.push_back(gamma_variate(random, shape) / rate);
      const double exposure = 0.5 + 6 * random.uniform();
      units.push_back({poisson_variate(random, truth.back() * exposure), exposure});
    }
    const gamma_poisson_fit fit = fit_of(units);
    REQUIRE(fit.why.ok());
    ++fits;
    const double z = confidence_95.z;
    mean_hits += std::abs(fit.mean - shape / rate) <= z * fit.mean_error ? 1 : 0;
    shape_hits += std::abs(std::log(*fit.shape.value / shape)) <= z * fit.log_shape_error ? 1 : 0;
    rate_hits += std::abs(std::log(*fit.rate.value / rate)) <= z * fit.log_rate_error ? 1 : 0;
    const shrunken p = posterior(fit, units[0], confidence_80);
    unit_hits += p.range->lower <= truth[0] && truth[0] <= p.range->upper ? 1 : 0;
  }
  CHECK(plausible_coverage(mean_hits, fits, 0.95));
  CHECK(plausible_coverage(shape_hits, fits, 0.95));
  CHECK(plausible_coverage(rate_hits, fits, 0.95));
  CHECK(plausible_coverage(unit_hits, fits, 0.80));
}

TEST_CASE("units beyond a double's count and posteriors beyond its range are refused") {
  const row_counts<poisson_count> many(std::vector<row_counts<poisson_count>::entry>{
      {{1, 2}, INT64_MAX}, {{0, 2}, INT64_MAX}, {{5, 2}, 1}});
  CHECK(fit_gamma_poisson(many).why == status{condition::too_large, -1});
  const row_counts<poisson_count> short_exposures(std::vector<row_counts<poisson_count>::entry>{
      {{1, 2e-300}, 3}, {{0, 7e-300}, 4}, {{16, 7e-300}, 4}});
  const gamma_poisson_fit fit = fit_gamma_poisson(short_exposures);
  REQUIRE(fit.why.ok());
  CHECK(posterior(fit, {1'000'000, 5e-324}).mean);
  const shrunken p = posterior(fit, {INT64_MAX, 5e-324});
  CHECK(p.why == status{condition::out_of_range, 0});
  CHECK(!p.mean);
  CHECK(!p.range);
}
