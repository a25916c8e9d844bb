// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_TESTS_FUZZ_IMPORT_INPUT_HPP
#define SALESPULSE_TESTS_FUZZ_IMPORT_INPUT_HPP

#include <salespulse/io/import.hpp>
#include <salespulse/io/mapping.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace salespulse {

// What must hold of every import, whatever the bytes: a failure has a message; else every row is
// counted once, and each rejected one is returned with its reason and its text.
inline bool is_sound(const result<imported>& done) {
  if (!done) return !done.error().message.empty();
  for (const file_report& file : done.value().report.files) {
    if (file.read != file.accepted + file.rejected || file.repaired > file.accepted) return false;
  }
  for (const issue& i : done.value().report.issues) {
    if (i.message.empty()) return false;
    if (i.effect == issue_effect::rejected && i.where.line > 0 && i.raw.empty()) return false;
  }
  return true;
}

// The first bytes choose the table, the dialect and how the rest is laid out; the rest is content.
inline bool import_any(const std::uint8_t* bytes, std::size_t size) {
  if (size < 2) return true;
  const std::uint8_t choice = bytes[0];
  const std::uint8_t dialect = bytes[1];
  const std::string_view content(reinterpret_cast<const char*>(bytes) + 2, size - 2);
  if (choice == 255) {
    const auto how = parse_mapping(content);
    return how ? !how.value().tables.empty() || content.size() > 0 : !how.error().message.empty();
  }

  mapping how = canonical_mapping();
  constexpr std::array<char, 5> separators = {0, ',', ';', '\t', '|'};
  const std::size_t table = choice % how.tables.size();
  for (mapped_table& t : how.tables) {
    t.optional = true;
    t.dialect.separator = separators[dialect % separators.size()];
    if ((dialect & 0x20) != 0) t.dialect.dates = date_order::automatic;
    if ((dialect & 0x40) != 0) t.dialect.decimal_sign = ',';
    if ((dialect & 0x80) != 0) t.dialect.nulls = csv_dialect{}.nulls;
  }
  // A header of the table's own columns, so that most inputs come past it.
  std::string text;
  if (choice < 240) {
    csv_writer header;
    write_header(header, static_cast<entity>(table));
    text = header.text();
    const char separator = how.tables[table].dialect.separator;
    for (char& c : text) {
      if (c == ',' && separator != 0) c = separator;
    }
  }
  text += content;
  const std::array<named_text, 3> texts = {{{how.tables[table].file, text},
                                            {"deals.csv", "id,owner,opened\nD1,S1,2024-01-01\n"},
                                            {"stages.csv", "id,outcome\nwon,won\n"}}};
  import_options options;
  options.largest_row = 4096;
  return is_sound(import_texts(how, texts, options));
}

}  // namespace salespulse
#endif
