// SPDX-License-Identifier: BSL-1.0
#include "../../src/report/text.hpp"
#include "report/support.hpp"
#include "support/catch.hpp"
#include "support/generated_book.hpp"
#include <salespulse/report/terminal.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

using namespace report_test;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

// The text without line breaks, for sentences that may be wrapped.
std::string in_one_line(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const char next = c == '\n' ? ' ' : c;
    if (next != ' ' || out.empty() || out.back() != ' ') out += next;
  }
  return out;
}

// Compares with a file that somebody has read; SALESPULSE_UPDATE_GOLDEN=1 writes it anew.
void check_golden(const std::string& name, const std::string& text) {
  const std::string path = "tests/report/golden/" + name;
  if (std::getenv("SALESPULSE_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << text;
  }
  std::ifstream file(path, std::ios::binary);
  const std::string golden{std::istreambuf_iterator<char>(file), {}};
  CHECK(text == golden);
}

// A review that nobody could have computed, for what a table must stand.
review extreme_review(double size) {
  review r = small_review();
  const double factor = size / r.firm.value.front().parts.value;
  const auto stretch = [&](scorecard& c) {
    c.booked.booked_ppm = static_cast<wide>(static_cast<double>(c.booked.booked_ppm) * factor);
    for (value_figure& f : c.value) {
      for (double* x :
           {&f.parts.booked, &f.parts.value, &f.parts.listed, &f.parts.beyond, &f.sd,
            &f.at_90.lower, &f.at_90.upper, &f.value.range->lower, &f.value.range->upper}) {
        *x *= factor;
      }
      for (double& x : f.parts.bridge) x *= factor;
      for (double& x : f.parts.at_usual) x *= factor;
    }
  };
  stretch(r.firm);
  for (scorecard& c : r.teams) stretch(c);
  for (scorecard& c : r.salespeople) stretch(c);
  return r;
}

}  // namespace

TEST_CASE("the report of the small firm is the one that was read and approved") {
  check_golden("small.txt", to_terminal(small_review()));
  check_golden("small_without_snapshot.txt", to_terminal(small_review(false)));
  review_options options;
  options.recognised_in = {to_date({2024, 1, 1}), to_date({2025, 1, 1})};
  check_golden("small_details.txt", to_terminal(small_review(true, options),
                                                {.width = 120, .utf8 = false, .details = true}));
  check_golden("small_person.txt",
               to_terminal(small_review(), {.minor_units = true, .people = {"s2", "nobody here"}}));
}

TEST_CASE("no line is wider than the terminal") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const auto facts = test::random_facts(seed);
    const snapshot parameters = test::generate_snapshot(test::random_chooser(seed));
    const review r = make_review(test::build(facts), &parameters).value();
    for (const int width : {80, 100, 120}) {
      for (const std::string& line : lines_of(to_terminal(r, {.width = width, .details = true}))) {
        INFO(line);
        CHECK(display_width(line) <= static_cast<std::size_t>(width));
      }
    }
  }
}

TEST_CASE("columns are aligned whatever the names are made of") {
  review r = small_review();
  const std::vector<std::string> names{"Zo\xC3\xAB", "\xE5\xB1\xB1\xE7\x94\xB0", "Zoe\xCC\x88 B"};
  REQUIRE(r.salespeople.size() == names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    scorecard& card = r.salespeople[i];
    card.name = names[i];
    card.refused.clear();  // no marks behind the names
    card.value.resize(std::min<std::size_t>(card.value.size(), 1));
  }
  const std::string text = to_terminal(r);
  const std::size_t at = text.find("SALESPEOPLE");
  REQUIRE(at != text.npos);
  std::vector<std::size_t> ends;  // of the amounts sold
  for (const std::string& line : lines_of(text.substr(at))) {
    for (const std::string& name : names) {
      if (line.rfind("  " + name + "  ", 0) != 0 || ends.size() == names.size()) continue;
      std::size_t i = 2 + name.size();
      while (line[i] == ' ') ++i;
      while (i < line.size() && (line[i] != ' ' || (i + 1 < line.size() && line[i + 1] != ' ')))
        ++i;
      ends.push_back(display_width(line.substr(0, i)));
    }
  }
  REQUIRE(ends.size() == names.size());
  CHECK(std::count(ends.begin(), ends.end(), ends[0]) == 3);
}

