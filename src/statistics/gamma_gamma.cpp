// SPDX-License-Identifier: BSL-1.0
#include "fitted_draws.hpp"
#include "log_gamma_parts.hpp"
#include "sums.hpp"
#include "trust_region.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/core/wide.hpp>
#include <salespulse/statistics/gamma_gamma.hpp>

#include <Eigen/LU>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace salespulse {

namespace {

constexpr double limit = 30;  // of log p, log q and log(centre / mean spend)
constexpr std::int64_t most_customers = std::int64_t{1} << 53;  // of which double counts each
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double half_log_two_pi = 0.91893853320467274178;
using point = Eigen::Vector3d;  // log p, log q, log(centre / mean spend)

// One kind of customer, with the mean amount z in units of the mean spend of all.
struct customer_row {
  double purchases, log_z, count;
};

// The log-likelihood of log z and its derivatives. With A = p x, M = A + q, r = z / centre,
// e = r - 1 and Q = q + A r the share w of A in a beta(A, q) variable is A r / Q, and everything
// that cancels for large p or q is written by way of e:
// log L = A log1p(e) - M log1p(A e / M) + log(A q / (2 pi M)) / 2 + remainders of Stirling.
evaluation<3> terms_of(const customer_row& row, double p, double q, double log_centre) {
  const double log_r = row.log_z - log_centre;
  const double r = std::exp(log_r);
  const double e = std::expm1(log_r);
  const double a = p * row.purchases;
  evaluation<3> t;
  const auto shape_of = [](double x) {
    return std::isinf(x) ? scaled_derivatives{} : stirling_remainder(x);
  };
  const scaled_derivatives at_a = shape_of(a);
  const scaled_derivatives at_q = shape_of(q);
  const scaled_derivatives at_m = shape_of(a + q);
  const double sa = std::isinf(a) ? 1 : (std::isinf(q) ? 0 : a / (a + q));  // A / M
  const double sq = std::isinf(a) ? 0 : (std::isinf(q) ? 1 : q / (a + q));  // q / M
  // c = q e / Q and d = A e / Q; 1 + c = r M / Q and 1 - d = M / Q.
  const double spread = sq + sa * r;  // Q / M
  const double c = sq * e / spread;
  const double d = sa * e / spread;
  // The smaller of the shapes carries the deviance, so that no large number cancels.
  double deviance = 0;
  double log_scale = 0;
  if (a <= q) {
    const double rest = std::isinf(q) ? 0 : (a + q) * log1p_minus(sa * e);
    deviance = a * log1p_minus(e) - rest;
    log_scale = std::log(a * sq);
  } else {
    const double back = std::expm1(-log_r);
    const double rest = std::isinf(a) ? 0 : (a + q) * log1p_minus(sq * back);
    deviance = q * log1p_minus(back) - rest;
    log_scale = std::log(q * sa);
  }
  t.value = deviance + 0.5 * log_scale - half_log_two_pi + at_m.value - at_a.value - at_q.value;
  const double qe = std::isinf(q) ? a * e : a * c;                       // A q e / Q
  const double both = std::isinf(a) || std::isinf(q) ? 0 : qe * c * sa;  // A^2 q^2 e^2 / (M Q^2)
  const double bent = at_m.second_in_log();
  t.gradient[2] = std::isinf(a) ? q * e / r : qe;
  t.hessian(2, 2) =
      -r * (std::isinf(a) ? q / (r * r) : (std::isinf(q) ? a : a * sq / (spread * spread)));
  if (!std::isinf(a)) {
    const double curved = a * log1p_minus(c);
    t.gradient[0] =
        (std::isinf(q) ? a * log1p_minus(e) : curved) + 0.5 * sq + sa * at_m.first - at_a.first;
    t.hessian(0, 0) = (std::isinf(q) ? a * log1p_minus(e) : curved) + both - 0.5 * sa * sq +
                      sa * sq * at_m.first + sa * sa * bent - at_a.second_in_log();
    t.hessian(0, 2) = std::isinf(q) ? a * e : qe * sq / spread;
  }
  if (!std::isinf(q)) {
    const double curved = q * log1p_minus(std::isinf(a) ? -e / r : -d);
    t.gradient[1] = curved + 0.5 * sa + sq * at_m.first - at_q.first;
    t.hessian(1, 1) = curved + both - 0.5 * sa * sq + sa * sq * at_m.first + sq * sq * bent -
                      at_q.second_in_log();
    t.hessian(1, 2) = std::isinf(a) ? q * e / r : qe * sa * r / spread;
  }
  if (!std::isinf(a) && !std::isinf(q)) {
    t.hessian(0, 1) = -both + 0.5 * sa * sq - sa * sq * at_m.first + sa * sq * bent;
  }
  t.hessian(1, 0) = t.hessian(0, 1);
  t.hessian(2, 0) = t.hessian(0, 2);
  t.hessian(2, 1) = t.hessian(1, 2);
  return t;
}

evaluation<3> evaluate(const std::vector<customer_row>& rows, const point& at) {
  const double p = at[0] >= limit ? infinity : std::exp(at[0]);
  const double q = at[1] >= limit ? infinity : std::exp(at[1]);
  running_sum sums[10];
  for (const customer_row& row : rows) {
    const evaluation<3> t = terms_of(row, p, q, at[2]);
    running_sum* sum = sums;
    (sum++)->add(row.count * t.value);
    for (Eigen::Index i = 0; i < 3; ++i) (sum++)->add(row.count * t.gradient[i]);
    for (Eigen::Index i = 0; i < 3; ++i) {
      for (Eigen::Index j = i; j < 3; ++j) (sum++)->add(row.count * t.hessian(i, j));
    }
  }
  evaluation<3> e;
  const running_sum* sum = sums;
  e.value = (sum++)->value();
  for (Eigen::Index i = 0; i < 3; ++i) e.gradient[i] = (sum++)->value();
  for (Eigen::Index i = 0; i < 3; ++i) {
    for (Eigen::Index j = i; j < 3; ++j) e.hessian(i, j) = e.hessian(j, i) = (sum++)->value();
  }
  return e;
}

status invalid_customer(const purchase_total& customer, std::int64_t i) {
  if (customer.purchases < 0) return {condition::negative_count, i};
  if (customer.purchases == 0 ? customer.spend != 0 : customer.spend <= 0) {
    return {condition::nonpositive_value, i};
  }
  return {};
}

void require_options(const gamma_gamma_options& options) {
  if (!(options.units_per_amount > 0 && std::isfinite(options.units_per_amount))) {
    throw invalid_input("gamma_gamma: units_per_amount is not positive and finite");
  }
}

// Covariance over the parameters that did not run to a limit.
Eigen::Matrix3d covariance_at(const maximum<3>& best) {
  Eigen::Matrix3d curvature = -best.there.hessian;
  for (Eigen::Index i = 0; i < 2; ++i) {
    if (best.at[i] < limit) continue;
    curvature.row(i).setZero();
    curvature.col(i).setZero();
    curvature(i, i) = 1;
  }
  Eigen::Matrix3d covariance = curvature.inverse();
  for (Eigen::Index i = 0; i < 2; ++i) {
    if (best.at[i] >= limit) covariance(i, i) = 0;
  }
  return covariance;
}

}  // namespace

