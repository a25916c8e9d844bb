// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_TESTS_STATISTICS_CONTRACT_CASES_HPP
#define SALESPULSE_TESTS_STATISTICS_CONTRACT_CASES_HPP

#include "support/reference.hpp"
#include <salespulse/statistics/row_counts.hpp>
#include <salespulse/statistics/tenure.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace salespulse::test {

using contract_entries = std::vector<row_counts<tenure>::entry>;

inline row_counts<tenure> counted(contract_entries rows) {
  return row_counts<tenure>(std::move(rows));
}

inline row_counts<tenure> cohort(const std::vector<std::int64_t>& survivors) {
  return tenures_of(survivors, survivors.size()).tenures;
}

inline constexpr const char* cohorts_file = "data/customer_base/retention_cohorts.csv";

/// The published cohorts, and what the reference of fits calls their calibration years.
inline constexpr std::pair<const char*, const char*> published_cohorts[] = {
    {"HighEnd", "High End years 1-7 n=1000"}, {"Regular", "Regular years 1-7 n=1000"}};

/// Survivors per 1 000 in the calibration years of one of them.
inline row_counts<tenure> published_cohort(const reference_table& table, std::string_view name) {
  std::vector<std::int64_t> survivors;
  for (const std::size_t row : table.where({{"cohort", name}, {"in_calibration", "1"}})) {
    survivors.push_back(std::llround(10 * table.number(row, "survival_pct")));
  }
  return cohort(survivors);
}

/// Contracts of any kind, beside a cohort whose risk falls, stays or rises with age.
inline row_counts<tenure> arbitrary_contracts() {
  contract_entries rows;
  const int n = *rc::gen::inRange(0, 20);
  for (int i = 0; i < n; ++i) {
    const auto entered = *rc::gen::inRange(0, 4);
    const auto survived = entered + *rc::gen::inRange(0, 6);
    const auto left_by = *rc::gen::element(0, survived + 1, survived + 1, survived + 4);
    rows.push_back({{entered, survived, left_by}, *rc::gen::inRange(1, 60)});
  }
  std::int64_t there = *rc::gen::inRange(0, 3000);
  const int risk = *rc::gen::inRange(0, 90);
  const int fall = *rc::gen::inRange(-10, 300);
  const int age = *rc::gen::inRange(0, 12);
  for (std::int32_t t = 0; t < age; ++t) {
    const std::int64_t left =
        there * std::min(100, risk * 100 / (100 + fall * t / 2) + *rc::gen::inRange(0, 5)) / 100;
    rows.push_back({{0, t, t + 1}, left});
    there -= left;
  }
  rows.push_back({{0, age, 0}, there});
  return counted(rows);
}

/// 1 where the 95 % interval of an estimate holds the truth, on the scale of the logarithm, where
/// the likelihood is closest to normal; else 0.
inline int inside(double estimate, double std_error, double truth) {
  return std::abs(std::log(estimate / truth)) < 1.959964 * std_error / estimate ? 1 : 0;
}

}  // namespace salespulse::test

#endif
