// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include "support/reference.hpp"
#include "variates.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/heterogeneity.hpp>

#include <rapidcheck.h>

#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

using namespace salespulse;
using namespace salespulse::test;

namespace {

using counts = std::vector<binomial_count>;

const counts small{{3, 10}, {7, 12}, {1, 9}, {5, 5}};

}  // namespace

TEST_CASE("thirty groups of the Maven pipeline differ no more than chance makes them") {
  const reference_table in("data/maven/sales_pipeline.csv");
  if (!available(in, "sales_pipeline.csv")) return;
  std::map<std::string, binomial_count> by_group;
  for (std::size_t i = 0; i < in.rows(); ++i) {
    const std::string& stage = in.text(i, "deal_stage");
    if (stage != "Won" && stage != "Lost") continue;
    binomial_count& group = by_group[in.text(i, "sales_agent")];
    ++group.cases;
    if (stage == "Won") ++group.successes;
  }
  counts groups;
  for (const auto& [name, group] : by_group) groups.push_back(group);
  REQUIRE(groups.size() == 30);
  const chi_square_test t = pearson_homogeneity(groups);
  CHECK(t.why.ok());
  CHECK(std::abs(t.statistic - 33.3477) < 5e-5);
  CHECK(t.degrees == 29);
  CHECK(std::abs(t.p_value - 0.26394) < 5e-6);
  CHECK(close(g_homogeneity(groups).statistic, t.statistic, 1e-3));
  const figure icc = intraclass_correlation(groups);
  CHECK(std::abs(*icc.value - 0.000676) < 5e-7);
  CHECK(std::abs(1 / *icc.value - 1 - 1478) < 1);
  CHECK(tarone_overdispersion(groups).p_value > 0.2);
  // A chi-square with so many cases is right, so dealing out gives the same.
  const permutation_result dealt = permuted_homogeneity(groups, {.draws = 999});
  CHECK(close(dealt.statistic.value, t.statistic));
  CHECK(std::abs(dealt.p_value - t.p_value) < 4 * dealt.monte_carlo_error);
}

