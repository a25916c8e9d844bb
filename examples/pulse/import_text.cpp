// SPDX-License-Identifier: BSL-1.0
#include "import_text.hpp"

#include "text.hpp"

#include <algorithm>
#include <cstddef>
#include <iostream>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace pulse {

using namespace salespulse;

namespace {

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

}  // namespace

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

}  // namespace pulse
