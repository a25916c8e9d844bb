// SPDX-License-Identifier: BSL-1.0
#include "contract_cases.hpp"
#include "support/catch.hpp"
#include "support/reference.hpp"
#include <salespulse/core/random.hpp>
#include <salespulse/statistics/beta_discrete_weibull.hpp>
#include <salespulse/statistics/shifted_beta_geometric.hpp>

#include <rapidcheck.h>

#include <array>
#include <cmath>
#include <vector>

using namespace salespulse;
using namespace salespulse::test;

namespace {

double log_likelihood_of(const retention_curve& curve, const row_counts<tenure>& rows) {
  double sum = 0;
  for (const auto& [row, count] : rows.entries()) {
    double p = *curve.survival_after(row.entered, row.survived - row.entered).value;
    if (row.left_by > 0) {
      p *= 1 - *curve.survival_after(row.survived, row.left_by - row.survived).value;
    }
    sum += static_cast<double>(count) * std::log(p);
  }
  return sum;
}

}  // namespace

TEST_CASE("the published cohorts give the published fits of the beta-discrete-Weibull") {
  constexpr const char* file = "reference/customer_base/fits.csv";
  const reference_table fits(file);
  const reference_table data(cohorts_file);
  if (!available(fits, file) || !available(data, cohorts_file)) return;
  accuracy error("reference/customer_base/fits.csv BdW parameters");
  accuracy likelihood_error("reference/customer_base/fits.csv BdW log-likelihood");
  for (const auto& [name, label] : published_cohorts) {
    const retention_curve fit = fit_beta_discrete_weibull(published_cohort(data, name));
    REQUIRE(fit.why.ok());
    const auto exact = [&, label = label](const char* column) {
      return fits.value({{"model", "BdW"}, {"data", label}}, column);
    };
    CHECK(likelihood_error.absolute_error(fit.log_likelihood, exact("LL"), name) < 1e-9);
    CHECK(error.error(fit.alpha, exact("value1"), name) < 1e-6);
    CHECK(error.error(fit.beta, exact("value2"), name) < 1e-6);
    CHECK(error.error(fit.shape, exact("value3"), name) < 1e-6);
    for (std::size_t i = 0; i < 3; ++i) CHECK(fit.std_error(i));
  }
}

TEST_CASE("fits of the beta-discrete-Weibull hold 10 digits") {
  // Newton iterations in 50-digit arithmetic on the two published cohorts.
  struct exact_fit {
    std::vector<std::int64_t> survivors;
    std::array<double, 3> parameters, std_errors;
    double log_likelihood, survival_12, discounted_lifetime;
  };
  const exact_fit exact_fits[] = {
      {{1000, 631, 468, 382, 326, 289, 262, 241},
       {0.45561398937163812243, 0.77932550838795591567, 1.283451285783290298},
       {0.1670414274528285, 0.2827099173974318, 0.2980950712390973},
       -1679.6028329071782932,
       0.177331398294901681,
       3.72913594943537249},
      {{1000, 869, 743, 653, 593, 551, 517, 491},
       {0.21425333928084996359, 1.4265748748600841797, 1.7235648487445279034},
       {0.05957970644277539, 0.3814086146933383, 0.3010432817241473},
       -1605.3142132141932044,
       0.403929590700038046,
       6.09308313802108619}};
  accuracy error("own 50-digit fits of beta_discrete_weibull");
  for (const exact_fit& exact : exact_fits) {
    const retention_curve fit = fit_beta_discrete_weibull(cohort(exact.survivors));
    CHECK(std::abs(fit.log_likelihood - exact.log_likelihood) < 1e-11);
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(error.error(fit.parameters()[i], exact.parameters[i]) < 1e-10);
      CHECK(error.error(*fit.std_error(i), exact.std_errors[i]) < 1e-10);
    }
    CHECK(error.error(*fit.survival(12).value, exact.survival_12) < 1e-10);
    CHECK(error.error(*fit.discounted_lifetime(0.1).value, exact.discounted_lifetime) < 1e-10);
  }
}

