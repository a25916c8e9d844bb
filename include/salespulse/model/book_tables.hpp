// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_BOOK_TABLES_HPP
#define SALESPULSE_MODEL_BOOK_TABLES_HPP

#include <salespulse/model/book.hpp>
#include <salespulse/model/book_options.hpp>
#include <salespulse/model/lifetime_kind.hpp>
#include <salespulse/model/records.hpp>

#include <string>
#include <vector>

namespace salespulse {

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

}  // namespace salespulse
#endif
