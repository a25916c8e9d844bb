// SPDX-License-Identifier: BSL-1.0
#include <salespulse/report/terminal.hpp>

#include "amounts.hpp"
#include "parts.hpp"
#include "text.hpp"
#include "words.hpp"
#include <salespulse/core/date.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <span>
#include <string_view>
#include <utility>

namespace salespulse {

namespace {

// What one displayed unit of money is.
struct money_unit {
  wide minor = 1;
  int decimals = 0;
  std::string name;
};

// A row of a block of facts: what, how much, and what that means.
struct fact {
  std::string label;
  std::string value;
  std::string comment;
};

constexpr std::string_view step_labels[bridge_steps] = {
    "Discount given",    "Cost of delivering", "Renewals if all stay", "Customers leaving",
    "Growth at renewal", "Bills never paid",   "Waiting for the money"};
constexpr std::pair<const char*, const char*> step_heads[bridge_steps] = {
    {"Dis-", "count"}, {"", "Cost"},    {"", "Renew"}, {"", "Leave"},
    {"", "Grow"},      {"Un-", "paid"}, {"", "Wait"}};

std::string percent(double share, int decimals) {
  return fmt::format("{:.{}f} %", 100 * share, decimals);
}

std::string counted(std::int64_t n, std::string_view one, std::string_view many) {
  return grouped(n) + ' ' + std::string(n == 1 ? one : many);
}

std::string not_known(const estimate& e) { return "not known: " + std::string(e.reason); }

// Reasons behind figures that are not known, by letter, printed below the table that refers to
// them.
class table_notes {
public:
  std::string mark(std::string_view reason) {
    std::size_t i = 0;
    while (i < reasons_.size() && reasons_[i] != reason) ++i;
    if (i == reasons_.size()) reasons_.emplace_back(reason);
    return label(i);
  }

  [[nodiscard]] std::string print(std::size_t width) const {
    std::string out;
    for (std::size_t i = 0; i < reasons_.size(); ++i) {
      out += wrapped(reasons_[i], width, "  " + label(i), 6);
    }
    return out;
  }

private:
  static std::string label(std::size_t i) {
    return i < 26 ? fmt::format("({})", static_cast<char>('a' + i)) : fmt::format("({})", i + 1);
  }
  std::vector<std::string> reasons_;
};

class terminal_report {
public:
  terminal_report(const review& r, const terminal_options& options)
      : review_(r),
        options_(options),
        width_(static_cast<std::size_t>(std::max(options.width, 60))),
        name_limit_(width_ / 4),
        style_(style_of(options.utf8)),
        prior_(r.snapshot_source == provenance::prior && !r.firm.value.empty()) {
    if (!r.firm.value.empty()) main_basis_ = r.firm.value.front().basis;
  }

  std::string print() {
    print_title();
    heading("THE FIRM");
    print_card(review_.firm);
    if (number_of(review_.teams) > 0) {
      heading("TEAMS, in the order of their ids");
      print_tables(all_of(review_.teams));
      if (review_.teams.size() > 1) {
        paragraph(
            "A deal counts once in every team that its seller was in when it closed; so teams "
            "need not sum to the firm.");
      }
    }
    print_people();
    print_quarters();
    print_products();
    if (review_.sources.size() > 1) print_sources();
    print_records();
    print_how_to_read();
    return std::move(out_);
  }

private:
  using cards = std::vector<const scorecard*>;

  static cards all_of(const std::vector<scorecard>& all) {
    cards out;
    for (const scorecard& card : all) out.push_back(&card);
    return out;
  }

  // ---- lines ----

  void heading(std::string_view text) {
    out_ += '\n';
    out_ += options_.colour ? "\x1b[1m" + std::string(text) + "\x1b[0m" : std::string(text);
    out_ += "\n\n";
  }
  void paragraph(std::string_view text, std::size_t indent = 2) {
    out_ += wrapped(text, width_, "", indent);
  }
  void facts(const std::vector<fact>& rows) {
    std::size_t label = 0;
    std::size_t value = 0;
    for (const fact& f : rows) {
      label = std::max(label, display_width(f.label));
      value = std::max(value, display_width(f.value));
    }
    for (const fact& f : rows) {
      const std::string first = "  " + padded(f.label, label, alignment::left) + "  " +
                                padded(f.value, value, alignment::right) + "  ";
      out_ += wrapped(f.comment, width_, first, 6 + label + value);
    }
  }

  // ---- money ----

  [[nodiscard]] money_unit unit(int thousands) const {
    const int exponent = review_.reporting.exponent();
    const std::string code(review_.reporting.code());
    constexpr const char* names[] = {"", " thousand", " million", " billion"};
    if (thousands == 0 && options_.minor_units) return {1, exponent, code};
    return {power_of_ten(exponent + 3 * thousands), 0, code + names[thousands]};
  }
  static std::string shown(wide units, const money_unit& u) {
    if (u.decimals == 0) return grouped(units);
    const wide whole = power_of_ten(u.decimals);
    const wide size = units < 0 ? -units : units;
    const std::string decimals = as_decimal(size % whole, u.decimals).substr(1);
    return (units < 0 ? "-" : "") + grouped(size / whole) + decimals;
  }
  static std::string signed_text(wide units, const money_unit& u) {
    return (units > 0 ? "+" : "") + shown(units, u);
  }
  static wide in_units(double minor, const money_unit& u) {
    return nearest(minor / to_double(u.minor));
  }
  static std::string shown(double minor, const money_unit& u) {
    return shown(in_units(minor, u), u);
  }

