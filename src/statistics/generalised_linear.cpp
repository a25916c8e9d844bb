// SPDX-License-Identifier: BSL-1.0
#include "generalised_linear.hpp"

#include "sums.hpp"

#include <salespulse/core/result.hpp>

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace salespulse {

namespace {

using cells =
    Eigen::Array<double, Eigen::Dynamic, 1, 0, static_cast<int>(scaled_design::block_rows), 1>;
using cells_view = Eigen::Map<const Eigen::ArrayXd>;

[[noreturn]] void refuse(const char* who, const char* why) {
  throw invalid_input(std::string(who) + ": " + why);
}

// The penalty of the original coefficients that the options ask for.
Eigen::MatrixXd penalty_of(const regression_options& options, Eigen::Index k, const char* who) {
  if (!(options.ridge >= 0) || !std::isfinite(options.ridge)) {
    refuse(who, "the ridge is negative or not finite");
  }
  Eigen::MatrixXd p = Eigen::MatrixXd::Zero(k, k);
  p.diagonal().setConstant(options.ridge);
  if (options.intercept) p(0, 0) = 0;
  const auto size = static_cast<Eigen::Index>(options.penalty.size());
  if (size == 0) return p;
  if (size != k && size != k * k)
    refuse(who, "the penalty fits no vector or matrix of coefficients");
  for (const double x : options.penalty) {
    if (!std::isfinite(x)) refuse(who, "the penalty is not finite");
  }
  // A single coefficient's matrix and vector are the same.
  if (size == k) {
    const Eigen::Map<const Eigen::VectorXd> given(options.penalty.data(), k);
    if (given.minCoeff() < 0) refuse(who, "the penalty is negative");
    p.diagonal() += given;
    return p;
  }
  const Eigen::Map<const Eigen::MatrixXd> given(options.penalty.data(), k, k);
  const double largest = given.cwiseAbs().maxCoeff();
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(given, Eigen::EigenvaluesOnly);
  if ((given - given.transpose()).cwiseAbs().maxCoeff() > 1e-12 * largest ||
      eigen.eigenvalues()[0] < -1e-12 * largest) {
    refuse(who, "the penalty is not symmetric and positive semidefinite");
  }
  return p + 0.5 * (given + given.transpose());
}

}  // namespace

generalised_linear::generalised_linear(const design_matrix& design, responses outcomes,
                                       const regression_options& options, const char* who)
    : outcomes_(std::move(outcomes)),
      options_(options),
      firth_(options.method == regression_method::firth) {
  if (design.values.size() != design.rows * design.columns) {
    refuse(who, "the design has not rows * columns values");
  }
  if (outcomes_.events.size() != design.rows || outcomes_.size.size() != design.rows ||
      (!outcomes_.offset.empty() && outcomes_.offset.size() != design.rows)) {
    refuse(who, "a span has not a value for each row");
  }
  if (options.max_iterations < 1) refuse(who, "max_iterations is below 1");
  const auto k = static_cast<Eigen::Index>(design.columns + (options.intercept ? 1 : 0));
  const Eigen::MatrixXd penalty = penalty_of(options, k, who);
  if (firth_ && penalty.size() > 0 && penalty.cwiseAbs().maxCoeff() > 0) {
    refuse(who, "Firth's method takes no penalty");
  }
  penalised_intercept_ = options.intercept && penalty.row(0).cwiseAbs().maxCoeff() > 0;
  std::vector<std::size_t> keep;
  keep.reserve(design.rows);
  for (std::size_t i = 0; i < design.rows; ++i) {
    if (outcomes_.size[i] == 0) continue;
    outcomes_.events[keep.size()] = outcomes_.events[i];
    outcomes_.size[keep.size()] = outcomes_.size[i];
    if (!outcomes_.offset.empty()) offset_.push_back(outcomes_.offset[i]);
    keep.push_back(i);
  }
  outcomes_.events.resize(keep.size());
  outcomes_.size.resize(keep.size());
  design_ = scale_design(design, keep, options.intercept, penalty);
}

// The kernel of the log-likelihood, its gradient and information; and per row the weight in the
// information and half the relative slope of it, which Firth's method needs.
void generalised_linear::add_rows(point& p, std::size_t stride, Eigen::VectorXd& weight,
                                  Eigen::VectorXd& tilt) const {
  const bool binomial = outcomes_.kind == response_kind::binomial;
  running_sum value;
  cells eta, e, residual, sum, logarithm;
  Eigen::ArrayXd w;
  for (std::size_t b = 0; b < design_.blocks(); b += stride) {
    const scaled_design::block z = design_.at(b);
    const std::size_t first = b * scaled_design::block_rows;
    const cells_view y(outcomes_.events.data() + first, z.rows());
    const cells_view n(outcomes_.size.data() + first, z.rows());
    eta.matrix().noalias() = z * p.at;
    if (!offset_.empty()) eta += cells_view(offset_.data() + first, z.rows());
    if (binomial) {
      // Everything from e = exp(-|eta|), which never overflows, and the probability q of the rarer
      // side, so that nothing is 1 less something small.
      e = (-eta.abs()).exp();
      residual = e / (1 + e);
      w = n * residual / (1 + e);
      if (firth_) {
        tilt.segment(static_cast<Eigen::Index>(first), z.rows()) =
            (eta < 0).select(0.5 - residual, residual - 0.5);
      }
      residual = (eta < 0).select(y - n * residual, (y - n) + n * residual);
      // log1p(e), made of the logarithm that there are vector instructions for.
      sum = 1 + e;
      logarithm = sum.log();
      logarithm += (e - (sum - 1)) / sum;
      // y eta, or (y - n) eta where that is positive.
      e = y * eta - n * eta.max(0) - n * logarithm;
      value.add(e.sum());
    } else {
      w = n * eta.exp();
      if (firth_) tilt.segment(static_cast<Eigen::Index>(first), z.rows()).setConstant(0.5);
      residual = y - w;
      value.add((y * eta - w).sum());
    }
    if (firth_) weight.segment(static_cast<Eigen::Index>(first), z.rows()) = w.matrix();
    p.gradient.noalias() += z.transpose() * residual.matrix();
    add_cross_products(z, w, p.information);
  }
  p.log_likelihood = value.value() + outcomes_.constant;
  p.information.triangularView<Eigen::StrictlyUpper>() = p.information.transpose();
}

// Half the log determinant of the information, and its gradient: each row's leverage times the
// relative slope of its weight. Steps take the leverages for constant: then the gradient is that of
// leverage / 2 more events in so many more trials, and its slope belongs to the metric. Without it
// steps are twice too long where leverages are 1, and never settle.
void generalised_linear::add_firth(point& p, std::size_t stride, const Eigen::VectorXd& weight,
                                   const Eigen::VectorXd& tilt) const {
  p.objective += p.curvature.matrixLLT().diagonal().array().log().sum();
  Eigen::MatrixXd turned;
  Eigen::MatrixXd metric = p.information;
  Eigen::ArrayXd more;
  for (std::size_t b = 0; b < design_.blocks(); b += stride) {
    const scaled_design::block z = design_.at(b);
    const auto first = static_cast<Eigen::Index>(b * scaled_design::block_rows);
    turned = z.transpose();
    p.curvature.matrixL().solveInPlace(turned);
    const Eigen::ArrayXd leverage = weight.segment(first, z.rows()).array() *
                                    turned.colwise().squaredNorm().transpose().array();
    p.gradient.noalias() +=
        z.transpose() * (leverage * tilt.segment(first, z.rows()).array()).matrix();
    if (outcomes_.kind == response_kind::poisson) continue;  // the slope of half a count is 0
    more = leverage * weight.segment(first, z.rows()).array() /
           cells_view(outcomes_.size.data() + first, z.rows());
    add_cross_products(z, more, metric);
  }
  p.metric.compute(metric);
}

generalised_linear::point generalised_linear::look(const Eigen::VectorXd& theta,
                                                   std::size_t stride) const {
  point p;
  p.at = theta;
  p.gradient = Eigen::VectorXd::Zero(design_.columns);
  p.information = Eigen::MatrixXd::Zero(design_.columns, design_.columns);
  const auto rows = static_cast<Eigen::Index>(firth_ ? design_.rows : 0);
  Eigen::VectorXd weight(rows);
  Eigen::VectorXd tilt(rows);
  add_rows(p, stride, weight, tilt);
  p.objective = p.log_likelihood - 0.5 * theta.dot(design_.penalty * theta);
  p.gradient -= design_.penalty * theta;
  p.usable = std::isfinite(p.objective) && p.gradient.allFinite() && p.information.allFinite();
  if (!p.usable) return p;
  p.curvature.compute(p.information + design_.penalty);
  p.usable = p.curvature.info() == Eigen::Success;
  if (p.usable && firth_) {
    add_firth(p, stride, weight, tilt);
  } else {
    p.metric = p.curvature;
  }
  p.usable = p.usable && p.metric.info() == Eigen::Success && std::isfinite(p.objective) &&
             p.gradient.allFinite();
  return p;
}

}  // namespace salespulse
