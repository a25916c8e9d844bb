// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_TALLY_TALLY_DEFINITIONS_HPP
#define SALESPULSE_TALLY_TALLY_DEFINITIONS_HPP

#include <salespulse/tally/tally.hpp>
#include <salespulse/tally/value_key.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

// See salespulse/definitions.hpp.
namespace salespulse {

namespace detail {

inline constexpr unsigned char tally_magic[] = {'S', 'P', 'T', 'L'};
inline constexpr std::uint64_t tally_version = 1;

__extension__ typedef unsigned __int128 unsigned_wide;

inline void put_unsigned(std::vector<unsigned char>& out, unsigned_wide value) {
  while (value >= 0x80) {
    out.push_back(static_cast<unsigned char>((value & 0x7F) | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<unsigned char>(value));
}

inline void put_signed(std::vector<unsigned char>& out, wide value) {
  const auto bits = static_cast<unsigned_wide>(value);
  put_unsigned(out, value < 0 ? ~(bits << 1) : bits << 1);
}

inline std::uint64_t checksum(std::span<const unsigned char> bytes) noexcept {
  std::uint64_t h = 0xCBF29CE484222325U;  // FNV-1a
  for (const unsigned char b : bytes) h = (h ^ b) * 0x100000001B3U;
  return h;
}

class byte_reader {
public:
  explicit byte_reader(std::span<const unsigned char> bytes) noexcept : rest_(bytes) {}

  [[nodiscard]] std::size_t left() const noexcept { return rest_.size(); }

  // Empty at the end of the bytes, on more than 128 bits and on a longer form than needed.
  std::optional<unsigned_wide> take_unsigned() noexcept {
    unsigned_wide value = 0;
    for (std::size_t i = 0; i < rest_.size() && i < 19; ++i) {
      const unsigned_wide part = rest_[i] & 0x7F;
      if (i == 18 && part > 3) return std::nullopt;
      value |= part << (7 * i);
      if ((rest_[i] & 0x80) != 0) continue;
      if (i > 0 && part == 0) return std::nullopt;
      rest_ = rest_.subspan(i + 1);
      return value;
    }
    return std::nullopt;
  }

  std::optional<wide> take_signed() noexcept {
    const auto bits = take_unsigned();
    if (!bits) return std::nullopt;
    const unsigned_wide half = *bits >> 1;
    return static_cast<wide>((*bits & 1) != 0 ? ~half : half);
  }

private:
  std::span<const unsigned char> rest_;
};

inline result<tally> combine(const tally& a, const tally& b, int sign) {
  if (a.layout() != b.layout()) return failure{"the tallies have different layouts"};
  if (a.directory() != b.directory()) {
    return failure{"the tallies number different books; their keys do not mean the same"};
  }
  tally out(a.layout(), a.directory());
  std::vector<wide> sums(sum_width(a.layout()));
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    const bool in_a = j == b.size() ||
                      (i < a.size() && !std::lexicographical_compare(b.key(j).begin(),
                                                                     b.key(j).end(),
                                                                     a.key(i).begin(),
                                                                     a.key(i).end()));
    const bool in_b = i == a.size() ||
                      (j < b.size() && !std::lexicographical_compare(a.key(i).begin(),
                                                                     a.key(i).end(),
                                                                     b.key(j).begin(),
                                                                     b.key(j).end()));
    for (std::size_t s = 0; s < sums.size(); ++s) {
      const wide left = in_a ? a.sums(i)[s] : 0;
      const wide right = in_b ? b.sums(j)[s] : 0;
      if (sign > 0 ? __builtin_add_overflow(left, right, &sums[s])
                   : __builtin_sub_overflow(left, right, &sums[s])) {
        return failure{"a sum of the tallies does not fit into 128 bits"};
      }
    }
    out.append(in_a ? a.key(i) : b.key(j), sums);
    i += in_a ? 1 : 0;
    j += in_b ? 1 : 0;
  }
  return out;
}

}  // namespace detail

tally::tally(tally_layout layout, std::uint64_t directory)
    : layout_(layout), directory_(directory) {}

std::size_t tally::size() const noexcept { return sums_.size() / sum_width(layout_); }

std::span<const std::int64_t> tally::key(std::size_t row) const noexcept {
  return {keys_.data() + row * key_width(layout_), key_width(layout_)};
}

std::span<const wide> tally::sums(std::size_t row) const noexcept {
  return {sums_.data() + row * sum_width(layout_), sum_width(layout_)};
}

bool tally::operator==(const tally& other) const noexcept {
  return layout_ == other.layout_ && directory_ == other.directory_ && keys_ == other.keys_ &&
         sums_ == other.sums_;
}

void tally::reserve(std::size_t rows) {
  keys_.reserve(rows * key_width(layout_));
  sums_.reserve(rows * sum_width(layout_));
}

void tally::append(std::span<const std::int64_t> key, std::span<const wide> sums) {
  if (key.size() != key_width(layout_) || sums.size() != sum_width(layout_)) {
    throw invalid_input("tally::append: the row does not fit the layout");
  }
  if (size() > 0) {
    const auto last = this->key(size() - 1);
    if (!std::lexicographical_compare(last.begin(), last.end(), key.begin(), key.end())) {
      throw invalid_input("tally::append: the keys do not ascend");
    }
  }
  if (std::all_of(sums.begin(), sums.end(), [](wide s) { return s == 0; })) return;
  keys_.insert(keys_.end(), key.begin(), key.end());
  sums_.insert(sums_.end(), sums.begin(), sums.end());
}

result<tally> merge(const tally& a, const tally& b) { return detail::combine(a, b, 1); }

result<tally> subtract(const tally& a, const tally& b) { return detail::combine(a, b, -1); }

std::vector<unsigned char> to_bytes(const tally& t) {
  std::vector<unsigned char> out(std::begin(detail::tally_magic), std::end(detail::tally_magic));
  detail::put_unsigned(out, detail::tally_version);
  detail::put_unsigned(out, static_cast<std::uint32_t>(t.layout()));
  detail::put_unsigned(out, t.directory());
  detail::put_unsigned(out, t.size());
  for (std::size_t row = 0; row < t.size(); ++row) {
    for (const std::int64_t field : t.key(row)) detail::put_signed(out, field);
    for (const wide sum : t.sums(row)) detail::put_signed(out, sum);
  }
  const std::uint64_t check = detail::checksum(out);
  for (int shift = 0; shift < 64; shift += 8) {
    out.push_back(static_cast<unsigned char>((check >> shift) & 0xFF));
  }
  return out;
}

result<tally> tally_from_bytes(std::span<const unsigned char> bytes) {
  const failure truncated{"the tally ends before its last row"};
  if (bytes.size() < 16 || !std::equal(std::begin(detail::tally_magic),
                                       std::end(detail::tally_magic), bytes.begin())) {
    return failure{"these bytes are not a tally"};
  }
  const auto content = bytes.first(bytes.size() - 8);
  std::uint64_t check = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    check |= static_cast<std::uint64_t>(bytes[content.size() + i]) << (8 * i);
  }
  if (check != detail::checksum(content)) return failure{"the tally's checksum does not match"};
  detail::byte_reader in(content.subspan(4));
  const auto version = in.take_unsigned();
  if (version != detail::tally_version) return failure{"the tally has an unknown format version"};
  const auto layout = in.take_unsigned();
  if (!layout || *layout < 1 || *layout > 3) return failure{"the tally has an unknown layout"};
  const auto directory = in.take_unsigned();
  const auto rows = in.take_unsigned();
  if (!directory || *directory > UINT64_MAX || !rows) return truncated;
  tally out(static_cast<tally_layout>(*layout), static_cast<std::uint64_t>(*directory));
  std::vector<std::int64_t> key(key_width(out.layout()));
  std::vector<wide> sums(sum_width(out.layout()));
  for (detail::unsigned_wide row = 0; row < *rows; ++row) {
    for (std::int64_t& field : key) {
      const auto value = in.take_signed();
      if (!value) return truncated;
      if (!fits_int64(*value)) return failure{"a key of the tally is out of range"};
      field = static_cast<std::int64_t>(*value);
    }
    const bool lifetimes = out.layout() == tally_layout::lifetimes;
    const auto fits_date = [](std::int64_t x) { return x >= INT32_MIN && x <= INT32_MAX; };
    if (!is_value_key(key) ||
        (lifetimes && (key[11] < 0 || key[11] > no_number || !fits_date(key[12])))) {
      return failure{"a key of the tally is not one of lines"};
    }
    bool zero = true;
    for (wide& sum : sums) {
      const auto value = in.take_signed();
      if (!value) return truncated;
      sum = *value;
      zero &= sum == 0;
    }
    const bool ascends =
        out.size() == 0 || std::lexicographical_compare(out.key(out.size() - 1).begin(),
                                                        out.key(out.size() - 1).end(),
                                                        key.begin(), key.end());
    if (zero || !ascends) return failure{"the tally's rows are not in their one order"};
    out.append(key, sums);
  }
  if (in.left() != 0) return failure{"something follows the tally's last row"};
  return out;
}

}  // namespace salespulse
#endif
