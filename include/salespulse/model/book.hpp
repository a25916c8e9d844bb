// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_BOOK_HPP
#define SALESPULSE_MODEL_BOOK_HPP

#include <salespulse/model/book_options.hpp>
#include <salespulse/model/directory.hpp>
#include <salespulse/model/lifetime_kind.hpp>
#include <salespulse/model/records.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace salespulse {

/// Host ids by number. Customers hold the named ones first; a deal without customer has one of its
/// own, called after the deal.
struct book_names {
  directory salespeople, teams, customers, segments, products, families, stages, sources, deals,
      channels, kinds;
};

/// The columns of a book. Rows of one deal stand together, in the order of the deals.
struct book_tables {
  book_options options;
  book_names names;
  std::vector<std::string> salesperson_names;  ///< by number; empty: the id is all there is
  std::vector<std::string> team_names;
  std::vector<salesperson_record> salespeople;
  std::vector<membership_record> memberships;
  std::vector<customer_record> customers;
  std::vector<product_record> products;
  std::vector<lifetime_kind> families;
  std::vector<stage_record> stages;
  std::vector<deal_record> deals;
  std::vector<line_record> lines;
  std::vector<stage_entry> stage_events;          ///< within a deal by time and sequence
  std::vector<ownership_entry> ownership_events;  ///< within a deal by time and sequence
  std::vector<credit_record> credits;             ///< in force at the close
  std::vector<revenue_entry> revenue_events;
  std::vector<activity_entry> activities;
  std::vector<target_record> targets;
  date first_close{INT32_MAX};  ///< of those whose day is known
  period recorded_days;  ///< from the first recorded day to the last; empty where none is known
};

/// Checked facts: every reference resolved, every amount in one currency, every outcome derived.
/// Made by `book_builder`, and immutable from then on.
class book {
public:
  book();
  explicit book(book_tables tables) noexcept;
  book(const book&);
  book(book&&) noexcept;
  book& operator=(const book&);
  book& operator=(book&&) noexcept;
  ~book();

  [[nodiscard]] const book_options& options() const noexcept { return tables_.options; }
  [[nodiscard]] const book_names& names() const noexcept { return tables_.names; }
  [[nodiscard]] period recorded_days() const noexcept { return tables_.recorded_days; }

  [[nodiscard]] std::span<const deal_record> deals() const noexcept;
  [[nodiscard]] std::span<const line_record> lines() const noexcept;
  [[nodiscard]] std::span<const line_record> lines_of(const deal_record& d) const noexcept;
  /// Revenue and overlay credits in force at the close. A deal without revenue credits belongs to
  /// its owner in full, unless they were refused.
  [[nodiscard]] std::span<const credit_record> credits_of(const deal_record& d) const noexcept;
  /// The other columns, read-only.
  [[nodiscard]] const book_tables& tables() const noexcept { return tables_; }

private:
  book_tables tables_;
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
