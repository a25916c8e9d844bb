// SPDX-License-Identifier: BSL-1.0
// must fail with: -ffast-math
// must fail because: fast-math
#include <salespulse/salespulse.hpp>