  // What was sold by the cards of one kind, and what of it will last. That of people, shown or
  // not, sums in print to the firm's; teams overlap, so theirs are rounded one by one.
  using amounts_by_card = std::map<const scorecard*, wide>;

  [[nodiscard]] amounts_by_card by_person(const std::vector<wide>& amounts) const {
    amounts_by_card out;
    for (std::size_t i = 0; i < amounts.size(); ++i) out[&review_.salespeople[i]] = amounts[i];
    return out;
  }
  static bool are_people(const cards& some) {
    return !some.empty() && some.front()->view == value_view::salesperson;
  }
  [[nodiscard]] amounts_by_card sold(const cards& some, const money_unit& u) const {
    if (are_people(some)) return by_person(people_booked(review_, u.minor));
    amounts_by_card out;
    for (const scorecard* c : some) out[c] = nearest_units(c->booked.booked_ppm, u.minor);
    return out;
  }
  [[nodiscard]] amounts_by_card lasting(const cards& some, value_basis basis,
                                        const money_unit& u) const {
    if (are_people(some)) return by_person(people_value(review_, basis, u.minor));
    amounts_by_card out;
    for (const scorecard* c : some) {
      const value_figure* f = figure_of(*c, basis);
      if (f != nullptr) out[c] = in_units(f->parts.value, u);
    }
    return out;
  }

  // ---- words ----

  // Without the card of what nobody is credited with.
  static std::int64_t number_of(const std::vector<scorecard>& all) {
    return std::count_if(all.begin(), all.end(),
                         [](const scorecard& c) { return c.owner != nobody; });
  }

  // Name and id, one of them where that says enough.
  [[nodiscard]] std::string name_of(const scorecard& card, bool with_id) const {
    if (card.view == value_view::firm) return "The firm";
    if (card.owner == nobody) return "(nobody credited)";
    const std::string id = card.id.empty() ? "(no id)" : printable(card.id);
    if (card.name.empty() || card.name == card.id) return id;
    return with_id ? id + ' ' + printable(card.name) : printable(card.name);
  }

  void print_title() {
    const std::string title = "SALES PULSE";
    const std::string money = "amounts in " + unit(0).name;
    out_ += options_.colour ? "\x1b[1m" + title + "\x1b[0m" : title;
    out_ += padded(money, width_ - title.size(), alignment::right) + '\n';
    const deal_counts& d = review_.firm.deals;
    std::string about = counted(d.won + d.lost + d.open, "deal", "deals");
    const period days = review_.recorded_days;
    if (days.length() > 0) {
      about += " on record from " + to_string(days.from) + " to " + to_string(days.to - 1);
    }
    about += ". ";
    about += counted(number_of(review_.salespeople), "salesperson", "salespeople") + ", " +
             counted(number_of(review_.teams), "team", "teams");
    paragraph(about + '.', 0);
    if (review_.snapshot_name.empty() && review_.horizon_days == 0) {
      paragraph("What will last is not known: no renewal history, and no prior was given.", 0);
      return;
    }
    const std::string rate = fmt::format("{:.4g} % a year", 100 * review_.yearly_rate);
    const std::string name = '"' + printable(review_.snapshot_name) + '"';
    if (review_.snapshot_source == provenance::prior) {
      paragraph("PRIOR: what will last rests on " + name +
                    ", which somebody stated; it was not found in this firm's own renewals. " +
                    "Money that comes later is discounted at " + rate + '.',
                0);
    } else {
      paragraph("What will last rests on " + name + ", fitted to history. Money that comes later " +
                    "is discounted at " + rate + '.',
                0);
    }
  }

  // ---- one card in full ----

  void print_card(const scorecard& card) {
    const money_unit u = unit(0);
    const std::string horizon = horizon_in_words(review_.horizon_days);
    std::vector<fact> rows;
    const std::string won = counted(card.deals.won, "deal", "deals") + " won";
    if (is_sold_unknown(card)) {
      rows.push_back({"Sold", "", "not known: " + won + " without an amount"});
    } else {
      rows.push_back({"Sold", shown(sold({&card}, u).at(&card), u),
                      "net of " + won + ", over committed terms"});
    }
    if (card.booked.unpriced > 0 && !is_sold_unknown(card)) {
      rows.push_back(
          {"", "",
           counted(card.booked.unpriced, "line", "lines") + " won without an amount: not in it"});
    }
    if (card.value.empty()) {
      rows.push_back({"Will last", "", std::string(why_no_value(card))});
    }
    for (const value_figure& f : card.value) {
      std::string label = &f == card.value.data() ? "Will last" : "Besides";
      if (prior_) label += " (prior)";
      rows.push_back({label, shown(lasting({&card}, f.basis, u).at(&card), u),
                      f.basis == value_basis::contribution
                          ? "after cost, within " + horizon + " of each deal"
                          : "before cost: " + counted(f.parts.lines, "line", "lines") +
                                " whose cost is not known"});
      const interval range = range_of(card, f);
      rows.push_back({"", "",
                      f.lifetimes_at_risk == 0
                          ? std::string("nothing of it hangs on a renewal")
                          : sure(range) + ": between " + shown(range.lower, u) + " and " +
                                shown(range.upper, u)});
    }
    if (review_.options.recognised_in != all_days) {
      const period p = review_.options.recognised_in;
      for (const value_figure& f : card.value) {
        rows.push_back({"Recognised", shown(f.recognised, u),
                        fmt::format("of what will last ({}), from {} to {}", to_string(f.basis),
                                    to_string(p.from), to_string(p.to - 1))});
      }
    }
    facts(rows);
    const std::vector<refused_group> refused = refused_groups(card);
    const std::vector<wide> parts = parts_of_sold(card, refused, u);
    if (!card.value.empty()) print_bridge(card, parts);
    print_refused(card, refused, std::span(parts).subspan(card.value.size()));
    print_deal_facts(card);
  }

