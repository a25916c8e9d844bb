// SPDX-License-Identifier: BSL-1.0
#include "support.hpp"
#include "support/catch.hpp"
#include <salespulse/core/random.hpp>
#include <salespulse/model/book_tables.hpp>

#include <string>

using namespace io_test;

namespace {

std::string replaced(std::string text, char from, char to) {
  for (char& c : text) c = c == from ? to : c;
  return text;
}

std::string with_line_ends(std::string_view text, std::string_view end) {
  std::string out;
  for (const char c : text) out += c == '\n' ? std::string(end) : std::string(1, c);
  return out;
}

constexpr std::string_view three_deals =
    "id,opened,amount,source\n"
    "D1,2024-01-31,100.50,web\n"
    "D2,2024-02-01,,fair\n"
    "D3,2024-02-02,7,\n";

}  // namespace

TEST_CASE("the separator is found among comma, semicolon, tab and bar") {
  const std::string expected = described(import_deals(three_deals).contents);
  for (const char separator : {',', ';', '\t', '|'}) {
    const imported done = import_deals(replaced(std::string(three_deals), ',', separator));
    CHECK(done.report.files[0].separator == separator);
    CHECK(done.report.files[0].accepted == 3);
    CHECK(described(done.contents) == expected);
  }
}

TEST_CASE("a separator within cells does not mislead: the count of cells decides") {
  const imported done = import_deals("id;source;amount\nD1;a, b, c;1\nD2;d, e, f;2\n");
  CHECK(done.report.files[0].separator == ';');
  CHECK(done.report.files[0].accepted == 2);
}

TEST_CASE("a declared separator is not second-guessed") {
  csv_dialect dialect;
  dialect.separator = ';';
  const imported done = import_deals("id;source\nD1;a,b\n", dialect);
  CHECK(done.report.files[0].accepted == 1);
  mapping how = deal_mapping();
  how.tables.back().dialect = dialect;
  CHECK(failure_of(import_one(how, three_deals)).find("missing_column") != std::string::npos);
}

TEST_CASE("a file of one column is read") {
  CHECK(deal_ids(import_deals("id\nD1\nD2\n").contents) == "D1 D2 ");
}

TEST_CASE("rows end with LF, CRLF, CR or all of them mixed, with or without a last one") {
  const std::string expected = described(import_deals(three_deals).contents);
  for (const std::string_view end : {"\n", "\r\n", "\r"}) {
    CHECK(described(import_deals(with_line_ends(three_deals, end)).contents) == expected);
  }
  const imported mixed = import_deals(
      "id,opened,amount,source\rD1,2024-01-31,100.50,web\r\nD2,2024-02-01,,fair\nD3,2024-02-02,7,");
  CHECK(described(mixed.contents) == expected);
}

TEST_CASE("blank lines are no rows") {
  const imported done = import_deals("\n\nid,source\n\nD1,a\n  \n\r\nD2,b\n\n");
  CHECK(done.report.files[0].read == 2);
  CHECK(done.report.files[0].accepted == 2);
}

TEST_CASE("a row is cut alike with and without a quote in it") {
  random_stream draws(20241124, 1);
  const auto draw = [&](std::size_t n) { return draws.below(static_cast<std::uint32_t>(n)); };
  constexpr std::string_view pieces[] = {"", " ", "\t", "a", "b c", "\xC3\xA9", "7", "  "};
  constexpr std::string_view line_ends[] = {"\n", "\r\n", "\r"};
  for (const char separator : {',', ';', '\t', '|'}) {
    std::string plain = replaced("id,source,x\n", ',', separator);
    std::string quoted = plain;
    for (int i = 0; i < 500; ++i) {
      std::string row = std::string(pieces[draw(8)]) + "D" + std::to_string(i);
      row += std::string(pieces[draw(3)]) + separator;
      for (std::size_t k = draw(4); k > 0; --k) row += pieces[draw(8)];
      const std::string end(line_ends[draw(3)]);
      plain += row + separator + "q" + end;
      quoted += row + separator + "\"q\"" + end;
    }
    csv_dialect dialect;
    dialect.separator = separator;
    const imported one = import_deals(plain, dialect);
    const imported other = import_deals(quoted, dialect);
    CHECK(one.report.files[0].read == 500);
    CHECK(one.report.files[0].accepted == other.report.files[0].accepted);
    CHECK(described(one.contents) == described(other.contents));
  }
}

TEST_CASE("a line of tabs is a row of empty cells where the tab separates, and blank elsewhere") {
  csv_dialect tabs;
  tabs.separator = '\t';
  CHECK(import_deals("id\tsource\n\t\nD1\ta\n", tabs).report.files[0].read == 2);
  CHECK(import_deals("id,source\n\t\nD1,a\n").report.files[0].read == 1);
}

TEST_CASE("lines are counted as an editor counts them, in every mixture of line ends") {
  const imported done = import_deals(
      "id,amount,source\r\n"             // 1
      "D1,1,\"two\r\nlines\"\n"          // 2 and 3
      "\r"                               // 4
      "D2,x,a\r"                         // 5
      "\r\n"                             // 6
      "D3,y,\"three\rmore\nlines\"\r\n"  // 7, 8 and 9
      "D4,z,b");                         // 10
  const auto rejected = rejected_rows(done);
  REQUIRE(rejected.size() == 3);
  CHECK(rejected[0].where.line == 5);
  CHECK(rejected[1].where.line == 7);
  CHECK(rejected[1].raw == "D3,y,\"three\rmore\nlines\"");
  CHECK(rejected[2].where.line == 10);
  CHECK(done.report.files[0].accepted == 1);
}