gamma_gamma_fit fit_gamma_gamma(const row_counts<purchase_total>& customers,
                                const gamma_gamma_options& options) {
  require_options(options);
  gamma_gamma_fit fit;
  wide purchases = 0;
  wide spend = 0;
  const purchase_total* first = nullptr;
  bool same = true;
  std::int64_t index = 0;
  for (const auto& [row, count] : customers.entries()) {
    fit.why = count < 0 ? status{condition::invalid_weight, index} : invalid_customer(row, index);
    if (!fit.why.ok()) return fit;
    ++index;
    if (row.purchases == 0) continue;
    if (first == nullptr) first = &row;
    same = same && static_cast<wide>(row.spend) * first->purchases ==
                       static_cast<wide>(first->spend) * row.purchases;
    purchases += static_cast<wide>(row.purchases) * count;
    spend += static_cast<wide>(row.spend) * count;
    if (count > most_customers - fit.customers) {
      fit = {};
      fit.why = {condition::too_large, -1};
      return fit;
    }
    fit.customers += count;
  }
  if (fit.customers < 2 || same) {
    fit.why = {fit.customers < 2 ? condition::insufficient_data : condition::zero_variance, -1};
    return fit;
  }
  // In units of the mean spend the currency is gone.
  const double scale = to_double(spend) / to_double(purchases);
  std::vector<customer_row> rows;
  running_sum log_amounts;
  for (const auto& [row, count] : customers.entries()) {
    if (row.purchases == 0) continue;
    const auto x = static_cast<double>(row.purchases);
    const double z = static_cast<double>(row.spend) / x / scale;
    rows.push_back({x, std::log(z), static_cast<double>(count)});
    log_amounts.add(static_cast<double>(count) * std::log(z));
  }
  const auto likelihood = [&](const point& at) { return evaluate(rows, at); };
  trust_region_options search;
  search.lowest = -limit;
  search.highest = limit;
  // Amounts that differ little have a high density: the bound on the likelihood depends on them.
  maximum<3> best;
  for (const point& start : {point{0.7, 1.1, 0}, point{3, 0, 0}, point{0, 4, 0}}) {
    const maximum<3> m = maximise<3>(likelihood, start, search);
    fit.iterations += m.iterations;
    const bool settled = m.why.ok() || m.why.what == condition::boundary;
    if (settled && (!(best.why.ok() || best.why.what == condition::boundary) ||
                    best.iterations == 0 || m.there.value > best.there.value)) {
      best = m;
    } else if (best.iterations == 0) {
      best = m;
    }
    if (m.why.ok()) break;
  }
  const bool no_p = best.at[0] >= limit;
  const bool no_q = best.at[1] >= limit;
  const bool inside = std::abs(best.at[2]) < limit && best.at[0] > -limit && best.at[1] > -limit;
  if (!inside || (no_p && no_q) || !(best.why.ok() || best.why.what == condition::boundary)) {
    fit.why = {condition::not_converged, -1};
    return fit;
  }
  const double amount = scale / options.units_per_amount;
  fit.centre = amount * std::exp(best.at[2]);
  if (!no_p) fit.p = {std::exp(best.at[0]), {}};
  if (!no_q) fit.q = {std::exp(best.at[1]), {}};
  if (no_p) fit.why = fit.p.why = fit.gamma.why = {condition::boundary, 0};
  if (no_q) fit.why = fit.q.why = fit.gamma.why = {condition::no_heterogeneity, 1};
  Eigen::Matrix3d turn = Eigen::Matrix3d::Identity();
  if (!no_p && !no_q) {
    fit.gamma = {fit.centre * std::exp(best.at[1] - best.at[0]), {}};
    turn.row(2) << -1, 1, 1;  // log gamma = log centre + log q - log p
  }
  const Eigen::Matrix3d logs = turn * covariance_at(best) * turn.transpose();
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      fit.log_covariance[i][j] = logs(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j));
    }
  }
  // From the density of log z to that of z in amounts.
  fit.log_likelihood = best.there.value - log_amounts.value() -
                       static_cast<double>(fit.customers) * std::log(amount);
  if (!std::isnormal(fit.centre) || !std::isnormal(fit.gamma.value.value_or(1))) {
    fit = {};
    fit.why = {condition::out_of_range, -1};
  }
  return fit;
}

