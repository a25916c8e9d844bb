// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_BOOK_BUILDER_HPP
#define SALESPULSE_MODEL_BOOK_BUILDER_HPP

#include <salespulse/model/activity.hpp>
#include <salespulse/model/book.hpp>
#include <salespulse/model/customer.hpp>
#include <salespulse/model/deal.hpp>
#include <salespulse/model/issue.hpp>
#include <salespulse/model/line.hpp>
#include <salespulse/model/product.hpp>
#include <salespulse/model/revenue_event.hpp>
#include <salespulse/model/salesperson.hpp>
#include <salespulse/model/target.hpp>

#include <span>

namespace salespulse {

namespace detail {
struct pending_facts;
}

/// Takes rows at the door and makes a book of them.
///
/// Add what is referred to before what refers to it: exchange rates, people, teams, customers,
/// products and stages, then deals, then everything that belongs to a deal. Within that any order
/// gives the same figures; of rows with one id the first is taken.
///
/// `add` copies what it needs and says whether the row was taken. A row that is not taken changes
/// nothing and stands in `issues()` with its reason; a row that is taken can stand there too, with
/// what somebody should know about it. A deal that names a customer, salesperson or product that
/// was never added keeps the name, marked as undeclared: its revenue is real whatever the master
/// data say.
class book_builder {
public:
  explicit book_builder(book_options options = {});
  book_builder(const book_builder&) = delete;
  book_builder& operator=(const book_builder&) = delete;
  ~book_builder();

  bool add(const exchange_rate& row, row_position where = {});
  bool add(const salesperson& row, row_position where = {});
  bool add(const team& row, row_position where = {});
  bool add(const membership& row, row_position where = {});
  bool add(const customer& row, row_position where = {});
  bool add(const product& row, row_position where = {});
  bool add(const stage& row, row_position where = {});
  bool add(const deal& row, row_position where = {});
  bool add(const line& row, row_position where = {});
  bool add(const stage_event& row, row_position where = {});
  bool add(const ownership_event& row, row_position where = {});
  bool add(const credit_split& row, row_position where = {});
  bool add(const revenue_event& row, row_position where = {});
  bool add(const activity& row, row_position where = {});
  bool add(const target& row, row_position where = {});

  /// What was found so far; complete after `build`.
  [[nodiscard]] std::span<const issue> issues() const noexcept;

  /// The book of everything taken. Checks what only the whole can show (credits that do not sum,
  /// closes before openings, amounts without a rate) and reports it in `issues()`. The builder
  /// keeps nothing but the issues.
  [[nodiscard]] book build();

private:
  detail::pending_facts* facts_;
};

}  // namespace salespulse
#endif
