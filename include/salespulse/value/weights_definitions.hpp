// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_VALUE_WEIGHTS_DEFINITIONS_HPP
#define SALESPULSE_VALUE_WEIGHTS_DEFINITIONS_HPP

#include <salespulse/value/schedule.hpp>
#include <salespulse/value/survival.hpp>
#include <salespulse/value/weights.hpp>

#include <bit>
#include <string>
#include <utility>

// See salespulse/definitions.hpp.
namespace salespulse {

namespace detail {

// Everything about the flows of a class before one horizon that its coefficients are made of.
struct flow_terms {
  double growth;
  double factor;  // phi
  double alpha;
  double beta;

  [[nodiscard]] double grown(std::int32_t renewals) const noexcept {
    double g = 1;
    for (std::int32_t i = 0; i < renewals; ++i) g *= growth;
    return g;
  }
};

// Sum over the flows before the horizon, with each of four switches on or off: bit 0 flows after
// renewals, bit 1 survival, bit 2 growth, bit 3 discounting and late payment.
inline double switched_sum(const line_terms& terms, std::int32_t horizon, const flow_terms& p,
                           const discount_curve& discount, unsigned switches) {
  double sum = 0;
  for_each_flow(terms, horizon, [&](std::int32_t day, std::int32_t renewal) {
    if (renewal > 0 && (switches & 1) == 0) return;
    double w = 1;
    if ((switches & 2) != 0) w *= survival(p.alpha, p.beta, renewal);
    if ((switches & 4) != 0) w *= p.grown(renewal);
    if ((switches & 8) != 0) w *= p.factor * discount(day);
    sum += w;
  });
  return sum;
}

// The Shapley value of the seven switches of the bridge. Let v(A) be the value with the switches of
// A on: v(A) = M(A) * [price(A) * paid(A) - cost(A)], M(A) a switched sum. The part of switch i is
// the mean over all orders of switching of what it adds, that is, over the subsets A without i with
// weight |A|! (6 - |A|)! / 7!. Parts sum to v(all) - v(none) = V - list of the committed flows.
//
// Shapley (1953), A value for n-person games, Contributions to the Theory of Games II.
inline std::array<amount_weights, bridge_steps> shapley_bridge(
    const std::array<double, 16>& sums, double paid) {
  constexpr double orders[] = {720, 120, 48, 36, 48, 120, 720};  // |A|! (6 - |A|)!
  constexpr auto bit = [](bridge_step s) { return 1U << static_cast<unsigned>(s); };
  const auto weights_of = [&](unsigned on) {
    const unsigned flows = ((on & bit(bridge_step::renewal)) != 0 ? 1U : 0U) |
                           ((on & bit(bridge_step::churn)) != 0 ? 2U : 0U) |
                           ((on & bit(bridge_step::expansion)) != 0 ? 4U : 0U) |
                           ((on & bit(bridge_step::time)) != 0 ? 8U : 0U);
    const double m = sums[flows];
    const double price = (on & bit(bridge_step::credit)) != 0 ? m * paid : m;
    amount_weights w;
    ((on & bit(bridge_step::discount)) != 0 ? w.net : w.list) = price;
    if ((on & bit(bridge_step::cost)) != 0) w.cost = -m;
    return w;
  };
  std::array<amount_weights, bridge_steps> parts{};
  for (unsigned step = 0; step < bridge_steps; ++step) {
    for (unsigned without = 0; without < (1U << bridge_steps); ++without) {
      if ((without & (1U << step)) != 0) continue;
      unsigned on = 0;
      for (unsigned rest = without; rest != 0; rest &= rest - 1) ++on;
      const amount_weights before = weights_of(without);
      const amount_weights after = weights_of(without | (1U << step));
      const double share_of_orders = orders[on] / 5040;
      parts[step].list += share_of_orders * (after.list - before.list);
      parts[step].net += share_of_orders * (after.net - before.net);
      parts[step].cost += share_of_orders * (after.cost - before.cost);
    }
  }
  return parts;
}

}  // namespace detail

std::uint64_t fingerprint(const snapshot& s) noexcept {
  std::uint64_t h = 0xCBF29CE484222325U;
  const auto add = [&h](std::uint64_t word) {
    for (int shift = 0; shift < 64; shift += 8) {
      h = (h ^ ((word >> shift) & 0xFF)) * 0x100000001B3U;
    }
  };
  const auto number = [&add](double x) { add(std::bit_cast<std::uint64_t>(x)); };
  const auto text = [&add](const std::string& t) {
    add(t.size());
    for (const char c : t) add(static_cast<unsigned char>(c));
  };
  text(s.name);
  add(static_cast<std::uint64_t>(s.source));
  number(s.yearly_rate);
  add(static_cast<std::uint64_t>(s.horizon_days));
  add(s.retention.size());
  for (const retention_parameters& r : s.retention) {
    text(r.family);
    add(static_cast<std::uint64_t>(r.term_months));
    number(r.alpha);
    number(r.beta);
    number(r.growth);
  }
  for (const payment_parameters& p : s.payment) {
    text(p.segment);
    number(p.credit_loss);
    number(p.payment_factor);
    number(p.mean_delay_days);
  }
  return h;
}

result<valuation> valuation::make(std::span<const snapshot> by_epoch,
                                  std::span<const std::string_view> families,
                                  std::span<const lifetime_kind> kinds,
                                  std::span<const std::string_view> segments) {
  if (families.size() != kinds.size()) {
    throw invalid_input("valuation::make: as many kinds as families are needed");
  }
  valuation v;
  v.kinds_.assign(kinds.begin(), kinds.end());
  for (const snapshot& s : by_epoch) {
    const std::string of = "snapshot '" + s.name + "': ";
    if (!(s.yearly_rate > -0.99 && s.yearly_rate < 100)) {
      return failure{of + "yearly_rate is not above -0.99 and below 100"};
    }
    if (s.horizon_days < 1 || s.horizon_days > 36500) {
      return failure{of + "horizon_days is not between 1 and 36500"};
    }
    bound_snapshot bound{discount_curve(s.yearly_rate), s.horizon_days, s.source, {}, {}};
    for (const retention_parameters& r : s.retention) {
      const std::string key =
          of + "retention of '" + r.family + "', " + std::to_string(r.term_months) + " months: ";
      if (!(r.alpha > 0 && r.alpha < 1e12) || !(r.beta > 0 && r.beta < 1e12)) {
        return failure{key + "alpha and beta are not positive numbers below 1e12"};
      }
      if (!(r.growth > 0 && r.growth < 100)) {
        return failure{key + "growth is not above 0 and below 100"};
      }
      if (r.term_months < 1) return failure{key + "the term is not at least a month"};
      for (const retention_parameters& other : s.retention) {
        if (&other == &r) break;
        if (other.family == r.family && other.term_months == r.term_months) {
          return failure{key + "given twice"};
        }
      }
      for (std::size_t f = 0; f < families.size(); ++f) {
        if (families[f] != r.family) continue;
        bound.retention.push_back({family_id{static_cast<std::uint32_t>(f)}, r});
      }
    }
    for (const payment_parameters& p : s.payment) {
      const std::string key = of + "payment of segment '" + p.segment + "': ";
      if (!(p.credit_loss >= 0 && p.credit_loss <= 1)) {
        return failure{key + "credit_loss is not between 0 and 1"};
      }
      if (!(p.payment_factor > 0 && p.payment_factor < 100)) {
        return failure{key + "payment_factor is not above 0 and below 100"};
      }
      for (const payment_parameters& other : s.payment) {
        if (&other == &p) break;
        if (other.segment == p.segment) return failure{key + "given twice"};
      }
      for (std::size_t g = 0; g < segments.size(); ++g) {
        if (segments[g] != p.segment) continue;
        bound.payment.push_back({segment_id{static_cast<std::uint32_t>(g)}, p});
      }
    }
    v.bound_.push_back(std::move(bound));
  }
  return v;
}

class_weights valuation::weigh(const value_class& c) const {
  if (!is_valid(c.terms)) throw invalid_input("valuation::weigh: the terms make no schedule");
  class_weights out;
  const line_terms& terms = c.terms;
  out.committed = committed_flows(terms);
  const auto refuse = [&out](refusal why) {
    out.why = why;
    return out;
  };
  if (c.basis == value_basis::none) return refuse(refusal::no_amount);
  const lifetime_kind kind =
      index_of(c.family) < kinds_.size() ? kinds_[index_of(c.family)] : lifetime_kind::unknown;
  if (kind == lifetime_kind::unknown) return refuse(refusal::family_undeclared);
  if (kind == lifetime_kind::repeat) return refuse(refusal::repeat_family);
  if (static_cast<std::size_t>(c.epoch) >= bound_.size()) return refuse(refusal::no_snapshot);
  const bound_snapshot& s = bound_[static_cast<std::size_t>(c.epoch)];
  out.source = s.source;

  const payment_parameters* payment = nullptr;
  for (const bound_payment& p : s.payment) {
    if (p.segment == c.segment) payment = &p.parameters;
  }
  if (payment == nullptr) return refuse(refusal::no_payment);
  // What does not continue needs no retention: a one-off line, a line of a `once` family, and a
  // line that ends with its term.
  detail::flow_terms p{1, payment->payment_factor, 1, 1};
  line_terms flows = terms;
  if (kind == lifetime_kind::once) flows.renews = false;
  if (flows.renews) {
    const retention_parameters* retention = nullptr;
    for (const bound_retention& r : s.retention) {
      if (r.family == c.family && r.parameters.term_months == terms.term_months) {
        retention = &r.parameters;
      }
    }
    if (retention == nullptr) return refuse(refusal::no_retention);
    p = {retention->growth, payment->payment_factor, retention->alpha, retention->beta};
  }

  out.why = refusal::none;
  out.paid = 1 - payment->credit_loss;
  constexpr unsigned all_on = 15;
  std::array<double, 16> sums{};
  for (unsigned on = 0; on < 16; ++on) {
    sums[on] = detail::switched_sum(flows, s.horizon, p, s.discount, on);
  }
  out.value = sums[all_on];
  for (std::size_t i = 0; i < out.at_usual.size(); ++i) {
    out.at_usual[i] = detail::switched_sum(flows, usual_horizons[i], p, s.discount, all_on);
  }
  out.committed_before = sums[0];
  out.kept = sums[all_on & ~4U];
  for_each_kept_flow(terms, s.horizon,
                     [&](std::int32_t day) { out.kept_whole += s.discount(day); });
  for_each_flow(flows, s.horizon, [&](std::int32_t day, std::int32_t renewal) {
    if (renewal == 0) out.quality_whole += s.discount(day);
  });
  out.quality = p.factor * out.quality_whole;
  out.bridge = detail::shapley_bridge(sums, out.paid);
  if (!c.list_known) {
    // The bridge starts at the net amount; a discount nobody knows is no part of it.
    for (amount_weights& w : out.bridge) {
      w.net += w.list;
      w.list = 0;
    }
    out.bridge[static_cast<std::size_t>(bridge_step::discount)].net = 0;
  }

  if (!flows.renews) return out;
  for_each_flow(flows, s.horizon, [&](std::int32_t day, std::int32_t renewal) {
    const auto j = static_cast<std::size_t>(renewal);
    while (out.by_renewal.size() <= j) {
      out.survival.push_back(
          survival(p.alpha, p.beta, static_cast<std::int32_t>(out.by_renewal.size())));
      out.by_renewal.push_back(0);
    }
    out.by_renewal[j] += p.grown(renewal) * p.factor * s.discount(day);
  });
  // Over the number t of renewals survived: probability S(t) - S(t + 1), value the sum up to t.
  double reached = 0;
  for (std::size_t t = 0; t < out.by_renewal.size(); ++t) {
    reached += out.by_renewal[t];
    const bool last = t + 1 == out.by_renewal.size();
    const double probability = out.survival[t] - (last ? 0 : out.survival[t + 1]);
    out.variance += probability * (reached - out.value) * (reached - out.value);
  }
  return out;
}

}  // namespace salespulse
#endif
