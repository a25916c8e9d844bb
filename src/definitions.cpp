// SPDX-License-Identifier: BSL-1.0
#include <salespulse/definitions.hpp>
