// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_STATISTICS_TWOFOLD_HPP
#define SALESPULSE_SRC_STATISTICS_TWOFOLD_HPP

namespace salespulse {

/// A number held as the sum of two doubles that do not overlap: about 32 digits, for running
/// products and sums whose small differences matter. Each operation is within a few units of the
/// last of them. Needs IEEE arithmetic, not fast-math; numbers below 1e290.
///
/// Dekker (1971), A floating-point technique for extending the available precision, Numerische
/// Mathematik 18:224-242.
class twofold {
public:
  constexpr twofold() noexcept = default;
  constexpr twofold(double x) noexcept : high_(x) {}  // NOLINT: a double is such a number

  /// Nearest double.
  [[nodiscard]] constexpr double value() const noexcept { return high_; }

  friend constexpr twofold operator+(twofold a, twofold b) noexcept {
    const twofold s = exact_sum(a.high_, b.high_);
    const twofold t = exact_sum(a.low_, b.low_);
    const twofold u = ordered_sum(s.high_, s.low_ + t.high_);
    return ordered_sum(u.high_, u.low_ + t.low_);
  }
  friend constexpr twofold operator-(twofold a) noexcept {
    a.high_ = -a.high_;
    a.low_ = -a.low_;
    return a;
  }
  friend constexpr twofold operator-(twofold a, twofold b) noexcept { return a + -b; }
  friend constexpr twofold operator*(twofold a, double b) noexcept {
    const twofold p = exact_product(a.high_, b);
    return ordered_sum(p.high_, p.low_ + a.low_ * b);
  }
  friend constexpr twofold operator*(twofold a, twofold b) noexcept {
    const twofold p = exact_product(a.high_, b.high_);
    return ordered_sum(p.high_, p.low_ + (a.high_ * b.low_ + a.low_ * b.high_));
  }
  friend constexpr twofold operator/(twofold a, double b) noexcept {
    const double q = a.high_ / b;
    const twofold p = exact_product(q, b);
    return ordered_sum(q, (((a.high_ - p.high_) - p.low_) + a.low_) / b);
  }
  constexpr twofold& operator+=(twofold b) noexcept { return *this = *this + b; }
  constexpr twofold& operator-=(twofold b) noexcept { return *this = *this - b; }

private:
  constexpr twofold(double high, double low) noexcept : high_(high), low_(low) {}

  static constexpr twofold ordered_sum(double larger, double smaller) noexcept {
    const double sum = larger + smaller;
    return {sum, smaller - (sum - larger)};
  }
  static constexpr twofold exact_sum(double a, double b) noexcept {
    const double sum = a + b;
    const double b_in_sum = sum - a;
    return {sum, (a - (sum - b_in_sum)) + (b - b_in_sum)};
  }
  static constexpr twofold exact_product(double a, double b) noexcept {
    constexpr double halves = 0x1p27 + 1;  // cuts 53 bits into two times 26
    const double a_high = halves * a - (halves * a - a);
    const double b_high = halves * b - (halves * b - b);
    const double a_low = a - a_high;
    const double b_low = b - b_high;
    const double product = a * b;
    return {product,
            ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low};
  }

  double high_ = 0;
  double low_ = 0;
};

}  // namespace salespulse
#endif
