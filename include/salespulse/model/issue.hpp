// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_ISSUE_HPP
#define SALESPULSE_MODEL_ISSUE_HPP

#include <salespulse/model/row_position.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace salespulse {

/// What is wrong with a row. Each has a name that hosts can rely on; see `to_string`.
enum class issue_code : std::uint8_t {
  missing_id,
  duplicate_id,
  duplicate_row,
  unknown_customer,
  unknown_salesperson,
  unknown_product,
  unknown_team,
  unknown_deal,
  unknown_line,
  unknown_stage,
  unknown_original,
  invalid_value,
  invalid_date,
  ambiguous_date,
  damaged_value,
  missing_column,
  malformed_row,
  amount_unknown,
  amount_out_of_range,
  mixed_currencies,
  missing_exchange_rate,
  term_not_whole_intervals,
  period_reversed,
  closed_before_opened,
  close_time_unknown,
  credits_do_not_sum,
  credit_after_close,
  owner_unclear,
  circular_parent,
  one_lifetime_per_family,
  declared_replacement
};

/// The names of the codes, in their order.
inline constexpr std::string_view issue_names[] = {
    "missing_id",           "duplicate_id",          "duplicate_row",
    "unknown_customer",     "unknown_salesperson",   "unknown_product",
    "unknown_team",         "unknown_deal",          "unknown_line",
    "unknown_stage",        "unknown_original",      "invalid_value",
    "invalid_date",         "ambiguous_date",        "damaged_value",
    "missing_column",       "malformed_row",         "amount_unknown",
    "amount_out_of_range",  "mixed_currencies",      "missing_exchange_rate",
    "term_not_whole_intervals", "period_reversed",   "closed_before_opened",
    "close_time_unknown",   "credits_do_not_sum",    "credit_after_close",
    "owner_unclear",        "circular_parent",       "one_lifetime_per_family",
    "declared_replacement"};

[[nodiscard]] constexpr std::string_view to_string(issue_code code) noexcept {
  return issue_names[static_cast<std::size_t>(code)];
}

enum class issue_effect : std::uint8_t {
  rejected,  ///< the row is not in the book; it is returned whole. Of a mapped row that gives several
             ///< entities the message says which are in the book all the same
  repaired,  ///< the row is in the book with a declared correction
  noted      ///< the row is in the book as it came; somebody should know
};

/// One thing that is wrong with one row.
struct issue {
  issue_code code = issue_code::invalid_value;
  issue_effect effect = issue_effect::rejected;
  std::string entity = {};   ///< "deal", "line", ...: the kind of row
  std::string id = {};       ///< the row's id where it has one
  std::string field = {};    ///< the field at fault
  std::string message = {};  ///< the reason in words, with the offending value
  row_position where = {};
  std::string raw = {};      ///< the row as it stood in its file, where it came from one
};

}  // namespace salespulse
#endif
