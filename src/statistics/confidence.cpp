// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/confidence.hpp>

#include "boost_policy.hpp"
#include <salespulse/core/result.hpp>

#include <boost/math/special_functions/erf.hpp>

#include <numbers>

namespace salespulse {

confidence confidence_of(double level) {
  if (!(level > 0 && level < 1)) throw invalid_input("confidence_of: level is not within (0, 1)");
  // Through the tail, so that levels near 1 keep their digits.
  return {level, std::numbers::sqrt2 * boost::math::erfc_inv(1 - level, plain_double{})};
}

}  // namespace salespulse
