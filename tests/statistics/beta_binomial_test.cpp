// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include "support/reference.hpp"
#include "variates.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/beta_binomial.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

using namespace salespulse;
using namespace salespulse::test;

namespace {

using counts = std::vector<binomial_count>;

beta_binomial_fit fit_of(const counts& units) {
  return fit_beta_binomial(row_counts<binomial_count>(std::span<const binomial_count>(units)));
}

counts generated_counts() {
  const auto one = rc::gen::map(rc::gen::pair(rc::gen::inRange(0, 60), rc::gen::inRange(0, 1000)),
                                [](const std::pair<int, int>& p) {
                                  return binomial_count{p.first * p.second / 1000, p.first};
                                });
  counts units = *rc::gen::container<counts>(one);
  // Half of the time units so unlike that there is a maximum inside.
  if (*rc::gen::arbitrary<bool>()) units.insert(units.end(), {{2, 30}, {28, 30}, {9, 20}});
  return units;
}

// Unlike enough for a maximum inside.
const counts spread_out{{2, 20}, {9, 20}, {5, 20}, {14, 25}, {3, 30}, {8, 12}, {1, 9}, {10, 40}};

}  // namespace

TEST_CASE("beta-binomial fits agree with Newton iterations in 50 digits") {
  const reference_table exact("reference/statistics/hp_eb_logit.csv");
  if (!available(exact, "reference/statistics/hp_eb_logit.csv")) return;
  accuracy found("reference/statistics/hp_eb_logit.csv");
  struct example {
    const char *name, *file, *successes, *cases;
    bool first_group;
  };
  for (const example& e :
       {example{"baseball_betabinomial", "baseball_efron_morris", "hits", "ab", false},
        example{"lirat_betabinomial", "lirat", "R", "N", false},
        example{"lirat_grp1_betabinomial", "lirat", "R", "N", true},
        example{"reps_synthetic_betabinomial", "reps_synthetic_binomial", "won", "deals", false}}) {
    const reference_table in("reference/statistics/inputs/" + std::string(e.file) + ".csv");
    REQUIRE(in.exists());
    counts units;
    for (std::size_t i = 0; i < in.rows(); ++i) {
      if (e.first_group && in.integer(i, "grp") != 1) continue;
      units.push_back({in.integer(i, e.successes), in.integer(i, e.cases)});
    }
    const beta_binomial_fit fit = fit_of(units);
    REQUIRE(fit.why.ok());
    const auto value = [&](const char* quantity, const std::string& index = "") {
      return exact.value({{"case", e.name}, {"quantity", quantity}, {"index", index}});
    };
    CAPTURE(e.name);
    // The likelihood of the batters is flat to 1e-12 over four digits of alpha.
    CHECK(found.error(fit.alpha.value.value_or(0), value("alpha"), e.name) <= 1e-10);
    CHECK(found.error(fit.beta.value.value_or(0), value("beta"), e.name) <= 1e-10);
    CHECK(found.absolute_error(fit.log_likelihood, value("loglik"), e.name) <= 1e-9);
    CHECK(found.error(fit.spread.mean, value("mean"), e.name) <= 1e-12);
    CHECK(found.error(fit.spread.correlation, value("rho"), e.name) <= 1e-10);
    CHECK(found.error(fit.log_alpha_error, value("se_log_alpha"), e.name) <= 1e-9);
    CHECK(found.error(fit.log_beta_error, value("se_log_beta"), e.name) <= 1e-9);
    for (std::size_t i = 0; i < units.size(); ++i) {
      const shrunken p = posterior(fit, units[i]);
      const std::string index = std::to_string(i + 1);
      CHECK(found.error(p.mean.value_or(0), value("posterior_mean", index), e.name) <= 1e-9);
      CHECK(found.error(p.deviation, value("posterior_sd", index), e.name) <= 1e-9);
    }
  }
}

TEST_CASE("posterior ranges of the batters agree with R's quantiles") {
  const reference_table r("reference/statistics/empirical_bayes_scalars.csv");
  if (!available(r, "reference/statistics/empirical_bayes_scalars.csv")) return;
  const reference_table in("reference/statistics/inputs/baseball_efron_morris.csv");
  counts units;
  for (std::size_t i = 0; i < in.rows(); ++i) {
    units.push_back({in.integer(i, "hits"), in.integer(i, "ab")});
  }
  const beta_binomial_fit fit = fit_of(units);
  // R's own fit has 6 digits, its quantiles of that fit so have 7.
  for (std::size_t i = 0; i < units.size(); ++i) {
    const shrunken p = posterior(fit, units[i]);
    REQUIRE(p.range);
    const auto value = [&](const char* quantity) {
      return r.value({{"case", "baseball_betabinomial"},
                      {"quantity", quantity},
                      {"index", std::to_string(i + 1)}});
    };
    CHECK(std::abs(p.range->lower / value("posterior_q025") - 1) < 1e-7);
    CHECK(std::abs(p.range->upper / value("posterior_q975") - 1) < 1e-7);
  }
}