  // At 90 % where people could be compared.
  static interval range_of(const scorecard& card, const value_figure& f) {
    return card.view == value_view::salesperson || !f.value.range ? f.at_90 : *f.value.range;
  }
  static std::string sure(const interval& range) {
    return fmt::format("{:.0f} % sure", 100 * range.level);
  }

  void print_bridge(const scorecard& card, const std::vector<wide>& sold_parts) {
    const money_unit u = unit(0);
    const bool both = card.value.size() > 1;
    out_ += "\n  From what was sold to what will last\n";
    text_column labels{{"", ""}, {"Sold", "The same at list price"}, alignment::left};
    for (const std::string_view label : step_labels) labels.cells.emplace_back(label);
    labels.cells.push_back(prior_ ? "Will last (prior)" : "Will last");
    const std::string from = "  " + sure(range_of(card, card.value.front())) + ", from";
    labels.cells.push_back(from);
    labels.cells.push_back(padded("to", from.size() - 2, alignment::right));
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
      c.cells.push_back(shown(range.lower, u));
      c.cells.push_back(shown(range.upper, u));
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
    if (both) {
      paragraph(
          "The two columns are never added: where the cost is not known only revenue can be "
          "followed.");
    }
  }

  // Draws the bridge of one figure beside the table; the rows are those of `print_bridge`.
  void add_waterfall(std::vector<text_column>& columns, const scorecard& card,
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

  // Lines without a value that share a reason and what it is about.
  struct refused_group {
    refusal why = refusal::none;
    std::string about;
    std::int64_t lines = 0;
    double booked = 0;
  };

  [[nodiscard]] std::vector<refused_group> refused_groups(const scorecard& card) const {
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
          about += ", " + std::to_string(r.term_months) + " months";
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

  // What was sold, by basis and then by reason of having no value: parts that sum to it in print.
  [[nodiscard]] std::vector<wide> parts_of_sold(const scorecard& card,
                                                const std::vector<refused_group>& refused,
                                                const money_unit& u) const {
    std::vector<double> exact;
    for (const value_figure& f : card.value) exact.push_back(f.parts.booked / to_double(u.minor));
    for (const refused_group& g : refused) exact.push_back(g.booked / to_double(u.minor));
    return rounded_to_sum(exact, sold({&card}, u).at(&card));
  }

  void print_refused(const scorecard& card, const std::vector<refused_group>& groups,
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
                          (g.about.empty() ? "" : " (" + g.about + ')')});
    }
    if (further_lines > 0) {
      rows.push_back({"", shown(further, unit(0)),
                      counted(further_lines, "line", "lines") + " for " +
                          std::to_string(groups.size() - most) + " more reasons"});
    }
    facts(rows);
  }

  void print_deal_facts(const scorecard& card) {
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
    const std::string of_created =
        grouped(d.won) + " of " + grouped(d.won + d.lost + d.open) + " deals won, lost or open";
    rate("Win rate", card.win_rate,
         closed ? grouped(d.won) + " of " + grouped(d.won + d.lost) + " deals won or lost"
                : of_created);
    if (closed) rate("  of all deals", card.win_rate_of_created, of_created);
    rate("  by amount", card.win_rate_by_value, "of the amount of all deals won or lost");

    const cycle_time& t = card.won_cycle;
    if (t.median.value) {
      std::string comment =
          fmt::format("the median of {}; mean {:.1f}, from {:.1f} to {:.1f}",
                      counted(t.median.n, "deal", "deals"), *t.mean.value, t.shortest, t.longest);
      if (t.negative > 0) {
        comment += "; " + counted(t.negative, "deal", "deals") +
                   " closed before being opened, an error in the data";
      }
      rows.push_back({"Days to win", fmt::format("{:.1f}", *t.median.value), comment});
    } else {
      rows.push_back({"Days to win", "", not_known(t.median)});
    }
    rate("Price kept", card.price_realisation,
         "of list price, over " + counted(card.booked.listed, "line", "lines") + " that know both");
    const concentration& c = card.customers;
    if (c.hhi.value) {
      rows.push_back(
          {"Customers", grouped(c.hhi.n),
           fmt::format("bought; the largest {} bring {}; as dependent as on {:.1f} equal "
                       "customers (HHI {:.4f})",
                       c.k, percent(*c.top_share.value, 1), *c.effective_number.value,
                       *c.hhi.value)});
    } else {
      rows.push_back({"Customers", "", "concentration not known: " + std::string(c.hhi.reason)});
    }
    facts(rows);
    if (options_.details) print_ratios({&card});
  }

