// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_TALLY_TALLY_HPP
#define SALESPULSE_TALLY_TALLY_HPP

#include <salespulse/core/result.hpp>
#include <salespulse/core/wide.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace salespulse {

/// What the columns of a tally mean. Numbers are part of the wire format: never reused.
enum class tally_layout : std::uint32_t {
  values = 1,     ///< key: `value_key`; sums: `value_sums`
  lifetimes = 2,  ///< key: `value_key`, customer and day of the first flow; sums: `value_sums`
  recognised = 3  ///< like `values`, but each line weighted with days of a period
};

[[nodiscard]] constexpr std::size_t key_width(tally_layout layout) noexcept {
  return layout == tally_layout::lifetimes ? 13 : 11;
}
[[nodiscard]] constexpr std::size_t sum_width(tally_layout) noexcept { return 5; }

/// One sorted table from a key to integer sums: everything the heavy pass over rows produces.
///
/// Let T(A) be the tally of a multiset of rows A. A row adds whole numbers to the sums of its key,
/// so T(A + B) = T(A) + T(B), key by key: exact, and the same in any order, on any number of
/// threads or shards, and in any increments. Taking rows back is subtraction. A key whose sums are
/// all zero is dropped, so equal contents are equal bytes.
///
/// Keys are numbers of what a book names: `directory` is a fingerprint of these names, and tallies
/// of different directories do not merge.
class tally {
public:
  tally(tally_layout layout, std::uint64_t directory);

  [[nodiscard]] tally_layout layout() const noexcept { return layout_; }
  [[nodiscard]] std::uint64_t directory() const noexcept { return directory_; }
  [[nodiscard]] std::size_t size() const noexcept;

  [[nodiscard]] std::span<const std::int64_t> key(std::size_t row) const noexcept;
  [[nodiscard]] std::span<const wide> sums(std::size_t row) const noexcept;

  /// Makes room for as many rows.
  void reserve(std::size_t rows);

  /// Appends a row whose key is above the last one; sums that are all zero are dropped. Throws
  /// `invalid_input` on a wrong width or order.
  void append(std::span<const std::int64_t> key, std::span<const wide> sums);

  [[nodiscard]] bool operator==(const tally& other) const noexcept;

private:
  tally_layout layout_;
  std::uint64_t directory_;
  std::vector<std::int64_t> keys_;
  std::vector<wide> sums_;
};

/// The tally of the rows of both. Fails on different layouts or directories, and where a sum would
/// exceed 128 bits. O(rows).
[[nodiscard]] result<tally> merge(const tally& a, const tally& b);

/// The tally of the rows of `a` without those of `b`. Fails like `merge`.
[[nodiscard]] result<tally> subtract(const tally& a, const tally& b);

/// The wire form: "SPTL", format version, layout, directory, number of rows, the rows, checksum. Keys
/// and sums are zigzag LEB128, the numbers before them plain LEB128, and the checksum (FNV-1a) is
/// eight bytes, lowest first: the same on every host. Version 1.
[[nodiscard]] std::vector<unsigned char> to_bytes(const tally& t);

/// Reads the wire form back. Fails, with the reason, on anything that `to_bytes` does not write.
[[nodiscard]] result<tally> tally_from_bytes(std::span<const unsigned char> bytes);

}  // namespace salespulse
#endif
