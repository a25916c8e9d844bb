// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_TESTS_REPORT_SUPPORT_HPP
#define SALESPULSE_TESTS_REPORT_SUPPORT_HPP

#include <salespulse/model/book_builder.hpp>
#include <salespulse/scorecard/scorecard.hpp>
#include <salespulse/value/snapshot.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace report_test {

using namespace salespulse;

inline constexpr date new_year = to_date({2024, 1, 1});

/// The small firm: two sellers in one team and a third without deals; a contract family, a once
/// family and consumables; a line whose cost and one whose list price nobody knows; a lost deal, an
/// open one and one without customer.
[[nodiscard]] inline book small_book() {
  book_builder b;
  b.add(team{.id = "t1", .name = "North"});
  b.add(salesperson{.id = "s1", .name = "Zo\xC3\xAB M\xC3\xBCller"});
  b.add(salesperson{.id = "s2", .name = "\xE5\xB1\xB1\xE7\x94\xB0 \xE5\xA4\xAA\xE9\x83\x8E"});
  b.add(salesperson{.id = "s3"});
  b.add(membership{.salesperson = "s1", .team = "t1"});
  b.add(membership{.salesperson = "s2", .team = "t1"});
  for (const char* id : {"c1", "c2", "c3"}) b.add(customer{.id = id, .segment = "trade"});
  b.add(product{.id = "care", .family = "care", .lifetime = lifetime_kind::contract});
  b.add(product{.id = "box", .family = "box", .lifetime = lifetime_kind::once});
  b.add(product{.id = "ink", .family = "ink", .lifetime = lifetime_kind::repeat});
  b.add(stage{.id = "quote"});
  b.add(stage{.id = "won", .position = 1, .outcome = deal_outcome::won});
  b.add(stage{.id = "lost", .position = 2, .outcome = deal_outcome::lost});
  int number = 0;
  const auto add_deal = [&](const char* customer, const char* owner, const char* source,
                            const char* last_stage, std::int32_t day, std::int32_t days) {
    const std::string id = "d" + std::to_string(++number);
    b.add(deal{.id = id,
               .customer = customer,
               .owner = owner,
               .opened = start_of(new_year + day),
               .source = source});
    b.add(stage_event{.deal = id, .stage = last_stage, .at = start_of(new_year + day + days)});
    return id;
  };
  const line_terms yearly{12, 12, 0, true};
  const auto add_line = [&](const std::string& deal, const char* product, line_terms terms,
                            std::optional<int> list, int net, std::optional<int> cost) {
    line row{.deal = deal, .product = product, .net = units(net, eur), .terms = terms};
    if (list) row.list = units(*list, eur);
    if (cost) row.cost = units(*cost, eur);
    b.add(row);
  };
  const std::string first = add_deal("c1", "s1", "fair", "won", 10, 30);
  add_line(first, "care", yearly, 150'000, 120'000, 48'000);
  add_line(first, "box", {}, 20'000, 20'000, 12'000);
  const std::string second = add_deal("c2", "s2", "web", "won", 40, 51);
  add_line(second, "care", yearly, std::nullopt, 60'000, 20'000);
  add_line(second, "ink", {}, 900, 900, 400);
  b.add(credit_split{.deal = second, .salesperson = "s1", .part = {333'333}});
  b.add(credit_split{.deal = second, .salesperson = "s2", .part = {666'667}});
  const std::string third = add_deal("", "s2", "web", "won", 130, 8);
  add_line(third, "care", yearly, 41'000, 40'000, std::nullopt);
  add_line(add_deal("c3", "s1", "", "lost", 90, 60), "care", yearly, 9'000, 8'000, 3'000);
  add_line(add_deal("c3", "s2", "fair", "quote", 200, 1), "care", yearly, 9'000, 9'000, 3'000);
  return b.build();
}

[[nodiscard]] inline snapshot small_snapshot() {
  snapshot s;
  s.name = "house view";
  s.source = provenance::prior;
  s.retention = {{"care", 12, 3, 7, 1.02}};
  s.payment = {{"trade", 0.01, 0.992, 30}, {"", 0.02, 0.98, 60}};
  return s;
}

[[nodiscard]] inline review small_review(bool with_snapshot = true, review_options options = {}) {
  const snapshot parameters = small_snapshot();
  return make_review(small_book(), with_snapshot ? &parameters : nullptr, options).value();
}

}  // namespace report_test
#endif
