// SPDX-License-Identifier: BSL-1.0
// One clinic cured 3 of 4, another 60 of 100: which is better, and how sure is that?
#include <salespulse/statistics/beta_binomial.hpp>
#include <salespulse/statistics/normal_normal.hpp>

#include <cstdio>
#include <span>
#include <vector>

using namespace salespulse;

int main() {
  const std::vector<binomial_count> clinics{{3, 4},   {60, 100}, {21, 60}, {44, 80},
                                            {9, 30},  {35, 50},  {2, 12},  {70, 160}};
  const beta_binomial_fit fit =
      fit_beta_binomial(row_counts<binomial_count>(std::span<const binomial_count>(clinics)));
  std::printf("%s: pooled %.3f +- %.3f, correlation %.3f\n", to_string(fit.why.what).data(),
              fit.spread.mean, fit.mean_error, fit.spread.correlation);
  for (const binomial_count& clinic : clinics) {
    const shrunken p = posterior(fit, clinic, confidence_90);
    std::printf("%3d of %3d: %.3f", static_cast<int>(clinic.successes),
                static_cast<int>(clinic.cases), *p.mean);
    if (p.range) std::printf(" within %.3f and %.3f", p.range->lower, p.range->upper);
    std::printf(", own record %.0f %%\n", 100 * p.own_weight);
  }

  // Effects with standard errors. REML says that the units do not differ, and would give all of them
  // one value; integrating over what tau may be does not.
  const std::vector<measurement> schools{{28, 15}, {8, 10}, {-3, 16}, {7, 11},
                                         {-1, 9},  {1, 11}, {18, 10}, {12, 18}};
  std::printf("REML: %s\n", to_string(fit_normal_normal(schools).why.what).data());
  const integrated_normal_normal whole = integrate_normal_normal(schools);
  const shrunken first = posterior(whole, schools[0]);
  std::printf("tau about %.1f; 28 +- 15 becomes %.1f within %.1f and %.1f\n", whole.tau_median,
              *first.mean, first.range->lower, first.range->upper);
}

// > ok: pooled 0.477 +- 0.055, correlation 0.068
// >   3 of   4: 0.538 within 0.346 and 0.725, own record 22 %
// >  60 of 100: 0.585 within 0.509 and 0.660, own record 88 %
// >  21 of  60: 0.374 within 0.284 and 0.468, own record 81 %
// >  44 of  80: 0.539 within 0.455 and 0.623, own record 85 %
// >   9 of  30: 0.356 within 0.242 and 0.477, own record 68 %
// >  35 of  50: 0.652 within 0.552 and 0.746, own record 78 %
// >   2 of  12: 0.333 within 0.191 and 0.490, own record 46 %
// >  70 of 160: 0.441 within 0.379 and 0.503, own record 92 %
// > REML: the units cannot be told apart
// > tau about 5.2; 28 +- 15 becomes 11.4 within -2.1 and 31.6
