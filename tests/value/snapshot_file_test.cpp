// SPDX-License-Identifier: BSL-1.0
#include <salespulse/value/snapshot_file.hpp>

#include "support/catch.hpp"

#include <cstdio>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace salespulse;

const std::string whole_text = R"({
  "salespulse_snapshot": 1,
  "name": "house view",
  "source": "prior",
  "yearly_rate": 0.1,
  "horizon_days": 1095,
  "retention": [
    {"family": "care", "term_months": 12, "alpha": 3, "beta": 7, "growth": 1.02},
    {"family": "care", "term_months": 36, "alpha": 1, "beta": 9, "growth": 1}
  ],
  "payment": [
    {"segment": "", "credit_loss": 0.01, "payment_factor": 0.9922, "mean_delay_days": 30}
  ]
})";

std::string with(const std::string& was, const std::string& becomes) {
  std::string text = whole_text;
  const std::size_t at = text.find(was);
  REQUIRE(at != text.npos);
  return text.replace(at, was.size(), becomes);
}

std::string message_of(const std::string& text) {
  const auto read = snapshot_from_json(text);
  return read ? "" : read.error().message;
}

}  // namespace

TEST_CASE("a snapshot is read with all its parameters") {
  const snapshot s = snapshot_from_json(whole_text).value();
  CHECK(s.name == "house view");
  CHECK(s.source == provenance::prior);
  CHECK(s.yearly_rate == 0.1);
  CHECK(s.horizon_days == 1095);
  REQUIRE(s.retention.size() == 2);
  CHECK(s.retention[0].family == "care");
  CHECK(s.retention[0].growth == 1.02);
  CHECK(s.retention[1].term_months == 36);
  CHECK(s.retention[1].beta == 9);
  REQUIRE(s.payment.size() == 1);
  CHECK(s.payment[0].segment.empty());
  CHECK(s.payment[0].credit_loss == 0.01);
  CHECK(s.payment[0].payment_factor == 0.9922);
  CHECK(s.payment[0].mean_delay_days == 30);
  CHECK(snapshot_from_json(with("\"prior\"", "\"fitted\"")).value().source == provenance::fitted);
}

TEST_CASE("the numbers of a snapshot come back bit for bit") {
  snapshot s = snapshot_from_json(whole_text).value();
  s.yearly_rate = 0.1 + 0.2;
  s.retention[0].alpha = std::numeric_limits<double>::denorm_min();
  s.retention[0].beta = std::numeric_limits<double>::max();
  s.retention[1].growth = 1.0 / 3;
  s.payment[0].payment_factor = 0x1.fffffffffffffp-1;
  s.name = "na\xc3\xafve \"quoted\"\n";
  const std::string text = snapshot_to_json(s);
  const snapshot back = snapshot_from_json(text).value();
  CHECK(back.name == s.name);
  CHECK(back.yearly_rate == s.yearly_rate);
  CHECK(back.retention[0].alpha == s.retention[0].alpha);
  CHECK(back.retention[0].beta == s.retention[0].beta);
  CHECK(back.retention[1].growth == s.retention[1].growth);
  CHECK(back.payment[0].payment_factor == s.payment[0].payment_factor);
  CHECK(snapshot_to_json(back) == text);
}

TEST_CASE("nothing in a snapshot is defaulted: each missing key is named") {
  const std::vector<std::pair<std::string, std::string>> keys = {
      {"\"salespulse_snapshot\": 1,", "salespulse_snapshot: is missing"},
      {"\"name\": \"house view\",", "name: is missing"},
      {"\"source\": \"prior\",", "source: is missing"},
      {"\"yearly_rate\": 0.1,", "yearly_rate: is missing"},
      {"\"horizon_days\": 1095,", "horizon_days: is missing"},
      {"\"term_months\": 36, ", "retention[1].term_months: is missing"},
      {"\"alpha\": 1, ", "retention[1].alpha: is missing"},
      {", \"growth\": 1.02", "retention[0].growth: is missing"},
      {"\"segment\": \"\", ", "payment[0].segment: is missing"},
      {", \"mean_delay_days\": 30", "payment[0].mean_delay_days: is missing"}};
  for (const auto& [text, message] : keys) CHECK(message_of(with(text, "")) == message);
}

