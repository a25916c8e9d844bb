// SPDX-License-Identifier: BSL-1.0
//
// From a CRM export to a review: what was sold, what it will bring, and how sure that is.
//
//     pulse --data firm --theta firm/theta.json
//     pulse --data export --mapping examples/mappings/maven.json --prior-skeleton house_view.json
//     pulse --data export --mapping examples/mappings/maven.json --prior house_view.json

#include <salespulse/core/date.hpp>
#include <salespulse/io/csv_writer.hpp>
#include <salespulse/io/import.hpp>
#include <salespulse/model/book.hpp>
#include <salespulse/model/book_tables.hpp>
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
#include <map>
#include <optional>
#include <set>
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

// Digits in groups of three.
std::string grouped(std::uint64_t n) {
  std::string text = std::to_string(n);
  for (std::size_t i = text.size(); i > 3;) text.insert(i -= 3, 1, ' ');
  return text;
}

std::string counted(std::uint64_t n, const char* one, const char* many) {
  return grouped(n) + ' ' + (n == 1 ? one : many);
}

// A text from a file, without what would steer the terminal.
std::string plain(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return out;
}

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

std::string right(const std::string& text, std::size_t width) {
  return std::string(width > text.size() ? width - text.size() : 0, ' ') + text;
}

// Columns of a character that begins with this byte; 0 inside a character. From U+3000 on two.
std::size_t columns_of(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte & 0xC0U) == 0x80 ? 0 : byte >= 0xE3 ? 2 : 1;
}

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (const char c : text) columns += columns_of(c);
  return columns;
}

// A text of at most `width` columns: of a longer one the middle is left out.
std::string shortened(const std::string& text, std::size_t width) {
  if (columns_of(text) <= width) return text;
  const std::size_t kept = width - 2;
  std::size_t used = 0;
  std::size_t head = 0;
  while (used + columns_of(text[head]) <= kept / 2) used += columns_of(text[head++]);
  while (head > 0 && columns_of(text[head]) == 0) --head;  // whole characters
  std::size_t tail = text.size();
  used = 0;
  for (std::size_t at = tail; at-- > head;) {
    used += columns_of(text[at]);
    if (used > kept - kept / 2) break;
    if (columns_of(text[at]) > 0) tail = at;
  }
  return text.substr(0, head) + ".." + text.substr(tail);
}

// Words in lines of at most `width` columns behind `indent` spaces, `hang` more from the second
// line on. Digits in groups stay together; of a word that is longer than a line the middle is left
// out.
std::string wrapped(const std::string& text, std::size_t width, std::size_t indent = 2,
                    std::size_t hang = 2) {
  const auto is_digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  std::string out;
  std::string line(indent, ' ');
  bool any = false;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && (text[end] != ' ' || (end > at && end + 1 < text.size() &&
                                                      is_digit(end - 1) && is_digit(end + 1)))) {
      ++end;
    }
    const std::string word = shortened(text.substr(at, end - at), width - indent - hang);
    at = end + 1;
    if (word.empty()) continue;
    if (any && columns_of(line) + 1 + columns_of(word) > width) {
      out += line + '\n';
      line = std::string(indent + hang, ' ');
      any = false;
    }
    line += (any ? " " : "") + word;
    any = true;
  }
  return out + line + '\n';
}

constexpr std::size_t longest_file_name = 32;

// Issues of one kind: how many, and in what words.
struct issue_group {
  std::size_t rows = 0;
  std::map<std::string, std::pair<std::size_t, const issue*>>
      by_message;  // how often and the first
};

void print_issues(const import_report& report, std::size_t width) {
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
    const std::string file_name = file < report.files.size()
                                      ? shortened(plain(report.files[file].name), longest_file_name)
                                      : "the book";
    std::cout << wrapped(std::string(effects[static_cast<std::size_t>(effect)]) + ", " +
                             (group.rows > 1 ? grouped(group.rows) + " x " : "") + "in " +
                             file_name + ": " + std::string(to_string(code)) +
                             (field.empty() ? "" : " in " + plain(field)),
                         width);
    using by_count = std::pair<std::size_t, const issue*>;
    std::vector<by_count> texts;
    for (const auto& [message, rows] : group.by_message) texts.push_back(rows);
    std::sort(texts.begin(), texts.end(), [](const by_count& x, const by_count& y) {
      return std::tuple(y.first, x.second->where.line) < std::tuple(x.first, y.second->where.line);
    });
    constexpr std::size_t most = 3;
    for (std::size_t i = 0; i < std::min(most, texts.size()); ++i) {
      const issue& first = *texts[i].second;
      std::string text =
          (texts.size() > 1 ? grouped(texts[i].first) + " x " : "") + plain(first.message);
      if (first.where.line > 0) {
        text +=
            (texts[i].first > 1 ? " (first in line " : " (line ") + grouped(first.where.line) + ')';
      }
      std::cout << wrapped(text, width, 6);
    }
    if (texts.size() > most) {
      std::cout << "      and " << counted(texts.size() - most, "other", "others") << '\n';
    }
  }
}

