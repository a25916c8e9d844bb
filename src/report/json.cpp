// SPDX-License-Identifier: BSL-1.0
#include <salespulse/report/json.hpp>

#include "amounts.hpp"
#include "parts.hpp"
#include "words.hpp"
#include <salespulse/core/date.hpp>
#include <salespulse/version.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace salespulse {

namespace {

using json = nlohmann::ordered_json;

constexpr std::string_view booked_definition =
    "net of the committed flows of won lines, split lines by credit";

json json_of(period days) { return {{"from", to_string(days.from)}, {"to", to_string(days.to)}}; }

json text_or_null(std::string_view text) { return text.empty() ? json() : json(text); }

// Writes one review. Money needs its currency, hence a class.
class review_writer {
public:
  explicit review_writer(const review& r) : review_(r) {}

  [[nodiscard]] json document() const {
    const review& r = review_;
    json j;
    j["schema"] = review_schema;
    j["library"] = {{"name", "salespulse"}, {"version", header_version}};
    j["currency"] = {{"code", r.reporting.code()}, {"exponent", r.reporting.exponent()}};
    j["recorded_days"] = r.recorded_days.length() == 0 ? json() : json_of(r.recorded_days);
    const bool always = r.options.recognised_in == all_days;
    j["options"] = {
        {"recognised_in", always ? json() : json_of(r.options.recognised_in)},
        {"win_rate_of", r.options.denominator == win_denominator::closed ? "closed" : "created"},
        {"parents_as_customers", r.options.parents_as_customers},
        {"largest_customers", r.options.largest_customers}};
    j["snapshot"] = snapshot_json();
    const data_notes& n = r.notes;
    j["notes"] = {
        {"not_point_in_time", n.not_point_in_time}, {"closed_by_hand", n.closed_by_hand},
        {"close_unknown", n.close_unknown},         {"amount_only", n.amount_only},
        {"credits_refused", n.credits_refused},     {"customer_unknown", n.customer_unknown},
        {"renewal_deals", n.renewal_deals},         {"rejected_rows", n.rejected_rows}};
    j["firm"] = card(r.firm, alone(r.firm));
    j["teams"] = json::array();
    for (const scorecard& c : r.teams) j["teams"].push_back(card(c, alone(c)));
    j["salespeople"] = json::array();
    const std::vector<wide> booked = people_booked(r, 1);
    const std::vector<wide> contribution = people_value(r, value_basis::contribution, 1);
    const std::vector<wide> revenue = people_value(r, value_basis::revenue, 1);
    for (std::size_t i = 0; i < booked.size(); ++i) {
      j["salespeople"].push_back(
          card(r.salespeople[i], {booked[i], {contribution[i], revenue[i]}}));
    }
    j["quarters"] = json::array();
    for (const group_row& q : r.quarters) {
      json row = group(q, nearest_units(q.booked.booked_ppm, 1), true);
      row["days"] = json_of(q.days);
      row["data_begin_inside"] = q.data.begins_inside;
      row["data_end_inside"] = q.data.ends_inside;
      j["quarters"].push_back(std::move(row));
    }
    j["products"] = json::array();
    const std::vector<wide> products = product_booked(r, 1);
    for (std::size_t i = 0; i < products.size(); ++i) {
      j["products"].push_back(group(r.products[i], products[i], false));
    }
    j["sources"] = json::array();
    for (const group_row& s : r.sources) j["sources"].push_back(group(s, std::nullopt, true));
    return j;
  }

private:
  // ---- figures: always the same members ----

  static json figure(json value, std::string_view unit, std::string_view reason, std::int64_t n,
                     std::string_view definition, provenance source) {
    json j;
    j["value"] = std::move(value);
    j["reason"] = text_or_null(reason);
    j["unit"] = unit;
    j["interval"] = nullptr;
    j["n"] = n;
    j["basis"] = nullptr;
    j["definition"] = definition;
    j["source"] = to_string(source);
    return j;
  }

