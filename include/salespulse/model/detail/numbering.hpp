// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_DETAIL_NUMBERING_HPP
#define SALESPULSE_MODEL_DETAIL_NUMBERING_HPP

#include <salespulse/model/book_tables.hpp>
#include <salespulse/model/detail/pending.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

// Numbers in the byte order of the host ids, so that no figure remembers the order of the rows.
namespace salespulse::detail {

template <class Record>
void move_to(std::vector<Record>& records, const std::vector<std::uint32_t>& places) {
  std::vector<Record> moved(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) moved[places[i]] = records[i];
  records = std::move(moved);
}

template <class Id>
void renumber(Id& id, const std::vector<std::uint32_t>& places) {
  if (is_known(id)) id = Id{places[index_of(id)]};
}

// Deals in the byte order of their ids, and what belongs to them told so.
inline void number_deals(pending_facts& facts) {
  book_tables& t = facts.tables;
  const std::vector<std::uint32_t> places = t.names.deals.sorted_places();
  t.names.deals = t.names.deals.renumbered(places);
  move_to(t.deals, places);
  move_to(facts.deals, places);
  for (auto& r : facts.lines) renumber(r.record.deal, places);
  for (auto& r : facts.credits) renumber(r.record.deal, places);
  for (auto& r : facts.revenue_events) renumber(r.record.deal, places);
  for (auto& r : t.stage_events) renumber(r.deal, places);
  for (auto& r : t.ownership_events) renumber(r.deal, places);
  for (auto& r : t.activities) renumber(r.deal, places);
}

// Everything else: numbers in the byte order of the ids, so that no figure remembers the order of the rows.
inline void number_by_name(book_tables& t) {
  const auto people = t.names.salespeople.sorted_places();
  const auto teams = t.names.teams.sorted_places();
  const auto customers = t.names.customers.sorted_places();
  const auto segments = t.names.segments.sorted_places();
  const auto products = t.names.products.sorted_places();
  const auto families = t.names.families.sorted_places();
  const auto stages = t.names.stages.sorted_places();
  const auto sources = t.names.sources.sorted_places();
  const auto channels = t.names.channels.sorted_places();
  const auto kinds = t.names.kinds.sorted_places();
  for (const auto& [ids, places] :
       {std::pair{&t.names.salespeople, &people}, std::pair{&t.names.teams, &teams},
        std::pair{&t.names.customers, &customers}, std::pair{&t.names.segments, &segments},
        std::pair{&t.names.products, &products}, std::pair{&t.names.families, &families},
        std::pair{&t.names.stages, &stages}, std::pair{&t.names.sources, &sources},
        std::pair{&t.names.channels, &channels}, std::pair{&t.names.kinds, &kinds}}) {
    *ids = ids->renumbered(*places);
  }
  move_to(t.salespeople, people);
  move_to(t.salesperson_names, people);
  move_to(t.team_names, teams);
  move_to(t.customers, customers);
  move_to(t.products, products);
  move_to(t.families, families);
  move_to(t.stages, stages);
  for (auto& r : t.salespeople) renumber(r.manager, people);
  for (auto& r : t.memberships) {
    renumber(r.salesperson, people);
    renumber(r.team, teams);
  }
  for (auto& r : t.customers) {
    renumber(r.parent, customers);
    renumber(r.segment, segments);
  }
  for (auto& r : t.products) renumber(r.family, families);
  for (auto& r : t.deals) {
    renumber(r.customer, customers);
    renumber(r.owner, people);
    renumber(r.last_stage, stages);
    renumber(r.source, sources);
  }
  for (auto& r : t.lines) renumber(r.product, products);
  for (auto& r : t.stage_events) renumber(r.stage, stages);
  for (auto& r : t.ownership_events) renumber(r.owner, people);
  for (auto& r : t.credits) renumber(r.salesperson, people);
  for (auto& r : t.activities) {
    renumber(r.salesperson, people);
    renumber(r.customer, customers);
    r.channel = channels[r.channel];
    r.kind = kinds[r.kind];
  }
  for (auto& r : t.targets) {
    renumber(r.salesperson, people);
    renumber(r.team, teams);
  }
}

// A deal without a customer gets one of its own. Its name begins like that of no customer with a
// name, whatever the host calls its customers.
inline void name_unnamed_customers(book_tables& t) {
  const segment_id unknown{t.names.segments.insert("").number};
  std::string prefix = "deal:";
  for (bool taken = true; taken;) {
    taken = false;
    for (std::size_t i = 0; i < t.names.customers.size() && !taken; ++i) {
      taken = t.names.customers[i].substr(0, prefix.size()) == prefix;
    }
    if (taken) prefix += "deal:";
  }
  for (std::size_t d = 0; d < t.deals.size(); ++d) {
    deal_record& deal = t.deals[d];
    if (deal.customer_named) continue;
    const std::string name = prefix + std::string(t.names.deals[d]);
    deal.customer = customer_id{t.names.customers.insert(name).number};
    t.customers.push_back({customer_id{no_number}, unknown, false});
  }
}

}  // namespace salespulse::detail
#endif
