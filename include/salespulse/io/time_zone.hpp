// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_IO_TIME_ZONE_HPP
#define SALESPULSE_IO_TIME_ZONE_HPP

#include <salespulse/core/date.hpp>
#include <salespulse/core/result.hpp>
#include <salespulse/core/zone.hpp>

#include <string_view>

namespace salespulse {

/// The rules of an IANA time zone such as Europe/Amsterdam over the days of a period, from the
/// host's time zone database. Before the period the first rule holds, after it the last. Fails on a
/// name that the database does not have, and where there is no database. UTC needs none.
[[nodiscard]] result<zone> load_zone(std::string_view name,
                                     period days = {to_date({1970, 1, 1}), to_date({2100, 1, 1})});

}  // namespace salespulse
#endif
