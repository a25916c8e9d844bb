// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_HETEROGENEITY_HPP
#define SALESPULSE_STATISTICS_HETEROGENEITY_HPP

#include <salespulse/statistics/beta_binomial.hpp>
#include <salespulse/statistics/gamma_poisson.hpp>
#include <salespulse/statistics/normal_normal.hpp>
#include <salespulse/statistics/permutation.hpp>
#include <salespulse/statistics/status.hpp>

#include <cstdint>
#include <span>

namespace salespulse {

/// Do units differ by more than chance? The null hypothesis of each test is that all have the same
/// rate or mean. p-values are upper tails, computed as such: small ones keep their digits.
///
/// Common statuses, with the row: negative_count, count_exceeds_trials, non_finite_input,
/// negative_time (exposure), events_without_exposure, nonpositive_value (standard error). Units
/// without cases or exposure are left out; with fewer than two others: insufficient_groups.
/// too_large, without a row: more than 2^63 cases; out_of_range: the statistic or what it is made
/// of leaves the range of doubles. The order of the rows does not change a bit. O(n log n).
struct chi_square_test {
  /// Also: one_class where nothing or everything succeeded; no_events where nothing happened.
  status why;
  double statistic = 0;
  double degrees = 0;      ///< of freedom
  double p_value = 1;      ///< 0 only where it is below the smallest double
  double log_p_value = 0;  ///< natural logarithm, finite
};

/// Pearson's chi-square of a table of successes and failures by unit, on units - 1 degrees. The
/// distribution is that of many cases; with fewer than about five expected of either kind in a
/// unit use `permuted_homogeneity`.
[[nodiscard]] chi_square_test pearson_homogeneity(std::span<const binomial_count> units);

/// The likelihood-ratio statistic G of the same table.
[[nodiscard]] chi_square_test g_homogeneity(std::span<const binomial_count> units);

/// Fisher's index of dispersion for counts with exposures: the sum of (events - expected)^2 /
/// expected on units - 1 degrees.
///
/// Fisher (1950), The significance of deviations from expectation in a Poisson series, Biometrics
/// 6:17-24.
[[nodiscard]] chi_square_test poisson_dispersion(std::span<const poisson_count> units);

struct cochran_test {
  chi_square_test test;  ///< statistic Q: squared distances from the pooled mean, over se^2
  double i_squared = 0;  ///< share of the variance that is between units: max(0, 1 - (k - 1) / Q)
  double h = 0;          ///< sqrt(Q / (k - 1)): 1 expected without differences
};

/// Cochran's Q. Cochran (1954), Biometrics 10:101-129; I^2 and H: Higgins and Thompson (2002),
/// Statistics in Medicine 21:1539-1558.
[[nodiscard]] cochran_test cochran_q(std::span<const measurement> units);

struct score_test {
  /// As chi_square_test; also not_identified where no unit has two cases.
  status why;
  double z = 0;        ///< standard normal for many units without differences
  double p_value = 1;  ///< of more spread than chance makes: P(normal > z)
  double log_p_value = 0;
};

/// Tarone's score test of binomial against beta-binomial counts; the best at small differences
/// between many units, and right with few cases in each.
///
/// Tarone (1979), Testing the goodness of fit of the binomial distribution, Biometrika 66:585-590.
[[nodiscard]] score_test tarone_overdispersion(std::span<const binomial_count> units);

/// The correlation of two cases of the same unit by analysis of variance: (MSB - MSW) / (MSB +
/// (n0 - 1) MSW), MSB and MSW the mean squares between and within units and n0 the mean number of
/// cases less their variance over their sum. No likelihood and no limits: it is negative where
/// units differ less than chance makes them. With many cases a unit it weighs units by size, unlike
/// the maximum-likelihood value of `fit_beta_binomial`. Statuses as `tarone_overdispersion`;
/// zero_variance where it divides by 0.
///
/// Ridout, Demetrio and Firth (1999), Estimating intraclass correlation for binary data, Biometrics
/// 55:137-148.
[[nodiscard]] figure intraclass_correlation(std::span<const binomial_count> units);

struct homogeneity_draws {
  std::int64_t draws = 9'999;  ///< 1 to 10^9, else `invalid_input`
  std::uint64_t seed = 1;
};

/// The p-value of Pearson's statistic given the totals, by dealing the successes out to the cases
/// at random: right for counts of any size. Statuses as the test, and too_large for more than 10^7
/// cases. The same seed gives the same bits. O(draws * the rarer of successes and failures).
///
/// Davison and Hinkley (1997), Bootstrap Methods and their Application, section 4.3.
[[nodiscard]] permutation_result permuted_homogeneity(std::span<const binomial_count> units,
                                                      const homogeneity_draws& options = {});

/// The same for the index of dispersion: events fall on units in proportion to exposure; too_large
/// for more than 10^7 events. O(draws * events * log(units)).
[[nodiscard]] permutation_result permuted_dispersion(std::span<const poisson_count> units,
                                                     const homogeneity_draws& options = {});

}  // namespace salespulse
#endif
