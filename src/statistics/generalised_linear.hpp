// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_STATISTICS_GENERALISED_LINEAR_HPP
#define SALESPULSE_SRC_STATISTICS_GENERALISED_LINEAR_HPP

#include "scaled_design.hpp"

#include <salespulse/statistics/regression.hpp>

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace salespulse {

/// Which distribution, each with its canonical link: the mean of a row is size * logistic(eta) or
/// size * exp(eta).
enum class response_kind : std::uint8_t { binomial, poisson };

/// The outcomes, a row each. `status` of bad data is the caller's to find.
struct responses {
  response_kind kind = response_kind::binomial;
  std::vector<double> events;
  std::vector<double> size;        ///< trials, or exposure times weight; rows of 0 are left out
  std::span<const double> offset;  ///< empty: none
  double constant = 0;             ///< what the log-likelihood has beside its kernel
};

/// Regression with a canonical link: the objective, its maximum, and its profile.
class generalised_linear {
public:
  /// Throws `invalid_input` where sizes or options do not fit; `who` begins the message.
  generalised_linear(const design_matrix& design, responses outcomes,
                     const regression_options& options, const char* who);

  [[nodiscard]] regression_fit fit() const;
  [[nodiscard]] profile_limits profile(const regression_fit& fit, std::size_t coefficient,
                                       confidence c) const;

private:
  /// The objective at one theta, with what a Newton step needs.
  struct point {
    Eigen::VectorXd at;
    double log_likelihood = 0;  ///< of the data
    double objective = 0;
    Eigen::VectorXd gradient;               ///< of the objective
    Eigen::MatrixXd information;            ///< of the data
    Eigen::LLT<Eigen::MatrixXd> curvature;  ///< information and penalty
    Eigen::LLT<Eigen::MatrixXd> metric;     ///< what steps are solved with
    bool usable = false;                    ///< finite, and the curvature positive definite
  };
  struct direction {
    bool found = false;
    Eigen::VectorXd step;  ///< of the centred and scaled columns
  };
  struct constrained {
    bool settled = false;
    double slope = 0;  ///< of the profile in the coefficient
    point there;
  };

  /// `stride`: only every so many blocks of rows.
  [[nodiscard]] point look(const Eigen::VectorXd& theta, std::size_t stride = 1) const;
  void add_rows(point& p, std::size_t stride, Eigen::VectorXd& weight, Eigen::VectorXd& tilt) const;
  void add_firth(point& p, std::size_t stride, const Eigen::VectorXd& weight,
                 const Eigen::VectorXd& tilt) const;
  [[nodiscard]] Eigen::VectorXd start() const;
  [[nodiscard]] Eigen::VectorXd common_rate() const;
  [[nodiscard]] point climb(const point& from, const Eigen::VectorXd& step, double noise) const;
  [[nodiscard]] bool one_sided() const;
  [[nodiscard]] direction recession(const Eigen::VectorXd& step) const;
  [[nodiscard]] constrained hold(point from, const Eigen::VectorXd& row, double value) const;
  [[nodiscard]] figure profile_limit(const point& top, const Eigen::VectorXd& row,
                                     double coefficient, double std_error, double z,
                                     double side) const;
  void write(regression_fit& fit, const point& top) const;

  responses outcomes_;  // of the rows that count
  std::vector<double> offset_;
  regression_options options_;
  bool firth_ = false;
  bool penalised_intercept_ = false;
  scaled_design design_;
};

/// The rows of a design that a fit predicts: their linear predictors and standard errors. The mean
/// and its interval are left to the caller.
[[nodiscard]] std::vector<regression_prediction> predict_linear(const regression_fit& fit,
                                                                const design_matrix& rows,
                                                                confidence c, const char* who,
                                                                std::span<const double> offset);

}  // namespace salespulse
#endif
