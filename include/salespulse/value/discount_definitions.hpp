// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_VALUE_DISCOUNT_DEFINITIONS_HPP
#define SALESPULSE_VALUE_DISCOUNT_DEFINITIONS_HPP

#include <salespulse/core/result.hpp>
#include <salespulse/value/discount.hpp>

// See salespulse/definitions.hpp.
namespace salespulse {

discount_curve::discount_curve(double yearly_rate) {
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
