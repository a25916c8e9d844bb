// SPDX-License-Identifier: BSL-1.0
// What raises the odds of an event, and by how much? And what if a trait always comes with it?
#include <salespulse/statistics/logistic.hpp>

#include <cmath>
#include <cstdio>
#include <vector>

using namespace salespulse;

int main() {
  // Twelve patients: dose, trait, whether they recovered. Everybody with the trait did.
  const std::vector<double> dose_and_trait{1, 4, 2, 6, 3, 5, 9, 7, 8, 4, 2, 6,
                                           0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1};
  const std::vector<std::int64_t> recovered{0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1};

  const logistic_data all{.covariates = {dose_and_trait, 12, 2}, .events = recovered};
  const regression_fit likelihood = fit_logistic(all);
  std::printf("maximum likelihood: %s (coefficient %d)\n", to_string(likelihood.why.what).data(),
              static_cast<int>(likelihood.why.where));

  // Firth's estimate is finite; its profile is not symmetric, as a Wald interval would be.
  const regression_options firth{.method = regression_method::firth};
  const regression_fit fit = fit_logistic(all, firth);
  const char* const names[] = {"intercept", "dose", "trait"};
  for (std::size_t i = 1; i < 3; ++i) {
    const profile_limits p = logistic_profile(all, fit, i, confidence_90, firth);
    std::printf("%-6s odds times %.2f, 90 %% sure: %.2f to %.2f\n", names[i],
                std::exp(fit.coefficients[i]), std::exp(p.lower.value.value()),
                std::exp(p.upper.value.value()));
  }
  const std::vector<double> next{5, 0};
  const regression_prediction p = predict_logistic(fit, {next, 1, 2}, confidence_90)[0];
  std::printf("dose 5, no trait: recovers with %.2f (%.2f to %.2f)\n", p.mean, p.range.lower,
              p.range.upper);
}
// > maximum likelihood: a covariate tells the outcomes apart (coefficient 2)
// > dose   odds times 1.17, 90 % sure: 0.80 to 1.80
// > trait  odds times 6.66, 90 % sure: 0.66 to 318.75
// > dose 5, no trait: recovers with 0.55 (0.28 to 0.79)
