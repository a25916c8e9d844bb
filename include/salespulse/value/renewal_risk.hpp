// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_VALUE_RENEWAL_RISK_HPP
#define SALESPULSE_VALUE_RENEWAL_RISK_HPP

#include <salespulse/core/interval.hpp>
#include <salespulse/tally/value_key.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace salespulse {

class valuation;

/// The columns that variances are taken from; see `value_columns`, whose members these are. One
/// entry per line or per key and lifetime, in lifetime order.
struct lifetime_columns {
  std::span<const value_key> keys;
  std::span<const std::uint32_t> key;  ///< number in `keys`; top bit set: a new lifetime begins
  std::span<const std::int64_t> net;
  std::span<const std::int64_t> cost;
};

/// 80 % for conversation, 90 % wherever people could be compared.
inline constexpr std::array<double, 2> risk_levels{0.80, 0.90};

/// How far the value of one owner can turn out differently because customers renew or do not.
struct owner_risk {
  /// The part of one basis.
  struct part {
    double variance = 0;         ///< in squared minor units
    std::int64_t lifetimes = 0;  ///< whose value is not certain
    /// What the value can turn out below and above its expectation, at `risk_levels`; both 0 where
    /// nothing is at risk.
    std::array<interval, 2> deviation{{{0, 0, risk_levels[0]}, {0, 0, risk_levels[1]}}};
  };
  std::uint32_t owner = 0;
  part contribution;
  part revenue;
};

/// Variance of value from renewals, per owner, ascending; owners without anything at risk included.
///
/// Flows of one customer, family, term and start end together: with X_j the flows after j renewals
/// and t the renewals survived, their sum is X_0 + ... + X_t with probability S(t) - S(t + 1). The
/// variance is taken over t, as a sum of squares around the mean, which cannot cancel. Different
/// lifetimes are independent, so variances add. Lines of one class in one lifetime are summed, as
/// integers, before anything is squared; splitting a deal changes nothing. One pass over key, net
/// and cost.
///
/// The intervals are equal-tailed; the value, a mean, can lie outside where one rare outcome carries
/// it. Where at most 30 lifetimes are at risk they come from the exact
/// distribution of their sum (beyond 4096 distinct outcomes neighbours are joined at their mean);
/// else from the normal distribution with the variance.
[[nodiscard]] std::vector<owner_risk> renewal_risk(const lifetime_columns& columns,
                                                   const valuation& parameters);

}  // namespace salespulse
#endif
