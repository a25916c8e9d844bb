// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_PRODUCT_HPP
#define SALESPULSE_MODEL_PRODUCT_HPP

#include <salespulse/core/money.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace salespulse {

/// How the revenue of a product family lives on after the sale.
enum class lifetime_kind : std::uint8_t {
  unknown,   ///< not declared: no value can be given
  contract,  ///< continues over committed terms and renewals
  repeat,    ///< continues by purchases without a contract
  once       ///< does not continue
};

/// Something that is sold. All products of a family share one lifetime kind.
struct product {
  std::string id = {};
  std::string name = {};
  std::string family = {};                             ///< empty: unknown
  lifetime_kind lifetime = lifetime_kind::unknown;
  std::optional<money> list_price = {};                ///< price list entry, for comparison only
  std::optional<money> unit_cost = {};
};

}  // namespace salespulse
#endif
