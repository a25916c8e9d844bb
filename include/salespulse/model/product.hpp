// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_PRODUCT_HPP
#define SALESPULSE_MODEL_PRODUCT_HPP

#include <salespulse/core/money.hpp>
#include <salespulse/model/lifetime_kind.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace salespulse {

/// Something that is sold. All products of a family share one lifetime kind.
struct product {
  std::string id = {};
  std::string name = {};
  std::string family = {};  ///< empty: the product is a family of its own, called after its id
  lifetime_kind lifetime = lifetime_kind::unknown;
  std::optional<money> list_price = {};  ///< for mappings and hosts: lines carry prices of their own
  std::optional<money> unit_cost = {};
};

}  // namespace salespulse
#endif
