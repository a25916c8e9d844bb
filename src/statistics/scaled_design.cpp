// SPDX-License-Identifier: BSL-1.0
#include "scaled_design.hpp"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace salespulse {

namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();

using mutable_block = Eigen::Map<Eigen::MatrixXd>;

mutable_block block_of(scaled_design& d, std::size_t b) {
  const auto view = d.at(b);
  return {d.values.data() + b * scaled_design::block_rows * static_cast<std::size_t>(d.columns),
          view.rows(), d.columns};
}

// Copies the rows that count into the blocks. False: a value is not finite, and `why` says where.
bool copy_rows(scaled_design& d, const design_matrix& design, std::span<const std::size_t> keep,
               Eigen::Index lead) {
  const bool by_column = design.order == matrix_order::by_column;
  const std::size_t row_step = by_column ? 1 : design.columns;
  const std::size_t column_step = by_column ? design.rows : 1;
  double check = 0;
  for (std::size_t b = 0; b < d.blocks(); ++b) {
    mutable_block z = block_of(d, b);
    const std::size_t* const row = keep.data() + b * scaled_design::block_rows;
    if (lead == 1) z.col(0).setOnes();
    for (std::size_t j = 0; j < design.columns; ++j) {
      const double* const from = design.values.data() + j * column_step;
      double* const to = z.col(static_cast<Eigen::Index>(j) + lead).data();
      for (Eigen::Index i = 0; i < z.rows(); ++i) to[i] = from[row[i] * row_step];
    }
    check += (z.array() * 0).sum();  // NaN as soon as one is not finite
  }
  if (check == 0) return true;
  for (const std::size_t row : keep) {
    for (std::size_t j = 0; j < design.columns; ++j) {
      if (std::isfinite(design.values[row * row_step + j * column_step])) continue;
      d.why = {condition::non_finite_input, static_cast<std::int64_t>(row)};
      return false;
    }
  }
  return true;
}

// Centres and scales the held columns. Returns what rounding of the input leaves uncertain in each,
// in its new unit.
Eigen::VectorXd standardise(scaled_design& d, Eigen::Index lead) {
  const Eigen::Index k = d.columns;
  const double share = 1 / static_cast<double>(d.rows);  // beforehand, against overflow of the sums
  Eigen::RowVectorXd mean = Eigen::RowVectorXd::Zero(k);
  Eigen::RowVectorXd largest = Eigen::RowVectorXd::Zero(k);
  for (std::size_t b = 0; b < d.blocks(); ++b) {
    const auto z = d.at(b);
    if (lead == 1) mean += (z * share).colwise().sum();
    largest = largest.cwiseMax(z.cwiseAbs().colwise().maxCoeff());
  }
  mean.head(lead).setZero();
  Eigen::RowVectorXd spread = Eigen::RowVectorXd::Zero(k);
  for (std::size_t b = 0; b < d.blocks(); ++b) {
    mutable_block z = block_of(d, b);
    if (lead == 1) z.rowwise() -= mean;
    spread += (z.cwiseAbs() * share).colwise().sum();
  }
  // Powers of two, so that scaling rounds nothing.
  for (Eigen::Index j = 0; j < k; ++j) {
    const bool flat = j < lead || !(spread[j] > 0);
    spread[j] = flat ? 1 : std::exp2(std::clamp(std::round(std::log2(spread[j])), -1000., 1000.));
  }
  const Eigen::RowVectorXd inverse = spread.cwiseInverse();
  for (std::size_t b = 0; b < d.blocks(); ++b) {
    mutable_block z = block_of(d, b);
    z.array().rowwise() *= inverse.array();
  }
  d.centre = mean.tail(k - lead);
  d.spread = spread;
  Eigen::VectorXd noise = epsilon * largest.cwiseProduct(inverse);
  noise.head(lead).setZero();
  return noise;
}

// Whether normal equations of the columns as they are lose no more than four digits.
bool well_conditioned(const scaled_design& d, const Eigen::VectorXd& noise) {
  if (static_cast<Eigen::Index>(d.rows) < d.columns || noise.maxCoeff() > 1e-4) return false;
  Eigen::MatrixXd gram = Eigen::MatrixXd::Zero(d.columns, d.columns);
  for (std::size_t b = 0; b < d.blocks(); ++b) {
    const auto z = d.at(b);
    add_cross_products(z, Eigen::ArrayXd::Ones(z.rows()), gram);
  }
  const Eigen::VectorXd size = gram.diagonal().cwiseSqrt();
  if (!(size.minCoeff() > 0)) return false;
  const Eigen::VectorXd by = size.cwiseInverse();
  gram = by.asDiagonal() * gram * by.asDiagonal();
  // Reads the lower half.
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(gram, Eigen::EigenvaluesOnly);
  return eigen.eigenvalues()[0] > 1e-8;
}

