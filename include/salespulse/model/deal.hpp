// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_DEAL_HPP
#define SALESPULSE_MODEL_DEAL_HPP

#include <salespulse/core/date.hpp>
#include <salespulse/core/money.hpp>
#include <salespulse/core/share.hpp>
#include <salespulse/model/kinds.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace salespulse {

/// An opportunity, won, lost or open. Its outcome is not stored but derived from its last stage.
struct deal {
  std::string id = {};
  std::string customer = {};               ///< empty: unknown; the deal is then a customer of its own
  std::string owner = {};                  ///< current owner; empty: nobody
  std::string pipeline = {};               ///< empty: the only one
  std::optional<instant> opened = {};
  std::optional<date> close_date = {};     ///< as a person typed it; a stage event's own time is preferred
  deal_type type = deal_type::unknown;
  deal_origin origin = deal_origin::unknown;
  std::string source = {};                 ///< the host's word for where the deal came from
  std::optional<money> amount = {};        ///< used only where the deal has no lines
  std::optional<instant> recorded = {};    ///< when the row became known; absent: when it happened
};

/// A place in a pipeline.
struct stage {
  std::string pipeline = {};
  std::string id = {};
  std::string name = {};
  std::int32_t position = 0;  ///< order within the pipeline
  deal_outcome outcome = deal_outcome::open;
};

/// A deal entered a stage. Skips, re-entry and reopening are kept as they come.
struct stage_event {
  std::string deal = {};
  std::string stage = {};
  std::optional<instant> at = {};      ///< absent: the export kept only the stage
  std::int64_t sequence = 0;      ///< the host's order among events of equal time
  std::optional<instant> recorded = {};
};

/// A deal went to another owner.
struct ownership_event {
  std::string deal = {};
  std::string owner = {};
  instant at = {};
  std::int64_t sequence = 0;
  std::optional<instant> recorded = {};
};

/// A salesperson's part in a deal. Revenue shares freeze at the close: later ones are kept and
/// reported but change nothing.
struct credit_split {
  std::string deal = {};
  std::string salesperson = {};
  share part = {};
  credit_kind kind = credit_kind::revenue;
  std::optional<instant> at = {};  ///< in force from; absent: from the start
  std::int64_t sequence = 0;  ///< breaks ties in print
};

}  // namespace salespulse
#endif
