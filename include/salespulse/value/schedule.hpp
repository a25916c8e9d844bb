// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_VALUE_SCHEDULE_HPP
#define SALESPULSE_VALUE_SCHEDULE_HPP

#include <salespulse/model/line_terms.hpp>

#include <cstdint>

namespace salespulse {

/// Day of flow k of a line, counted from the close of its deal: the offset plus k intervals of
/// every_months * 365 / 12 days, rounded half up.
[[nodiscard]] constexpr std::int32_t flow_day(const line_terms& terms, std::int32_t k) noexcept {
  const std::int64_t twelfths = std::int64_t{k} * terms.every_months * 365;
  return terms.offset_days + static_cast<std::int32_t>((twelfths + 6) / 12);
}

/// Calls `visit(day, renewal)` for every flow before day `horizon`: renewal 0 inside the committed
/// term, then 1, 2, ... after that many renewals. A line that does not renew ends with its term.
template <class Visit>
constexpr void for_each_flow(const line_terms& terms, std::int32_t horizon, Visit visit) {
  const std::int32_t committed = committed_flows(terms);
  for (std::int32_t k = 0; terms.renews || k < committed; ++k) {
    const std::int32_t day = flow_day(terms, k);
    if (day >= horizon) break;
    visit(day, k / committed);
  }
}

/// Calls `visit(day)` for every flow before `horizon` of the same business kept for the whole
/// horizon: a recurring line goes on whether it renews or not, a one-off line comes every year.
template <class Visit>
constexpr void for_each_kept_flow(line_terms terms, std::int32_t horizon, Visit visit) {
  if (terms.every_months == 0) terms.every_months = 12;
  for (std::int32_t k = 0; flow_day(terms, k) < horizon; ++k) visit(flow_day(terms, k));
}

}  // namespace salespulse
#endif
