// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include <salespulse/io/canonical.hpp>

#include <cstdio>
#include <memory>
#include <string>

using namespace salespulse;

TEST_CASE("only cells that would not come back as they are stand in quotes") {
  csv_writer out;
  out.cell("plain").cell("a, b").cell("say \"no\"").cell("two\nlines").cell(" edge ").cell("a b");
  out.end_row();
  CHECK(out.text() == "plain,\"a, b\",\"say \"\"no\"\"\",\"two\nlines\",\" edge \",a b\n");
}

TEST_CASE("amounts are written with the decimals of their currency") {
  csv_writer out;
  out.cell(money{120'050, eur}).cell(money{-5, eur}).cell(money{0, eur});
  out.cell(money{1'200, *currency::from_code("JPY")});
  out.cell(money{-1'234'567, *currency::from_code("KWD")}).cell(money{INT64_MIN, eur});
  out.end_row();
  CHECK(out.text() == "1200.50,-0.05,0.00,1200,-1234.567,-92233720368547758.08\n");
}

TEST_CASE("days, moments, shares, truth values and the unknown have one form each") {
  csv_writer out;
  out.cell(to_date({2024, 2, 29})).cell(instant{1'709'213'405}).cell(instant{-1});
  out.cell(share{250'000}).cell(true).cell(false).cell(std::optional<date>()).empty_cell();
  out.cell(decimal{10'845, 4}).cell(eur).cell(currency{});
  out.end_row();
  CHECK(out.text() ==
        "2024-02-29,2024-02-29T13:30:05Z,1969-12-31T23:59:59Z,250000,true,false,,,1.0845,EUR,\n");
}

TEST_CASE("a row of one empty cell is not a blank line") {
  csv_writer out;
  out.empty_cell();
  out.end_row();
  out.cell("x").empty_cell();
  out.end_row();
  CHECK(out.text() == "\"\"\nx,\n");
}

TEST_CASE("rows reach the file once it is flushed, and a full disk is told") {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), std::fclose);
  REQUIRE(file != nullptr);
  csv_writer out(file.get());
  for (int i = 0; i < 30'000; ++i) {
    out.cell(i).cell("abc");
    out.end_row();
  }
  CHECK(out.flush());
  CHECK(std::ftell(file.get()) == 10 * 6 + 90 * 7 + 900 * 8 + 9'000 * 9 + 20'000 * 10);
  CHECK(out.text().empty());

  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> full(std::fopen("/dev/full", "wb"),
                                                             std::fclose);
  if (full == nullptr) return;
  csv_writer lost(full.get());
  lost.cell("x");
  lost.end_row();
  CHECK_FALSE(lost.flush());
}

TEST_CASE("a row in two currencies is refused") {
  csv_writer out;
  line row;
  row.list = units(100, eur);
  row.net = units(90, usd);
  CHECK_THROWS_AS(write_row(out, row), invalid_input);
}
