// SPDX-License-Identifier: BSL-1.0
#include <salespulse.h>

#include <support/catch.hpp>

#include <nlohmann/json.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace {

// A folder with the smallest firm, gone at the end of the test.
class small_firm {
public:
  small_firm() {
    std::string name = (std::filesystem::temp_directory_path() / "salespulse-c-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) std::abort();
    path = name;
    write("stages.csv", "id,outcome\nwon,won\n");
    write("products.csv", "id,family,lifetime\nsuite,software,contract\n");
    write("deals.csv", "id,customer,owner,opened,close_date\n42,Acme,anna,2026-01-05,2026-03-02\n");
    write("lines.csv",
          "deal,product,list,net,cost,currency,every_months,term_months,renews\n"
          "42,suite,150000,120000,48000,EUR,12,12,true\n");
    write("stage_events.csv", "deal,stage,at\n42,won,2026-03-02\n7,won,2026-03-02\n");
    write("theta.json",
          R"({"salespulse_snapshot": 1, "name": "p", "source": "prior", "yearly_rate": 0.1,
              "horizon_days": 1095,
              "retention": [{"family": "software", "term_months": 12, "alpha": 3, "beta": 7,
                             "growth": 1}],
              "payment": [{"segment": "", "credit_loss": 0.01, "payment_factor": 0.992,
                           "mean_delay_days": 30}]})");
  }
  ~small_firm() { std::filesystem::remove_all(path); }
  small_firm(const small_firm&) = delete;
  small_firm& operator=(const small_firm&) = delete;

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path + "/" + name, std::ios::binary) << text;
  }

  std::string path;
};

}  // namespace

TEST_CASE("a C program goes from a folder to a valued review") {
  const small_firm firm;
  salespulse_book* book = nullptr;
  salespulse_snapshot* snapshot = nullptr;
  char* json = nullptr;
  salespulse_error* error = nullptr;
  REQUIRE(salespulse_book_import(firm.path.c_str(), nullptr, &book, &error) == SALESPULSE_OK);
  CHECK(error == nullptr);
  CHECK(salespulse_book_deals(book) == 1);
  REQUIRE(salespulse_snapshot_read((firm.path + "/theta.json").c_str(), &snapshot, &error) ==
          SALESPULSE_OK);
  REQUIRE(salespulse_review_json(book, snapshot, nullptr, nullptr, &json, &error) ==
          SALESPULSE_OK);
  const auto review = nlohmann::json::parse(json);
  CHECK(review["schema"] == "salespulse.review/1");
  CHECK(std::string(json).find("144477.") != std::string::npos);  // V of this deal
  salespulse_text_free(&json);
  CHECK(json == nullptr);
  salespulse_snapshot_free(&snapshot);
  CHECK(snapshot == nullptr);
  salespulse_book_free(&book);
  CHECK(book == nullptr);
}

TEST_CASE("a C program learns which rows were wrong and why") {
  const small_firm firm;
  salespulse_book* book = nullptr;
  char* json = nullptr;
  REQUIRE(salespulse_book_import(firm.path.c_str(), nullptr, &book, nullptr) == SALESPULSE_OK);
  CHECK(salespulse_book_issue_count(book) == 1);
  REQUIRE(salespulse_book_issues(book, &json, nullptr) == SALESPULSE_OK);
  const auto issues = nlohmann::json::parse(json);
  REQUIRE(issues.size() == 1);
  CHECK(issues[0]["code"] == "unknown_deal");
  CHECK(issues[0]["effect"] == "rejected");
  CHECK(issues[0]["file"] == "stage_events.csv");
  CHECK(issues[0]["line"] == 3);
  CHECK(issues[0]["raw"] == "7,won,2026-03-02");
  salespulse_text_free(&json);
  salespulse_book_free(&book);
}

TEST_CASE("every failure at the C boundary is a status with a reason") {
  const small_firm firm;
  salespulse_book* book = nullptr;
  salespulse_error* error = nullptr;
  CHECK(salespulse_book_import((firm.path + "/none").c_str(), nullptr, &book, &error) ==
        SALESPULSE_BAD_DATA);
  CHECK(book == nullptr);
  REQUIRE(error != nullptr);
  CHECK(std::string(salespulse_error_message(error)).find(firm.path + "/none") != std::string::npos);
  salespulse_error_free(&error);
  CHECK(error == nullptr);

  CHECK(salespulse_book_import(nullptr, nullptr, &book, &error) == SALESPULSE_INVALID_INPUT);
  salespulse_error_free(&error);
  CHECK(salespulse_book_import("x", nullptr, nullptr, nullptr) == SALESPULSE_INVALID_INPUT);

  salespulse_snapshot* snapshot = nullptr;
  firm.write("theta.json", R"({"salespulse_snapshot": 1})");
  CHECK(salespulse_snapshot_read((firm.path + "/theta.json").c_str(), &snapshot, &error) ==
        SALESPULSE_BAD_DATA);
  CHECK(std::string(salespulse_error_message(error)).find("theta.json") != std::string::npos);
  salespulse_error_free(&error);

  REQUIRE(salespulse_book_import(firm.path.c_str(), nullptr, &book, nullptr) == SALESPULSE_OK);
  char* json = nullptr;
  CHECK(salespulse_review_json(book, nullptr, "2026-02-30", "2026-03-01", &json, &error) ==
        SALESPULSE_INVALID_INPUT);
  CHECK(json == nullptr);
  salespulse_error_free(&error);
  CHECK(salespulse_review_json(book, nullptr, "2026-01-01", nullptr, &json, nullptr) ==
        SALESPULSE_INVALID_INPUT);
  CHECK(salespulse_review_json(book, nullptr, "2026-01-02", "2026-01-01", &json, nullptr) ==
        SALESPULSE_INVALID_INPUT);
  CHECK(salespulse_review_json(nullptr, nullptr, nullptr, nullptr, &json, nullptr) ==
        SALESPULSE_INVALID_INPUT);
  salespulse_book_free(&book);

  salespulse_error_free(nullptr);
  salespulse_book_free(nullptr);
  salespulse_text_free(nullptr);
  salespulse_snapshot_free(nullptr);
  CHECK(std::string(salespulse_error_message(nullptr)).empty());
  CHECK(salespulse_book_deals(nullptr) == 0);
}
