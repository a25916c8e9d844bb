// SPDX-License-Identifier: BSL-1.0
//
// From a CRM export to a review: what was sold, what it will bring, and how sure that is.
//
//     pulse --data firm --theta firm/theta.json
//     pulse --data export --mapping examples/mappings/maven.json --prior-skeleton house_view.json
//     pulse --data export --mapping examples/mappings/maven.json --prior house_view.json

#include "import_text.hpp"
#include "near_names.hpp"
#include "prior_skeleton.hpp"
#include "text.hpp"
#include <salespulse/core/date.hpp>
#include <salespulse/io/csv_writer.hpp>
#include <salespulse/io/import.hpp>
#include <salespulse/model/book.hpp>
#include <salespulse/report/json.hpp>
#include <salespulse/report/terminal.hpp>
#include <salespulse/scorecard/scorecard.hpp>
#include <salespulse/value/snapshot_file.hpp>
#include <salespulse/version.hpp>

#include <CLI/CLI.hpp>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace salespulse;
using namespace pulse;

constexpr int reviewed = 0;
constexpr int not_readable = 1;
constexpr int wrong_usage = 2;
constexpr int not_written = 3;

constexpr const char* exit_codes =
    "Exit codes: 0 the review was made, whatever rows were rejected on the way;\n"
    "1 the data, the mapping or the parameters cannot be read, so there is no review;\n"
    "2 the command line is wrong, or nobody is called as --person says;\n"
    "3 an output file cannot be written.";

// The one error that ends the program, in words, with its exit code.
struct stop {
  int code;
  std::string message;
};

struct arguments {
  std::string data, mapping, theta, prior, skeleton, json, rejects, from, to, win_rate_of;
  terminal_options shown;
  bool ascii = false;
};

// Says on stderr what is going on when it takes more than half a second and somebody watches.
class progress_line {
public:
  progress_line() : watched_(isatty(STDERR_FILENO) != 0), begun_(clock::now()) {}
  ~progress_line() { clear(); }
  progress_line(const progress_line&) = delete;
  progress_line& operator=(const progress_line&) = delete;

  void say(const std::string& text) {
    if (!watched_ || clock::now() - begun_ < std::chrono::milliseconds(500)) return;
    std::cerr << "\r\x1b[K" << text << std::flush;
    shown_ = true;
  }
  void clear() {
    if (shown_) std::cerr << "\r\x1b[K" << std::flush;
    shown_ = false;
  }

private:
  using clock = std::chrono::steady_clock;
  bool watched_;
  bool shown_ = false;
  clock::time_point begun_;
};

void on_import_progress(void* line, const import_progress& p) {
  std::string text = "reading " + std::string(p.file) + ": " + counted(p.rows, "row", "rows");
  if (p.bytes_in_all > 0) {
    text += ", " + std::to_string(100 * p.bytes_read / p.bytes_in_all) + " %";
  }
  static_cast<progress_line*>(line)->say(text);
}

template <class Value>
Value value_or_stop(result<Value> r) {
  if (!r) throw stop{not_readable, r.error().message};
  return std::move(r).value();
}

imported import_data(const arguments& a, progress_line& progress) {
  import_options options;
  options.on_progress = on_import_progress;
  options.progress_context = &progress;
  auto data = a.mapping.empty() ? import_folder(a.data, options)
                                : import_mapped(a.mapping, a.data, options);
  if (!data) throw stop{not_readable, a.data + ": " + data.error().message};
  return std::move(data).value();
}

std::optional<snapshot> parameters_of(const arguments& a) {
  if (a.theta.empty() && a.prior.empty()) return std::nullopt;
  snapshot s = value_or_stop(read_snapshot(a.theta.empty() ? a.prior : a.theta));
  if (!a.prior.empty()) s.source = provenance::prior;  // whatever the file says of itself
  return s;
}

review_options options_of(const arguments& a) {
  review_options options;
  if (a.win_rate_of == "created") options.denominator = win_denominator::created;
  if (a.from.empty()) return options;
  const auto from = parse_date(a.from);
  const auto to = parse_date(a.to);
  if (!from || !to || !(*from < *to)) {
    throw stop{wrong_usage,
               "--from and --to are days like 2025-01-31, the first before the second"};
  }
  options.recognised_in = {*from, *to};
  return options;
}

// Closes a file and says whether all of it was written.
bool close_written(std::FILE* file, bool written) { return std::fclose(file) == 0 && written; }

void write_rejects(const std::string& path, const import_report& report) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) throw stop{not_written, path + ": cannot be written"};
  csv_writer rows(file);
  for (const char* head : {"file", "line", "column", "code", "reason", "row"}) rows.cell(head);
  rows.end_row();
  for (const issue& i : report.issues) {
    if (i.effect != issue_effect::rejected) continue;
    rows.cell(i.where.file < report.files.size() ? report.files[i.where.file].name : "");
    rows.cell(static_cast<std::int64_t>(i.where.line));
    rows.cell(static_cast<std::int64_t>(i.where.column));
    rows.cell(to_string(i.code)).cell(i.message).cell(i.raw);
    rows.end_row();
  }
  if (!close_written(file, rows.flush())) throw stop{not_written, path + ": cannot be written"};
}

void write_text(const std::string& path, const std::string& text) {
  if (path == "-") {
    std::cout << text;
    return;
  }
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) throw stop{not_written, path + ": cannot be written"};
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if (!close_written(file, written)) throw stop{not_written, path + ": cannot be written"};
}

