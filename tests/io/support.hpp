// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_TESTS_IO_SUPPORT_HPP
#define SALESPULSE_TESTS_IO_SUPPORT_HPP

#include <salespulse/io/import.hpp>
#include <salespulse/io/mapping.hpp>
#include <salespulse/model/book_tables.hpp>

#include <cstdlib>
#include <filesystem>
#include <initializer_list>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace io_test {

using namespace salespulse;

/// A mapping of deals.csv alone: id, opened, close_date, amount (EUR) and source.
inline mapping deal_mapping() {
  auto parsed = parse_mapping(R"({
    "name": "test",
    "given": [ { "entity": "stage", "id": "open", "position": 0 } ],
    "tables": [ { "file": "deals.csv", "gives": [ { "entity": "deal", "fields": {
      "id": "id",
      "opened": { "column": "opened", "optional": true },
      "close_date": { "column": "closed", "optional": true },
      "amount": { "column": "amount", "optional": true },
      "currency": { "constant": "EUR" },
      "source": { "column": "source", "optional": true } } } ] } ] })");
  return std::move(parsed).value();
}

inline result<imported> import_one(const mapping& how, std::string_view text,
                                   const import_options& options = {}) {
  const named_text file{"deals.csv", text};
  return import_texts(how, {&file, 1}, options);
}

/// Reads deals.csv by `deal_mapping`; the test fails where the import does.
inline imported import_deals(std::string_view text, const csv_dialect& dialect = {},
                             const import_options& options = {}) {
  mapping how = deal_mapping();
  how.tables.back().dialect = dialect;
  return import_one(how, text, options).value();
}

inline std::string failure_of(const result<imported>& done) {
  return done ? std::string("no failure") : done.error().message;
}

inline std::vector<issue> rejected_rows(const imported& done) {
  std::vector<issue> rejected;
  for (const issue& i : done.report.issues) {
    if (i.effect == issue_effect::rejected) rejected.push_back(i);
  }
  return rejected;
}

inline std::size_t count_of(const imported& done, issue_code code) {
  std::size_t count = 0;
  for (const issue& i : done.report.issues) count += i.code == code ? 1 : 0;
  return count;
}

/// The deals of a book by their host ids, each followed by a space.
inline std::string deal_ids(const book& b) {
  std::string ids;
  for (std::size_t i = 0; i < b.names().deals.size(); ++i) {
    ids += std::string(b.names().deals[i]) + " ";
  }
  return ids;
}

/// Everything that a book holds apart from the places of its rows, as text: equal for equal books.
inline std::string described(const book& b) {
  std::ostringstream out;
  const book_tables& t = b.tables();
  const auto number = [](auto id) { return static_cast<long long>(id); };
  const auto ids = [&](std::string_view kind, const directory& names) {
    out << kind;
    for (std::size_t i = 0; i < names.size(); ++i) out << " <" << names[i] << ">";
    out << '\n';
  };
  ids("salespeople", t.names.salespeople);
  ids("teams", t.names.teams);
  ids("customers", t.names.customers);
  ids("segments", t.names.segments);
  ids("products", t.names.products);
  ids("families", t.names.families);
  ids("stages", t.names.stages);
  ids("sources", t.names.sources);
  ids("deals", t.names.deals);
  ids("channels", t.names.channels);
  ids("kinds", t.names.kinds);
  for (const auto& r : t.salespeople) {
    out << "salesperson " << r.active.from.days << ' ' << r.active.to.days << ' ' << r.fte.ppm
        << ' ' << number(r.manager) << ' ' << r.declared << '\n';
  }
  for (const auto& r : t.memberships) {
    out << "membership " << number(r.salesperson) << ' ' << number(r.team) << ' '
        << r.during.from.days << ' ' << r.during.to.days << '\n';
  }
  for (const auto& r : t.customers) {
    out << "customer " << number(r.parent) << ' ' << number(r.segment) << ' ' << r.declared << '\n';
  }
  for (const auto& r : t.products) {
    out << "product " << number(r.family) << ' ' << r.declared << '\n';
  }
  for (const auto& r : t.stages) out << "stage " << r.position << ' ' << number(r.outcome) << '\n';
  for (const auto& r : t.deals) {
    out << "deal " << r.opened.seconds << ' ' << r.closed.seconds << ' ' << r.recorded.seconds
        << ' ' << number(r.customer) << ' ' << number(r.owner) << ' ' << number(r.last_stage) << ' '
        << number(r.source) << ' ' << r.first_line << '+' << r.line_count << ' ' << r.first_credit
        << '+' << r.credit_count << ' ' << r.opened_day.days << ' ' << r.closed_day.days << ' '
        << number(r.outcome) << number(r.type) << number(r.origin) << r.customer_named
        << r.closed_by_hand << r.amount_only << r.point_in_time << r.credits_refused << '\n';
  }
  for (const auto& r : t.lines) {
    out << "line " << number(r.deal) << ' ' << number(r.product) << ' ' << r.list << ' ' << r.net
        << ' ' << r.cost << ' ' << r.terms.every_months << ' ' << r.terms.term_months << ' '
        << r.terms.offset_days << ' ' << r.terms.renews << '\n';
  }
  for (const auto& r : t.stage_events) {
    out << "stage_event " << number(r.deal) << ' ' << number(r.stage) << ' ' << r.at.seconds << ' '
        << r.recorded.seconds << ' ' << r.sequence << '\n';
  }
  for (const auto& r : t.ownership_events) {
    out << "ownership " << number(r.deal) << ' ' << number(r.owner) << ' ' << r.at.seconds << ' '
        << r.recorded.seconds << ' ' << r.sequence << '\n';
  }
  for (const auto& r : t.credits) {
    out << "credit " << number(r.deal) << ' ' << number(r.salesperson) << ' ' << r.part.ppm << ' '
        << number(r.kind) << ' ' << r.sequence << '\n';
  }
  for (const auto& r : t.revenue_events) {
    out << "revenue " << number(r.deal) << ' ' << number(r.line) << ' ' << number(r.kind) << ' '
        << r.amount << ' ' << r.at.seconds << ' ' << r.recorded.seconds << ' ' << r.due.days << ' '
        << r.refers_to << '\n';
  }
  for (const auto& r : t.activities) {
    out << "activity " << number(r.salesperson) << ' ' << number(r.customer) << ' '
        << number(r.deal) << ' ' << r.channel << ' ' << r.kind << ' ' << r.at.seconds << ' '
        << r.recorded.seconds << ' ' << number(r.direction) << '\n';
  }
  for (const auto& r : t.targets) {
    out << "target " << number(r.salesperson) << ' ' << number(r.team) << ' ' << r.during.from.days
        << ' ' << r.during.to.days << ' ' << number(r.metric) << ' ' << r.amount << '\n';
  }
  out << "recorded " << t.recorded_days.from.days << ' ' << t.recorded_days.to.days << '\n';
  return out.str();
}

/// The folder of the sources, from this file's own name.
inline std::filesystem::path source_folder() {
  return std::filesystem::absolute(__FILE__).parent_path().parent_path().parent_path();
}

/// The folder of published exports: SALESPULSE_SHARED, else `../shared` beside the source. They
/// are no part of the package, so tests that need them say that they were skipped.
inline std::filesystem::path shared_data() {
  if (const char* given = std::getenv("SALESPULSE_SHARED")) {
    return std::filesystem::path(given) / "data";
  }
  return source_folder().parent_path() / "shared" / "data";
}

}  // namespace io_test
#endif
