// SPDX-License-Identifier: BSL-1.0
// The maximum of the objective of a generalised_linear, or why there is none.
#include "generalised_linear.hpp"

#include <Eigen/QR>

#include <algorithm>
#include <cmath>
#include <utility>

namespace salespulse {

// The maximum on a share of the blocks, roughly: from there few steps on all rows are left. Where
// it does not settle, as with separation within the share, the start is the common rate.
Eigen::VectorXd generalised_linear::start() const {
  constexpr std::size_t enough = 16;  // blocks
  constexpr int steps = 10;
  const Eigen::VectorXd first = common_rate();
  const std::size_t stride = design_.blocks() / enough;
  if (stride < 4) return first;
  point here = look(first, stride);
  for (int i = 0; i < steps && here.usable; ++i) {
    const Eigen::VectorXd step = here.metric.solve(here.gradient);
    if (step.cwiseAbs().maxCoeff() < 1e-2) return here.at + step;
    here = look(here.at + step, stride);
  }
  return first;
}

// The rate that all rows share as the intercept, or 0. Offsets of binomial rows are represented by
// their median: far from it, information underflows, but few far rows must not draw it away.
Eigen::VectorXd generalised_linear::common_rate() const {
  if (!options_.intercept) return Eigen::VectorXd::Zero(design_.columns);
  double events = 0.5;
  double size = 0;
  for (const double y : outcomes_.events) events += y;
  for (std::size_t i = 0; i < design_.rows; ++i) {
    const bool shifted = outcomes_.kind == response_kind::poisson && !offset_.empty();
    size += outcomes_.size[i] * (shifted ? std::exp(offset_[i]) : 1);
  }
  Eigen::VectorXd centred = Eigen::VectorXd::Zero(design_.columns);
  centred[0] = outcomes_.kind == response_kind::poisson ? std::log(events / size)
                                                        : std::log(events / (size + 1 - events));
  if (outcomes_.kind == response_kind::binomial && !offset_.empty()) {
    std::vector<double> sorted = offset_;
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    centred[0] -= *middle;
  }
  return design_.to_centred.triangularView<Eigen::Upper>().solve(centred);
}

// The farthest of step, step / 2, step / 4, ... that does not lose; `from` where none.
generalised_linear::point generalised_linear::climb(const point& from, const Eigen::VectorXd& step,
                                                    double noise) const {
  double part = 1;
  for (int i = 0; i < 50; ++i, part /= 2) {
    point next = look(from.at + part * step);
    if (next.usable && next.objective >= from.objective - noise) return next;
  }
  return from;
}

// Whether all trials are events, or none is.
bool generalised_linear::one_sided() const {
  bool none = true;
  bool all = true;
  for (std::size_t i = 0; i < design_.rows; ++i) {
    none = none && outcomes_.events[i] == 0;
    all = all && outcomes_.events[i] == outcomes_.size[i];
  }
  return none || (all && outcomes_.kind == response_kind::binomial);
}

// A direction near `step` along which no row's likelihood ever falls and some row's always grows:
// then there is no maximum. Rows with events only may only go up, rows without only down, and
// others, as well as what is penalised, must not move at all. What moves little is first taken for
// what does not move; the step is then made exact for those rows, and every row is verified.
generalised_linear::direction generalised_linear::recession(const Eigen::VectorXd& step) const {
  const auto n = static_cast<Eigen::Index>(design_.rows);
  Eigen::VectorXd allowed(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    const double y = outcomes_.events[static_cast<std::size_t>(i)];
    const bool full = outcomes_.kind == response_kind::binomial &&
                      y == outcomes_.size[static_cast<std::size_t>(i)];
    allowed[i] = y == 0 ? -1 : full ? 1 : 0;
  }
  const auto moves = [&](const Eigen::VectorXd& by) {
    Eigen::VectorXd m(n);
    for (std::size_t b = 0; b < design_.blocks(); ++b) {
      const scaled_design::block z = design_.at(b);
      m.segment(static_cast<Eigen::Index>(b * scaled_design::block_rows), z.rows()) = z * by;
    }
    return m;
  };
  const Eigen::VectorXd first = moves(step);
  const double largest = first.cwiseAbs().maxCoeff();
  if (!(largest > 0) || !std::isfinite(largest)) return {};
  const bool penalised = design_.penalty.cwiseAbs().maxCoeff() > 0;
  for (const double small : {1e-2, 1e-4, 1e-6, 1e-8}) {
    std::vector<Eigen::Index> still;
    bool wrong = false;
    for (Eigen::Index i = 0; i < n; ++i) {
      if (allowed[i] == 0 || std::abs(first[i]) <= small * largest) {
        still.push_back(i);
      } else {
        wrong = wrong || first[i] * allowed[i] < 0;
      }
    }
    if (wrong || static_cast<Eigen::Index>(still.size()) == n) continue;
    const Eigen::Index extra = penalised ? design_.columns : 0;
    Eigen::MatrixXd held(static_cast<Eigen::Index>(still.size()) + extra, design_.columns);
    for (std::size_t i = 0; i < still.size(); ++i) {
      const auto row = static_cast<std::size_t>(still[i]);
      held.row(static_cast<Eigen::Index>(i)) =
          design_.at(row / scaled_design::block_rows)
              .row(static_cast<Eigen::Index>(row % scaled_design::block_rows));
    }
    if (penalised) {
      held.bottomRows(extra) = design_.penalty / design_.penalty.cwiseAbs().maxCoeff();
    }
    Eigen::VectorXd exact = step;
    if (held.rows() > 0) {
      Eigen::CompleteOrthogonalDecomposition<Eigen::MatrixXd> rows;
      rows.setThreshold(1e-10);
      rows.compute(held);
      const Eigen::Index free = design_.columns - rows.rank();
      if (free == 0) continue;
      const Eigen::MatrixXd z = rows.matrixZ().transpose();
      const Eigen::MatrixXd kernel = rows.colsPermutation() * z.rightCols(free);
      exact = kernel * (kernel.transpose() * step);
      if (exact.norm() < 0.5 * step.norm()) continue;
    }
    const Eigen::VectorXd last = moves(exact);
    const double scale = last.cwiseAbs().maxCoeff();
    std::vector<bool> is_still(design_.rows, false);
    for (const Eigen::Index i : still) is_still[static_cast<std::size_t>(i)] = true;
    bool verified = true;
    for (Eigen::Index i = 0; i < n && verified; ++i) {
      verified = is_still[static_cast<std::size_t>(i)] ? std::abs(last[i]) <= 1e-11 * scale
                                                       : last[i] * allowed[i] > 0;
    }
    if (verified) {
      return {true, design_.spread.asDiagonal() * (design_.to_centred * exact)};
    }
  }
  return {};
}

void generalised_linear::write(regression_fit& fit, const point& top) const {
  const Eigen::Index k = design_.columns;
  const Eigen::MatrixXd inverse = top.curvature.solve(Eigen::MatrixXd::Identity(k, k));
  const auto by_row = [k](const Eigen::MatrixXd& m) {
    std::vector<double> out;
    for (Eigen::Index i = 0; i < k; ++i) {
      for (Eigen::Index j = 0; j < k; ++j) out.push_back(0.5 * (m(i, j) + m(j, i)));
    }
    return out;
  };
  const auto list = [](const Eigen::VectorXd& v) {
    return std::vector<double>(v.data(), v.data() + v.size());
  };
  const Eigen::MatrixXd covariance =
      design_.to_original * inverse * design_.to_original.transpose();
  fit.coefficients = list(design_.to_original * top.at);
  fit.std_errors = list(covariance.diagonal().cwiseMax(0).cwiseSqrt());
  fit.covariance = by_row(covariance);
  fit.centred.centre = list(design_.centre);
  fit.centred.coefficients = list(design_.to_centred * top.at);
  fit.centred.covariance = by_row(design_.to_centred * inverse * design_.to_centred.transpose());
  fit.log_likelihood = top.log_likelihood;
  // The determinant of the information of the original coefficients.
  fit.objective = top.objective - (firth_ ? design_.log_determinant : 0);
  fit.effective_parameters = (top.information * inverse).trace();
  const auto finite = [](const std::vector<double>& v) {
    return std::all_of(v.begin(), v.end(), [](double x) { return std::isfinite(x); });
  };
  if (!finite(fit.coefficients) || !finite(fit.covariance) || !finite(fit.centred.covariance)) {
    const int iterations = fit.iterations;
    fit = {};
    fit.why = {condition::non_finite_input, -1};
    fit.intercept = options_.intercept;
    fit.iterations = iterations;
  }
}

regression_fit generalised_linear::fit() const {
  regression_fit fit;
  fit.intercept = options_.intercept;
  if (!design_.why.ok()) {
    fit.why = design_.why;
    fit.involved = design_.involved;
    return fit;
  }
  if (!firth_ && options_.intercept && !penalised_intercept_ && one_sided()) {
    if (outcomes_.kind == response_kind::poisson) {
      fit.why = {condition::no_events, -1};
    } else {
      fit.why = {condition::separation, 0};
      fit.involved = {0};
    }
    return fit;
  }
  point here = look(start());
  double before = HUGE_VAL;
  for (fit.iterations = 1; fit.iterations <= options_.max_iterations; ++fit.iterations) {
    if (!here.usable) break;
    const Eigen::VectorXd step = here.metric.solve(here.gradient);
    const double size = step.cwiseAbs().maxCoeff() / (1 + here.at.cwiseAbs().maxCoeff());
    if (!std::isfinite(size)) break;
    // A maximum's neighbourhood is left by no step, a recession by each.
    const bool suspicious = !firth_ && (fit.iterations == 8 || fit.iterations % 12 == 0);
    if (suspicious) {
      const direction away = recession(step);
      if (away.found) {
        fit.involved = moving_coefficients(design_, away.step);
        const Eigen::Index lead = options_.intercept ? 1 : 0;
        Eigen::Index most = 0;
        if (fit.involved != std::vector<std::size_t>{0} && away.step.size() > lead) {
          away.step.tail(away.step.size() - lead).cwiseAbs().maxCoeff(&most);
          most += lead;
        }
        fit.why = {condition::separation, most};
        return fit;
      }
    }
    const bool exact = size <= 1e-13;
    const bool no_better = size <= 1e-7 && size >= 0.95 * before;
    if (exact || no_better) {
      if (exact) {
        here.at += step;
      } else {
        here = look(here.at + step);
        if (!here.usable) break;
      }
      write(fit, here);
      return fit;
    }
    before = size;
    const double noise = 1e-12 * (1 + std::abs(here.objective));
    point next = climb(here, step, noise);
    if (next.at == here.at) break;
    here = std::move(next);
  }
  fit.iterations = std::min(fit.iterations, options_.max_iterations);
  fit.why = {condition::not_converged, -1};
  return fit;
}

}  // namespace salespulse
