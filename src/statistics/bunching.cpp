// SPDX-License-Identifier: BSL-1.0
#include "boost_policy.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/bunching.hpp>

#include <Eigen/Dense>
#include <boost/math/special_functions/beta.hpp>

#include <algorithm>
#include <cmath>
#include <functional>

namespace salespulse {

namespace {

constexpr std::size_t highest_degree = 12;

// Chebyshev's polynomials of the bin number, moved to [-1, 1]: powers would be nearly dependent.
Eigen::MatrixXd basis_of(std::size_t bins, std::size_t degree) {
  Eigen::MatrixXd basis(static_cast<Eigen::Index>(bins), static_cast<Eigen::Index>(degree) + 1);
  for (Eigen::Index i = 0; i < basis.rows(); ++i) {
    const double t = bins == 1 ? 0 : 2 * static_cast<double>(i) / static_cast<double>(bins - 1) - 1;
    basis(i, 0) = 1;
    if (degree > 0) basis(i, 1) = t;
    for (Eigen::Index k = 2; k < basis.cols(); ++k) {
      basis(i, k) = 2 * t * basis(i, k - 1) - basis(i, k - 2);
    }
  }
  return basis;
}

bunching_excess refused(status why) {
  bunching_excess b;
  b.why = b.excess.why = b.relative_excess.why = why;
  return b;
}

}  // namespace

bunching_excess excess_mass(std::span<const std::int64_t> counts, bunching_window window,
                            bunching_options options) {
  if (window.first > window.last || window.last >= counts.size() ||
      options.degree > highest_degree) {
    throw invalid_input("excess_mass: the window is not within the bins, or the degree too high");
  }
  const std::size_t bins = counts.size(), inside = window.last - window.first + 1;
  double outside_cases = 0;
  for (std::size_t i = 0; i < bins; ++i) {
    if (counts[i] < 0) return refused({condition::negative_count, static_cast<std::int64_t>(i)});
    if (i < window.first || i > window.last) outside_cases += static_cast<double>(counts[i]);
  }
  if (bins - inside <= options.degree + 1) return refused({condition::insufficient_data, -1});
  if (outside_cases == 0) return refused({condition::no_events, -1});

  const Eigen::MatrixXd basis = basis_of(bins, options.degree);
  const auto first = static_cast<Eigen::Index>(window.first);
  const auto width = static_cast<Eigen::Index>(inside);
  const auto after = static_cast<Eigen::Index>(window.last + 1);
  const auto all = static_cast<Eigen::Index>(bins);
  Eigen::MatrixXd outside(all - width, basis.cols());
  Eigen::VectorXd cases(all - width);
  outside << basis.topRows(first), basis.bottomRows(all - after);
  for (Eigen::Index i = 0; i < cases.size(); ++i) {
    cases[i] = static_cast<double>(counts[static_cast<std::size_t>(i < first ? i : i + width)]);
  }
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr(outside);
  const Eigen::VectorXd fitted = basis * qr.solve(cases);

  bunching_excess b;
  b.expected.assign(fitted.data(), fitted.data() + fitted.size());
  double observed = 0;
  for (std::size_t i = window.first; i <= window.last; ++i) {
    observed += static_cast<double>(counts[i]);
  }
  const double expected = fitted.segment(first, width).sum();
  // What the window is expected to hold is a weighted sum of the counts outside: with outside = QR,
  // the weights are Q R^-T times the window's sum of the basis.
  const Eigen::VectorXd total = basis.middleRows(first, width).colwise().sum();
  const Eigen::Index columns = basis.cols();
  Eigen::VectorXd weights = Eigen::VectorXd::Zero(cases.size());
  weights.head(columns) =
      qr.matrixQR().topRows(columns).triangularView<Eigen::Upper>().transpose().solve(total);
  weights = qr.householderQ() * weights;
  const double variance_expected = weights.cwiseAbs2().dot(cases);
  b.excess.value = observed - expected;
  b.std_error = std::sqrt(observed + variance_expected);
  const double half = options.level.z * b.std_error;
  b.range = interval{*b.excess.value - half, *b.excess.value + half, options.level.level};
  // Nothing but rounding where the weighted counts cancel.
  const double rounding = 1e-14 * weights.cwiseAbs().dot(cases);
  if (expected > rounding) {
    // Excess over mean height = width (observed / expected - 1).
    const auto size = static_cast<double>(inside);
    const double ratio = observed / expected;
    b.relative_excess.value = size * (ratio - 1);
    b.relative_std_error =
        size / expected * std::sqrt(observed + ratio * ratio * variance_expected);
  } else {
    b.relative_excess.why = {condition::nonpositive_value, -1};
  }
  return b;
}

period_end_counts count_period_ends(std::span<const std::int32_t> event_days,
                                    std::span<const std::int32_t> starts, std::int32_t k) {
  if (starts.size() < 2 || k < 1 ||
      std::adjacent_find(starts.begin(), starts.end(), std::greater_equal<>()) != starts.end()) {
    throw invalid_input("count_period_ends: the periods do not follow each other, or k < 1");
  }
  period_end_counts counts;
  for (std::size_t i = 1; i < starts.size(); ++i) {
    const std::int64_t days = static_cast<std::int64_t>(starts[i]) - starts[i - 1];
    const std::int64_t last = std::min<std::int64_t>(days, k);
    counts.days_last += last;
    counts.days_rest += days - last;
  }
  for (std::size_t i = 0; i < event_days.size(); ++i) {
    const auto end = std::upper_bound(starts.begin(), starts.end(), event_days[i]);
    if (end == starts.begin() || end == starts.end()) {
      return {0, 0, 0, 0, {condition::unknown_state, static_cast<std::int64_t>(i)}};
    }
    const bool last = static_cast<std::int64_t>(*end) - event_days[i] <= k;
    ++(last ? counts.events_last : counts.events_rest);
  }
  return counts;
}

period_end_excess excess_at_period_ends(const period_end_counts& counts, confidence level) {
  period_end_excess e;
  e.why = counts.why;
  if (e.why.ok()) {
    if (counts.events_last < 0 || counts.events_rest < 0) {
      e.why = {condition::negative_count, -1};
    } else if (counts.days_last <= 0 || counts.days_rest <= 0) {
      e.why = {condition::nonpositive_value, -1};
    } else if (counts.events_last == 0 && counts.events_rest == 0) {
      e.why = {condition::no_events, -1};
    }
  }
  if (!e.why.ok()) {
    e.excess.why = e.rate_ratio.why = e.why;
    return e;
  }
  const auto last = static_cast<double>(counts.events_last);
  const auto rest = static_cast<double>(counts.events_rest);
  const auto days_last = static_cast<double>(counts.days_last);
  const auto days_rest = static_cast<double>(counts.days_rest);
  e.share = last / (last + rest);
  e.expected_share = days_last / (days_last + days_rest);
  e.excess.value = last - rest * days_last / days_rest;
  if (rest > 0) {
    e.rate_ratio.value = (last / days_last) / (rest / days_rest);
  } else {
    e.rate_ratio.why = {condition::zero_total, -1};
  }
  using boost::math::ibeta;
  using boost::math::ibeta_inv;
  using boost::math::ibetac_inv;
  // P(X >= x) of a binomial is an incomplete beta function, right in the far tail too.
  e.p_value = last == 0 ? 1 : ibeta(last, rest + 1, e.expected_share, plain_double{});
  const double tail = (1 - level.level) / 2;
  const double lower = last == 0 ? 0 : ibeta_inv(last, rest + 1, tail, plain_double{});
  const double upper = rest == 0 ? 1 : ibetac_inv(last + 1, rest, tail, plain_double{});
  if (std::isfinite(lower) && std::isfinite(upper)) {
    e.share_range = interval{lower, upper, level.level};
  }
  return e;
}

}  // namespace salespulse