TEST_CASE("with shape 1 the beta-discrete-Weibull is the shifted beta-geometric") {
  // Survivors that follow the shifted beta-geometric law with alpha 1, beta 2: S(t) = 2 / (t + 2).
  const retention_curve fit = fit_beta_discrete_weibull(cohort({2520, 1680, 1260, 1008, 840, 720}));
  REQUIRE(fit.why.ok());
  CHECK(std::abs(fit.alpha - 1) < 1e-9);
  CHECK(std::abs(fit.beta - 2) < 1e-9);
  CHECK(std::abs(fit.shape - 1) < 1e-9);
}

TEST_CASE("the shaped fit is never worse than the unshaped one and is finite") {
  CHECK(rc::check("", [] {
    const row_counts<tenure> rows = arbitrary_contracts();
    const retention_curve plain = fit_shifted_beta_geometric(rows);
    const retention_curve fit = fit_beta_discrete_weibull(rows);
    RC_CLASSIFY(fit.law == retention_law::beta, "beta");
    RC_CLASSIFY(fit.law == retention_law::one_rate, "one rate");
    RC_CLASSIFY(fit.law == retention_law::power_tail, "power tail");
    RC_CLASSIFY(fit.law == retention_law::none, "none");
    RC_ASSERT(std::isfinite(fit.alpha) && std::isfinite(fit.beta) && std::isfinite(fit.shape));
    RC_ASSERT(fit.why.ok() == (fit.law == retention_law::beta));
    if (fit.law == retention_law::none || fit.churn == 1) return;
    const double ll = fit.log_likelihood;
    if (plain.law != retention_law::none) {
      RC_ASSERT(ll >= plain.log_likelihood - 1e-9 * (1 + std::abs(ll)));
    }
    RC_ASSERT(std::abs(log_likelihood_of(fit, rows) - ll) < 1e-9 * (1 + std::abs(ll)));
  }));
}

TEST_CASE("the shaped fit does not depend on how rows were collected") {
  CHECK(rc::check("to the last bit", [] {
    const row_counts<tenure> a = arbitrary_contracts();
    const row_counts<tenure> b = arbitrary_contracts();
    row_counts<tenure> both = a;
    both += b;
    contract_entries rows(b.entries().rbegin(), b.entries().rend());
    rows.insert(rows.end(), a.entries().begin(), a.entries().end());
    const retention_curve x = fit_beta_discrete_weibull(both);
    const retention_curve y = fit_beta_discrete_weibull(counted(rows));
    RC_ASSERT(x.log_likelihood == y.log_likelihood);
    RC_ASSERT(x.parameters() == y.parameters());
    RC_ASSERT(x.covariance == y.covariance);
    RC_ASSERT(x.why == y.why);
  }));
}

TEST_CASE("simulated contracts of a rising risk give their parameters back") {
  const retention_curve truth = retention_curve::of(0.8, 3.0, 1.5);
  std::vector<double> survival;
  for (int t = 0; t <= 12; ++t) survival.push_back(*truth.survival(t).value);
  constexpr int sets = 100;
  int shape_inside = 0;
  int alpha_inside = 0;
  int projected_inside = 0;
  for (std::uint64_t set = 0; set < sets; ++set) {
    random_stream stream(7, set);
    std::vector<std::int64_t> left(12, 0);
    std::int64_t there = 6000;
    std::vector<std::int64_t> survivors{there};
    for (int i = 0; i < 6000; ++i) {
      const double u = stream.uniform();
      std::size_t t = 1;
      while (t < 11 && survival[t] > u) ++t;
      if (survival[t] <= u) ++left[t];
    }
    for (std::size_t t = 1; t < 11; ++t) survivors.push_back(there -= left[t]);
    const retention_curve fit = fit_beta_discrete_weibull(cohort(survivors));
    REQUIRE(fit.why.ok());
    alpha_inside += inside(fit.alpha, *fit.std_error(0), truth.alpha);
    shape_inside += inside(fit.shape, *fit.std_error(2), truth.shape);
    const figure_with_error s = fit.survival(12);
    projected_inside += inside(*s.value, *s.std_error, survival[12]);
  }
  // 99.9 % of binomial(100, 0.95) lies in 87 ... 100.
  CHECK(alpha_inside >= 87);
  CHECK(shape_inside >= 87);
  CHECK(projected_inside >= 87);
}

