// SPDX-License-Identifier: BSL-1.0
#if __has_include(<salespulse/salespulse.hpp>)
#include <salespulse/salespulse.hpp>
#endif
#include <salespulse/version.hpp>

int main() { return salespulse::header_version.empty() ? 1 : 0; }
