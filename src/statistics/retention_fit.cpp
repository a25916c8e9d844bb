// SPDX-License-Identifier: BSL-1.0
#include "retention_fit.hpp"

#include "cohorts.hpp"
#include "sums.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <vector>

namespace salespulse {

namespace {

// log(1 - exp(g)) for g < 0.
double log_of_rest(double g) {
  return g > -0.6931471805599453 ? std::log(-std::expm1(g)) : std::log1p(-std::exp(g));
}

// The log-likelihood of the pieces in the logarithms of the first N parameters; those after them
// are `fixed`: the shape, or the first renewal at which any leave.
template <int N>
evaluation<N> likelihood(const std::vector<retention_piece>& pieces, retention_law law,
                         const Eigen::Matrix<double, N, 1>& logs, double fixed) {
  Eigen::Vector3d parameters = Eigen::Vector3d::Constant(fixed);
  parameters.head<N>() = logs.array().exp().matrix();
  running_sum value;
  evaluation<N> sum;
  for (const retention_piece& piece : pieces) {
    const evaluation<3> kept = log_kept(law, parameters, piece.from, piece.to, true);
    const auto gradient = kept.gradient.head<N>();
    const auto hessian = kept.hessian.topLeftCorner<N, N>();
    const double lost_count = static_cast<double>(piece.lost);
    double weight = static_cast<double>(piece.kept);
    value.add(weight * kept.value);
    if (piece.lost > 0) {
      // log(1 - r) with r = exp(g): its derivative is -odds * g', with odds = r / (1 - r).
      value.add(lost_count * log_of_rest(kept.value));
      const double odds = 1 / std::expm1(-kept.value);
      weight -= lost_count * odds;
      sum.hessian -= lost_count * odds * (1 + odds) * gradient * gradient.transpose();
    }
    sum.gradient += weight * gradient;
    sum.hessian += weight * hessian;
  }
  sum.value = value.value();
  const Eigen::Matrix<double, N, 1> scale = parameters.head<N>();
  sum.gradient = sum.gradient.cwiseProduct(scale).eval();
  sum.hessian = scale.asDiagonal() * sum.hessian * scale.asDiagonal();
  sum.hessian.diagonal() += sum.gradient;
  return sum;
}

template <int N>
maximum<N> maximise_likelihood(const std::vector<retention_piece>& pieces, retention_law law,
                               const Eigen::Matrix<double, N, 1>& start, double fixed = 1,
                               const trust_region_options& bounds = {}) {
  trust_region_options options = bounds;
  options.upper_bound = 1e-9;  // a probability is at most 1
  const auto function = [&](const Eigen::Matrix<double, N, 1>& logs) {
    return likelihood<N>(pieces, law, logs, fixed);
  };
  return maximise<N>(function, start, options);
}

// The covariance of the parameters from that of their logarithms, row by row; `factors` are the
// derivatives of the parameters in the logarithms.
template <int N>
std::array<double, 9> covariance_with(const evaluation<N>& there,
                                      const Eigen::Matrix<double, N, 1>& factors) {
  const Eigen::Matrix<double, N, N> logs = covariance_of<N>(there);
  std::array<double, 9> covariance{};
  for (int i = 0; i < N; ++i) {
    for (int j = 0; j < N; ++j) {
      covariance[static_cast<std::size_t>(i * N + j)] = factors[i] * logs(i, j) * factors[j];
    }
  }
  return covariance;
}

// A limit in which only a share of contracts is left to estimate.
retention_curve share_curve(retention_law law, status why, std::int64_t left, std::int64_t stayed) {
  retention_curve curve;
  curve.law = law;
  curve.why = why;
  const double n = static_cast<double>(left) + static_cast<double>(stayed);
  if (n == 0) return curve;
  const double p = static_cast<double>(left) / n;
  curve.churn = p;
  curve.free = 1;
  if (left == 0 || stayed == 0) return curve;
  const double q = static_cast<double>(stayed) / n;
  curve.log_likelihood = static_cast<double>(left) * std::log(p) +
                         static_cast<double>(stayed) * (p < 0.5 ? std::log1p(-p) : std::log(q));
  curve.covariance[0] = p * q / n;
  return curve;
}

using candidate = std::optional<retention_curve>;

// All contracts are alike; N = 2 with a shape.
template <int N>
candidate one_rate_of(const std::vector<retention_piece>& pieces, double rate) {
  Eigen::Matrix<double, N, 1> start = Eigen::Matrix<double, N, 1>::Zero();
  start[0] = std::log(rate);
  const maximum<N> best = maximise_likelihood<N>(pieces, retention_law::one_rate, start);
  if (!best.why.ok()) return {};
  retention_curve curve;
  curve.law = retention_law::one_rate;
  curve.why = {condition::no_heterogeneity, -1};
  const double lambda = std::exp(best.at[0]);
  curve.churn = -std::expm1(-lambda);
  Eigen::Matrix<double, N, 1> factors;
  factors[0] = lambda * std::exp(-lambda);
  if constexpr (N == 2) factors[1] = curve.shape = std::exp(best.at[1]);
  curve.free = N;
  curve.covariance = covariance_with<N>(best.there, factors);
  curve.log_likelihood = best.there.value;
  curve.iterations = best.iterations;
  return curve;
}

// The shape c grows without limit, alpha * c stays at `power`, and beta is between (first - 1)^c
// and first^c: where t^c exceeds beta, S(t) goes to (t^c / beta)^-alpha, which is at most
// ((first - 1) / t)^power; below it S(t) goes to 1.
candidate power_tail_of(const std::vector<retention_piece>& pieces, double rate, int first) {
  const maximum<2> best = maximise_likelihood<2>(pieces, retention_law::power_tail,
                                                 Eigen::Vector2d(std::log(rate), 0), first);
  // Nobody leaves at `first` itself: beta is first^c.
  const bool later = best.why == status{condition::boundary, 0} && best.at[0] < 0 &&
                     best.at[1] > -30 && best.at[1] < 30;
  if (!best.why.ok() && !later) return {};
  retention_curve curve;
  curve.law = retention_law::power_tail;
  curve.why = {condition::boundary, 2};
  curve.first = first;
  curve.power = std::exp(best.at[1]);
  curve.free = 2;
  curve.log_likelihood = best.there.value;
  curve.iterations = best.iterations;
  if (later) {
    curve.covariance[3] = curve.power * curve.power / -best.there.hessian(1, 1);
    return curve;
  }
  const double lambda = std::exp(best.at[0]);
  if (first > 1 && lambda > curve.power * -std::log1p(-1.0 / first)) return {};
  curve.churn = -std::expm1(-lambda);
  curve.covariance =
      covariance_with<2>(best.there, Eigen::Vector2d(lambda * std::exp(-lambda), curve.power));
  return curve;
}

// Contracts leave at renewal 1 or never: possible where nobody was seen to leave later.
candidate first_or_never(const std::vector<retention_piece>& pieces, status why) {
  std::int64_t left = 0;
  std::int64_t stayed = 0;
  for (const retention_piece& piece : pieces) {
    if (piece.from > 0 && piece.lost > 0) return {};
    if (piece.from > 0) continue;
    left += piece.lost;
    stayed += piece.kept;
  }
  if (left == 0) return {};
  return share_curve(retention_law::power_tail, why, left, stayed);
}

// All contracts survive up to some renewal, a share p leaves at it and the rest at the next:
// possible where nobody is known to have left earlier or to have stayed longer.
candidate cliff_of(const std::vector<retention_piece>& pieces) {
  std::int32_t cliff = 0;
  for (const retention_piece& piece : pieces) {
    if (piece.kept > 0) cliff = std::max(cliff, piece.to);
  }
  std::int64_t left = 0;
  std::int64_t stayed = 0;
  for (const retention_piece& piece : pieces) {
    if (piece.lost > 0 && piece.to < cliff) return {};
    if (piece.to == cliff) {
      left += piece.lost;
      stayed += piece.kept;
    }
  }
  retention_curve curve = share_curve(retention_law::cliff, {condition::boundary, 2}, left, stayed);
  curve.first = cliff;
  return curve;
}

// By how much a richer model has to be better to be more than rounding.
double margin_at(double log_likelihood) { return 1e-10 * (1 + std::abs(log_likelihood)); }

template <int N>
retention_curve fit_pieces(const std::vector<retention_piece>& pieces) {
  constexpr bool shaped = N == 3;
  double kept = 0;
  double lost = 0;
  std::int32_t earliest = std::numeric_limits<std::int32_t>::max();  // renewal of a known leaving
  for (const retention_piece& piece : pieces) {
    if (piece.lost > 0) earliest = std::min(earliest, piece.to);
    kept += static_cast<double>(piece.kept) * (piece.to - piece.from);
    lost += static_cast<double>(piece.lost);
  }
  const double rate = std::log1p(lost / kept);

  // The edges. The earlier one stands where two explain the data equally well.
  candidate edge = one_rate_of<N - 1>(pieces, rate);
  const auto consider = [&edge](const candidate& other) {
    if (!other) return;
    const double hurdle = edge ? edge->log_likelihood + margin_at(edge->log_likelihood) : 0;
    if (!edge || other->log_likelihood > hurdle) edge = other;
  };
  if constexpr (shaped) {
    consider(power_tail_of(pieces, rate, earliest));
    if (earliest > 1) consider(power_tail_of(pieces, rate, earliest - 1));
    consider(cliff_of(pieces));
  }
  consider(first_or_never(pieces, {condition::boundary, shaped ? 2 : 0}));

  // Inside, from much and from little heterogeneity.
  const double churn = -std::expm1(-rate);
  maximum<N> best;
  bool first = true;
  for (const double concentration : {2.0, 40.0}) {
    Eigen::Matrix<double, N, 1> start = Eigen::Matrix<double, N, 1>::Zero();
    start[0] = std::log(churn * concentration);
    start[1] = std::log1p(-churn) + std::log(concentration);
    if constexpr (shaped) {
      // From the best fit of shape 1, so that a free shape never explains less.
      const maximum<2> plain =
          maximise_likelihood<2>(pieces, retention_law::beta, start.template head<2>().eval());
      if (plain.why.ok()) start.template head<2>() = plain.at;
    }
    maximum<N> found = maximise_likelihood<N>(pieces, retention_law::beta, start);
    if (shaped && found.why == status{condition::boundary, 1} && found.at[1] > 0 &&
        found.at[0] < 10) {
      // With a steep shape the answer can have a beta as large as t^shape.
      found = maximise_likelihood<N>(pieces, retention_law::beta, found.at, 1, {.highest = 300});
    }
    const bool better = first ||
                        found.there.value > best.there.value + margin_at(best.there.value) ||
                        (found.why.ok() && !best.why.ok() &&
                         found.there.value > best.there.value - margin_at(best.there.value));
    if (better) best = found;
    first = false;
  }

  const double inside = best.there.value;
  if (edge) {
    // A search that never settled climbs towards an edge without reaching it.
    const double hurdle = best.why.ok() ? edge->log_likelihood + margin_at(edge->log_likelihood)
                                        : edge->log_likelihood + 1e3 * margin_at(inside);
    if (!(inside > hurdle)) return *edge;
  }
  retention_curve curve;
  curve.iterations = best.iterations;
  curve.why = best.why;
  if (!best.why.ok()) return curve;
  const Eigen::Matrix<double, N, 1> parameters = best.at.array().exp().matrix();
  curve.law = retention_law::beta;
  curve.alpha = parameters[0];
  curve.beta = parameters[1];
  if constexpr (shaped) curve.shape = parameters[2];
  curve.churn = curve.alpha / (curve.alpha + curve.beta);
  curve.free = N;
  curve.covariance = covariance_with<N>(best.there, parameters);
  curve.log_likelihood = inside;
  return curve;
}

}  // namespace

retention_curve fit_retention(const row_counts<tenure>& contracts, bool shaped) {
  retention_curve curve;
  const auto [why, pieces] = pieces_of(contracts);
  curve.why = why;
  if (!why.ok()) return curve;
  if (pieces.empty()) {
    curve.why = {condition::insufficient_data, -1};
    return curve;
  }
  const auto none = [&pieces](std::int64_t retention_piece::*count) {
    return std::all_of(pieces.begin(), pieces.end(),
                       [&](const retention_piece& piece) { return piece.*count == 0; });
  };
  const bool nobody_left = none(&retention_piece::lost);
  if (nobody_left || none(&retention_piece::kept)) {
    curve.law = retention_law::one_rate;
    curve.why = nobody_left ? status{condition::no_churn, -1} : status{condition::boundary, 1};
    curve.churn = nobody_left ? 0 : 1;
    curve.free = 1;
    return curve;
  }
  if (pieces.size() < (shaped ? 3U : 2U)) {
    curve.why = {condition::not_identified, -1};
    return curve;
  }
  return shaped ? fit_pieces<3>(pieces) : fit_pieces<2>(pieces);
}

}  // namespace salespulse
