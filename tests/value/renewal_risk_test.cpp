// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include <salespulse/core/interval.hpp>
#include <salespulse/core/random.hpp>
#include <salespulse/model/line.hpp>
#include <salespulse/model/product.hpp>
#include <salespulse/tally/value_key.hpp>
#include <salespulse/value/discount.hpp>
#include <salespulse/value/renewal_risk.hpp>
#include <salespulse/value/schedule.hpp>
#include <salespulse/value/snapshot.hpp>
#include <salespulse/value/survival.hpp>
#include <salespulse/value/weights.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

using namespace salespulse;

namespace {

constexpr std::array<std::string_view, 2> families{"licence", "service"};
constexpr std::array<lifetime_kind, 2> kinds{lifetime_kind::contract, lifetime_kind::contract};
constexpr std::array<std::string_view, 1> segments{""};
constexpr std::uint32_t fresh = 0x8000'0000U;

snapshot theta() {
  snapshot s;
  s.retention = {
      {"licence", 12, 3, 7, 1.1}, {"licence", 6, 1.5, 4, 1}, {"service", 12, 0.9, 2.2, 1}};
  s.payment = {{"", 0.05, 0.98, 0}};
  return s;
}

valuation bound(const snapshot& s) {
  return valuation::make({&s, 1}, families, kinds, segments).value();
}

// A line as the columns hold it: its class and share, and its amounts.
struct entry {
  std::uint32_t owner = 0;
  value_class of;
  std::int32_t ppm = 1'000'000;
  std::int64_t net = 0;
  std::int64_t cost = 0;
  bool begins = true;  // a new lifetime
};

std::vector<owner_risk> risk_of(const std::vector<entry>& entries, const valuation& v) {
  std::vector<value_key> keys;
  for (const entry& e : entries) keys.push_back({e.owner, e.of, {e.ppm}});
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  std::vector<std::uint32_t> key;
  std::vector<std::int64_t> net;
  std::vector<std::int64_t> cost;
  for (const entry& e : entries) {
    const auto at = std::lower_bound(keys.begin(), keys.end(), value_key{e.owner, e.of, {e.ppm}});
    key.push_back(static_cast<std::uint32_t>(at - keys.begin()) | (e.begins ? fresh : 0));
    net.push_back(e.net);
    cost.push_back(e.cost);
  }
  return renewal_risk({keys, key, net, cost}, v);
}

value_class of(std::uint32_t family, line_terms terms,
               value_basis basis = value_basis::contribution) {
  return {family_id{family}, terms, segment_id{0}, basis, true, 0};
}

// What each lifetime can come to: value and probability for each number of renewals survived.
using outcomes = std::vector<std::pair<double, double>>;

// The flows of some lines that end together, straight from the definition.
outcomes lifetime(const std::vector<entry>& lines, const snapshot& s) {
  const discount_curve d(s.yearly_rate);
  const retention_parameters* r = nullptr;
  for (const retention_parameters& p : s.retention) {
    if (p.family == families[index_of(lines[0].of.family)] &&
        p.term_months == lines[0].of.terms.term_months) {
      r = &p;
    }
  }
  std::vector<double> by_renewal;
  for (const entry& e : lines) {
    const line_terms& t = e.of.terms;
    for (int k = 0; flow_day(t, k) < s.horizon_days; ++k) {
      const auto j = static_cast<std::size_t>(k / (t.term_months / t.every_months));
      if (by_renewal.size() <= j) by_renewal.resize(j + 1, 0);
      const double paid = static_cast<double>(e.net) * (1 - s.payment[0].credit_loss);
      by_renewal[j] += (paid - static_cast<double>(e.cost)) * e.ppm / 1e6 *
                       std::pow(r->growth, static_cast<double>(j)) * s.payment[0].payment_factor *
                       d(flow_day(t, k));
    }
  }
  outcomes out;
  double reached = 0;
  for (std::size_t j = 0; j < by_renewal.size(); ++j) {
    reached += by_renewal[j];
    const int renewals = static_cast<int>(j);
    const double more = j + 1 < by_renewal.size() ? survival(r->alpha, r->beta, renewals + 1) : 0;
    out.emplace_back(reached, survival(r->alpha, r->beta, renewals) - more);
  }
  return out;
}

struct distribution {
  double variance = 0;
  std::array<std::pair<double, double>, 2> deviation;
};

// Every combination of outcomes of independent lifetimes.
distribution enumerate(const std::vector<outcomes>& lifetimes) {
  outcomes all{{0, 1}};
  for (const outcomes& next : lifetimes) {
    outcomes product;
    for (const auto& [x, p] : all) {
      for (const auto& [y, q] : next) product.emplace_back(x + y, p * q);
    }
    all = std::move(product);
  }
  distribution out;
  double mean = 0;
  for (const auto& [x, p] : all) mean += x * p;
  for (const auto& [x, p] : all) out.variance += p * (x - mean) * (x - mean);
  std::sort(all.begin(), all.end());
  for (std::size_t level = 0; level < risk_levels.size(); ++level) {
    const double tail = (1 - risk_levels[level]) / 2;
    double sum = 0;
    for (auto it = all.begin(); it != all.end(); ++it) {
      if ((sum += it->second) < tail) continue;
      out.deviation[level].first = it->first - mean;
      break;
    }
    sum = 0;
    for (auto it = all.rbegin(); it != all.rend(); ++it) {
      if ((sum += it->second) < tail) continue;
      out.deviation[level].second = it->first - mean;
      break;
    }
  }
  return out;
}

void check(const owner_risk::part& found, const distribution& expected, double slack) {
  const double sd = std::sqrt(expected.variance);
  CHECK(std::abs(found.variance - expected.variance) <= 1e-11 * expected.variance);
  for (std::size_t i = 0; i < risk_levels.size(); ++i) {
    CHECK(found.deviation[i].level == risk_levels[i]);
    CHECK(std::abs(found.deviation[i].lower - expected.deviation[i].first) <= slack * sd);
    CHECK(std::abs(found.deviation[i].upper - expected.deviation[i].second) <= slack * sd);
  }
}

}  // namespace

