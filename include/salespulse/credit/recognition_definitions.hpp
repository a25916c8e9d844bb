// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_CREDIT_RECOGNITION_DEFINITIONS_HPP
#define SALESPULSE_CREDIT_RECOGNITION_DEFINITIONS_HPP

#include <salespulse/credit/recognition.hpp>
#include <salespulse/tally/tally.hpp>
#include <salespulse/tally/value_columns.hpp>
#include <salespulse/value/appraisal.hpp>
#include <salespulse/value/weights.hpp>

// See salespulse/definitions.hpp.
namespace salespulse {

std::vector<recognised_value> recognise(const value_columns& columns, period asked,
                                        const valuation& parameters) {
  std::vector<recognised_value> out;
  for (const owner_value& v : appraise(tally_recognised(columns, asked), parameters)) {
    if (v.contribution.lines == 0 && v.revenue.lines == 0) continue;
    out.push_back({v.owner, v.contribution.value / recognition_days,
                   v.revenue.value / recognition_days});
  }
  return out;
}

}  // namespace salespulse
#endif
