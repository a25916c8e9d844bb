// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include <salespulse/io/time_zone.hpp>

using namespace salespulse;

TEST_CASE("a zone has the offsets of the time zone database") {
  const auto loaded = load_zone("Europe/Amsterdam");
  if (!loaded) {
    WARN("skipped: there is no time zone database here");
    return;
  }
  const zone& z = loaded.value();
  CHECK(z.name == "Europe/Amsterdam");
  // The clock went from 02:00 to 03:00 on 31 March 2024, at 01:00 UTC.
  const instant winter{start_of(to_date({2024, 3, 30})).seconds + 22 * 3600};
  CHECK(day_of(winter, z) == to_date({2024, 3, 30}));
  CHECK(day_of({winter.seconds + 3600}, z) == to_date({2024, 3, 31}));
  const instant summer{start_of(to_date({2024, 7, 1})).seconds + 22 * 3600};
  CHECK(day_of({summer.seconds - 1}, z) == to_date({2024, 7, 1}));
  CHECK(day_of(summer, z) == to_date({2024, 7, 2}));
  // Before the period that was asked for its first rule holds.
  CHECK(day_of({start_of(to_date({1960, 1, 1})).seconds - 1}, z) == to_date({1960, 1, 1}));
}

TEST_CASE("UTC needs no database, and a zone that does not exist is named") {
  CHECK(load_zone("UTC").value().shifts.empty());
  const auto loaded = load_zone("Europe/Atlantis");
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().message.find("'Europe/Atlantis'") != std::string::npos);
}
