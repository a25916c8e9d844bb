// SPDX-License-Identifier: BSL-1.0
#include "prior_skeleton.hpp"

#include <salespulse/model/book_tables.hpp>
#include <salespulse/value/snapshot_file.hpp>

#include <cstdint>
#include <set>
#include <utility>

namespace pulse {

using namespace salespulse;

snapshot needed_parameters(const book& b) {
  const book_tables& tables = b.tables();
  std::set<std::pair<std::string, std::int32_t>> contracts;
  for (const line_record& l : b.lines()) {
    if (!l.terms.renews || !is_known(l.product)) continue;
    const family_id family = tables.products[index_of(l.product)].family;
    if (tables.families[index_of(family)] != lifetime_kind::contract) continue;
    contracts.emplace(b.names().families[index_of(family)], l.terms.term_months);
  }
  std::set<std::string> segments;
  for (const deal_record& d : b.deals()) {
    const segment_id segment = tables.customers[index_of(d.customer)].segment;
    segments.emplace(b.names().segments[index_of(segment)]);
  }
  snapshot s;
  for (const auto& [family, months] : contracts) {
    s.retention.push_back({.family = family, .term_months = months});
  }
  for (const std::string& segment : segments) s.payment.push_back({.segment = segment});
  return s;
}

std::string skeleton_of(const snapshot& needed) {
  std::string text = snapshot_to_json(needed);
  for (const char* key : {"yearly_rate", "horizon_days", "alpha", "beta", "growth", "credit_loss",
                          "payment_factor", "mean_delay_days"}) {
    const std::string before = '"' + std::string(key) + "\": ";  // inside a name \" would stand
    for (std::size_t at = text.find(before); at != text.npos; at = text.find(before, at)) {
      at += before.size();
      text.replace(at, text.find_first_of(",\n", at) - at, "null");
    }
  }
  return text;
}

}  // namespace pulse
