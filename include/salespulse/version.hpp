// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_VERSION_HPP
#define SALESPULSE_VERSION_HPP

#include <string_view>

namespace salespulse {

/// The version of these headers: major.minor.patch. Below 1.0 a new minor version may break callers.
inline constexpr std::string_view header_version = "0.1.0";

/// The version of the compiled library that was linked or loaded. It differs from `header_version`
/// when a host loads another build than the one it was compiled against.
[[nodiscard]] std::string_view library_version() noexcept;

}  // namespace salespulse
#endif
