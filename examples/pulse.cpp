// SPDX-License-Identifier: BSL-1.0
//
// From a CRM export to a review: what was sold, what of it will last, and how sure that is.
//
//     pulse --data firm --theta firm/theta.json
//     pulse --data export --mapping examples/mappings/maven.json --prior house_view.json

#include <salespulse/core/date.hpp>
#include <salespulse/io/csv_writer.hpp>
#include <salespulse/io/import.hpp>
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
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace {

using namespace salespulse;

constexpr int reviewed = 0;
constexpr int not_readable = 1;
constexpr int wrong_usage = 2;
constexpr int not_written = 3;

constexpr const char* exit_codes =
    "Exit codes: 0 the review was made, whatever rows were rejected on the way;\n"
    "1 the data, the mapping or the parameters cannot be read, so there is no review;\n"
    "2 the command line is wrong; 3 an output file cannot be written.";

// The one error that ends the program, in words, with its exit code.
struct stop {
  int code;
  std::string message;
};

struct arguments {
  std::string data, mapping, theta, prior, json, rejects, from, to, win_rate_of;
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
  std::string text = "reading " + std::string(p.file) + ": " + std::to_string(p.rows) + " rows";
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

// Digits in groups of three.
std::string grouped(std::uint64_t n) {
  std::string text = std::to_string(n);
  for (std::size_t i = text.size(); i > 3;) text.insert(i -= 3, 1, ' ');
  return text;
}

std::string right(const std::string& text, std::size_t width) {
  return std::string(width > text.size() ? width - text.size() : 0, ' ') + text;
}

// A text from a file, without what would steer the terminal.
std::string plain(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return out;
}

// Words in lines of `width` columns, two of them empty.
std::string wrapped(const std::string& text, std::size_t width) {
  std::string out = " ";
  std::size_t used = 1;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (used > 1 && used + 1 + end - at > width) {
      out += "\n ";
      used = 1;
    }
    out += ' ' + text.substr(at, end - at);
    used += 1 + end - at;
    at = end + 1;
  }
  return out + '\n';
}

// Issues of one kind: how many, and in what words.
struct issue_group {
  std::size_t rows = 0;
  std::map<std::string, std::pair<std::size_t, const issue*>>
      by_message;  // how often and the first
};

void print_issues(const import_report& report) {
  using kind = std::tuple<issue_effect, std::uint32_t, issue_code, std::string>;
  std::map<kind, issue_group> groups;
  for (const issue& i : report.issues) {
    issue_group& group = groups[{i.effect, i.where.file, i.code, i.field}];
    ++group.rows;
    auto& [rows, first] = group.by_message[i.message];
    if (++rows == 1 || i.where.line < first->where.line) first = &i;
  }
  constexpr std::string_view effects[] = {"rejected", "repaired", "noted"};
  for (const auto& [which, group] : groups) {
    const auto& [effect, file, code, field] = which;
    std::cout << "  " << effects[static_cast<std::size_t>(effect)] << ", "
              << (group.rows > 1 ? grouped(group.rows) + " x " : "") << "in "
              << (file < report.files.size() ? report.files[file].name : std::string("the book"))
              << ": " << to_string(code) << (field.empty() ? "" : " in " + plain(field)) << '\n';
    using by_count = std::pair<std::size_t, const issue*>;
    std::vector<by_count> texts;
    for (const auto& [message, rows] : group.by_message) texts.push_back(rows);
    std::sort(texts.begin(), texts.end(), [](const by_count& x, const by_count& y) {
      return std::tuple(y.first, x.second->where.line) < std::tuple(x.first, y.second->where.line);
    });
    constexpr std::size_t most = 3;
    for (std::size_t i = 0; i < std::min(most, texts.size()); ++i) {
      const issue& first = *texts[i].second;
      std::cout << "      " << (texts.size() > 1 ? grouped(texts[i].first) + " x " : "")
                << plain(first.message);
      if (first.where.line > 0) {
        std::cout << " (" << (texts[i].first > 1 ? "first in line " : "line ")
                  << grouped(first.where.line) << ')';
      }
      std::cout << '\n';
    }
    if (texts.size() > most) {
      std::cout << "      and " << grouped(texts.size() - most) << " others\n";
    }
  }
}

void print_import(const import_report& report, int width) {
  std::cout << "IMPORT";
  if (!report.mapping.empty()) std::cout << " by the mapping " << plain(report.mapping);
  std::cout << "\n\n";
  if (!report.note.empty()) {
    std::cout << wrapped(plain(report.note), static_cast<std::size_t>(width)) << '\n';
  }
  std::size_t name = 4;
  for (const file_report& f : report.files) {
    if (f.present) name = std::max(name, f.name.size());
  }
  const auto row = [&](const std::string& file, const std::string(&numbers)[4]) {
    std::cout << "  " << file << std::string(name - file.size(), ' ');
    for (const std::string& n : numbers) std::cout << right(n, 13);
    std::cout << '\n';
  };
  row("file", {"rows read", "accepted", "repaired", "rejected"});
  for (const file_report& f : report.files) {
    if (!f.present) continue;
    row(f.name, {grouped(f.read), grouped(f.accepted), grouped(f.repaired), grouped(f.rejected)});
  }
  for (const file_report& f : report.files) {
    for (const settled_dates& d : f.dates) {
      std::cout << "  dates of " << plain(d.column) << " in " << f.name << " are written "
                << to_string(d.order) << '\n';
    }
  }
  if (!report.issues.empty()) std::cout << '\n';
  print_issues(report);
  std::cout << '\n';
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

void write_json(const std::string& path, const std::string& text) {
  if (path == "-") {
    std::cout << text;
    return;
  }
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) throw stop{not_written, path + ": cannot be written"};
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if (!close_written(file, written)) throw stop{not_written, path + ": cannot be written"};
}

int run(const arguments& a) {
  const review_options options = options_of(a);
  const std::optional<snapshot> parameters = parameters_of(a);
  progress_line progress;
  const imported data = import_data(a, progress);
  progress.say("valuing " + std::to_string(data.contents.deals().size()) + " deals");
  const review r =
      value_or_stop(make_review(data.contents, parameters ? &*parameters : nullptr, options));
  progress.clear();
  if (!a.rejects.empty()) write_rejects(a.rejects, data.report);
  if (!a.json.empty()) write_json(a.json, to_json(r));
  if (a.json == "-") return reviewed;
  print_import(data.report, a.shown.width);
  std::cout << to_terminal(r, a.shown) << std::flush;
  return std::cout ? reviewed : not_written;
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
      "Reads a CRM export and prints what was sold, what of it will last, how sure that is,\n"
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