TEST_CASE("line breaks, separators and quotes within quotes belong to the cell") {
  const imported done = import_deals("id,source\nD1,\"a, \"\"b\"\"\nc\"\nD2,d\n");
  REQUIRE(done.contents.names().sources.size() >= 2);
  CHECK(done.contents.names().sources.find("a, \"b\"\nc").has_value());
  CHECK(done.contents.names().sources.find("d").has_value());
}

TEST_CASE("a byte order mark is taken off") {
  CHECK(described(import_deals("\xEF\xBB\xBF" + std::string(three_deals)).contents) ==
        described(import_deals(three_deals).contents));
}

TEST_CASE("UTF-16 is refused with what to do about it") {
  std::string utf16 = "\xFF\xFE";
  for (const char c : three_deals) utf16 += std::string(1, c) + std::string(1, '\0');
  CHECK(failure_of(import_one(deal_mapping(), utf16)) ==
        "deals.csv: is not text in UTF-8 but looks like UTF-16; save it as CSV in UTF-8");
  CHECK(failure_of(import_one(deal_mapping(), utf16.substr(2))).find("UTF-16") !=
        std::string::npos);
}

TEST_CASE("a row that is not UTF-8 is rejected, the others are taken") {
  const imported done = import_deals("id,source\nD1,M\xC3\xBCller\nD2,M\xFCller\nD3,x\n");
  const auto rejected = rejected_rows(done);
  REQUIRE(rejected.size() == 1);
  CHECK(rejected[0].code == issue_code::malformed_row);
  CHECK(rejected[0].raw == "D2,M\xFCller");
  CHECK(deal_ids(done.contents) == "D1 D3 ");
}

TEST_CASE("unknown is written in eight ways") {
  const std::string_view spelling = GENERATE(as<std::string_view>{}, "", "null", "NULL", "NaN",
                                             "N/A", "-", "00/00/0000", "0000-00-00 00:00:00");
  const std::string cell(spelling);
  const imported done = import_deals(
      "id,opened,closed,amount,source\n"
      "D1,2024-01-05,2024-02-05,1,web\n"
      "D2," +
      cell + "," + cell + "," + cell + "," + cell + "\n");
  CHECK(done.report.files[0].accepted == 2);
  const deal_record& d = done.contents.deals()[1];
  CHECK(d.opened == unknown_instant);
  CHECK(d.line_count == 0);
  CHECK((!is_known(d.source) || done.contents.names().sources[index_of(d.source)].empty()));
}

TEST_CASE("other ways to write unknown can be declared and take the place of the eight") {
  csv_dialect dialect;
  dialect.nulls = {"", "n.b."};
  const imported done = import_deals("id,source\nD1,n.b.\nD2,null\n", dialect);
  CHECK_FALSE(done.contents.names().sources.find("n.b.").has_value());
  CHECK(done.contents.names().sources.find("null").has_value());
}

TEST_CASE("a decimal comma with points between thousands is read where it is declared") {
  csv_dialect dialect;
  dialect.decimal_sign = ',';
  dialect.thousands_sign = '.';
  const imported done =
      import_deals("id;amount\nD1;1.234,50\nD2;-0,5\nD3;1.234.567\nD4;12\n", dialect);
  REQUIRE(done.report.files[0].accepted == 4);
  const auto& lines = done.contents.tables().lines;
  REQUIRE(lines.size() == 4);
  CHECK(lines[0].net == 123'450);
  CHECK(lines[1].net == -50);
  CHECK(lines[2].net == 123'456'700);
  CHECK(lines[3].net == 1'200);
}

TEST_CASE("a number in another style than the declared one is rejected, never guessed") {
  const std::string_view number =
      GENERATE(as<std::string_view>{}, "1.234,50", "1,5", "1 234", "12.34.5", "1e5", "USD 5", "5%",
               "--5", "0x10", "999999999999999999999");
  const imported done = import_deals("id;amount\nD1;" + std::string(number) + "\n");
  const auto rejected = rejected_rows(done);
  REQUIRE(rejected.size() == 1);
  CHECK(rejected[0].code == issue_code::invalid_value);
  CHECK(rejected[0].field == "amount");
  CHECK(rejected[0].where.column == 2);
}

TEST_CASE("groups between thousands signs are of three digits") {
  csv_dialect dialect;
  dialect.thousands_sign = ',';
  for (const std::string_view number : {"1,23", "12,3456", "1234,567", ",123", "1.5,000"}) {
    const imported done = import_deals("id;amount\nD1;" + std::string(number) + "\n", dialect);
    CHECK(done.report.files[0].rejected == 1);
  }
  CHECK(import_deals("id;amount\nD1;1,234,567.25\n", dialect).contents.tables().lines[0].net ==
        123'456'725);
}

TEST_CASE("an amount with more decimals than its currency has is rejected, trailing zeros apart") {
  const imported done = import_deals("id,amount\nD1,10.5000\nD2,10.505\nD3,20000000000000\n");
  CHECK(done.report.files[0].accepted == 1);
  const auto rejected = rejected_rows(done);
  REQUIRE(rejected.size() == 2);
  CHECK(rejected[0].code == issue_code::invalid_value);
  CHECK(rejected[1].code == issue_code::amount_out_of_range);
}
