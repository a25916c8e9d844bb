// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_VALUE_RENEWAL_RISK_DEFINITIONS_HPP
#define SALESPULSE_VALUE_RENEWAL_RISK_DEFINITIONS_HPP

#include <salespulse/core/money.hpp>
#include <salespulse/core/wide.hpp>
#include <salespulse/value/detail/class_cache.hpp>
#include <salespulse/value/renewal_risk.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

// See salespulse/definitions.hpp.
namespace salespulse {

namespace detail {

// One possible deviation from the expectation, and its probability.
struct outcome {
  double deviation;
  double probability;
};

// The deviations of one lifetime whose flows after j renewals sum to amounts[j].
inline void add_outcomes(std::span<const double> amounts, std::span<const double> survival,
                         std::vector<std::vector<outcome>>& lifetimes, double& variance) {
  double mean = 0;
  for (std::size_t j = 0; j < amounts.size(); ++j) mean += amounts[j] * survival[j];
  std::vector<outcome> outcomes;
  double reached = 0;
  for (std::size_t t = 0; t < amounts.size(); ++t) {
    reached += amounts[t];
    const double next = t + 1 < amounts.size() ? survival[t + 1] : 0;
    outcomes.push_back({reached - mean, survival[t] - next});
    variance += outcomes.back().probability * (reached - mean) * (reached - mean);
  }
  lifetimes.push_back(std::move(outcomes));
}

// Distribution of the sum of independent deviations, ascending.
inline std::vector<outcome> convolve(std::span<const std::vector<outcome>> lifetimes) {
  constexpr std::size_t most = 4096;
  std::vector<outcome> sum{{0, 1}};
  for (const std::vector<outcome>& next : lifetimes) {
    std::vector<outcome> product;
    product.reserve(sum.size() * next.size());
    for (const outcome& a : sum) {
      for (const outcome& b : next) {
        product.push_back({a.deviation + b.deviation, a.probability * b.probability});
      }
    }
    std::sort(product.begin(), product.end(),
              [](const outcome& a, const outcome& b) { return a.deviation < b.deviation; });
    if (product.size() > most) {
      const double low = product.front().deviation;
      const double width = (product.back().deviation - low) / most;
      std::vector<outcome> joined;
      double edge = low + width;
      outcome cell{0, 0};  // deviation holds the weighted sum until the cell is closed
      const auto close = [&] {
        if (cell.probability > 0) {
          joined.push_back({cell.deviation / cell.probability, cell.probability});
        }
        cell = {0, 0};
      };
      for (const outcome& o : product) {
        if (o.deviation > edge) {
          close();
          while (o.deviation > edge && edge < product.back().deviation) edge += width;
        }
        cell.deviation += o.deviation * o.probability;
        cell.probability += o.probability;
      }
      close();
      product = std::move(joined);
    }
    sum = std::move(product);
  }
  return sum;
}

inline interval equal_tails(std::span<const outcome> sorted, double level) {
  const double tail = (1 - level) / 2;
  interval found{sorted.front().deviation, sorted.back().deviation, level};
  double below = 0;
  for (const outcome& o : sorted) {
    below += o.probability;
    if (below >= tail) {
      found.lower = o.deviation;
      break;
    }
  }
  double above = 0;
  for (std::size_t i = sorted.size(); i-- > 0;) {
    above += sorted[i].probability;
    if (above >= tail) {
      found.upper = sorted[i].deviation;
      break;
    }
  }
  return found;
}

// What the pass needs of a key, side by side. By basis, so that the pass need not ask for it.
struct key_risk {
  double paid;
  double fraction;
  std::array<double, 2> variance;      // of a contribution of 1; 0: nothing at risk
  std::array<std::uint32_t, 2> count;  // 1 where a lifetime is at risk
  std::uint32_t of;                    // number of the class
};

inline double contribution_of(const key_risk& k, double net, double cost) noexcept {
  return (net * k.paid - cost) * k.fraction;
}

// The risk of one basis of one owner.
struct risk_sum {
  double variance = 0;
  std::size_t lifetimes = 0;
  std::vector<std::vector<outcome>> mixed;  // of lifetimes with several keys
};

// More lifetimes than this are so nearly normal that their exact distribution tells nothing new.
inline constexpr std::size_t most_exact = 30;

// The pass over the lifetimes of one owner, and what is left to do where they are few.
class risk_pass {
public:
  risk_pass(const lifetime_columns& in, const std::vector<key_risk>& keys,
            const std::vector<class_weights>& weights) noexcept
      : in_(in), keys_(keys), weights_(weights) {}

