// SPDX-License-Identifier: BSL-1.0
#include "support.hpp"
#include "support/catch.hpp"

#include <string>

using namespace io_test;

namespace {

imported with_dates(std::initializer_list<std::string_view> dates, csv_dialect dialect = {}) {
  std::string text = "id;opened\n";
  int number = 1;
  for (const std::string_view d : dates) {
    text += "D" + std::to_string(number++) + ";" + std::string(d) + "\n";
  }
  return import_deals(text, dialect);
}

std::string refusal(std::initializer_list<std::string_view> dates) {
  std::string text = "id;opened\n";
  for (const std::string_view d : dates) text += "D;" + std::string(d) + "\n";
  return failure_of(import_one(deal_mapping(), text));
}

date day(const imported& done, std::size_t deal) { return done.contents.deals()[deal].opened_day; }

}  // namespace

TEST_CASE("one date above the twelfth settles its whole column") {
  const imported european = with_dates({"3/11/2017", "13/11/2017"});
  CHECK(day(european, 0) == to_date({2017, 11, 3}));
  CHECK(european.report.files[0].dates[0].order == date_order::day_month_year);
  const imported american = with_dates({"3/11/2017", "3/13/2017"});
  CHECK(day(american, 0) == to_date({2017, 3, 11}));
  CHECK(american.report.files[0].dates[0].order == date_order::month_day_year);
  const imported iso = with_dates({"2017-3-11", "2017-11-03"});
  CHECK(day(iso, 0) == to_date({2017, 3, 11}));
}

TEST_CASE("dashes, points and slashes are read alike") {
  for (const std::string_view d : {"31-01-2024", "31.01.2024", "31/1/2024"}) {
    CHECK(day(with_dates({d}), 0) == to_date({2024, 1, 31}));
  }
}

TEST_CASE("a column that two orders fit is refused, naming column, date and line") {
  const std::string why = refusal({"", "3/11/2017", "5/5/2017"});
  CHECK(why ==
        "deals.csv: ambiguous_date: column 'opened': every date can be read as day-month-year and "
        "as month-day-year, such as '3/11/2017' in line 3; declare \"dates\" in the mapping");
}

TEST_CASE("a column that two orders fit with the same days is not ambiguous") {
  CHECK(day(with_dates({"5/5/2017", "12/12/2017"}), 0) == to_date({2017, 5, 5}));
}

TEST_CASE("each column is settled by itself") {
  const imported done =
      import_deals("id,opened,closed\nD1,13/01/2024,02/14/2024\nD2,03/04/2024,03/04/2024\n");
  REQUIRE(done.report.files[0].dates.size() == 2);
  CHECK(done.report.files[0].dates[0].order == date_order::day_month_year);
  CHECK(done.report.files[0].dates[1].order == date_order::month_day_year);
  const std::string why =
      failure_of(import_one(deal_mapping(), "id,opened,closed\nD1,13/01/2024,02/04/2024\n"));
  CHECK(why.find("'closed'") != std::string::npos);
}

TEST_CASE("a column in two orders is refused with what fits how often") {
  const std::string why = refusal({"13/01/2024", "14/01/2024", "01/13/2024"});
  CHECK(why.find("day-month-year fits 2 of 3 but not '01/13/2024' in line 4") != std::string::npos);
  CHECK(why.find("month-day-year fits 1 of 3 but not '13/01/2024' in line 2") != std::string::npos);
}

TEST_CASE("text that is no date in any order does not hinder settling, and its row is rejected") {
  const imported done = with_dates({"13/01/2024", "soon", "31/02/2024", "04/05/2024", "1/2/17"});
  CHECK(done.report.files[0].accepted == 2);
  CHECK(count_of(done, issue_code::invalid_date) == 3);
  CHECK(day(done, 1) == to_date({2024, 5, 4}));
}

TEST_CASE("a declared order wins, and dates that it does not fit are rejected with their reason") {
  csv_dialect dialect;
  dialect.dates = date_order::day_month_year;
  const imported done = with_dates({"3/11/2017", "11/13/2017", "2017-11-03"}, dialect);
  CHECK(day(done, 0) == to_date({2017, 11, 3}));
  const auto rejected = rejected_rows(done);
  REQUIRE(rejected.size() == 2);
  CHECK(rejected[0].code == issue_code::invalid_date);
  CHECK(rejected[0].raw == "D2;11/13/2017");
  CHECK(rejected[0].message.find("'11/13/2017' is not a date in the order day-month-year") !=
        std::string::npos);
}

