// SPDX-License-Identifier: BSL-1.0
// Input that breaks readers: each ends in a report or in a failure that says what is wrong.
#include "support.hpp"
#include "support/catch.hpp"

#include <string>

using namespace io_test;

TEST_CASE("an empty file and a file of blank lines are refused") {
  for (const std::string_view text : {"", "\n\n", " \r\n", "\xEF\xBB\xBF"}) {
    CHECK(failure_of(import_one(deal_mapping(), text)) == "deals.csv: the file is empty");
  }
}

TEST_CASE("a header alone is a file without rows") {
  for (const std::string_view text : {"id,source", "id,source\n"}) {
    const imported done = import_deals(text);
    CHECK(done.report.files[0].read == 0);
    CHECK(done.contents.deals().empty());
  }
}

TEST_CASE("a file cut in the middle of a row gives the rows before and the cut one back") {
  const imported done = import_deals("id,source,amount\nD1,a,1\nD2,b");
  CHECK(done.report.files[0].accepted == 1);
  const auto rejected = rejected_rows(done);
  REQUIRE(rejected.size() == 1);
  CHECK(rejected[0].raw == "D2,b");
  CHECK(rejected[0].message == "the row has 2 cells, the header 3");
}

TEST_CASE("a quote that is never closed costs one line, not the rest of the file") {
  std::string text = "id,source\nD1,a\nD2,\"b\n";
  for (int i = 3; i < 1'000; ++i) text += "D" + std::to_string(i) + ",c\n";
  const imported done = import_deals(text);
  CHECK(done.report.files[0].accepted == 998);
  const auto rejected = rejected_rows(done);
  REQUIRE(rejected.size() == 1);
  CHECK(rejected[0].where.line == 3);
  CHECK(rejected[0].raw == "D2,\"b");
  CHECK(rejected[0].message == "a quote is opened and never closed");
}

TEST_CASE("a quote that is closed only by the next quoted cell costs one line") {
  const imported done = import_deals("id,source\nD1,\"a\nD2,b\nD3,\"c\"\nD4,d\n");
  CHECK(deal_ids(done.contents) == "D2 D3 D4 ");
  const auto rejected = rejected_rows(done);
  REQUIRE(rejected.size() == 1);
  CHECK(rejected[0].where.line == 2);
  CHECK(rejected[0].raw == "D1,\"a");
}

TEST_CASE("quotes opened in every line are read in linear time, and every line comes back") {
  std::string text = "id,source\n";
  for (int i = 0; i < 20'000; ++i) text += "\"x\n";
  import_options options;
  options.largest_row = 4'096;
  const imported done = import_deals(text, {}, options);
  CHECK(done.contents.deals().empty());
  std::size_t bytes = 0;
  for (const issue& i : rejected_rows(done)) bytes += i.raw.size() + 1;
  CHECK(bytes == text.size() - std::string_view("id,source\n").size());
}

TEST_CASE("zero bytes reject their row and no other") {
  std::string text = "id,source\nD1,a\nD2,b?c\nD3,d\n";
  text[text.find('?')] = '\0';
  const imported done = import_deals(text);
  CHECK(deal_ids(done.contents) == "D1 D3 ");
  REQUIRE(rejected_rows(done).size() == 1);
  CHECK(rejected_rows(done)[0].raw == std::string("D2,b\0c", 6));
}

TEST_CASE("a file of zero bytes is no CSV") {
  CHECK_FALSE(import_one(deal_mapping(), std::string(5'000, '\0')));
}

TEST_CASE("a cell of ten megabytes is rejected with the begin of its row, and the rest is read") {
  const std::string large(10'000'000, 'x');
  for (const bool in_quotes : {false, true}) {
    const std::string quote = in_quotes ? "\"" : "";
    const imported done = import_deals("id,source\nD1," + quote + large + quote + "\nD2,b\n");
    CHECK(deal_ids(done.contents) == "D2 ");
    const auto rejected = rejected_rows(done);
    REQUIRE(rejected.size() == 1);
    CHECK(rejected[0].raw.size() == import_options{}.largest_row);
    CHECK(rejected[0].message ==
          "the line is longer than 1048576 bytes; its raw text is cut there");
    CHECK(done.report.files[0].read == 2);
  }
  import_options generous;
  generous.largest_row = 20'000'000;
  CHECK(deal_ids(import_deals("id,source\nD1," + large + "\nD2,b\n", {}, generous).contents) ==
        "D1 D2 ");
}

TEST_CASE("a hundred thousand columns are a header like any other") {
  std::string header = "id";
  std::string row = "D1";
  for (int i = 0; i < 100'000; ++i) {
    header += ",c" + std::to_string(i);
    row += ",";
  }
  const imported done = import_deals(header + "\n" + row + "\nD2\n");
  CHECK(done.report.files[0].accepted == 1);
  CHECK(done.report.files[0].rejected == 1);
  CHECK(done.report.files[0].unused_columns.size() == 100'000);
}

TEST_CASE("a header that is longer than a row may be is refused") {
  import_options options;
  options.largest_row = 1'000;
  const std::string why =
      failure_of(import_one(deal_mapping(), std::string(500'000, 'x') + ",id\nD1,D2\n", options));
  CHECK(why.find("the header cannot be read: the line is longer than") != std::string::npos);
}

TEST_CASE("rows across the pieces in which a file is read are whole") {
  // Rows of a prime length, so that every kind of cut occurs; with CRLF, quotes and line breaks.
  std::string text = "id,source\r\n";
  int rows = 0;
  while (text.size() < 1'000'000) {
    text += "D" + std::to_string(1'000'000 + rows) + ",\"line\r\nbreak \"\"" +
            std::string(static_cast<std::size_t>(rows % 97), 'y') + "\"\"\"\r\n";
    ++rows;
  }
  const imported done = import_deals(text);
  CHECK(done.report.files[0].accepted == static_cast<std::uint64_t>(rows));
  CHECK(done.report.files[0].rejected == 0);
  CHECK(done.contents.names().sources.size() >= 97);
  text += "late,x,y\r\n";
  const imported late = import_deals(text);
  REQUIRE(rejected_rows(late).size() == 1);
  CHECK(rejected_rows(late)[0].where.line == 2 * static_cast<std::uint32_t>(rows) + 2);
}

TEST_CASE("a quote within a cell that does not begin with one is a character") {
  const imported done = import_deals("id,source\nD1,5\" pipe\n\"D2\",\"two\n\"\nD3,a\"\"\n");
  CHECK(done.report.files[0].accepted == 3);
  CHECK(done.contents.names().sources.find("5\" pipe").has_value());
  CHECK(done.contents.names().sources.find("a\"\"").has_value());
}

TEST_CASE("a quoted cell that goes on behind its quote is rejected") {
  const imported done = import_deals("id,source\nD1,\"a\"b\nD2,\"c\" \nD3,\"d\" \"e\"\n");
  CHECK(deal_ids(done.contents) == "D2 ");
  const auto rejected = rejected_rows(done);
  REQUIRE(rejected.size() == 2);
  CHECK(rejected[0].raw == "D1,\"a\"b");
  CHECK(rejected[0].message == "a quoted cell goes on behind its closing quote");
}