  // Sums the lifetimes from entry `first` on whose keys are below `end_of_keys`; gives the entry
  // after the last. Most lifetimes have one key: their sums are kept in local variables, since
  // through memory each addition would wait for the one before to be stored, and no branch asks
  // whether they renew or on which basis, which is as good as random.
  std::size_t sum(std::size_t first, std::size_t end_of_keys) {
    const std::size_t n = in_.key.size();
    const std::uint32_t* const key_of = in_.key.data();
    const std::int64_t* const net_of = in_.net.data();
    const std::int64_t* const cost_of = in_.cost.data();
    const key_risk* const keys = keys_.data();
    double contribution_variance = 0;
    double revenue_variance = 0;
    std::size_t contribution_count = 0;
    std::size_t revenue_count = 0;
    std::size_t i = first;
    while (i < n && (key_of[i] & mask) < end_of_keys) {
      const std::uint32_t key = key_of[i] & mask;
      // Unsigned, since the sum of very many lines may wrap; it is then not used.
      auto net = static_cast<std::uint64_t>(net_of[i]);
      auto cost = static_cast<std::uint64_t>(cost_of[i]);
      const std::size_t begin = i++;
      std::uint32_t others = 0;
      for (; i < n && (key_of[i] & fresh) == 0; ++i) {
        others |= key_of[i] ^ key;
        net += static_cast<std::uint64_t>(net_of[i]);
        cost += static_cast<std::uint64_t>(cost_of[i]);
      }
      if (others != 0 || i - begin > most_narrow) {
        add_mixed(begin, i);
        continue;
      }
      const key_risk& k = keys[key];
      const double contribution = contribution_of(
          k, static_cast<double>(static_cast<std::int64_t>(net)),
          static_cast<double>(static_cast<std::int64_t>(cost)));
      const double square = contribution * contribution;
      contribution_variance += k.variance[0] * square;
      revenue_variance += k.variance[1] * square;
      const std::uint32_t uncertain = square > 0 ? 1 : 0;
      contribution_count += k.count[0] & uncertain;
      revenue_count += k.count[1] & uncertain;
    }
    sums_[0].variance += contribution_variance;
    sums_[1].variance += revenue_variance;
    sums_[0].lifetimes += contribution_count;
    sums_[1].lifetimes += revenue_count;
    return i;
  }

  // The result for the entries that were summed, of one basis: 0 contribution, 1 revenue.
  owner_risk::part finish(std::size_t basis, std::size_t first, std::size_t last) {
    risk_sum& sum = sums_[basis];
    owner_risk::part part;
    part.variance = sum.variance;
    part.lifetimes = static_cast<std::int64_t>(sum.lifetimes);
    if (sum.lifetimes > most_exact) {
      constexpr std::array<double, 2> z{1.2815515655446004, 1.6448536269514722};
      const double sd = std::sqrt(sum.variance);
      for (std::size_t i = 0; i < risk_levels.size(); ++i) {
        part.deviation[i] = {-z[i] * sd, z[i] * sd, risk_levels[i]};
      }
    } else if (sum.lifetimes > 0) {
      const std::vector<outcome> all = convolve(outcomes(basis, first, last));
      for (std::size_t i = 0; i < risk_levels.size(); ++i) {
        part.deviation[i] = equal_tails(all, risk_levels[i]);
      }
    }
    return part;
  }

private:
  static constexpr std::uint32_t fresh = 0x8000'0000U;
  static constexpr std::uint32_t mask = ~fresh;
  // Entries of a lifetime whose sum surely fits into 64 bits where each is an amount at the door.
  static constexpr std::size_t most_narrow = INT64_MAX / largest_amount;

