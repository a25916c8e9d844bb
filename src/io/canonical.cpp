// SPDX-License-Identifier: BSL-1.0
#include "door.hpp"
#include "words.hpp"
#include <salespulse/io/canonical.hpp>

#include <initializer_list>
#include <string>

namespace salespulse {

namespace {

// The word of a choice, empty where it is unknown.
template <class Choice>
std::string_view word(Choice choice) {
  const std::string_view text = words_of(choice)[static_cast<std::size_t>(choice)];
  return text == "unknown" ? std::string_view() : text;
}

void cells(csv_writer& out, period days) {
  if (days.from == all_days.from) {
    out.empty_cell();
  } else {
    out.cell(days.from);
  }
  if (days.to == all_days.to) {
    out.empty_cell();
  } else {
    out.cell(days.to);
  }
}

// The one currency of the amounts; none where all are unknown.
currency shared_currency(std::initializer_list<std::optional<money>> amounts) {
  currency shared;
  for (const std::optional<money>& amount : amounts) {
    if (!amount) continue;
    if (shared != currency{} && shared != amount->currency) {
      throw invalid_input("write_row: the amounts of a row must have one currency");
    }
    shared = amount->currency;
  }
  return shared;
}

}  // namespace

std::vector<canonical_column> canonical_columns(entity e) {
  std::vector<canonical_column> columns;
  for (const door_field& field : door_fields(e)) columns.push_back({field.name, field.required});
  return columns;
}

void write_header(csv_writer& out, entity e) {
  for (const door_field& field : door_fields(e)) out.cell(field.name);
  out.end_row();
}

void write_row(csv_writer& out, const exchange_rate& row) {
  out.cell(row.currency).cell(row.day).cell(row.rate);
  out.end_row();
}

void write_row(csv_writer& out, const team& row) {
  out.cell(row.id).cell(row.name);
  out.end_row();
}

void write_row(csv_writer& out, const salesperson& row) {
  out.cell(row.id).cell(row.name);
  cells(out, row.active);
  out.cell(row.fte).cell(row.manager);
  out.end_row();
}

void write_row(csv_writer& out, const membership& row) {
  out.cell(row.salesperson).cell(row.team);
  cells(out, row.during);
  out.end_row();
}

void write_row(csv_writer& out, const customer& row) {
  out.cell(row.id).cell(row.name).cell(row.parent).cell(row.segment);
  out.end_row();
}

void write_row(csv_writer& out, const product& row) {
  const currency shared = shared_currency({row.list_price, row.unit_cost});
  out.cell(row.id).cell(row.name).cell(row.family).cell(word(row.lifetime));
  out.cell(row.list_price).cell(row.unit_cost).cell(shared);
  out.end_row();
}

void write_row(csv_writer& out, const stage& row) {
  out.cell(row.pipeline).cell(row.id).cell(row.name).cell(row.position).cell(word(row.outcome));
  out.end_row();
}

void write_row(csv_writer& out, const deal& row) {
  out.cell(row.id).cell(row.customer).cell(row.owner).cell(row.pipeline).cell(row.opened);
  out.cell(row.close_date).cell(word(row.type)).cell(word(row.origin)).cell(row.source);
  out.cell(row.amount).cell(shared_currency({row.amount})).cell(row.recorded);
  out.end_row();
}

void write_row(csv_writer& out, const line& row) {
  const currency shared = shared_currency({row.list, row.net, row.cost});
  out.cell(row.id).cell(row.deal).cell(row.product);
  out.cell(row.list).cell(row.net).cell(row.cost).cell(shared);
  out.cell(row.terms.every_months).cell(row.terms.term_months).cell(row.terms.offset_days);
  out.cell(row.terms.renews);
  out.end_row();
}

void write_row(csv_writer& out, const stage_event& row) {
  out.cell(row.deal).cell(row.stage).cell(row.at).cell(row.sequence).cell(row.recorded);
  out.end_row();
}

void write_row(csv_writer& out, const ownership_event& row) {
  out.cell(row.deal).cell(row.owner).cell(row.at).cell(row.sequence).cell(row.recorded);
  out.end_row();
}

void write_row(csv_writer& out, const credit_split& row) {
  out.cell(row.deal).cell(row.salesperson).cell(row.part).cell(word(row.kind));
  out.cell(row.at).cell(row.sequence);
  out.end_row();
}

void write_row(csv_writer& out, const revenue_event& row) {
  out.cell(row.id).cell(row.deal).cell(row.line).cell(word(row.kind));
  out.cell(row.amount).cell(shared_currency({row.amount}));
  out.cell(row.at).cell(row.due).cell(row.refers_to).cell(row.recorded);
  out.end_row();
}

void write_row(csv_writer& out, const activity& row) {
  out.cell(row.id).cell(row.salesperson).cell(row.customer).cell(row.deal).cell(row.at);
  out.cell(row.channel).cell(word(row.direction)).cell(row.kind).cell(row.recorded);
  out.end_row();
}

void write_row(csv_writer& out, const target& row) {
  out.cell(row.salesperson).cell(row.team);
  cells(out, row.during);
  out.cell(word(row.metric)).cell(row.amount).cell(row.amount.currency);
  out.end_row();
}

}  // namespace salespulse
