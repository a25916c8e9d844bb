// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_EXAMPLES_PULSE_NEAR_NAMES_HPP
#define SALESPULSE_EXAMPLES_PULSE_NEAR_NAMES_HPP

#include <string>

namespace pulse {

/// Whether somebody could have meant `text` by what was asked for: it holds it, or one of its words
/// or all of it differs by few letters.
[[nodiscard]] bool is_near(const std::string& asked, const std::string& text);

}  // namespace pulse
#endif
