// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_DETAIL_GROUPING_HPP
#define SALESPULSE_MODEL_DETAIL_GROUPING_HPP

#include <salespulse/model/ids.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace salespulse::detail {

// Rows of one deal together, in the order of the deals; rows of equal deals keep their order.
template <class Row, class DealOf>
void group_by_deal(std::vector<Row>& rows, std::size_t deals, DealOf deal_of) {
  const auto before = [&](const Row& a, const Row& b) { return deal_of(a) < deal_of(b); };
  if (std::is_sorted(rows.begin(), rows.end(), before)) return;
  std::vector<std::size_t> next(deals + 1, 0);
  for (const Row& row : rows) ++next[index_of(deal_of(row)) + 1];
  for (std::size_t i = 1; i < next.size(); ++i) next[i] += next[i - 1];
  std::vector<Row> grouped(rows.size());
  for (const Row& row : rows) grouped[next[index_of(deal_of(row))]++] = row;
  rows = std::move(grouped);
}

// Calls `body(deal, first, last)` for each deal with the range of its rows in a grouped column.
template <class Row, class DealOf, class Body>
void for_each_deal(std::vector<Row>& rows, std::size_t deals, DealOf deal_of, Body body) {
  std::size_t first = 0;
  for (std::size_t d = 0; d < deals; ++d) {
    std::size_t last = first;
    while (last < rows.size() && index_of(deal_of(rows[last])) == d) ++last;
    body(d, first, last);
    first = last;
  }
}

}  // namespace salespulse::detail
#endif
