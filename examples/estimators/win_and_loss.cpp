// SPDX-License-Identifier: BSL-1.0
// Subjects end in one of two ways, some are still open, some were seen only from a later day on:
// what share has ended in which way by when, and what becomes of one that is still open today?
#include <salespulse/statistics/aalen_johansen.hpp>

#include <cstdio>
#include <vector>

using namespace salespulse;

int main() {
  constexpr std::int32_t won = 1;
  constexpr std::int32_t lost = 2;
  // Watched from, last day watched, how it ended, how many such subjects.
  const std::vector<observation> rows{
      {0, 10, won, 6},   {0, 10, lost, 9}, {0, 25, won, 12}, {0, 25, 0, 4},
      {0, 40, lost, 11}, {20, 40, won, 5}, {20, 60, won, 8}, {20, 60, 0, 7},
  };
  const aalen_johansen ends(rows, 2);
  if (!ends.why().ok()) return 1;

  for (const std::int32_t day : {10, 25, 60}) {
    const figure_with_error p = ends.incidence(won, day);
    const auto range = probability_interval(p, confidence_90);
    std::printf("by day %d: won %.3f (%.3f to %.3f), lost %.3f, open %.3f\n", day, *p.value,
                range->lower, range->upper, *ends.incidence(lost, day).value,
                *ends.survival(day).value);
  }
  const figure_with_error soon = ends.conditional_incidence(won, 25, 20);
  std::printf("open after day 25: won within 20 days %.3f, standard error %.3f\n", *soon.value,
              *soon.std_error);
  const figure_with_error late = ends.incidence(won, 90);
  std::printf("by day 90: %.3f, but: %.*s (%d)\n", *late.value,
              static_cast<int>(to_string(late.why.what).size()), to_string(late.why.what).data(),
              static_cast<int>(late.why.where));
}
// > by day 10: won 0.143 (0.077 to 0.266), lost 0.214, open 0.643
// > by day 25: won 0.307 (0.222 to 0.424), lost 0.214, open 0.479
// > by day 60: won 0.508 (0.409 to 0.631), lost 0.384, open 0.108
// > open after day 25: won within 20 days 0.161, standard error 0.066
// > by day 90: 0.508, but: beyond the last day that anybody was watched (60)
