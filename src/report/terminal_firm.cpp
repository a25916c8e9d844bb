// SPDX-License-Identifier: BSL-1.0
#include "amounts.hpp"
#include "parts.hpp"
#include "terminal_report.hpp"
#include "words.hpp"
#include <salespulse/core/date.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace salespulse {

namespace {

constexpr std::string_view step_labels[bridge_steps] = {
    "Discount, with renewals", "Cost, with renewals", "Renewals if all stay", "Customers leaving",
    "Growth at renewal",       "Bills never paid",    "Waiting for the money"};

}  // namespace

std::vector<fact> terminal_report::headline(const scorecard& card, bool in_full) const {
  const money_unit u = unit(0);
  const std::string horizon = horizon_in_words(review_.horizon_days);
  const wide sold_in_all = sold({&card}, u).at(&card);
  const std::vector<wide> parts = parts_of_sold(card, refused_groups(card), u);
  std::vector<fact> rows;
  const std::string won = counted(card.deals.won, "deal", "deals") + " won";
  if (is_sold_unknown(card)) {
    rows.push_back({"Sold", "", "not known: " + won + " without an amount"});
  } else if (sold_without_closing(card)) {
    rows.push_back({"Sold", shown(sold_in_all, u), "net, by a share in deals that others closed"});
  } else {
    rows.push_back({"Sold", shown(sold_in_all, u), "net of " + won + ", over committed terms"});
  }
  if (card.booked.unpriced > 0 && !is_sold_unknown(card)) {
    rows.push_back(
        {"", "",
         counted(card.booked.unpriced, "line", "lines") + " won without an amount: not in it"});
  }
  if (card.value.empty()) {
    rows.push_back({"Will last", "", std::string(why_no_value(card))});
  }
  bool renews = false;
  for (std::size_t i = 0; i < card.value.size(); ++i) {
    const value_figure& f = card.value[i];
    std::string comment;
    if (parts[i] != sold_in_all) {
      comment = "of " + shown(parts[i], u) + " of the " + shown(sold_in_all, u) + " sold";
      const wide left_out = not_valued(card, u);
      if (i == 0 && left_out != 0) {
        comment += "; " + shown(left_out, u) + " is not valued" + (in_full ? " (see below)" : "");
      }
    }
    const std::string how = f.basis == value_basis::contribution
                                ? "after cost, within " + horizon + " of each deal"
                                : "before cost: " + counted(f.parts.lines, "line", "lines") +
                                      " whose cost is not known";
    rows.push_back({std::string(i == 0 ? "Will last" : "Besides") + (prior_ ? " (prior)" : ""),
                    shown(lasting({&card}, f.basis, u).at(&card), u),
                    comment.empty() ? how : comment});
    if (!comment.empty()) rows.push_back({"", "", how});
    const interval range = range_of(card, f);
    rows.push_back({"", "",
                    f.lifetimes_at_risk == 0
                        ? std::string("nothing renews")
                        : sure_by_renewal(range.level) + ": between " + shown(range.lower, u) +
                              " and " + shown(range.upper, u)});
    if (f.lifetimes_at_risk == 0 || renews) continue;
    rows.push_back({"", "", "can exceed what was sold, since customers renew"});
    renews = true;
  }
  if (review_.options.recognised_in != all_days) {
    const period p = review_.options.recognised_in;
    for (const value_figure& f : card.value) {
      rows.push_back({"Recognised", shown(f.recognised, u),
                      fmt::format("of what will last ({}), from {} to {}", to_string(f.basis),
                                  to_string(p.from), to_string(p.to - 1))});
    }
  }
  return rows;
}

void terminal_report::print_card(const scorecard& card) {
  facts(headline(card, true));
  const std::vector<refused_group> refused = refused_groups(card);
  const std::vector<wide> parts = parts_of_sold(card, refused, unit(0));
  if (!card.value.empty()) print_bridge(card, parts);
  print_refused(card, refused, std::span(parts).subspan(card.value.size()));
  print_deal_facts(card);
}

