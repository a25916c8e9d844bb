// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_MULTIPLICITY_HPP
#define SALESPULSE_STATISTICS_MULTIPLICITY_HPP

#include <salespulse/statistics/status.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace salespulse {

/// What is kept in check when several hypotheses are tested at once, and under which assumption.
///
/// The chance of any false rejection: `bonferroni` and `holm` under any dependence, Holm rejecting
/// at least as much; `hochberg` and `hommel` where the tests are independent or positively
/// dependent, Hommel rejecting most. The expected share of false ones among the rejections:
/// `benjamini_hochberg` where they are independent or positively dependent, `benjamini_yekutieli`
/// under any dependence.
enum class p_adjustment : std::uint8_t {
  bonferroni,           ///< p times the number of tests
  holm,                 ///< Holm (1979), Scandinavian Journal of Statistics 6:65-70
  hochberg,             ///< Hochberg (1988), Biometrika 75:800-802
  hommel,               ///< Hommel (1988), Biometrika 75:383-386; Wright (1992), Biometrics 48
  benjamini_hochberg,   ///< Benjamini and Hochberg (1995), JRSS B 57:289-300
  benjamini_yekutieli   ///< Benjamini and Yekutieli (2001), Annals of Statistics 29:1165-1188
};

/// Adjusted p-values in the order of the p-values given; empty where `why` names a bad one.
struct adjusted_p_values {
  std::vector<double> values;
  status why;
};

/// The smallest level at which the procedure rejects each hypothesis: reject those whose adjusted
/// p-value is at most alpha. Equal p-values get equal adjusted ones.
///
/// NaN is `non_finite_input` and a p outside 0 to 1 `invalid_probability`, with the row; nothing is
/// skipped. No p-values give none. O(n log n), Hommel O(n^2). Checked against R's p.adjust.
[[nodiscard]] adjusted_p_values adjust_p_values(
    std::span<const double> p, p_adjustment method = p_adjustment::benjamini_hochberg);

}  // namespace salespulse
#endif
