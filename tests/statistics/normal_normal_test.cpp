// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include "support/reference.hpp"
#include "variates.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/normal_normal.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

using namespace salespulse;
using namespace salespulse::test;

namespace {

using units_t = std::vector<measurement>;

// Coaching effects in eight schools (Rubin 1981).
const units_t schools{{28, 15}, {8, 10}, {-3, 16}, {7, 11}, {-1, 9}, {1, 11}, {18, 10}, {12, 18}};
const units_t apart{{0.1, 0.4}, {1.3, 0.2}, {-0.8, 0.3}, {2.2, 0.5}, {0.6, 0.25}, {-1.9, 0.6}};

const std::pair<between_variance, const char*> methods[] = {
    {between_variance::restricted_likelihood, "REML"},
    {between_variance::maximum_likelihood, "ML"},
    {between_variance::der_simonian_laird, "DL"},
    {between_variance::paule_mandel, "PM"}};

units_t read(const char* file) {
  const reference_table in("reference/statistics/inputs/" + std::string(file) + ".csv");
  units_t units;
  for (std::size_t i = 0; i < in.rows(); ++i) {
    units.push_back({in.number(i, "y"), in.number(i, "se")});
  }
  return units;
}

units_t generated_units() {
  units_t units;
  const auto drawn = *rc::gen::container<std::vector<std::pair<int, int>>>(
      rc::gen::pair(rc::gen::inRange(-1000, 1000), rc::gen::inRange(1, 300)));
  for (const auto& [value, error] : drawn) units.push_back({value / 64.0, error / 64.0});
  units.push_back({3.5, 0.5});
  units.push_back({-1.25, 2});
  units.push_back({0.5, 1});
  return units;
}

// The posterior of tau by brute force: the midpoint rule in u = tau / (1 + tau).
struct brute {
  double mean = 0, deviation = 0, tau = 0, unit_mean = 0, unit_deviation = 0, below = 0;
};
brute by_brute_force(const units_t& units, double cauchy, const measurement& unit, double at) {
  constexpr int steps = 200'000;
  double z = 0, m = 0, mm = 0, t = 0, um = 0, umm = 0, below = 0;
  for (int i = 0; i < steps; ++i) {
    const double u = (i + 0.5) / steps;
    const double tau = 4 * u / (1 - u);
    double w = 0, wy = 0, logs = 0, q = 0;
    for (const measurement& x : units) {
      const double v = x.std_error * x.std_error + tau * tau;
      w += 1 / v;
      wy += x.value / v;
      logs += std::log(v);
    }
    const double mu = wy / w;
    for (const measurement& x : units) {
      q += (x.value - mu) * (x.value - mu) / (x.std_error * x.std_error + tau * tau);
    }
    double density = std::exp(-0.5 * (logs + q + std::log(w)) + 20) / ((1 - u) * (1 - u));
    if (cauchy > 0) density /= 1 + tau * tau / (cauchy * cauchy);
    const double v = unit.std_error * unit.std_error;
    const double pooled = v / (v + tau * tau);
    const double mean = pooled * mu + (1 - pooled) * unit.value;
    const double variance = (1 - pooled) * v + pooled * pooled / w;
    z += density;
    m += density * mu;
    mm += density * (mu * mu + 1 / w);
    t += density * tau;
    um += density * mean;
    umm += density * (mean * mean + variance);
    // The step that holds `at` counts in part.
    const double place = at / (4 + at) * steps;
    below += density * std::clamp(place - i, 0.0, 1.0);
  }
  return {m / z,  std::sqrt(mm / z - m / z * (m / z)),    t / z,
          um / z, std::sqrt(umm / z - um / z * (um / z)), below / z};
}

}  // namespace

