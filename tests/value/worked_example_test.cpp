// SPDX-License-Identifier: BSL-1.0
// The worked example of the definition of sustainable value: five deals that all book 120 thousand.
// More digits than it prints were computed from the definitions with 50-digit decimals, the bridge
// over all 5 040 orders of its switches.

#include <salespulse/core/interval.hpp>
#include <salespulse/core/money.hpp>
#include <salespulse/model/book_builder.hpp>
#include <salespulse/value/appraisal.hpp>
#include <salespulse/value/renewal_risk.hpp>
#include <salespulse/value/snapshot.hpp>
#include <salespulse/value/weights.hpp>

#include "support/catch.hpp"
#include "support/figures.hpp"
#include "support/generated_book.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

using namespace salespulse;
using namespace salespulse::test;

namespace {

// Minor units of one thousand of the example: so many that whole ones lose no digit of it.
constexpr double thousand = 1e10;

struct example {
  std::string deal;
  double list, net, cost;
  line_terms terms;
  double alpha, beta, growth;
  std::string segment;
  // What is expected, in thousands: as printed where the example prints it ...
  double value, sd, ratio;
  std::array<double, 7> bridge;
  // ... and to twelve digits.
  double exact_value, exact_sd, exact_ratio, exact_quality;
  std::array<double, 7> exact_bridge;
  std::array<double, 3> at_usual;
};

const std::vector<example> examples{
    {"A", 150, 120, 48, {12, 12, 0, true}, 3, 7, 1, "prompt",
     144.5, 53.2, 0.52, {-49.8, -80.1, 172.3, -34.9, 0, -2.2, -10.8},
     144.506208893, 53.2095858136, 0.517897377999, 0.688701370816,
     {-49.8009345201, -80.1232825077, 172.332237787, -34.863650042, 0, -2.22773553119,
      -10.8104262932},
     {70.2475398233, 144.506208893, 178.749847503}},
    {"B", 120, 120, 72, {0, 0, 0, false}, 1, 1, 1, "prompt",
     46.4, 0, 0.35, {0, -71.7, 0, 0, 0, -1.2, -0.7},
     46.4348144594, 0, 0.353638755639, 0.967391967905,
     {0, -71.7190880457, 0, 0, 0, -1.1953181341, -0.650779360741},
     {46.4348144594, 46.4348144594, 46.4348144594}},
    {"C", 40 / 0.95, 40, 14, {12, 36, 0, true}, 1, 9, 1, "prompt",
     69.5, 0, 0.90, {-6.0, -40.0, 0, 0, 0, -1.2, -9.7},
     69.4833022186, 0, 0.903753871486, 0.903753871486,
     {-5.98536513996, -39.9993404504, 0, 0, 0, -1.17341440908, -9.67436725564},
     {25.4002403881, 69.4833022186, 102.272356473}},
    {"D", 120, 120, 48, {12, 12, 0, true}, 1, 9, 1, "prompt",
     175.2, 38.4, 0.89, {0, -87.4, 167.6, -11.1, 0, -2.2, -11.7},
     175.223014435, 38.4073498058, 0.889643535862, 0.975660275323,
     {0, -87.3658843716, 167.569718183, -11.1092464975, 0, -2.18414710929, -11.687425769},
     {70.2475398233, 175.223014435, 248.023460128}},
    {"E", 120, 120, 48, {12, 12, 0, true}, 1, 9, 1, "slow",
     150.8, 33.1, 0.77, {0, -86.2, 159.2, -10.3, 0, -17.2, -14.6},
     150.846786877, 33.0642942613, 0.765880379829, 0.839930862336,
     {0, -86.2395270676, 159.158322885, -10.2671789756, 0, -17.2479054135, -14.5569245521},
     {60.4750220882, 150.846786877, 213.5195662}},
    // Beyond the example: quarterly flows, an offset, growth. Not printed there.
    {"F", 15, 12, 5, {3, 12, 40, true}, 2, 5, 1.07, "other",
     55.2, 20.9, 0.50, {-19.8, -33.6, 69.9, -13.3, 2.7, -2.7, -7.9},
     55.203222657, 20.9406429363, 0.501883080953, 0.656243283616,
     {-19.8254384901, -33.6000765013, 69.8640460965, -13.3285058677, 2.69155782518,
      -2.68939947438, -7.90896093117},
     {25.0730316129, 55.203222657, 72.3012122895}},
};

// Within half a unit of the last digit printed.
bool prints(double x, double printed, double unit) { return std::abs(x - printed) <= unit / 2; }
bool agrees(double x, double exact) { return std::abs(x - exact) <= 2e-11 * (1 + std::abs(exact)); }

money minor(double thousands) {
  return {static_cast<std::int64_t>(std::llround(thousands * thousand)), eur};
}

struct example_book {
  book facts;
  std::vector<issue> issues;
  snapshot parameters;
};

example_book all_examples() {
  generated_facts facts;
  snapshot theta;
  theta.name = "worked example";
  const auto phi = [](double days) { return std::pow(1.1, -days / 365); };
  theta.payment = {{"prompt", 0.01, phi(30), 30}, {"slow", 0.08, phi(120), 120},
                   {"other", 0.03, phi(45), 45}};
  facts.stages = {{.id = "won", .outcome = deal_outcome::won}};
  for (const example& e : examples) {
    facts.customers.push_back({.id = e.deal, .segment = e.segment});
    facts.products.push_back({.id = e.deal, .lifetime = lifetime_kind::contract});
    facts.deals.push_back({.id = e.deal, .customer = e.deal, .owner = "anna"});
    facts.stage_events.push_back(
        {.deal = e.deal, .stage = "won", .at = start_of(to_date({2024, 5, 1}))});
    facts.lines.push_back({.deal = e.deal,
                           .product = e.deal,
                           .list = minor(e.list),
                           .net = minor(e.net),
                           .cost = minor(e.cost),
                           .terms = e.terms});
    if (e.terms.renews) {
      theta.retention.push_back({e.deal, e.terms.term_months, e.alpha, e.beta, e.growth});
    }
  }
  std::vector<issue> issues;
  book b = build(facts, &issues);
  return {std::move(b), std::move(issues), std::move(theta)};
}

}  // namespace

