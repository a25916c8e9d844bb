// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_DETAIL_NAMES_HPP
#define SALESPULSE_MODEL_DETAIL_NAMES_HPP

#include <salespulse/model/book.hpp>
#include <salespulse/model/book_tables.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace salespulse::detail {

// Stage ids are unique within a pipeline; the separator occurs in no host id.
inline std::string stage_name(std::string_view pipeline, std::string_view stage) {
  std::string name(pipeline);
  if (!pipeline.empty()) name += '\x1F';
  return name.append(stage);
}

// Letters and digits in lower case: what remains equal under slips of case, space and hyphen.
inline std::string bare_letters(std::string_view text) {
  std::string bare;
  for (const char c : text) {
    if (c >= 'A' && c <= 'Z') {
      bare += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80) != 0) {
      bare += c;
    }
  }
  return bare;
}

inline std::string similar_product(const book_tables& tables, std::string_view id) {
  const std::string bare = bare_letters(id);
  for (std::size_t i = 0; i < tables.products.size(); ++i) {
    if (tables.products[i].declared && bare_letters(tables.names.products[i]) == bare) {
      return std::string(tables.names.products[i]);
    }
  }
  return {};
}

}  // namespace salespulse::detail
#endif
