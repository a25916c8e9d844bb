// SPDX-License-Identifier: BSL-1.0
// A program that links nothing includes the bodies once.
#include <salespulse/definitions.hpp>
