// SPDX-License-Identifier: BSL-1.0
#include <salespulse/io/time_zone.hpp>

#include <date/tz.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <string>

namespace salespulse {

result<zone> load_zone(std::string_view name, period days) {
  zone loaded;
  loaded.name = std::string(name);
  if (name == "UTC") return loaded;
  try {
    const ::date::time_zone* const rules = ::date::locate_zone(std::string(name));
    ::date::sys_seconds at{std::chrono::seconds{start_of(days.from).seconds}};
    const ::date::sys_seconds end{std::chrono::seconds{start_of(days.to).seconds}};
    while (at < end) {
      const ::date::sys_info info = rules->get_info(at);
      const auto offset = static_cast<std::int32_t>(info.offset.count());
      const bool first = loaded.shifts.empty();
      if (first || loaded.shifts.back().offset_seconds != offset) {
        loaded.shifts.push_back({{first ? INT64_MIN : at.time_since_epoch().count()}, offset});
      }
      at = info.end;
    }
  } catch (const std::exception&) {
    return failure{"the time zone '" + std::string(name) +
                   "' is not in the time zone database of this computer"};
  }
  return loaded;
}

}  // namespace salespulse
