// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_BOOK_OPTIONS_HPP
#define SALESPULSE_MODEL_BOOK_OPTIONS_HPP

#include <salespulse/core/currency.hpp>
#include <salespulse/core/zone.hpp>

#include <cstdint>

namespace salespulse {

/// What holds for a whole book.
struct book_options {
  currency reporting = eur;         ///< currency of every figure; other amounts are converted
  zone reporting_zone = {};              ///< decides on which day a moment falls
  std::int32_t first_fiscal_month = 1;  ///< 1 to 12: the month in which a fiscal year begins
  /// A rate is used for this many days after its own, so that weekends need none of their own.
  std::int32_t rate_valid_days = 7;
};

}  // namespace salespulse
#endif