std::uint64_t rejected_rows(const import_report& report) {
  std::uint64_t rows = 0;
  for (const file_report& f : report.files) rows += f.rejected;
  return rows;
}

void print_import(const import_report& report, std::size_t width) {
  std::string title = "IMPORT";
  if (!report.mapping.empty()) title += " by the mapping " + plain(report.mapping);
  std::cout << wrapped(title, width, 0) << '\n';
  if (!report.note.empty()) std::cout << wrapped(plain(report.note), width, 2, 0) << '\n';
  constexpr std::size_t column = 11;
  const std::size_t room = width - 2 - 4 * column;
  std::size_t name = 4;
  for (const file_report& f : report.files) {
    if (f.present) name = std::max(name, std::min(room, columns_of(plain(f.name))));
  }
  const auto row = [&](const std::string& file, const std::string(&numbers)[4]) {
    const std::string shown = shortened(plain(file), name);
    std::cout << "  " << shown << std::string(name - columns_of(shown), ' ');
    for (const std::string& n : numbers) std::cout << right(n, column);
    std::cout << '\n';
  };
  row("file", {"rows read", "accepted", "repaired", "rejected"});
  for (const file_report& f : report.files) {
    if (!f.present) continue;
    row(f.name, {grouped(f.read), grouped(f.accepted), grouped(f.repaired), grouped(f.rejected)});
  }
  for (const file_report& f : report.files) {
    for (const settled_dates& d : f.dates) {
      std::cout << wrapped("dates of " + plain(d.column) + " in " +
                               shortened(plain(f.name), longest_file_name) + " are written " +
                               std::string(to_string(d.order)),
                           width);
    }
  }
  if (!report.issues.empty()) std::cout << '\n';
  print_issues(report, width);
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

// What a snapshot must know to value the lines of a book: every family and term of renewing
// contract lines, and every segment. Its numbers mean nothing.
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

// Writes them with null in place of every number that somebody has to state. Such a file is refused
// until it is filled in, with the place of the first null.
void write_skeleton(const std::string& path, const book& b) {
  const snapshot needed = needed_parameters(b);
  std::string text = snapshot_to_json(needed);
  for (const char* key : {"yearly_rate", "horizon_days", "alpha", "beta", "growth", "credit_loss",
                          "payment_factor", "mean_delay_days"}) {
    const std::string before = '"' + std::string(key) + "\": ";  // inside a name \" would stand
    for (std::size_t at = text.find(before); at != text.npos; at = text.find(before, at)) {
      at += before.size();
      text.replace(at, text.find_first_of(",\n", at) - at, "null");
    }
  }
  write_text(path, text);
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

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  return out;
}

// Insertions, deletions and exchanges of a byte that make one text the other (Levenshtein).
std::size_t edits_between(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  for (std::size_t i = 0; i < row.size(); ++i) row[i] = i;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t exchanged = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, exchanged}));
    }
  }
  return row[to.size()];
}

// Whether somebody could have meant `text` by what was asked for: it holds it, or one of its words
// or all of it differs by few letters.
bool is_near(const std::string& asked, const std::string& text) {
  const std::string a = lower(asked);
  const std::string b = lower(text);
  if (a.empty() || b.empty()) return false;
  if (b.find(a) != b.npos) return true;
  const std::size_t few = a.size() < 3 ? 0 : std::max<std::size_t>(1, a.size() / 4);
  if (edits_between(a, b) <= few) return true;
  for (std::size_t at = 0; at < b.size();) {
    const std::size_t end = std::min(b.find(' ', at), b.size());
    if (edits_between(a, std::string_view(b).substr(at, end - at)) <= few) return true;
    at = end + 1;
  }
  return false;
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
