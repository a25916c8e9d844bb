// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_ROW_COUNTS_HPP
#define SALESPULSE_STATISTICS_ROW_COUNTS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace salespulse {

/// A multiset: equal rows held once, in order, with how often they came. A likelihood is a sum over
/// the entries, so it costs as much as there are distinct rows, and the fit to the union of two
/// sets is the fit to their sum, whatever the order of the rows. `Row` is ordered by <.
template <class Row>
class row_counts {
public:
  struct entry {
    Row row;
    std::int64_t count;  ///< not 0; negative only where counts below 0 were given
  };

  row_counts() = default;

  /// Counts the rows. O(n log n).
  explicit row_counts(std::span<const Row> rows) {
    for (const Row& row : rows) entries_.push_back({row, 1});
    settle();
  }

  /// Rows that were counted already; equal rows add, counts of 0 are dropped. A sum below 0 stays,
  /// and one beyond 64 bits stays at their limit, for the estimator to refuse.
  explicit row_counts(std::vector<entry> entries) : entries_(std::move(entries)) { settle(); }

  row_counts& operator+=(const row_counts& other) {
    const std::size_t more = other.entries_.size();  // `other` can be this one
    entries_.reserve(entries_.size() + more);
    for (std::size_t i = 0; i < more; ++i) entries_.push_back(other.entries_[i]);
    settle();
    return *this;
  }

  /// Invalidated by assignment to *this; not of a temporary, which would leave it dangling.
  [[nodiscard]] std::span<const entry> entries() const& noexcept { return entries_; }
  std::span<const entry> entries() const&& = delete;

  /// How many rows there are, equal ones counted each time; the largest number of 64 bits where
  /// there are more.
  [[nodiscard]] std::int64_t total() const noexcept {
    std::int64_t sum = 0;
    for (const entry& e : entries_) sum = plus(sum, e.count);
    return sum;
  }

private:
  static std::int64_t plus(std::int64_t a, std::int64_t b) noexcept {
    if (b > 0 && a > INT64_MAX - b) return INT64_MAX;
    if (b < 0 && a < INT64_MIN - b) return INT64_MIN;
    return a + b;
  }

  void settle() {
    std::sort(entries_.begin(), entries_.end(),
              [](const entry& a, const entry& b) { return a.row < b.row; });
    std::vector<entry> distinct;
    for (entry& e : entries_) {
      if (!distinct.empty() && !(distinct.back().row < e.row)) {
        distinct.back().count = plus(distinct.back().count, e.count);
      } else {
        distinct.push_back(std::move(e));
      }
    }
    std::erase_if(distinct, [](const entry& e) { return e.count == 0; });
    entries_ = std::move(distinct);
  }

  std::vector<entry> entries_;
};

}  // namespace salespulse
#endif
