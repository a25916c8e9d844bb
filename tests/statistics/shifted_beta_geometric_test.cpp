// SPDX-License-Identifier: BSL-1.0
#include "contract_cases.hpp"
#include "support/catch.hpp"
#include "support/reference.hpp"
#include <salespulse/core/random.hpp>
#include <salespulse/statistics/shifted_beta_geometric.hpp>

#include <rapidcheck.h>

#include <cmath>
#include <string>
#include <vector>

using namespace salespulse;
using namespace salespulse::test;

namespace {

// The likelihood of rows said plainly: leaving in (i, j] is a sum over the renewals in it.
double plain_log_likelihood(const retention_curve& curve, const row_counts<tenure>& rows) {
  double sum = 0;
  for (const auto& [row, count] : rows.entries()) {
    double p = 0;
    if (row.left_by == 0) p = *curve.survival(row.survived).value;
    for (std::int32_t t = row.survived + 1; t <= row.left_by; ++t) {
      const double before = *curve.survival(t - 1).value;
      if (before > 0) p += before * (1 - *curve.retention_rate(t).value);
    }
    sum += static_cast<double>(count) * std::log(p / *curve.survival(row.entered).value);
  }
  return sum;
}

bool identical(const retention_curve& a, const retention_curve& b) {
  return a.why == b.why && a.law == b.law && a.alpha == b.alpha && a.beta == b.beta &&
         a.churn == b.churn && a.log_likelihood == b.log_likelihood && a.covariance == b.covariance;
}

// When a contract with these parameters leaves; 0: not within `longest` renewals.
std::int32_t simulated_leaving(random_stream& stream, double alpha, double beta, int longest) {
  for (std::int32_t t = 1; t <= longest; ++t) {
    if (!stream.chance((beta + t - 1) / (alpha + beta + t - 1))) return t;
  }
  return 0;
}

}  // namespace

TEST_CASE("the published cohorts give the published fits of the shifted beta-geometric") {
  constexpr const char* file = "reference/customer_base/fits.csv";
  const reference_table fits(file);
  const reference_table data(cohorts_file);
  if (!available(fits, file) || !available(data, cohorts_file)) return;
  accuracy error("reference/customer_base/fits.csv sBG parameters");
  accuracy likelihood_error("reference/customer_base/fits.csv sBG log-likelihood");
  accuracy se_error("reference/customer_base/fits.csv sBG standard errors");
  for (const auto& [name, label] : published_cohorts) {
    const retention_curve fit = fit_shifted_beta_geometric(published_cohort(data, name));
    REQUIRE(fit.why.ok());
    const auto exact = [&, label = label](const char* column) {
      return fits.value({{"model", "sBG"}, {"data", label}}, column);
    };
    CHECK(likelihood_error.absolute_error(fit.log_likelihood, exact("LL"), name) < 1e-11);
    CHECK(error.error(fit.alpha, exact("value1"), name) < 1e-12);
    CHECK(error.error(fit.beta, exact("value2"), name) < 1e-12);
    CHECK(se_error.error(*fit.std_error(0), exact("se1"), name) < 1e-7);
    CHECK(se_error.error(*fit.std_error(1), exact("se2"), name) < 1e-7);
  }
}

