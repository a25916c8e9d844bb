// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_CONFIDENCE_HPP
#define SALESPULSE_STATISTICS_CONFIDENCE_HPP

namespace salespulse {

/// How sure an interval is, with the quantile of the normal distribution that belongs to it:
/// a standard normal variable lies within z of 0 with probability `level`.
struct confidence {
  double level;
  double z;
};
inline constexpr confidence confidence_80{0.80, 1.2815515655446004};
inline constexpr confidence confidence_90{0.90, 1.6448536269514722};
inline constexpr confidence confidence_95{0.95, 1.9599639845400545};

/// Any other level. Throws `invalid_input` unless 0 < level < 1.
[[nodiscard]] confidence confidence_of(double level);

}  // namespace salespulse
#endif