TEST_CASE("people stand in the order of their ids and nothing ranks or scores them") {
  review r = small_review();
  const std::string text = to_terminal(r, {.width = 120, .colour = true, .details = true});
  const std::size_t people = text.find("SALESPEOPLE, in the order of their ids");
  REQUIRE(people != text.npos);
  CHECK(text.find("s1 Zo", people) < text.find("s2 ", people));
  CHECK(text.find("s2 ", people) < text.find("s3 ", people));
  for (const char* word :
       {"rank ", "Rank", "score", "best", "worst", "percentile", "\x1b[3", "\x1b[4"}) {
    INFO(word);
    CHECK_FALSE(contains(text, word));
  }
}

TEST_CASE("only those asked for are shown, in full") {
  const std::string text = to_terminal(small_review(), {.people = {"s2"}});
  CHECK(contains(text, "THE FIRM"));
  CHECK(contains(text, "SALESPERSON s2"));
  for (const char* section : {"SALESPEOPLE", "TEAMS", "QUARTERS", "PRODUCTS", "SOURCES"}) {
    CHECK_FALSE(contains(text, section));
  }
  CHECK_FALSE(contains(text, "Zo\xC3\xAB"));
  CHECK(contains(text, "90 % sure"));
}

TEST_CASE("a prior is named wherever a value rests on it") {
  review r = small_review();
  std::string text = to_terminal(r);
  CHECK(contains(in_one_line(text), "PRIOR: what will last rests on \"house view\""));
  CHECK(contains(text, "Will last (prior)"));
  std::size_t marks = 0;
  for (std::size_t at = text.find("(prior)"); at != text.npos; at = text.find("(prior)", at + 1))
    ++marks;
  CHECK(marks >= 7);  // card, bridge and every table that shows it
  r.snapshot_source = provenance::fitted;
  text = to_terminal(r);
  CHECK_FALSE(contains(text, "prior"));
  CHECK_FALSE(contains(text, "PRIOR"));
  CHECK(contains(in_one_line(text), "fitted to history"));
}

TEST_CASE("without a snapshot what will last is not known, and says why") {
  const std::string text = to_terminal(small_review(false));
  CHECK(contains(text, "not known: no renewal history"));
  CHECK_FALSE(contains(text, "(prior)"));
  CHECK(contains(text, "nothing won"));  // s3
}

TEST_CASE("every reason of a missing figure is said in words") {
  for (const refusal why : {refusal::no_amount, refusal::family_undeclared, refusal::repeat_family,
                            refusal::no_retention, refusal::no_payment}) {
    review r = small_review();
    r.firm.refused = {{why, family_id{0}, 12, segment_id{0}, 3, 4500}};
    const std::string beside = in_one_line(to_terminal(r));
    CHECK(contains(beside, to_string(why)));
    CHECK(contains(beside, "3 lines"));
    r.firm.value.clear();
    for (scorecard& c : r.salespeople) {
      c.value.clear();
      c.refused = r.firm.refused;
    }
    for (scorecard& c : r.teams) c.value.clear();
    CHECK(contains(in_one_line(to_terminal(r)), to_string(why)));
  }
  review r = small_review();
  const auto lose = [](estimate& e, std::string_view reason) { e = undefined("x", reason); };
  const char* reasons[] = {"first reason", "second reason", "third reason",  "fourth reason",
                           "fifth reason", "sixth reason",  "seventh reason"};
  for (scorecard* c : {&r.firm, &r.salespeople[0]}) {
    lose(c->win_rate, reasons[0]);
    lose(c->won_cycle.median, reasons[1]);
    lose(c->price_realisation, reasons[2]);
    lose(c->customers.hhi, reasons[3]);
    lose(c->customers.top_share, reasons[3]);
    lose(c->value[0].value_multiple, reasons[4]);
    lose(c->value[0].sustainability_ratio, reasons[5]);
    lose(c->value[0].booking_quality, reasons[6]);
  }
  const std::string text = in_one_line(to_terminal(r, {.details = true}));
  for (const char* reason : reasons) CHECK(contains(text, "not known: " + std::string(reason)));
  const std::string person = in_one_line(to_terminal(r, {.details = true, .people = {"s1"}}));
  for (const char* reason : reasons) CHECK(contains(person, reason));
}

