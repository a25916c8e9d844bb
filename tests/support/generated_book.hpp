// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_TESTS_SUPPORT_GENERATED_BOOK_HPP
#define SALESPULSE_TESTS_SUPPORT_GENERATED_BOOK_HPP

#include <salespulse/model/book_builder.hpp>
#include <salespulse/model/book_options.hpp>
#include <salespulse/value/snapshot.hpp>
#include <salespulse/value/weights.hpp>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace salespulse::test {

/// The rows of one book, as a host would hand them over.
struct generated_facts {
  book_options options;
  std::vector<exchange_rate> rates;
  std::vector<salesperson> salespeople;
  std::vector<team> teams;
  std::vector<membership> memberships;
  std::vector<customer> customers;
  std::vector<product> products;
  std::vector<stage> stages;
  std::vector<deal> deals;
  std::vector<line> lines;
  std::vector<stage_event> stage_events;
  std::vector<ownership_event> ownership_events;
  std::vector<credit_split> credits;
  std::vector<revenue_event> revenue_events;
  std::vector<activity> activities;
  std::vector<target> targets;
};

/// What a generated book may hold. The defaults allow everything that leaves a book with one
/// currency; switches take away what a law excludes.
struct book_shape {
  int most_deals = 8;
  int most_lines = 3;  ///< of one deal
  bool several_currencies = false;
  bool unnamed_customers = true;
  bool split_credits = true;    ///< and credits that do not sum, and owners that change
  bool only_won = false;        ///< neither open nor lost deals, every close dated
  bool unknown_amounts = true;  ///< unknown list, net and cost; families that are not valued
  bool losses = true;           ///< cost above the net amount, negative amounts
  bool one_class = false;       ///< one product, one schedule: lines that meet in few keys
};

/// Draws a whole number from low to high, both included. Low means simple, so that a test tool
/// which lowers the numbers finds the smallest book that still fails.
using chooser = std::function<int(int low, int high)>;

/// A book of a few sellers in two teams that change, customers in three segments, and families of
/// every lifetime. Whatever is drawn, no row is refused, and no figure depends on the row order.
[[nodiscard]] generated_facts generate_facts(const book_shape& shape, const chooser& choose);

/// Parameters for every family and term, and for every segment, of `generate_facts`.
[[nodiscard]] snapshot generate_snapshot(const chooser& choose);

/// A chooser that draws from `random_stream`.
[[nodiscard]] chooser random_chooser(std::uint64_t seed);

/// The facts of a seed.
[[nodiscard]] generated_facts random_facts(std::uint64_t seed, const book_shape& shape = {});

/// The book of the facts; what was found wrong goes to `issues` where one is given.
[[nodiscard]] book build(const generated_facts& facts, std::vector<issue>* issues = nullptr);

/// The same rows in another order: every table shuffled.
[[nodiscard]] generated_facts permuted(generated_facts facts, std::uint64_t seed);

/// The rows that the deals of one part refer to or are referred to by; master data stay. Deal i
/// belongs to the part `part_of(i)`.
[[nodiscard]] generated_facts part_of(const generated_facts& facts,
                                      const std::function<bool(std::size_t deal)>& keep);

/// Snapshots bound to the names of a book. They must be valid.
[[nodiscard]] valuation valuation_of(const book& b, std::span<const snapshot> by_epoch);

/// The facts as text, a row a line: what a failing test shows.
[[nodiscard]] std::string to_text(const generated_facts& facts);
[[nodiscard]] std::string to_text(const snapshot& parameters);

}  // namespace salespulse::test
#endif
