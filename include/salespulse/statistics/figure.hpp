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

/// An estimate with its standard error. Of figures that follow from a fit the error is by the delta
/// method: how far the figure moves when the parameters move as far as the data leave them
/// uncertain; a parameter that ran to its limit counts as known. Without a value the reason says
/// why; a value can carry a warning, such as the status of its fit.
struct figure_with_error {
  std::optional<double> value;
  std::optional<double> std_error;  ///< absent too where none was asked for or there is none
  status why;
};

}  // namespace salespulse
#endif
