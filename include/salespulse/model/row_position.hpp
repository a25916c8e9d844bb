// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_ROW_POSITION_HPP
#define SALESPULSE_MODEL_ROW_POSITION_HPP

#include <cstdint>

namespace salespulse {

/// Where a row stood. Line and column count from 1; 0: does not apply.
struct row_position {
  std::uint32_t file = 0;  ///< index into the caller's list of files
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

}  // namespace salespulse
#endif
