// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_VALUE_DETAIL_CLASS_CACHE_HPP
#define SALESPULSE_VALUE_DETAIL_CLASS_CACHE_HPP

#include <salespulse/value/weights.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace salespulse::detail {

// The coefficients of the classes met so far. Classes are few and their coefficients cost
// thousands of operations; keys are many and repeat them owner by owner.
class class_cache {
public:
  explicit class_cache(const valuation& parameters) noexcept : parameters_(parameters) {}

  // Valid until the next call.
  const class_weights& operator[](const value_class& c) { return weights_[number(c)]; }

  // Classes are numbered in the order of first sight.
  std::size_t number(const value_class& c) {
    const auto at = std::lower_bound(
        order_.begin(), order_.end(), c,
        [](const entry& e, const value_class& wanted) { return e.of < wanted; });
    if (at != order_.end() && at->of == c) return at->number;
    order_.insert(at, {c, weights_.size()});
    weights_.push_back(parameters_.weigh(c));
    return weights_.size() - 1;
  }

  [[nodiscard]] const std::vector<class_weights>& weights() const noexcept { return weights_; }

private:
  struct entry {
    value_class of;
    std::size_t number;
  };
  const valuation& parameters_;
  std::vector<entry> order_;
  std::vector<class_weights> weights_;
};

}  // namespace salespulse::detail
#endif