TEST_CASE("a date may carry a time, and the time an offset") {
  struct example {
    std::string_view text;
    std::int64_t seconds;
  };
  const example e = GENERATE(as<example>{}, example{"2024-02-29 14:05", 1'709'215'500},
                             example{"2024-02-29T14:05:09Z", 1'709'215'509},
                             example{"2024-02-29T14:05:09.123+01:00", 1'709'211'909},
                             example{"2024-02-29 14:05:09 -0530", 1'709'235'309},
                             example{"29/2/2024 2:05:09 PM", 1'709'215'509},
                             example{"29.02.2024 12:00 AM", 1'709'164'800},
                             example{"2024/2/29 14:05:09 UTC", 1'709'215'509});
  CHECK(with_dates({e.text}).contents.deals()[0].opened.seconds == e.seconds);
}

TEST_CASE("times that do not exist are rejected") {
  for (const std::string_view text :
       {"2024-02-29 24:00", "2024-02-29 14:60", "2024-02-29 14:05:61", "2024-02-29 13:00 PM",
        "2024-02-29 14", "2024-02-29 14:05 CET", "2024-02-29T14:05:09+99:00", "2024-02-29x"}) {
    CHECK(with_dates({"2024-01-01", text}).report.files[0].rejected == 1);
  }
}

TEST_CASE("a bare day is its start in the reporting time zone") {
  book_options amsterdam;
  amsterdam.reporting_zone = {"Europe/Amsterdam", {{{INT64_MIN}, 3'600}, {{1'711'846'800}, 7'200}}};
  import_options options;
  options.book = amsterdam;
  const imported done = import_deals(
      "id,opened\nD1,2024-03-31\nD2,2024-04-01\nD3,2024-03-31 02:30\nD4,2024-03-31T23:30:00Z\n", {},
      options);
  const auto deals = done.contents.deals();
  CHECK(deals[0].opened.seconds == 1'711'839'600);  // 30 March 23:00 UTC
  CHECK(deals[1].opened.seconds == 1'711'922'400);  // 31 March 22:00 UTC
  CHECK(deals[2].opened.seconds == 1'711'848'600);  // skipped by the clock: read as winter time
  CHECK(deals[3].opened_day == to_date({2024, 4, 1}));
}

TEST_CASE("canonical moments are a day, or a day and a time behind a T or a space") {
  const auto moment = [](std::string_view text) {
    const std::string deals = "id,opened\nD1," + std::string(text) + "\n";
    const imported done = import_one(canonical_mapping(), deals).value();
    for (const issue& i : rejected_rows(done)) UNSCOPED_INFO(i.message);
    REQUIRE(rejected_rows(done).empty());
    return done.contents.deals()[0].opened.seconds;
  };
  CHECK(moment("2024-02-29") == 1'709'164'800);
  for (const std::string_view separator : {" ", "T"}) {
    const std::string day = "2024-02-29" + std::string(separator);
    CHECK(moment(day + "14:05") == 1'709'215'500);
    CHECK(moment(day + "14:05:09") == 1'709'215'509);
    CHECK(moment(day + "14:05:09Z") == 1'709'215'509);
    CHECK(moment(day + "15:05:09.250+01:00") == 1'709'215'509);
  }
}

TEST_CASE("a canonical date in another form is rejected with the forms that are read") {
  for (const std::string_view text :
       {"2024-2-29", "29.02.2024", "2024-02-29X14:05", "2024-02-30"}) {
    const std::string deals = "id,opened\nD1," + std::string(text) + "\n";
    const auto rejected = rejected_rows(import_one(canonical_mapping(), deals).value());
    REQUIRE(rejected.size() == 1);
    CHECK(rejected[0].message ==
          "opened: '" + std::string(text) +
              "' is not a date: YYYY-MM-DD, which a time HH:MM or HH:MM:SS can follow, and the "
              "time Z or an offset such as +01:00");
  }
}
