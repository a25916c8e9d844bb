// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_CRPS_HPP
#define SALESPULSE_STATISTICS_CRPS_HPP

#include <salespulse/statistics/figure.hpp>
#include <salespulse/statistics/lattice_distribution.hpp>

#include <cstdint>
#include <span>

namespace salespulse {

// Continuous ranked probability score of a forecast distribution F of X when y happened: the
// integral over x of (F(x) - 1{y <= x})^2, which is E|X - y| - E|X - X'| / 2. In the unit of y, 0
// at best; for a forecast that is one number it is the absolute error. Proper: nobody gains by
// stating another distribution than the one believed in.
//
// Matheson and Winkler (1976), Scoring rules for continuous probability distributions, Management
// Science 22:1087-1096; Gneiting and Raftery (2007), Strictly proper scoring rules, prediction, and
// estimation, JASA 102:359-378.

/// For a distribution on a lattice, by the integral, whose parts are all positive. O(points).
/// Throws `invalid_input` unless y is finite.
[[nodiscard]] double crps(const lattice_distribution& forecast, double y);

/// For the empirical distribution of draws: those are the forecast. insufficient_data without
/// draws, non_finite_input (`where`: the draw, or -1 for y), out_of_range. O(n log n).
[[nodiscard]] figure crps_of_sample(std::span<const double> draws, double y);

/// For the distribution that independent draws come from: without the favour that the plain score
/// does to larger samples, E|X - X'| being estimated from distinct pairs. Can be negative. Needs
/// two draws.
///
/// Ferro (2014), Fair scores for ensemble forecasts, Quarterly Journal of the Royal Meteorological
/// Society 140:1917-1923.
[[nodiscard]] figure fair_crps_of_sample(std::span<const double> draws, double y);

/// For a normal distribution; sd 0 is a forecast of one number. Throws `invalid_input` unless all
/// are finite, y - mean among them, and sd >= 0.
[[nodiscard]] double crps_of_normal(double mean, double sd, double y);

/// The mean of scores of independent cases with its standard error, sd / sqrt(n). The mean needs
/// one score and the error two (insufficient_data); non_finite_input (`where`: the score);
/// out_of_range.
struct mean_score {
  figure mean;
  figure std_error;
  std::int64_t n = 0;
};
[[nodiscard]] mean_score mean_of_scores(std::span<const double> scores);

}  // namespace salespulse
#endif
