// SPDX-License-Identifier: BSL-1.0
// Subjects pass through stages, fall back at times, and end: where are they after a while, how long
// do they stay where, and how does a stage end on its own clock?
#include <salespulse/statistics/multi_state.hpp>

#include <cstdio>
#include <vector>

using namespace salespulse;

int main() {
  enum : std::int32_t { trial = 1, talks, won, lost, stages = 4 };
  // Subject, stage, next stage (0: not known yet), days from and to.
  const std::vector<state_spell> rows{
      {1, trial, talks, 0, 5},  {1, talks, won, 5, 20},
      {2, trial, lost, 0, 8},
      {3, trial, talks, 0, 8},  {3, talks, trial, 8, 12}, {3, trial, lost, 12, 30},
      {4, trial, talks, 0, 10}, {4, talks, 0, 10, 35},
      {5, trial, 0, 0, 35},
      {6, talks, won, 9, 20, 1, 6},  // known from day 9 on, in talks since day 6
  };
  const multi_state course(rows, stages);
  if (!course.why().ok()) return 1;

  const auto start = all_in(trial, stages);
  const auto where = course.probabilities(start, 0, 30);
  const auto time = course.expected_time(start, 0, 30);
  for (const std::int32_t s : {trial, talks, won, lost}) {
    const auto i = static_cast<std::size_t>(s - 1);
    std::printf("stage %d on day 30: %.3f (se %.3f), %.1f days there\n", s, *where[i].value,
                *where[i].std_error, *time[i].value);
  }
  const auto from_talks = course.probabilities(all_in(talks, stages), 10, 30);
  std::printf("in talks after day 10: won by day 30 %.3f\n", *from_talks[won - 1].value);
  const aalen_johansen stay(time_in_state(rows, talks), stages);
  std::printf("15 days in talks: won %.3f, back %.3f, still there %.3f\n",
              *stay.incidence(won, 15).value, *stay.incidence(trial, 15).value,
              *stay.survival(15).value);
}
// > stage 1 on day 30: 0.175 (se 0.168), 14.9 days there
// > stage 2 on day 30: 0.150 (se 0.146), 7.7 days there
// > stage 3 on day 30: 0.300 (se 0.169), 3.0 days there
// > stage 4 on day 30: 0.375 (se 0.195), 4.4 days there
// > in talks after day 10: won by day 30 0.500
// > 15 days in talks: won 0.500, back 0.250, still there 0.250
