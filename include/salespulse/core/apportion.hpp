// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_CORE_APPORTION_HPP
#define SALESPULSE_CORE_APPORTION_HPP

#include <cstdint>
#include <span>
#include <vector>

namespace salespulse {

/// Splits a total over non-negative weights by largest remainder: the parts are whole units, sum
/// to the total exactly, and each lies within one unit of its exact value. Equal remainders go to
/// the earlier weight. All weights zero: all parts zero. O(n * units left over).
///
/// Used only where a figure leaves the library; inside, shares stay exact.
[[nodiscard]] std::vector<std::int64_t> apportion(std::int64_t total,
                                                 std::span<const std::int64_t> weights);

}  // namespace salespulse
#endif
