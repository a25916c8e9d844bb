// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_EXAMPLES_PULSE_IMPORT_TEXT_HPP
#define SALESPULSE_EXAMPLES_PULSE_IMPORT_TEXT_HPP

#include <salespulse/io/import.hpp>

#include <cstddef>
#include <cstdint>

namespace pulse {

[[nodiscard]] std::uint64_t rejected_rows(const salespulse::import_report& report);

/// Prints how the rows of every file fared, and what was found wrong, kind by kind.
void print_import(const salespulse::import_report& report, std::size_t width);

}  // namespace pulse
#endif
