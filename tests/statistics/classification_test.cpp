// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/classification.hpp>

#include <salespulse/core/random.hpp>
#include <salespulse/core/result.hpp>
#include <support/catch.hpp>

#include "support/reference.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

using namespace salespulse;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using salespulse::test::accuracy;
using salespulse::test::reference_table;

namespace {

constexpr const char* scalars_file = "reference/statistics/logistic_scalars.csv";
constexpr const char* off_file = "reference/statistics/inputs/miscalibrated_predictions.csv";
constexpr const char* fitted_file = "reference/statistics/inputs/birthwt_predictions.csv";
constexpr const char* isotonic_file = "reference/statistics/isotonic_pav.csv";

std::vector<forecast> forecasts(const reference_table& table) {
  std::vector<forecast> cases;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    cases.push_back({table.number(i, "p"), table.integer(i, "y") == 1, 1});
  }
  return cases;
}

// Few distinct probabilities, so that there are ties; weights 0 to 3.
std::vector<forecast> some_cases() {
  const auto n = *rc::gen::inRange(2, 60);
  std::vector<forecast> cases;
  for (int i = 0; i < n; ++i) {
    cases.push_back({*rc::gen::inRange(0, 17) / 16.0, *rc::gen::arbitrary<bool>(),
                     *rc::gen::inRange<std::int64_t>(0, 4)});
  }
  return cases;
}

std::vector<forecast> repeated(const std::vector<forecast>& cases) {
  std::vector<forecast> rows;
  for (const forecast& f : cases) {
    for (std::int64_t i = 0; i < f.weight; ++i) rows.push_back({f.probability, f.event, 1});
  }
  return rows;
}

}  // namespace

TEST_CASE("the area under the curve and DeLong's variance agree with R") {
  const reference_table r(scalars_file);
  const reference_table fitted(fitted_file);
  const reference_table off(off_file);
  if (!available(r, scalars_file) || !available(fitted, fitted_file) || !available(off, off_file)) {
    return;
  }
  accuracy a(scalars_file);
  const ranking_quality q = area_under_curve(forecasts(fitted), confidence_95);
  REQUIRE(q.why.ok());
  REQUIRE(q.range.has_value());
  const auto of = [&](const char* quantity, const char* index) {
    return r.value({{"case", "birthwt_metrics"}, {"quantity", quantity}, {"index", index}});
  };
  CHECK(a.error(q.value, of("auc", ""), "auc") <= 1e-15);
  CHECK(a.error(*q.variance.value, of("auc_delong_var", ""), "variance") <= 1e-13);
  CHECK(a.error(q.range->lower, of("auc_delong_ci95", "lower"), "lower") <= 1e-13);
  CHECK(a.error(q.range->upper, of("auc_delong_ci95", "upper"), "upper") <= 1e-13);
  CHECK(a.error(area_under_curve(forecasts(off), confidence_95).value,
                r.value({{"case", "miscalibrated_metrics_rms_val.prob"},
                         {"quantity", "value"},
                         {"index", "C (ROC)"}}),
                "miscalibrated auc") <= 1e-14);
}

