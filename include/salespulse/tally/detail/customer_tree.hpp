// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_TALLY_DETAIL_CUSTOMER_TREE_HPP
#define SALESPULSE_TALLY_DETAIL_CUSTOMER_TREE_HPP

#include <salespulse/model/book.hpp>

#include <cstddef>

namespace salespulse::detail {

// The customer at the top of the tree; a parent that leads back to itself ends the walk.
inline customer_id top_of(const book& b, customer_id c) {
  const auto& customers = b.tables().customers;
  for (std::size_t steps = 0; steps < customers.size(); ++steps) {
    const customer_id parent = customers[index_of(c)].parent;
    if (!is_known(parent) || parent == c) break;
    c = parent;
  }
  return c;
}

}  // namespace salespulse::detail
#endif
