// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_DEFINITIONS_HPP
#define SALESPULSE_DEFINITIONS_HPP

// The bodies of the scoring, apart from their declarations, which stay quick to compile. The
// library `salespulse::salespulse` contains them. A program that links nothing, with
// `salespulse::headers` alone, includes this header in exactly one of its source files.

#include <salespulse/core/money_definitions.hpp>
#include <salespulse/credit/recognition_definitions.hpp>
#include <salespulse/model/definitions.hpp>
#include <salespulse/pipeline/cycle_time_definitions.hpp>
#include <salespulse/pipeline/deal_counts_definitions.hpp>
#include <salespulse/pipeline/win_rate_definitions.hpp>
#include <salespulse/revenue/booked_definitions.hpp>
#include <salespulse/scorecard/scorecard_definitions.hpp>
#include <salespulse/statistics/rate_definitions.hpp>
#include <salespulse/tally/commitment_definitions.hpp>
#include <salespulse/tally/tally_definitions.hpp>
#include <salespulse/tally/value_columns_definitions.hpp>
#include <salespulse/tally/value_key_definitions.hpp>
#include <salespulse/value/appraisal_definitions.hpp>
#include <salespulse/value/concentration_definitions.hpp>
#include <salespulse/value/discount_definitions.hpp>
#include <salespulse/value/renewal_risk_definitions.hpp>
#include <salespulse/value/weights_definitions.hpp>

#endif
