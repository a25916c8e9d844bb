// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_LIFETIME_KIND_HPP
#define SALESPULSE_MODEL_LIFETIME_KIND_HPP

#include <cstdint>

namespace salespulse {

/// How the revenue of a product family lives on after the sale.
enum class lifetime_kind : std::uint8_t {
  unknown,   ///< not declared: no value can be given
  contract,  ///< continues over committed terms and renewals
  repeat,    ///< continues by purchases without a contract
  once       ///< does not continue
};

}  // namespace salespulse
#endif