void write_skeleton(const std::string& path, const book& b) {
  const snapshot needed = needed_parameters(b);
  write_text(path, skeleton_of(needed));
  if (path == "-") return;
  std::cout << wrapped("PRIOR SKELETON in " + plain(path) + ": " +
                           counted(needed.retention.size(), "pair", "pairs") +
                           " of product family and term, " +
                           counted(needed.payment.size(), "segment", "segments") +
                           " of customers. Its name is empty and its numbers are null: whoever "
                           "states them fills them in; until then it is refused. Then: --prior " +
                           plain(path),
                       80, 0);
}

void stop_at_unknown_people(const std::vector<std::string>& asked, const review& r) {
  for (const std::string& person : asked) {
    bool known = false;
    std::vector<std::string> near;
    for (const scorecard& c : r.salespeople) {
      if (c.owner == nobody) continue;
      known = known || c.id == person || c.name == person;
      if (is_near(person, c.id) || is_near(person, c.name)) {
        near.push_back(c.name.empty() || c.name == c.id ? c.id : c.id + ' ' + c.name);
      }
    }
    if (known) continue;
    std::string message = "--person: no salesperson has the id or the name \"" + person + '"';
    constexpr std::size_t most = 5;
    for (std::size_t i = 0; i < std::min(most, near.size()); ++i) {
      message += (i == 0 ? "; near it: " : ", ") + near[i];
    }
    if (near.size() > most) message += " and " + counted(near.size() - most, "other", "others");
    throw stop{wrong_usage, plain(message)};
  }
}

int run(const arguments& a) {
  review_options options = options_of(a);
  const std::optional<snapshot> parameters = parameters_of(a);
  progress_line progress;
  const imported data = import_data(a, progress);
  if (!a.skeleton.empty()) {
    progress.clear();
    write_skeleton(a.skeleton, data.contents);
    return std::cout.flush() ? reviewed : not_written;
  }
  const std::uint64_t rejected = rejected_rows(data.report);
  options.rejected_rows = static_cast<std::int64_t>(rejected);
  progress.say("valuing " + counted(data.contents.deals().size(), "deal", "deals"));
  const review r =
      value_or_stop(make_review(data.contents, parameters ? &*parameters : nullptr, options));
  progress.clear();
  stop_at_unknown_people(a.shown.people, r);
  if (!a.rejects.empty()) write_rejects(a.rejects, data.report);
  if (!a.json.empty()) write_text(a.json, to_json(r));
  if (a.json == "-") return std::cout.flush() ? reviewed : not_written;
  if (rejected > 0) {
    std::cout << "IMPORT: " << counted(rejected, "row", "rows") << " rejected, see below\n\n";
  }
  std::cout << to_terminal(r, a.shown) << '\n';
  print_import(data.report, static_cast<std::size_t>(a.shown.width));
  return std::cout.flush() ? reviewed : not_written;
}

int columns_of_terminal() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return std::min<int>(size.ws_col, 140);
}

}  // namespace

int main(int argc, char** argv) try {
  arguments a;
  a.shown.width = columns_of_terminal();
  a.shown.colour = isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;

  CLI::App app{
      "Reads a CRM export and prints what was sold, what it will bring, how sure that is,\n"
      "and the bridge between the two: for the firm, its teams and its people."};
  app.set_version_flag("--version", std::string(header_version));
  app.footer(exit_codes);
  app.add_option("--data", a.data, "Folder with the export")->required()->type_name("DIR");
  app.add_option("--mapping", a.mapping,
                 "How the files of the export become deals; without it the "
                 "canonical CSV is expected")
      ->type_name("FILE");
  auto* theta = app.add_option("--theta", a.theta, "Retention and payment parameters (JSON)")
                    ->type_name("FILE");
  app.add_option("--prior", a.prior, "The same, taken as somebody's opinion and marked so")
      ->type_name("FILE")
      ->excludes(theta);
  auto* from = app.add_option("--from", a.from,
                              "First day of the period whose recognised value is "
                              "asked for")
                   ->type_name("DATE");
  auto* to = app.add_option("--to", a.to, "First day after that period")->type_name("DATE");
  from->needs(to);
  to->needs(from);
  app.add_option("--prior-skeleton", a.skeleton,
                 "Write parameters for --prior with all that these data need and every number "
                 "left open, in place of a review")
      ->type_name("FILE");
  app.add_option("--person", a.shown.people, "Show only this salesperson, in full; may be repeated")
      ->type_name("ID")
      ->allow_extra_args(false);
  app.add_option(
         "--win-rate-of", a.win_rate_of,
         "What won deals are divided by: closed (won and lost; the usual), or created (also "
         "open), for records without lost deals")
      ->check(CLI::IsMember({"closed", "created"}));
  app.add_flag("--details", a.shown.details,
               "Also the three ratios, every horizon and all bridges");
  app.add_option("--width", a.shown.width, "Columns of the report")
      ->check(CLI::Range(60, 1000))
      ->type_name("N");
  app.add_flag("--ascii", a.ascii, "Draw bars without block characters");
  app.add_flag("--cents", a.shown.minor_units, "Show amounts to the cent");
  app.add_option("--json", a.json,
                 "Write the whole review as JSON; - is standard output, without "
                 "the report")
      ->type_name("FILE");
  app.add_option("--rejects", a.rejects, "Write the rejected rows, whole, with their reasons (CSV)")
      ->type_name("FILE");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? reviewed : wrong_usage;
  }
  a.shown.utf8 = !a.ascii;
  return run(a);
} catch (const stop& s) {
  std::cerr << "pulse: " << s.message << '\n';
  return s.code;
} catch (const std::bad_alloc&) {
  std::cerr << "pulse: there is not enough memory for these data\n";
  return not_readable;
} catch (const std::exception& e) {
  std::cerr << "pulse: " << e.what() << '\n';
  return not_readable;
}
