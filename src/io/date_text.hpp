// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_IO_DATE_TEXT_HPP
#define SALESPULSE_SRC_IO_DATE_TEXT_HPP

#include <salespulse/core/date.hpp>
#include <salespulse/core/zone.hpp>
#include <salespulse/io/mapping.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace salespulse {

/// A date with or without a time, as it was written.
struct written_moment {
  date day;
  std::int32_t second_of_day = 0;
  bool has_time = false;
  std::optional<std::int32_t> offset_seconds;  ///< east of UTC, where the text says so
};

/// Reads `2017-03-01`, `3/11/2017 14:05`, `01.03.2017 2:05:09 PM`, `2017-03-01T14:05:00.000+01:00`
/// and their kin in the given order, which is not `automatic`. Fractions of a second are dropped.
[[nodiscard]] std::optional<written_moment> read_moment(std::string_view text, date_order order);

/// The moment in UTC; without an offset the text is in local time. A local time that a clock
/// change skips or repeats is read with the offset in force before the change.
[[nodiscard]] instant to_instant(const written_moment& written, const zone& local);

/// What the dates of one column say about their order.
class date_evidence {
public:
  /// Takes one cell that is not empty.
  void add(std::string_view text, std::uint32_t line);

  /// The one order that fits every date of the column (text that is no date in any order is left
  /// to be rejected row by row), or why there is none. A column without dates is year-month-day.
  [[nodiscard]] result<date_order> settled() const;

private:
  struct example {
    std::string text;
    std::uint32_t line = 0;
  };
  std::array<std::uint64_t, 3> fitting_ = {0, 0, 0};
  std::array<example, 3> misfit_;  // the first date that an order does not fit
  std::uint64_t dates_ = 0;
  bool orders_differ_ = false;
  example undecided_;  // the first date that two orders read as different days
};

}  // namespace salespulse
#endif
