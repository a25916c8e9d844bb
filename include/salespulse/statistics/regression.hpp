// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_REGRESSION_HPP
#define SALESPULSE_STATISTICS_REGRESSION_HPP

#include <salespulse/core/interval.hpp>
#include <salespulse/statistics/confidence.hpp>
#include <salespulse/statistics/figure.hpp>
#include <salespulse/statistics/status.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

// What logistic and Poisson regression have in common: covariates, options, the fit, and what can
// be asked of it.
namespace salespulse {

enum class matrix_order : std::uint8_t {
  by_column,  ///< the first column's rows, then the second's
  by_row      ///< the first row's columns, then the second's
};

/// The covariates of a regression, a row a case. The intercept is no column: the fit adds it.
struct design_matrix {
  std::span<const double> values;  ///< rows * columns of them
  std::size_t rows = 0;
  std::size_t columns = 0;
  matrix_order order = matrix_order::by_column;
};

enum class regression_method : std::uint8_t {
  maximum_likelihood,
  /// Maximises the log-likelihood plus half the log determinant of the information (Jeffreys'
  /// prior). Takes the leading term of the bias away, and is finite where maximum likelihood is
  /// not. Firth (1993), Bias reduction of maximum likelihood estimates, Biometrika 80:27-38.
  firth
};

struct regression_options {
  regression_method method = regression_method::maximum_likelihood;
  bool intercept = true;
  /// Takes ridge / 2 times the sum of squared coefficients from the log-likelihood; the intercept
  /// is left out. The columns count in the units that they come in. Not together with `firth`.
  double ridge = 0;
  /// Takes b' P b / 2 away as well: a weight per coefficient, the intercept first, or P itself, by
  /// row, symmetric and positive semidefinite. Not together with `firth`.
  std::span<const double> penalty{};
  int max_iterations = 500;
};

/// The same fit with every covariate measured from its mean, for what would cancel otherwise: a
/// column of days since 1970 leaves the plain covariance of the intercept without a digit.
struct centred_fit {
  std::vector<double> centre;        ///< taken from each column; zeros where there is no intercept
  std::vector<double> coefficients;  ///< as in the fit; only the intercept differs
  std::vector<double> covariance;
};

/// A fitted regression. The vectors are empty and the numbers 0 unless `why` is ok.
struct regression_fit {
  /// In `where` a coefficient, the intercept counted as 0 where there is one; else a row.
  /// - rank_deficient: `where` is the first column that is a sum of columns before it (a constant
  ///   one is a sum of the intercept); `involved` are all that take part in any such sum, whatever
  ///   their order.
  /// - separation: a direction was found in which the likelihood grows for ever, and verified on
  ///   every row; `where` is the coefficient that moves most in it, by the spread of its column,
  ///   and `involved` are all that move.
  /// - insufficient_data: no row that counts. not_converged: the iterations ran out.
  status why;
  std::vector<double> coefficients;     ///< the intercept first, then a column each
  std::vector<double> std_errors;  ///< square roots of the diagonal of the covariance
  /// The inverse of the information of the data and the penalty at the coefficients, by row. With
  /// `firth` the inverse of the information of the data.
  std::vector<double> covariance;
  centred_fit centred;
  double log_likelihood = 0;  ///< of the data at the coefficients, without what the method adds
  double objective = 0;       ///< what was maximised: with the penalty or Firth's half determinant
  /// Trace of the information times the covariance: the number of coefficients, less what a penalty
  /// takes away.
  double effective_parameters = 0;
  std::vector<std::size_t> involved;  ///< see `why`; in ascending order
  int iterations = 0;
  bool intercept = true;  ///< whether coefficient 0 is the intercept
};

/// The coefficient, z standard errors either way (Wald). Precondition: the fit is ok and has it.
[[nodiscard]] interval wald_interval(const regression_fit& fit, std::size_t coefficient,
                                     confidence c);

/// Where the objective, maximised over the other coefficients, has fallen by z^2 / 2 on either
/// side. A limit has no value where it was not found: not_reached, not_converged.
struct profile_limits {
  figure lower;
  figure upper;
  double level = 0;
};

/// What a fit says of a new row.
struct regression_prediction {
  /// ok; non_finite_input (`where`: the row), also where the mean overflows. Then the rest is 0.
  status why;
  double linear = 0;     ///< intercept, covariates times coefficients, offset
  double std_error = 0;  ///< of `linear`
  double mean = 0;       ///< the probability; or events per unit of exposure
  interval range;        ///< of `mean`: `linear` and z standard errors either way, transformed
};

}  // namespace salespulse
#endif
