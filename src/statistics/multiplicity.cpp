// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/multiplicity.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace salespulse {

namespace {

// Wright (1992), Adjusted p-values for simultaneous inference, with p in ascending order: the
// largest of Simes' p-values over all subsets that contain a hypothesis.
std::vector<double> hommel(const std::vector<double>& p) {
  const std::size_t n = p.size();
  std::vector<double> adjusted = p;
  for (std::size_t m = n; m > 1; --m) {
    const auto size = static_cast<double>(m);
    double least = 1;
    for (std::size_t i = n - m + 1; i < n; ++i) {
      least = std::min(least, size * p[i] / static_cast<double>(m + i + 1 - n));
    }
    for (std::size_t i = 0; i < n; ++i) {
      const double bound = i > n - m ? least : std::min(least, size * p[i]);
      adjusted[i] = std::max(adjusted[i], bound);
    }
  }
  return adjusted;
}

}  // namespace

adjusted_p_values adjust_p_values(std::span<const double> p, p_adjustment method) {
  adjusted_p_values result;
  const std::size_t n = p.size();
  for (std::size_t i = 0; i < n; ++i) {
    const auto row = static_cast<std::int64_t>(i);
    if (std::isnan(p[i])) {
      result.why = {condition::non_finite_input, row};
      return result;
    }
    if (!(p[i] >= 0 && p[i] <= 1)) {
      result.why = {condition::invalid_probability, row};
      return result;
    }
  }
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return p[a] != p[b] ? p[a] < p[b] : a < b; });
  std::vector<double> sorted(n);
  for (std::size_t i = 0; i < n; ++i) sorted[i] = p[order[i]];

  const auto size = static_cast<double>(n);
  double harmonic = 0;
  for (std::size_t i = n; i > 0; --i) harmonic += 1 / static_cast<double>(i);
  std::vector<double> adjusted(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double remaining = size - static_cast<double>(i);  // this one and the larger ones
    const double rank = static_cast<double>(i) + 1;
    double factor = 1;
    switch (method) {
      case p_adjustment::bonferroni: factor = size; break;
      case p_adjustment::holm:
      case p_adjustment::hochberg: factor = remaining; break;
      case p_adjustment::hommel: break;
      case p_adjustment::benjamini_hochberg: factor = size / rank; break;
      case p_adjustment::benjamini_yekutieli: factor = harmonic * (size / rank); break;
    }
    adjusted[i] = std::min(1.0, factor * sorted[i]);
  }
  // A larger p-value is never adjusted to less: step down from the smallest, or up from the
  // largest.
  if (method == p_adjustment::holm) {
    for (std::size_t i = 1; i < n; ++i) adjusted[i] = std::max(adjusted[i], adjusted[i - 1]);
  } else if (method == p_adjustment::hommel) {
    adjusted = hommel(sorted);
  } else {
    for (std::size_t i = n; i-- > 1;) adjusted[i - 1] = std::min(adjusted[i - 1], adjusted[i]);
  }
  result.values.resize(n);
  for (std::size_t i = 0; i < n; ++i) result.values[order[i]] = adjusted[i];
  return result;
}

}  // namespace salespulse
