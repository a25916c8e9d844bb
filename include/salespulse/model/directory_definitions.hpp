// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_DIRECTORY_DEFINITIONS_HPP
#define SALESPULSE_MODEL_DIRECTORY_DEFINITIONS_HPP

#include <salespulse/core/result.hpp>
#include <salespulse/model/directory.hpp>

#include <algorithm>

// See salespulse/definitions.hpp.
namespace salespulse {

directory::inserted directory::insert(std::string_view id) {
  if ((ends_.size() + 1) * 2 > slots_.size()) grow();
  std::size_t slot = find_slot(id);
  if (slots_[slot] != no_number) return {slots_[slot], false};
  if (ends_.size() >= no_number) throw invalid_input("directory: more than 2^32 - 1 ids");
  const auto number = static_cast<std::uint32_t>(ends_.size());
  slots_[slot] = number;
  text_.append(id);
  ends_.push_back(text_.size());
  return {number, true};
}

std::vector<std::uint32_t> directory::sorted_places() const {
  // Eight bytes behind what all ids begin with decide most comparisons without a look at the text.
  struct entry {
    std::uint64_t begin;
    std::uint32_t number;
  };
  std::size_t common = size() == 0 ? 0 : (*this)[0].size();
  for (std::size_t i = 1; i < size(); ++i) {
    const std::string_view id = (*this)[i];
    common = std::min(common, id.size());
    while (id.substr(0, common) != (*this)[0].substr(0, common)) --common;
  }
  std::vector<entry> order(size());
  for (std::size_t i = 0; i < size(); ++i) {
    const std::string_view rest = (*this)[i].substr(common);
    std::uint64_t begin = 0;
    for (std::size_t c = 0; c < 8; ++c) {
      begin = begin << 8 | (c < rest.size() ? static_cast<unsigned char>(rest[c]) : 0U);
    }
    order[i] = {begin, static_cast<std::uint32_t>(i)};
  }
  std::sort(order.begin(), order.end(), [this](const entry& a, const entry& b) {
    return a.begin != b.begin ? a.begin < b.begin : (*this)[a.number] < (*this)[b.number];
  });
  std::vector<std::uint32_t> places(size());
  for (std::size_t i = 0; i < size(); ++i) places[order[i].number] = static_cast<std::uint32_t>(i);
  return places;
}

directory directory::renumbered(const std::vector<std::uint32_t>& places) const {
  std::vector<std::uint32_t> order(size());
  for (std::size_t i = 0; i < order.size(); ++i) order[places[i]] = static_cast<std::uint32_t>(i);
  directory sorted;
  for (const std::uint32_t number : order) sorted.insert((*this)[number]);
  return sorted;
}

void directory::grow() {
  slots_.assign(slots_.empty() ? 16 : slots_.size() * 2, no_number);
  for (std::size_t i = 0; i < size(); ++i) {
    slots_[find_slot((*this)[i])] = static_cast<std::uint32_t>(i);
  }
}

}  // namespace salespulse
#endif
