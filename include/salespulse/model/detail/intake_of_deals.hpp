// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_DETAIL_INTAKE_OF_DEALS_HPP
#define SALESPULSE_MODEL_DETAIL_INTAKE_OF_DEALS_HPP

#include <salespulse/model/detail/intake.hpp>

#include <string>
#include <string_view>
#include <utility>

// Rows of deals and of what belongs to deals.
namespace salespulse::detail {

inline bool intake::add(const deal& row, row_position where) {
  if (!require_id("deal", row.id, where)) return false;
  if (!require_amount("deal", row.id, "amount", row.amount, where) ||
      !require_moment("deal", row.id, "opened", row.opened, where) ||
      !require_moment("deal", row.id, "recorded", row.recorded, where) ||
      (row.close_date && !require_day("deal", row.id, "close_date", *row.close_date, where))) {
    return false;
  }
  if (!facts_.tables.names.deals.insert(row.id).is_new) {
    return reject(code::duplicate_id, "deal", row.id, "id", "'" + row.id + "' is taken", where);
  }
  deal_record record;
  if (row.opened) record.opened = *row.opened;
  record.recorded = either(row.recorded, record.opened);
  record.point_in_time = row.recorded.has_value();
  record.owner = salesperson_of(row.owner, "deal", row.id, "owner", where);
  record.source = source_id{facts_.tables.names.sources.insert(row.source).number};
  record.type = row.type;
  record.origin = row.origin;
  record.where = where;
  record.customer_named = !row.customer.empty();
  if (record.customer_named) {
    record.customer = named_customer(row.customer);
    if (facts_.customers_declared &&
        !facts_.tables.customers[index_of(record.customer)].declared) {
      note(code::unknown_customer, "deal", row.id, "customer",
           "'" + row.customer + "' is not among the customers", where);
    }
  }
  facts_.tables.deals.push_back(record);
  pending_deal extra;
  extra.pipeline = facts_.pipelines.insert(row.pipeline).number;
  if (row.amount) {
    extra.amount = row.amount->minor;
    extra.amount_currency = row.amount->currency;
  }
  if (row.close_date) extra.close_date = row.close_date->days;
  facts_.deals.push_back(extra);
  return true;
}

inline bool intake::add(const line& row, row_position where) {
  const deal_id deal = require_deal("line", row.id, row.deal, where);
  if (!is_known(deal)) return false;
  pending_line pending;
  pending.record.deal = deal;
  pending.where = where;
  struct amount {
    std::string_view field;
    const std::optional<money>& given;
    std::int64_t& kept;
  };
  for (const amount& a : {amount{"list", row.list, pending.record.list},
                          amount{"net", row.net, pending.record.net},
                          amount{"cost", row.cost, pending.record.cost}}) {
    if (!require_amount("line", row.id, a.field, a.given, where)) return false;
    if (!a.given) continue;
    if (pending.paid_in != currency{} && pending.paid_in != a.given->currency) {
      return reject(code::mixed_currencies, "line", row.id, "currency",
                    std::string(pending.paid_in.code()) + " and " +
                        std::string(a.given->currency.code()) + " on one line",
                    where);
    }
    pending.paid_in = a.given->currency;
    a.kept = a.given->minor;
  }
  const line_terms& terms = row.terms;
  if (terms.every_months < 0 || terms.term_months < 0 || terms.offset_days < 0 ||
      terms.term_months > longest_term_months || terms.offset_days > longest_offset_days) {
    return reject(code::invalid_value, "line", row.id, "term_months",
                  "months and days lie between 0 and 100 years", where);
  }
  if (!is_valid(terms)) {
    const bool one_off = terms.every_months == 0;
    return reject(code::term_not_whole_intervals, "line", row.id, "term_months",
                  one_off ? "a line without a billing interval has no term and does not renew"
                          : "the term is not a whole number of billing intervals",
                  where);
  }
  pending.record.terms = terms;
  if (!row.id.empty()) {
    const auto [number, is_new] = facts_.line_ids.insert(row.id);
    if (!is_new) {
      return reject(code::duplicate_id, "line", row.id, "id", "'" + row.id + "' is taken", where);
    }
    pending.id = number;
    facts_.deal_of_line.push_back(deal);
  }
  pending.record.product = product_of(row.product, row.id, where);
  facts_.lines.push_back(pending);
  return true;
}

inline bool intake::add(const stage_event& row, row_position where) {
  const deal_id deal = require_deal("stage_event", row.stage, row.deal, where);
  if (!is_known(deal)) return false;
  const std::string_view pipeline =
      facts_.pipelines[facts_.deals[index_of(deal)].pipeline];
  const auto stage =
      find_id<stage_id>(facts_.tables.names.stages, stage_name(pipeline, row.stage));
  if (!is_known(stage)) {
    return reject(code::unknown_stage, "stage_event", row.deal, "stage",
                  "there is no stage '" + row.stage + "' in the deal's pipeline", where);
  }
  if (!require_moment("stage_event", row.deal, "at", row.at, where)) return false;
  if (!require_moment("stage_event", row.deal, "recorded", row.recorded, where)) return false;
  const instant at = row.at.value_or(unknown_instant);
  facts_.tables.stage_events.push_back({deal, stage, at, either(row.recorded, at), row.sequence});
  return true;
}

inline bool intake::add(const ownership_event& row, row_position where) {
  const deal_id deal = require_deal("ownership_event", row.owner, row.deal, where);
  if (!is_known(deal)) return false;
  if (!require_moment("ownership_event", row.deal, "at", row.at, where)) return false;
  if (!require_moment("ownership_event", row.deal, "recorded", row.recorded, where)) return false;
  const salesperson_id owner =
      salesperson_of(row.owner, "ownership_event", row.deal, "owner", where);
  facts_.tables.ownership_events.push_back(
      {deal, owner, row.at, either(row.recorded, row.at), row.sequence});
  return true;
}

inline bool intake::add(const credit_split& row, row_position where) {
  const deal_id deal = require_deal("credit_split", row.salesperson, row.deal, where);
  if (!is_known(deal)) return false;
  if (row.salesperson.empty()) {
    return reject(code::missing_id, "credit_split", row.deal, "salesperson", "nobody is named",
                  where);
  }
  if (row.part.ppm < 0 || row.part > full_share) {
    return reject(code::invalid_value, "credit_split", row.deal, "part",
                  "a share lies between 0 and 1 000 000 ppm", where);
  }
  if (!require_moment("credit_split", row.deal, "at", row.at, where)) return false;
  const salesperson_id who =
      salesperson_of(row.salesperson, "credit_split", row.deal, "salesperson", where);
  facts_.credits.push_back({{deal, who, row.part, row.kind, row.sequence},
                            row.at.value_or(unknown_instant),
                            where});
  return true;
}

inline bool intake::add(const revenue_event& row, row_position where) {
  if (!require_id("revenue_event", row.id, where)) return false;
  const deal_id deal = require_deal("revenue_event", row.id, row.deal, where);
  if (!is_known(deal)) return false;
  if (!require_moment("revenue_event", row.id, "at", row.at, where)) return false;
  if (!require_moment("revenue_event", row.id, "recorded", row.recorded, where)) return false;
  if (row.due && !require_day("revenue_event", row.id, "due", *row.due, where)) return false;
  pending_revenue pending;
  pending.where = where;
  pending.record.deal = deal;
  pending.record.kind = row.kind;
  pending.record.at = row.at;
  pending.record.recorded = either(row.recorded, row.at);
  pending.record.due =
      row.due ? *row.due : day_of(row.at, facts_.tables.options.reporting_zone);
  if (!row.line.empty()) {
    const auto line = facts_.line_ids.find(row.line);
    if (!line || facts_.deal_of_line[*line] != deal) {
      return reject(code::unknown_line, "revenue_event", row.id, "line",
                    "the deal has no line '" + row.line + "'", where);
    }
    pending.line = *line;
  }
  if (!require_amount("revenue_event", row.id, "amount", row.amount, where)) return false;
  if (row.amount) {
    pending.record.amount = row.amount->minor;
    pending.paid_in = row.amount->currency;
  }
  const auto [number, is_new] = facts_.revenue_ids.insert(row.id);
  if (!is_new && facts_.revenue_seen[number]) {
    return reject(code::duplicate_id, "revenue_event", row.id, "id", "'" + row.id + "' is taken",
                  where);
  }
  if (!row.refers_to.empty()) {
    pending.refers_to = facts_.revenue_ids.insert(row.refers_to).number;
  }
  facts_.revenue_seen.resize(facts_.revenue_ids.size(), false);
  facts_.revenue_seen[number] = true;
  pending.id = number;
  facts_.revenue_events.push_back(pending);
  return true;
}

inline bool intake::add(const activity& row, row_position where) {
  if (!require_moment("activity", row.id, "at", row.at, where)) return false;
  if (!require_moment("activity", row.id, "recorded", row.recorded, where)) return false;
  if (!row.id.empty() && !facts_.activity_ids.insert(row.id).is_new) {
    return reject(code::duplicate_id, "activity", row.id, "id", "'" + row.id + "' is taken", where);
  }
  activity_entry record;
  // Looked up and never added: who did what must not change who is there.
  record.salesperson = find_id<salesperson_id>(facts_.tables.names.salespeople, row.salesperson);
  if (facts_.people_declared && !row.salesperson.empty() && !is_known(record.salesperson)) {
    note(code::unknown_salesperson, "activity", row.id, "salesperson",
         "there is no salesperson '" + row.salesperson + "'", where);
  }
  record.customer = find_id<customer_id>(facts_.tables.names.customers, row.customer);
  if (facts_.customers_declared && !row.customer.empty() && !is_known(record.customer)) {
    note(code::unknown_customer, "activity", row.id, "customer",
         "there is no customer '" + row.customer + "'", where);
  }
  if (!row.deal.empty()) {
    record.deal = find_id<deal_id>(facts_.tables.names.deals, row.deal);
    if (!is_known(record.deal)) {
      note(code::unknown_deal, "activity", row.id, "deal", "there is no deal '" + row.deal + "'",
           where);
    }
  }
  record.channel = facts_.tables.names.channels.insert(row.channel).number;
  record.kind = facts_.tables.names.kinds.insert(row.kind).number;
  record.at = row.at;
  record.recorded = either(row.recorded, row.at);
  record.direction = row.direction;
  facts_.tables.activities.push_back(record);
  return true;
}

inline bool intake::add(const target& row, row_position where) {
  const std::string& id = row.salesperson.empty() ? row.team : row.salesperson;
  if (row.salesperson.empty() == row.team.empty()) {
    return reject(code::missing_id, "target", id, "salesperson",
                  "a target is for one salesperson or for one team", where);
  }
  if (!require_order("target", id, row.during, where)) return false;
  if (!require_amount("target", id, "amount", row.amount, where)) return false;
  if (row.amount.currency != facts_.tables.options.reporting) {
    return reject(code::mixed_currencies, "target", id, "currency",
                  "targets are set in the reporting currency", where);
  }
  target_record record;
  record.during = row.during;
  record.metric = row.metric;
  record.amount = row.amount.minor;
  if (row.team.empty()) {
    record.salesperson = salesperson_of(row.salesperson, "target", id, "salesperson", where);
  } else {
    record.team = find_id<team_id>(facts_.tables.names.teams, row.team);
    if (!is_known(record.team)) {
      return reject(code::unknown_team, "target", id, "team",
                    "there is no team '" + row.team + "'", where);
    }
  }
  facts_.tables.targets.push_back(record);
  return true;
}

}  // namespace salespulse::detail
#endif
