// SPDX-License-Identifier: BSL-1.0
#include "reference.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace salespulse::test {

namespace {

// Cells of one line; quotes protect commas and are doubled inside.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"') {
      if (quoted && i + 1 < line.size() && line[i + 1] == '"') {
        cells.back() += line[++i];
      } else {
        quoted = !quoted;
      }
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  return cells;
}

std::filesystem::path shared_path(std::string_view file) {
  // Tests run in the top folder of the repository.
  return std::filesystem::path("../shared") / std::filesystem::path(file);
}

}  // namespace

std::string reference_text(std::string_view file) {
  std::ifstream in(shared_path(file), std::ios::binary);
  std::ostringstream text;
  if (in) text << in.rdbuf();
  return text.str();
}

reference_table::reference_table(std::string_view file) {
  std::istringstream in(reference_text(file));
  std::string line;
  while (std::getline(in, line)) {
    if (line.empty() || line == "\r") continue;
    if (!exists_) {
      header_ = cells_of(line);
      exists_ = true;
    } else {
      rows_.push_back(cells_of(line));
    }
  }
}

const std::string& reference_table::text(std::size_t row, std::string_view column) const {
  const auto place = std::find(header_.begin(), header_.end(), column);
  if (place == header_.end()) throw std::invalid_argument("no column " + std::string(column));
  return rows_.at(row).at(static_cast<std::size_t>(place - header_.begin()));
}

double reference_table::number(std::size_t row, std::string_view column) const {
  const std::string& cell = text(row, column);
  char* end = nullptr;
  const double x = std::strtod(cell.c_str(), &end);
  if (cell.empty() || *end != '\0') throw std::invalid_argument("no number: " + cell);
  return x;
}

std::int64_t reference_table::integer(std::size_t row, std::string_view column) const {
  const double x = number(row, column);
  if (x != std::floor(x)) throw std::invalid_argument("not whole: " + text(row, column));
  return static_cast<std::int64_t>(x);
}

std::vector<std::size_t> reference_table::where(std::vector<condition_on> wanted) const {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (std::all_of(wanted.begin(), wanted.end(),
                    [&](const condition_on& c) { return text(i, c.column) == c.text; })) {
      found.push_back(i);
    }
  }
  return found;
}

double reference_table::value(std::vector<condition_on> wanted, std::string_view column) const {
  const std::vector<std::size_t> found = where(wanted);
  if (found.size() != 1) {
    std::string message = "rows found: ";
    message += std::to_string(found.size());
    for (const condition_on& c : wanted) message.append(" ").append(c.text);
    throw std::invalid_argument(message);
  }
  return number(found.front(), column);
}

accuracy::~accuracy() {
  if (std::getenv("SALESPULSE_ACCURACY") == nullptr || values_ == 0) return;
  std::printf("accuracy,%s,%zu,%.2g,%s\n", file_.c_str(), values_, largest_, worst_.c_str());
}

double accuracy::error(double computed, double exact, std::string_view where) {
  const double size = exact == 0 ? 1 : std::abs(exact);
  return note(std::abs(computed - exact) / size, where);
}

double accuracy::absolute_error(double computed, double exact, std::string_view where) {
  return note(std::abs(computed - exact), where);
}

double accuracy::note(double error, std::string_view where) {
  ++values_;
  if (!(error <= largest_)) {
    largest_ = error;
    worst_ = where;
  }
  return error;
}

bool available(const reference_table& table, std::string_view file) {
  if (!table.exists()) {
    std::printf("skipped: ../shared/%.*s is not there\n", static_cast<int>(file.size()),
                file.data());
  }
  return table.exists();
}

}  // namespace salespulse::test