void terminal_report::print_bridge(const scorecard& card, const std::vector<wide>& sold_parts) {
  const money_unit u = unit(0);
  const bool both = card.value.size() > 1;
  out_ += "\n  From what was sold to what will last\n";
  text_column labels{{"", ""}, {"Sold", "The same at list price"}, alignment::left};
  for (const std::string_view label : step_labels) labels.cells.emplace_back(label);
  labels.cells.push_back(prior_ ? "Will last (prior)" : "Will last");
  const bool renews = std::any_of(card.value.begin(), card.value.end(),
                                  [](const value_figure& f) { return f.lifetimes_at_risk > 0; });
  const std::string from =
      fmt::format("  {:.0f} % by renewal, from", 100 * range_of(card, card.value.front()).level);
  labels.cells.push_back(renews ? from : "  by chance of renewal");
  if (renews) labels.cells.push_back(padded("to", from.size(), alignment::right));
  std::vector<std::size_t> other_horizons;
  for (std::size_t h = 0; h < std::size(usual_horizons); ++h) {
    if (usual_horizons[h] == review_.horizon_days) continue;
    other_horizons.push_back(h);
    labels.cells.push_back("  within " + horizon_in_words(usual_horizons[h]));
  }
  std::vector<text_column> columns{labels};
  for (const value_figure& f : card.value) {
    const bool contribution = f.basis == value_basis::contribution;
    text_column c;
    c.heads = {both ? (contribution ? "after cost" : "before cost") : "",
               both ? (contribution ? "(known)" : "(unknown)") : unit(0).name};
    const rounded_bridge bridge =
        round_bridge(f.parts, lasting({&card}, f.basis, u).at(&card), u.minor);
    c.cells.push_back(shown(sold_parts[columns.size() - 1], u));
    c.cells.push_back(shown(bridge.listed, u));
    for (std::size_t s = 0; s < bridge_steps; ++s) {
      const bool unknown =
          (s == static_cast<std::size_t>(bridge_step::cost) && !contribution) ||
          (s == static_cast<std::size_t>(bridge_step::discount) && f.parts.listed_lines == 0);
      c.cells.push_back(unknown ? "not known" : signed_text(bridge.parts[s], u));
    }
    const interval range = range_of(card, f);
    c.cells.push_back(shown(bridge.value, u));
    const bool at_risk = f.lifetimes_at_risk > 0;
    c.cells.push_back(at_risk ? shown(range.lower, u) : "nothing renews");
    if (renews) c.cells.push_back(at_risk ? shown(range.upper, u) : "");
    for (const std::size_t h : other_horizons) c.cells.push_back(shown(f.parts.at_usual[h], u));
    columns.push_back(c);
  }
  add_waterfall(columns, card, card.value.front());
  out_ += print_table(columns, width_);
  for (const value_figure& f : card.value) {
    const std::string of = both ? " (" + std::string(to_string(f.basis)) + ')' : "";
    if (f.parts.listed_lines < f.parts.lines) {
      paragraph(counted(f.parts.lines - f.parts.listed_lines, "line", "lines") + " of " +
                grouped(f.parts.lines) + of +
                " without a known list price, entered at the net price.");
    }
    if (in_units(f.parts.beyond, u) != 0) {
      paragraph("Due later than " + horizon_in_words(review_.horizon_days) +
                " after the deal, so sold but in no line below it: " + shown(f.parts.beyond, u) +
                " at list price" + of + '.');
    }
  }
  paragraph(
      "Discount, cost, unpaid bills and waiting are those of the committed terms and of the "
      "renewals together.");
  if (both) {
    paragraph(
        "The two columns are never added: where the cost is not known only revenue can be "
        "followed.");
  }
}

void terminal_report::add_waterfall(std::vector<text_column>& columns, const scorecard& card,
                                    const value_figure& f) const {
  const std::size_t used = table_width(columns, width_) + 2;
  if (used + 12 > width_) return;
  const std::size_t room = std::min<std::size_t>(width_ - used, 44);
  const appraisal& a = f.parts;
  const interval range = range_of(card, f);
  std::vector<std::pair<double, double>> steps{{0, a.listed}};
  for (const double part : a.bridge) {
    steps.emplace_back(steps.size() == 1 ? a.listed : steps.back().second,
                       (steps.size() == 1 ? a.listed : steps.back().second) + part);
  }
  steps.emplace_back(0, a.value);
  bar_scale scale{std::min({0.0, range.lower, a.booked}), std::max(range.upper, a.booked)};
  for (const auto& [from, to] : steps) {
    scale.from = std::min({scale.from, from, to});
    scale.to = std::max({scale.to, from, to});
  }
  text_column bars{{"", ""}, {}, alignment::left};
  bars.cells.push_back(step_bar(0, a.booked, scale, room, style_.total, style_));
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto [from, to] = steps[i];
    const bool whole = i == 0 || i + 1 == steps.size();
    bars.cells.push_back(step_bar(from, to, scale, room,
                                  whole       ? style_.total
                                  : to > from ? style_.gain
                                              : style_.loss,
                                  style_));
  }
  bars.cells.push_back(interval_bar(range.lower, a.value, range.upper, scale, room, style_));
  bars.cells.resize(columns[0].cells.size());
  columns.push_back(bars);
}

std::vector<terminal_report::refused_group> terminal_report::refused_groups(
    const scorecard& card) const {
  std::map<std::pair<refusal, std::string>, refused_group> groups;
  for (const refused_lines& r : card.refused) {
    const auto named = [](const std::vector<std::string>& names, std::size_t i) {
      return i < names.size() ? printable(names[i]) : std::string();
    };
    std::string about;
    if (r.why == refusal::no_payment) {
      about = named(review_.segment_names, index_of(r.segment));
      about = about.empty() ? "segment not known" : "segment " + about;
    } else if (r.why != refusal::no_snapshot && r.why != refusal::no_amount) {
      about = named(review_.family_names, index_of(r.family));
      if (r.why == refusal::no_retention) {
        about += ", " + counted(r.term_months, "month", "months");
      }
    }
    refused_group& g = groups[{r.why, about}];
    g.why = r.why;
    g.about = about;
    g.lines += r.lines;
    g.booked += r.booked;
  }
  std::vector<refused_group> out;
  for (auto& [key, g] : groups) out.push_back(std::move(g));
  return out;
}