TEST_CASE("normal-normal fits agree with 50-digit values") {
  const reference_table exact("reference/statistics/hp_eb_logit.csv");
  if (!available(exact, "reference/statistics/hp_eb_logit.csv")) return;
  const reference_table r("reference/statistics/empirical_bayes_scalars.csv");
  accuracy found("reference/statistics/hp_eb_logit.csv");
  accuracy found_r("reference/statistics/empirical_bayes_scalars.csv");
  for (const auto& [name, file] : {std::pair{"eight_schools", "eight_schools"},
                                   std::pair{"synth30", "normal_normal_synth30"}}) {
    const units_t units = read(file);
    for (const auto& [method, suffix] : methods) {
      const std::string which = std::string(name) + "_" + suffix;
      CAPTURE(which);
      const normal_normal_fit fit = fit_normal_normal(units, method);
      CHECK(fit.method == method);
      CHECK(fit.why.what == (fit.between == 0 ? condition::no_heterogeneity : condition::ok));
      CHECK((fit.between == 0) == (std::string(name) == "eight_schools"));
      const auto rvalue = [&](const char* quantity, const std::string& index = "") {
        return r.value({{"case", which}, {"quantity", quantity}, {"index", index}});
      };
      // R iterates to 1e-14; DerSimonian and Laird's and Paule and Mandel's are exact there.
      CHECK(found_r.error(fit.between, rvalue("tau2"), which) <= 1e-9);
      CHECK(found_r.error(fit.mean, rvalue("mu"), which) <= 1e-9);
      CHECK(found_r.error(fit.mean_error, rvalue("se_mu"), which) <= 1e-9);
      const interval next = *prediction(fit);
      CHECK(found_r.error(next.lower, rvalue("pred_interval", "lb"), which) <= 1e-9);
      CHECK(found_r.error(next.upper, rvalue("pred_interval", "ub"), which) <= 1e-9);
      const bool likelihood = method == between_variance::restricted_likelihood ||
                              method == between_variance::maximum_likelihood;
      CHECK(fit.between_error.has_value() == likelihood);
      for (std::size_t i = 0; i < units.size(); ++i) {
        const shrunken p = posterior(fit, units[i]);
        const std::string index = std::to_string(i + 1);
        CHECK(found_r.error(p.mean.value_or(0), rvalue("blup", index), which) <= 1e-9);
        if (fit.why.ok()) {
          CHECK(found_r.error(p.deviation, rvalue("blup_se", index), which) <= 1e-9);
        }
      }
      if (!likelihood) continue;
      CHECK(found_r.error(*fit.between_error, rvalue("se_tau2"), which) <= 1e-9);
      const auto value = [&](const char* quantity, const std::string& index = "") {
        return exact.value({{"case", which}, {"quantity", quantity}, {"index", index}});
      };
      CHECK(found.error(fit.between, value("tau2"), which) <= 1e-9);
      CHECK(found.error(fit.mean, value("mu"), which) <= 1e-9);
      CHECK(found.error(fit.mean_error, value("se_mu"), which) <= 1e-9);
      CHECK(found.absolute_error(fit.log_likelihood, value("loglik_ml"), which) <= 1e-9);
      CHECK(found.absolute_error(fit.restricted_log_likelihood, value("loglik_reml_kernel"),
                                 which) <= 1e-9);
      for (std::size_t i = 0; i < units.size(); ++i) {
        const shrunken p = posterior(fit, units[i]);
        const std::string index = std::to_string(i + 1);
        CHECK(found.error(p.mean.value_or(0), value("blup", index), which) <= 1e-9);
        CHECK(found.error(1 - p.own_weight, value("shrinkage_B", index), which) <= 1e-9);
      }
    }
    const between_interval b = interval_of_between(units);
    REQUIRE(b.range);
    const std::string which = std::string(name) + "_REML";
    const auto limit = [&](const char* index) {
      return r.value({{"case", which}, {"quantity", "qprofile_ci_tau2"}, {"index", index}});
    };
    CHECK(std::abs(b.range->lower - limit("tau^2|ci.lb")) <= 1e-9);
    CHECK(std::abs(b.range->upper / limit("tau^2|ci.ub") - 1) <= 1e-9);
  }
}

