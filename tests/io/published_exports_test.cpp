// SPDX-License-Identifier: BSL-1.0
// The mappings that ship, on the exports that they were written for. The exports are no part of the
// package; without them these tests say that they were skipped.
#include "support.hpp"
#include "support/catch.hpp"

#include <filesystem>
#include <fstream>
#include <string>

using namespace io_test;

namespace {

bool is_missing(const std::filesystem::path& folder) {
  if (std::filesystem::exists(folder)) return false;
  WARN("skipped: there is no folder " << folder.string());
  return true;
}

mapping shipped(std::string_view name) {
  return read_mapping((source_folder() / "examples" / "mappings" / name).string()).value();
}

struct counted {
  std::size_t won = 0;
  std::size_t lost = 0;
  std::size_t open = 0;
  std::int64_t won_net = 0;
};

counted count(const book& b) {
  counted c;
  for (const deal_record& d : b.deals()) {
    if (d.outcome == deal_outcome::open) ++c.open;
    if (d.outcome == deal_outcome::lost) ++c.lost;
    if (d.outcome != deal_outcome::won) continue;
    ++c.won;
    for (const line_record& l : b.lines_of(d)) {
      if (l.net != unknown_amount) c.won_net += l.net;
    }
  }
  return c;
}

imported maven(const std::string& pipeline = "sales_pipeline.csv") {
  import_options options;
  options.file_names = {{"sales_pipeline.csv", pipeline}};
  return import_mapped(shipped("maven.json"), (shared_data() / "maven").string(), options).value();
}

}  // namespace