  static json figure(const estimate& e, std::string_view unit) {
    json j = figure(e.value ? json(*e.value) : json(), unit, e.value ? "" : e.reason, e.n,
                    e.definition, e.source);
    if (e.range) {
      j["interval"] = {
          {"lower", e.range->lower}, {"upper", e.range->upper}, {"level", e.range->level}};
    }
    return j;
  }

  [[nodiscard]] std::string money_text(wide minor) const {
    return as_decimal(minor, review_.reporting.exponent());
  }
  [[nodiscard]] std::string money_text(double minor) const { return money_text(nearest(minor)); }

  [[nodiscard]] json money_interval(const interval& i) const {
    return {{"lower", money_text(i.lower)}, {"upper", money_text(i.upper)}, {"level", i.level}};
  }

  // An amount that rests on the parameters.
  [[nodiscard]] json value_money(wide minor, std::string_view definition,
                                 const value_figure& f) const {
    json j = figure(money_text(minor), "money", "", f.parts.lines, definition, f.value.source);
    j["basis"] = to_string(f.basis);
    return j;
  }

  static json value_ratio(const estimate& e, const value_figure& f) {
    json j = figure(e, "ratio");
    j["basis"] = to_string(f.basis);
    return j;
  }

  // ---- parts ----

  [[nodiscard]] json snapshot_json() const {
    const review& r = review_;
    if (r.snapshot_name.empty() && r.horizon_days == 0) return nullptr;
    return {{"name", r.snapshot_name},
            {"fingerprint", fmt::format("{:016x}", r.snapshot_fingerprint)},
            {"source", to_string(r.snapshot_source)},
            {"yearly_rate", r.yearly_rate},
            {"horizon_days", r.horizon_days}};
  }

  // What a card booked and what it will bring by basis, rounded to minor units.
  struct rounded_amounts {
    wide booked = 0;
    std::array<wide, 2> value{};
  };

  // Of a card that is no part of another: teams overlap.
  static rounded_amounts alone(const scorecard& c) {
    rounded_amounts rounded{nearest_units(c.booked.booked_ppm, 1), {}};
    for (const value_figure& f : c.value) {
      rounded.value[static_cast<std::size_t>(f.basis)] = nearest(f.parts.value);
    }
    return rounded;
  }

  [[nodiscard]] json booked(const booking_group& g, wide minor, bool unknown) const {
    json j;
    j["booked"] = figure(unknown ? json() : json(money_text(minor)), "money",
                         unknown ? "won without an amount" : "", g.lines - g.unpriced,
                         booked_definition, provenance::arithmetic);
    j["lines_without_amount"] = g.unpriced;
    j["price_realisation"] = figure(price_realisation(g), "share");
    return j;
  }

  [[nodiscard]] json deals(const deal_counts& d) const {
    return {{"open", d.open},
            {"won", d.won},
            {"lost", d.lost},
            {"won_with_amount", d.won_with_amount},
            {"lost_with_amount", d.lost_with_amount},
            {"won_amount", money_text(d.won_amount)},
            {"lost_amount", money_text(d.lost_amount)}};
  }

  [[nodiscard]] json card(const scorecard& c, const rounded_amounts& rounded) const {
    constexpr std::string_view kinds[] = {"salesperson", "team", "firm", "customer", "deal"};
    json j;
    j["kind"] = kinds[static_cast<std::size_t>(c.view)];
    j["id"] = c.view == value_view::firm || c.owner == nobody ? json() : json(c.id);
    j["name"] = text_or_null(c.name);
    j.update(booked(c.booked, rounded.booked, is_sold_unknown(c)));
    j["deals"] = deals(c.deals);
    j["values"] = json::array();
    for (const value_figure& f : c.value) {
      j["values"].push_back(value(f, rounded.value[static_cast<std::size_t>(f.basis)]));
    }
    j["not_valued"] = json::array();
    for (const refused_lines& r : c.refused) j["not_valued"].push_back(refused(r));
    j["why_no_value"] = c.value.empty() ? json(why_no_value(c)) : json();
    j["win_rate"] = figure(c.win_rate, "share");
    j["win_rate_of_created"] = figure(c.win_rate_of_created, "share");
    j["win_rate_by_value"] = figure(c.win_rate_by_value, "share");
    j["won_cycle"] = cycle(c.won_cycle);
    j["lost_cycle"] = cycle(c.lost_cycle);
    j["customers"] = {{"hhi", figure(c.customers.hhi, "index")},
                      {"effective_number", figure(c.customers.effective_number, "count")},
                      {"top_share", figure(c.customers.top_share, "share")},
                      {"top", c.customers.k}};
    return j;
  }

