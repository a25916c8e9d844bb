// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_VALUE_REFUSAL_HPP
#define SALESPULSE_VALUE_REFUSAL_HPP

#include <cstdint>
#include <string_view>

namespace salespulse {

/// Why lines have no value. They are counted beside the value, never taken as zero.
enum class refusal : std::uint8_t {
  none,
  no_snapshot,       ///< no parameters were given
  no_amount,         ///< the lines are won but carry no amount
  family_undeclared, ///< nobody said how the product family lives on
  repeat_family,     ///< families without a contract
  no_retention,      ///< the snapshot does not know the family and term
  no_payment         ///< the snapshot does not know the segment
};

/// The refusal in words.
[[nodiscard]] constexpr std::string_view to_string(refusal why) noexcept {
  switch (why) {
    case refusal::none: return "valued";
    case refusal::no_snapshot: return "not known: no renewal history";
    case refusal::no_amount: return "not known: won without an amount";
    case refusal::family_undeclared: return "not known: product family not declared";
    case refusal::repeat_family: return "not yet valued: purchases without a contract";
    case refusal::no_retention: return "not known: no retention for this family and term";
    case refusal::no_payment: return "not known: no payment behaviour for this segment";
  }
  return "";
}

}  // namespace salespulse
#endif
