// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_EXAMPLES_PULSE_PRIOR_SKELETON_HPP
#define SALESPULSE_EXAMPLES_PULSE_PRIOR_SKELETON_HPP

#include <salespulse/model/book.hpp>
#include <salespulse/value/snapshot.hpp>

#include <string>

namespace pulse {

/// What a snapshot must know to value the lines of a book: every family and term of renewing
/// contract lines, and every segment. Its numbers mean nothing.
[[nodiscard]] salespulse::snapshot needed_parameters(const salespulse::book& b);

/// The file with null in place of every number that somebody has to state. It is refused until it
/// is filled in, with the place of the first null.
[[nodiscard]] std::string skeleton_of(const salespulse::snapshot& needed);

}  // namespace pulse
#endif