TEST_CASE("the eight schools are pooled by every estimate of the variance and by no integral") {
  for (const auto& [method, suffix] : methods) {
    const normal_normal_fit fit = fit_normal_normal(schools, method);
    CHECK(fit.why.what == condition::no_heterogeneity);
    CHECK(fit.between == 0);
    CHECK(close(fit.mean, 7.685616724956035));
    const shrunken p = posterior(fit, schools[0]);
    CHECK(p.mean == fit.mean);
    CHECK(p.own_weight == 0);
    CHECK(!p.range);
  }
  const integrated_normal_normal fit = integrate_normal_normal(schools);
  CHECK(fit.why.ok());
  CHECK(fit.tau_mode == 0);
  CHECK(fit.tau_median > 1);
  const shrunken p = posterior(fit, schools[0]);
  CHECK(*p.mean > 10);
  CHECK(p.own_weight > 0.1);
  CHECK(p.range->upper > 25);
}

TEST_CASE("integrals over tau agree with brute force") {
  for (const units_t& units : {schools, apart}) {
    for (const double scale : {0.0, 5.0, 0.05}) {
      tau_prior prior;
      if (scale > 0) prior.half_cauchy_scale = scale;
      const integrated_normal_normal fit = integrate_normal_normal(units, prior);
      REQUIRE(fit.why.ok());
      const brute exact = by_brute_force(units, scale, units[0], fit.tau_median);
      CHECK(close(fit.mean.value, exact.mean, 1e-8));
      CHECK(close(fit.mean_deviation.value, exact.deviation, 1e-8));
      CHECK(close(fit.tau_mean.value, exact.tau, 1e-8));
      CHECK(std::abs(exact.below - 0.5) < 1e-6);
      const shrunken p = posterior(fit, units[0]);
      CHECK(close(p.mean, exact.unit_mean, 1e-8));
      CHECK(close(p.deviation, exact.unit_deviation, 1e-8));
      double weights = 0;
      for (const auto& n : fit.nodes) {
        CHECK(n.weight > 0);
        weights += n.weight;
      }
      CHECK(close(weights, 1));
      CHECK(fit.nodes.size() < 1000);
      CHECK(fit.tau_range.lower < fit.tau_median);
      CHECK(fit.tau_median < fit.tau_range.upper);
    }
  }
}

TEST_CASE("with the flat prior the likeliest tau is that of REML") {
  const integrated_normal_normal fit = integrate_normal_normal(apart);
  CHECK(close(fit.tau_mode * fit.tau_mode, fit_normal_normal(apart).between, 1e-9));
}

TEST_CASE("few units leave some moments of tau infinite") {
  const units_t three{{1, 0.5}, {2, 0.4}, {4, 0.7}};
  const units_t four{{1, 0.5}, {2, 0.4}, {4, 0.7}, {3, 0.5}};
  const units_t two{{1, 0.5}, {2, 0.4}};
  CHECK(integrate_normal_normal(two).why.what == condition::insufficient_groups);
  const integrated_normal_normal a = integrate_normal_normal(three);
  CHECK(a.why.ok());
  CHECK(a.tau_mean.why.what == condition::infinite_mean);
  CHECK(a.mean.why.what == condition::infinite_mean);
  CHECK(a.tau_median > 0);
  CHECK(posterior(a, three[0]).mean);
  const integrated_normal_normal b = integrate_normal_normal(four);
  CHECK(b.tau_mean.value);
  CHECK(b.mean_deviation.why.what == condition::infinite_mean);
  const integrated_normal_normal c = integrate_normal_normal(two, {.half_cauchy_scale = 1});
  CHECK(c.why.ok());
  CHECK(c.tau_mean.value);
  CHECK(!c.mean_deviation.value);
  CHECK(integrate_normal_normal(three, {.half_cauchy_scale = 1}).mean_deviation.value);
}

