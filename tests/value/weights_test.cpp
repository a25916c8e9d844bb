// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include <salespulse/core/interval.hpp>
#include <salespulse/core/result.hpp>
#include <salespulse/core/share.hpp>
#include <salespulse/core/wide.hpp>
#include <salespulse/model/line.hpp>
#include <salespulse/model/product.hpp>
#include <salespulse/tally/tally.hpp>
#include <salespulse/tally/value_key.hpp>
#include <salespulse/value/appraisal.hpp>
#include <salespulse/value/discount.hpp>
#include <salespulse/value/schedule.hpp>
#include <salespulse/value/snapshot.hpp>
#include <salespulse/value/survival.hpp>
#include <salespulse/value/weights.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

using namespace salespulse;

namespace {

constexpr std::array<std::string_view, 4> families{"licence", "training", "supplies", "trial"};
constexpr std::array<lifetime_kind, 4> kinds{lifetime_kind::contract, lifetime_kind::once,
                                             lifetime_kind::repeat, lifetime_kind::unknown};
constexpr std::array<std::string_view, 2> segments{"", "large"};

snapshot theta() {
  snapshot s;
  s.name = "test";
  s.retention = {{"licence", 12, 3, 7, 1}, {"licence", 36, 1, 9, 1.1}};
  s.payment = {{"", 0.02, 0.99, 30}};
  return s;
}

result<valuation> make(const snapshot& s) {
  return valuation::make({&s, 1}, families, kinds, segments);
}

valuation bound(const snapshot& s) { return make(s).value(); }

value_class licence(line_terms terms = {12, 12, 0, true}) {
  return {family_id{0}, terms, segment_id{0}, value_basis::contribution, true, 0};
}

}  // namespace

TEST_CASE("lines without a value say why", "[weights]") {
  const valuation v = bound(theta());
  const auto why = [&](const value_class& c) { return v.weigh(c).why; };
  CHECK(why(licence()) == refusal::none);

  value_class c = licence();
  c.basis = value_basis::none;
  CHECK(why(c) == refusal::no_amount);
  c = licence();
  c.family = family_id{3};
  CHECK(why(c) == refusal::family_undeclared);
  c.family = family_id{9};  // a family that the book did not have when the parameters were bound
  CHECK(why(c) == refusal::family_undeclared);
  c.family = family_id{2};
  CHECK(why(c) == refusal::repeat_family);
  CHECK(why(licence({12, 24, 0, true})) == refusal::no_retention);
  c = licence();
  c.segment = segment_id{1};
  CHECK(why(c) == refusal::no_payment);
  c = licence();
  c.epoch = 1;
  CHECK(why(c) == refusal::no_snapshot);
  c.epoch = -1;
  CHECK(why(c) == refusal::no_snapshot);
  const valuation none = valuation::make({}, families, kinds, segments).value();
  CHECK(none.weigh(licence()).why == refusal::no_snapshot);
  CHECK(none.horizon() == 0);
  CHECK(v.horizon() == 1095);

  // Every reason has words of its own.
  std::vector<std::string_view> words;
  for (const refusal r :
       {refusal::none, refusal::no_snapshot, refusal::no_amount, refusal::family_undeclared,
        refusal::repeat_family, refusal::no_retention, refusal::no_payment}) {
    for (const std::string_view other : words) CHECK(other != to_string(r));
    words.push_back(to_string(r));
    CHECK_FALSE(to_string(r).empty());
  }
  CHECK(to_string(refusal::no_snapshot) == "not known: no renewal history");
  CHECK(to_string(refusal::repeat_family).substr(0, 14) == "not yet valued");
}

TEST_CASE("what does not continue needs no retention", "[weights]") {
  const valuation v = bound(theta());
  for (const line_terms terms : {line_terms{0, 0, 0, false}, line_terms{12, 24, 0, false}}) {
    const class_weights w = v.weigh(licence(terms));
    CHECK(w.why == refusal::none);
    CHECK(w.by_renewal.empty());
    CHECK(w.variance == 0);
  }
  value_class once = licence({12, 24, 0, true});
  once.family = family_id{1};
  const class_weights w = v.weigh(once);
  CHECK(w.why == refusal::none);
  CHECK(w.committed == 2);
  CHECK(w.variance == 0);
  CHECK(std::abs(w.value - 0.99 * (1 + 1 / 1.1)) < 1e-15);
}