TEST_CASE("scores, calibration and tests agree with R") {
  const reference_table r(scalars_file);
  const reference_table fitted(fitted_file);
  const reference_table off(off_file);
  if (!available(r, scalars_file) || !available(fitted, fitted_file) || !available(off, off_file)) {
    return;
  }
  accuracy a(scalars_file);
  const std::vector<forecast> good = forecasts(fitted);
  const std::vector<forecast> poor = forecasts(off);
  const auto good_of = [&](const char* quantity) {
    return r.value({{"case", "birthwt_metrics"}, {"quantity", quantity}});
  };
  const auto poor_of = [&](const char* quantity) {
    return r.value({{"case", "miscalibrated_metrics"}, {"quantity", quantity}});
  };
  CHECK(a.error(brier(good).score, good_of("brier"), "brier") <= 1e-14);
  CHECK(a.error(brier(good).uncertainty, good_of("brier_reference"), "uncertainty") <= 1e-14);
  CHECK(a.error(*brier(good).skill.value, good_of("brier_skill"), "skill") <= 1e-13);
  CHECK(a.error(*log_loss(good).mean.value, good_of("log_loss"), "log loss") <= 1e-14);
  CHECK(a.error(brier(poor).score, poor_of("brier"), "brier") <= 1e-14);
  CHECK(a.error(*log_loss(poor).mean.value, poor_of("log_loss"), "log loss") <= 1e-14);
  const calibration_line line = fit_calibration_line(poor);
  REQUIRE(line.why.ok());
  CHECK(a.error(line.slope, poor_of("calibration_slope"), "slope") <= 1e-12);
  CHECK(a.error(line.intercept, poor_of("calibration_intercept_joint"), "intercept") <= 1e-12);
  CHECK(a.error(*line.in_the_large.value, poor_of("calibration_in_the_large"), "in the large") <=
        1e-12);
  // A maximum-likelihood fit is calibrated on its own data.
  const calibration_line own = fit_calibration_line(good);
  CHECK_THAT(own.slope, WithinAbs(1, 1e-12));
  CHECK_THAT(own.intercept, WithinAbs(0, 1e-12));
  CHECK_THAT(*own.in_the_large.value, WithinAbs(0, 1e-12));
  const calibration_test test = spiegelhalter_test(poor);
  CHECK(a.error(test.z, poor_of("spiegelhalter_z"), "z") <= 1e-13);
  CHECK(a.error(test.p_value, poor_of("spiegelhalter_p_two_sided"), "p") <= 1e-12);
  const calibration_bins table = calibration_table(poor);
  CHECK(table.bins.size() == 10);
  CHECK(a.error(*table.chi_square.value, poor_of("hosmer_lemeshow_chi2_g10"), "chi square") <=
        1e-13);

  std::vector<forecast> rounded = poor;
  for (forecast& f : rounded) f.probability = std::nearbyint(f.probability * 10) / 10;
  const brier_parts parts = brier(rounded);
  const auto part_of = [&](const char* quantity) {
    return r.value({{"case", "miscalibrated_rounded1"}, {"quantity", quantity}});
  };
  CHECK(a.error(parts.score, part_of("brier"), "brier rounded") <= 1e-14);
  CHECK(a.error(parts.reliability, part_of("reliability"), "reliability") <= 1e-13);
  CHECK(a.error(parts.resolution, part_of("resolution"), "resolution") <= 1e-13);
  CHECK(a.error(parts.uncertainty, part_of("uncertainty"), "uncertainty") <= 1e-14);
}

TEST_CASE("isotonic rates agree with R") {
  const reference_table table(isotonic_file);
  if (!available(table, isotonic_file)) return;
  accuracy a(isotonic_file);
  const isotonic_calibration fit = fit_isotonic(forecasts(table));
  REQUIRE(fit.why.ok());
  for (std::size_t i = 0; i < table.rows(); ++i) {
    CHECK(a.error(calibrated(fit, table.number(i, "p")), table.number(i, "pav")) <= 1e-14);
  }
}

TEST_CASE("one class has no ranking") {
  const std::vector<forecast> only{{0.2, true, 1}, {0.7, true, 3}, {0.5, false, 0}};
  CHECK(area_under_curve(only, confidence_95).why.what == condition::one_class);
  CHECK(brier(only).why.ok());
  CHECK(brier(only).skill.why.what == condition::one_class);
  CHECK(fit_calibration_line(only).why.what == condition::one_class);
  CHECK(fit_calibration_line(only).in_the_large.why.what == condition::one_class);
}

