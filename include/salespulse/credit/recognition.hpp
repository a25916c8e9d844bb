// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_CREDIT_RECOGNITION_HPP
#define SALESPULSE_CREDIT_RECOGNITION_HPP

#include <salespulse/core/date.hpp>

#include <cstdint>
#include <vector>

namespace salespulse {

class valuation;
struct value_columns;

/// Days after its close over which the value of a deal is recognised, evenly.
inline constexpr std::int32_t recognition_days = 365;

/// What an owner is recognised for in a period: sum over the deals of
/// V * days([from, to) and [close, close + 365)) / 365. A deal recognised day by day makes no date
/// in the calendar worth gaming: moving a close by n days moves at most |V| * n / 365 between
/// periods and nothing in total. Basis by basis, never added.
struct recognised_value {
  std::uint32_t owner = 0;
  double contribution = 0;  ///< minor units
  double revenue = 0;
};

/// Recognition of a period, by owner, ascending. Lines that are refused a value have none to be
/// recognised; deals whose day of closing is not known are recognised in no period.
[[nodiscard]] std::vector<recognised_value> recognise(const value_columns& columns, period asked,
                                                      const valuation& parameters);

}  // namespace salespulse
#endif