TEST_CASE("survival, retention and discounted lifetimes of the published cohorts hold 12 digits") {
  constexpr const char* file = "reference/statistics/hp_eb_logit.csv";
  const reference_table table(file);
  const reference_table data(cohorts_file);
  if (!available(table, file) || !available(data, cohorts_file)) return;
  accuracy error("reference/statistics/hp_eb_logit.csv sbg");
  const std::pair<const char*, const char*> cases[] = {{"HighEnd", "sbg_highend"},
                                                       {"Regular", "sbg_regular"}};
  std::size_t compared = 0;
  for (const auto& [name, label] : cases) {
    const retention_curve fit = fit_shifted_beta_geometric(published_cohort(data, name));
    for (const std::size_t row : table.where({{"case", label}})) {
      const std::string& quantity = table.text(row, "quantity");
      const std::string& index = table.text(row, "index");
      const int t = index.empty() ? 0 : std::stoi(index);
      INFO(label << " " << quantity << " " << t);
      double computed = 0;
      if (quantity == "alpha") computed = fit.alpha;
      if (quantity == "beta") computed = fit.beta;
      if (quantity == "loglik") computed = fit.log_likelihood;
      if (quantity == "survival") computed = *fit.survival(t).value;
      if (quantity == "retention_rate") computed = *fit.retention_rate(t).value;
      if (quantity == "DEL_d0.10") computed = *fit.discounted_lifetime(0.1).value;
      if (quantity == "DERL_d0.10_n") {
        computed = *fit.discounted_residual_lifetime(t - 1, 0.1).value;  // renewed t - 1 times
      }
      CHECK(error.error(computed, table.number(row, "value"), quantity) < 1e-12);
      ++compared;
    }
  }
  CHECK(compared == 62);
}

TEST_CASE("projected survival in years 8 to 12 is the published one") {
  const reference_table data(cohorts_file);
  if (!available(data, cohorts_file)) return;
  const double high_end[] = {46.043967, 43.577959, 41.417240, 39.505534, 37.799907};
  const double regular[] = {22.008497, 20.441079, 19.119019, 17.986499, 17.003745};
  const retention_curve a = fit_shifted_beta_geometric(published_cohort(data, "HighEnd"));
  const retention_curve b = fit_shifted_beta_geometric(published_cohort(data, "Regular"));
  for (int i = 0; i < 5; ++i) {
    CHECK(std::abs(100 * *a.survival(8 + i).value - high_end[i]) < 5.1e-7);
    CHECK(std::abs(100 * *b.survival(8 + i).value - regular[i]) < 5.1e-7);
  }
}

TEST_CASE("the likelihood is that of each row given that the contract was there to be watched") {
  CHECK(rc::check("with delayed entry and intervals as sums of exact probabilities", [] {
    const row_counts<tenure> rows = arbitrary_contracts();
    const retention_curve fit = fit_shifted_beta_geometric(rows);
    if (fit.law == retention_law::none || fit.churn == 1) return;
    const double plain = plain_log_likelihood(fit, rows);
    RC_ASSERT(std::abs(plain - fit.log_likelihood) < 1e-10 * (1 + std::abs(plain)));
    // And no parameters near by are better.
    if (fit.law != retention_law::beta) return;
    for (const double up : {0.99, 1.0, 1.01}) {
      for (const double across : {0.99, 1.0, 1.01}) {
        const retention_curve other = retention_curve::of(fit.alpha * up, fit.beta * across);
        RC_ASSERT(plain_log_likelihood(other, rows) <= plain + 1e-9);
      }
    }
  }));
}

TEST_CASE("whatever the contracts are, the fit is finite and no limit beats it") {
  CHECK(rc::check("", [] {
    const row_counts<tenure> rows = arbitrary_contracts();
    const retention_curve fit = fit_shifted_beta_geometric(rows);
    RC_CLASSIFY(fit.law == retention_law::beta, "beta");
    RC_CLASSIFY(fit.law == retention_law::one_rate, "one rate");
    RC_ASSERT(fit.why.what != condition::not_converged);
    RC_ASSERT(std::isfinite(fit.alpha) && std::isfinite(fit.beta));
    RC_ASSERT(std::isfinite(fit.log_likelihood) && fit.log_likelihood <= 0);
    if (fit.law == retention_law::none) return;
    for (const double alpha : {0.05, 0.5, 3.0, 40.0, 1e4}) {
      for (const double beta : {0.05, 0.5, 3.0, 40.0, 1e4}) {
        const double other = plain_log_likelihood(retention_curve::of(alpha, beta), rows);
        RC_ASSERT(other <= fit.log_likelihood + 1e-8 * (1 + std::abs(other)));
      }
    }
  }));
}