TEST_CASE("the Maven export gives its published counts and revenue") {
  if (is_missing(shared_data() / "maven")) return;
  const imported done = maven();
  const book& b = done.contents;
  const counted c = count(b);
  CHECK(b.deals().size() == 8'800);
  CHECK(c.won == 4'238);
  CHECK(c.lost == 2'473);
  CHECK(c.open == 1'589 + 500);
  CHECK(c.won_net == 1'000'553'400);  // 10 005 534 dollars
  CHECK(b.options().reporting == usd);
  CHECK(b.names().salespeople.size() == 35);
  CHECK(b.names().teams.size() == 6 + 3);

  const file_report& pipeline = done.report.files.back();
  CHECK(pipeline.read == 8'800);
  CHECK(pipeline.accepted == 8'800);
  CHECK(pipeline.repaired == 1'480);
  CHECK(pipeline.rejected == 0);
  CHECK(rejected_rows(done).empty());
  CHECK(count_of(done, issue_code::unknown_product) == 0);

  std::size_t engaging = 0;
  std::size_t open_without_account = 0;
  std::size_t lost_with_amount = 0;
  std::size_t closed_by_hand = 0;
  std::size_t without_list = 0;
  for (const deal_record& d : b.deals()) {
    const bool open = d.outcome == deal_outcome::open;
    if (open && b.names().stages[index_of(d.last_stage)] == "Engaging") ++engaging;
    if (open && !d.customer_named) ++open_without_account;
    if (d.closed_by_hand) ++closed_by_hand;
    for (const line_record& l : b.lines_of(d)) {
      if (d.outcome == deal_outcome::lost && l.net != unknown_amount) ++lost_with_amount;
      if (l.list == unknown_amount) ++without_list;
    }
  }
  CHECK(engaging == 1'589);
  CHECK(open_without_account == 1'425);
  CHECK(lost_with_amount == 0);
  CHECK(closed_by_hand == 4'238 + 2'473);
  CHECK(without_list == 0);
}

TEST_CASE("copies of the Maven export in other encodings give the same book") {
  if (is_missing(shared_data() / "maven" / "variants")) return;
  const std::string expected = described(maven().contents);
  const imported dashes = maven("variants/sales_pipeline__dmy_dash4_nulltext.csv");
  CHECK(dashes.report.files.back().dates[0].order == date_order::day_month_year);
  CHECK(described(dashes.contents) == expected);
  const imported american = maven("variants/sales_pipeline__us_mdy.csv");
  CHECK(american.report.files.back().dates[0].order == date_order::month_day_year);
  CHECK(described(american.contents) == expected);
  CHECK(described(maven("variants/sales_pipeline__iso_lf.csv").contents) == expected);
}

TEST_CASE("the American copy declared as day-month-year rejects what does not fit, and says so") {
  if (is_missing(shared_data() / "maven" / "variants")) return;
  mapping how = shipped("maven.json");
  how.tables.back().dialect.dates = date_order::day_month_year;
  import_options options;
  options.file_names = {{"sales_pipeline.csv", "variants/sales_pipeline__us_mdy.csv"}};
  const imported done = import_mapped(how, (shared_data() / "maven").string(), options).value();
  CHECK(count(done.contents).won == 671);
  CHECK(count_of(done, issue_code::invalid_date) == done.report.files.back().rejected);
}

TEST_CASE("rows of the American copy that two orders fit are refused, naming the column") {
  if (is_missing(shared_data() / "maven" / "variants")) return;
  std::ifstream copy(shared_data() / "maven" / "variants" / "sales_pipeline__us_mdy.csv");
  std::string line;
  std::getline(copy, line);
  std::string text = "id,opened\n";
  while (std::getline(copy, line)) {  // rows whose engage_date is up to the twelfth
    std::vector<std::string> cells;
    for (std::size_t begin = 0; begin != std::string::npos;) {
      const std::size_t end = line.find(',', begin);
      cells.push_back(line.substr(begin, end - begin));
      begin = end == std::string::npos ? end : end + 1;
    }
    const std::string& date = cells[5];
    const std::size_t slash = date.find('/');
    if (slash == std::string::npos || std::stoi(date.substr(slash + 1)) > 12) continue;
    text += cells[0] + "," + date + "\n";
  }
  CHECK(failure_of(import_one(deal_mapping(), text)).find("ambiguous_date: column 'opened'") !=
        std::string::npos);
}

TEST_CASE("without the declared repair GTXPro is an unknown product, and GTX Pro is suggested") {
  if (is_missing(shared_data() / "maven")) return;
  mapping how = shipped("maven.json");
  for (mapped_entity& e : how.tables.back().entities) {
    for (mapped_field& f : e.fields) f.repair.clear();
  }
  const imported done = import_mapped(how, (shared_data() / "maven").string()).value();
  CHECK(count(done.contents).won_net == 1'000'553'400);
  CHECK(done.report.files.back().repaired == 0);
  REQUIRE(count_of(done, issue_code::unknown_product) >= 1);
  for (const issue& i : done.report.issues) {
    if (i.code != issue_code::unknown_product) continue;
    CHECK(i.effect == issue_effect::noted);
    CHECK(i.message.find("'GTX Pro'") != std::string::npos);
    break;
  }
}

TEST_CASE("the Olist funnel gives its published counts") {
  if (is_missing(shared_data() / "olist")) return;
  const imported done =
      import_mapped(shipped("olist.json"), (shared_data() / "olist").string()).value();
  const book& b = done.contents;
  const counted c = count(b);
  CHECK(b.deals().size() == 8'000);
  CHECK(c.won == 842);
  CHECK(c.lost == 0);
  CHECK(b.names().salespeople.size() == 41);  // 22 closing, 32 developing, 13 of them both
  CHECK(b.names().sources.find("unknown").has_value());
  CHECK(count_of(done, issue_code::closed_before_opened) == 1);
  CHECK(rejected_rows(done).empty());

  std::size_t won_by_unknown = 0;
  std::size_t blank = 0;
  std::size_t won_by_blank = 0;
  std::size_t both = 0;
  for (const deal_record& d : b.deals()) {
    const bool won = d.outcome == deal_outcome::won;
    const bool is_blank = !is_known(d.source) || b.names().sources[index_of(d.source)].empty();
    if (is_blank) ++blank;
    if (is_blank && won) ++won_by_blank;
    if (won && !is_blank && b.names().sources[index_of(d.source)] == "unknown") ++won_by_unknown;
    for (const credit_record& credit : b.credits_of(d)) {
      if (credit.kind == credit_kind::overlay && credit.salesperson == d.owner) ++both;
    }
  }
  CHECK(blank == 60);
  CHECK(won_by_blank == 14);
  CHECK(won_by_unknown == 179);
  CHECK(both == 5);
}

TEST_CASE("the copy of Olist that went through a spreadsheet is noticed") {
  if (is_missing(shared_data() / "olist")) return;
  import_options options;
  options.file_names = {
      {"olist_closed_deals_dataset.csv", "olist_closed_deals__excel_damaged.csv"}};
  const imported done =
      import_mapped(shipped("olist.json"), (shared_data() / "olist").string(), options).value();
  CHECK(count(done.contents).won == 842);
  REQUIRE(count_of(done, issue_code::damaged_value) == 1);
  for (const issue& i : done.report.issues) {
    if (i.code != issue_code::damaged_value) continue;
    CHECK(i.field == "average_stock");
    CHECK(i.message.find("32 values") == 0);
  }
}
