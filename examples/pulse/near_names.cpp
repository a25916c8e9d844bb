// SPDX-License-Identifier: BSL-1.0
#include "near_names.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace pulse {

namespace {

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

}  // namespace

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

}  // namespace pulse