TEST_CASE("two units are enough for REML, one is not, and nobody is known exactly") {
  const normal_normal_fit two = fit_normal_normal(units_t{{1, 1}, {9, 1}});
  REQUIRE(two.why.ok());
  CHECK(close(two.between, 32 - 1));  // the variance of the two less that of their errors
  CHECK(close(two.mean, 5));
  for (const auto& [method, suffix] : methods) {
    CHECK(fit_normal_normal(units_t{{1, 1}}, method).why.what == condition::insufficient_groups);
    CHECK(fit_normal_normal(units_t{{1, 1}, {2, 0}}, method).why ==
          status{condition::nonpositive_value, 1});
  }
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(fit_normal_normal(units_t{{1, 1}, {nan, 1}}).why == status{condition::non_finite_input, 1});
  CHECK(fit_normal_normal(units_t{{1, -1}, {2, 1}}).why == status{condition::nonpositive_value, 0});
  CHECK(fit_normal_normal(units_t{{1, 1e-200}, {2, 1}}).why.what == condition::out_of_range);
  CHECK(interval_of_between(units_t{{1, 1}}).why.what == condition::insufficient_groups);
  CHECK(posterior(two, {nan, 1}).why.what == condition::non_finite_input);
  CHECK(!prediction(fit_normal_normal(units_t{{1, 1}})));
  CHECK_THROWS_AS(posterior(two, {1, 1}, {2, 0}), invalid_input);
  CHECK_THROWS_AS(integrate_normal_normal(schools, {.half_cauchy_scale = -1}), invalid_input);
}

TEST_CASE("of several peaks of a likelihood the highest is taken") {
  // Precise units that agree, and imprecise ones far apart.
  units_t units;
  for (const double y : {0.0, 0.01, -0.01, 0.005}) units.push_back({y, 0.01});
  for (const double y : {9.0, -9.0, 8.0, -8.5}) units.push_back({y, 1.0});
  for (const auto method :
       {between_variance::maximum_likelihood, between_variance::restricted_likelihood}) {
    const normal_normal_fit fit = fit_normal_normal(units, method);
    const auto value_at = [&](double t) {
      double w = 0, wy = 0, logs = 0, q = 0;
      for (const measurement& m : units) {
        const double v = m.std_error * m.std_error + t;
        w += 1 / v, wy += m.value / v, logs += std::log(2 * 3.14159265358979323846 * v);
      }
      for (const measurement& m : units) {
        q += (m.value - wy / w) * (m.value - wy / w) / (m.std_error * m.std_error + t);
      }
      const double l = -0.5 * (logs + q);
      return method == between_variance::maximum_likelihood
                 ? l
                 : l + 0.5 * std::log(2 * 3.14159265358979323846 / w);
    };
    const double reached = method == between_variance::maximum_likelihood
                               ? fit.log_likelihood
                               : fit.restricted_log_likelihood;
    CHECK(std::abs(reached - value_at(fit.between)) < 1e-9);
    for (double t = 1e-9; t < 1e4; t *= 1.1) CHECK(value_at(t) <= reached + 1e-9);
    CHECK(value_at(0) <= reached + 1e-9);
  }
}

TEST_CASE("a shrunken mean lies between its own and the pooled one and narrows with precision") {
  CHECK(rc::check("between", [] {
    const units_t units = generated_units();
    const auto method = methods[*rc::gen::inRange(0, 4)].first;
    const normal_normal_fit fit = fit_normal_normal(units, method);
    for (const measurement& u : units) {
      const shrunken p = posterior(fit, u);
      RC_ASSERT(p.mean.has_value());
      RC_ASSERT(*p.mean >= std::min(u.value, fit.mean) - 1e-12);
      RC_ASSERT(*p.mean <= std::max(u.value, fit.mean) + 1e-12);
      RC_ASSERT(p.deviation >= 0);
      if (!fit.why.ok()) continue;
      double distance = std::numeric_limits<double>::infinity();
      double width = distance;
      for (double error = 100; error > 1e-6; error /= 10) {
        const shrunken sharper = posterior(fit, {u.value, error});
        RC_ASSERT(std::abs(*sharper.mean - u.value) <= distance + 1e-12);
        RC_ASSERT(sharper.own_weight >= 0 && sharper.own_weight <= 1);
        distance = std::abs(*sharper.mean - u.value);
        // The uncertainty of the pool counts too, so the width need not fall at once.
        if (error < 1) RC_ASSERT(sharper.deviation <= width);
        width = std::max(sharper.deviation, error);
      }
    }
  }));
  // Without information the pool, with all of it the own value.
  const normal_normal_fit fit = fit_normal_normal(apart);
  CHECK(close(posterior(fit, {7, 1e9}).mean, fit.mean, 1e-9));
  CHECK(close(posterior(fit, {7, 1e-9}).mean, 7));
  const integrated_normal_normal whole = integrate_normal_normal(apart);
  CHECK(close(posterior(whole, {7, 1e9}).mean, *whole.mean.value, 1e-9));
  CHECK(close(posterior(whole, {7, 1e-9}).mean, 7, 1e-9));
}

