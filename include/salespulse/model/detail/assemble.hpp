// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_DETAIL_ASSEMBLE_HPP
#define SALESPULSE_MODEL_DETAIL_ASSEMBLE_HPP

#include <salespulse/model/book_tables.hpp>
#include <salespulse/model/detail/amounts.hpp>
#include <salespulse/model/detail/numbering.hpp>
#include <salespulse/model/detail/outcomes.hpp>
#include <salespulse/model/detail/pending.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

// The second half of `book_builder`: what only all rows together can show.
namespace salespulse::detail {

// One lifetime per family. Products that disagree leave it unknown, whatever their order.
inline void settle_lifetimes(pending_facts& facts) {
  std::vector<lifetime_kind>& kinds = facts.tables.families;
  std::vector<bool> disputed(kinds.size(), false);
  for (const declared_lifetime& d : facts.declared_lifetimes) {
    lifetime_kind& kind = kinds[index_of(d.family)];
    if (d.lifetime == lifetime_kind::unknown) continue;
    if (kind == lifetime_kind::unknown) kind = d.lifetime;
    if (kind != d.lifetime) disputed[index_of(d.family)] = true;
  }
  for (const declared_lifetime& d : facts.declared_lifetimes) {
    if (!disputed[index_of(d.family)] || d.lifetime == lifetime_kind::unknown) continue;
    kinds[index_of(d.family)] = lifetime_kind::unknown;
    facts.report(issue_code::one_lifetime_per_family, issue_effect::noted, "product", d.product,
                 "lifetime",
                 "products of family '" +
                     std::string(facts.tables.names.families[index_of(d.family)]) +
                     "' disagree on its lifetime, which is taken as not known",
                 d.where);
  }
}

// A customer that is its own parent in the end: the circle is cut above its first member by id.
inline void cut_circles_of_parents(pending_facts& facts) {
  book_tables& t = facts.tables;
  const auto parent_of = [&t](std::uint32_t c) {
    return static_cast<std::uint32_t>(t.customers[c].parent);
  };
  std::vector<std::uint32_t> met_from(t.customers.size(), no_number);
  for (std::uint32_t start = 0; start < t.customers.size(); ++start) {
    std::uint32_t c = start;
    for (; c != no_number && met_from[c] == no_number; c = parent_of(c)) met_from[c] = start;
    if (c == no_number || met_from[c] != start) continue;  // the top, or where another walk went
    std::uint32_t first = c;
    for (std::uint32_t m = parent_of(c); m != c; m = parent_of(m)) first = std::min(first, m);
    t.customers[first].parent = customer_id{no_number};
    facts.report(issue_code::circular_parent, issue_effect::noted, "customer",
                 t.names.customers[first], "parent",
                 "its parents lead back to itself; it is taken as the top of its tree", {});
  }
}

// The first and the last moment of the deals' own history, and the first close.
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
  for (const deal_record& d : t.deals) {
    if (d.closed != unknown_instant) t.first_close = std::min(t.first_close, d.closed_day);
  }
}

inline book assemble(pending_facts& facts) {
  book_tables& t = facts.tables;
  for (const auto& [name, kind] : {std::pair{no_family, lifetime_kind::once},
                                   std::pair{undeclared_family, lifetime_kind::unknown}}) {
    const auto [number, is_new] = t.names.families.insert(name);
    if (is_new) t.families.push_back(kind);
  }
  settle_lifetimes(facts);
  const converter rates(facts);
  number_deals(facts);
  derive_outcomes(facts);
  derive_owners(facts);
  freeze_credits(facts);
  settle_lines(facts, rates);
  settle_revenue(facts, rates);
  name_unnamed_customers(t);
  number_by_name(t);
  cut_circles_of_parents(facts);
  find_recorded_days(t);
  book finished(std::move(t));
  std::vector<issue> issues = std::move(facts.issues);
  facts = {};
  facts.issues = std::move(issues);
  return finished;
}

}  // namespace salespulse::detail
#endif
