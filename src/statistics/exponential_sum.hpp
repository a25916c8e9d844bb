// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_STATISTICS_EXPONENTIAL_SUM_HPP
#define SALESPULSE_SRC_STATISTICS_EXPONENTIAL_SUM_HPP

#include <vector>

namespace salespulse {

/// amount * exp(-s * time); finite, and not 0.
struct exponential_term {
  double amount;
  double time;
};

/// All zeros in s of a sum of terms whose times rise strictly, in rising order. A zero that the sum
/// touches to within rounding without crossing is given once.
[[nodiscard]] std::vector<double> zeros_of(const std::vector<exponential_term>& terms);

}  // namespace salespulse
#endif
