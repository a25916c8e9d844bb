// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_BOOK_HPP
#define SALESPULSE_MODEL_BOOK_HPP

#include <salespulse/model/book_options.hpp>
#include <salespulse/model/directory.hpp>
#include <salespulse/model/records.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace salespulse {

/// Host ids by number, in their byte order. A deal without customer has one of its own, called after
/// the deal.
struct book_names {
  directory salespeople, teams, customers, segments, products, families, stages, sources, deals,
      channels, kinds;
};

struct book_tables;

/// Checked facts: every reference resolved, every amount in one currency, every outcome derived.
/// Made by `book_builder`, and immutable from then on.
class book {
public:
  book();
  explicit book(book_tables tables);
  book(const book&);
  book(book&&);
  book& operator=(const book&);
  book& operator=(book&&) noexcept;
  ~book();

  [[nodiscard]] const book_options& options() const noexcept;
  [[nodiscard]] const book_names& names() const noexcept;
  [[nodiscard]] period recorded_days() const noexcept;

  [[nodiscard]] std::span<const deal_record> deals() const noexcept;
  [[nodiscard]] std::span<const line_record> lines() const noexcept;
  [[nodiscard]] std::span<const line_record> lines_of(const deal_record& d) const noexcept;
  /// Revenue and overlay credits in force at the close. A deal without revenue credits belongs to
  /// its owner in full, unless they were refused.
  [[nodiscard]] std::span<const credit_record> credits_of(const deal_record& d) const noexcept;
  /// The other columns, read-only: see salespulse/model/book_tables.hpp.
  [[nodiscard]] const book_tables& tables() const noexcept { return *tables_; }

private:
  book_tables* tables_;  // owned; never null, empty after it was moved from
};

/// Memory that the book holds, in bytes, display names apart.
[[nodiscard]] std::size_t held_bytes(const book& b) noexcept;

/// The number of a host id; `is_known` says whether the book has it.
template <class Id>
[[nodiscard]] Id find_id(const directory& ids, std::string_view id) noexcept {
  return static_cast<Id>(ids.find(id).value_or(no_number));
}

}  // namespace salespulse
#endif
