// SPDX-License-Identifier: BSL-1.0
#include "support.hpp"
#include "support/catch.hpp"

#include <salespulse/model/book_tables.hpp>

#include <array>
#include <string>

using namespace io_test;

namespace {

std::string refusal(std::string_view json) {
  const auto parsed = parse_mapping(json);
  return parsed ? std::string("no failure") : parsed.error().message;
}

// A table of deals.csv whose rows give what is passed.
std::string mapping_of(const std::string& gives) {
  return R"({"given": [{"entity": "stage", "id": "won", "outcome": "won"}],
             "tables": [{"file": "deals.csv", "gives": [)" +
         gives + "]}]}";
}

imported import_by(const std::string& gives, std::string_view text) {
  return import_one(parse_mapping(mapping_of(gives)).value(), text).value();
}

std::string a_deal(const std::string& fields) {
  return R"({"entity": "deal", "fields": {)" + fields + "}}";
}

}  // namespace

TEST_CASE("a mapping with a slip is refused with its place") {
  CHECK(refusal("{\n  \"name\": x}").find("parse error at line 2, column 11: ") == 0);
  CHECK(refusal("[]") == "mapping: an object { } is expected");
  CHECK(refusal("{}") == "mapping: tables are expected");
  CHECK(refusal(R"({"tabels": []})") == "mapping: there is no key 'tabels'");
  CHECK(refusal(R"({"tables": [{"file": "a.csv"}]})") == "tables[0]: file and gives are expected");
  CHECK(refusal(mapping_of(R"({"entity": "dael", "fields": {}})")) ==
        "tables[0].gives[0]: there is no entity 'dael'; the entities are exchange_rate team "
        "salesperson membership customer product stage deal line stage_event ownership_event "
        "credit_split revenue_event activity target");
  CHECK(refusal(mapping_of(a_deal(R"("opend": "x")"))) ==
        "tables[0].gives[0].opend: a deal has no field 'opend'");
  CHECK(refusal(mapping_of(a_deal(R"("id": {"colum": "x"})"))) ==
        "tables[0].gives[0].id: there is no key 'colum'");
  CHECK(refusal(mapping_of(a_deal(R"("id": {"column": "x", "constant": "y"})"))) ==
        "tables[0].gives[0].id: one of column, constant and list_price_of_product is expected");
  CHECK(refusal(mapping_of(a_deal(R"("opened": {"column": "x", "dates": "dmy"})"))) ==
        "tables[0].gives[0].opened: 'dmy' is none of automatic, iso, year-month-day, "
        "day-month-year, month-day-year");
  CHECK(refusal(R"({"tables": [{"file": "a", "gives": [], "dialect": {"separator": "#"}}]})")
            .find("'#' is none of") != std::string::npos);
  CHECK(refusal(R"({"tables": [{"file": "a", "gives": [],
                  "dialect": {"decimal_sign": ",", "thousands_sign": ","}}]})")
            .find("the two signs in numbers are the same") != std::string::npos);
  CHECK(refusal(R"({"book": {"first_fiscal_month": 13}, "tables": []})")
            .find("a whole number from 1 to 12 is expected") != std::string::npos);
}

TEST_CASE("a column that the file lacks is named, with those that it has") {
  const auto how = parse_mapping(mapping_of(a_deal(R"("id": "Deal Id")"))).value();
  CHECK(failure_of(import_one(how, "DealId,x\n")) ==
        "deals.csv: missing_column: there is no column 'Deal Id', only DealId, x");
}

TEST_CASE("a constant that cannot be read is refused before the first row") {
  const auto how =
      parse_mapping(mapping_of(a_deal(R"("id": "id", "opened": {"constant": "1 May"})"))).value();
  CHECK(failure_of(import_one(how, "id\nD1\n")).find("opened: '1 May' is not a date") !=
        std::string::npos);
}