TEST_CASE("two renewals by hand", "[renewal_risk]") {
  // Yearly flows of 100 without discount or loss; S = 1, 0.7, 0.7 * 8 / 11. The value is 100 with
  // probability 0.3, 200 with 0.7 * 3 / 11 and 300 with 0.7 * 8 / 11: mean below.
  snapshot s = theta();
  s.yearly_rate = 0;
  s.retention[0] = {"licence", 12, 3, 7, 1};
  s.payment[0] = {"", 0, 1, 0};
  const std::vector<owner_risk> risk =
      risk_of({{.of = of(0, {12, 12, 0, true}), .net = 130, .cost = 30}}, bound(s));
  REQUIRE(risk.size() == 1);
  const double p1 = 0.3;
  const double p2 = 0.7 * 3 / 11;
  const double p3 = 0.7 * 8 / 11;
  const double mean = 100 * p1 + 200 * p2 + 300 * p3;
  const double variance = 1e4 * p1 + 4e4 * p2 + 9e4 * p3 - mean * mean;
  const owner_risk::part& part = risk[0].contribution;
  CHECK(std::abs(part.variance - variance) < 1e-9);
  CHECK(part.lifetimes == 1);
  for (const interval& i : part.deviation) {  // 0.3 below and 0.5 above are more than any tail
    CHECK(std::abs(i.lower - (100 - mean)) < 1e-10);
    CHECK(std::abs(i.upper - (300 - mean)) < 1e-10);
  }
  CHECK(risk[0].revenue.lifetimes == 0);
  CHECK(risk[0].revenue.variance == 0);
}