TEST_CASE("what a snapshot does not have is refused with its place") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {with("\"name\":", "\"nmae\": 1, \"name\":"), "nmae: there is no such key"},
      {with("\"alpha\": 1,", "\"alpha\": 1, \"gamma\": 2,"),
       "retention[1].gamma: there is no such key"},
      {with("\"alpha\": 1,", "\"alpha\": 1, \"alpha\": 2,"),
       "retention[1].alpha: the key is given twice"},
      {with("\"name\":", "\"name\": \"x\", \"name\":"), "name: the key is given twice"},
      {with("\"alpha\": 3", "\"alpha\": \"3\""), "retention[0].alpha: a number is expected"},
      {with("\"alpha\": 3", "\"alpha\": null"), "retention[0].alpha: a number is expected"},
      {with("\"term_months\": 12", "\"term_months\": 12.5"),
       "retention[0].term_months: a whole number of at most 31 bits is expected"},
      {with("1095", "18446744073709551615"),
       "horizon_days: a whole number of at most 31 bits is expected"},
      {with("1095", "-2147483649"), "horizon_days: a whole number of at most 31 bits is expected"},
      {with("\"house view\"", "7"), "name: a text is expected"},
      {with("\"prior\"", "\"guessed\""), "source: \"prior\" or \"fitted\" is expected"},
      {with("\"salespulse_snapshot\": 1", "\"salespulse_snapshot\": 2"),
       "salespulse_snapshot: version 2 is not known; this library reads version 1"},
      {with("\"salespulse_snapshot\": 1", "\"salespulse_snapshot\": \"1\""),
       "salespulse_snapshot: version \"1\" is not known; this library reads version 1"},
      {"[]", "the whole text: an object { } is expected"}};
  for (const auto& [text, message] : cases) CHECK(message_of(text) == message);
  CHECK(message_of(R"({"salespulse_snapshot": 1, "name": "", "source": "prior", "yearly_rate": 0,
                       "horizon_days": 1, "retention": {}, "payment": []})") ==
        "retention: a list [ ] is expected");
}

TEST_CASE("a snapshot that is no JSON or holds no number is refused") {
  for (const char* number : {"NaN", "Infinity", "1e999", "-1e999", "0x10", "1,5"}) {
    const std::string message = message_of(with("0.9922", number));
    INFO(number);
    CHECK_FALSE(message.empty());
    CHECK(message.find("json.exception") == message.npos);
  }
  for (std::size_t length = 0; length < whole_text.size(); ++length) {
    CHECK_FALSE(snapshot_from_json(std::string_view(whole_text).substr(0, length)));
  }
}

TEST_CASE("the failure of a snapshot file names the file") {
  CHECK(read_snapshot("no/such/theta.json").error().message ==
        "no/such/theta.json: cannot be opened");
  const std::string name = "snapshot_file_test.json";
  const auto write = [&](const std::string& text) {
    std::FILE* file = std::fopen(name.c_str(), "wb");
    REQUIRE(file != nullptr);
    REQUIRE(std::fwrite(text.data(), 1, text.size(), file) == text.size());
    std::fclose(file);
  };
  write(whole_text);
  CHECK(read_snapshot(name).value().name == "house view");
  write(with("\"alpha\": 1,", ""));
  CHECK(read_snapshot(name).error().message == name + ": retention[1].alpha: is missing");
  std::remove(name.c_str());
  CHECK_FALSE(read_snapshot("."));
}

TEST_CASE("a snapshot that no file can hold is a mistake of the caller") {
  snapshot s = snapshot_from_json(whole_text).value();
  s.yearly_rate = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(snapshot_to_json(s), invalid_input);
  s.yearly_rate = 0.1;
  s.source = provenance::estimated;
  CHECK_THROWS_AS(snapshot_to_json(s), invalid_input);
  s.source = provenance::prior;
  s.name = "\xff";
  CHECK_THROWS_AS(snapshot_to_json(s), invalid_input);
}