TEST_CASE("Pearson's and the G statistic are those of the printed formulas") {
  const double rate = 16.0 / 36;
  double x = 0, g = 0;
  for (const binomial_count& u : small) {
    const auto n = static_cast<double>(u.cases), y = static_cast<double>(u.successes);
    x += (y - n * rate) * (y - n * rate) / (n * rate * (1 - rate));
    g += 2 * y * std::log(y / (n * rate));
    if (n > y) g += 2 * (n - y) * std::log((n - y) / (n * (1 - rate)));
  }
  CHECK(close(pearson_homogeneity(small).statistic, x));
  CHECK(close(g_homogeneity(small).statistic, g));
  // With two degrees the tail is exp(-x / 2).
  const chi_square_test two = pearson_homogeneity(counts{{900, 1000}, {100, 1000}, {5000, 10'000}});
  CHECK(close(two.statistic, 1280));
  CHECK(close(two.p_value, std::exp(-640.0), 1e-11));
  CHECK(close(two.log_p_value, -640));
}

TEST_CASE("p-values keep their digits far out in the tail") {
  // R: pchisq(12800, 1, lower = FALSE, log.p = TRUE) and pchisq(708.06..., 1, ...).
  const chi_square_test far = pearson_homogeneity(counts{{9000, 10'000}, {1000, 10'000}});
  CHECK(close(far.statistic, 12'800));
  CHECK(far.p_value == 0);
  CHECK(close(far.log_p_value, -6404.9544696873454));
  const chi_square_test less = pearson_homogeneity(counts{{800, 1000}, {205, 1000}});
  CHECK(close(less.log_p_value, -357.54231939769346));
  CHECK(close(std::log(less.p_value), less.log_p_value));
  // Where the two ways to work out the logarithm meet: tails of exp(-x / 2) around e^-644.
  for (const std::int64_t n : {14'000, 14'200, 14'500}) {
    const counts units{{n * 9 / 10, n}, {n * 9 / 10, n}, {n * 8 / 10, n}};
    const chi_square_test t = pearson_homogeneity(units);
    CHECK(close(t.log_p_value, -t.statistic / 2));
  }
}

TEST_CASE("rates that are equal to the last case give a statistic of exactly 0") {
  const counts equal{{3, 9}, {1'000'000'000, 3'000'000'000}, {5, 15}};
  for (const chi_square_test& t : {pearson_homogeneity(equal), g_homogeneity(equal)}) {
    CHECK(t.statistic == 0);
    CHECK(t.p_value == 1);
    CHECK(t.log_p_value == 0);
  }
  CHECK(tarone_overdispersion(equal).z < 0);
  CHECK(*intraclass_correlation(equal).value < 0);
  // One case more in three thousand million is seen.
  const counts almost{{3, 9}, {1'000'000'001, 3'000'000'000}, {5, 15}};
  CHECK(pearson_homogeneity(almost).statistic > 0);
  CHECK(close(pearson_homogeneity(almost).statistic, g_homogeneity(almost).statistic, 1e-6));
}

TEST_CASE("Tarone's statistic is that of the printed formula") {
  const double rate = 16.0 / 36;
  double s = 0, n1 = 0, pairs = 0;
  for (const binomial_count& u : small) {
    const auto n = static_cast<double>(u.cases), y = static_cast<double>(u.successes);
    s += (y - n * rate) * (y - n * rate) / (rate * (1 - rate));
    n1 += n;
    pairs += n * (n - 1);
  }
  const score_test t = tarone_overdispersion(small);
  CHECK(close(t.z, (s - n1) / std::sqrt(2 * pairs)));
  CHECK(close(t.p_value, 0.5 * std::erfc(t.z / std::sqrt(2.0))));
  CHECK(close(t.log_p_value, std::log(t.p_value)));
  CHECK(tarone_overdispersion(counts{{0, 1}, {1, 1}}).why.what == condition::not_identified);
  const score_test far = tarone_overdispersion(counts{{9000, 10'000}, {1000, 10'000}});
  CHECK(far.p_value == 0);
  CHECK(std::abs(far.log_p_value / (-0.5 * far.z * far.z) - 1) < 1e-5);
}

TEST_CASE("the index of dispersion is Pearson's against expected counts") {
  const std::vector<poisson_count> units{{5, 1}, {3, 1}, {9, 2}, {0, 0}};
  const chi_square_test t = poisson_dispersion(units);
  CHECK(close(t.statistic, (0.75 * 0.75 + 1.25 * 1.25) / 4.25 + 0.5 * 0.5 / 8.5));
  CHECK(t.degrees == 2);
  CHECK(close(t.p_value, std::exp(-t.statistic / 2)));
  const double inf = std::numeric_limits<double>::infinity();
  using p = std::vector<poisson_count>;
  CHECK(poisson_dispersion(p{{1, inf}, {1, 1}}).why == status{condition::non_finite_input, 0});
  CHECK(poisson_dispersion(p{{1, 1}, {1, 0}}).why == status{condition::events_without_exposure, 1});
  CHECK(poisson_dispersion(p{{0, 1}, {0, 2}}).why.what == condition::no_events);
  CHECK(poisson_dispersion(p{{5, 1}}).why.what == condition::insufficient_groups);
}

TEST_CASE("Cochran's Q of the eight schools agrees with R") {
  const reference_table r("reference/statistics/empirical_bayes_scalars.csv");
  if (!available(r, "reference/statistics/empirical_bayes_scalars.csv")) return;
  accuracy found("reference/statistics/empirical_bayes_scalars.csv");
  for (const auto& [name, file] : {std::pair{"eight_schools_DL", "eight_schools"},
                                   std::pair{"synth30_DL", "normal_normal_synth30"}}) {
    const reference_table in("reference/statistics/inputs/" + std::string(file) + ".csv");
    std::vector<measurement> units;
    for (std::size_t i = 0; i < in.rows(); ++i) {
      units.push_back({in.number(i, "y"), in.number(i, "se")});
    }
    const cochran_test c = cochran_q(units);
    const auto value = [&](const char* quantity) {
      return r.value({{"case", name}, {"quantity", quantity}});
    };
    CHECK(found.error(c.test.statistic, value("Q"), name) <= 1e-12);
    CHECK(found.error(c.test.p_value, value("Q_p"), name) <= 1e-11);
    CHECK(close(c.h, std::sqrt(value("Q") / c.test.degrees)));
    // R's I^2 is of the estimate of the variance; with DerSimonian and Laird's it is this one.
    CHECK(found.error(100 * c.i_squared, value("I2"), name) <= 1e-9);
  }
  CHECK(cochran_q(std::vector<measurement>{{1, 1}}).test.why.what ==
        condition::insufficient_groups);
  CHECK(cochran_q(std::vector<measurement>{{1, 1}, {2, 0}}).test.why ==
        status{condition::nonpositive_value, 1});
}

TEST_CASE("dealing out agrees with going through all arrangements") {
  // Two units with 4 and 6 cases, 4 successes, 3 of them in the first: hypergeometric.
  const counts units{{3, 4}, {1, 6}};
  // Off expectation by 1.4; as far or farther off are 3, 4 and 0 in the first unit.
  const double exact = (4.0 * 6 + 1 + 15) / 210;
  const permutation_result r = permuted_homogeneity(units, {.draws = 40'000, .seed = 3});
  CHECK(std::abs(r.p_value - exact) < 4 * r.monte_carlo_error);
  CHECK(!r.exact);
  CHECK(r.arrangements == 40'000);
  // Failures dealt out instead are the same test.
  const permutation_result turned =
      permuted_homogeneity(counts{{1, 4}, {5, 6}}, {.draws = 40'000, .seed = 3});
  CHECK(turned.p_value == r.p_value);
  // Five events on exposures 1 and 3, all on the first: binomial with a quarter.
  const std::vector<poisson_count> events{{5, 1}, {0, 3}};
  const permutation_result p = permuted_dispersion(events, {.draws = 40'000});
  CHECK(std::abs(p.p_value - std::pow(0.25, 5)) < 4 * p.monte_carlo_error + 1e-4);
  CHECK_THROWS_AS(permuted_homogeneity(units, {.draws = 0}), invalid_input);
  CHECK(permuted_homogeneity(counts{{3, 20'000'000}, {4, 9}}).why.what == condition::too_large);
  CHECK(permuted_homogeneity(counts{{3, 2}, {4, 9}}).why ==
        status{condition::count_exceeds_trials, 0});
}

TEST_CASE("bad tables have their statuses") {
  CHECK(pearson_homogeneity(counts{{3, 2}, {1, 2}}).why ==
        status{condition::count_exceeds_trials, 0});
  CHECK(pearson_homogeneity(counts{{1, 2}, {-1, 2}}).why == status{condition::negative_count, 1});
  CHECK(pearson_homogeneity(counts{{1, 2}, {0, 0}}).why.what == condition::insufficient_groups);
  CHECK(g_homogeneity(counts{{0, 2}, {0, 9}}).why.what == condition::one_class);
  CHECK(tarone_overdispersion(counts{{2, 2}, {9, 9}}).why.what == condition::one_class);
  CHECK(intraclass_correlation(counts{{2, 2}, {9, 9}}).why.what == condition::one_class);
}

TEST_CASE("the order of the units changes no bit of a test") {
  CHECK(rc::check("order", [] {
    const auto drawn = *rc::gen::container<std::vector<std::pair<int, int>>>(
        rc::gen::pair(rc::gen::inRange(0, 50), rc::gen::inRange(0, 1000)));
    counts units;
    for (const auto& [n, share] : drawn) units.push_back({n * share / 1000, n});
    const counts reversed(units.rbegin(), units.rend());
    const chi_square_test a = pearson_homogeneity(units), b = pearson_homogeneity(reversed);
    RC_ASSERT(a.statistic == b.statistic && a.p_value == b.p_value);
    RC_ASSERT(g_homogeneity(units).statistic == g_homogeneity(reversed).statistic);
    RC_ASSERT(tarone_overdispersion(units).z == tarone_overdispersion(reversed).z);
    RC_ASSERT(permuted_homogeneity(units, {.draws = 19}).p_value ==
              permuted_homogeneity(reversed, {.draws = 19}).p_value);
    RC_ASSERT(std::isfinite(a.log_p_value) && a.p_value >= 0 && a.p_value <= 1);
  }));
}

TEST_CASE("under the null each test rejects as often as its level says") {
  constexpr int samples = 400;
  int pearson = 0, g = 0, tarone = 0, dispersion = 0, cochran = 0;
  for (std::uint64_t sample = 0; sample < samples; ++sample) {
    random_stream random(51, sample);
    counts units;
    std::vector<poisson_count> events;
    std::vector<measurement> measured;
    for (int i = 0; i < 40; ++i) {
      const std::int64_t n = 20 + random.below(60);
      units.push_back({binomial_variate(random, n, 0.4), n});
      const double exposure = 4 + 8 * random.uniform();
      events.push_back({poisson_variate(random, 2 * exposure), exposure});
      const double error = 0.5 + random.uniform();
      measured.push_back({3 + error * normal_variate(random), error});
    }
    pearson += pearson_homogeneity(units).p_value < 0.1 ? 1 : 0;
    g += g_homogeneity(units).p_value < 0.1 ? 1 : 0;
    tarone += tarone_overdispersion(units).p_value < 0.1 ? 1 : 0;
    dispersion += poisson_dispersion(events).p_value < 0.1 ? 1 : 0;
    cochran += cochran_q(measured).test.p_value < 0.1 ? 1 : 0;
  }
  for (const int rejected : {pearson, g, tarone, dispersion, cochran}) {
    CHECK(plausible_coverage(rejected, samples, 0.1));
  }
}

TEST_CASE("tables of more cases than 64 bits count are refused") {
  const counts units(5, {INT64_MAX / 2, INT64_MAX});
  CHECK(pearson_homogeneity(units).why == status{condition::too_large, -1});
  CHECK(g_homogeneity(units).why == status{condition::too_large, -1});
  CHECK(tarone_overdispersion(units).why == status{condition::too_large, -1});
  CHECK(intraclass_correlation(units).why == status{condition::too_large, -1});
  CHECK(permuted_homogeneity(units).why == status{condition::too_large, -1});
  const counts fewer{{INT64_MAX / 8, INT64_MAX / 4}, {INT64_MAX / 16, INT64_MAX / 4}};
  CHECK(std::isfinite(pearson_homogeneity(fewer).log_p_value));
}