TEST_CASE("order changes no bit and another unit of measurement only the scale") {
  CHECK(rc::check("order and scale", [] {
    const units_t units = generated_units();
    units_t reversed(units.rbegin(), units.rend());
    units_t scaled = units;
    const double factor = *rc::gen::element(1e-12, 0.01, 3.0, 1e9);
    for (measurement& m : scaled) m.value *= factor, m.std_error *= factor;
    for (const auto& [method, suffix] : methods) {
      const normal_normal_fit fit = fit_normal_normal(units, method);
      const normal_normal_fit other = fit_normal_normal(reversed, method);
      RC_ASSERT(fit.between == other.between);
      RC_ASSERT(fit.mean == other.mean);
      RC_ASSERT(fit.restricted_log_likelihood == other.restricted_log_likelihood);
      const normal_normal_fit large = fit_normal_normal(scaled, method);
      RC_ASSERT((large.between == 0) == (fit.between == 0));
      // Close to 0 the estimate is a difference of nearly equal numbers.
      const double size = fit.between + 1e-3;
      RC_ASSERT(std::abs(large.between / factor / factor - fit.between) <= 1e-11 * size);
      RC_ASSERT(std::abs(large.mean / factor - fit.mean) <= 1e-11 * (1 + std::abs(fit.mean)));
    }
  }));
  const integrated_normal_normal a = integrate_normal_normal(schools);
  units_t turned(schools.rbegin(), schools.rend());
  const integrated_normal_normal b = integrate_normal_normal(turned);
  CHECK(a.tau_median == b.tau_median);
  CHECK(a.mean.value == b.mean.value);
}

TEST_CASE("normal-normal intervals hold the parameters that made the data") {
  const double mu = 2, tau = 1.5;
  int mean_hits = 0, tau_hits = 0, integrated_hits = 0, unit_hits = 0, whole_hits = 0, fits = 0;
  for (std::uint64_t sample = 0; sample < 200; ++sample) {
    random_stream random(41, sample);
    units_t units;
    std::vector<double> truth;
    for (int i = 0; i < 25; ++i) {
      truth.push_back(mu + tau * normal_variate(random));
      const double error = 0.3 + 1.5 * random.uniform();
      units.push_back({truth.back() + error * normal_variate(random), error});
    }
    const integrated_normal_normal whole = integrate_normal_normal(units, {}, confidence_90);
    const between_interval profile = interval_of_between(units, confidence_90);
    ++fits;
    REQUIRE(profile.range);
    tau_hits += profile.range->lower <= tau * tau && tau * tau <= profile.range->upper ? 1 : 0;
    integrated_hits += whole.tau_range.lower <= tau && tau <= whole.tau_range.upper ? 1 : 0;
    // A posterior with a heavier tail than the normal.
    mean_hits +=
        std::abs(*whole.mean.value - mu) <= confidence_90.z * *whole.mean_deviation.value ? 1 : 0;
    const shrunken p = posterior(whole, units[0], confidence_80);
    whole_hits += p.range->lower <= truth[0] && truth[0] <= p.range->upper ? 1 : 0;
    const shrunken q = posterior(fit_normal_normal(units), units[0], confidence_80);
    if (q.range) unit_hits += q.range->lower <= truth[0] && truth[0] <= q.range->upper ? 1 : 0;
  }
  CHECK(plausible_coverage(tau_hits, fits, 0.90));
  CHECK(plausible_coverage(integrated_hits, fits, 0.90));
  CHECK(plausible_coverage(mean_hits, fits, 0.90));
  CHECK(plausible_coverage(whole_hits, fits, 0.80));
  CHECK(plausible_coverage(unit_hits, fits, 0.80));
}

