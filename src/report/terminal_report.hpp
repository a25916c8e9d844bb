// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_REPORT_TERMINAL_REPORT_HPP
#define SALESPULSE_REPORT_TERMINAL_REPORT_HPP

#include "text.hpp"
#include <salespulse/core/wide.hpp>
#include <salespulse/report/terminal.hpp>
#include <salespulse/scorecard/scorecard.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace salespulse {

/// What one displayed unit of money is.
struct money_unit {
  wide minor = 1;
  int decimals = 0;
  std::string name;
};

/// A row of a block of facts: what, how much, and what that means.
struct fact {
  std::string label;
  std::string value;
  std::string comment;
};

/// A share in percent: 12.5 %.
[[nodiscard]] std::string percent(double share, int decimals);

/// A count and its noun: 1 deal, 1 200 deals.
[[nodiscard]] std::string counted(std::int64_t n, std::string_view one, std::string_view many);

/// A number with its whole part in groups of three: 1 234.5.
[[nodiscard]] std::string decimal_text(double x, int decimals);

/// Why an estimate has no value.
[[nodiscard]] std::string not_known(const estimate& e);

/// Remarks on cells of a table, by letter, printed below the table that refers to them.
class table_notes {
public:
  [[nodiscard]] std::string mark(std::string_view reason);
  [[nodiscard]] std::string print(std::size_t width) const;

private:
  std::vector<std::string> reasons_;
};

/// The text of one review while it is written. Its parts: terminal.cpp the page and its title,
/// terminal_wording.cpp amounts and words, terminal_firm.cpp one card in full, terminal_values.cpp,
/// terminal_bridges.cpp and terminal_rates.cpp the tables of teams and people,
/// terminal_sections.cpp the rest.
class terminal_report {
public:
  terminal_report(const review& r, const terminal_options& options);
  [[nodiscard]] std::string print();

private:
  using cards = std::vector<const scorecard*>;
  // What cards sold, or what it will bring. That of people, shown or not, sums in print to the
  // firm's; teams overlap, so theirs are rounded one by one.
  using amounts_by_card = std::map<const scorecard*, wide>;

  // Lines without a value that share a reason and what it is about.
  struct refused_group {
    refusal why = refusal::none;
    std::string about;
    std::int64_t lines = 0;
    double booked = 0;
  };

  // ---- lines ----

  void heading(std::string_view text);
  void paragraph(std::string_view text, std::size_t indent = 2);
  void facts(const std::vector<fact>& rows);
  void item(std::string_view text);

  // ---- money ----

  [[nodiscard]] money_unit unit(int thousands) const;
  static std::string shown(wide units, const money_unit& u);
  static std::string shown(double minor, const money_unit& u);
  static std::string signed_text(wide units, const money_unit& u);
  static wide in_units(double minor, const money_unit& u);
  [[nodiscard]] amounts_by_card by_person(const std::vector<wide>& amounts) const;
  static bool are_people(const cards& some);
  [[nodiscard]] amounts_by_card sold(const cards& some, const money_unit& u) const;
  [[nodiscard]] amounts_by_card lasting(const cards& some, value_basis basis,
                                        const money_unit& u) const;

  // ---- words ----

  static cards all_of(const std::vector<scorecard>& all);
  // Without the card of what nobody is credited with.
  static std::int64_t number_of(const std::vector<scorecard>& all);
  // Name and id, one of them where that says enough.
  [[nodiscard]] std::string name_of(const scorecard& card, bool with_id) const;
  // At 90 % where people could be compared.
  static interval range_of(const scorecard& card, const value_figure& f);
  // How sure a value is, and of what: chance of renewal alone, under a prior only if it is right.
  [[nodiscard]] std::string sure_by_renewal(double level) const;
  // Whether somebody sold, by a share of the credit, without having closed a deal.
  static bool sold_without_closing(const scorecard& card);
  static std::string share_text(const estimate& e, table_notes& notes);

  // ---- sections ----

  void print_title();
  void print_people();
  void print_quarters();
  void print_products();
  void print_sources();
  // What a reader must know about the records, where there is anything.
  void print_records();
  void print_how_to_read();