  // ---- many cards in tables ----

  void print_tables(const cards& some) {
    print_values(some);
    if (!review_.firm.value.empty()) {
      for (const value_figure& f : review_.firm.value) {
        if (f.basis == main_basis_ || options_.details) print_bridges(some, f.basis);
      }
    }
    print_deals(some);
    if (options_.details) print_ratios(some);
  }

  // Ids stand beside the names where there is room, and where two have the same name.
  [[nodiscard]] text_column names(const cards& some) const {
    std::map<std::string, int> uses;
    for (const scorecard* card : some) ++uses[name_of(*card, false)];
    text_column c{{"", ""}, {}, alignment::left};
    for (const scorecard* card : some) {
      c.cells.push_back(name_of(*card, width_ >= 100 || uses[name_of(*card, false)] > 1));
    }
    return c;
  }

  // A table of cards. Where names make it too wide, the longest get a line of their own.
  void print(const std::vector<text_column>& columns, const table_notes& notes = {}) {
    std::size_t limit = name_limit_;
    while (limit > 8 && table_width(columns, limit) > width_) --limit;
    out_ += print_table(columns, limit) + notes.print(width_);
  }

  // The first of the usual units in which the table fits; not one in which nothing is left to see.
  template <class Make>
  std::vector<text_column> fitting(double largest, Make make, money_unit& used) const {
    used = unit(0);
    std::vector<text_column> columns = make(used);
    for (int thousands = 1; thousands <= 3; ++thousands) {
      if (table_width(columns, name_limit_) <= width_) break;
      const money_unit coarser = unit(thousands);
      if (in_units(largest, coarser) < 10) break;
      used = coarser;
      columns = make(used);
    }
    return columns;
  }

  void print_values(const cards& some) {
    money_unit u;
    table_notes notes;
    const bool any = !review_.firm.value.empty();
    double largest = 0;
    for (const scorecard* c : some) {
      largest = std::max(largest, std::abs(to_double(c->booked.booked_ppm)) / full_share.ppm);
    }
    std::vector<text_column> columns = fitting(
        largest,
        [&](const money_unit& tried) {
          notes = {};
          return value_columns_of(some, tried, notes);
        },
        u);
    paragraph(fmt::format("What was sold and what of it will last, in {}", u.name));
    bool besides = false;
    if (any) {
      besides = !add_other_basis(columns, some, u);
      add_refused(columns, some);
      add_value_bars(columns, some, main_basis_, u);
    }
    print(columns, notes);
    out_ += '\n';
    if (besides) print_other_basis(some);
  }

  // The value on the other basis as a column, where it leaves room for bars.
  bool add_other_basis(std::vector<text_column>& columns, const cards& some,
                       const money_unit& u) const {
    if (review_.firm.value.size() < 2) return true;
    const value_basis other = review_.firm.value.back().basis;
    const auto lasts = lasting(some, other, u);
    text_column c{{"and, cost", "unknown"}, {}, alignment::right};
    bool any = false;
    for (const scorecard* card : some) {
      const bool has = figure_of(*card, other) != nullptr;
      any = any || has;
      c.cells.push_back(has ? shown(lasts.at(card), u) : "");
    }
    if (!any) return true;
    std::vector<text_column> wider = columns;
    wider.push_back(std::move(c));
    if (table_width(wider, name_limit_) + 12 > width_) return false;
    columns = std::move(wider);
    return true;
  }

  // The same in a table of its own.
  void print_other_basis(const cards& all) {
    const value_basis other = review_.firm.value.back().basis;
    cards some;
    for (const scorecard* card : all) {
      if (figure_of(*card, other) != nullptr) some.push_back(card);
    }
    money_unit u;
    table_notes notes;
    std::vector<text_column> columns = fitting(
        largest_amount_of(some, other),
        [&](const money_unit& tried) {
          std::vector<text_column> made{names(some)};
          add_range_columns(made, some, other, tried, notes);
          return made;
        },
        u);
    paragraph(fmt::format("Besides, of lines whose cost is not known, before cost, in {}", u.name));
    add_value_bars(columns, some, other, u);
    print(columns);
    out_ += '\n';
  }

