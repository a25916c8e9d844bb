// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_CORE_ZONE_HPP
#define SALESPULSE_CORE_ZONE_HPP

#include <salespulse/core/date.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace salespulse {

/// The rules of one reporting time zone as data: from each moment on, local time is UTC plus the
/// offset. Sorted by moment; before the first one the offset is 0, so an empty list is UTC.
/// `load_zone` in salespulse/io fills it from the time zone database.
struct zone {
  struct shift {
    instant from;
    std::int32_t offset_seconds = 0;
  };
  std::string name = "UTC";
  std::vector<shift> shifts;
};

/// The local calendar day that holds the moment. O(log shifts).
[[nodiscard]] inline date day_of(instant t, const zone& z) noexcept {
  std::size_t low = 0;
  std::size_t high = z.shifts.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (z.shifts[middle].from <= t) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  const std::int64_t offset = low == 0 ? 0 : z.shifts[low - 1].offset_seconds;
  return day_in_utc({t.seconds + offset});
}

}  // namespace salespulse
#endif
