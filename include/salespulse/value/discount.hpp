// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_VALUE_DISCOUNT_HPP
#define SALESPULSE_VALUE_DISCOUNT_HPP

#include <salespulse/core/result.hpp>

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

inline discount_curve::discount_curve(double yearly_rate) {
  if (!(yearly_rate > -0.99 && yearly_rate < 100)) {
    throw invalid_input("discount_curve: the yearly rate is not above -0.99 and below 100");
  }
  const pair base = sum(1.0, yearly_rate);
  // Newton's step for base * x^365 = 1. From its second step on it comes down to the root.
  pair x{1.0, 0.0};
  for (int step = 0; step < 200; ++step) {
    pair power{1.0, 0.0};
    for (int i = 0; i < 365; ++i) power = times(power, x);
    const pair residual = times(base, power);  // 1 at the root
    const double excess = (residual.high - 1) + residual.low;
    const double correction = x.high * excess / (365 * residual.high);
    x = sum(x.high, x.low - correction);
    if (correction <= 1e-26 && correction >= -1e-26) break;
  }
  day_[0] = {1.0, 0.0};
  for (std::size_t i = 1; i < day_.size(); ++i) day_[i] = times(day_[i - 1], x);
  const pair whole = times(day_[364], x);
  year_[0] = {1.0, 0.0};
  for (std::size_t i = 1; i < year_.size(); ++i) year_[i] = times(year_[i - 1], whole);
}

}  // namespace salespulse
#endif