  std::vector<text_column> value_columns_of(const cards& some, const money_unit& u,
                                            table_notes& notes) const {
    std::vector<text_column> columns{names(some)};
    const auto sold_units = sold(some, u);
    text_column sold_column{{"", "Sold"}, {}, alignment::right};
    for (const scorecard* c : some) {
      sold_column.cells.push_back(is_sold_unknown(*c)
                                      ? notes.mark("not known: won without an amount")
                                      : shown(sold_units.at(c), u));
    }
    columns.push_back(std::move(sold_column));
    if (review_.firm.value.empty()) {
      text_column c{{"", "Will last"}, {}, alignment::left};
      for (const scorecard* card : some) c.cells.emplace_back(why_no_value(*card));
      columns.push_back(std::move(c));
      return columns;
    }
    add_range_columns(columns, some, main_basis_, u, notes);
    if (review_.options.recognised_in != all_days) {
      text_column c{{"Recog-", "nised"}, {}, alignment::right};
      for (const scorecard* card : some) {
        const value_figure* f = figure_of(*card, main_basis_);
        c.cells.push_back(f == nullptr ? "" : shown(f->recognised, u));
      }
      columns.push_back(std::move(c));
    }
    return columns;
  }

  // What will last, and from where to where it is sure.
  void add_range_columns(std::vector<text_column>& columns, const cards& some, value_basis basis,
                         const money_unit& u, table_notes& notes) const {
    const auto lasts = lasting(some, basis, u);
    const bool people = are_people(some);
    text_column value{{"Will last", prior_ ? "(prior)" : ""}, {}, alignment::right};
    text_column from{{people ? "90 % sure" : "80 % sure", "from"}, {}, alignment::right};
    text_column to{{"", "to"}, {}, alignment::right};
    for (const scorecard* card : some) {
      const value_figure* f = figure_of(*card, basis);
      const interval range = f == nullptr ? interval{} : range_of(*card, *f);
      value.cells.push_back(f == nullptr ? notes.mark(why_no(*card)) : shown(lasts.at(card), u));
      from.cells.push_back(f == nullptr ? "" : shown(range.lower, u));
      to.cells.push_back(f == nullptr ? "" : shown(range.upper, u));
    }
    columns.push_back(std::move(value));
    columns.push_back(std::move(from));
    columns.push_back(std::move(to));
  }

  // Lines without a value, where there is room to say how many.
  void add_refused(std::vector<text_column>& columns, const cards& some) const {
    text_column c{{"Lines not", "valued"}, {}, alignment::right};
    bool any = false;
    for (const scorecard* card : some) {
      std::int64_t lines = 0;
      for (const refused_lines& r : card->refused) lines += r.lines;
      any = any || lines > 0;
      c.cells.push_back(grouped(lines));
    }
    if (!any || table_width(columns, name_limit_) + 30 > width_) return;
    columns.push_back(std::move(c));
  }

  // Why a card has no value on the main basis.
  [[nodiscard]] std::string_view why_no(const scorecard& card) const {
    if (card.value.empty()) return why_no_value(card);
    return "not known on this basis: no line has a known cost";
  }

  // One scale for all rows.
  void add_value_bars(std::vector<text_column>& columns, const cards& some, value_basis basis,
                      const money_unit& u) const {
    const std::size_t used = table_width(columns, name_limit_) + 2;
    if (used + 8 > width_) return;
    const std::size_t room = std::min<std::size_t>(width_ - used, 40);
    bar_scale scale{0, 0};
    for (const scorecard* card : some) {
      const value_figure* f = figure_of(*card, basis);
      if (f == nullptr) continue;
      scale.from = std::min(scale.from, range_of(*card, *f).lower);
      scale.to = std::max(scale.to, range_of(*card, *f).upper);
    }
    if (!(scale.to > scale.from)) return;
    const std::string left = shown(scale.from, u);
    const std::string right = shown(scale.to, u);
    text_column bars{{"", ""}, {}, alignment::left};
    if (left.size() + 1 + right.size() <= room) {
      bars.heads[1] = left + padded(right, room - left.size(), alignment::right);
    }
    for (const scorecard* card : some) {
      const value_figure* f = figure_of(*card, basis);
      const interval range = f == nullptr ? interval{} : range_of(*card, *f);
      bars.cells.push_back(f == nullptr ? ""
                                        : interval_bar(range.lower, f->parts.value, range.upper,
                                                       scale, room, style_));
    }
    columns.push_back(std::move(bars));
  }

  static double largest_amount_of(const cards& some, value_basis basis) {
    double largest = 0;
    for (const scorecard* c : some) {
      const appraisal& a = figure_of(*c, basis)->parts;
      for (const double x : a.bridge) largest = std::max(largest, std::abs(x));
      largest = std::max({largest, std::abs(a.listed), std::abs(a.value)});
    }
    return largest;
  }

  void print_bridges(const cards& all, value_basis basis) {
    cards some;
    for (const scorecard* card : all) {
      if (figure_of(*card, basis) != nullptr) some.push_back(card);
    }
    if (some.empty()) return;
    table_notes notes;
    money_unit u;
    const std::vector<text_column> columns = fitting(
        largest_amount_of(some, basis),
        [&](const money_unit& tried) {
          notes = {};
          return bridge_columns(some, basis, tried, notes);
        },
        u);
    const bool contribution = basis == value_basis::contribution;
    paragraph(fmt::format("From list price to what will last{}, in {} ({})",
                          prior_ ? " (prior)" : "", u.name,
                          contribution ? "after cost" : "before cost, which is not known"));
    print(columns, notes);
    out_ += '\n';
  }

