// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/gray_test.hpp>

#include "boost_policy.hpp"
#include "risk_sets.hpp"
#include "sums.hpp"
#include <salespulse/core/result.hpp>

#include <Eigen/Cholesky>
#include <boost/math/special_functions/gamma.hpp>

#include <algorithm>
#include <cmath>

namespace salespulse {
namespace {

// One group on the way through the ticks.
struct curve {
  double at_risk = 0;
  double own = 0;       // events of the cause on the tick
  double others = 0;    // of other causes
  double survival = 1;  // before the tick
  double survival_after = 1;
  double incidence = 0;  // before the tick
  double incidence_after = 0;
};

// A tick as all groups together see it.
struct tick_view {
  std::vector<curve> groups;
  double events = 0;      // of the cause
  double heads = 0;       // sum of n / S
  double free_heads = 0;  // sum of n (1 - F) / S
  double pooled = 0;      // incidence before the tick
  double pooled_after = 0;
};

// Calls `visit` with each tick that has an event.
template <class Visit>
void for_each_tick(const risk_sets& sets, const std::vector<std::size_t>& used, std::size_t cause,
                   Visit visit) {
  tick_view v;
  v.groups.resize(used.size());
  for (std::size_t line = 0; line < sets.size(); ++line) {
    v.events = v.heads = v.free_heads = 0;
    bool any = false;
    for (std::size_t j = 0; j < used.size(); ++j) {
      curve& g = v.groups[j];
      g.at_risk = static_cast<double>(sets.at_risk_of(line, used[j]));
      std::int64_t all = 0;
      for (std::size_t c = 1; c <= sets.causes; ++c) all += sets.events_of(line, c, used[j]);
      const std::int64_t own = sets.events_of(line, cause, used[j]);
      g.own = static_cast<double>(own);
      g.others = static_cast<double>(all - own);
      any = any || all != 0;
      if (g.at_risk == 0) continue;
      g.survival_after = g.survival * ((g.at_risk - static_cast<double>(all)) / g.at_risk);
      g.incidence_after = g.incidence + g.survival * (g.own / g.at_risk);
      v.events += g.own;
      v.heads += g.at_risk / g.survival;
      v.free_heads += g.at_risk * (1 - g.incidence) / g.survival;
    }
    if (!any) continue;
    v.pooled_after = v.pooled + v.events / v.heads;
    visit(v);
    v.pooled = v.pooled_after;
    for (curve& g : v.groups) {
      g.survival = g.survival_after;
      g.incidence = g.incidence_after;
    }
  }
}

// What d tied events leave of the variance of one draw among n.
double tie_factor(double n, double d) { return d > 1 ? std::max(0.0, 1 - (d - 1) / (n - 1)) : 1; }

struct sums {
  Eigen::VectorXd difference;
  Eigen::MatrixXd variance;
};

// The difference of group i is a sum of a_il, over ticks and groups l, times the errors of the
// hazards of F in those groups: a has the covariance structure of one draw among the groups. An
// error in the incidence of group l also moves what is expected later on; its total effect on i
// from a tick on is C_il less its running sum, where C is the sum over ticks of a times the pooled
// hazard. So C is summed first, and the squares in a second walk.
sums sums_of(const risk_sets& sets, const std::vector<std::size_t>& used, std::size_t cause,
             double rho) {
  const auto k = static_cast<Eigen::Index>(used.size());
  const auto weight = [rho](const tick_view& v) {
    return rho == 0 ? 1 : std::pow(1 - v.pooled, rho);
  };
  const auto draw = [&](const tick_view& v) {
    Eigen::MatrixXd a(k, k);
    for (Eigen::Index i = 0; i < k; ++i) {
      const curve& g = v.groups[static_cast<std::size_t>(i)];
      const double heads = g.at_risk / g.survival;
      for (Eigen::Index l = 0; l < k; ++l) {
        const curve& h = v.groups[static_cast<std::size_t>(l)];
        if (g.at_risk == 0 || h.at_risk == 0) {
          a(i, l) = 0;
        } else {
          a(i, l) = weight(v) * heads * ((i == l ? 1 : 0) - h.at_risk / h.survival / v.heads);
        }
      }
    }
    return a;
  };
  const auto hazard = [](const tick_view& v) { return v.events / (v.heads * (1 - v.pooled)); };

  std::vector<running_sum> difference(used.size());
  Eigen::MatrixXd total = Eigen::MatrixXd::Zero(k, k);
  for_each_tick(sets, used, cause, [&](const tick_view& v) {
    if (v.events == 0) return;
    total += draw(v) * hazard(v);
    for (std::size_t j = 0; j < used.size(); ++j) {
      const curve& g = v.groups[j];
      if (g.at_risk == 0) continue;
      const double share = g.at_risk * (1 - g.incidence) / (g.survival * v.free_heads);
      difference[j].add(weight(v) * (g.own - v.events * share));
    }
  });

  sums found;
  found.difference.resize(k);
  for (Eigen::Index i = 0; i < k; ++i) {
    found.difference[i] = difference[static_cast<std::size_t>(i)].value();
  }
  found.variance = Eigen::MatrixXd::Zero(k, k);
  Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(k, k);
  for_each_tick(sets, used, cause, [&](const tick_view& v) {
    const Eigen::MatrixXd a = draw(v);
    if (v.events != 0) sum += a * hazard(v);
    const Eigen::MatrixXd later = total - sum;
    for (Eigen::Index l = 0; l < k; ++l) {
      const curve& g = v.groups[static_cast<std::size_t>(l)];
      if (g.at_risk == 0) continue;
      const double ratio = g.survival_after > 0 ? (1 - v.pooled_after) / g.survival_after : 0;
      if (v.events != 0) {
        const double spread = tie_factor(v.heads * g.survival, v.events) * g.survival * v.events /
                              (v.heads * g.at_risk);
        const Eigen::VectorXd effect = a.col(l) + (1 - ratio) * later.col(l);
        found.variance += spread * effect * effect.transpose();
      }
      if (g.others != 0 && ratio != 0) {
        const double per_head = g.survival / g.at_risk;
        const double spread = tie_factor(g.at_risk, g.others) * per_head * per_head * g.others;
        const Eigen::VectorXd effect = ratio * later.col(l);
        found.variance += spread * effect * effect.transpose();
      }
    }
  });
  return found;
}

}  // namespace

gray_test compare_incidence(std::span<const observation> data, std::span<const std::int32_t> group,
                            std::int32_t groups, std::int32_t cause, std::int32_t causes,
                            const gray_options& options) {
  if (cause < 1 || cause > causes) throw invalid_input("compare_incidence: no such cause");
  if (!std::isfinite(options.rho)) throw invalid_input("compare_incidence: rho is not finite");
  gray_test test;
  const auto refuse = [&test](status why) {
    test.why = test.chi_square.why = test.p.why = why;
    return test;
  };
  const risk_sets sets = collapse(data, causes, group, groups);
  if (!sets.state.ok()) return refuse(sets.state);
  for (const observation& row : data) {
    if (row.weight != 0 && row.entry != 0) {
      throw invalid_input("compare_incidence: not defined under late entry");
    }
  }

  std::vector<std::size_t> used;
  for (std::size_t j = 0; j < sets.groups; ++j) {
    if (sets.total[j] > 0) used.push_back(j);
  }
  if (used.size() < 2) return refuse({condition::insufficient_groups, -1});
  const auto own = static_cast<std::size_t>(cause);
  bool any = false;
  for (std::size_t line = 0; line < sets.size(); ++line) {
    for (const std::size_t j : used) any = any || sets.events_of(line, own, j) != 0;
  }
  if (!any) return refuse({condition::no_events, -1});

  const sums found = sums_of(sets, used, own, options.rho);
  if (!found.difference.allFinite() || !found.variance.allFinite()) {
    return refuse({condition::out_of_range, -1});
  }
  const std::size_t k = sets.groups;
  test.subjects = sets.total;
  test.difference.resize(k);
  test.variance.resize(k * k);
  for (std::size_t i = 0; i < used.size(); ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    test.difference[used[i]] = found.difference[row];
    for (std::size_t j = 0; j < used.size(); ++j) {
      test.variance[used[i] * k + used[j]] = found.variance(row, static_cast<Eigen::Index>(j));
    }
  }
  // The differences add to 0: the last group says nothing new.
  const auto free = static_cast<Eigen::Index>(used.size() - 1);
  test.degrees_of_freedom = static_cast<std::int32_t>(free);
  const Eigen::LDLT<Eigen::MatrixXd> factors(found.variance.topLeftCorner(free, free));
  const Eigen::VectorXd pivots = factors.vectorD();
  if (!(pivots.minCoeff() > 1e-12 * found.variance.diagonal().maxCoeff())) {
    return refuse({condition::degenerate, -1});
  }
  const Eigen::VectorXd s = found.difference.head(free);
  const double chi_square = s.dot(factors.solve(s));
  test.chi_square.value = chi_square;
  test.p.value =
      boost::math::gamma_q(static_cast<double>(free) / 2, chi_square / 2, plain_double{});
  return test;
}

}  // namespace salespulse
