// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_REPORT_JSON_HPP
#define SALESPULSE_REPORT_JSON_HPP

#include <string>
#include <string_view>

namespace salespulse {

struct review;

/// Name and version of the form of `to_json`, its first member. The number rises when a member
/// goes or changes its meaning; new members can appear under the same number.
inline constexpr std::string_view review_schema = "salespulse.review/1";

/// A review as JSON, member by member as examples/report_schema.md says.
///
/// Every figure says its value or the reason why there is none, its interval, n, definition and
/// source. Money is text with the decimals of its currency, rounded once; where amounts are parts
/// of a whole they are rounded by largest remainder, so that they still sum to it. Numbers are
/// written so that they read back bit for bit. The same review gives the same bytes. Ids that are
/// not UTF-8 are repaired with U+FFFD, since JSON cannot hold them.
[[nodiscard]] std::string to_json(const review& r);

}  // namespace salespulse
#endif
