// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_SUM_DISTRIBUTION_HPP
#define SALESPULSE_STATISTICS_SUM_DISTRIBUTION_HPP

#include <salespulse/statistics/lattice_distribution.hpp>
#include <salespulse/statistics/status.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace salespulse {

/// `amount` with the given probability, else 0. Amounts are whole, in a unit of the caller's
/// choice, and may be negative.
struct chance {
  std::int64_t amount = 0;
  double probability = 0;
};

/// One of several amounts: the outcomes exclude each other, and what their probabilities leave of 1
/// falls on 0. Probabilities that leave 2^-53 or less for each outcome leave nothing; those that
/// exceed 1 by up to 1e-12 are scaled to 1, by more they are refused.
struct uncertain_amount {
  std::vector<chance> outcomes;
};

struct sum_options {
  /// Round amounts to the nearest multiple first, halves away from 0; at least 1. Moves the sum by
  /// at most half of this for each outcome that happens.
  std::int64_t round_to = 1;
  /// A distribution on more points than this is refused.
  std::int64_t max_points = 10'000'000;
  /// Convolve item by item while that needs no more multiply-adds than this (a few seconds), else
  /// by Fourier transform.
  double max_direct_operations = 2e10;
};

struct lattice_sum {
  /// non_finite_input, invalid_probability (`where`: the item); too_large.
  status why;
  lattice_distribution distribution;
  /// Convolved item by item: each mass and each tail has a relative error of about 1e-16 times the
  /// number of items, where it exceeds 1e-260; below that it may be given as 0. Otherwise by
  /// Fourier transform: each mass is within about 5e-15 times the largest one, so that tails below
  /// 1e-8 want `upper_tail` and `lower_tail`.
  bool direct = true;
  /// With too_large: rounding to this (1, 2 or 5 times a power of ten) would fit; 0 where none does
  /// or the sum overflows 64 bits.
  std::int64_t suggested_unit = 1;
};

/// Distribution of the sum of independent amounts: exact but for rounding, on the lattice of the
/// greatest common divisor of the amounts. No amounts: the sum is 0. The items' order does not
/// change a bit. Chances of probability 0 or 1 cost nothing.
///
/// Direct convolution costs two multiply-adds for each item and point reached so far (points more
/// than 37 standard deviations out are not touched); only products and sums of positive numbers, so
/// nothing cancels. Beyond `max_direct_operations` blocks are merged by Fourier transform, smallest
/// first: O(points log^2) time. too_large where the lattice has more than `max_points`.
[[nodiscard]] lattice_sum sum_distribution(std::span<const chance> chances,
                                           const sum_options& options = {});
[[nodiscard]] lattice_sum sum_distribution(std::span<const uncertain_amount> amounts,
                                           const sum_options& options = {});

/// Of independent sums that were worked out already; `round_to` is not used, and no unit suggested.
[[nodiscard]] lattice_sum sum_distribution(std::span<const lattice_distribution> parts,
                                           const sum_options& options = {});

struct tail_probability {
  status why;
  double value = 0;                 ///< 0 also where it is below the smallest double
  std::optional<double> log_value;  ///< natural logarithm; absent where the tail is impossible
  std::int64_t suggested_unit = 1;  ///< as in `lattice_sum`
};

/// P(sum >= x). For x beyond the mean the items are tilted exponentially, each mass m at a becoming
/// m exp(u a) / constant, with u such that the tilted mean is x; the tilted sum is convolved,
/// summed beyond x and tilted back. So the relative error is about 1e-13 however small the tail, by
/// either way of convolving, and tails below the range of doubles have a logarithm. For x below the
/// mean nothing is tilted, and Fourier transform leaves an absolute error of about 1e-13. Costs one
/// convolution. Refused as `sum_distribution`.
///
/// Esscher (1932), On the probability function in the collective theory of risk, Skandinavisk
/// Aktuarietidskrift 15:175-195; Grubel and Hermesmeier (1999), Computation of compound
/// distributions I: aliasing errors and exponential tilting, ASTIN Bulletin 29:197-214.
[[nodiscard]] tail_probability upper_tail(std::span<const chance> chances, std::int64_t x,
                                          const sum_options& options = {});
[[nodiscard]] tail_probability upper_tail(std::span<const uncertain_amount> amounts, std::int64_t x,
                                          const sum_options& options = {});

/// P(sum <= x), the same from the other side.
[[nodiscard]] tail_probability lower_tail(std::span<const chance> chances, std::int64_t x,
                                          const sum_options& options = {});
[[nodiscard]] tail_probability lower_tail(std::span<const uncertain_amount> amounts, std::int64_t x,
                                          const sum_options& options = {});

/// Distribution of how many of n independent events happen, event i with probability p[i]
/// (Poisson-binomial), by direct convolution whatever n: relative accuracy in both tails as stated
/// at `lattice_sum::direct`. O(n min(n, 75 standard deviations)).
[[nodiscard]] lattice_sum poisson_binomial(std::span<const double> p);

}  // namespace salespulse
#endif