TEST_CASE("tied or perfect scores have an area and no interval") {
  const std::vector<forecast> tied{{0.3, true, 2}, {0.3, false, 5}};
  const ranking_quality q = area_under_curve(tied, confidence_95);
  CHECK(q.why.ok());
  CHECK(q.value == 0.5);
  CHECK(q.variance.value == 0);
  CHECK_FALSE(q.range.has_value());
  CHECK(q.range_why.what == condition::degenerate);
  const std::vector<forecast> perfect{{1, true, 3}, {2, true, 1}, {-7, false, 4}};
  CHECK(area_under_curve(perfect, confidence_95).value == 1);
  CHECK(area_under_curve(perfect, confidence_95).range_why.what == condition::degenerate);
  const std::vector<forecast> single{{0.3, true, 1}, {0.2, false, 5}};
  CHECK(area_under_curve(single, confidence_95).value == 1);
  CHECK(area_under_curve(single, confidence_95).range_why.what == condition::insufficient_data);
  const std::vector<forecast> two{
      {0.3, true, 1}, {0.2, false, 1}, {0.25, true, 1}, {0.28, false, 1}};
  // By hand: of four pairs three are won; shares 1, 1/2 of the events and 1, 1/2 of the others.
  CHECK(area_under_curve(two, confidence_95).value == 0.75);
  CHECK_THAT(*area_under_curve(two, confidence_95).variance.value, WithinRel(0.125, 1e-15));
}

TEST_CASE("an event that was ruled out is an infinite loss, never clipped in silence") {
  const std::vector<forecast> cases{{0.5, true, 1}, {0, false, 1}, {0, true, 0}, {0, true, 2}};
  const logarithmic_loss refused = log_loss(cases);
  CHECK_FALSE(refused.mean.value.has_value());
  CHECK(refused.mean.why == status{condition::nonpositive_value, 3});
  CHECK(refused.clipped == 0);
  const std::vector<forecast> certain{{1, true, 1}, {1, false, 1}};
  CHECK(log_loss(certain).mean.why == status{condition::nonpositive_value, 1});
  const logarithmic_loss clipped = log_loss(cases, {.clip = 1e-3});
  CHECK(clipped.clip == 1e-3);
  CHECK(clipped.clipped == 3);
  CHECK_THAT(*clipped.mean.value,
             WithinRel((std::log(2) - std::log1p(-1e-3) - 2 * std::log(1e-3)) / 4, 1e-15));
  // What is certain and comes costs nothing; denormal probabilities have their logarithm.
  const std::vector<forecast> right{{1, true, 1}, {0, false, 1}};
  CHECK(log_loss(right).mean.value == 0);
  const std::vector<forecast> rare{{1e-310, true, 1}};
  CHECK_THAT(*log_loss(rare).mean.value, WithinRel(310 * std::log(10.0), 1e-12));
  CHECK_THROWS_AS(log_loss(cases, {.clip = 0.5}), invalid_input);
}

TEST_CASE("a calibration line needs probabilities that differ and are not certain") {
  const std::vector<forecast> constant{{0.3, true, 4}, {0.3, false, 6}};
  const calibration_line line = fit_calibration_line(constant);
  CHECK(line.why.what == condition::zero_variance);
  REQUIRE(line.in_the_large.value.has_value());
  CHECK_THAT(*line.in_the_large.value, WithinRel(std::log(0.4 / 0.6) - std::log(0.3 / 0.7), 1e-12));
  const std::vector<forecast> certain{{0.3, true, 4}, {0.3, false, 6}, {1, true, 1}};
  CHECK(fit_calibration_line(certain).why == status{condition::nonpositive_value, 2});
  const std::vector<forecast> separated{{0.3, false, 4}, {0.6, true, 6}};
  CHECK(fit_calibration_line(separated).why.what == condition::separation);
  CHECK(fit_calibration_line(separated).in_the_large.value.has_value());
  const std::vector<forecast> even{{0.5, false, 4}, {1, true, 6}};
  CHECK(spiegelhalter_test(even).why.what == condition::zero_variance);
}

