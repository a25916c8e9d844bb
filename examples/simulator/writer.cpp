// SPDX-License-Identifier: BSL-1.0
#include "writer.hpp"

#include "codes.hpp"

#include <array>
#include <optional>
#include <stdexcept>

namespace salespulse::simulator {

namespace {

constexpr std::size_t entity_count = std::size(canonical_files);
constexpr std::size_t deal_truth = entity_count;
constexpr std::size_t contract_truth = entity_count + 1;

std::optional<instant> known(instant t) {
  return t == never_recorded ? std::nullopt : std::optional(t);
}

std::string_view name_of(deal_outcome outcome) {
  constexpr std::string_view names[] = {"open", "won", "lost"};
  return names[static_cast<std::size_t>(outcome)];
}

decimal millionths(double x) {
  return {static_cast<std::int64_t>(x * 1e6 + 0.5), 6};
}

}  // namespace

csv_file::csv_file(const std::filesystem::path& folder, std::string_view file_name)
    : name(file_name), file_(std::fopen((folder / name).string().c_str(), "wb")) {
  if (file_ == nullptr) throw std::runtime_error("cannot write " + (folder / name).string());
  writer_ = std::make_unique<csv_writer>(file_.get());
}

void csv_file::close() {
  if (file_ == nullptr) return;
  const bool flushed = writer_->flush();
  bytes = std::ftell(file_.get());
  if (std::fclose(file_.release()) != 0 || !flushed) {
    throw std::runtime_error("cannot write all of " + name);
  }
}

organisation_writer::organisation_writer(const world& w, const std::filesystem::path& folder)
    : world_(w), folder_(folder) {
  std::filesystem::create_directories(folder / "truth");
  for (std::size_t i = 0; i < entity_count; ++i) {
    files_.emplace_back(folder, canonical_files[i]);
    write_header(files_[i].cells(), static_cast<entity>(i));
  }
  if (w.asked.lean) return;
  csv_file& deals = files_.emplace_back(folder, "truth/deals.csv");
  for (const char* column : {"deal", "came_from", "worked_by", "discount_ppm", "win_probability",
                             "churn_odds_factor", "will_be", "will_close"}) {
    deals.cells().cell(column);
  }
  deals.cells().end_row();
  csv_file& contracts = files_.emplace_back(folder, "truth/contracts.csv");
  for (const char* column : {"deal", "family", "term_months", "start", "renews", "seen_renewals",
                             "true_renewals", "ends", "ended"}) {
    contracts.cells().cell(column);
  }
  contracts.cells().end_row();
}

void organisation_writer::write(const deal_story& story, const aftermath& after) {
  deal& d = deal_row_;
  d.id = deal_code(story.number);
  d.customer = story.customer == nobody ? std::string() : customer_code(story.customer);
  d.owner = seller_code(story.ownership_events.back().owner);
  d.pipeline = story.base_pipeline ? "base" : "new";
  d.opened = story.opened;
  d.close_date = story.typed_close;
  d.type = story.type;
  d.origin = story.origin;
  d.source = story.source;
  d.amount.reset();
  if (story.amount) d.amount = money{*story.amount, markets()[story.money].code};
  d.recorded = known(story.recorded);
  put(entity::deal, d);

  write_lines(story);
  write_history(story);
  write_revenue(story, after);
  if (!world_.asked.lean) write_truth(story, after);
}

void organisation_writer::write_lines(const deal_story& story) {
  if (!story.has_lines()) return;
  if (world_.asked.lean && story.outcome != deal_outcome::won) return;
  const currency code = markets()[story.money].code;
  const auto amount = [&](std::int64_t minor, bool is_known) {
    return is_known ? std::optional(money{minor, code}) : std::nullopt;
  };
  line& row = line_row_;
  row.deal = deal_row_.id;
  for (std::uint32_t i = 0; i < story.lines.size(); ++i) {
    const line_entry& l = story.lines[i];
    row.id = part_code('L', story.number, i);
    row.product = products()[l.product].id;
    row.list = amount(l.list, l.list_known);
    row.net = amount(l.net, l.net_known);
    row.cost = amount(l.cost, l.cost_known);
    row.terms = l.terms;
    put(entity::line, row);
  }
}

void organisation_writer::write_history(const deal_story& story) {
  const bool lean = world_.asked.lean;
  stage_row_.deal = owner_row_.deal = credit_row_.deal = deal_row_.id;
  for (std::size_t i = 0; i < story.stage_events.size(); ++i) {
    if (lean && i + 1 < story.stage_events.size()) continue;
    const stage_entry& e = story.stage_events[i];
    stage_row_.stage = stages[e.stage].id;
    stage_row_.at = e.at;
    stage_row_.sequence = static_cast<std::int64_t>(i);
    stage_row_.recorded = known(e.recorded);
    put(entity::stage_event, stage_row_);
  }
  if (!lean || story.ownership_events.size() > 1) {
    for (std::size_t i = 0; i < story.ownership_events.size(); ++i) {
      const ownership_entry& e = story.ownership_events[i];
      owner_row_.owner = seller_code(e.owner);
      owner_row_.at = e.at;
      owner_row_.sequence = static_cast<std::int64_t>(i);
      owner_row_.recorded = known(e.recorded);
      put(entity::ownership_event, owner_row_);
    }
  }
  for (std::size_t i = 0; i < story.credits.size(); ++i) {
    const credit_entry& e = story.credits[i];
    credit_row_.salesperson = seller_code(e.salesperson);
    credit_row_.part = e.part;
    credit_row_.kind = e.kind;
    credit_row_.at = story.owned_since;
    credit_row_.sequence = static_cast<std::int64_t>(i);
    put(entity::credit_split, credit_row_);
  }
}

void organisation_writer::write_revenue(const deal_story& story, const aftermath& after) {
  const bool lean = world_.asked.lean;
  const currency code = markets()[story.money].code;
  const auto name = [&](event_name n) {
    std::string text = part_code(n.series, story.number, n.line);
    text += '-';
    append_number(text, n.number);
    return text;
  };
  revenue_event& row = revenue_row_;
  row.deal = deal_row_.id;
  for (const revenue_entry& e : after.events) {
    const bool bookkeeping = e.kind == revenue_kind::invoice || e.kind == revenue_kind::payment ||
                             e.kind == revenue_kind::credit_note;
    if (lean && bookkeeping) continue;
    row.id = name(e.name);
    row.line = e.line == nobody ? std::string() : part_code('L', story.number, e.line);
    row.kind = e.kind;
    row.amount = money{e.amount, code};
    row.at = e.at;
    row.due = e.due;
    // The invoice that a refund reverses is not among the rows of a lean run.
    row.refers_to = e.refers_to && !lean ? name(*e.refers_to) : std::string();
    row.recorded = known(e.recorded);
    put(entity::revenue_event, row);
  }
}

void organisation_writer::write_truth(const deal_story& story, const aftermath& after) {
  constexpr std::string_view origins[] = {"unknown", "pull", "push", "installed_base"};
  csv_file& deals = files_[deal_truth];
  deals.cells().cell(deal_row_.id).cell(origins[static_cast<std::size_t>(story.came_from)]);
  deals.cells().cell(channel_names[story.worked_by]).cell(story.discount_ppm);
  deals.cells().cell(millionths(story.win_probability));
  deals.cells().cell(millionths(story.churn_odds_factor));
  deals.cells().cell(name_of(story.will_be)).cell(day_in_utc(story.closed));
  deals.end_row();
  csv_file& contracts = files_[contract_truth];
  for (const lifetime_entry& l : after.lifetimes) {
    const family& f = families()[l.family];
    contracts.cells().cell(deal_row_.id).cell(f.name).cell(f.contracts[l.contract].term_months);
    contracts.cells().cell(l.start).cell(l.renews).cell(std::int64_t{l.seen_renewals});
    contracts.cells().cell(std::int64_t{l.true_renewals}).cell(l.ends);
    contracts.cells().cell(l.ends ? std::optional(l.ended) : std::nullopt);
    contracts.end_row();
  }
}

void organisation_writer::write(std::string_view id, const touch& t) {
  activity& row = activity_row_;
  row.id = id;
  row.salesperson = t.salesperson == nobody ? std::string() : seller_code(t.salesperson);
  row.customer = t.customer == nobody ? std::string() : customer_code(t.customer);
  row.deal = t.deal == nobody ? std::string() : deal_code(t.deal);
  row.at = t.at;
  row.channel = t.channel;
  row.direction = t.direction;
  row.kind = t.kind;
  row.recorded = known(t.recorded);
  put(entity::activity, row);
}

std::vector<csv_file>& organisation_writer::finish() {
  for (csv_file& file : files_) file.close();
  return files_;
}

}  // namespace salespulse::simulator
