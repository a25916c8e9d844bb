// SPDX-License-Identifier: BSL-1.0
#include "support.hpp"
#include "support/catch.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <string>

using namespace io_test;

namespace {

result<imported> import_canonical(std::initializer_list<named_text> files,
                                  const import_options& options = {}) {
  const std::vector<named_text> texts(files);
  return import_texts(canonical_mapping(), texts, options);
}

const file_report& report_of(const imported& done, std::string_view name) {
  for (const file_report& file : done.report.files) {
    if (file.name == name) return file;
  }
  throw invalid_input("no such file in the report");
}

}  // namespace

TEST_CASE("a rejected row comes back whole, with file, line, column, field and reason") {
  const imported done = import_canonical({{"deals.csv",
                                           "id,owner,opened,amount,currency\n"
                                           "D1,S1,2024-01-01,10,EUR\n"
                                           "D2,\"S, 2\",2024-01-02,ten,EUR\n"
                                           "D3,S1,2024-01-03,10,EUR\n"}})
                            .value();
  const auto rejected = rejected_rows(done);
  REQUIRE(rejected.size() == 1);
  const issue& i = rejected[0];
  CHECK(i.code == issue_code::invalid_value);
  CHECK(i.entity == "deal");
  CHECK(i.field == "amount");
  CHECK(i.message == "amount: 'ten' is not a number");
  CHECK(done.report.files[i.where.file].name == "deals.csv");
  CHECK(i.where.line == 3);
  CHECK(i.where.column == 4);
  CHECK(i.raw == "D2,\"S, 2\",2024-01-02,ten,EUR");
  CHECK(deal_ids(done.contents) == "D1 D3 ");
}

TEST_CASE("a row that the book refuses comes back whole as well") {
  const imported done =
      import_canonical({{"deals.csv", "id,owner\nD1,S1\nD1,S2\n,S3\n"},
                        {"lines.csv", "id,deal,net,currency\nL1,D1,5,EUR\nL2,D9,5,EUR\n"}})
          .value();
  const auto rejected = rejected_rows(done);
  REQUIRE(rejected.size() == 3);
  CHECK(rejected[0].code == issue_code::duplicate_id);
  CHECK(rejected[0].raw == "D1,S2");
  CHECK(rejected[1].code == issue_code::missing_id);
  CHECK(rejected[1].raw == ",S3");
  CHECK(rejected[2].code == issue_code::unknown_deal);
  CHECK(rejected[2].raw == "L2,D9,5,EUR");
  CHECK(done.report.files[rejected[2].where.file].name == "lines.csv");
  CHECK(rejected[2].where.line == 3);
}

TEST_CASE("what only the whole book shows to be wrong is reported with its row") {
  const imported done =
      import_canonical({{"stages.csv", "id,outcome\nwon,won\n"},
                        {"deals.csv", "id,owner,opened,amount,currency\nD1,S1,2024-01-01,10,USD\n"},
                        {"stage_events.csv", "deal,stage,at\nD1,won,2024-02-01\n"}})
          .value();
  REQUIRE(count_of(done, issue_code::missing_exchange_rate) >= 1);
  for (const issue& i : done.report.issues) {
    if (i.code != issue_code::missing_exchange_rate) continue;
    CHECK(i.where.line == 2);
    CHECK((i.effect != issue_effect::rejected || !i.raw.empty()));
  }
}

TEST_CASE("every row is counted once: read is accepted and rejected") {
  const imported done = import_canonical({{"deals.csv",
                                           "id,opened\n"
                                           "D1,2024-01-01\n"
                                           "D1,2024-01-01\n"    // taken twice
                                           "D2,yesterday\n"     // no date
                                           "D3\n"               // a cell short
                                           "D4,2024-01-01,x\n"  // a cell long
                                           "D5,2024-01-01\n"}})
                            .value();
  const file_report& file = report_of(done, "deals.csv");
  CHECK(file.read == 6);
  CHECK(file.accepted == 2);
  CHECK(file.rejected == 4);
  CHECK(rejected_rows(done).size() == 4);
  CHECK(done.contents.deals().size() == 2);
  CHECK(count_of(done, issue_code::malformed_row) == 2);
}