TEST_CASE("the fit to two sets of contracts is the fit to their union, in any order of rows") {
  CHECK(rc::check("to the last bit", [] {
    const row_counts<tenure> a = arbitrary_contracts();
    const row_counts<tenure> b = arbitrary_contracts();
    row_counts<tenure> both = a;
    both += b;
    contract_entries rows(b.entries().begin(), b.entries().end());
    rows.insert(rows.begin(), a.entries().rbegin(), a.entries().rend());
    RC_ASSERT(
        identical(fit_shifted_beta_geometric(both), fit_shifted_beta_geometric(counted(rows))));
  }));
}

TEST_CASE("watched only from renewal 2 on, contracts are like new ones with beta higher by 2") {
  const std::vector<std::int64_t> survivors{1000, 900, 830, 780, 745, 718, 697};
  const retention_curve fresh = fit_shifted_beta_geometric(cohort(survivors));
  std::vector<std::int64_t> late{not_counted, not_counted};
  late.insert(late.end(), survivors.begin(), survivors.end());
  const retention_curve truncated = fit_shifted_beta_geometric(cohort(late));
  REQUIRE(fresh.why.ok());
  REQUIRE(truncated.why.ok());
  REQUIRE(fresh.beta > 2);
  CHECK(std::abs(truncated.alpha / fresh.alpha - 1) < 1e-10);
  CHECK(std::abs((truncated.beta + 2) / fresh.beta - 1) < 1e-10);
  CHECK(std::abs(truncated.log_likelihood - fresh.log_likelihood) < 1e-9);
}

TEST_CASE("counts times a billion change the scale of the likelihood and nothing else") {
  const std::vector<std::int64_t> one{1000, 631, 468, 382, 326, 289, 262, 241};
  std::vector<std::int64_t> many = one;
  for (std::int64_t& n : many) n *= 1'000'000'000;
  const retention_curve a = fit_shifted_beta_geometric(cohort(one));
  const retention_curve b = fit_shifted_beta_geometric(cohort(many));
  REQUIRE(b.why.ok());
  CHECK(std::abs(b.alpha / a.alpha - 1) < 1e-12);
  CHECK(std::abs(b.beta / a.beta - 1) < 1e-12);
  CHECK(std::abs(b.log_likelihood / a.log_likelihood / 1e9 - 1) < 1e-12);
  CHECK(std::abs(*b.std_error(0) / *a.std_error(0) * std::sqrt(1e9) - 1) < 1e-10);
}

TEST_CASE("simulated contracts give their parameters back within the intervals' promise") {
  constexpr double alpha = 0.9;
  constexpr double beta = 2.7;
  constexpr int sets = 200;
  int alpha_inside = 0;
  int beta_inside = 0;
  int survival_inside = 0;
  const double truth = *retention_curve::of(alpha, beta).survival(12).value;
  for (std::uint64_t set = 0; set < sets; ++set) {
    random_stream stream(99, set);
    contract_entries rows;
    for (int i = 0; i < 1500; ++i) {
      // A third is watched from renewal 2 on, a third every third renewal only.
      const std::int32_t left = simulated_leaving(stream, alpha, beta, 9);
      const std::int32_t entered = i % 3 == 1 ? 2 : 0;
      if (left != 0 && left <= entered) continue;
      if (left == 0) {
        rows.push_back({{entered, 9, 0}, 1});
      } else if (i % 3 == 2) {
        const std::int32_t before = (left - 1) / 3 * 3;
        rows.push_back({{0, before, before + 3}, 1});
      } else {
        rows.push_back({{entered, left - 1, left}, 1});
      }
    }
    const retention_curve fit = fit_shifted_beta_geometric(counted(rows));
    REQUIRE(fit.why.ok());
    alpha_inside += inside(fit.alpha, *fit.std_error(0), alpha);
    beta_inside += inside(fit.beta, *fit.std_error(1), beta);
    const figure_with_error s = fit.survival(12);
    survival_inside += inside(*s.value, *s.std_error, truth);
  }
  // 99.9 % of binomial(200, 0.95) lies in 179 ... 198.
  for (const int covered : {alpha_inside, beta_inside, survival_inside}) {
    CHECK(covered >= 179);
    CHECK(covered <= 198);
  }
}

