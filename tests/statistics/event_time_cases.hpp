// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_TESTS_STATISTICS_EVENT_TIME_CASES_HPP
#define SALESPULSE_TESTS_STATISTICS_EVENT_TIME_CASES_HPP

#include <salespulse/statistics/observation.hpp>

#include "support/reference.hpp"

#include <rapidcheck.h>

#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace salespulse::test {

/// The rows of a published set that one reference curve was made from. `strata`: "all" or
/// "column=value".
inline std::vector<observation> event_time_rows(const std::string& name,
                                                const std::string& strata) {
  struct source {
    const char* prefix;
    const char* file;
    const char* entry;
    const char* exit;
    const char* status;
    const char* event;   // what `status` holds for an event
    const char* etype;   // which rows, by column "etype"
  };
  static const source sources[] = {
      {"lung", "lung", "", "time", "status", "2", ""},
      {"colon_death", "colon", "", "time", "status", "1", "2"},
      {"colon_recur", "colon", "", "time", "status", "1", "1"},
      {"aml", "aml", "", "time", "status", "1", ""},
      {"mgus2", "mgus2", "", "futime", "death", "1", ""},
      {"heart", "heart", "start", "stop", "event", "1", ""},
  };
  for (const source& s : sources) {
    if (name.rfind(s.prefix, 0) != 0) continue;
    const reference_table table("reference/statistics/inputs/" + std::string(s.file) + ".csv");
    const std::size_t equals = strata.find('=');
    std::vector<observation> rows;
    for (std::size_t i = 0; i < table.rows(); ++i) {
      if (*s.etype != '\0' && table.text(i, "etype") != s.etype) continue;
      if (equals != std::string::npos &&
          table.text(i, strata.substr(0, equals)) != strata.substr(equals + 1)) {
        continue;
      }
      observation row;
      if (*s.entry != '\0') row.entry = static_cast<std::int32_t>(2 * table.number(i, s.entry));
      // Half days occur in one set; all are told in half ticks there.
      row.exit = static_cast<std::int32_t>((*s.entry != '\0' ? 2 : 1) * table.number(i, s.exit));
      row.cause = table.text(i, s.status) == s.event;
      rows.push_back(row);
    }
    return rows;
  }
  throw std::runtime_error("no such case: " + name);
}

/// The set "lung" with weights: those of the reference are halves, these twice as much.
inline std::vector<observation> twice_weighted_lung_rows() {
  const reference_table table("reference/statistics/inputs/lung_weights.csv");
  std::vector<observation> rows;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    rows.push_back({0, static_cast<std::int32_t>(table.integer(i, "time")),
                    table.text(i, "status") == "2", std::lround(2 * table.number(i, "w"))});
  }
  return rows;
}

/// Ticks in a unit of the reference's time.
inline double event_time_ticks(const std::string& name) {
  return name.rfind("heart", 0) == 0 ? 2 : 1;
}

/// Rows of every kind: late entries, ties, weights, some of them 0.
inline std::vector<observation> arbitrary_event_times(int most = 40) {
  std::vector<observation> rows;
  const int n = *rc::gen::inRange(1, most);
  for (int i = 0; i < n; ++i) {
    observation row;
    row.entry = *rc::gen::inRange(0, 3) == 0 ? *rc::gen::inRange(0, 12) : 0;
    row.exit = row.entry + *rc::gen::inRange(row.entry == 0 ? 0 : 1, 15);
    row.cause = *rc::gen::inRange(0, 3);
    row.weight = *rc::gen::inRange(0, 4);
    rows.push_back(row);
  }
  rows.front().weight = 1;
  return rows;
}

inline std::vector<observation> with_times(std::vector<observation> rows, std::int32_t factor) {
  for (observation& row : rows) {
    row.entry *= factor;
    row.exit *= factor;
  }
  return rows;
}

}  // namespace salespulse::test
#endif