TEST_CASE("bins of a calibration table hold every case once") {
  const std::vector<forecast> cases{{0, false, 1}, {0.1, true, 1}, {0.25, false, 2}, {1, true, 3}};
  const calibration_bins wide_bins =
      calibration_table(cases, {.bins = 4, .kind = bin_kind::equal_width});
  REQUIRE(wide_bins.bins.size() == 3);
  CHECK(wide_bins.bins[0].cases == 2);
  CHECK(wide_bins.bins[0].events == 1);
  CHECK(wide_bins.bins[0].rate == 0.5);
  CHECK(wide_bins.bins[1].lower == 0.25);
  CHECK(wide_bins.bins[1].cases == 2);
  CHECK(wide_bins.bins[2].upper == 1);
  CHECK(wide_bins.bins[2].mean_probability == 1);
  CHECK(wide_bins.chi_square.why == status{condition::zero_variance, 2});
  const std::vector<forecast> same{{0.25, false, 3}, {0.25, true, 1}};
  const calibration_bins one = calibration_table(same);
  REQUIRE(one.bins.size() == 1);
  CHECK(one.bins[0].cases == 4);
  CHECK(one.chi_square.value == 0);
  CHECK_THROWS_AS(calibration_table(cases, {.bins = 0}), invalid_input);
}

TEST_CASE("measures of forecasts obey their laws") {
  CHECK(rc::check("weights are repeated rows, and the order of rows does not matter", [] {
    const std::vector<forecast> cases = some_cases();
    std::vector<forecast> rows = repeated(cases);
    if (rows.empty()) return;
    std::reverse(rows.begin(), rows.end());
    const ranking_quality q = area_under_curve(cases, confidence_90);
    const ranking_quality r = area_under_curve(rows, confidence_90);
    RC_ASSERT(q.why == r.why);
    RC_ASSERT(q.value == r.value);
    RC_ASSERT(q.variance.value == r.variance.value);
    RC_ASSERT(brier(cases).score == brier(rows).score);
    RC_ASSERT(brier(cases).reliability == brier(rows).reliability);
    RC_ASSERT(log_loss(cases, {.clip = 1e-9}).mean.value ==
              log_loss(rows, {.clip = 1e-9}).mean.value);
    const isotonic_calibration a = fit_isotonic(cases);
    const isotonic_calibration b = fit_isotonic(rows);
    RC_ASSERT(a.steps.size() == b.steps.size());
    for (std::size_t i = 0; i < a.steps.size(); ++i) {
      RC_ASSERT(a.steps[i].rate == b.steps[i].rate);
      RC_ASSERT(a.steps[i].lower == b.steps[i].lower);
    }
    const calibration_bins s = calibration_table(cases);
    const calibration_bins t = calibration_table(rows);
    std::int64_t held = 0;
    RC_ASSERT(s.bins.size() == t.bins.size());
    for (std::size_t i = 0; i < s.bins.size(); ++i) {
      RC_ASSERT(s.bins[i].cases == t.bins[i].cases);
      held += s.bins[i].cases;
    }
    RC_ASSERT(held == static_cast<std::int64_t>(rows.size()));
  }));
  CHECK(rc::check("the area is that of all pairs, and of any rising map of the scores", [] {
    const std::vector<forecast> cases = some_cases();
    const ranking_quality q = area_under_curve(cases, confidence_90);
    if (!q.why.ok()) return;
    double won = 0;
    double pairs = 0;
    std::vector<forecast> mapped = cases;
    std::vector<forecast> turned = cases;
    for (forecast& f : mapped) f.probability = std::exp(9 * f.probability) - 1e6;
    for (forecast& f : turned) f.probability = -f.probability;
    for (const forecast& f : cases) {
      for (const forecast& g : cases) {
        if (!f.event || g.event) continue;
        const auto weight = static_cast<double>(f.weight * g.weight);
        pairs += weight;
        won += weight * (f.probability > g.probability    ? 1
                         : f.probability == g.probability ? 0.5
                                                          : 0);
      }
    }
    RC_ASSERT(q.value == won / pairs);
    RC_ASSERT(area_under_curve(mapped, confidence_90).value == q.value);
    RC_ASSERT(area_under_curve(mapped, confidence_90).variance.value == q.variance.value);
    RC_ASSERT(std::abs(area_under_curve(turned, confidence_90).value - (1 - q.value)) <= 1e-15);
  }));
  CHECK(rc::check("Brier's parts add up, with and without bins", [] {
    const std::vector<forecast> cases = some_cases();
    for (const std::size_t bins : {0U, 1U, 3U, 10U}) {
      const brier_parts b = brier(cases, {.bins = bins});
      if (!b.why.ok()) return;
      const double sum = b.reliability - b.resolution + b.uncertainty + b.within_bin_variance -
                         b.within_bin_covariance;
      RC_ASSERT(std::abs(sum - b.score) <= 4e-16);
      RC_ASSERT(bins > 0 || (b.within_bin_variance == 0 && b.within_bin_covariance == 0));
    }
  }));
  CHECK(rc::check("isotonic rates rise, keep the events, and beat what was said", [] {
    const std::vector<forecast> cases = some_cases();
    const isotonic_calibration fit = fit_isotonic(cases);
    if (!fit.why.ok()) return;
    std::int64_t events = 0;
    std::int64_t all = 0;
    for (std::size_t i = 0; i < fit.steps.size(); ++i) {
      events += fit.steps[i].events;
      if (i > 0) {
        RC_ASSERT(fit.steps[i].rate > fit.steps[i - 1].rate);
        RC_ASSERT(fit.steps[i].lower > fit.steps[i - 1].upper);
      }
    }
    for (const forecast& f : cases) all += f.event ? f.weight : 0;
    RC_ASSERT(events == all);
    std::vector<forecast> better = cases;
    for (forecast& f : better) f.probability = calibrated(fit, f.probability);
    RC_ASSERT(brier(better).score <= brier(cases).score + 1e-15);
    RC_ASSERT(brier(better).reliability <= 1e-30);
  }));
}

