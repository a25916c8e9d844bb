// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_LINE_HPP
#define SALESPULSE_MODEL_LINE_HPP

#include <salespulse/core/money.hpp>
#include <salespulse/model/line_terms.hpp>

#include <optional>
#include <string>

namespace salespulse {

/// One position of a deal. Amounts are for one billing, not for the whole term: a 3-year contract
/// billed yearly at 40 has net 40, every_months 12 and term_months 36.
struct line {
  std::string id = {};             ///< may be empty; then duplicates cannot be recognised
  std::string deal = {};
  std::string product = {};        ///< empty: unknown
  std::optional<money> list = {};  ///< price before discount; unknown: the discount is undefined
  std::optional<money> net = {};   ///< agreed price; unknown is allowed until the deal is won
  std::optional<money> cost = {};  ///< cost of delivering; unknown: value is on revenue basis
  line_terms terms = {};
};

}  // namespace salespulse
#endif