// Rows whose squared length is the penalty of some coefficients.
Eigen::MatrixXd penalty_rows(const Eigen::MatrixXd& penalty) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(penalty);
  return eigen.eigenvalues().cwiseMax(0).cwiseSqrt().asDiagonal() *
         eigen.eigenvectors().transpose();
}

// Replaces the held columns by orthogonal ones of mean square 1 in order, by Gram and Schmidt's
// method done twice for each column. Returns the triangle that makes the columns from them.
// A column that leaves no more than the rounding of its input is a sum of those before it.
Eigen::MatrixXd make_orthogonal(scaled_design& d, const Eigen::VectorXd& noise,
                                const Eigen::MatrixXd& extra_rows) {
  const Eigen::Index k = d.columns;
  const auto n = static_cast<Eigen::Index>(d.rows);
  Eigen::MatrixXd q(n + extra_rows.rows(), k);
  for (std::size_t b = 0; b < d.blocks(); ++b) {
    const auto z = d.at(b);
    q.middleRows(static_cast<Eigen::Index>(b * scaled_design::block_rows), z.rows()) = z;
  }
  q.bottomRows(extra_rows.rows()) = extra_rows;
  const double root = std::sqrt(static_cast<double>(n));
  Eigen::MatrixXd triangle = Eigen::MatrixXd::Zero(k, k);
  std::set<std::size_t> involved;
  std::vector<Eigen::Index> independent;
  for (Eigen::Index j = 0; j < k; ++j) {
    const double before = q.col(j).norm() / root;
    for (int pass = 0; pass < 2; ++pass) {
      for (const Eigen::Index i : independent) {
        const double part = q.col(i).dot(q.col(j)) / static_cast<double>(n);
        triangle(i, j) += part;
        q.col(j) -= part * q.col(i);
      }
    }
    // In terms of the columns, how much of which makes up this one.
    const auto m = static_cast<Eigen::Index>(independent.size());
    Eigen::MatrixXd corner(m, m);
    Eigen::VectorXd right(m);
    for (Eigen::Index a = 0; a < m; ++a) {
      right[a] = triangle(independent[static_cast<std::size_t>(a)], j);
      for (Eigen::Index c = 0; c < m; ++c) {
        corner(a, c) = triangle(independent[static_cast<std::size_t>(a)],
                                independent[static_cast<std::size_t>(c)]);
      }
    }
    const Eigen::VectorXd share = corner.triangularView<Eigen::Upper>().solve(right);
    double tolerance = noise[j] + 4 * epsilon * before;
    for (Eigen::Index a = 0; a < m; ++a) {
      const Eigen::Index i = independent[static_cast<std::size_t>(a)];
      tolerance += std::abs(share[a]) * (noise[i] + 4 * epsilon);
    }
    const double left = q.col(j).norm() / root;
    if (left <= 16 * tolerance) {
      if (d.why.ok()) d.why = {condition::rank_deficient, j};
      Eigen::VectorXd sum = Eigen::VectorXd::Zero(k);
      sum[j] = 1;
      for (Eigen::Index a = 0; a < m; ++a) {
        sum[independent[static_cast<std::size_t>(a)]] = -share[a];
      }
      for (const std::size_t i : moving_coefficients(d, sum)) involved.insert(i);
      continue;
    }
    triangle(j, j) = left;
    q.col(j) /= left;
    independent.push_back(j);
  }
  d.involved.assign(involved.begin(), involved.end());
  for (std::size_t b = 0; b < d.blocks(); ++b) {
    mutable_block z = block_of(d, b);
    z = q.middleRows(static_cast<Eigen::Index>(b * scaled_design::block_rows), z.rows());
  }
  return triangle;
}

}  // namespace