  // The outcomes of every lifetime at risk.
  std::vector<std::vector<outcome>> outcomes(std::size_t basis, std::size_t first,
                                             std::size_t last) {
    std::vector<std::vector<outcome>> all = std::move(sums_[basis].mixed);
    double again = 0;
    for (std::size_t i = first; i < last;) {
      const std::uint32_t key = in_.key[i] & mask;
      wide net = in_.net[i];
      wide cost = in_.cost[i];
      const std::size_t begin = i;
      bool mixed = false;
      for (++i; i < last && (in_.key[i] & fresh) == 0; ++i) {
        mixed |= in_.key[i] != key;
        net += in_.net[i];
        cost += in_.cost[i];
      }
      const key_risk& k = keys_[key];
      if (mixed || i - begin > most_narrow || k.count[basis] == 0) continue;
      const class_weights& w = weights_[k.of];
      const double contribution = contribution_of(k, to_double(net), to_double(cost));
      if (contribution * contribution == 0) continue;
      std::vector<double> amounts = w.by_renewal;
      for (double& a : amounts) a *= contribution;
      add_outcomes(amounts, w.survival, all, again);
    }
    return all;
  }

  // A lifetime with lines of several classes or shares: their flows are added renewal by renewal.
  void add_mixed(std::size_t first, std::size_t last) {
    for (const std::size_t basis : {0U, 1U}) {
      std::vector<double> amounts;
      const class_weights* longest = nullptr;
      for (std::size_t i = first; i < last;) {
        const std::uint32_t key = in_.key[i] & mask;
        wide net = 0;
        wide cost = 0;
        for (; i < last && (in_.key[i] & mask) == key; ++i) {
          net += in_.net[i];
          cost += in_.cost[i];
        }
        const key_risk& k = keys_[key];
        if (k.count[basis] == 0) continue;
        const class_weights& w = weights_[k.of];
        if (longest == nullptr || w.survival.size() > longest->survival.size()) longest = &w;
        if (amounts.size() < w.by_renewal.size()) amounts.resize(w.by_renewal.size(), 0);
        for (std::size_t j = 0; j < w.by_renewal.size(); ++j) {
          amounts[j] += w.by_renewal[j] * contribution_of(k, to_double(net), to_double(cost));
        }
      }
      if (std::all_of(amounts.begin(), amounts.end(), [](double a) { return a == 0; })) continue;
      risk_sum& sum = sums_[basis];
      add_outcomes(amounts, longest->survival, sum.mixed, sum.variance);
      if (sum.mixed.size() > most_exact) sum.mixed.pop_back();
      ++sum.lifetimes;
    }
  }

  const lifetime_columns& in_;
  const std::vector<key_risk>& keys_;
  const std::vector<class_weights>& weights_;
  std::array<risk_sum, 2> sums_;
};

}  // namespace detail

std::vector<owner_risk> renewal_risk(const lifetime_columns& in, const valuation& parameters) {
  detail::class_cache classes(parameters);
  std::vector<detail::key_risk> keys;
  keys.reserve(in.keys.size());
  for (const value_key& k : in.keys) {
    const std::size_t of = classes.number(k.of);
    const class_weights& w = classes.weights()[of];
    const std::size_t basis = k.of.basis == value_basis::revenue ? 1 : 0;
    detail::key_risk risk{w.paid, static_cast<double>(k.part.ppm) / full_share.ppm, {}, {},
                          static_cast<std::uint32_t>(of)};
    risk.variance[basis] = w.variance;
    risk.count[basis] = w.variance != 0 ? 1 : 0;
    keys.push_back(risk);
  }
  std::vector<owner_risk> out;
  // Keys of an owner are one run, and so are its entries.
  for (std::size_t first = 0, begin = 0, end = 0; first < in.key.size(); begin = end) {
    const std::uint32_t owner = in.keys[begin].owner;
    while (end < in.keys.size() && in.keys[end].owner == owner) ++end;
    detail::risk_pass pass(in, keys, classes.weights());
    const std::size_t last = pass.sum(first, end);
    out.push_back({owner, pass.finish(0, first, last), pass.finish(1, first, last)});
    first = last;
  }
  return out;
}

}  // namespace salespulse
#endif