TEST_CASE("files that are not there are absent tables, and only deals are required") {
  const imported done = import_canonical({{"deals.csv", "id\nD1\n"}}).value();
  CHECK(report_of(done, "deals.csv").present);
  CHECK_FALSE(report_of(done, "lines.csv").present);
  CHECK(failure_of(import_canonical({{"teams.csv", "id\nT\n"}})) ==
        "deals.csv: the file is missing");
}

TEST_CASE("a required column that is missing is a named error, another one is unknown") {
  const std::string why = failure_of(import_canonical({{"deals.csv", "ID,owner\nD1,S1\n"}}));
  CHECK(why == "deals.csv: missing_column: there is no column 'id', only ID, owner");
  const imported done = import_canonical({{"deals.csv", "id\nD1\n"}}).value();
  CHECK(done.contents.deals()[0].opened == unknown_instant);
}

TEST_CASE("columns that nothing is taken from are named") {
  const imported done =
      import_canonical({{"deals.csv", "id,colour,owner,Amount\nD1,red,S1,5\n"}}).value();
  CHECK(report_of(done, "deals.csv").unused_columns ==
        std::vector<std::string>{"colour", "Amount"});
}

TEST_CASE("a used column that stands twice is refused, an unused one is named") {
  CHECK(failure_of(import_canonical({{"deals.csv", "id,owner,id\nD1,S1,D2\n"}})) ==
        "deals.csv: the column 'id' stands there twice");
  CHECK(import_canonical({{"deals.csv", "id,x,x\nD1,1,2\n"}}));
}

TEST_CASE("an amount without currency is rejected, never taken for the reporting currency") {
  const imported done =
      import_canonical({{"deals.csv", "id,amount,currency\nD1,5,\nD2,,\nD3,5,EUR\nD4,5,EURO\n"}})
          .value();
  CHECK(deal_ids(done.contents) == "D2 D3 ");
  CHECK(rejected_rows(done)[0].message == "amount: the amount '5' has no currency");
}

TEST_CASE("cells that a row cannot do without are asked for") {
  const imported done = import_canonical({{"deals.csv", "id\nD1\n"},
                                          {"revenue_events.csv",
                                           "id,deal,kind,at\nR1,D1,invoice,\nR2,D1,,2024-01-01\n"
                                           "R3,D1,invoice,2024-01-01\nR4,D1,bill,2024-01-01\n"}})
                            .value();
  const auto rejected = rejected_rows(done);
  REQUIRE(rejected.size() == 3);
  CHECK(rejected[0].code == issue_code::invalid_date);
  CHECK(rejected[1].field == "kind");
  CHECK(rejected[2].message ==
        "kind: 'bill' is none of invoice payment renewal expansion contraction refund credit_note "
        "churn");
}

TEST_CASE("ranges that a spreadsheet made dates of are noticed in every column") {
  const imported done = import_canonical({{"deals.csv",
                                           "id,owner,stock,account\n"
                                           "D1,S1,May-20,123\n"
                                           "D2,01-May,6-20,1.23457E+11\n"
                                           "D3,S1,01-May,#REF!\n"}})
                            .value();
  CHECK(report_of(done, "deals.csv").accepted == 3);
  std::vector<std::string> messages;
  for (const issue& i : done.report.issues) {
    if (i.code != issue_code::damaged_value) continue;
    CHECK(i.effect == issue_effect::noted);
    messages.push_back(i.message);
  }
  REQUIRE(messages.size() == 4);
  CHECK(messages[0] ==
        "2 values of the column 'stock' look damaged, such as 'May-20', which a spreadsheet makes "
        "of ranges such as 5-20 and 1-5");
  CHECK(messages[1].find("1 values of the column 'owner'") == 0);
  CHECK(messages[2].find("long numbers") != std::string::npos);
  CHECK(messages[3].find("formula") != std::string::npos);
}

