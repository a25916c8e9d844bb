// SPDX-License-Identifier: BSL-1.0
#include <salespulse/version.hpp>

int main() { return salespulse::library_version() == salespulse::header_version ? 0 : 1; }