TEST_CASE("contracts that nobody leaves are no churn") {
  const retention_curve fit = fit_shifted_beta_geometric(cohort({100, 100, 100}));
  CHECK(fit.why.what == condition::no_churn);
  CHECK(fit.law == retention_law::one_rate);
  CHECK(fit.churn == 0);
  CHECK(*fit.survival(9).value == 1);
  CHECK_FALSE(fit.survival(9).std_error);
  CHECK(fit.survival(9).why.what == condition::no_churn);
  CHECK_FALSE(fit.std_error(0));
}

TEST_CASE("contracts that all leave at once have a churn of 1") {
  const retention_curve fit = fit_shifted_beta_geometric(cohort({100, 0}));
  CHECK(fit.why == status{condition::boundary, 1});
  CHECK(fit.churn == 1);
  CHECK(*fit.survival(1).value == 0);
  CHECK(fit.log_likelihood == 0);
}

TEST_CASE("contracts with one rate of leaving are not told apart") {
  const retention_curve fit = fit_shifted_beta_geometric(cohort({10000, 8000, 6400, 5120}));
  CHECK(fit.why.what == condition::no_heterogeneity);
  CHECK(fit.law == retention_law::one_rate);
  CHECK(std::abs(fit.churn - 0.2) < 1e-12);
  const double n = 10000 + 8000 + 6400;
  CHECK(std::abs(*fit.std_error(0) / std::sqrt(0.2 * 0.8 / n) - 1) < 1e-12);
  CHECK(std::abs(fit.log_likelihood - n * (0.2 * std::log(0.2) + 0.8 * std::log(0.8))) < 1e-8);
  CHECK(std::abs(*fit.survival(10).value - std::pow(0.8, 10)) < 1e-12);
}

TEST_CASE("contracts whose risk rises with age are not told apart either") {
  const retention_curve fit = fit_shifted_beta_geometric(cohort({1000, 950, 800, 500, 100}));
  CHECK(fit.why.what == condition::no_heterogeneity);
  CHECK(std::abs(fit.churn - 900.0 / (1000 + 950 + 800 + 500)) < 1e-12);
}

TEST_CASE("contracts that leave at renewal 1 or never are a boundary with that share") {
  const retention_curve fit = fit_shifted_beta_geometric(cohort({100, 70, 70, 70}));
  CHECK(fit.why == status{condition::boundary, 0});
  CHECK(fit.law == retention_law::power_tail);
  CHECK(fit.power == 0);
  CHECK(std::abs(fit.churn - 0.3) < 1e-15);
  CHECK(std::abs(*fit.survival(50).value - 0.7) < 1e-15);
  CHECK(std::abs(*fit.std_error(0) - std::sqrt(0.3 * 0.7 / 100)) < 1e-15);
}

TEST_CASE("one watched renewal does not tell alpha from beta") {
  CHECK(fit_shifted_beta_geometric(cohort({100, 70})).why.what == condition::not_identified);
  CHECK(fit_shifted_beta_geometric(cohort({100, not_counted, not_counted, 30})).law ==
        retention_law::none);
}

TEST_CASE("no contracts, or none that was watched, are too few") {
  CHECK(fit_shifted_beta_geometric({}).why.what == condition::insufficient_data);
  CHECK(fit_shifted_beta_geometric(counted({{{3, 3, 0}, 50}})).why.what ==
        condition::insufficient_data);
}

TEST_CASE("bad contracts are named and nothing is fitted") {
  const retention_curve fit = fit_shifted_beta_geometric(counted({{{0, 0, 1}, 4}, {{3, 2, 0}, 1}}));
  CHECK(fit.why == status{condition::entry_not_before_exit, 1});
  CHECK_FALSE(fit.survival(1).value);
}

TEST_CASE("contracts that do not count in 64 bits are refused") {
  const retention_curve fit =
      fit_shifted_beta_geometric(counted({{{0, 0, 1}, INT64_MAX}, {{0, 1, 2}, 5}, {{0, 2, 0}, 5}}));
  CHECK(fit.why == status{condition::too_large, -1});
  CHECK(fit.law == retention_law::none);
}
