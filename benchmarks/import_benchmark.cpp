// SPDX-License-Identifier: BSL-1.0
// Canonical CSV in memory to a book: rows and bytes per second of the whole import, the book
// included. `write` is the way back.
#include <salespulse/io/canonical.hpp>
#include <salespulse/io/import.hpp>
#include <salespulse/io/mapping.hpp>

#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace {

using namespace salespulse;

std::string numbered(std::string_view prefix, std::int64_t number) {
  return std::string(prefix).append(std::to_string(10'000'000 + number));
}

std::string deals_csv(std::int64_t count) {
  csv_writer out;
  write_header(out, entity::deal);
  deal row;
  for (std::int64_t i = 0; i < count; ++i) {
    row.id = numbered("D", i);
    row.customer = numbered("C", i % 5'000);
    row.owner = numbered("S", i % 200);
    row.opened = start_of(to_date({2021, 1, 1}) + static_cast<std::int32_t>(i % 1'000));
    row.close_date = to_date({2021, 3, 1}) + static_cast<std::int32_t>(i % 1'000);
    row.source = i % 3 == 0 ? "web" : "fair";
    write_row(out, row);
  }
  return std::string(out.text());
}

std::string lines_csv(std::int64_t count, std::int64_t deals) {
  csv_writer out;
  write_header(out, entity::line);
  line row;
  row.terms = {12, 36, 0, true};
  for (std::int64_t i = 0; i < count; ++i) {
    row.id = numbered("L", i);
    row.deal = numbered("D", i % deals);
    row.product = numbered("P", i % 40);
    row.list = money{120'000 + i % 977 * 100, eur};
    row.net = money{100'000 + i % 977 * 100, eur};
    row.cost = money{40'000 + i % 977 * 50, eur};
    write_row(out, row);
  }
  return std::string(out.text());
}

std::string stage_events_csv(std::int64_t deals) {
  csv_writer out;
  write_header(out, entity::stage_event);
  stage_event row;
  for (std::int64_t i = 0; i < deals; ++i) {
    row.deal = numbered("D", i);
    row.stage = "won";
    row.at = instant{start_of(to_date({2021, 3, 1})).seconds + i % 1'000 * seconds_per_day};
    write_row(out, row);
  }
  return std::string(out.text());
}

void import_and_count(benchmark::State& state, std::span<const named_text> texts) {
  const mapping how = canonical_mapping();
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  for (auto unused : state) {
    const auto done = import_texts(how, texts);
    if (!done) return state.SkipWithError(done.error().message.c_str());
    for (const file_report& file : done.value().report.files) {
      rows += file.accepted;
      bytes += file.bytes;
      if (file.rejected > 0) return state.SkipWithError("rows were rejected");
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(rows));
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}

constexpr std::string_view stages = "id,name,position,outcome\nopen,Open,0,open\nwon,Won,1,won\n";

// A file of lines beside few deals.
void import_lines(benchmark::State& state) {
  const std::int64_t count = state.range(0);
  const std::string deals = deals_csv(1'000);
  const std::string lines = lines_csv(count, 1'000);
  const std::array<named_text, 2> texts = {{{"deals.csv", deals}, {"lines.csv", lines}}};
  import_and_count(state, texts);
}
BENCHMARK(import_lines)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

// Deals with one line and one stage event each.
void import_deals(benchmark::State& state) {
  const std::int64_t count = state.range(0);
  const std::string deals = deals_csv(count);
  const std::string lines = lines_csv(count, count);
  const std::string events = stage_events_csv(count);
  const std::array<named_text, 4> texts = {{{"stages.csv", stages},
                                            {"deals.csv", deals},
                                            {"lines.csv", lines},
                                            {"stage_events.csv", events}}};
  import_and_count(state, texts);
}
BENCHMARK(import_deals)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

void write_lines(benchmark::State& state) {
  std::int64_t bytes = 0;
  for (auto unused : state) bytes += static_cast<std::int64_t>(lines_csv(100'000, 1'000).size());
  state.SetItemsProcessed(state.iterations() * 100'000);
  state.SetBytesProcessed(bytes);
}
BENCHMARK(write_lines)->Unit(benchmark::kMillisecond);

}  // namespace