TEST_CASE("units that all failed or all succeeded put the mean at its limit") {
  for (const bool success : {false, true}) {
    const counts units{{success ? 5 : 0, 5}, {success ? 9 : 0, 9}, {success ? 1 : 0, 1}};
    const beta_binomial_fit fit = fit_of(units);
    CHECK(fit.why == status{condition::boundary, 0});
    CHECK(fit.spread.mean == (success ? 1 : 0));
    CHECK(fit.log_likelihood == 0);
    CHECK(!fit.alpha.value);
    const shrunken p = posterior(fit, {3, 7});
    CHECK(p.why == status{condition::boundary, 0});
    CHECK(p.mean == (success ? 1.0 : 0.0));
    CHECK(!p.range);
  }
}

TEST_CASE("units that cannot be told apart are pooled and never get a large alpha") {
  for (const counts& units :
       {counts{{5, 10}, {50, 100}, {10, 20}}, counts{{4, 10}, {5, 10}, {6, 10}},
        counts{{400'000, 1'000'000}, {400'000, 1'000'000}}}) {
    const beta_binomial_fit fit = fit_of(units);
    CHECK(fit.why == status{condition::no_heterogeneity, 1});
    CHECK(fit.spread.correlation == 0);
    CHECK(!fit.alpha.value);
    CHECK(!fit.beta.value);
    CHECK(fit.log_likelihood == fit.pooled_log_likelihood);
    std::int64_t successes = 0, cases = 0;
    for (const binomial_count& u : units) successes += u.successes, cases += u.cases;
    const double rate = static_cast<double>(successes) / static_cast<double>(cases);
    CHECK(fit.spread.mean == rate);
    CHECK(close(fit.mean_error, std::sqrt(rate * (1 - rate) / static_cast<double>(cases))));
    const shrunken p = posterior(fit, units.front());
    CHECK(p.mean == rate);
    CHECK(p.own_weight == 0);
    CHECK(p.why.what == condition::no_heterogeneity);
  }
}

TEST_CASE("units of nothing but successes or nothing but failures have correlation 1") {
  const beta_binomial_fit fit = fit_of({{3, 3}, {0, 2}, {0, 8}, {1, 1}, {0, 4}});
  CHECK(fit.why == status{condition::boundary, 1});
  CHECK(fit.spread.correlation == 1);
  CHECK(close(fit.spread.mean, 0.4));
  CHECK(posterior(fit, {4, 4}).mean == 1.0);
  CHECK(posterior(fit, {0, 1}).mean == 0.0);
  CHECK(close(posterior(fit, {0, 0}).mean, 0.4));
  CHECK(!posterior(fit, {1, 2}).mean);
}

TEST_CASE("single cases tell nothing about correlation") {
  const beta_binomial_fit fit = fit_of({{0, 1}, {1, 1}, {1, 1}});
  CHECK(fit.why == status{condition::not_identified, 1});
  CHECK(close(fit.spread.mean, 2.0 / 3));
  CHECK(!posterior(fit, {1, 1}).mean);
}

TEST_CASE("impossible counts are refused with their entry") {
  CHECK(fit_of({{1, 2}, {3, 2}}).why == status{condition::count_exceeds_trials, 1});
  CHECK(fit_of({{1, 2}, {-1, 2}}).why == status{condition::negative_count, 0});
  CHECK(fit_of({{0, -2}, {1, 2}}).why == status{condition::negative_count, 0});
  CHECK(fit_of({{1, 2}, {0, 0}}).why.what == condition::insufficient_groups);
  CHECK(fit_of({}).why.what == condition::insufficient_groups);
  using entries = std::vector<row_counts<binomial_count>::entry>;
  CHECK(fit_beta_binomial(row_counts<binomial_count>(entries{{{1, 2}, 4}, {{2, 9}, -1}})).why ==
        status{condition::invalid_weight, 1});
  const beta_binomial_fit fit = fit_of(spread_out);
  CHECK(posterior(fit, {3, 2}).why.what == condition::count_exceeds_trials);
  CHECK_THROWS_AS(posterior(fit, {1, 2}, {1.5, 0}), invalid_input);
  CHECK_THROWS_AS(beta_spread_of(0, 1), invalid_input);
  CHECK(beta_spread_of(3, 1).mean == 0.75);
  CHECK(beta_spread_of(3, 1).correlation == 0.2);
}

