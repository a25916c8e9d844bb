// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_LATTICE_DISTRIBUTION_HPP
#define SALESPULSE_STATISTICS_LATTICE_DISTRIBUTION_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace salespulse {

/// The distribution of a whole number X on the points first, first + step, ..., last. Each tail is
/// added up from its own end, so that small probabilities keep the relative accuracy of the masses
/// on both sides. Queries are O(1), quantiles O(log n), moments O(n). Holds 24 bytes a point.
class lattice_distribution {
public:
  /// X = 0 for certain.
  lattice_distribution() : lattice_distribution(0, 1, {1.0}) {}

  /// masses[k] is the probability of first + k step; zeros at the ends are dropped. Throws
  /// `invalid_input` unless step >= 1, the points fit 64 bits, and the masses are finite, not
  /// negative and add up to 1 within 1e-6. They are kept as given.
  lattice_distribution(std::int64_t first, std::int64_t step, std::vector<double> masses);

  /// The smallest and the largest value that X takes.
  [[nodiscard]] std::int64_t first() const noexcept { return first_; }
  [[nodiscard]] std::int64_t last() const noexcept;
  [[nodiscard]] std::int64_t step() const noexcept { return step_; }
  [[nodiscard]] std::span<const double> masses() const noexcept { return masses_; }

  /// P(X = x); 0 between and beyond the points.
  [[nodiscard]] double probability(std::int64_t x) const noexcept;
  /// P(X <= x).
  [[nodiscard]] double at_most(std::int64_t x) const noexcept;
  /// P(X >= x).
  [[nodiscard]] double at_least(std::int64_t x) const noexcept;

  /// The smallest x with P(X <= x) >= p; P may fall short by a relative 1e-13, so that a level
  /// which is reached in exact arithmetic counts as reached. Throws `invalid_input` unless 0 <= p
  /// <= 1.
  [[nodiscard]] std::int64_t quantile(double p) const;
  /// The smallest x with P(X > x) <= p, with the same slack: quantile(1 - p) without the rounding
  /// of 1 - p. Throws `invalid_input` unless 0 <= p <= 1.
  [[nodiscard]] std::int64_t upper_quantile(double p) const;

  [[nodiscard]] double mean() const noexcept;
  [[nodiscard]] double variance() const noexcept;
  /// E (X - mean)^3.
  [[nodiscard]] double third_central_moment() const noexcept;

private:
  // Of X above its first point, in steps.
  [[nodiscard]] double mean_steps() const noexcept;
  [[nodiscard]] double central_moment(int power) const noexcept;
  [[nodiscard]] std::int64_t point(std::size_t k) const noexcept;

  std::int64_t first_;
  std::int64_t step_;
  std::vector<double> masses_;
  std::vector<double> up_to_;  // P(X <= point k)
  std::vector<double> from_;   // P(X >= point k)
};

}  // namespace salespulse
#endif
