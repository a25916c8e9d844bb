// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_DETAIL_ASSEMBLE_HPP
#define SALESPULSE_MODEL_DETAIL_ASSEMBLE_HPP

#include <salespulse/model/detail/amounts.hpp>
#include <salespulse/model/detail/numbering.hpp>
#include <salespulse/model/detail/outcomes.hpp>
#include <salespulse/model/detail/pending.hpp>

#include <algorithm>
#include <utility>
#include <vector>

// The second half of `book_builder`: what only all rows together can show.
namespace salespulse::detail {

// The first and the last moment of the deals' own history.
inline void find_recorded_days(book_tables& t) {
  date first{INT32_MAX};
  date last{INT32_MIN};
  for (const deal_record& d : t.deals) {
    if (d.opened != unknown_instant) first = std::min(first, d.opened_day);
    if (d.opened != unknown_instant) last = std::max(last, d.opened_day);
    if (d.closed != unknown_instant) first = std::min(first, d.closed_day);
    if (d.closed != unknown_instant) last = std::max(last, d.closed_day);
  }
  if (first <= last) t.recorded_days = {first, last + 1};
}

inline book assemble(pending_facts& facts) {
  book_tables& t = facts.tables;
  for (const auto& [name, kind] : {std::pair{no_family, lifetime_kind::once},
                                   std::pair{undeclared_family, lifetime_kind::unknown}}) {
    const auto [number, is_new] = t.names.families.insert(name);
    if (is_new) t.families.push_back(kind);
  }
  const converter rates(facts);
  number_deals(facts);
  derive_outcomes(facts);
  derive_owners(facts);
  freeze_credits(facts);
  settle_lines(facts, rates);
  settle_revenue(facts, rates);
  name_unnamed_customers(t);
  number_by_name(t);
  find_recorded_days(t);
  book finished(std::move(t));
  std::vector<issue> issues = std::move(facts.issues);
  facts = {};
  facts.issues = std::move(issues);
  return finished;
}

}  // namespace salespulse::detail
#endif