figure_with_error expected_spend(const gamma_gamma_fit& fit, const purchase_total& customer,
                         const gamma_gamma_options& options) {
  require_options(options);
  figure_with_error s;
  s.why = invalid_customer(customer, 0);
  if (!s.why.ok()) return s;
  s.why = fit.why;
  const auto x = static_cast<double>(customer.purchases);
  const double spend = static_cast<double>(customer.spend) / options.units_per_amount;
  if (!std::isfinite(spend)) {
    s.why = {condition::out_of_range, 0};
    return s;
  }
  if (fit.why.what == condition::no_heterogeneity) {
    s.value = fit.centre;
    s.std_error = fit.centre * std::sqrt(fit.log_covariance[2][2]);
    return s;
  }
  if (fit.why == status{condition::boundary, 0}) {
    if (x > 0) {
      s.value = spend / x;
      return s;
    }
    const double q = *fit.q.value;
    if (q <= 1) {
      s.why = {condition::infinite_mean, -1};
      return s;
    }
    s.value = fit.centre * (q / (q - 1));
    const double dq = -1 / (q - 1);
    s.std_error =
        *s.value * std::sqrt(dq * dq * fit.log_covariance[1][1] +
                             2 * dq * fit.log_covariance[1][2] + fit.log_covariance[2][2]);
    return s;
  }
  if (!fit.why.ok()) return s;
  const double p = *fit.p.value;
  const double q = *fit.q.value;
  const double gamma = *fit.gamma.value;
  const double below = p * x + (q - 1);
  if (!(below > 0)) {
    s.why = {condition::infinite_mean, -1};
    return s;
  }
  s.value = p * (gamma + spend) / below;
  // The slopes of the logarithm in log p, log q and log gamma.
  const Eigen::Vector3d slope((q - 1) / below, -q / below, gamma / (gamma + spend));
  double variance = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      variance += slope[static_cast<Eigen::Index>(i)] * fit.log_covariance[i][j] *
                  slope[static_cast<Eigen::Index>(j)];
    }
  }
  s.std_error = *s.value * std::sqrt(std::max(variance, 0.0));
  return s;
}

