// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_STATISTICS_SLOPE_SELECTION_HPP
#define SALESPULSE_SRC_STATISTICS_SLOPE_SELECTION_HPP

#include <cstdint>
#include <span>
#include <vector>

namespace salespulse {

/// The k-th smallest of the slopes (y_j - y_i) / (x_j - x_i) of all pairs of rows with unequal x.
///
/// A pair's slope is at most theta exactly if the order of the two rows by y - theta x is the
/// reverse of their order by x. So counting the slopes up to theta is counting the pairs out of
/// order, O(n log n), and the pairs whose order changes between two thetas are those with slopes
/// between them. Two thetas around the wanted rank are drawn closer by random samples of the pairs
/// between them, until few pairs are left to be listed.
class slope_selection {
public:
  struct neighbours {
    double first;   ///< slope of the rank
    double second;  ///< of the next one, or the same where there is none
  };

  /// x and y are finite and of equal length.
  slope_selection(std::span<const double> x, std::span<const double> y);

  /// The slopes of rank k and k + 1; 1 <= k <= number of pairs with unequal x.
  [[nodiscard]] neighbours at(std::int64_t k) const;

private:
  // Rows in order of (x, y), scaled by powers of two to at most 1.
  struct row {
    double x;
    double y;
    std::uint32_t group;  // rows of equal x are one group
  };
  // The rows in the order of y - theta x, by their number.
  using order = std::vector<std::uint32_t>;
  // A theta with its order, and how many slopes are at most it.
  struct cut {
    double theta;
    order rows;
    std::int64_t below;
  };

  [[nodiscard]] cut cut_at(double theta) const;
  [[nodiscard]] double slope(std::uint32_t i, std::uint32_t j) const;
  [[nodiscard]] neighbours pick(std::vector<double>& slopes, std::int64_t k) const;

  std::vector<row> rows_;
  std::int64_t pairs_ = 0;
  int exponent_ = 0;  // a slope of the rows times 2^exponent is one of the data
};

}  // namespace salespulse
#endif
