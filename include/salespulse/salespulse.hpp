// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SALESPULSE_HPP
#define SALESPULSE_SALESPULSE_HPP

// The scoring: facts to book to tally to value to scorecard. Needs the standard library only. Import
// and reports, which need the compiled library, have headers of their own in io/ and report/.

#include <salespulse/core/random.hpp>
#include <salespulse/credit/recognition.hpp>
#include <salespulse/model/book_builder.hpp>
#include <salespulse/model/book_tables.hpp>
#include <salespulse/scorecard/scorecard.hpp>
#include <salespulse/tally/tally.hpp>
#include <salespulse/tally/value_columns.hpp>
#include <salespulse/value/renewal_risk.hpp>
#include <salespulse/value/weights.hpp>
#include <salespulse/version.hpp>

#endif
