// SPDX-License-Identifier: BSL-1.0
#include "table_import.hpp"

#include "damage.hpp"
#include "date_text.hpp"
#include "row_reader.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>
#include <utility>

namespace salespulse {

namespace {

constexpr std::uint64_t bytes_between_reports = 1 << 20;

std::string name_of_file(const import_state& state, const mapped_table& table) {
  for (const auto& [planned, actual] : state.options.file_names) {
    if (planned == table.file) return actual;
  }
  return table.file;
}

result<row_reader> open_rows(const import_state& state, const std::string& name, char separator) {
  auto source = state.files.open(name);
  if (!source) return failure{"the file is missing"};
  if (!*source) return source->error();
  constexpr std::size_t least = 256;
  return row_reader::open(std::move(*source).value(), separator,
                          std::max(state.options.largest_row, least));
}

// One table on its way into the book.
class table_run {
public:
  table_run(import_state& state, row_reader rows, table_plan plan, std::uint32_t file,
            std::vector<std::string> columns)
      : state_(state),
        rows_(std::move(rows)),
        plan_(std::move(plan)),
        damage_(plan_.is_date_column),
        columns_(std::move(columns)),
        file_(file) {}

  std::optional<failure> settle_dates(const std::string& name);
  void read_all();

private:
  file_report& report() { return state_.report.files[file_]; }
  row_reader::step next_row();
  void take_row();
  bool add_entities();
  bool add(planned_entity& e);
  void reject(issue made, std::string_view raw);
  void reject_bad_row();
  void tell_progress();
  void report_repairs();

