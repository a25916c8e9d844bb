// SPDX-License-Identifier: BSL-1.0
#include "table_import.hpp"
#include <salespulse/io/import.hpp>
#include <salespulse/io/time_zone.hpp>

#include <filesystem>
#include <system_error>
#include <utility>

namespace salespulse {

namespace {

constexpr std::size_t largest_json = 16 << 20;

result<std::string> read_whole(const std::string& path) {
  auto opened = byte_source::open(path);
  if (!opened) return opened.error();
  byte_source source = std::move(opened).value();
  std::string text;
  std::size_t filled = 0;
  for (;;) {
    text.resize(filled + 64 * 1024);
    const auto taken = source.read(text.data() + filled, text.size() - filled);
    if (!taken) return failure{path + ": cannot be read"};
    if (*taken == 0) break;
    filled += *taken;
    if (filled > largest_json) return failure{path + ": is too large for what it should hold"};
  }
  text.resize(filled);
  return text;
}

result<book_options> options_of(const book_settings& settings) {
  book_options options;
  if (settings.reporting) options.reporting = *settings.reporting;
  if (settings.first_fiscal_month) options.first_fiscal_month = *settings.first_fiscal_month;
  if (settings.rate_valid_days) options.rate_valid_days = *settings.rate_valid_days;
  if (!settings.time_zone.empty()) {
    auto loaded = load_zone(settings.time_zone);
    if (!loaded) return loaded.error();
    options.reporting_zone = std::move(loaded).value();
  }
  return options;
}

// Empty is the current folder.
std::optional<failure> check_folder(std::string_view folder) {
  std::error_code unused;
  if (folder.empty() || std::filesystem::is_directory(folder, unused)) return std::nullopt;
  return failure{"there is no folder " + std::string(folder)};
}

bool asks_for_prices(const mapping& how) {
  for (const mapped_table& table : how.tables) {
    for (const mapped_entity& e : table.entities) {
      for (const mapped_field& f : e.fields) {
        if (f.list_price_of_product) return true;
      }
    }
  }
  return false;
}

result<imported> import_tables(const mapping& how, const input_files& files,
                               const import_options& options) {
  auto settings = options.book ? result<book_options>(*options.book) : options_of(how.settings);
  if (!settings) return settings.error();
  import_state state(options, files, std::move(settings).value());
  state.report.mapping = how.name;
  state.report.note = how.note;
  state.needs_prices = asks_for_prices(how);
  for (const mapped_table& table : how.tables) {
    if (auto why = import_table(state, table)) return *why;
  }
  book contents = state.builder.build();
  const std::size_t first = state.report.issues.size();
  take_issues(state, {});
  find_raw_rows(state, first);
  return imported{std::move(contents), std::move(state.report)};
}

}  // namespace

result<imported> import_folder(std::string_view folder, const import_options& options) {
  if (auto why = check_folder(folder)) return *why;
  const input_files files{std::string(folder), {}, false};
  mapping how = canonical_mapping();
  if (files.open("book.json")) {
    const std::string path = files.folder + "/book.json";
    const auto text = read_whole(path);
    if (!text) return text.error();
    auto settings = parse_book_settings(text.value());
    if (!settings) return failure{path + ": " + settings.error().message};
    how.settings = std::move(settings).value();
  }
  return import_tables(how, files, options);
}

result<imported> import_mapped(std::string_view mapping_file, std::string_view folder,
                               const import_options& options) {
  const auto how = read_mapping(mapping_file);
  if (!how) return how.error();
  return import_mapped(how.value(), folder, options);
}

result<imported> import_mapped(const mapping& how, std::string_view folder,
                               const import_options& options) {
  if (auto why = check_folder(folder)) return *why;
  return import_tables(how, {std::string(folder), {}, false}, options);
}

result<imported> import_texts(const mapping& how, std::span<const named_text> texts,
                              const import_options& options) {
  return import_tables(how, {{}, texts, true}, options);
}

result<mapping> read_mapping(std::string_view file) {
  const std::string path(file);
  const auto text = read_whole(path);
  if (!text) return text.error();
  auto parsed = parse_mapping(text.value());
  if (!parsed) return failure{path + ": " + parsed.error().message};
  return parsed;
}

}  // namespace salespulse
