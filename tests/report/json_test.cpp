// SPDX-License-Identifier: BSL-1.0
#include <salespulse/report/json.hpp>

#include "report/support.hpp"
#include "support/catch.hpp"
#include "support/generated_book.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <string>

using namespace report_test;
using json = nlohmann::json;

namespace {

// examples/report_schema.md: by section, by member, its type in words.
using schema = std::map<std::string, std::map<std::string, std::string>>;

schema documented() {
  std::ifstream file("examples/report_schema.md");
  schema all;
  std::string line;
  std::string section;
  while (std::getline(file, line)) {
    if (line.rfind("## ", 0) == 0) section = line.substr(3);
    if (line.rfind("| `", 0) != 0) continue;
    const std::size_t end = line.find('`', 3);
    const std::size_t type = line.find("| ", end) + 2;
    all[section][line.substr(3, end - 3)] = line.substr(type, line.find(" |", type) - type);
  }
  return all;
}

bool is_money(const json& j) {
  if (!j.is_string()) return false;
  const std::string text = j.get<std::string>();
  return text.find_first_not_of("-0123456789.") == text.npos && text.size() >= 4 &&
         text[text.size() - 3] == '.';
}

// Minor units of money with two decimals.
std::int64_t minor(const json& j) {
  REQUIRE(is_money(j));
  std::string text = j.get<std::string>();
  text.erase(text.find('.'), 1);
  return std::strtoll(text.c_str(), nullptr, 10);
}

// Checks a value against a type in words, and everything inside it; notes the sections it met.
void check_type(const schema& all, const json& j, const std::string& type, const std::string& at,
                std::set<std::string>& met) {
  INFO(at << ": " << type << " is " << j.dump().substr(0, 60));
  if (j.is_null()) {
    CHECK(type.find("null") != type.npos);
    return;
  }
  const std::size_t link = type.find('[');
  if (link == type.npos) {
    const auto says = [&](const char* word) { return type.find(word) != type.npos; };
    CHECK(((says("text") && j.is_string()) || (says("money") && is_money(j)) ||
           (says("whole number") && j.is_number_integer()) ||
           (says("number") && !says("whole") && j.is_number()) ||
           (says("true or false") && j.is_boolean()) ||
           (says("day") && j.is_string() && parse_date(j.get<std::string>()))));
    return;
  }
  const std::string section = type.substr(link + 1, type.find(']') - link - 1);
  if (type.rfind("list of", 0) == 0) {
    REQUIRE(j.is_array());
    for (const json& one : j) check_type(all, one, '[' + section + ']', at + "[]", met);
    return;
  }
  REQUIRE(j.is_object());
  REQUIRE(all.count(section) == 1);
  met.insert(section);
  const auto& members = all.at(section);
  for (const auto& [member, member_type] : members) {
    INFO(at << '.' << member);
    REQUIRE(j.contains(member));
    check_type(all, j[member], member_type, at + '.' + member, met);
  }
  CHECK(j.size() == members.size());
  if (section == "figure") {
    CHECK(j["value"].is_null() == j["reason"].is_string());
    CHECK_FALSE(j["definition"].get<std::string>().empty());
    if (j["unit"] == "money" && !j["value"].is_null()) CHECK(is_money(j["value"]));
    // The rate by value of a book with negative amounts can leave [0, 1].
    const bool inside = j["unit"] != "share" || (j["value"] >= 0 && j["value"] <= 1);
    if (!j["interval"].is_null() && j["value"].is_number() && inside) {
      CHECK(j["interval"]["lower"] <= j["value"]);
      CHECK(j["value"] <= j["interval"]["upper"]);
    }
  }
}

// Parts sum to their whole in every card.
void check_sums(const json& j) {
  const char* steps[] = {"discount", "cost", "renewal", "churn", "expansion", "credit", "time"};
  std::map<std::string, std::int64_t> of_people;
  std::map<std::string, std::int64_t> of_firm;
  const auto check_card = [&](const json& card, std::map<std::string, std::int64_t>& sums) {
    if (!card["booked"]["value"].is_null()) sums["booked"] += minor(card["booked"]["value"]);
    for (const json& value : card["values"]) {
      const json& bridge = value["bridge"];
      std::int64_t end = minor(bridge["listed"]);
      for (const char* step : steps) end += minor(bridge[step]);
      CHECK(end == minor(bridge["value"]));
      CHECK(bridge["value"] == value["value"]["value"]);
      sums[value["basis"]] += minor(bridge["value"]);
    }
  };
  check_card(j["firm"], of_firm);
  std::map<std::string, std::int64_t> of_teams;
  for (const json& card : j["teams"]) check_card(card, of_teams);
  for (const json& card : j["salespeople"]) check_card(card, of_people);
  for (const auto& [what, sum] : of_firm) CHECK(of_people[what] == sum);
  std::int64_t of_products = 0;
  for (const json& p : j["products"]) {
    if (!p["booked"]["value"].is_null()) of_products += minor(p["booked"]["value"]);
  }
  CHECK(of_products == of_firm["booked"]);
}

}  // namespace