  static json cycle(const cycle_time& t) {
    const bool any = t.mean.n > 0;
    return {{"mean", figure(t.mean, "days")},
            {"median", figure(t.median, "days")},
            {"shortest", any ? json(t.shortest) : json()},
            {"longest", any ? json(t.longest) : json()},
            {"negative", t.negative}};
  }

  [[nodiscard]] json value(const value_figure& f, wide minor) const {
    const appraisal& a = f.parts;
    json j;
    j["basis"] = to_string(f.basis);
    j["value"] = value_money(minor, f.value.definition, f);
    if (f.value.range) j["value"]["interval"] = money_interval(*f.value.range);
    j["interval_90"] = money_interval(f.at_90);
    j["booked"] = value_money(nearest(a.booked), "net of the committed flows of these lines", f);
    j["booked"]["source"] = to_string(provenance::arithmetic);
    j["bridge"] = bridge(a, minor);
    j["horizons"] = json::array();
    for (std::size_t h = 0; h < a.at_usual.size(); ++h) {
      j["horizons"].push_back(
          {{"days", usual_horizons[h]},
           {"value", value_money(nearest(a.at_usual[h]), f.value.definition, f)}});
    }
    j["renewal_risk"] =
        value_money(nearest(f.sd), "standard deviation of the value from renewals alone", f);
    j["lifetimes_at_risk"] = f.lifetimes_at_risk;
    j["recognised"] =
        value_money(nearest(f.recognised),
                    "value spread over the 365 days from each close, days in the period", f);
    j["value_multiple"] = value_ratio(f.value_multiple, f);
    j["sustainability_ratio"] = value_ratio(f.sustainability_ratio, f);
    j["booking_quality"] = value_ratio(f.booking_quality, f);
    return j;
  }

  // listed + steps = value, to the last decimal.
  [[nodiscard]] json bridge(const appraisal& a, wide value) const {
    const rounded_bridge rounded = round_bridge(a, value, 1);
    json j;
    j["listed"] = money_text(rounded.listed);
    j["lines_with_list_price"] = a.listed_lines;
    for (std::size_t s = 0; s < bridge_steps; ++s) {
      j[std::string(to_string(static_cast<bridge_step>(s)))] = money_text(rounded.parts[s]);
    }
    j["value"] = money_text(rounded.value);
    j["beyond_horizon"] = money_text(a.beyond);
    return j;
  }

  [[nodiscard]] json refused(const refused_lines& r) const {
    const auto name = [](const std::vector<std::string>& names, std::size_t i) {
      return i < names.size() ? json(names[i]) : json();
    };
    return {{"reason", to_string(r.why)},
            {"family", name(review_.family_names, index_of(r.family))},
            {"term_months", r.term_months},
            {"segment", name(review_.segment_names, index_of(r.segment))},
            {"lines", r.lines},
            {"booked", money_text(r.booked)}};
  }

  [[nodiscard]] json group(const group_row& g, std::optional<wide> booked_minor,
                           bool with_deals) const {
    json j;
    j["name"] = text_or_null(g.name);
    if (booked_minor) j.update(booked(g.booked, *booked_minor, is_sold_unknown(g.booked, g.deals)));
    if (with_deals) {
      j["deals"] = deals(g.deals);
      j["win_rate"] = figure(g.win_rate, "share");
    }
    return j;
  }

  const review& review_;
};

}  // namespace

std::string to_json(const review& r) {
  return review_writer(r).document().dump(2, ' ', false, json::error_handler_t::replace) + '\n';
}

}  // namespace salespulse