  // ---- one card in full ----

  void print_card(const scorecard& card);
  // What was sold and what it will bring, each of how much; `in_full` with more of it below.
  [[nodiscard]] std::vector<fact> headline(const scorecard& card, bool in_full) const;
  void print_bridge(const scorecard& card, const std::vector<wide>& sold_parts);
  // Draws the bridge of one figure beside the table; the rows are those of `print_bridge`.
  void add_waterfall(std::vector<text_column>& columns, const scorecard& card,
                     const value_figure& f) const;
  [[nodiscard]] std::vector<refused_group> refused_groups(const scorecard& card) const;
  // What was sold, by basis and then by reason of having no value: parts that sum to it in print.
  [[nodiscard]] std::vector<wide> parts_of_sold(const scorecard& card,
                                                const std::vector<refused_group>& refused,
                                                const money_unit& u) const;
  void print_refused(const scorecard& card, const std::vector<refused_group>& groups,
                     std::span<const wide> booked);
  void print_deal_facts(const scorecard& card);
  static fact cycle_fact(const char* name, const cycle_time& t);
  [[nodiscard]] fact customers_fact(const concentration& c) const;

  // ---- many cards in tables ----

  void print_tables(const cards& some);
  // Ids stand beside the names where there is room, and where two have the same name.
  [[nodiscard]] text_column names(const cards& some) const;
  // A table of cards. Where names make it too wide, the longest get a line of their own.
  void print(const std::vector<text_column>& columns, const table_notes& notes = {});
  void print_values(const cards& some);
  // The value on the other basis as a column, where it leaves room for bars.
  bool add_other_basis(std::vector<text_column>& columns, const cards& some,
                       const money_unit& u) const;
  // The same in a table of its own.
  void print_other_basis(const cards& all);
  std::vector<text_column> value_columns_of(const cards& some, const money_unit& u,
                                            table_notes& notes) const;
  // What will last, and from where to where it is sure.
  void add_range_columns(std::vector<text_column>& columns, const cards& some, value_basis basis,
                         const money_unit& u, table_notes& notes) const;
  // What was sold and has no value, where there is room.
  void add_refused(std::vector<text_column>& columns, const cards& some, const money_unit& u) const;
  [[nodiscard]] wide not_valued(const scorecard& card, const money_unit& u) const;
  // Marks of what keeps Sold and Will last, or Sold and Won, from being of the same deals.
  [[nodiscard]] std::string remarks_on(const scorecard& card, table_notes& notes) const;
  // Says so where all values are the same multiple of what was sold.
  void print_uniform(const cards& some);
  // Why a card has no value on the main basis.
  [[nodiscard]] std::string_view why_no(const scorecard& card) const;
  // One scale for all rows.
  void add_value_bars(std::vector<text_column>& columns, const cards& some, value_basis basis,
                      const money_unit& u) const;
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
  static double largest_amount_of(const cards& some, value_basis basis);
  void print_bridges(const cards& all, value_basis basis);
  std::vector<text_column> bridge_columns(const cards& some, value_basis basis, const money_unit& u,
                                          table_notes& notes) const;
  void print_deals(const cards& some);
  // Intervals of shares, drawn from 0 to 100 %.
  bool add_rate_bars(std::vector<text_column>& columns, std::size_t place,
                     const std::vector<estimate>& rates) const;
  static void add_rate(const estimate& e, text_column& rate, text_column& range,
                       std::vector<estimate>& rates, table_notes& notes);
  void print_ratios(const cards& some);
  [[nodiscard]] std::vector<text_column> ratio_columns(const cards& those, value_basis basis,
                                                       table_notes& notes) const;
  [[nodiscard]] std::vector<text_column> horizon_columns(const cards& those, value_basis basis,
                                                         const money_unit& u) const;

  const review& review_;
  const terminal_options& options_;
  std::size_t width_;
  std::size_t name_limit_;
  const bar_style& style_;
  bool prior_;
  value_basis main_basis_ = value_basis::contribution;
  std::string out_;
};

}  // namespace salespulse
#endif