TEST_CASE("DeLong's interval and the calibration tests hold as often as they promise") {
  constexpr int runs = 400;
  constexpr std::size_t cases = 120;
  int held = 0;
  int slopes = 0;
  int rejected = 0;
  // Scores uniform; the event with probability score: of a pair with one event, the area is 5/6.
  for (int run = 0; run < runs; ++run) {
    random_stream draws(99, static_cast<std::uint64_t>(run));
    std::vector<forecast> drawn(cases);
    for (forecast& f : drawn) {
      f.probability = draws.uniform();
      f.event = draws.chance(f.probability);
    }
    const ranking_quality q = area_under_curve(drawn, confidence_90);
    REQUIRE(q.range.has_value());
    held += q.range->lower <= 5.0 / 6 && 5.0 / 6 <= q.range->upper ? 1 : 0;
    const calibration_line line = fit_calibration_line(drawn);
    REQUIRE(line.why.ok());
    slopes += std::abs(line.slope - 1) <= confidence_90.z * line.slope_std_error ? 1 : 0;
    rejected += spiegelhalter_test(drawn).p_value < 0.1 ? 1 : 0;
  }
  const double bound = 3.29 * std::sqrt(0.09 / runs);
  CHECK(std::abs(held / 400.0 - 0.9) <= bound);
  CHECK(std::abs(slopes / 400.0 - 0.9) <= bound);
  CHECK(std::abs(rejected / 400.0 - 0.1) <= bound);
}