TEST_CASE("units without cases change nothing and get the fitted distribution") {
  counts units = spread_out;
  const beta_binomial_fit fit = fit_of(units);
  REQUIRE(fit.why.ok());
  units.push_back({0, 0});
  const beta_binomial_fit same = fit_of(units);
  CHECK(same.alpha.value == fit.alpha.value);
  CHECK(same.units == fit.units);
  const shrunken p = posterior(fit, {0, 0});
  CHECK(close(p.mean, fit.spread.mean, 1e-14));
  CHECK(p.own_weight == 0);
}

TEST_CASE("units with a thousand million cases lose no digits") {
  // With so many cases a unit shows its probability: alpha and beta come out as if it were known,
  // up to 1 / n.
  counts large, larger;
  for (const std::int64_t percent : {12, 35, 40, 48, 55, 71}) {
    large.push_back({percent * 1'000'000, 100'000'000});
    larger.push_back({percent * 10'000'000, 1'000'000'000});
  }
  const beta_binomial_fit a = fit_of(large);
  const beta_binomial_fit b = fit_of(larger);
  REQUIRE(a.why.ok());
  REQUIRE(b.why.ok());
  CHECK(std::abs(*a.alpha.value / *b.alpha.value - 1) < 1e-6);
  CHECK(std::abs(*a.alpha.value / *b.alpha.value - 1) > 1e-9);
  // The probability of one count of n is 1 / n times the density, whatever n.
  CHECK(std::abs(a.log_likelihood - b.log_likelihood - 6 * std::log(10.0)) < 1e-6);
  const shrunken p = posterior(b, larger[0]);
  CHECK(close(p.mean, 0.12, 1e-7));
  CHECK(close(p.range->upper - p.range->lower, 2 * confidence_95.z * std::sqrt(0.12 * 0.88 / 1e9),
              1e-4));
  // The log-likelihood does not jump where its form changes, at as many cases as prior ones.
  const beta_binomial_fit flat = fit_of({{260, 1000}, {250, 1000}, {300, 1000}, {251, 1000}});
  REQUIRE(flat.why.ok());
  CHECK(flat.log_likelihood > flat.pooled_log_likelihood);
}

TEST_CASE("a shrunken rate lies between its own and the pooled one") {
  CHECK(rc::check("between", [] {
    const counts units = generated_counts();
    const beta_binomial_fit fit = fit_of(units);
    if (!fit.why.ok() && fit.why.what != condition::no_heterogeneity) return;
    RC_TAG(fit.why.ok() ? "inside" : "pooled");
    for (const binomial_count& u : units) {
      const shrunken p = posterior(fit, u);
      RC_ASSERT(p.mean.has_value());
      const double own = u.cases == 0
                             ? fit.spread.mean
                             : static_cast<double>(u.successes) / static_cast<double>(u.cases);
      RC_ASSERT(*p.mean >= std::min(own, fit.spread.mean) - 1e-12);
      RC_ASSERT(*p.mean <= std::max(own, fit.spread.mean) + 1e-12);
      RC_ASSERT(std::abs(*p.mean - (p.own_weight * own + (1 - p.own_weight) * fit.spread.mean)) <
                1e-12);
      if (p.range) RC_ASSERT(p.range->lower <= p.range->upper);
    }
  }));
}

TEST_CASE("at one proportion the posterior moves from the pool to the own rate and narrows") {
  const beta_binomial_fit fit = fit_of(spread_out);
  REQUIRE(fit.why.ok());
  const double own = 0.75;
  double distance = 1;
  double width = 1;
  double weight = -1;
  for (std::int64_t n = 4; n <= 4'000'000'000; n *= 10) {
    const shrunken p = posterior(fit, {n / 4 * 3, n});
    REQUIRE(p.range);
    CHECK(std::abs(*p.mean - own) < distance);
    CHECK(p.range->upper - p.range->lower < width);
    CHECK(p.own_weight > weight);
    distance = std::abs(*p.mean - own);
    width = p.range->upper - p.range->lower;
    weight = p.own_weight;
  }
  CHECK(distance < 1e-8);
}

TEST_CASE("the order of rows and how they were merged change no bit of a beta-binomial fit") {
  CHECK(rc::check("order and merge", [] {
    const counts units = generated_counts();
    const beta_binomial_fit fit = fit_of(units);
    counts reversed(units.rbegin(), units.rend());
    const auto cut =
        static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(units.size()) + 1));
    const std::span<const binomial_count> all(units);
    row_counts<binomial_count> merged(all.subspan(cut));
    merged += row_counts<binomial_count>(all.first(cut));
    for (const beta_binomial_fit& other : {fit_of(reversed), fit_beta_binomial(merged)}) {
      RC_ASSERT(other.why == fit.why);
      RC_ASSERT(other.spread.mean == fit.spread.mean);
      RC_ASSERT(other.spread.correlation == fit.spread.correlation);
      RC_ASSERT(other.log_likelihood == fit.log_likelihood);
      RC_ASSERT(other.log_alpha_error == fit.log_alpha_error);
    }
    // Nothing that cannot be printed.
    RC_ASSERT(std::isfinite(fit.log_likelihood) && std::isfinite(fit.log_alpha_error));
    RC_ASSERT(std::isfinite(fit.mean_error) && std::isfinite(fit.spread.correlation));
    RC_ASSERT(fit.log_likelihood >= fit.pooled_log_likelihood ||
              fit.why.what == condition::boundary || !fit.alpha.value);
  }));
}