TEST_CASE("a row that is given in the mapping and refused by the book is a failure") {
  const auto how = parse_mapping(R"({"given": [{"entity": "stage", "id": "a"},
      {"entity": "stage", "id": "a"}], "tables": []})")
                       .value();
  CHECK(failure_of(import_texts(how, {})).find("given: ") == 0);
}

TEST_CASE("one row can give several entities") {
  const imported done = import_by(a_deal(R"("id": "id", "opened": "from")") +
                                      R"(, {"entity": "line", "fields": {"deal": "id", "net": "net",
                "currency": {"constant": "EUR"}}},
              {"entity": "stage_event", "fields": {"deal": "id", "stage": {"constant": "won"},
                "at": "to"}})",
                                  "id,from,to,net\nD1,2024-01-01,2024-01-31,5\n");
  REQUIRE(done.contents.deals().size() == 1);
  CHECK(done.contents.deals()[0].outcome == deal_outcome::won);
  CHECK(done.contents.tables().lines[0].net == 500);
  CHECK(done.report.files[0].accepted == 1);
}

TEST_CASE("a row of which one cell cannot be read gives nothing at all") {
  const imported done = import_by(
      a_deal(R"("id": "id")") + R"(, {"entity": "line", "fields": {"deal": "id", "net": "net",
                "currency": {"constant": "EUR"}}})",
      "id,net\nD1,five\nD2,5\n");
  CHECK(deal_ids(done.contents) == "D2 ");
  CHECK(done.report.files[0].rejected == 1);
}

namespace {

// A deal with a line, of which `every` months of a term are billed at once, and a stage event.
const std::string deal_line_and_event =
    a_deal(R"("id": "id", "opened": "from")") +
    R"(, {"entity": "line", "fields": {"deal": "id", "net": "net", "every_months": "every",
          "term_months": {"constant": 12}, "currency": {"constant": "EUR"}}},
        {"entity": "stage_event", "fields": {"deal": "id", "stage": "stage", "at": "to"}})";

}  // namespace

TEST_CASE("a deal whose line is refused is won all the same, without an amount") {
  const imported done = import_by(deal_line_and_event,
                                  "id,from,to,net,every,stage\n"
                                  "D1,2024-01-01,2024-01-31,5,7,won\n"
                                  "D2,2024-01-01,2024-01-31,5,12,won\n");
  CHECK(deal_ids(done.contents) == "D1 D2 ");
  const auto deals = done.contents.deals();
  CHECK(deals[0].outcome == deal_outcome::won);
  const auto has_amount = [&](const deal_record& d) {
    bool known = false;
    for (std::uint32_t i = 0; i < d.line_count; ++i) {
      known = known || done.contents.tables().lines[d.first_line + i].net != unknown_amount;
    }
    return known;
  };
  CHECK_FALSE(has_amount(deals[0]));
  CHECK(has_amount(deals[1]));
  CHECK(done.report.files[0].accepted == 1);
  CHECK(done.report.files[0].rejected == 1);
  const auto rejected = rejected_rows(done);
  REQUIRE(rejected.size() == 1);
  CHECK(rejected[0].entity == "line");
  CHECK(rejected[0].raw == "D1,2024-01-01,2024-01-31,5,7,won");
  CHECK(rejected[0].message ==
        "the term is not a whole number of billing intervals; the line is refused, and the book "
        "has of the row: deal, stage_event");
}

TEST_CASE(
    "a row of which several entities are refused is one rejected row with an issue for each") {
  const imported done = import_by(deal_line_and_event,
                                  "id,from,to,net,every,stage\n"
                                  "D1,2024-01-01,2024-01-31,5,7,wonn\n");
  CHECK(done.contents.deals()[0].outcome == deal_outcome::open);
  CHECK(done.report.files[0].rejected == 1);
  const auto rejected = rejected_rows(done);
  REQUIRE(rejected.size() == 2);
  for (const issue& i : rejected) {
    CHECK(i.message.find("; the " + i.entity + " is refused, and the book has of the row: deal") !=
          std::string::npos);
  }
}