TEST_CASE("words that only look like damage are left alone") {
  for (const std::string_view cell : {"May", "May-2020", "a-May", "Mai-20", "1-5", "abc-20", "#1",
                                      "E+11", "x1.2E+11", "1-2-20", "Max-20", "12-345"}) {
    const imported done =
        import_canonical({{"deals.csv", "id,x\nD1," + std::string(cell) + "\n"}}).value();
    CHECK(count_of(done, issue_code::damaged_value) == 0);
  }
}

TEST_CASE("progress is told about once a megabyte and at the end of a file") {
  std::string deals = "id,source\n";
  for (int i = 0; i < 200'000; ++i) deals += "D" + std::to_string(i) + ",somewhere\n";
  struct seen {
    int calls = 0;
    import_progress last;
  } progress;
  import_options options;
  options.progress_context = &progress;
  options.on_progress = [](void* context, const import_progress& p) {
    static_cast<seen*>(context)->calls++;
    static_cast<seen*>(context)->last = p;
  };
  const imported done = import_canonical({{"deals.csv", deals}}, options).value();
  CHECK(progress.calls >= static_cast<int>(deals.size() >> 20));
  CHECK(progress.calls <= static_cast<int>(deals.size() >> 20) + 2);
  CHECK(progress.last.bytes_read == deals.size());
  CHECK(progress.last.bytes_in_all == deals.size());
  CHECK(progress.last.rows == 200'000);
  CHECK(report_of(done, "deals.csv").bytes == deals.size());
}

TEST_CASE("a folder is read with what its book.json says") {
  const auto folder = std::filesystem::temp_directory_path() / "salespulse_import_report_test";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "deals.csv") << "id,opened\nD1,2024-07-01\n";
  std::ofstream(folder / "book.json")
      << R"({"reporting_currency": "USD", "first_fiscal_month": 4})";
  const auto done = import_folder(folder.string());
  REQUIRE(done);
  CHECK(done.value().contents.options().reporting == usd);
  CHECK(done.value().contents.options().first_fiscal_month == 4);

  std::ofstream(folder / "book.json") << R"({"reporting_currency": "DOLLAR"})";
  CHECK(failure_of(import_folder(folder.string()))
            .find("book.json: book.reporting_currency: "
                  "'DOLLAR' is not a currency code") != std::string::npos);
  std::ofstream(folder / "book.json") << R"({"currency": "USD"})";
  CHECK(failure_of(import_folder(folder.string())).find("there is no key 'currency'") !=
        std::string::npos);
  std::filesystem::remove_all(folder);
}

TEST_CASE("a folder that is not there, or a folder in place of a file, is named") {
  CHECK(failure_of(import_folder("no/such/folder")) == "there is no folder no/such/folder");
  CHECK(failure_of(import_mapped(deal_mapping(), "no/such/folder")) ==
        "there is no folder no/such/folder");
  const auto folder = std::filesystem::temp_directory_path() / "salespulse_import_folder_test";
  std::filesystem::create_directories(folder / "deals.csv");
  CHECK(failure_of(import_folder(folder.string())).find("is a folder") != std::string::npos);
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  CHECK(failure_of(import_folder(folder.string())) == "deals.csv: the file is missing");
  std::ofstream(folder / "book.json") << "{ \"time_zone\": UTC }";
  CHECK(failure_of(import_folder(folder.string()))
            .find("book.json: parse error at line 1, column 16: ") != std::string::npos);
  std::filesystem::remove_all(folder);
  CHECK(failure_of(import_mapped("no/such/mapping.json", "")).find("cannot be opened") !=
        std::string::npos);
}