TEST_CASE("terms that make no schedule are a mistake of the caller", "[weights]") {
  const valuation v = bound(theta());
  for (const line_terms terms : {line_terms{0, 0, 0, true}, line_terms{12, 0, 0, true},
                                 line_terms{-12, 12, 0, true}, line_terms{12, 18, 0, true}}) {
    CHECK_THROWS_AS(v.weigh(licence(terms)), invalid_input);
  }
}

TEST_CASE("parameters outside their range are refused by name", "[weights]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinite = std::numeric_limits<double>::infinity();
  const auto refused = [](const snapshot& s, std::string_view word) {
    const result<valuation> v = make(s);
    REQUIRE_FALSE(v);
    CAPTURE(v.error().message);
    CHECK(v.error().message.find(word) != std::string::npos);
    CHECK(v.error().message.find("'test'") != std::string::npos);
  };
  snapshot s;
  for (const double bad : {-0.99, -1.0, 100.0, nan, infinite}) {
    s = theta();
    s.yearly_rate = bad;
    refused(s, "yearly_rate");
  }
  for (const std::int32_t bad : {0, -1, 36'501}) {
    s = theta();
    s.horizon_days = bad;
    refused(s, "horizon_days");
  }
  for (const double bad : {0.0, -1.0, 1e12, nan, infinite}) {
    s = theta();
    s.retention[0].alpha = bad;
    refused(s, "alpha");
    s = theta();
    s.retention[1].beta = bad;
    refused(s, "beta");
  }
  for (const double bad : {0.0, -1.0, 100.0, nan}) {
    s = theta();
    s.retention[0].growth = bad;
    refused(s, "growth");
  }
  s = theta();
  s.retention[0].term_months = 0;
  refused(s, "term");
  for (const double bad : {-0.01, 1.01, nan}) {
    s = theta();
    s.payment[0].credit_loss = bad;
    refused(s, "credit_loss");
  }
  for (const double bad : {0.0, -1.0, 100.0, nan}) {
    s = theta();
    s.payment[0].payment_factor = bad;
    refused(s, "payment_factor");
  }
  s = theta();
  s.retention.push_back(s.retention[0]);
  refused(s, "twice");
  s = theta();
  s.payment.push_back(s.payment[0]);
  refused(s, "twice");
  CHECK_THROWS_AS(valuation::make({}, families, std::span(kinds).first(3), segments),
                  invalid_input);
}

TEST_CASE("parameters of families that the book does not have are no mistake", "[weights]") {
  snapshot s = theta();
  s.retention.push_back({"elsewhere", 12, 1, 1, 1});
  s.payment.push_back({"nowhere", 0, 1, 0});
  CHECK(make(s));
}

TEST_CASE("coefficients are the sums over the flows that they stand for", "[weights]") {
  snapshot s = theta();
  s.retention[0].growth = 1.2;
  const valuation v = bound(s);
  const discount_curve d(0.10);
  for (const line_terms terms :
       {line_terms{12, 12, 0, true}, line_terms{1, 12, 77, true}, line_terms{3, 12, 1000, true},
        line_terms{12, 12, 1095, true}, line_terms{6, 36, 20, true}}) {
    const class_weights w = v.weigh(licence(terms));
    const auto& r = s.retention[terms.term_months == 12 ? 0 : 1];
    CAPTURE(terms.every_months, terms.offset_days);
    const int committed = terms.term_months / terms.every_months;
    double value = 0;
    double kept = 0;
    double whole = 0;
    double quality = 0;
    double before = 0;
    for (int k = 0; flow_day(terms, k) < 1095; ++k) {
      const int j = k / committed;
      const double discounted = d(flow_day(terms, k));
      value += std::pow(r.growth, j) * 0.99 * discounted * survival(r.alpha, r.beta, j);
      kept += 0.99 * discounted * survival(r.alpha, r.beta, j);
      whole += discounted;
      if (j == 0) quality += discounted;
      if (j == 0) before += 1;
    }
    CHECK(std::abs(w.value - value) <= 1e-13 * value);
    CHECK(std::abs(w.kept - kept) <= 1e-13 * kept);
    CHECK(std::abs(w.kept_whole - whole) <= 1e-13 * whole);
    CHECK(std::abs(w.quality - 0.99 * quality) <= 1e-13 * quality);
    CHECK(std::abs(w.quality_whole - quality) <= 1e-13 * quality);
    CHECK(w.committed == committed);
    CHECK(w.committed_before == before);
    CHECK(w.paid == 0.98);
  }
}

TEST_CASE("the variance is that of its definition", "[weights]") {
  snapshot s = theta();
  s.retention[0].growth = 1.2;
  const valuation v = bound(s);
  const discount_curve d(0.10);
  for (const line_terms terms : {line_terms{12, 12, 0, true}, line_terms{1, 12, 77, true},
                                 line_terms{6, 36, 20, true}, line_terms{3, 12, 800, true}}) {
    const auto& r = s.retention[terms.term_months == 12 ? 0 : 1];
    const int committed = terms.term_months / terms.every_months;
    // Sum over pairs of flows of x_a x_b [S(max(j_a, j_b)) - S(j_a) S(j_b)].
    double variance = 0;
    const auto flow = [&](int k) {
      return std::pow(r.growth, k / committed) * 0.99 * d(flow_day(terms, k));
    };
    const auto kept = [&](int j) { return survival(r.alpha, r.beta, j); };
    for (int a = 0; flow_day(terms, a) < 1095; ++a) {
      for (int b = 0; flow_day(terms, b) < 1095; ++b) {
        const int ja = a / committed;
        const int jb = b / committed;
        variance += flow(a) * flow(b) * (kept(std::max(ja, jb)) - kept(ja) * kept(jb));
      }
    }
    CAPTURE(terms.every_months, terms.term_months);
    CHECK(std::abs(v.weigh(licence(terms)).variance - variance) <= 1e-11 * variance + 1e-30);
  }
}

TEST_CASE("an unknown list price leaves the value and takes the discount out of the bridge",
          "[appraisal]") {
  const valuation v = bound(theta());
  value_class c = licence();
  const appraisal known = appraise(c, {1, 150, 120, 48, 150}, v).value();
  c.list_known = false;
  const appraisal unknown = appraise(c, {1, 0, 120, 48, 120}, v).value();
  CHECK(unknown.value == known.value);
  CHECK(unknown.listed == 120);
  CHECK(unknown.bridge[0] == 0);
  double sum = 0;
  for (const double part : unknown.bridge) sum += part;
  CHECK(std::abs(sum - (unknown.value - 120)) < 1e-12);
  CHECK(unknown.listed_lines == 0);
  const estimate ratio = sustainability_ratio(unknown, provenance::prior);
  CHECK_FALSE(ratio.value);
  CHECK(ratio.reason == "no list price is known");
  CHECK(booking_quality(unknown, provenance::prior).reason == "no list price is known");
  CHECK(value_multiple(unknown, provenance::prior).value);
}

TEST_CASE("ratios without a positive denominator are undefined, with the reason", "[appraisal]") {
  const valuation v = bound(theta());
  const auto of = [&](wide list, wide net, wide cost) {
    return appraise(licence(), {1, list, net, cost, std::max(list, net)}, v).value();
  };
  for (const appraisal& a : {of(100, 80, 100), of(100, 100, 130)}) {
    const estimate ratio = sustainability_ratio(a, provenance::fitted);
    CHECK_FALSE(ratio.value);
    CHECK(ratio.reason == "the margin at list price is not positive");
    CHECK(ratio.n == 1);
    CHECK_FALSE(ratio.definition.empty());
  }
  CHECK(value_multiple(of(100, 0, 10), provenance::prior).reason == "the booked amount is not positive");
  CHECK(value_multiple(of(100, -5, 10), provenance::prior).reason == "the booked amount is not positive");
  CHECK(value_multiple(appraisal{}, provenance::prior).reason == "the booked amount is not positive");
  const estimate defined = sustainability_ratio(of(100, 80, 30), provenance::fitted);
  CHECK(defined.value);
  CHECK(defined.reason.empty());
  CHECK(defined.source == provenance::fitted);
}

TEST_CASE("the two bases are never added, and refused lines are counted beside them",
          "[appraisal]") {
  const valuation v = bound(theta());
  tally t(tally_layout::values, 1);
  value_class contribution = licence();
  value_class revenue = licence();
  revenue.basis = value_basis::revenue;
  value_class none = licence();
  none.basis = value_basis::none;
  value_class supplies = licence();
  supplies.family = family_id{2};
  t.append(to_row({5, contribution, full_share}), to_row({2, 300, 240, 96, 300}));
  t.append(to_row({5, revenue, full_share}), to_row({1, 100, 100, 0, 100}));
  t.append(to_row({5, none, full_share}), to_row({4, 0, 0, 0, 0}));
  t.append(to_row({5, supplies, share{250'000}}), to_row({3, 0, 800, 0, 800}));
  t.append(to_row({6, contribution, share{500'000}}), to_row({2, 300, 240, 96, 300}));
  const std::vector<owner_value> owners = appraise(t, v);
  REQUIRE(owners.size() == 2);
  CHECK(owners[0].owner == 5);
  CHECK(owners[0].contribution.lines == 2);
  CHECK(owners[0].revenue.lines == 1);
  CHECK(owners[0].revenue.booked == 100);
  REQUIRE(owners[0].refused.size() == 2);
  for (const refused_lines& r : owners[0].refused) {
    if (r.why == refusal::no_amount) CHECK(r.lines == 4);
    if (r.why == refusal::repeat_family) {
      CHECK(r.lines == 3);
      CHECK(r.booked == 200);
      CHECK(r.family == family_id{2});
    }
  }
  // Half of the same lines are worth half.
  CHECK(owners[1].contribution.value == owners[0].contribution.value / 2);
  CHECK(owners[1].contribution.lines == 2);
  CHECK_THROWS_AS(appraise(tally(tally_layout::lifetimes, 1), v), invalid_input);
  CHECK(appraise(none, {1, 0, 0, 0, 0}, v).error().message == "not known: won without an amount");
}

TEST_CASE("the list amount after the horizon stands beside the bridge", "[appraisal]") {
  snapshot s = theta();
  s.horizon_days = 800;
  s.retention.push_back({"licence", 60, 1, 9, 1});
  const appraisal a =
      appraise(licence({12, 60, 0, true}), {1, 150, 120, 48, 150}, bound(s)).value();
  CHECK(a.booked == 5 * 120);
  CHECK(a.listed == 3 * 150);
  CHECK(a.beyond == 2 * 150);
}

TEST_CASE("any change of a parameter changes the fingerprint of a snapshot", "[snapshot]") {
  const std::uint64_t before = fingerprint(theta());
  CHECK(fingerprint(theta()) == before);
  std::vector<snapshot> others(13, theta());
  others[0].name += "x";
  others[1].source = provenance::fitted;
  others[2].yearly_rate = std::nextafter(0.10, 1);
  others[3].horizon_days = 1094;
  others[4].retention[0].alpha = 3.0000000001;
  others[5].retention[0].beta = 6;
  others[6].retention[0].growth = 1.01;
  others[7].retention[0].term_months = 24;
  others[8].retention[0].family = "licences";
  others[9].payment[0].credit_loss = 0;
  others[10].payment[0].payment_factor = 1;
  others[11].payment[0].segment = "large";
  others[12].retention.pop_back();
  for (std::size_t i = 0; i < others.size(); ++i) {
    CAPTURE(i);
    CHECK(fingerprint(others[i]) != before);
  }
}