TEST_CASE("beta-binomial intervals hold the parameters that made the data") {
  const double alpha = 6, beta = 14;
  int mean_hits = 0, alpha_hits = 0, unit_hits = 0, units_seen = 0, fits = 0;
  for (std::uint64_t sample = 0; sample < 150; ++sample) {
    random_stream random(11, sample);
    counts units;
    std::vector<double> truth;
    for (int i = 0; i < 120; ++i) {
      truth.push_back(beta_variate(random, alpha, beta));
      const std::int64_t n = 5 + random.below(60);
      units.push_back({binomial_variate(random, n, truth.back()), n});
    }
    const beta_binomial_fit fit = fit_of(units);
    REQUIRE(fit.why.ok());
    ++fits;
    const double z = confidence_95.z;
    mean_hits += std::abs(fit.spread.mean - alpha / (alpha + beta)) <= z * fit.mean_error ? 1 : 0;
    alpha_hits += std::abs(std::log(*fit.alpha.value / alpha)) <= z * fit.log_alpha_error ? 1 : 0;
    // One unit a sample: those of a sample share the fit.
    const shrunken p = posterior(fit, units[0], confidence_80);
    unit_hits += p.range->lower <= truth[0] && truth[0] <= p.range->upper ? 1 : 0;
    ++units_seen;
  }
  CHECK(plausible_coverage(mean_hits, fits, 0.95));
  CHECK(plausible_coverage(alpha_hits, fits, 0.95));
  CHECK(plausible_coverage(unit_hits, units_seen, 0.80));
}

TEST_CASE("more units than a double counts are refused") {
  const row_counts<binomial_count> many(std::vector<row_counts<binomial_count>::entry>{
      {{1, 2}, INT64_MAX}, {{0, 2}, INT64_MAX}, {{2, 2}, 1}});
  const beta_binomial_fit fit = fit_beta_binomial(many);
  CHECK(fit.why == status{condition::too_large, -1});
  CHECK(fit.units == 0);
}

TEST_CASE("a rate that rounds to 1 ends in finite figures or an honest status") {
  for (const std::int64_t n : {std::int64_t{1'000'000'000'000}, INT64_MAX}) {
    const row_counts<binomial_count> units(std::vector<row_counts<binomial_count>::entry>{
        {{n - 1, n}, 1}, {{n - 5, n}, 1}, {{5, 5}, 1}});
    const beta_binomial_fit fit = fit_beta_binomial(units);
    CHECK((fit.why.ok() || fit.why.what == condition::no_heterogeneity ||
           fit.why.what == condition::not_converged));
    CHECK(std::isfinite(fit.pooled_log_likelihood));
    CHECK(std::isfinite(fit.log_likelihood));
    CHECK(std::isfinite(fit.mean_error));
  }
}

TEST_CASE("the range of a rare unit keeps its digits at both ends") {
  const counts units{{1, 2}, {0, 7}, {6, 7}, {2, 9}, {4, 4}};
  const beta_binomial_fit fit =
      fit_beta_binomial(row_counts<binomial_count>(std::span<const binomial_count>(units)));
  REQUIRE(fit.alpha.value);
  // With so many cases the posterior is that of a gamma over the cases, whatever their number.
  const shrunken some = posterior(fit, {3, 1'000'000'000});
  const shrunken all = posterior(fit, {3, 1'000'000'000'000'000});
  const shrunken most = posterior(fit, {3, 1'000'000'000'000'000'000});
  REQUIRE((some.range && all.range && most.range));
  CHECK(std::abs(all.range->upper / some.range->upper * 1e6 - 1) < 1e-7);
  CHECK(std::abs(most.range->upper / all.range->upper * 1e3 - 1) < 1e-7);
  CHECK(most.range->lower < *most.mean);
  CHECK(*most.mean < most.range->upper);
}
