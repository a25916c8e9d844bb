// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_VALUE_DISCOUNT_HPP
#define SALESPULSE_VALUE_DISCOUNT_HPP

#include <array>
#include <cstddef>
#include <cstdint>

namespace salespulse {

/// The discount factor (1 + r)^(-t / 365) of day t.
///
/// The daily factor is the 365th root of 1 / (1 + r) by Newton's method, and powers are products,
/// both in twice the precision of a double; so only + - * / are used, every host gets the same bits,
/// and each factor is within one unit in the last place.
class discount_curve {
public:
  /// Throws `invalid_input` where `yearly_rate` is not above -0.99 and below 100.
  explicit discount_curve(double yearly_rate);

  /// The factor of a day from 0 to 36 500; 1 at day 0.
  [[nodiscard]] double operator()(std::int32_t day) const noexcept {
    const auto d = static_cast<std::size_t>(day);
    return times(year_[d / 365], day_[d % 365]).high;
  }

private:
  // An unevaluated sum high + low with |low| at most half a unit in the last place of high.
  struct pair {
    double high;
    double low;
  };
  static constexpr pair sum(double a, double b) noexcept {
    const double s = a + b;
    const double t = s - a;
    return {s, (a - (s - t)) + (b - t)};
  }
  // Dekker (1971), A floating-point technique for extending the available precision, Numerische
  // Mathematik 18:224-242.
  static constexpr pair product(double a, double b) noexcept {
    constexpr double splitter = 134217729.0;  // 2^27 + 1
    const double ta = splitter * a;
    const double tb = splitter * b;
    const double ah = ta - (ta - a);
    const double bh = tb - (tb - b);
    const double p = a * b;
    return {p, ((ah * bh - p) + ah * (b - bh) + (a - ah) * bh) + (a - ah) * (b - bh)};
  }
  static constexpr pair times(pair a, pair b) noexcept {
    const pair p = product(a.high, b.high);
    return sum(p.high, p.low + (a.high * b.low + a.low * b.high));
  }

  std::array<pair, 365> day_{};
  std::array<pair, 101> year_{};
};

}  // namespace salespulse
#endif