TEST_CASE("a quarter that the record covers in part carries a warning") {
  review r = small_review();
  REQUIRE_FALSE(r.quarters.empty());
  for (group_row& q : r.quarters) q.data = {};
  CHECK_FALSE(contains(to_terminal(r), "inside this quarter"));
  r.quarters[0].data.begins_inside = true;
  CHECK(contains(to_terminal(r), "The record begins inside this quarter"));
  CHECK(contains(to_terminal(r), r.quarters[0].name + " (a)"));
  r.quarters[0].data = {false, true};
  CHECK(contains(to_terminal(r), "The record ends inside this quarter"));
}

TEST_CASE("sources are shown only where there are several") {
  review r = small_review();
  CHECK(contains(to_terminal(r), "SOURCES"));
  r.sources.resize(1);
  CHECK_FALSE(contains(to_terminal(r), "SOURCES"));
}

TEST_CASE("huge and negative amounts keep their tables") {
  for (const double size : {1e15, 1e18, -1e12, 1.0}) {
    const review r = extreme_review(size);
    for (const bool details : {false, true}) {
      const std::string text = to_terminal(r, {.width = 100, .details = details});
      CHECK(contains(text, "HOW TO READ THIS"));
      CHECK_FALSE(contains(text, "nan"));
      CHECK_FALSE(contains(text, "inf "));
    }
  }
  CHECK(contains(to_terminal(extreme_review(1e15)), "10 000 000 000 000"));
  CHECK(contains(to_terminal(extreme_review(-1e12)), "-10 000 000 000"));
}

TEST_CASE("deals won without any amount are not taken as nothing") {
  book_builder b;
  b.add(salesperson{.id = "s1"});
  b.add(stage{.id = "won", .outcome = deal_outcome::won});
  b.add(deal{.id = "d1", .owner = "s1"});
  b.add(stage_event{.deal = "d1", .stage = "won", .at = start_of(new_year)});
  const review r = make_review(b.build(), nullptr).value();
  const std::string text = in_one_line(to_terminal(r));
  CHECK(contains(text, "not known: 1 deal won without an amount"));
  CHECK(contains(text, "Will last not known: won without an amount"));
  CHECK_FALSE(contains(text, "nothing won"));
  CHECK(contains(text, "No deal is on record as lost"));
  CHECK_FALSE(contains(text, "TEAMS"));
}

TEST_CASE("bases are told apart and never added") {
  const review r = small_review();
  REQUIRE(r.firm.value.size() == 2);
  const std::string text = in_one_line(to_terminal(r));
  CHECK(contains(text, "after cost"));
  CHECK(contains(text, "before cost"));
  CHECK(contains(text, "never added"));
}

TEST_CASE("one salesperson and a thousand are both reported") {
  review r = small_review();
  r.salespeople.resize(1);
  r.teams.clear();
  CHECK(contains(to_terminal(r), "1 salesperson, 0 teams"));
  const scorecard one = r.salespeople[0];
  for (int i = 0; i < 999; ++i) {
    r.salespeople.push_back(one);
    r.salespeople.back().id = "x" + std::to_string(1000 + i);
    r.salespeople.back().owner = static_cast<std::uint32_t>(10 + i);
  }
  CHECK(contains(to_terminal(r), "1 000 salespeople"));
  CHECK(lines_of(to_terminal(r)).size() > 3000);
}

TEST_CASE("a hostile name cannot steer the terminal") {
  review r = small_review();
  r.salespeople[0].name = "x\x1b]0;owned\x07";
  r.salespeople[1].id = std::string("\xff\x9b\n", 3);
  r.products[0].name = "\x1b[2J";
  const std::string text = to_terminal(r);
  CHECK_FALSE(contains(text, "\x1b"));
  CHECK_FALSE(contains(text, "\x07"));
}

TEST_CASE("a value of a part of what was sold says of which part") {
  const std::string text = in_one_line(to_terminal(small_review()));
  CHECK(contains(text, "235 866 of 200 000 of the 240 900 sold; 900 is not valued (see below)"));
  CHECK(contains(text, "80 167 of 40 000 of the 240 900 sold before cost"));
  CHECK(contains(text, "only a part of Sold is valued"));
  review r = small_review();
  for (std::vector<scorecard>* some : {&r.teams, &r.salespeople}) {
    for (scorecard& c : *some) c.refused.clear();
  }
  CHECK_FALSE(contains(to_terminal(r), "only a part of Sold is valued"));
  r.salespeople[0].booked.unpriced = 1;
  CHECK(contains(to_terminal(r), "some of what was won has no amount: it is not in Sold"));
}

