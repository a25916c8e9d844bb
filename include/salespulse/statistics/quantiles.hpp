// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_QUANTILES_HPP
#define SALESPULSE_STATISTICS_QUANTILES_HPP

#include <salespulse/statistics/figure.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace salespulse {

/// How a quantile is read off n ordered values x_1 <= ... <= x_n, numbered as Hyndman and Fan do.
/// Types 1 to 3 give one of the values or the middle of two; the others go in a straight line from
/// value to value, and differ in the share p_k that belongs to x_k.
///
/// Hyndman and Fan (1996), Sample quantiles in statistical packages, American Statistician
/// 50:361-365.
enum class quantile_type : std::uint8_t {
  inverse_ecdf = 1,      ///< the first value with at least n p values up to it
  averaged_ecdf = 2,     ///< the same, the middle of two values where n p is whole
  nearest_even = 3,      ///< the value of rank nearest to n p, the even one of two
  linear_ecdf = 4,       ///< p_k = k / n
  hazen = 5,             ///< p_k = (k - 1/2) / n
  weibull = 6,           ///< p_k = k / (n + 1)
  modes = 7,             ///< p_k = (k - 1) / (n - 1); the default of R, S, Excel and NumPy
  median_unbiased = 8,   ///< p_k = (k - 1/3) / (n + 1/3); advised by Hyndman and Fan
  normal_unbiased = 9    ///< p_k = (k - 3/8) / (n + 1/4)
};

/// The p-quantile of values in any order. A rank within 4 units in the last place of a whole number
/// counts as whole, so that 0.7 of 10 values is the seventh.
///
/// Infinite values are allowed: they stand for "beyond everything". A quantile that falls on one,
/// or between a value and one, has no finite number: `not_reached` with the row of that value.
/// NaN is `non_finite_input` with its row; no values at all are `insufficient_data`. Throws
/// `invalid_input` unless 0 <= p <= 1. O(n).
[[nodiscard]] figure sample_quantile(std::span<const double> values, double p,
                                     quantile_type type = quantile_type::modes);

/// The same for several p at once, for one sort. O(n log n).
[[nodiscard]] std::vector<figure> sample_quantiles(std::span<const double> values,
                                                   std::span<const double> p,
                                                   quantile_type type = quantile_type::modes);

/// The p-quantile where value i came `weights[i]` times: equal to the bit to repeating the rows,
/// for every type. Rows of weight 0 are left out; a negative weight, or none above 0, is
/// `invalid_weight`. Throws `invalid_input` where the spans differ in length, p is outside 0 to 1
/// or the weights add up to 2^53 or more. O(n log n).
[[nodiscard]] figure sample_quantile(std::span<const double> values,
                                     std::span<const std::int64_t> weights, double p,
                                     quantile_type type = quantile_type::modes);

/// How a quantile is read off values with weights that need not be whole. W is the total weight and
/// C_k the weight of all values up to the distinct value x_k. The names in quotes are the types of
/// `wtd.quantile` in R's Hmisc.
enum class weighted_quantile_type : std::uint8_t {
  inverse_ecdf,   ///< the first value with C_k >= p W; any scale of weights
  averaged_ecdf,  ///< the same, the middle of two values where C_k = p W; any scale of weights
  linear_ecdf,    ///< in a straight line through p_k = C_k / W, "i/n"; any scale of weights
  frequency,      ///< rank 1 + (W - 1) p among repeated rows, "quantile"; weights count rows
  modes,          ///< in a straight line through (C_k - 1) / (W - 1), "(i-1)/(n-1)"; count rows
  weibull         ///< in a straight line through C_k / (W + 1), "i/(n+1)"; count rows
};

/// The p-quantile of weighted values. Where weights count rows they must not all be below 1:
/// `frequency` and `modes` with W <= 1 are `insufficient_data` unless one value alone has weight.
/// Infinite values, NaN and p as for `sample_quantile`; weights as there, and an infinite or NaN
/// weight is `invalid_weight`. Equal values are taken together first. Weights up to the largest
/// double do not overflow. O(n log n).
[[nodiscard]] figure weighted_quantile(
    std::span<const double> values, std::span<const double> weights, double p,
    weighted_quantile_type type = weighted_quantile_type::averaged_ecdf);

}  // namespace salespulse
#endif
