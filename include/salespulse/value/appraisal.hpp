// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_VALUE_APPRAISAL_HPP
#define SALESPULSE_VALUE_APPRAISAL_HPP

#include <salespulse/core/interval.hpp>
#include <salespulse/core/result.hpp>
#include <salespulse/tally/value_key.hpp>
#include <salespulse/value/bridge.hpp>
#include <salespulse/value/refusal.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace salespulse {

class tally;
class valuation;

/// The value of some lines of one basis, and what it is made of. Amounts in minor units of the
/// reporting currency, not rounded. Adding two appraisals appraises the lines of both.
struct appraisal {
  std::int64_t lines = 0;            ///< a split line counts under each of its people
  double booked = 0;                 ///< net of the committed flows
  double value = 0;                  ///< V at the chosen horizon
  std::array<double, 3> at_usual{};  ///< V at `usual_horizons`
  double listed = 0;                 ///< list amount of the committed flows before the horizon,
                                     ///< net where the list price is unknown: start of the bridge
  std::array<double, bridge_steps> bridge{};  ///< sums to value - listed
  double beyond = 0;                 ///< list amount of the committed flows at or after the horizon

  std::int64_t listed_lines = 0;     ///< lines whose list price is known: of them are the ratios
  double kept = 0;                   ///< sustainability ratio: numerator,
  double kept_whole = 0;             ///< and denominator
  double quality = 0;                ///< booking quality: numerator,
  double quality_whole = 0;          ///< and denominator

  appraisal& operator+=(const appraisal& other) noexcept;
};

/// Lines that have no value, by reason.
struct refused_lines {
  refusal why = refusal::none;
  family_id family{};
  std::int32_t term_months = 0;
  segment_id segment{};
  std::int64_t lines = 0;
  double booked = 0;
};

/// What one owner's lines are worth. The two bases stand apart and are never added.
struct owner_value {
  std::uint32_t owner = 0;
  provenance source = provenance::prior;  ///< the least sure of its snapshots
  appraisal contribution;
  appraisal revenue;
  std::vector<refused_lines> refused;
};

/// Values a tally of layout `values` or `recognised`: one element per owner, ascending. The parameters are applied
/// once per key, so the cost does not grow with the number of lines. Throws `invalid_input` on
/// another layout.
[[nodiscard]] std::vector<owner_value> appraise(const tally& values, const valuation& parameters);

/// Values the lines of one class: one deal's line, say. Fails with the refusal in words.
[[nodiscard]] result<appraisal> appraise(const value_class& of, const value_sums& sums,
                                         const valuation& parameters, share part = full_share);

/// V / booked: how many times the booked amount lasts. Undefined where the booked amount is not positive.
[[nodiscard]] estimate value_multiple(const appraisal& a, provenance source);

/// What is expected to be kept of the margin at list price of the same business kept for the whole
/// horizon, one-off lines every year, without growth. At most 1 where the payment factor is at most
/// 1, no net is negative and no line has max(list, net) below cost. Undefined where no list price is known and where
/// the denominator is not positive. A ratio of sums.
[[nodiscard]] estimate sustainability_ratio(const appraisal& a, provenance source);

/// What the committed flows bring of their margin at list price.
[[nodiscard]] estimate booking_quality(const appraisal& a, provenance source);

}  // namespace salespulse
#endif