figure expected_spend(const gamma_gamma& model, const purchase_total& customer,
                      const gamma_gamma_options& options) {
  require_options(options);
  const auto variation = [](double v) { return v >= 0 && std::isfinite(v); };
  if (!(model.centre > 0 && std::isfinite(model.centre) && variation(model.within) &&
        variation(model.between))) {
    throw invalid_input("gamma_gamma: a parameter is negative or not finite");
  }
  const status why = invalid_customer(customer, 0);
  if (!why.ok()) return {{}, why};
  // The printed formula times within and between, which can be 0.
  const auto x = static_cast<double>(customer.purchases);
  const double spend = static_cast<double>(customer.spend) / options.units_per_amount;
  const double below = model.between * x + model.within * (1 - model.between);
  if (model.between == 0) return {model.centre, {}};
  if (x == 0 && model.between < 1) return {model.centre / (1 - model.between), {}};
  if (!(below > 0)) return {{}, {condition::infinite_mean, -1}};
  const double mean = (model.centre * model.within + model.between * spend) / below;
  if (!std::isfinite(mean)) return {{}, {condition::out_of_range, 0}};
  return {mean, {}};
}

std::vector<gamma_gamma> parameter_draws(const gamma_gamma_fit& fit, std::size_t count,
                                         std::uint64_t seed) {
  std::vector<gamma_gamma> draws;
  if (!(fit.centre > 0)) return draws;
  // Factors by which the parameters move; 1 for what ran to a limit.
  constexpr std::array<double, 3> ones{1, 1, 1};
  std::array<double, 9> covariance{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) covariance[3 * i + j] = fit.log_covariance[i][j];
  }
  const std::vector<double> factors = fitted_draws(ones, covariance, count, seed);
  const double within = fit.p.value ? 1 / *fit.p.value : 0;
  const double between = fit.q.value ? 1 / *fit.q.value : 0;
  draws.reserve(count);
  for (std::size_t d = 0; d < count; ++d) {
    const double* f = factors.data() + 3 * d;
    // The third is gamma, or at a limit the centre itself.
    const double centre = fit.centre * f[2] * (fit.gamma.value ? f[0] / f[1] : 1);
    draws.push_back({centre, within / f[0], between / f[1]});
  }
  return draws;
}

}  // namespace salespulse
