// SPDX-License-Identifier: BSL-1.0
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/tenure.hpp>

#include <vector>

namespace salespulse {

cohort_tenures tenures_of(std::span<const std::int64_t> survivors, std::size_t columns) {
  if (columns == 0 || survivors.size() % columns != 0) {
    throw invalid_input("tenures_of: the cells do not fill rows of that many columns");
  }
  std::vector<row_counts<tenure>::entry> entries;
  for (std::size_t row = 0; row < survivors.size(); row += columns) {
    std::int32_t entered = -1;
    std::int32_t last = -1;  // the last column that was counted
    std::int64_t there = 0;  // how many there were then
    for (std::size_t column = 0; column < columns; ++column) {
      const std::size_t cell = row + column;
      const std::int64_t now = survivors[cell];
      const auto renewal = static_cast<std::int32_t>(column);
      if (now == not_counted) continue;
      if (now < 0) return {{condition::negative_count, static_cast<std::int64_t>(cell)}, {}};
      if (last < 0) {
        entered = renewal;
      } else if (now > there) {
        return {{condition::count_exceeds_trials, static_cast<std::int64_t>(cell)}, {}};
      } else {
        entries.push_back({{entered, last, renewal}, there - now});
      }
      last = renewal;
      there = now;
    }
    if (last >= 0) entries.push_back({{entered, last, 0}, there});
  }
  return {{}, row_counts<tenure>(std::move(entries))};
}

}  // namespace salespulse
