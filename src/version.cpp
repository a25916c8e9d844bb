// SPDX-License-Identifier: BSL-1.0
#include <salespulse/version.hpp>

namespace salespulse {

std::string_view library_version() noexcept { return header_version; }

}  // namespace salespulse
