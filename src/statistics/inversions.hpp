// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_STATISTICS_INVERSIONS_HPP
#define SALESPULSE_SRC_STATISTICS_INVERSIONS_HPP

#include <algorithm>
#include <cstddef>
#include <vector>

namespace salespulse {

/// Sorts by merging and hands every pair that stands the wrong way round to `visit(left, count,
/// right)`: `right` stands after, and belongs before, the `count` elements from `left` on. Equal
/// elements are in order. O(n log n) and what the visits cost.
template <class Value, class Visit>
void merge_inversions(std::vector<Value>& values, Visit&& visit) {
  std::vector<Value> spare(values.size());
  const std::size_t n = values.size();
  for (std::size_t width = 1; width < n; width *= 2) {
    for (std::size_t begin = 0; begin < n; begin += 2 * width) {
      const std::size_t middle = std::min(begin + width, n);
      const std::size_t end = std::min(begin + 2 * width, n);
      std::size_t left = begin, right = middle;
      for (std::size_t out = begin; out < end; ++out) {
        if (left < middle && (right == end || values[left] <= values[right])) {
          spare[out] = values[left++];
        } else {
          if (left < middle) visit(values.data() + left, middle - left, values[right]);
          spare[out] = values[right++];
        }
      }
    }
    values.swap(spare);
  }
}

}  // namespace salespulse
#endif
