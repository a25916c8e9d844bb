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

terminal_report::terminal_report(const review& r, const terminal_options& options)
    : review_(r),
      options_(options),
      width_(static_cast<std::size_t>(std::max(options.width, 60))),
      name_limit_(width_ / 4),
      style_(style_of(options.utf8)),
      prior_(r.snapshot_source == provenance::prior && !r.firm.value.empty()) {
  if (!r.firm.value.empty()) main_basis_ = r.firm.value.front().basis;
}

std::string terminal_report::print() {
  print_title();
  heading("THE FIRM");
  if (!options_.people.empty()) {
    facts(headline(review_.firm, false));
    print_people();
    print_records();
    print_how_to_read();
    return std::move(out_);
  }
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

void terminal_report::print_title() {
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

void terminal_report::heading(std::string_view text) {
  out_ += '\n';
  out_ += options_.colour ? "\x1b[1m" + std::string(text) + "\x1b[0m" : std::string(text);
  out_ += "\n\n";
}

void terminal_report::paragraph(std::string_view text, std::size_t indent) {
  out_ += wrapped(text, width_, "", indent);
}

void terminal_report::facts(const std::vector<fact>& rows) {
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

void terminal_report::item(std::string_view text) { out_ += wrapped(text, width_, "  -", 4); }

std::string to_terminal(const review& r, const terminal_options& options) {
  return terminal_report(r, options).print();
}

}  // namespace salespulse