TEST_CASE("what belongs to a refused deal does not go to the deal that has its id") {
  const imported done = import_by(deal_line_and_event,
                                  "id,from,to,net,every,stage\n"
                                  "D1,2024-01-01,2024-01-31,5,12,won\n"
                                  "D1,2024-01-01,2024-01-31,5,12,won\n");
  CHECK(done.contents.deals()[0].line_count == 1);
  CHECK(done.contents.tables().stage_events.size() == 1);
  CHECK(done.report.files[0].rejected == 1);
  const auto rejected = rejected_rows(done);
  REQUIRE(rejected.size() == 1);
  CHECK(rejected[0].message ==
        "'D1' is taken; the deal is refused, and the book has of the row: nothing");
}

TEST_CASE("conditions choose the rows that give an entity and the cells that give a field") {
  const imported done = import_by(
      R"({"entity": "deal", "unless": {"id": ""}, "fields": {"id": "id"}},
         {"entity": "line", "when": {"state": ["Won", "Lost"]}, "fields": {"deal": "id",
          "net": {"column": "net", "when": {"state": "Won"}}, "currency": {"constant": "EUR"}}})",
      "id,state,net\nD1,Won,5\nD2,Lost,0\nD3,Open,7\n-,Open,9\n");
  CHECK(deal_ids(done.contents) == "D1 D2 D3 ");
  const auto& lines = done.contents.tables().lines;
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].net == 500);
  CHECK(lines[1].net == unknown_amount);
  CHECK(done.report.files[0].accepted == 4);
}

TEST_CASE("a declared repair is counted and reported once with its number of rows") {
  const imported done = import_by(
      a_deal(R"("id": "id", "source": {"column": "source", "repair": {"fiar": "fair", "x": "y"}})"),
      "id,source\nD1,fair\nD2,fiar\nD3,fiar\n");
  CHECK(done.report.files[0].accepted == 3);
  CHECK(done.report.files[0].repaired == 2);
  REQUIRE(count_of(done, issue_code::declared_replacement) == 1);
  const issue& i = done.report.issues.back();
  CHECK(i.effect == issue_effect::repaired);
  CHECK(i.message == "source: 'fiar' was read as 'fair' in 2 rows, as the mapping declares");
  CHECK(i.where.line == 3);
  CHECK_FALSE(done.contents.names().sources.find("fiar").has_value());
}

TEST_CASE("translating the host's words is no repair") {
  const imported done = import_by(a_deal(R"("id": "id", "type": {"column": "kind",
                "translate": {"Neukunde": "new_business", "?": "unknown"}})"),
                                  "id,kind\nD1,Neukunde\nD2,renewal\nD3,?\nD4,Bestand\n");
  CHECK(done.report.files[0].repaired == 0);
  CHECK(done.contents.deals()[0].type == deal_type::new_business);
  CHECK(done.contents.deals()[1].type == deal_type::renewal);
  CHECK(done.contents.deals()[2].type == deal_type::unknown);
  REQUIRE(rejected_rows(done).size() == 1);
  CHECK(rejected_rows(done)[0].message ==
        "kind: 'Bestand' is none of unknown new_business renewal expansion");
}

TEST_CASE("a prefix keeps ids of two kinds apart and is not put before the unknown") {
  const imported done = import_by(a_deal(R"("id": {"column": "id", "prefix": "a:"},
                "owner": {"column": "who", "prefix": "p:"})"),
                                  "id,who\n1,x\n2,\n");
  CHECK(deal_ids(done.contents) == "a:1 a:2 ");
  CHECK(done.contents.names().salespeople.size() == 1);
}

