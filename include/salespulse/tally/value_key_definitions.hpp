// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_TALLY_VALUE_KEY_DEFINITIONS_HPP
#define SALESPULSE_TALLY_VALUE_KEY_DEFINITIONS_HPP

#include <salespulse/tally/value_key.hpp>

// See salespulse/definitions.hpp.
namespace salespulse {

std::array<std::int64_t, 11> to_row(const value_key& k) noexcept {
  return {k.owner,
          static_cast<std::int64_t>(k.of.family),
          k.of.terms.every_months,
          k.of.terms.term_months,
          k.of.terms.offset_days,
          k.of.terms.renews ? 1 : 0,
          static_cast<std::int64_t>(k.of.segment),
          static_cast<std::int64_t>(k.of.basis),
          k.of.list_known ? 1 : 0,
          k.of.epoch,
          k.part.ppm};
}

value_key to_value_key(std::span<const std::int64_t> row) noexcept {
  value_key k;
  k.owner = static_cast<std::uint32_t>(row[0]);
  k.of.family = static_cast<family_id>(row[1]);
  k.of.terms.every_months = static_cast<std::int32_t>(row[2]);
  k.of.terms.term_months = static_cast<std::int32_t>(row[3]);
  k.of.terms.offset_days = static_cast<std::int32_t>(row[4]);
  k.of.terms.renews = row[5] != 0;
  k.of.segment = static_cast<segment_id>(row[6]);
  k.of.basis = static_cast<value_basis>(row[7]);
  k.of.list_known = row[8] != 0;
  k.of.epoch = static_cast<std::int32_t>(row[9]);
  k.part.ppm = static_cast<std::int32_t>(row[10]);
  return k;
}

bool is_value_key(std::span<const std::int64_t> row) noexcept {
  const auto within = [](std::int64_t x, std::int64_t most) { return x >= 0 && x <= most; };
  if (!within(row[0], no_number) || !within(row[1], no_number) || !within(row[6], no_number)) {
    return false;
  }
  if (!within(row[2], longest_term_months) || !within(row[3], longest_term_months) ||
      !within(row[4], longest_offset_days) || !within(row[5], 1) || !within(row[7], 2) ||
      !within(row[8], 1) || !within(row[9], INT32_MAX) || !within(row[10], full_share.ppm)) {
    return false;
  }
  return is_valid(to_value_key(row).of.terms);
}

std::array<wide, 5> to_row(const value_sums& s) noexcept {
  return {s.count, s.list, s.net, s.cost, s.larger};
}

value_sums to_value_sums(std::span<const wide> row) noexcept {
  return {row[0], row[1], row[2], row[3], row[4]};
}

}  // namespace salespulse
#endif
