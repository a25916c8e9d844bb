// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_DIRECTORY_HPP
#define SALESPULSE_MODEL_DIRECTORY_HPP

#include <salespulse/model/ids.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace salespulse {

/// The host's id strings of one kind of entity, numbered from 0 in the order of first sight.
///
/// The strings stand one behind the other in one block with their ends beside it; an open table of
/// numbers finds them again.
class directory {
public:
  /// Result of `insert`.
  struct inserted {
    std::uint32_t number;
    bool is_new;
  };

  /// The number of the id, which is added if it is new. Amortised O(length).
  inserted insert(std::string_view id);

  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view id) const noexcept {
    if (slots_.empty()) return std::nullopt;
    const std::uint32_t number = slots_[find_slot(id)];
    if (number == no_number) return std::nullopt;
    return number;
  }

  /// The id of a number below `size()`. Invalidated by `insert`.
  [[nodiscard]] std::string_view operator[](std::size_t number) const noexcept {
    const std::size_t begin = number == 0 ? 0 : ends_[number - 1];
    return std::string_view(text_).substr(begin, ends_[number] - begin);
  }

  [[nodiscard]] std::size_t size() const noexcept { return ends_.size(); }

  /// The place of each number in the byte order of the ids.
  [[nodiscard]] std::vector<std::uint32_t> sorted_places() const;

  /// The same ids with number i moved to `places[i]`, a permutation.
  [[nodiscard]] directory renumbered(const std::vector<std::uint32_t>& places) const;

  /// Memory in use, in bytes.
  [[nodiscard]] std::size_t bytes() const noexcept {
    return text_.capacity() + ends_.capacity() * sizeof(std::size_t) +
           slots_.capacity() * sizeof(std::uint32_t);
  }

private:
  // FNV-1a: short ids, and the table doubles before it is half full, so its weak high bits and
  // clustering do not matter.
  static std::uint64_t hash(std::string_view id) noexcept {
    std::uint64_t h = 0xCBF29CE484222325U;
    for (const char c : id) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
    return h ^ (h >> 32);
  }

  // The slot that holds the id, or the empty one where it belongs.
  [[nodiscard]] std::size_t find_slot(std::string_view id) const noexcept {
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = static_cast<std::size_t>(hash(id)) & mask;
    while (slots_[slot] != no_number && (*this)[slots_[slot]] != id) slot = (slot + 1) & mask;
    return slot;
  }

  void grow();

  std::string text_;
  std::vector<std::size_t> ends_;
  std::vector<std::uint32_t> slots_;  // a power of two; at most half full
};

}  // namespace salespulse
#endif
