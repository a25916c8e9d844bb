// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_KINDS_HPP
#define SALESPULSE_MODEL_KINDS_HPP

#include <cstdint>

namespace salespulse {

enum class deal_type : std::uint8_t { unknown, new_business, renewal, expansion };

/// Who took the first step.
enum class deal_origin : std::uint8_t {
  unknown,
  pull,           ///< the buyer came
  push,           ///< the seller went
  installed_base  ///< grew out of an existing customer
};

enum class deal_outcome : std::uint8_t { open, won, lost };

enum class credit_kind : std::uint8_t {
  revenue,  ///< shares of the revenue: those of a deal sum to one
  overlay   ///< recognises help; never enters value
};

enum class revenue_kind : std::uint8_t {
  invoice,
  payment,
  renewal,
  expansion,
  contraction,
  refund,
  credit_note,
  churn
};

enum class touch_direction : std::uint8_t { unknown, inbound, outbound, mutual };

enum class target_metric : std::uint8_t { bookings, sustainable_value };

}  // namespace salespulse
#endif