// Four columns' products at a time, two rows each. For the ten or so columns of a regression this
// takes half as long as Eigen's product of matrices, which is made for many.
void add_cross_products(const scaled_design::block& z, const Eigen::ArrayXd& weight,
                        Eigen::MatrixXd& sum) {
  using pair = Eigen::Array2d;
  const Eigen::Index n = z.rows();
  const Eigen::Index k = z.cols();
  const Eigen::Index even = n - n % 2;
  Eigen::ArrayXXd weighted(n, 2);
  const auto load = [](const double* at) { return pair(Eigen::Map<const pair>(at)); };
  for (Eigen::Index a = 0; a < k; a += 2) {
    const Eigen::Index a_next = std::min(a + 1, k - 1);
    weighted.col(0) = weight * z.col(a).array();
    weighted.col(1) = weight * z.col(a_next).array();
    const double* const x = weighted.col(0).data();
    const double* const y = weighted.col(1).data();
    for (Eigen::Index b = a; b < k; b += 2) {
      const Eigen::Index b_next = std::min(b + 1, k - 1);
      const double* const u = z.col(b).data();
      const double* const v = z.col(b_next).data();
      pair xu = pair::Zero();
      pair xv = pair::Zero();
      pair yu = pair::Zero();
      pair yv = pair::Zero();
      for (Eigen::Index i = 0; i < even; i += 2) {
        const pair x2 = load(x + i);
        const pair y2 = load(y + i);
        const pair u2 = load(u + i);
        const pair v2 = load(v + i);
        xu += x2 * u2;
        xv += x2 * v2;
        yu += y2 * u2;
        yv += y2 * v2;
      }
      if (even < n) {
        xu[0] += x[even] * u[even];
        xv[0] += x[even] * v[even];
        yu[0] += y[even] * u[even];
        yv[0] += y[even] * v[even];
      }
      sum(b, a) += xu.sum();
      if (b_next > b) sum(b_next, a) += xv.sum();
      if (a_next > a && b >= a_next) sum(b, a_next) += yu.sum();
      if (a_next > a && b_next > b) sum(b_next, a_next) += yv.sum();
    }
  }
}

std::vector<std::size_t> moving_coefficients(const scaled_design& d,
                                             const Eigen::VectorXd& direction) {
  constexpr double nothing = 1e-8;
  const Eigen::Index lead = d.columns - d.centre.size();
  std::vector<std::size_t> moving;
  const Eigen::VectorXd columns = direction.tail(d.centre.size());
  if (lead == 1) {
    // The intercept of the original columns moves with their means.
    const Eigen::VectorXd shifts =
        d.centre.cwiseProduct(columns).cwiseQuotient(d.spread.tail(columns.size()));
    const double size = std::abs(direction[0]) + shifts.cwiseAbs().sum();
    if (std::abs(direction[0] - shifts.sum()) > nothing * size) moving.push_back(0);
  }
  const double largest = columns.size() == 0 ? 0 : columns.cwiseAbs().maxCoeff();
  for (Eigen::Index j = 0; j < columns.size(); ++j) {
    if (std::abs(columns[j]) > nothing * largest) {
      moving.push_back(static_cast<std::size_t>(j + lead));
    }
  }
  return moving;
}

scaled_design scale_design(const design_matrix& design, std::span<const std::size_t> keep,
                           bool intercept, const Eigen::MatrixXd& penalty) {
  scaled_design d;
  const Eigen::Index lead = intercept ? 1 : 0;
  d.columns = static_cast<Eigen::Index>(design.columns) + lead;
  d.rows = keep.size();
  if (d.rows == 0 || d.columns == 0) {
    d.why = {condition::insufficient_data, -1};
    return d;
  }
  d.values.resize(d.rows * static_cast<std::size_t>(d.columns));
  if (!copy_rows(d, design, keep, lead)) return d;
  const Eigen::VectorXd noise = standardise(d, lead);
  if (!d.centre.allFinite() || !d.spread.allFinite() || !noise.allFinite()) {
    d.why = {condition::non_finite_input, -1};
    return d;
  }
  d.to_centred = d.spread.cwiseInverse().asDiagonal();
  Eigen::MatrixXd shift = Eigen::MatrixXd::Identity(d.columns, d.columns);
  if (intercept) shift.row(0).tail(d.columns - 1) = -d.centre.transpose();
  if (!well_conditioned(d, noise)) {
    const Eigen::MatrixXd map = shift * d.to_centred;
    const bool penalised = penalty.cwiseAbs().maxCoeff() > 0;
    const Eigen::MatrixXd extra =
        penalised ? penalty_rows(map.transpose() * penalty * map) : Eigen::MatrixXd(0, d.columns);
    const Eigen::MatrixXd triangle = make_orthogonal(d, noise, extra);
    if (!d.why.ok()) return d;
    d.to_centred *= triangle.triangularView<Eigen::Upper>().solve(
        Eigen::MatrixXd::Identity(d.columns, d.columns));
  }
  d.to_original = shift * d.to_centred;
  d.penalty = d.to_original.transpose() * penalty * d.to_original;
  d.log_determinant = d.to_centred.diagonal().cwiseAbs().array().log().sum();
  return d;
}

}  // namespace salespulse
