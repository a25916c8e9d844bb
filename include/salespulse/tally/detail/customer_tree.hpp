// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_TALLY_DETAIL_CUSTOMER_TREE_HPP
#define SALESPULSE_TALLY_DETAIL_CUSTOMER_TREE_HPP

#include <salespulse/model/book.hpp>
#include <salespulse/model/book_tables.hpp>

namespace salespulse::detail {

// The customer at the top of the tree. The book has cut every circle.
inline customer_id top_of(const book& b, customer_id c) {
  const auto& customers = b.tables().customers;
  while (is_known(customers[index_of(c)].parent)) c = customers[index_of(c)].parent;
  return c;
}

}  // namespace salespulse::detail
#endif
