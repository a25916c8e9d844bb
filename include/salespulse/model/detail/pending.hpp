// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_DETAIL_PENDING_HPP
#define SALESPULSE_MODEL_DETAIL_PENDING_HPP

#include <salespulse/core/money.hpp>
#include <salespulse/model/book.hpp>
#include <salespulse/model/book_tables.hpp>
#include <salespulse/model/issue.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace salespulse::detail {

// What the builder holds between the rows at the door and the finished book: rows whose references
// are resolved, and whose order, amounts and outcomes wait for the rows that are still to come.

struct pending_deal {
  std::int64_t amount = unknown_amount;  // in `amount_currency`
  currency amount_currency;
  std::int32_t close_date = INT32_MIN;   // as typed; INT32_MIN: none
  std::uint32_t pipeline = 0;            // number in `pipelines`
};

struct pending_line {
  line_record record;  // amounts in the minor units of `paid_in`
  currency paid_in;
  std::uint32_t id = no_number;  // number in `line_ids`
  row_position where;
};

struct pending_credit {
  credit_record record;
  instant at = unknown_instant;
  row_position where;
};

struct pending_revenue {
  revenue_entry record;
  currency paid_in;
  std::uint32_t id = no_number;         // number in `revenue_ids`
  std::uint32_t refers_to = no_number;  // likewise
  std::uint32_t line = no_number;       // number in `line_ids`
  row_position where;
};

struct dated_rate {
  date day;
  decimal rate;
};

struct currency_rates {
  salespulse::currency currency;
  std::vector<dated_rate> rates;
};

struct declared_lifetime {
  family_id family;
  lifetime_kind lifetime;
  std::string product;
  row_position where;
};

struct pending_facts {
  book_tables tables;
  std::vector<issue> issues;
  std::vector<pending_deal> deals;  // beside tables.deals
  std::vector<pending_line> lines;
  std::vector<pending_credit> credits;
  std::vector<pending_revenue> revenue_events;
  std::vector<currency_rates> rates;
  std::vector<declared_lifetime> declared_lifetimes;
  std::vector<std::pair<std::uint32_t, std::string>> suggestions;  // by number of the product
  directory pipelines;
  directory line_ids;
  std::vector<deal_id> deal_of_line;  // by number in `line_ids`
  directory revenue_ids;           // ids seen as an event or as what an event refers to
  std::vector<bool> revenue_seen;  // by number in `revenue_ids`: there is such an event
  directory activity_ids;
  // Hosts that export no list of their people, customers or products are not told row by row.
  bool people_declared = false;
  bool customers_declared = false;
  bool products_declared = false;

  void report(issue_code code, issue_effect effect, std::string_view entity, std::string_view id,
              std::string_view field, std::string message, row_position where) {
    issue found;
    found.code = code;
    found.effect = effect;
    found.entity = entity;
    found.id = id;
    found.field = field;
    found.message = std::move(message);
    found.where = where;
    issues.push_back(std::move(found));
  }
};

}  // namespace salespulse::detail
#endif
