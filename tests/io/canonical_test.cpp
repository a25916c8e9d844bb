// SPDX-License-Identifier: BSL-1.0
#include "support.hpp"
#include "support/catch.hpp"
#include <salespulse/model/book_builder.hpp>
#include <salespulse/model/book_tables.hpp>

#include <rapidcheck.h>

#include <array>
#include <fstream>
#include <map>
#include <string>
#include <tuple>
#include <vector>

using namespace io_test;

namespace {

// Rows of every entity.
using facts =
    std::tuple<std::vector<exchange_rate>, std::vector<team>, std::vector<salesperson>,
               std::vector<membership>, std::vector<customer>, std::vector<product>,
               std::vector<stage>, std::vector<deal>, std::vector<line>, std::vector<stage_event>,
               std::vector<ownership_event>, std::vector<credit_split>, std::vector<revenue_event>,
               std::vector<activity>, std::vector<target>>;

// What is hard on writers and readers of CSV.
std::string any_text() {
  constexpr std::array<std::string_view, 16> pieces = {"a",  "B",        "7",    ",",    ";",  "|",
                                                       "\t", "\"",       "\n",   "\r\n", "\r", " ",
                                                       "-",  "\xC3\xA9", "null", "'"};
  std::string text;
  for (int i = *rc::gen::inRange(0, 6); i > 0; --i) {
    text += pieces[*rc::gen::inRange<std::size_t>(0, pieces.size())];
  }
  return text;
}

std::string any_id(const char* prefix) {
  std::string id = prefix;
  id += std::to_string(*rc::gen::inRange(0, 6));
  if (*rc::gen::inRange(0, 8) == 0) id += "\",";
  return id;
}

std::string id_or_none(const char* prefix) {
  return *rc::gen::inRange(0, 4) == 0 ? std::string() : any_id(prefix);
}

date any_day() { return {*rc::gen::inRange(15'000, 25'000)}; }
instant any_moment() { return {*rc::gen::inRange<std::int64_t>(0, 4'000'000'000)}; }

template <class Make>
auto perhaps(Make make) -> std::optional<decltype(make())> {
  if (*rc::gen::inRange(0, 3) == 0) return std::nullopt;
  return make();
}

money any_amount(currency c) {
  return {*rc::gen::inRange<std::int64_t>(-1'000'000'000'000, 1'000'000'000'000), c};
}
std::optional<money> perhaps_amount(currency c) {
  return perhaps([&] { return any_amount(c); });
}
currency any_currency() { return *rc::gen::element(eur, eur, usd, *currency::from_code("JPY")); }

period any_period() {
  period p;
  p.from = *rc::gen::inRange(0, 2) == 0 ? all_days.from : any_day();
  p.to = *rc::gen::inRange(0, 2) == 0 ? all_days.to : any_day();
  return p;
}

template <class Choice>
Choice any_choice(int count) {
  return static_cast<Choice>(*rc::gen::inRange(0, count));
}

std::int64_t any_sequence() { return *rc::gen::inRange<std::int64_t>(-3, 4); }

void fill(exchange_rate& r) {
  r = {any_currency(), any_day(), {*rc::gen::inRange<std::int64_t>(1, 100'000), 4}};
}
void fill(team& r) { r = {any_id("T"), any_text()}; }
void fill(salesperson& r) {
  r = {any_id("S"), any_text(), any_period(), {*rc::gen::inRange(0, 1'000'001)}, id_or_none("S")};
}
void fill(membership& r) { r = {any_id("S"), any_id("T"), any_period()}; }
void fill(customer& r) { r = {any_id("C"), any_text(), id_or_none("C"), any_text()}; }
void fill(product& r) {
  const currency c = any_currency();
  r = {any_id("P"),       any_text(),       any_text(), any_choice<lifetime_kind>(4),
       perhaps_amount(c), perhaps_amount(c)};
}
void fill(stage& r) {
  r = {*rc::gen::inRange(0, 5) == 0 ? any_text() : std::string(), any_id("G"), any_text(),
       *rc::gen::inRange(-2, 9), any_choice<deal_outcome>(3)};
}
void fill(deal& r) {
  r = {any_id("D"),
       id_or_none("C"),
       id_or_none("S"),
       "",
       perhaps(any_moment),
       perhaps(any_day),
       any_choice<deal_type>(4),
       any_choice<deal_origin>(4),
       any_text(),
       perhaps_amount(any_currency()),
       perhaps(any_moment)};
}
void fill(line& r) {
  const currency c = any_currency();
  r = {id_or_none("L"),   any_id("D"), id_or_none("P"), perhaps_amount(c), perhaps_amount(c),
       perhaps_amount(c), {}};
  if (*rc::gen::inRange(0, 2) == 0) {
    r.terms = {12, 12 * *rc::gen::inRange(1, 4), *rc::gen::inRange(0, 90),
               *rc::gen::inRange(0, 2) == 0};
  }
}
void fill(stage_event& r) {
  r = {any_id("D"), any_id("G"), perhaps(any_moment), any_sequence(), perhaps(any_moment)};
}
void fill(ownership_event& r) {
  r = {any_id("D"), any_id("S"), any_moment(), any_sequence(), perhaps(any_moment)};
}
void fill(credit_split& r) {
  r = {any_id("D"),
       any_id("S"),
       {*rc::gen::element(250'000, 500'000, 1'000'000)},
       any_choice<credit_kind>(2),
       perhaps(any_moment),
       any_sequence()};
}
void fill(revenue_event& r) {
  r = {any_id("R"),
       any_id("D"),
       id_or_none("L"),
       any_choice<revenue_kind>(8),
       perhaps_amount(any_currency()),
       any_moment(),
       perhaps(any_day),
       id_or_none("R"),
       perhaps(any_moment)};
}
void fill(activity& r) {
  r = {any_id("A"),
       id_or_none("S"),
       id_or_none("C"),
       id_or_none("D"),
       any_moment(),
       any_text(),
       any_choice<touch_direction>(4),
       any_text(),
       perhaps(any_moment)};
}
void fill(target& r) {
  const bool person = *rc::gen::inRange(0, 2) == 0;
  r = {person ? any_id("S") : "", person ? "" : any_id("T"), any_period(),
       any_choice<target_metric>(2), any_amount(any_currency())};
}

facts any_facts() {
  facts made;
  const auto fill_all = [](auto& rows) {
    rows.resize(*rc::gen::inRange<std::size_t>(0, 8));
    for (auto& row : rows) fill(row);
  };
  std::apply([&](auto&... rows) { (fill_all(rows), ...); }, made);
  return made;
}

std::string told(const std::vector<issue>& issues) {
  std::string text;
  for (const issue& i : issues) {
    text += std::string(to_string(i.code)) + " " + i.entity + " <" + i.id + "> " + i.field + ": " +
            i.message + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("rows written as canonical CSV make the book that the rows themselves make") {
  const bool passed = rc::check("written and read rows give the same book", [] {
    const facts rows = any_facts();

    book_builder direct;
    const auto add_all = [&](const auto& some) {
      for (const auto& row : some) direct.add(row);
    };
    std::apply([&](const auto&... some) { (add_all(some), ...); }, rows);
    const book expected = direct.build();

    std::vector<std::string> files;
    std::vector<named_text> texts;
    files.reserve(std::size(canonical_files));
    const auto write_all = [&](const auto& some) {
      csv_writer out;
      const auto what = static_cast<entity>(files.size());
      write_header(out, what);
      for (const auto& row : some) write_row(out, row);
      files.emplace_back(out.text());
      texts.push_back({canonical_file(what), files.back()});
    };
    std::apply([&](const auto&... some) { (write_all(some), ...); }, rows);
    const auto done = import_texts(canonical_mapping(), texts);
    if (!done) RC_FAIL(done.error().message);

    RC_ASSERT(described(done.value().contents) == described(expected));
    const auto issues = direct.issues();
    RC_ASSERT(told(done.value().report.issues) ==
              told(std::vector<issue>(issues.begin(), issues.end())));
  });
  CHECK(passed);
}

TEST_CASE("the columns in canonical_csv.md are those of the code, in their order") {
  std::ifstream page(source_folder() / "examples" / "canonical_csv.md");
  REQUIRE(page);
  std::map<std::string, std::vector<std::pair<std::string, bool>>> documented;
  std::vector<std::string> order;
  std::string file;
  for (std::string text; std::getline(page, text);) {
    if (text.rfind("## ", 0) == 0) {
      file = text.substr(3);
      order.push_back(file);
    }
    if (file.empty() || text.rfind("| ", 0) != 0 || text.rfind("| column", 0) == 0) continue;
    std::string name = text.substr(2, text.find(" |", 2) - 2);
    const bool required = name.rfind("**", 0) == 0;
    if (required) name = name.substr(2, name.size() - 4);
    documented[file].emplace_back(name, required);
  }
  CHECK(order == std::vector<std::string>(std::begin(canonical_files), std::end(canonical_files)));
  for (std::size_t i = 0; i < std::size(canonical_files); ++i) {
    std::vector<std::pair<std::string, bool>> coded;
    for (const canonical_column& c : canonical_columns(static_cast<entity>(i))) {
      coded.emplace_back(c.name, c.required);
    }
    CAPTURE(canonical_files[i]);
    CHECK(documented[std::string(canonical_files[i])] == coded);
  }
}

TEST_CASE("columns may stand in any order and may be left out") {
  const named_text file{"deals.csv", "owner,id\nS1,D1\n"};
  const imported done = import_texts(canonical_mapping(), {&file, 1}).value();
  CHECK(deal_ids(done.contents) == "D1 ");
  CHECK(is_known(done.contents.deals()[0].owner));
}

TEST_CASE("an empty end of a period is no end") {
  const std::array<named_text, 2> files = {
      {{"deals.csv", "id\n"},
       {"salespeople.csv",
        "id,active_from,active_to\nS1,,\nS2,2024-01-01,\nS3,2024-01-01,2024-02-01\n"}}};
  const imported done = import_texts(canonical_mapping(), files).value();
  const auto& people = done.contents.tables().salespeople;
  REQUIRE(people.size() == 3);
  CHECK(people[0].active == all_days);
  CHECK(people[1].active == period{to_date({2024, 1, 1}), all_days.to});
  CHECK(people[2].active.length() == 31);
  CHECK(people[0].fte == full_share);
}

TEST_CASE("in the canonical CSV only an empty cell is unknown") {
  const imported done =
      import_texts(canonical_mapping(),
                   std::array<named_text, 1>{{{"deals.csv", "id,source\nD1,N/A\nD2,-\n"}}})
          .value();
  CHECK(done.contents.names().sources.find("N/A").has_value());
  CHECK(done.contents.names().sources.find("-").has_value());
}