TEST_CASE("scales multiply exactly") {
  const imported done = import_by(a_deal(R"("id": "id", "amount": {"column": "k", "scale": 1000},
                "currency": {"constant": "EUR"})"),
                                  "id,k\nD1,1.5\nD2,0.00125\nD3,9000000000000000\n");
  CHECK(done.contents.tables().lines[0].net == 150'000);
  CHECK(done.contents.tables().lines[1].net == 125);
  CHECK(done.report.files[0].rejected == 1);
  const imported cents = import_by(a_deal(R"("id": "id", "amount": {"column": "c", "scale": "0.01"},
                "currency": {"constant": "EUR"})"),
                                   "id,c\nD1,12345\n");
  CHECK(cents.contents.tables().lines[0].net == 12'345);
}

TEST_CASE("distinct entities are given once, also by two columns") {
  const imported done = import_by(
      R"({"entity": "salesperson", "distinct": true, "fields": {"id": "seller"}},
         {"entity": "salesperson", "distinct": true, "fields": {"id": "helper"}},
         {"entity": "deal", "fields": {"id": "id", "owner": "seller"}})",
      "id,seller,helper\nD1,Ann,Bob\nD2,Bob,Ann\nD3,Ann,Ann\n");
  CHECK(done.report.files[0].accepted == 3);
  CHECK(done.contents.names().salespeople.size() == 2);
}

TEST_CASE("a line can take the list price of its product, where it is known") {
  const auto how = parse_mapping(R"({"tables": [
    {"file": "products.csv", "gives": [{"entity": "product", "fields": {
      "id": "p", "family": {"constant": "f"}, "lifetime": {"constant": "once"},
      "list_price": "price", "currency": {"constant": "EUR"}}}]},
    {"file": "deals.csv", "gives": [
      {"entity": "deal", "fields": {"id": "id"}},
      {"entity": "line", "fields": {"deal": "id", "product": "p", "net": "net",
        "list": {"list_price_of_product": true}, "currency": {"constant": "EUR"}}}]}]})")
                       .value();
  const std::array<named_text, 2> files = {{{"products.csv", "p,price\nA,100\nB,\n"},
                                            {"deals.csv", "id,p,net\nD1,A,90\nD2,B,9\nD3,C,9\n"}}};
  const imported done = import_texts(how, files).value();
  const auto& lines = done.contents.tables().lines;
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].list == 10'000);
  CHECK(lines[1].list == unknown_amount);
  CHECK(lines[2].list == unknown_amount);
}

TEST_CASE("a list price is for amounts of lines only") {
  const auto how =
      parse_mapping(mapping_of(a_deal(R"("id": "id", "amount": {"list_price_of_product": true})")))
          .value();
  CHECK(failure_of(import_one(how, "id\nD1\n"))
            .find("only an amount of a line can be the list price") != std::string::npos);
}

TEST_CASE("an optional file and an optional column may be absent, others may not") {
  const auto how = parse_mapping(R"({"tables": [
    {"file": "more.csv", "optional": true, "gives": []},
    {"file": "deals.csv", "gives": [{"entity": "deal", "fields": {"id": "id",
      "source": {"column": "source", "optional": true}}}]}]})")
                       .value();
  const imported done = import_one(how, "id\nD1\n").value();
  CHECK_FALSE(done.report.files[0].present);
  CHECK(done.report.files[1].accepted == 1);
  CHECK(failure_of(import_texts(how, {})) == "deals.csv: the file is missing");
}

TEST_CASE("another file can be read in the place of a mapping's own") {
  import_options options;
  options.file_names = {{"deals.csv", "copy.csv"}};
  const named_text copy{"copy.csv", "id\nD7\n"};
  const imported done = import_texts(deal_mapping(), {&copy, 1}, options).value();
  CHECK(deal_ids(done.contents) == "D7 ");
  CHECK(done.report.files[0].name == "copy.csv");
}

TEST_CASE("what a mapping assumes stands in the report") {
  const auto how =
      parse_mapping(R"({"name": "n", "note": ["one.", "two."], "tables": []})").value();
  const imported done = import_texts(how, {}).value();
  CHECK(done.report.mapping == "n");
  CHECK(done.report.note == "one. two.");
}