std::vector<wide> terminal_report::parts_of_sold(const scorecard& card,
                                                 const std::vector<refused_group>& refused,
                                                 const money_unit& u) const {
  std::vector<double> exact;
  for (const value_figure& f : card.value) exact.push_back(f.parts.booked / to_double(u.minor));
  for (const refused_group& g : refused) exact.push_back(g.booked / to_double(u.minor));
  return rounded_to_sum(exact, sold({&card}, u).at(&card));
}

void terminal_report::print_refused(const scorecard& card, const std::vector<refused_group>& groups,
                                    std::span<const wide> booked) {
  // Where all has one reason, it stands in place of the value.
  if (groups.empty() || (card.value.empty() && groups.size() == 1)) return;
  out_ += '\n';
  constexpr std::size_t most = 8;
  std::vector<fact> rows;
  std::int64_t further_lines = 0;
  wide further = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const refused_group& g = groups[i];
    if (i >= most && groups.size() > most + 1) {
      further_lines += g.lines;
      further += booked[i];
      continue;
    }
    rows.push_back({i == 0 ? "Not valued" : "", shown(booked[i], unit(0)),
                    counted(g.lines, "line", "lines") + ", " + std::string(to_string(g.why)) +
                        (g.about.empty()          ? ""
                         : g.about.front() == '(' ? " " + g.about
                                                  : " (" + g.about + ')')});
  }
  if (further_lines > 0) {
    rows.push_back({"", shown(further, unit(0)),
                    counted(further_lines, "line", "lines") + " for " +
                        grouped(static_cast<wide>(groups.size() - most)) + " more reasons"});
  }
  facts(rows);
}

void terminal_report::print_deal_facts(const scorecard& card) {
  out_ += '\n';
  std::vector<fact> rows;
  const deal_counts& d = card.deals;
  const auto rate = [&](std::string label, const estimate& e, const std::string& of_what) {
    if (!e.value) {
      rows.push_back({std::move(label), "", not_known(e)});
      return;
    }
    std::string comment = of_what;
    if (e.range) {
      comment += fmt::format("; {:.0f} % sure {:.1f} to {}", 100 * e.range->level,
                             100 * e.range->lower, percent(e.range->upper, 1));
    }
    rows.push_back({std::move(label), percent(*e.value, 1), comment});
  };
  const bool closed = review_.options.denominator == win_denominator::closed;
  const std::string of_created = grouped(d.won) + " of " +
                                 counted(d.won + d.lost + d.open, "deal", "deals") +
                                 " won, lost or open";
  rate("Win rate", card.win_rate,
       closed ? grouped(d.won) + " of " + counted(d.won + d.lost, "deal", "deals") + " won or lost"
              : of_created);
  if (closed) rate("  of all deals", card.win_rate_of_created, of_created);
  rate("  by amount", card.win_rate_by_value, "of the amount of all deals won or lost");

  rows.push_back(cycle_fact("Days to win", card.won_cycle));
  if (card.deals.lost > 0) rows.push_back(cycle_fact("Days to lose", card.lost_cycle));
  rate("Price kept", card.price_realisation,
       "of list price, over " + counted(card.booked.listed_lines, "line", "lines") +
           (card.booked.listed_lines == 1 ? " that knows both" : " that know both"));
  rows.push_back(customers_fact(card.customers));
  facts(rows);
  if (options_.details) print_ratios({&card});
}

fact terminal_report::cycle_fact(const char* name, const cycle_time& t) {
  if (!t.median.value) return {name, "", not_known(t.median)};
  std::string comment = "the median of " + counted(t.median.n, "deal", "deals") + "; mean " +
                        decimal_text(*t.mean.value, 1) + ", from " + decimal_text(t.shortest, 1) +
                        " to " + decimal_text(t.longest, 1);
  if (t.negative > 0) {
    comment += "; " + counted(t.negative, "deal", "deals") +
               " closed before being opened, an error in the data";
  }
  return {name, decimal_text(*t.median.value, 1), comment};
}

fact terminal_report::customers_fact(const concentration& c) const {
  if (!c.hhi.value) {
    return {"Customers", "", "concentration not known: " + std::string(c.hhi.reason)};
  }
  std::string comment = "bought for a known amount";
  if (c.hhi.n > static_cast<std::int64_t>(c.k)) {
    comment +=
        c.k == 1 ? "; the largest brings " : "; the largest " + std::to_string(c.k) + " bring ";
    comment += percent(*c.top_share.value, 1);
  }
  if (c.hhi.n > 1) {
    comment +=
        "; as dependent as on " + decimal_text(*c.effective_number.value, 1) + " equal customers";
  }
  if (options_.details) comment += fmt::format(" (HHI {:.4f})", *c.hhi.value);
  return {"Customers", grouped(c.hhi.n), comment};
}

}  // namespace salespulse