TEST_CASE("the documented and the emitted members are the same") {
  const schema all = documented();
  REQUIRE(all.size() > 15);
  std::set<std::string> met;
  review_options options;
  options.recognised_in = {to_date({2024, 1, 1}), to_date({2025, 1, 1})};
  const json j = json::parse(to_json(small_review(true, options)));
  CHECK(j["schema"] == review_schema);
  check_type(all, j, "[review]", "", met);
  for (const auto& [section, members] : all) {
    INFO(section);
    CHECK(met.count(section) == 1);
  }
  check_type(all, json::parse(to_json(small_review(false))), "[review]", "", met);
  const review empty = make_review(book_builder{}.build(), nullptr).value();
  check_type(all, json::parse(to_json(empty)), "[review]", "", met);
}

TEST_CASE("the JSON of a generated book keeps its schema and its sums") {
  const schema all = documented();
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    INFO("seed " << seed);
    const auto facts = test::random_facts(seed);
    const snapshot parameters = test::generate_snapshot(test::random_chooser(seed));
    const review r = make_review(test::build(facts), &parameters).value();
    const std::string text = to_json(r);
    const json j = json::parse(text);
    std::set<std::string> met;
    check_type(all, j, "[review]", "", met);
    check_sums(j);
    CHECK(to_json(make_review(test::build(test::permuted(facts, seed)), &parameters).value()) ==
          text);
  }
}

TEST_CASE("the small firm's figures stand in the JSON with what they mean") {
  const review r = small_review();
  const json j = json::parse(to_json(r));
  check_sums(j);
  CHECK(j["currency"]["code"] == "EUR");
  CHECK(j["snapshot"]["source"] == "prior");
  CHECK(j["snapshot"]["fingerprint"].get<std::string>().size() == 16);
  CHECK(j["firm"]["id"].is_null());
  CHECK(j["firm"]["booked"]["value"] == "240900.00");
  CHECK(j["firm"]["booked"]["source"] == "arithmetic");
  REQUIRE(j["firm"]["values"].size() == 2);
  CHECK(j["firm"]["values"][0]["basis"] == "contribution");
  CHECK(j["firm"]["values"][0]["value"]["source"] == "prior");
  CHECK(j["firm"]["values"][0]["value"]["interval"]["level"] == 0.8);
  CHECK(j["firm"]["values"][0]["interval_90"]["level"] == 0.9);
  CHECK(j["firm"]["win_rate"]["interval"]["level"] == 0.8);
  CHECK(j["firm"]["win_rate"]["value"] == *r.firm.win_rate.value);  // bit for bit
  CHECK(j["firm"]["win_rate"]["n"] == 4);
  CHECK(j["salespeople"][0]["name"] == "Zo\xC3\xAB M\xC3\xBCller");
  CHECK(j["salespeople"][0]["win_rate"]["interval"]["level"] == 0.9);
  const json& idle = j["salespeople"][2];
  CHECK(idle["id"] == "s3");
  CHECK(idle["name"].is_null());
  CHECK(idle["why_no_value"] == "nothing won");
  CHECK(idle["win_rate"]["value"].is_null());
  CHECK(idle["win_rate"]["reason"] == "no deal is closed");
  review_options options;
  options.rejected_rows = 14;
  CHECK(json::parse(to_json(small_review(true, options)))["notes"]["rejected_rows"] == 14);
  const json without = json::parse(to_json(small_review(false)));
  CHECK(without["snapshot"].is_null());
  CHECK(without["firm"]["why_no_value"] == "not known: no renewal history");
}

TEST_CASE("money keeps its decimals at any size and sign") {
  review r = small_review();
  r.firm.booked.booked_ppm = static_cast<wide>(-900'000'000'000'000'001) * 1'000'000;
  json j = json::parse(to_json(r));
  CHECK(j["firm"]["booked"]["value"] == "-9000000000000000.01");
  r.reporting = *currency::from_code("JPY");
  j = json::parse(to_json(r));
  CHECK(j["firm"]["booked"]["value"] == "-900000000000000001");
  r.reporting = *currency::from_code("KWD");
  j = json::parse(to_json(r));
  CHECK(j["firm"]["booked"]["value"] == "-900000000000000.001");
}

TEST_CASE("what was won without any amount is null with its reason") {
  review r = small_review();
  r.firm.booked = {};
  r.firm.deals.won_with_amount = 0;
  const json booked = json::parse(to_json(r))["firm"]["booked"];
  CHECK(booked["value"].is_null());
  CHECK(booked["reason"] == "won without an amount");
}

TEST_CASE("members stand in a fixed order") {
  const auto ordered = nlohmann::ordered_json::parse(to_json(small_review()));
  CHECK(ordered.begin().key() == "schema");
  std::string keys;
  for (const auto& item : ordered["firm"]["booked"].items()) keys += item.key() + ' ';
  CHECK(keys == "value reason unit interval n basis definition source ");
}

TEST_CASE("an id that is no UTF-8 leaves the JSON valid") {
  review r = small_review();
  r.salespeople[0].id = "\xff";
  CHECK(json::parse(to_json(r))["salespeople"][0]["id"] == "\xEF\xBF\xBD");
}