TEST_CASE("how sure a value is is said to be by chance of renewal alone, if a prior is right") {
  review r = small_review();
  CHECK(contains(in_one_line(to_terminal(r)),
                 "if the prior is right, 80 % sure by chance of renewal alone: between 153 298"));
  CHECK(contains(in_one_line(to_terminal(r)), "90 %, because people could be compared"));
  r.snapshot_source = provenance::fitted;
  CHECK(contains(in_one_line(to_terminal(r)),
                 "80 % sure, by chance of renewal alone: between 153 298"));
}

TEST_CASE("where nothing renews no range is given") {
  review r = small_review();
  CHECK(contains(to_terminal(r), "can exceed what was sold, since customers renew"));
  for (value_figure& f : r.firm.value) f.lifetimes_at_risk = 0;
  for (value_figure& f : r.teams[0].value) f.lifetimes_at_risk = 0;
  const std::string text = to_terminal(r);
  const std::string firm = text.substr(0, text.find("SALESPEOPLE"));
  CHECK(contains(firm, "nothing renews"));
  CHECK(contains(firm, "nothing  renews"));  // in the two columns of a table
  CHECK_FALSE(contains(firm, "153 298"));
  CHECK_FALSE(contains(firm, "can exceed what was sold"));
}

TEST_CASE("what is won without valid shares is sold by nobody and closed by its owner") {
  book_builder b;
  b.add(salesperson{.id = "s1"});
  b.add(salesperson{.id = "s2"});
  b.add(customer{.id = "c1"});
  b.add(product{.id = "box", .family = "box", .lifetime = lifetime_kind::once});
  b.add(stage{.id = "won", .outcome = deal_outcome::won});
  b.add(deal{.id = "d1", .customer = "c1", .owner = "s1", .opened = start_of(new_year)});
  b.add(stage_event{.deal = "d1", .stage = "won", .at = start_of(new_year + 9)});
  b.add(line{.deal = "d1", .product = "box", .net = units(700, eur)});
  b.add(credit_split{.deal = "d1", .salesperson = "s1", .part = {600'000}});
  b.add(credit_split{.deal = "d1", .salesperson = "s2", .part = {600'000}});
  const review r = make_review(b.build(), nullptr).value();
  REQUIRE(r.notes.credits_refused == 1);
  const std::string text = to_terminal(r);
  CHECK(contains(text, "(nobody credited)"));
  CHECK_FALSE(contains(text, "(nobody credited)    0"));
  CHECK(contains(text, "counted with those who owned these deals when they were won"));
  CHECK(contains(in_one_line(text), "won more than Sold says"));
  CHECK(contains(text, "1 deal whose shares do not sum to one"));
}

TEST_CASE("rejected rows are told with the records") {
  review_options options;
  CHECK_FALSE(contains(to_terminal(small_review()), "rejected"));
  options.rejected_rows = 1;
  CHECK(contains(to_terminal(small_review(true, options)),
                 "1 row of the files was rejected and is in no figure."));
  options.rejected_rows = 1400;
  CHECK(contains(to_terminal(small_review(true, options)),
                 "1 400 rows of the files were rejected and are in no figure."));
}

TEST_CASE("the largest customers are named only where there are more of them") {
  CHECK_FALSE(contains(to_terminal(small_review()), "the largest"));
  CHECK_FALSE(contains(to_terminal(small_review()), "HHI 0"));
  CHECK(contains(to_terminal(small_review(), {.details = true}), "HHI 0"));
  review_options options;
  options.largest_customers = 2;
  CHECK(contains(to_terminal(small_review(true, options)), "the largest 2 bring"));
}

TEST_CASE("a value that is the same multiple of everybody's sales says so") {
  review r = small_review();
  CHECK_FALSE(contains(to_terminal(r), "tells nothing beyond Sold"));
  for (scorecard& c : r.salespeople) {
    for (value_figure& f : c.value) f.parts.value = 1.5 * f.parts.booked;
  }
  CHECK(contains(in_one_line(to_terminal(r)),
                 "The prior treats all alike: what each will bring is 1.50 times what was sold and "
                 "valued, so the column tells nothing beyond Sold."));
}