  import_state& state_;
  row_reader rows_;
  table_plan plan_;
  damage_watch damage_;
  std::vector<std::string> columns_;
  std::uint32_t file_;
  std::uint64_t told_at_ = 0;
};

// Reads the file once for the dates whose order is to be found, column by column.
std::optional<failure> table_run::settle_dates(const std::string& name) {
  std::map<std::size_t, date_evidence> evidence;
  for (const planned_entity& e : plan_.entities) {
    for (const planned_field& f : e.fields) {
      if (f.order_to_settle) evidence[f.column];
    }
  }
  if (evidence.empty()) return std::nullopt;
  auto again = open_rows(state_, name, rows_.separator());
  if (!again) return again.error();
  row_reader rows = std::move(again).value();
  bool is_header = true;
  for (auto step = rows.next(); step != row_reader::step::end; step = rows.next()) {
    if (step == row_reader::step::bad || std::exchange(is_header, false)) continue;
    if (rows.cells().size() != plan_.columns) {
      rows.take_back_to_first_line();
      continue;
    }
    for (auto& [column, dates] : evidence) {
      const std::string_view cell = rows.cells()[column];
      if (!plan_.is_null(cell)) dates.add(cell, rows.line());
    }
  }
  for (const auto& [column, dates] : evidence) {
    const auto order = dates.settled();
    if (!order) {
      return failure{"ambiguous_date: column '" + columns_[column] + "': " + order.error().message};
    }
    report().dates.push_back({columns_[column], order.value()});
    for (planned_entity& e : plan_.entities) {
      for (planned_field& f : e.fields) {
        if (f.order_to_settle && f.column == column) f.style.order = order.value();
      }
    }
  }
  return std::nullopt;
}

// A row of several lines that has not as many cells as the header was most likely joined by a stray
// quote: only its first line is given up.
row_reader::step table_run::next_row() {
  const auto step = rows_.next();
  if (step == row_reader::step::row && rows_.cells().size() != plan_.columns) {
    reject_bad_row();
    return row_reader::step::bad;
  }
  if (step == row_reader::step::bad) {
    reject({.message = rows_.problem()}, rows_.raw());
  }
  return step;
}

void table_run::reject_bad_row() {
  const std::size_t cells = rows_.cells().size();
  const bool taken_back = rows_.take_back_to_first_line();
  std::string message = "the row has " + std::to_string(cells) + " cells, the header " +
                        std::to_string(plan_.columns);
  if (taken_back) message += "; a quote joins it with lines below, which are read on their own";
  reject({.message = std::move(message)}, rows_.raw());
}

void table_run::reject(issue made, std::string_view raw) {
  if (made.entity.empty()) made.code = issue_code::malformed_row;
  made.effect = issue_effect::rejected;
  made.where.file = file_;
  made.where.line = rows_.line();
  made.raw = raw;
  state_.report.issues.push_back(std::move(made));
  ++report().read;
  ++report().rejected;
}

// Whether the row is of the deal with that id.
bool belongs_to(const door_row& row, std::string_view deal) {
  return std::visit(
      [&](const auto& r) {
        if constexpr (requires { r.deal; }) return r.deal == deal;
        return false;
      },
      row);
}

// False where the entity was refused. One that was seen before is not given again.
bool table_run::add(planned_entity& e) {
  text_set& seen = state_.seen[static_cast<std::size_t>(e.what)];
  if (e.distinct && seen.contains(e.key)) return true;
  const bool taken = std::visit(
      [&](const auto& row) {
        return state_.builder.add(row, {file_, rows_.line(), 0});
      },
      e.row);
  if (taken && e.distinct) seen.insert(e.key);
  if (taken && state_.needs_prices) {
    const product* p = std::get_if<product>(&e.row);
    if (p != nullptr && p->list_price) state_.prices.insert_or_assign(p->id, *p->list_price);
  }
  return taken;
}

void table_run::take_row() {
  damage_.look_at(rows_.cells(), rows_.line());
  row_fault fault;
  if (!plan_.read(rows_.cells(), rows_.line(), state_.prices, fault)) {
    issue made{.code = fault.code,
               .entity = std::string(to_string(fault.what)),
               .field = std::string(fault.field),
               .message = std::move(fault.message)};
    if (fault.column != no_column) {
      made.where.column = static_cast<std::uint32_t>(fault.column + 1);
      made.message = columns_[fault.column] + ": " + made.message;
    }
    reject(std::move(made), rows_.raw());
    return;
  }
  const bool taken = add_entities();
  ++report().read;
  ++(taken ? report().accepted : report().rejected);
  if (taken && plan_.repaired) ++report().repaired;
}

// Offers every entity of the row to the book, the others too where one is refused: a deal is won by
// its stage event whatever is wrong with its line. Only what belongs to a refused deal goes with
// it: its id may be that of a deal taken from another row. False where the book lacks any of them.
bool table_run::add_entities() {
  std::string_view refused_deal;
  std::size_t given = 0;
  row_rest rest;
  bool all_taken = true;
  for (planned_entity& e : plan_.entities) {
    if (!e.present) continue;
    ++given;
    const bool left_out = !refused_deal.empty() && belongs_to(e.row, refused_deal);
    e.in_book = !left_out && add(e);
    all_taken = all_taken && e.in_book;
    const deal* d = std::get_if<deal>(&e.row);
    if (d != nullptr && !e.in_book) refused_deal = d->id;
  }
  if (state_.builder.issues().size() == state_.issues_taken) return all_taken;
  rest.gives_more = given > 1;
  for (const planned_entity& e : plan_.entities) {
    if (all_taken || !e.present || !e.in_book) continue;
    rest.in_book.append(rest.in_book.empty() ? "" : ", ").append(to_string(e.what));
  }
  take_issues(state_, rows_.raw(), rest);
  return all_taken;
}

void table_run::tell_progress() {
  report().bytes = rows_.bytes_read();
  told_at_ = rows_.bytes_read();
  if (state_.options.on_progress == nullptr) return;
  state_.options.on_progress(
      state_.options.progress_context,
      {report().name, rows_.bytes_read(), rows_.bytes_in_all(), report().read});
}

// Each declared replacement once, with the number of its rows.
void table_run::report_repairs() {
  for (const planned_entity& e : plan_.entities) {
    for (const planned_field& f : e.fields) {
      for (const planned_replacement& r : f.repair) {
        if (r.rows == 0) continue;
        issue made;
        made.code = issue_code::declared_replacement;
        made.effect = issue_effect::repaired;
        made.entity = to_string(e.what);
        made.field = f.field->name;
        made.message = f.column_name + ": '" + r.from + "' was read as '" + r.to + "' in " +
                       std::to_string(r.rows) + " rows, as the mapping declares";
        made.where = {file_, r.first_line, static_cast<std::uint32_t>(f.column + 1)};
        state_.report.issues.push_back(std::move(made));
      }
    }
  }
}

void table_run::read_all() {
  for (auto step = next_row(); step != row_reader::step::end; step = next_row()) {
    if (step == row_reader::step::row) take_row();
    if (rows_.bytes_read() >= told_at_ + bytes_between_reports) tell_progress();
  }
  tell_progress();
  report_repairs();
  for (issue& noted : damage_.issues(columns_, file_)) {
    state_.report.issues.push_back(std::move(noted));
  }
  if (rows_.broke_off()) {
    issue made;
    made.code = issue_code::malformed_row;
    made.effect = issue_effect::noted;
    made.message = "the file could not be read to its end";
    made.where = {file_, rows_.line(), 0};
    state_.report.issues.push_back(std::move(made));
  }
}

// The entities of a table without a file, each given once.
std::optional<failure> add_given(import_state& state, const mapped_table& table) {
  auto plan = plan_table(table, {}, state.reporting_zone);
  if (!plan) return failure{"given: " + plan.error().message};
  const table_plan planned = std::move(plan).value();
  for (const planned_entity& e : planned.entities) {
    const bool taken = std::visit([&](const auto& row) { return state.builder.add(row); }, e.row);
    if (!taken) return failure{"given: " + state.builder.issues().back().message};
  }
  return std::nullopt;
}

}  // namespace

std::optional<result<byte_source>> input_files::open(const std::string& name) const {
  if (in_memory) {
    for (const named_text& text : texts) {
      if (text.name == name) return byte_source(text.text);
    }
    return std::nullopt;
  }
  const std::string path = folder.empty() ? name : folder + "/" + name;
  std::error_code unused;
  if (!std::filesystem::exists(path, unused)) return std::nullopt;
  return byte_source::open(path);
}

void take_issues(import_state& state, std::string_view raw, const row_rest& rest) {
  const auto all = state.builder.issues();
  for (; state.issues_taken < all.size(); ++state.issues_taken) {
    issue taken = all[state.issues_taken];
    if (taken.effect == issue_effect::rejected) {
      taken.raw = raw;
      if (rest.gives_more) {
        taken.message += "; the " + taken.entity + " is refused, and the book has of the row: " +
                         (rest.in_book.empty() ? "nothing" : rest.in_book);
      }
    }
    state.report.issues.push_back(std::move(taken));
  }
}

std::optional<failure> import_table(import_state& state, const mapped_table& table) {
  const auto file = static_cast<std::uint32_t>(state.report.files.size());
  if (table.file.empty()) return add_given(state, table);
  const std::string name = name_of_file(state, table);
  state.report.files.push_back({.name = name, .unused_columns = {}, .dates = {}});
  if (table.optional && !state.files.open(name)) return std::nullopt;
  const auto fail = [&](const std::string& why) { return failure{name + ": " + why}; };

  auto opened = open_rows(state, name, table.dialect.separator);
  if (!opened) return fail(opened.error().message);
  row_reader rows = std::move(opened).value();
  const auto first = rows.next();
  if (first == row_reader::step::end) return fail("the file is empty");
  if (first == row_reader::step::bad) return fail("the header cannot be read: " + rows.problem());
  std::vector<std::string> columns(rows.cells().begin(), rows.cells().end());
  auto plan = plan_table(table, rows.cells(), state.reporting_zone);
  if (!plan) return fail(plan.error().message);

  file_report& report = state.report.files[file];
  report.present = true;
  report.separator = rows.separator();
  report.unused_columns = plan.value().unused_columns;
  table_run run(state, std::move(rows), std::move(plan).value(), file, std::move(columns));
  if (const auto why = run.settle_dates(name)) return fail(why->message);
  run.read_all();
  return std::nullopt;
}

void find_raw_rows(import_state& state, std::size_t first) {
  std::vector<issue>& issues = state.report.issues;
  std::vector<issue*> wanted;
  for (std::size_t i = first; i < issues.size(); ++i) {
    if (issues[i].effect == issue_effect::rejected && issues[i].where.line > 0) {
      wanted.push_back(&issues[i]);
    }
  }
  const auto place = [](const issue* i) { return std::pair(i->where.file, i->where.line); };
  std::sort(wanted.begin(), wanted.end(),
            [&](const issue* a, const issue* b) { return place(a) < place(b); });
  auto next = wanted.begin();
  while (next != wanted.end()) {
    file_report& report = state.report.files[(*next)->where.file];
    auto opened = open_rows(state, report.name, report.separator);
    if (!opened) return;
    row_reader rows = std::move(opened).value();
    const std::uint32_t file = (*next)->where.file;
    std::uint32_t line = 0;
    for (auto step = rows.next(); step != row_reader::step::end; step = rows.next()) {
      if (next == wanted.end() || (*next)->where.file != file) break;
      for (; next != wanted.end() && place(*next) == std::pair(file, rows.line()); ++next) {
        (*next)->raw = rows.raw();
        if (std::exchange(line, rows.line()) == rows.line()) continue;
        --report.accepted;
        ++report.rejected;
      }
    }
    while (next != wanted.end() && (*next)->where.file == file) ++next;
  }
}

}  // namespace salespulse
