// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_IDS_HPP
#define SALESPULSE_MODEL_IDS_HPP

#include <cstddef>
#include <cstdint>

namespace salespulse {

/// Dense numbers of the entities of one book, in the byte order of their host ids; so the same
/// facts give the same numbers whatever the order of the rows. Distinct types: a customer is never
/// passed where a salesperson is meant.
enum class salesperson_id : std::uint32_t {};
enum class team_id : std::uint32_t {};
enum class customer_id : std::uint32_t {};
enum class segment_id : std::uint32_t {};
enum class product_id : std::uint32_t {};
enum class family_id : std::uint32_t {};
enum class deal_id : std::uint32_t {};
enum class line_id : std::uint32_t {};
enum class stage_id : std::uint32_t {};
enum class source_id : std::uint32_t {};

/// Stands where a row named nobody or nothing.
inline constexpr std::uint32_t no_number = 0xFFFF'FFFFU;

/// The number as an index into the book's columns.
template <class Id>
[[nodiscard]] constexpr std::size_t index_of(Id id) noexcept {
  return static_cast<std::size_t>(id);
}

/// Whether the id names something.
template <class Id>
[[nodiscard]] constexpr bool is_known(Id id) noexcept {
  return static_cast<std::uint32_t>(id) != no_number;
}

}  // namespace salespulse
#endif
