// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_FIGURE_HPP
#define SALESPULSE_STATISTICS_FIGURE_HPP

#include <salespulse/statistics/status.hpp>

#include <optional>

namespace salespulse {

/// A finite number, or the reason why there is none. A number can carry a warning as its reason.
struct figure {
  std::optional<double> value;
  status why;
};

}  // namespace salespulse
#endif