  std::vector<text_column> bridge_columns(const cards& some, value_basis basis, const money_unit& u,
                                          table_notes& notes) const {
    std::vector<text_column> columns{names(some)};
    columns.push_back({{"", "List"}, {}, alignment::right});
    for (const auto& [above, head] : step_heads) {
      columns.push_back({{above, head}, {}, alignment::right});
    }
    columns.push_back({{"", "Lasts"}, {}, alignment::right});
    const auto lasts = lasting(some, basis, u);
    for (const scorecard* card : some) {
      const appraisal& a = figure_of(*card, basis)->parts;
      const rounded_bridge bridge = round_bridge(a, lasts.at(card), u.minor);
      columns[1].cells.push_back(shown(bridge.listed, u));
      for (std::size_t s = 0; s < bridge_steps; ++s) {
        const bool unknown =
            s == static_cast<std::size_t>(bridge_step::discount) && a.listed_lines == 0;
        columns[2 + s].cells.push_back(unknown ? notes.mark("not known: no list price is known")
                                               : signed_text(bridge.parts[s], u));
      }
      columns.back().cells.push_back(shown(bridge.value, u));
    }
    if (basis == value_basis::revenue) {
      columns.erase(columns.begin() + 2 + static_cast<std::ptrdiff_t>(bridge_step::cost));
    }
    return columns;
  }

  void print_deals(const cards& some) {
    paragraph(review_.options.denominator == win_denominator::closed
                  ? "How the deals went"
                  : "How the deals went; the win rate is that of all deals, open ones included");
    table_notes notes;
    const std::size_t k = review_.options.largest_customers;
    std::vector<text_column> columns{names(some)};
    for (const char* head : {"Won", "Lost", "Open"}) {
      columns.push_back({{"", head}, {}, alignment::right});
    }
    text_column rate{{"Win", "rate"}, {}, alignment::right};
    const bool people = are_people(some);
    text_column range{{people ? "90 %" : "80 %", "sure"}, {}, alignment::right};
    text_column days{{"Days", "to win"}, {}, alignment::right};
    text_column price{{"Price", "kept"}, {}, alignment::right};
    text_column top{{"Top " + std::to_string(k), "buyers"}, {}, alignment::right};
    std::vector<estimate> rates;
    for (const scorecard* card : some) {
      const deal_counts& d = card->deals;
      columns[1].cells.push_back(grouped(d.won));
      columns[2].cells.push_back(grouped(d.lost));
      columns[3].cells.push_back(grouped(d.open));
      add_rate(card->win_rate, rate, range, rates, notes);
      const estimate& median = card->won_cycle.median;
      days.cells.push_back(median.value ? fmt::format("{:.0f}", *median.value)
                                        : notes.mark(not_known(median)));
      price.cells.push_back(share_text(card->price_realisation, notes));
      top.cells.push_back(share_text(card->customers.top_share, notes));
    }
    columns.push_back(std::move(rate));
    columns.push_back(std::move(range));
    const std::size_t bar_place = columns.size();
    columns.push_back(std::move(days));
    columns.push_back(std::move(price));
    columns.push_back(std::move(top));
    constexpr std::ptrdiff_t open_place = 3;
    if (!add_rate_bars(columns, bar_place, rates)) {
      std::vector<text_column> narrower = columns;
      narrower.erase(narrower.begin() + open_place);  // what is open is said of the firm
      if (add_rate_bars(narrower, bar_place - 1, rates)) columns = std::move(narrower);
    }
    print(columns, notes);
  }

  // Intervals of shares, drawn from 0 to 100 %.
  bool add_rate_bars(std::vector<text_column>& columns, std::size_t place,
                     const std::vector<estimate>& rates) const {
    const std::size_t used = table_width(columns, name_limit_) + 2;
    if (used + 8 > width_) return false;
    const std::size_t room = std::min<std::size_t>(width_ - used, 30);
    text_column bars{{"", "0" + padded("100 %", room - 1, alignment::right)}, {}, alignment::left};
    for (const estimate& e : rates) {
      bars.cells.push_back(
          e.range ? interval_bar(e.range->lower, *e.value, e.range->upper, {0, 1}, room, style_)
                  : "");
    }
    columns.insert(columns.begin() + static_cast<std::ptrdiff_t>(place), std::move(bars));
    return true;
  }

  void print_ratios(const cards& some) {
    for (const value_figure& of_firm : review_.firm.value) {
      const value_basis basis = of_firm.basis;
      cards those;
      for (const scorecard* card : some) {
        if (figure_of(*card, basis) != nullptr) those.push_back(card);
      }
      if (those.empty()) continue;
      table_notes notes;
      out_ += '\n';
      paragraph("Three ratios (" + std::string(to_string(basis)) + ')');
      print(ratio_columns(those, basis, notes), notes);
      money_unit u;
      const std::vector<text_column> columns = fitting(
          largest_amount_of(those, basis),
          [&](const money_unit& tried) { return horizon_columns(those, basis, tried); }, u);
      out_ += '\n';
      paragraph(fmt::format("What will last within other horizons, in {} ({})", u.name,
                            to_string(basis)));
      print(columns);
    }
  }