TEST_CASE("contracts that are alike but age give one discrete Weibull law") {
  // Survivors of (1 - 0.2)^(t^2), rounded; risk rises faster than any mixture allows.
  const retention_curve fit =
      fit_beta_discrete_weibull(cohort({1'000'000, 800'000, 409'600, 134'218, 28'147, 3778}));
  CHECK(fit.why.what == condition::no_heterogeneity);
  CHECK(fit.law == retention_law::one_rate);
  CHECK(std::abs(fit.churn - 0.2) < 1e-4);
  CHECK(std::abs(fit.shape - 2) < 1e-3);
  CHECK(fit.std_error(1));
  CHECK_FALSE(fit.std_error(2));
}

TEST_CASE("a risk that falls as a power of age is a boundary with that power") {
  // S(t) = 0.6 / t for t >= 1: steeper at first than shape and mixture can follow.
  const retention_curve fit = fit_beta_discrete_weibull(cohort({600, 360, 180, 120, 90, 72, 60}));
  CHECK(fit.why == status{condition::boundary, 2});
  CHECK(fit.law == retention_law::power_tail);
  CHECK(std::abs(fit.churn - 0.4) < 1e-9);
  CHECK(std::abs(fit.power - 1) < 1e-9);
  CHECK(std::abs(*fit.survival(12).value - 0.05) < 1e-9);
  CHECK(fit.survival(12).std_error);
}

TEST_CASE("a risk that begins late and then falls as a power of age names where it begins") {
  // S(t) = 1 up to t = 2 and about 2 / t after, but for some more that leave at 3, which a shape
  // without limit cannot follow.
  const row_counts<tenure> rows = cohort({420, 420, 420, 250, 190, 152, 127});
  const retention_curve fit = fit_beta_discrete_weibull(rows);
  CHECK(fit.why == status{condition::boundary, 2});
  CHECK(fit.law == retention_law::power_tail);
  CHECK(fit.first == 2);
  CHECK(fit.churn == 0);
  CHECK(*fit.survival(2).value == 1);
  CHECK(std::abs(*fit.survival(8).value - std::pow(0.25, fit.power)) < 1e-14);
  for (const double times : {0.99, 1.01}) {
    retention_curve other = fit;
    other.power *= times;
    CHECK(log_likelihood_of(other, rows) < fit.log_likelihood);
  }
}

TEST_CASE("contracts that all leave at two renewals in a row are a cliff") {
  const retention_curve fit = fit_beta_discrete_weibull(cohort({100, 100, 100, 60, 0}));
  CHECK(fit.why == status{condition::boundary, 2});
  CHECK(fit.law == retention_law::cliff);
  CHECK(fit.first == 3);
  CHECK(std::abs(fit.churn - 0.4) < 1e-15);
  CHECK(*fit.survival(2).value == 1);
  CHECK(std::abs(*fit.survival(3).value - 0.6) < 1e-15);
  CHECK(*fit.survival(4).value == 0);
  CHECK(std::abs(fit.log_likelihood - (40 * std::log(0.4) + 60 * std::log(0.6))) < 1e-10);
}

TEST_CASE("two watched renewals do not tell three parameters apart") {
  CHECK(fit_beta_discrete_weibull(cohort({100, 70, 60})).why.what == condition::not_identified);
}

TEST_CASE("contracts that nobody leaves or all leave are limits of the shaped model too") {
  CHECK(fit_beta_discrete_weibull(cohort({100, 100, 100})).why.what == condition::no_churn);
  CHECK(fit_beta_discrete_weibull(cohort({100, 0})).why == status{condition::boundary, 1});
  CHECK(fit_beta_discrete_weibull({}).why.what == condition::insufficient_data);
  CHECK(fit_beta_discrete_weibull(counted({{{0, -1, 0}, 1}})).why.what == condition::negative_time);
}
