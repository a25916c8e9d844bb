// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_VALUE_CONCENTRATION_HPP
#define SALESPULSE_VALUE_CONCENTRATION_HPP

#include <salespulse/core/interval.hpp>
#include <salespulse/core/wide.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace salespulse {

/// How much of an amount hangs on few customers. Sums, not estimates: no intervals.
struct concentration {
  estimate hhi;               ///< Herfindahl-Hirschman index: sum of squared shares, 1/N to 1
  estimate effective_number;  ///< 1 / HHI: as many equal customers would be as concentrated
  estimate top_share;         ///< share of the k largest
  std::size_t k = 0;
};

/// Concentration of one amount per customer, in any unit. Customers with amount 0 count for
/// nothing. Undefined where nothing is left and where an amount is negative, since shares then
/// have no meaning. O(n log n).
///
/// Hirschman (1964), The paternity of an index, American Economic Review 54:761.
[[nodiscard]] concentration concentration_of(std::span<const wide> amounts, std::size_t k = 3);

/// Concentration that is not defined for a reason that the amounts do not show, such as one of them
/// being unknown.
[[nodiscard]] concentration undefined_concentration(std::string_view reason, std::int64_t n,
                                                    std::size_t k = 3);

}  // namespace salespulse
#endif
