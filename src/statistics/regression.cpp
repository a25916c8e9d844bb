// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/regression.hpp>

#include "generalised_linear.hpp"

#include <salespulse/core/result.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace salespulse {

// Maximises with row * theta held at `value`.
generalised_linear::constrained generalised_linear::hold(point from, const Eigen::VectorXd& row,
                                                         double value) const {
  constrained c;
  double before = HUGE_VAL;
  for (int i = 0; i < options_.max_iterations && from.usable; ++i) {
    const Eigen::VectorXd across = from.metric.solve(row);
    const double along = row.dot(across);
    if (i == 0) {
      from = look(from.at + across * ((value - row.dot(from.at)) / along));
      continue;
    }
    const Eigen::VectorXd full = from.metric.solve(from.gradient);
    const double slope = row.dot(full) / along;
    const Eigen::VectorXd step = full - slope * across;
    const double size = step.cwiseAbs().maxCoeff() / (1 + from.at.cwiseAbs().maxCoeff());
    if (size <= 1e-10 || (size <= 1e-7 && size >= 0.95 * before)) {
      return {true, slope, std::move(from)};
    }
    before = size;
    point next = climb(from, step, 1e-12 * (1 + std::abs(from.objective)));
    if (next.at == from.at) break;
    from = std::move(next);
  }
  c.there = std::move(from);
  return c;
}

// The signed root of twice the fall is nearly linear in the coefficient: Newton on it.
figure generalised_linear::profile_limit(const point& top, const Eigen::VectorXd& row,
                                         double coefficient, double std_error, double z,
                                         double side) const {
  constexpr int steps = 60;
  constexpr double far = 1e6;
  double away = z * std_error;
  point from = top;
  for (int i = 0; i < steps; ++i) {
    const constrained c = hold(from, row, coefficient + side * away);
    if (!c.settled) return {std::nullopt, {condition::not_converged, -1}};
    const double fall = std::sqrt(std::max(0.0, 2 * (top.objective - c.there.objective)));
    const double rise = fall > 0 ? -side * c.slope / fall : 0;
    double next = rise > 0 ? away + (z - fall) / rise : 2 * away;
    next = std::clamp(next, away / 4, away * 4);
    if (std::abs(next - away) <= 1e-11 * away) return {coefficient + side * next, {}};
    if (next > far * std_error) break;
    from = c.there;
    away = next;
  }
  return {std::nullopt, {condition::not_reached, -1}};
}

profile_limits generalised_linear::profile(const regression_fit& fit, std::size_t coefficient,
                                           confidence c) const {
  if (!fit.why.ok() || coefficient >= fit.coefficients.size() || !design_.why.ok() ||
      fit.coefficients.size() != static_cast<std::size_t>(design_.columns)) {
    throw invalid_input("profile: the fit is not ok, or has no such coefficient");
  }
  const Eigen::Map<const Eigen::VectorXd> centred(fit.centred.coefficients.data(), design_.columns);
  const point top = look(design_.to_centred.triangularView<Eigen::Upper>().solve(centred));
  const Eigen::VectorXd row =
      design_.to_original.row(static_cast<Eigen::Index>(coefficient)).transpose();
  const auto limit = [&](double side) {
    return profile_limit(top, row, fit.coefficients[coefficient], fit.std_errors[coefficient],
                         c.z, side);
  };
  return {limit(-1), limit(1), c.level};
}

std::vector<regression_prediction> predict_linear(const regression_fit& fit,
                                                  const design_matrix& rows, confidence c,
                                                  const char* who, std::span<const double> offset) {
  const auto refuse = [who](const char* why) {
    throw invalid_input(std::string(who) + ": " + why);
  };
  if (rows.values.size() != rows.rows * rows.columns) {
    refuse("the design has not rows * columns values");
  }
  const std::size_t lead = fit.intercept ? 1 : 0;
  if (!fit.why.ok() || rows.columns + lead != fit.coefficients.size()) {
    refuse("the fit is not ok, or has another number of columns");
  }
  if (!offset.empty() && offset.size() != rows.rows) refuse("not an offset for each row");
  const auto k = static_cast<Eigen::Index>(fit.coefficients.size());
  const Eigen::Map<const Eigen::VectorXd> b(fit.centred.coefficients.data(), k);
  const Eigen::Map<const Eigen::MatrixXd> covariance(fit.centred.covariance.data(), k, k);
  const bool by_column = rows.order == matrix_order::by_column;
  std::vector<regression_prediction> out(rows.rows);
  Eigen::VectorXd x = Eigen::VectorXd::Ones(k);
  for (std::size_t i = 0; i < rows.rows; ++i) {
    for (std::size_t j = 0; j < rows.columns; ++j) {
      const std::size_t at = by_column ? j * rows.rows + i : i * rows.columns + j;
      x[static_cast<Eigen::Index>(j + lead)] = rows.values[at] - fit.centred.centre[j];
    }
    regression_prediction& p = out[i];
    p.linear = x.dot(b) + (offset.empty() ? 0 : offset[i]);
    p.std_error = std::sqrt(std::max(0.0, x.dot(covariance * x)));
    if (!std::isfinite(p.linear) || !std::isfinite(c.z * p.std_error)) {
      p = {};
      p.why = {condition::non_finite_input, static_cast<std::int64_t>(i)};
    }
    p.range = {p.linear - c.z * p.std_error, p.linear + c.z * p.std_error, c.level};
  }
  return out;
}

interval wald_interval(const regression_fit& fit, std::size_t coefficient, confidence c) {
  if (!fit.why.ok() || coefficient >= fit.coefficients.size()) {
    throw invalid_input("wald_interval: the fit is not ok, or has no such coefficient");
  }
  const double half = c.z * fit.std_errors[coefficient];
  return {fit.coefficients[coefficient] - half, fit.coefficients[coefficient] + half, c.level};
}

}  // namespace salespulse
