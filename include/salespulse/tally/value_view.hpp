// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_TALLY_VALUE_VIEW_HPP
#define SALESPULSE_TALLY_VALUE_VIEW_HPP

#include <salespulse/model/ids.hpp>

#include <cstdint>

namespace salespulse {

/// Whose figures are asked for. Each view stands on its own: in the firm's a line stands once, in
/// full; under a salesperson with the share credited; under a team with the shares of those who
/// were its members on the day of the close, together, so that a deal counts once per team.
enum class value_view : std::uint8_t { salesperson, team, firm, customer, deal };

/// Lines of won deals that nobody is credited with: under this owner in the views of salespeople
/// and teams. With it the shares of a line sum to one under salespeople; a member of several teams
/// counts in each.
inline constexpr std::uint32_t nobody = no_number;

}  // namespace salespulse
#endif