  [[nodiscard]] std::vector<text_column> ratio_columns(const cards& those, value_basis basis,
                                                       table_notes& notes) const {
    std::vector<text_column> columns{names(those)};
    for (const auto& [above, head] :
         {std::pair{"Value", "multiple"}, std::pair{"Sustain-", "ability"},
          std::pair{"Booking", "quality"}}) {
      columns.push_back({{above, head}, {}, alignment::right});
    }
    for (const scorecard* card : those) {
      const value_figure& f = *figure_of(*card, basis);
      std::size_t at = 1;
      for (const estimate* e : {&f.value_multiple, &f.sustainability_ratio, &f.booking_quality}) {
        columns[at++].cells.push_back(e->value ? fmt::format("{:.2f}", *e->value)
                                               : notes.mark(not_known(*e)));
      }
    }
    return columns;
  }

  [[nodiscard]] std::vector<text_column> horizon_columns(const cards& those, value_basis basis,
                                                         const money_unit& u) const {
    std::vector<text_column> columns{names(those)};
    for (const std::int32_t days : usual_horizons) {
      columns.push_back({{"Within", horizon_in_words(days)}, {}, alignment::right});
    }
    columns.push_back({{"Renewal", "risk, sd"}, {}, alignment::right});
    columns.push_back({{"Lifetimes", "at risk"}, {}, alignment::right});
    for (const scorecard* card : those) {
      const value_figure& f = *figure_of(*card, basis);
      std::size_t at = 1;
      for (const double value : f.parts.at_usual) columns[at++].cells.push_back(shown(value, u));
      columns[at++].cells.push_back(shown(f.sd, u));
      columns[at].cells.push_back(grouped(f.lifetimes_at_risk));
    }
    return columns;
  }

  // ---- sections ----

  void print_people() {
    if (options_.people.empty()) {
      if (review_.salespeople.empty()) return;
      heading("SALESPEOPLE, in the order of their ids");
      print_tables(all_of(review_.salespeople));
      return;
    }
    const auto is_asked_by = [](const scorecard& card, const std::string& person) {
      return card.owner != nobody && (card.id == person || card.name == person);
    };
    for (const scorecard& card : review_.salespeople) {
      for (const std::string& person : options_.people) {
        if (!is_asked_by(card, person)) continue;
        heading("SALESPERSON " + name_of(card, true));
        print_card(card);
        break;
      }
    }
    for (const std::string& person : options_.people) {
      bool found = false;
      for (const scorecard& card : review_.salespeople) found = found || is_asked_by(card, person);
      if (found) continue;
      heading("SALESPERSON " + printable(person));
      paragraph("No salesperson has this id or name.");
    }
  }

  void print_quarters() {
    if (review_.quarters.empty()) return;
    heading("QUARTERS, by the day of the close");
    table_notes notes;
    table_notes undefined_notes;
    text_column name{{"", ""}, {}, alignment::left};
    text_column sold_column{{"", "Sold"}, {}, alignment::right};
    text_column won{{"", "Won"}, {}, alignment::right};
    text_column lost{{"", "Lost"}, {}, alignment::right};
    text_column rate{{"Win", "rate"}, {}, alignment::right};
    text_column range{{"80 %", "sure"}, {}, alignment::right};
    const money_unit u = unit(0);
    std::vector<estimate> rates;
    for (const group_row& q : review_.quarters) {
      std::string label = q.name;
      if (q.data.begins_inside) {
        label += ' ' + notes.mark(
                           "The record begins inside this quarter: what closed before is "
                           "missing, so its win rate misleads and often reads too high.");
      }
      if (q.data.ends_inside) {
        label +=
            ' ' + notes.mark("The record ends inside this quarter: more can still close in it.");
      }
      name.cells.push_back(label);
      sold_column.cells.push_back(shown(nearest_units(q.booked.booked_ppm, u.minor), u));
      won.cells.push_back(grouped(q.deals.won));
      lost.cells.push_back(grouped(q.deals.lost));
      add_rate(q.win_rate, rate, range, rates, notes);
    }
    std::vector<text_column> columns{name, sold_column, won, lost, rate, range};
    add_rate_bars(columns, columns.size(), rates);
    out_ += print_table(columns, width_) + notes.print(width_);
  }

  static std::string share_text(const estimate& e, table_notes& notes) {
    return e.value ? percent(*e.value, 0) : notes.mark(not_known(e));
  }

  static void add_rate(const estimate& e, text_column& rate, text_column& range,
                       std::vector<estimate>& rates, table_notes& notes) {
    rates.push_back(e);
    rate.cells.push_back(share_text(e, notes));
    range.cells.push_back(
        e.range ? fmt::format("{:.0f}-{:.0f}", 100 * e.range->lower, 100 * e.range->upper) : "");
  }