TEST_CASE("billions of cases are counted without overflow") {
  const std::vector<forecast> many{{0.9, true, 600'000'000'000},
                                   {0.9, false, 200'000'000'000},
                                   {0.1, true, 100'000'000'000},
                                   {0.1, false, 100'000'000'000}};
  const ranking_quality q = area_under_curve(many, confidence_95);
  // (6 * 1 + 6 * 2 / 2 + 1 * 1 / 2) / (7 * 3)
  CHECK_THAT(q.value, WithinRel(12.5 / 21, 1e-15));
  REQUIRE(q.range.has_value());
  CHECK(q.range->upper - q.range->lower < 1e-5);
  const isotonic_calibration fit = fit_isotonic(many);
  CHECK(fit.steps.size() == 2);
}

TEST_CASE("bad forecasts are named by row") {
  const std::vector<forecast> nan{{0.5, true, 1}, {std::nan(""), false, 1}};
  CHECK(area_under_curve(nan, confidence_95).why == status{condition::non_finite_input, 1});
  const std::vector<forecast> beyond{{0.5, true, 1}, {1.5, false, 1}};
  CHECK(area_under_curve(beyond, confidence_95).why.ok());
  CHECK(brier(beyond).why == status{condition::invalid_probability, 1});
  CHECK(log_loss(beyond).mean.why == status{condition::invalid_probability, 1});
  CHECK(fit_calibration_line(beyond).why == status{condition::invalid_probability, 1});
  CHECK(fit_isotonic(beyond).why == status{condition::invalid_probability, 1});
  CHECK(calibration_table(beyond).why == status{condition::invalid_probability, 1});
  const std::vector<forecast> negative{{0.5, true, -1}};
  CHECK(brier(negative).why == status{condition::invalid_weight, 0});
  CHECK(brier({}).why.what == condition::insufficient_data);
  CHECK_THROWS_AS(calibrated(fit_isotonic({}), 0.5), invalid_input);
}

TEST_CASE("weights that would overflow are refused by row") {
  constexpr std::int64_t half = INT64_MAX / 2;
  const std::vector<forecast> many{{0.9, true, half - 1}, {0.1, false, 1}};
  CHECK(area_under_curve(many, confidence_95).value == 1);
  const std::vector<forecast> more{{0.9, true, half - 1}, {0.1, false, 1}, {0.5, false, 1}};
  CHECK(area_under_curve(more, confidence_95).why == status{condition::invalid_weight, 2});
  CHECK(brier(more).why == status{condition::invalid_weight, 2});
}

TEST_CASE("an edge belongs to the bin above it, however the product rounds") {
  // 0.29 * 100 is below 29.
  const std::vector<forecast> apart{{0.285, false}, {0.29, true}};
  CHECK(brier(apart, {.bins = 100}).within_bin_variance == 0);
  const std::vector<forecast> together{{0.29, false}, {0.295, true}};
  CHECK(brier(together, {.bins = 100}).within_bin_variance > 0);
  const std::vector<forecast> ends{{0, false}, {1, true}};
  CHECK(brier(ends, {.bins = SIZE_MAX}).within_bin_variance == 0);
}

TEST_CASE("a clip below the spacing of doubles at 1 moves a probability of 1") {
  const std::vector<forecast> wrong{{1, false}, {0.5, true}};
  const logarithmic_loss l = log_loss(wrong, {.clip = 1e-20});
  REQUIRE(l.mean.value.has_value());
  CHECK_THAT(*l.mean.value, WithinRel((20 * std::log(10.0) + std::log(2.0)) / 2, 1e-14));
  CHECK(l.clipped == 1);
}

TEST_CASE("a bin whose share of chi-square overflows has none") {
  const std::vector<forecast> cases{{5e-324, true}, {0.3, true}, {0.7, false}};
  const calibration_bins table = calibration_table(cases, {.bins = 3});
  CHECK(table.why.ok());
  CHECK_FALSE(table.chi_square.value.has_value());
  CHECK(table.chi_square.why == status{condition::zero_variance, 0});
}
