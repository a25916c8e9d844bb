// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_RETENTION_CURVE_HPP
#define SALESPULSE_STATISTICS_RETENTION_CURVE_HPP

#include <salespulse/statistics/figure.hpp>
#include <salespulse/statistics/status.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace salespulse {

/// How the probability of leaving varies between contracts. All but `beta` are limits of it. With p
/// the probability of leaving at renewal 1, the probability S(t) of surviving t renewals is
enum class retention_law : std::uint8_t {
  none,        ///< nothing was fitted
  beta,        ///< B(alpha, beta + t^shape) / B(alpha, beta)
  one_rate,    ///< (1 - p)^(t^shape): all contracts are alike
  power_tail,  ///< 1 before renewal `first`, from it on (1 - p) (t / first)^-power with p the share
               ///< that leaves at it; with power 0 contracts leave then or never
  cliff        ///< 1 before renewal `first`, 1 - p at it, 0 after
};

/// How contracts that can be renewed once a period survive their renewals: a fitted curve, or one
/// from stated parameters. shifted_beta_geometric.hpp and beta_discrete_weibull.hpp fit it.
///
/// Neither renewals nor interest rates can be negative; the queries throw `invalid_input` then.
/// Figures hold 13 digits of the exact ones for the same parameters, sums 12. A probability costs
/// O(1); a sum has up to 1 000 terms and as many again for the rest.
struct retention_curve {
  /// ok; no_heterogeneity (one_rate), no_churn (one_rate with p = 0), boundary (another limit;
  /// `where` as in `parameters`), or why nothing was fitted.
  status why{condition::insufficient_data, -1};
  retention_law law = retention_law::none;

  double alpha = 0;         ///< beta law: more spread where alpha + beta is small
  double beta = 0;          ///< beta law
  double shape = 1;         ///< above 1 a contract's own risk grows with its age, below 1 it falls
  double churn = 0;         ///< the share p that leaves at renewal 1, or at `first`, in every law
  double power = 0;         ///< power_tail
  std::int32_t first = 1;   ///< power_tail and cliff: the first renewal at which any leave

  /// How many parameters were fitted, and which: alpha, beta (and shape) of the beta law; churn and
  /// shape of one_rate; churn and power of power_tail; churn of a cliff. Not counted are those that
  /// the model fixes, nor, in a curve from stated parameters, any.
  std::size_t free = 0;
  [[nodiscard]] std::array<double, 3> parameters() const noexcept;

  /// Covariance of those, row by row, `free` numbers to a row: inverse of the observed information.
  /// All zero where a probability is 0 or 1.
  std::array<double, 9> covariance{};
  [[nodiscard]] std::optional<double> std_error(std::size_t parameter) const noexcept;

  double log_likelihood = 0;
  int iterations = 0;  ///< of the search for alpha and beta

  /// A curve from stated parameters. Throws `invalid_input` unless all are positive and finite.
  [[nodiscard]] static retention_curve of(double alpha, double beta, double shape = 1);

  /// The probability to survive `renewals` renewals, from the start.
  [[nodiscard]] figure_with_error survival(std::int32_t renewals) const;
  /// Of those that came to renewal number `renewal` (1, 2, ...), the share that renews.
  [[nodiscard]] figure_with_error retention_rate(std::int32_t renewal) const;
  /// The probability to survive `more` renewals for a contract that has survived `survived`.
  /// empty_risk_set where none survives that long.
  [[nodiscard]] figure_with_error survival_after(std::int32_t survived, std::int32_t more) const;

  /// The expected number of periods served out of the first `periods`: S(0) + ... + S(periods - 1).
  [[nodiscard]] figure_with_error expected_tenure(std::int32_t periods) const;

  /// Expected payments of 1 in a whole lifetime, one at the start and one at each renewal, each
  /// divided by (1 + rate) for every period from the start: the sum of S(t) / (1 + rate)^t.
  /// infinite_mean where the sum has no limit, which takes a rate of 0 and a tail no lighter
  /// than 1/t (alpha * shape <= 1). too_large where it has one beyond the reach of doubles.
  [[nodiscard]] figure_with_error discounted_lifetime(double rate) const;

  /// The same of what is still to come from a contract that has survived `survived` renewals, seen
  /// just before its next one: the sum of S(survived + k) / S(survived) / (1 + rate)^(k - 1) over
  /// k >= 1. empty_risk_set where none survives that long.
  ///
  /// Terms are added until what is left is below 1e-17 of the sum, by the bound f / rate for terms
  /// from f on that fall by 1 / (1 + rate) or more. Rates so small that this takes over 1 000 terms
  /// have the rest as an integral, by Gauss quadrature in log k, with the central differences that
  /// turn an integral into a sum.
  ///
  /// Fader and Hardie (2010), Customer-base valuation in a contractual setting: the perils of
  /// ignoring heterogeneity, Marketing Science 29:85-93.
  [[nodiscard]] figure_with_error discounted_residual_lifetime(std::int32_t survived,
                                                              double rate) const;
};

/// Curves whose parameters are drawn from the normal approximation to what the fit knows of their
/// logarithms (of -log(1 - churn) in the limits): for intervals of anything computed from a curve.
/// Draw d is a function of (seed, d). Without covariance all draws are the curve itself.
[[nodiscard]] std::vector<retention_curve> posterior_draws(const retention_curve& curve,
                                                           std::size_t draws, std::uint64_t seed);

}  // namespace salespulse
#endif