  void print_products() {
    if (review_.products.empty()) return;
    heading("PRODUCTS");
    table_notes notes;
    text_column name{{""}, {}, alignment::left};
    text_column lines{{"Lines"}, {}, alignment::right};
    text_column sold_column{{"Sold"}, {}, alignment::right};
    text_column price{{"Price kept"}, {}, alignment::right};
    const money_unit u = unit(0);
    const std::vector<wide> rounded = product_booked(review_, u.minor);
    for (std::size_t i = 0; i < review_.products.size(); ++i) {
      const group_row& p = review_.products[i];
      name.cells.push_back(p.name.empty() ? "(no product named)" : printable(p.name));
      lines.cells.push_back(grouped(p.booked.lines));
      sold_column.cells.push_back(shown(rounded[i], u));
      price.cells.push_back(share_text(price_realisation(p.booked), notes));
    }
    const std::vector<text_column> columns{name, lines, sold_column, price};
    out_ += print_table(columns, width_) + notes.print(width_);
  }

  void print_sources() {
    heading("SOURCES of the deals");
    table_notes notes;
    text_column name{{"", ""}, {}, alignment::left};
    text_column won{{"", "Won"}, {}, alignment::right};
    text_column lost{{"", "Lost"}, {}, alignment::right};
    text_column open{{"", "Open"}, {}, alignment::right};
    text_column rate{{"Win", "rate"}, {}, alignment::right};
    text_column range{{"80 %", "sure"}, {}, alignment::right};
    std::vector<estimate> rates;
    for (const group_row& s : review_.sources) {
      name.cells.push_back(s.name.empty() ? "(not known)" : printable(s.name));
      won.cells.push_back(grouped(s.deals.won));
      lost.cells.push_back(grouped(s.deals.lost));
      open.cells.push_back(grouped(s.deals.open));
      add_rate(s.win_rate, rate, range, rates, notes);
    }
    std::vector<text_column> columns{name, won, lost, open, rate, range};
    add_rate_bars(columns, columns.size(), rates);
    out_ += print_table(columns, width_) + notes.print(width_);
  }

  void item(std::string_view text) { out_ += wrapped(text, width_, "  -", 4); }

  // What a reader must know about the records, where there is anything.
  void print_records() {
    const data_notes& n = review_.notes;
    const std::pair<std::int64_t, std::string_view> counts[] = {
        {n.closed_by_hand, "closed on a day that somebody typed; no event was recorded."},
        {n.close_unknown, "won or lost on a day that nobody knows: in no quarter."},
        {n.not_point_in_time,
         "not point-in-time: only today's owner is known, or not when the "
         "record became known. Their figures can change backwards."},
        {n.amount_only, "with one amount and no lines."},
        {n.credits_refused, "whose shares do not sum to one: nobody is credited."},
        {n.customer_unknown, "without a customer: each counts as a customer of its own."}};
    const deal_counts& d = review_.firm.deals;
    const bool none_lost = d.won > 0 && d.lost == 0;
    bool any = none_lost || review_.snapshot_fingerprint != 0;
    for (const auto& [deals, text] : counts) any = any || deals > 0;
    if (!any) return;
    heading("THE RECORDS BEHIND THIS");
    if (none_lost) {
      item("No deal is on record as lost. Won deals divided by closed ones say nothing then; look "
           "at the win rate of all deals.");
    }
    for (const auto& [deals, text] : counts) {
      if (deals > 0) item(counted(deals, "deal", "deals") + ' ' + std::string(text));
    }
    if (review_.snapshot_fingerprint != 0) {
      item(fmt::format("Parameters: \"{}\", {}, fingerprint {:016x}.",
                       printable(review_.snapshot_name), to_string(review_.snapshot_source),
                       review_.snapshot_fingerprint));
    }
  }

  void print_how_to_read() {
    heading("HOW TO READ THIS");
    const bool any = !review_.firm.value.empty();
    item("Sold: the net amount of every won line over its committed term.");
    if (any) {
      item(
          "Will last: what the won lines are expected to bring within " +
          horizon_in_words(review_.horizon_days) +
          " of their close, renewals included, leaving customers and unpaid bills taken off, later "
          "money discounted. It can exceed what was sold, since customers renew.");
      item(
          "How sure: the range holds what renewals by chance may do; that the parameters may be "
          "wrong is not in it.");
      item(
          "The steps from list price sum to the last figure exactly. Each is the mean effect of "
          "its cause over all orders of taking the causes, so no order is favoured.");
    }
    item(
        "Win rate: its range says how far chance alone could move it. Deals still open are in "
        "neither won nor lost.");
    item(
        "Nobody is ranked here, and activities are not counted: what lasts is looked at, however "
        "it was sold. Not meant as the basis of a decision about employment or pay.");
    if (!options_.details) return;
    if (any) {
      item(
          "Value multiple: what will last / sold. Sustainability: what is expected to be kept of "
          "the margin at list price of the same business kept whole. Booking quality: the "
          "committed part as agreed / its margin at list price. Compare ratios only inside a "
          "product family.");
    }
    item(
        "HHI: the sum of squared customer shares; 1 / HHI equal customers would be as "
        "concentrated.");
  }

  const review& review_;
  const terminal_options& options_;
  std::size_t width_;
  std::size_t name_limit_;
  const bar_style& style_;
  bool prior_;
  value_basis main_basis_ = value_basis::contribution;
  std::string out_;
};

}  // namespace

std::string to_terminal(const review& r, const terminal_options& options) {
  return terminal_report(r, options).print();
}

}  // namespace salespulse