TEST_CASE("the worked example comes out to every digit", "[worked_example]") {
  const example_book all = all_examples();
  CHECK(all.issues.empty());
  const valuation v = valuation_of(all.facts, {&all.parameters, 1});
  figures f = figures_of(all.facts, v, value_view::deal);
  for (const example& e : examples) {
    CAPTURE(e.deal);
    const appraisal& a = f[e.deal].value.contribution;
    const owner_risk::part& risk = f[e.deal].risk.contribution;
    const double sd = std::sqrt(risk.variance) / thousand;
    const estimate ratio = sustainability_ratio(a, provenance::prior);
    REQUIRE(ratio.value);
    CHECK(prints(a.value / thousand, e.value, 0.1));
    CHECK(prints(sd, e.sd, 0.1));
    CHECK(prints(*ratio.value, e.ratio, 0.01));
    for (std::size_t i = 0; i < bridge_steps; ++i) {
      CAPTURE(to_string(static_cast<bridge_step>(i)));
      CHECK(prints(a.bridge[i] / thousand, e.bridge[i], 0.1));
      CHECK(agrees(a.bridge[i] / thousand, e.exact_bridge[i]));
    }
    CHECK(agrees(a.value / thousand, e.exact_value));
    CHECK(agrees(sd, e.exact_sd));
    CHECK(agrees(*ratio.value, e.exact_ratio));
    CHECK(agrees(*booking_quality(a, provenance::prior).value, e.exact_quality));
    for (std::size_t i = 0; i < 3; ++i) CHECK(agrees(a.at_usual[i] / thousand, e.at_usual[i]));
    CHECK(f[e.deal].value.revenue.lines == 0);
    CHECK(f[e.deal].value.refused.empty());
    CHECK(risk.lifetimes == (e.sd == 0 ? 0 : 1));
    if (e.deal == "F") continue;
    CHECK(agrees(a.booked / thousand, 120));
    CHECK(agrees(*value_multiple(a, provenance::prior).value, e.exact_value / 120));
  }
}

TEST_CASE("values and risks of the example add up for the seller who made it", "[worked_example]") {
  const example_book all = all_examples();
  const valuation v = valuation_of(all.facts, {&all.parameters, 1});
  figures f = figures_of(all.facts, v, value_view::salesperson);
  REQUIRE(f.size() == 1);
  const owner_figures& anna = f["anna"];
  double value = 0;
  double variance = 0;
  double booked = 0;
  for (const example& e : examples) {
    value += e.exact_value;
    variance += e.exact_sd * e.exact_sd;
    booked += e.net * (e.terms.every_months == 0 ? 1 : e.terms.term_months / e.terms.every_months);
  }
  CHECK(agrees(anna.value.contribution.value / thousand, value));
  CHECK(agrees(std::sqrt(anna.risk.contribution.variance) / thousand, std::sqrt(variance)));
  CHECK(agrees(anna.value.contribution.booked / thousand, booked));
  CHECK(anna.risk.contribution.lifetimes == 4);
  CHECK(anna.value.contribution.lines == 6);
}