TEST_CASE("few lifetimes have the interval of every combination of their ends", "[renewal_risk]") {
  const snapshot s = theta();
  const valuation v = bound(s);
  random_stream random(6, 0);
  for (int round = 0; round < 60; ++round) {
    std::vector<entry> entries;
    std::vector<outcomes> expected;
    const std::uint32_t n = 1 + random.below(5);
    for (std::uint32_t i = 0; i < n; ++i) {
      constexpr std::array<line_terms, 3> terms{
          {{12, 12, 0, true}, {1, 12, 50, true}, {6, 6, 700, true}}};
      const std::uint32_t which = random.below(3);
      const std::int64_t net = 1000 + random.below(100'000);
      entries.push_back({.of = of(which == 2 ? 0 : random.below(2), terms[which]),
                         .ppm = 1 + static_cast<std::int32_t>(random.below(1'000'000)),
                         .net = net,
                         .cost = random.below(140'000)});
      expected.push_back(lifetime({entries.back()}, s));
    }
    const std::vector<owner_risk> risk = risk_of(entries, v);
    REQUIRE(risk.size() == 1);
    CHECK(risk[0].contribution.lifetimes == n);
    check(risk[0].contribution, enumerate(expected), 1e-9);
  }
}

TEST_CASE("many combinations are joined to within a small part of the spread", "[renewal_risk]") {
  const snapshot s = theta();
  random_stream random(7, 0);
  for (int round = 0; round < 3; ++round) {
    std::vector<entry> entries;
    std::vector<outcomes> expected;
    for (int i = 0; i < 11; ++i) {  // three outcomes each: 177 147 combinations
      entries.push_back(
          {.of = of(random.below(2), {12, 12, 0, true}), .net = 10'000 + random.below(100'000)});
      expected.push_back(lifetime({entries.back()}, s));
    }
    const std::vector<owner_risk> risk = risk_of(entries, bound(s));
    check(risk[0].contribution, enumerate(expected), 0.02);
  }
}

TEST_CASE("beyond thirty lifetimes the interval is the normal one", "[renewal_risk]") {
  const snapshot s = theta();
  const valuation v = bound(s);
  std::vector<entry> entries;
  for (int i = 0; i < 31; ++i) {
    entries.push_back({.of = of(0, {12, 12, 0, true}), .net = 10'000 + 100 * i});
  }
  const owner_risk::part many = risk_of(entries, v)[0].contribution;
  CHECK(many.lifetimes == 31);
  const double sd = std::sqrt(many.variance);
  CHECK(std::abs(many.deviation[0].upper - 1.2815515655446004 * sd) < 1e-9 * sd);
  CHECK(std::abs(many.deviation[0].lower + 1.2815515655446004 * sd) < 1e-9 * sd);
  CHECK(std::abs(many.deviation[1].upper - 1.6448536269514722 * sd) < 1e-9 * sd);
  // Thirty are still exact: skewed, and yet close to it.
  entries.pop_back();
  const owner_risk::part few = risk_of(entries, v)[0].contribution;
  CHECK(few.lifetimes == 30);
  const double less = std::sqrt(few.variance);
  CHECK(few.deviation[0].upper != -few.deviation[0].lower);
  CHECK(std::abs(few.deviation[0].upper - 1.28 * less) < 0.2 * less);
}

TEST_CASE("lines of one lifetime are summed before anything is squared", "[renewal_risk]") {
  const snapshot s = theta();
  const valuation v = bound(s);
  const value_class c = of(0, {12, 12, 0, true});
  const owner_risk whole = risk_of({{.of = c, .net = 100'000, .cost = 40'000}}, v)[0];
  const owner_risk parts = risk_of({{.of = c, .net = 70'000, .cost = 20'000},
                                    {.of = c, .net = 20'000, .cost = 10'000, .begins = false},
                                    {.of = c, .net = 10'000, .cost = 10'000, .begins = false}},
                                   v)[0];
  CHECK(parts.contribution.variance == whole.contribution.variance);
  CHECK(parts.contribution.lifetimes == 1);
  CHECK(parts.contribution.deviation == whole.contribution.deviation);
  // Apart they would risk less: their ends do not come together.
  const owner_risk apart = risk_of({{.of = c, .net = 70'000, .cost = 20'000},
                                    {.of = c, .net = 20'000, .cost = 10'000},
                                    {.of = c, .net = 10'000, .cost = 10'000}},
                                   v)[0];
  CHECK(apart.contribution.variance < 0.9 * whole.contribution.variance);
  CHECK(apart.contribution.lifetimes == 3);
}

TEST_CASE("lines of several classes and shares in one lifetime end together", "[renewal_risk]") {
  const snapshot s = theta();
  const valuation v = bound(s);
  random_stream random(9, 0);
  for (int round = 0; round < 60; ++round) {
    // Keys ascend within a lifetime: by interval, then by share.
    std::vector<entry> entries;
    std::vector<outcomes> expected;
    for (int l = 0; l < 3; ++l) {
      std::vector<entry> lines;
      for (const std::int32_t every : {1, 3, 12}) {
        for (const std::int32_t ppm : {400'000, 1'000'000}) {
          if (random.chance(0.4)) continue;
          lines.push_back({.of = of(0, {every, 12, 0, true}),
                           .ppm = ppm,
                           .net = 1000 + random.below(50'000),
                           .cost = random.below(50'000),
                           .begins = lines.empty()});
        }
      }
      if (lines.empty()) continue;
      expected.push_back(lifetime(lines, s));
      entries.insert(entries.end(), lines.begin(), lines.end());
    }
    if (entries.empty()) continue;
    const std::vector<owner_risk> risk = risk_of(entries, v);
    REQUIRE(risk.size() == 1);
    CHECK(risk[0].contribution.lifetimes == static_cast<std::int64_t>(expected.size()));
    check(risk[0].contribution, enumerate(expected), 1e-9);
  }
}

TEST_CASE("many lifetimes of several classes have the normal interval", "[renewal_risk]") {
  const snapshot s = theta();
  std::vector<entry> entries;
  std::vector<outcomes> one_by_one;
  double variance = 0;
  for (int i = 0; i < 40; ++i) {
    std::vector<entry> lines{{.of = of(0, {1, 12, 0, true}), .net = 1000 + i},
                             {.of = of(0, {12, 12, 0, true}), .net = 9000, .begins = false}};
    variance += enumerate({lifetime(lines, s)}).variance;
    entries.insert(entries.end(), lines.begin(), lines.end());
  }
  const owner_risk::part part = risk_of(entries, bound(s))[0].contribution;
  CHECK(part.lifetimes == 40);
  CHECK(std::abs(part.variance - variance) < 1e-11 * variance);
  CHECK(std::abs(part.deviation[1].upper - 1.6448536269514722 * std::sqrt(variance)) <
        1e-9 * std::sqrt(variance));
}

TEST_CASE("the bases of one lifetime stand apart", "[renewal_risk]") {
  const snapshot s = theta();
  const entry known{.of = of(0, {12, 12, 0, true}), .net = 50'000, .cost = 20'000};
  entry unknown{.of = of(0, {12, 12, 0, true}, value_basis::revenue), .net = 70'000};
  const distribution contribution = enumerate({lifetime({known}, s)});
  const distribution revenue = enumerate({lifetime({unknown}, s)});
  unknown.begins = false;
  const owner_risk both = risk_of({known, unknown}, bound(s))[0];
  check(both.contribution, contribution, 1e-9);
  check(both.revenue, revenue, 1e-9);
  CHECK(both.contribution.lifetimes == 1);
  CHECK(both.revenue.lifetimes == 1);
}

TEST_CASE("what cannot end early is not at risk", "[renewal_risk]") {
  const snapshot s = theta();
  const valuation v = bound(s);
  value_class unvalued = of(0, {12, 12, 0, true});
  unvalued.segment = segment_id{7};
  for (const value_class& c : {of(0, {0, 0, 0, false}), of(0, {12, 24, 0, false}),
                               of(0, {12, 12, 1000, true}), unvalued}) {
    const owner_risk r = risk_of({{.owner = 4, .of = c, .net = 1000}}, v)[0];
    CHECK(r.owner == 4);
    CHECK(r.contribution.variance == 0);
    CHECK(r.contribution.lifetimes == 0);
    CHECK(r.contribution.deviation[0].lower == 0);
    CHECK(r.contribution.deviation[1].upper == 0);
  }
  CHECK(risk_of({}, v).empty());
}

TEST_CASE("owners are apart, in ascending order, each with its own lifetimes", "[renewal_risk]") {
  const snapshot s = theta();
  const value_class c = of(0, {12, 12, 0, true});
  const std::vector<owner_risk> risk = risk_of({{.owner = 1, .of = c, .net = 1000},
                                                {.owner = 1, .of = c, .net = 2000},
                                                {.owner = 3, .of = c, .net = 1000},
                                                {.owner = 0xFFFF'FFFFU, .of = c, .net = 5000}},
                                               bound(s));
  REQUIRE(risk.size() == 3);
  CHECK(risk[0].owner == 1);
  CHECK(risk[2].owner == 0xFFFF'FFFFU);
  CHECK(std::abs(risk[0].contribution.variance - 5 * risk[1].contribution.variance) <
        1e-9 * risk[0].contribution.variance);
  CHECK(std::abs(risk[2].contribution.variance - 25 * risk[1].contribution.variance) <
        1e-9 * risk[2].contribution.variance);
}

TEST_CASE("a contract that loses money risks its going on", "[renewal_risk]") {
  const snapshot s = theta();
  const entry loss{.of = of(0, {12, 12, 0, true}), .net = 10'000, .cost = 30'000};
  const owner_risk r = risk_of({loss}, bound(s))[0];
  check(r.contribution, enumerate({lifetime({loss}, s)}), 1e-9);
  CHECK(r.contribution.deviation[0].lower < 0);
}