TEST_CASE("units whose squares leave the range of doubles are refused, not said to be alike") {
  for (const double size : {1e-200, 1e-158, 1e200}) {
    units_t units = apart;
    for (measurement& m : units) m = {m.value * size, m.std_error * size};
    for (const auto& [method, name] : methods) {
      INFO(name << " at " << size);
      CHECK(fit_normal_normal(units, method).why.what == condition::out_of_range);
    }
    CHECK(interval_of_between(units).why.what == condition::out_of_range);
  }
}

TEST_CASE("the posterior of any unit is finite or refused") {
  const normal_normal_fit fit = fit_normal_normal(apart);
  const integrated_normal_normal whole = integrate_normal_normal(apart);
  REQUIRE((fit.why.ok() && whole.why.ok()));
  for (const double value : {0.0, 1.0, -1e308, 1.7e308, -1.7e308}) {
    for (const double error : {5e-324, 1e-200, 1.0, 1e160, 1e200, 1e308, 1.7e308}) {
      for (const shrunken& p : {posterior(fit, {value, error}), posterior(whole, {value, error})}) {
        CHECK(p.mean.has_value() == (p.why.what != condition::out_of_range));
        if (!p.mean) continue;
        CHECK((std::isfinite(*p.mean) && std::isfinite(p.deviation)));
        REQUIRE(p.range);
        CHECK((std::isfinite(p.range->lower) && std::isfinite(p.range->upper)));
        CHECK(p.range->lower <= p.range->upper);
      }
    }
  }
  // A unit that says nothing gets the pooled value with the spread between units.
  const shrunken blank = posterior(fit, {1, 1e200});
  CHECK(std::abs(*blank.mean - fit.mean) < 1e-12);
  CHECK(std::abs(blank.deviation - std::hypot(std::sqrt(fit.between), fit.mean_error)) < 1e-12);
}

TEST_CASE("integrated posteriors are the same in any unit of measurement") {
  const shrunken one = posterior(integrate_normal_normal(apart), apart[1]);
  for (const double size : {0x1p-700, 0x1p700}) {
    units_t units = apart;
    for (measurement& m : units) m = {m.value * size, m.std_error * size};
    const shrunken p = posterior(integrate_normal_normal(units), units[1]);
    REQUIRE(p.mean);
    CHECK(std::abs(*p.mean / size / *one.mean - 1) < 1e-12);
    CHECK(std::abs(p.deviation / size / one.deviation - 1) < 1e-12);
  }
}

TEST_CASE("a half-Cauchy prior far narrower than the data is the posterior of tau") {
  // The likelihood is flat there, so that the quartiles of tau are those of the prior.
  for (const double scale : {1e-4, 1e-12, 1e-100, 1e-290}) {
    const integrated_normal_normal fit =
        integrate_normal_normal(units_t{{1, 1}, {1, 1}, {1, 1}}, {.half_cauchy_scale = scale},
                                confidence{0.5, 0.67448975019608174});
    REQUIRE(fit.why.ok());
    CHECK(std::abs(fit.tau_median / scale - 1) < 1e-3);
    CHECK(std::abs(fit.tau_range.lower / scale - 0.41421356237309505) < 1e-3);
    CHECK(std::abs(fit.tau_range.upper / scale - 2.4142135623730950) < 3e-3);
    REQUIRE(fit.mean_deviation.value);
    CHECK(std::abs(*fit.mean_deviation.value - std::sqrt(1.0 / 3)) < 1e-3);
  }
  const units_t large{{1e200, 1e199}, {3e200, 2e199}, {-5e200, 1e199}};
  CHECK(integrate_normal_normal(large, {.half_cauchy_scale = 1e-200}).why.what ==
        condition::out_of_range);
}
