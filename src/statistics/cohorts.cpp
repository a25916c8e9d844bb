// SPDX-License-Identifier: BSL-1.0
#include "cohorts.hpp"

#include "boost_policy.hpp"
#include "rising_factorial.hpp"

#include <boost/math/special_functions/trigamma.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>

namespace salespulse {

namespace {

status what_is_wrong(const row_counts<tenure>& contracts) {
  std::int64_t where = 0;
  for (const auto& [row, count] : contracts.entries()) {
    if (row.entered < 0 || row.survived < 0 || row.left_by < 0) {
      return {condition::negative_time, where};
    }
    if (row.survived < row.entered || (row.left_by != 0 && row.left_by <= row.survived)) {
      return {condition::entry_not_before_exit, where};
    }
    if (count < 0) return {condition::negative_count, where};
    ++where;
  }
  // The sums of counts would not fit in 64 bits.
  if (contracts.total() == INT64_MAX) return {condition::too_large, -1};
  return {};
}

// t^shape at both ends of a piece, as its start and its width, with two derivatives in the shape.
struct stretched {
  double start, start_1 = 0, start_2 = 0;
  double width, width_1 = 0, width_2 = 0;
};

stretched stretch(double from, double to, double shape) {
  const double log_to = std::log(to);  // to >= 1, or the piece would be empty
  if (from == 0) {
    const double end = shape == 1 ? to : std::pow(to, shape);
    return {.start = 0, .width = end, .width_1 = end * log_to, .width_2 = end * log_to * log_to};
  }
  const double log_from = std::log(from);
  const double step = std::log1p((to - from) / from);
  stretched s{};
  s.start = shape == 1 ? from : std::pow(from, shape);
  s.start_1 = s.start * log_from;
  s.start_2 = s.start_1 * log_from;
  s.width = shape == 1 ? to - from : s.start * std::expm1(shape * step);
  s.width_1 = s.width * log_to + s.start * step;
  s.width_2 = s.width_1 * log_to + s.start_1 * step;
  return s;
}

evaluation<3> log_kept_beta(const Eigen::Vector3d& parameters, const stretched& t,
                            bool with_hessian) {
  const double alpha = parameters[0];
  const double beta = parameters[1] + t.start;
  const double width = t.width;
  evaluation<3> e;
  e.value = log_beta_shift(alpha, beta, width);
  // First derivatives in alpha, in beta (or the start) and in the width.
  const gamma_shift slopes = log_beta_shift_slopes(alpha, beta, width);
  const gamma_shift high = gamma_shift_of(alpha + beta, width);
  const gamma_shift across = gamma_shift_of(beta + width, alpha);
  const double in_alpha = -high.first;
  const double in_beta = slopes.first;
  const double in_width = -across.first;
  e.gradient = {in_alpha, in_beta, in_beta * t.start_1 + in_width * t.width_1};
  if (!with_hessian) return e;
  const double alpha_alpha = -high.second;  // as alpha with beta
  const double beta_beta = slopes.second;
  const double width_width = -across.second;  // as beta with width
  const double alpha_width = -boost::math::trigamma(alpha + beta + width, plain_double());
  e.hessian(0, 0) = alpha_alpha;
  e.hessian(0, 1) = e.hessian(1, 0) = alpha_alpha;
  e.hessian(1, 1) = beta_beta;
  e.hessian(0, 2) = e.hessian(2, 0) = alpha_alpha * t.start_1 + alpha_width * t.width_1;
  e.hessian(1, 2) = e.hessian(2, 1) = beta_beta * t.start_1 + width_width * t.width_1;
  e.hessian(2, 2) = beta_beta * t.start_1 * t.start_1 +
                    width_width * t.width_1 * (2 * t.start_1 + t.width_1) + in_beta * t.start_2 +
                    in_width * t.width_2;
  return e;
}

}  // namespace

retention_pieces pieces_of(const row_counts<tenure>& contracts) {
  retention_pieces result;
  result.why = what_is_wrong(contracts);
  if (!result.why.ok()) return result;

  std::vector<std::int32_t> cuts;
  for (const auto& [row, count] : contracts.entries()) {
    cuts.insert(cuts.end(), {row.entered, row.survived});
    if (row.left_by > 0) cuts.push_back(row.left_by);
  }
  std::sort(cuts.begin(), cuts.end());
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());

  // How many come through the piece after each cut: one more from `entered`, one fewer from
  // `survived` on.
  const auto place = [&cuts](std::int32_t t) {
    return static_cast<std::size_t>(std::lower_bound(cuts.begin(), cuts.end(), t) - cuts.begin());
  };
  std::vector<std::int64_t> change(cuts.size(), 0);
  std::map<std::pair<std::int32_t, std::int32_t>, std::int64_t> lost;
  for (const auto& [row, count] : contracts.entries()) {
    change[place(row.entered)] += count;
    change[place(row.survived)] -= count;
    if (row.left_by > 0) lost[{row.survived, row.left_by}] += count;
  }
  std::map<std::pair<std::int32_t, std::int32_t>, retention_piece> pieces;
  std::int64_t kept = 0;
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    kept += change[i];
    if (kept > 0) pieces[{cuts[i], cuts[i + 1]}] = {cuts[i], cuts[i + 1], kept, 0};
  }
  for (const auto& [ends, count] : lost) {
    retention_piece& piece = pieces[ends];
    piece.from = ends.first;
    piece.to = ends.second;
    piece.lost += count;
  }
  for (const auto& [ends, piece] : pieces) result.pieces.push_back(piece);
  return result;
}

evaluation<3> log_kept(retention_law law, const Eigen::Vector3d& parameters, double from, double to,
                       bool with_hessian) {
  evaluation<3> e;
  if (law == retention_law::power_tail) {
    const double first = parameters[2];
    if (to < first) return e;
    const double at_first = from < first ? 1 : 0;
    const double since = std::max(from, first);
    const double fall = std::log1p((to - since) / since);
    e.value = -parameters[0] * at_first - parameters[1] * fall;
    e.gradient = {-at_first, -fall, 0};
    return e;
  }
  if (law == retention_law::one_rate) {
    const stretched t = stretch(from, to, parameters[1]);
    e.value = -parameters[0] * t.width;
    e.gradient = {-t.width, -parameters[0] * t.width_1, 0};
    if (with_hessian) {
      e.hessian(0, 1) = e.hessian(1, 0) = -t.width_1;
      e.hessian(1, 1) = -parameters[0] * t.width_2;
    }
    return e;
  }
  return log_kept_beta(parameters, stretch(from, to, parameters[2]), with_hessian);
}

}  // namespace salespulse
