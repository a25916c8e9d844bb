// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_REPORT_TERMINAL_HPP
#define SALESPULSE_REPORT_TERMINAL_HPP

#include <string>
#include <vector>

namespace salespulse {

struct review;

/// How a review is printed.
struct terminal_options {
  int width = 80;            ///< columns; narrower than 60 is taken as 60
  bool utf8 = true;          ///< bars of block characters; else of ASCII. Names stay as they are
  bool colour = false;       ///< bold headings; figures about people are never coloured
  bool details = false;      ///< also the three ratios, every horizon, both bridges, definitions
  bool minor_units = false;  ///< amounts to the cent in place of whole currency units
  std::vector<std::string> people = {};  ///< ids or names: only these, each in full; empty: all
};

/// A review for whoever leads sales, as text with aligned columns: the firm first, with what was
/// sold, what it will bring, how sure that is and the bridge between the two, then teams,
/// salespeople, quarters, products and sources. Where people are asked for: the firm's first
/// figures and these people alone.
///
/// People and teams stand in the order of their ids, never of a figure. Intervals are drawn on one
/// scale for all rows of a table, at 90 % wherever people could be compared. What is not known is
/// said in words; so is what part of the sold amount a value is of, where it is not all of it, and
/// a prior wherever a figure rests on one. Displayed parts sum to the
/// displayed whole. Tables that would not fit show thousands or millions and say so; a name is
/// never cut.
[[nodiscard]] std::string to_terminal(const review& r, const terminal_options& options = {});

}  // namespace salespulse
#endif
