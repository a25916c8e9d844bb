// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/aalen_johansen.hpp>

#include "risk_sets.hpp"
#include "sums.hpp"
#include "twofold.hpp"
#include <salespulse/core/result.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace salespulse {

std::optional<interval> probability_interval(const figure_with_error& p, confidence c,
                                             incidence_scale scale) {
  if (!p.value || !p.std_error || *p.std_error == 0) return std::nullopt;
  const double at = *p.value;
  double lower = 0;
  double upper = 0;
  switch (scale) {
    case incidence_scale::plain:
      lower = at - c.z * *p.std_error;
      upper = at + c.z * *p.std_error;
      break;
    case incidence_scale::log: {
      if (!(at > 0)) return std::nullopt;
      const double reach = c.z * *p.std_error / at;
      lower = at * std::exp(-reach);
      upper = std::log(at) + reach >= 0 ? 1 : at * std::exp(reach);
      break;
    }
    case incidence_scale::complementary_log_log: {
      if (!(at > 0 && at < 1)) return std::nullopt;
      const double remaining = std::log1p(-at);
      const double reach = c.z * *p.std_error / ((1 - at) * -remaining);
      lower = -std::expm1(remaining * std::exp(-reach));
      upper = -std::expm1(remaining * std::exp(reach));
      break;
    }
  }
  return interval{std::max(lower, 0.0), std::min(upper, 1.0), c.level};
}

// The estimate on the way through the steps from some step on. Beside the probabilities it carries
// the second moments of the influences: for S with S, S with F_k, F_k with F_k the sum over
// subjects of the product of the two influences. On a tick the influences of a subject, v_S and
// v_k, become
//   v_S (1 - h) + g_S    and    v_k + h_k v_S + g_k,
// with h_k = d_k / n and, for subjects at risk, g_k = S / n (1[has an event of cause k] - h_k) and
// g_S = -(g_1 + ... + g_m). So the moments move on by the same linear map; the squares of the g add
// the multinomial (Greenwood) terms, and the products of v with g, summed over subjects, add terms
// that vanish where all at risk have the same v, which is to say entered together. For those at
// risk v is what the class comment says, and A(t), B_k(t) drop out of the sums: what remains are
// the sums of A(e), B_k(e) over those with an event less h_k times the same over those at risk.
class aalen_johansen::walk {
public:
  walk(const aalen_johansen& of, std::size_t from)
      : of_(of),
        from_(from),
        size_(of.steps_.size()),
        causes_(static_cast<std::size_t>(of.causes_)),
        late_(!of.late_.empty()),
        incidence_(causes_),
        moments_(causes_) {
    if (!late_) return;
    b_.resize(causes_);
    b_at_risk_.resize(causes_);
    a_before_.reserve(size_ - from);
    b_before_.reserve((size_ - from) * causes_);
  }

  [[nodiscard]] double survival() const { return survival_.value(); }
  [[nodiscard]] double incidence(std::size_t k) const { return incidence_[k].value(); }
  [[nodiscard]] double survival_error() const { return root(survival_moment_); }
  [[nodiscard]] double incidence_error(std::size_t k) const {
    const moments& m = moments_[k];
    return root(incidence(k) < 0.5 ? m.kk : m.ss + 2 * m.so + m.oo);
  }

  void pass(std::size_t j) {
    const step& s = of_.steps_[j];
    const double n = static_cast<double>(s.at_risk);
    const double d = static_cast<double>(s.events);
    const twofold per_head = survival_ / n;
    if (late_) enter(j);
    if (of_.variance_ != incidence_variance::none) move_moments(j, n, d, per_head.value());
    for (std::size_t k = 0; k < causes_; ++k) {
      if (events(j, k) != 0) incidence_[k] += per_head * events(j, k);
    }
    survival_ = per_head * (n - d);
    if (late_) leave(j, n, d, per_head);
  }

private:
  // Of one cause, k, and all others taken together, o. Since v_S + v_k + v_o = 0 the variance of
  // F_k can be had from either: F_k near 1 has lost the digits of its own.
  struct moments {
    double ss = 0;
    double sk = 0;
    double kk = 0;
    double so = 0;
    double oo = 0;
  };

  // A sum of squares that rounding may have left below 0 where it is 0.
  [[nodiscard]] static double root(double square) { return square > 0 ? std::sqrt(square) : 0; }

  [[nodiscard]] double events(std::size_t j, std::size_t k) const {
    return static_cast<double>(of_.cause_steps_[k * size_ + j].events);
  }

  void move_moments(std::size_t j, double n, double d, double per_head) {
    const double remain = (n - d) / n;
    const double square = per_head * per_head;
    twofold a_all;
    if (late_) {
      for (const twofold& a : a_events_) a_all += a;
      a_all -= a_at_risk_ * d / n;
    }
    const bool independent = of_.variance_ == incidence_variance::aalen;
    // The sum over subjects of (1[event] - h) v_S, where v_S (1 - h) is to come out.
    const double s_s = -survival() * a_all.value() * remain;
    survival_moment_ = remain * remain * survival_moment_ +
                       square * (independent ? d * tie_factor(n, d) : d * remain) -
                       2 * per_head * s_s;
    for (std::size_t k = 0; k < causes_; ++k) {
      const double d_k = events(j, k);
      const double d_o = d - d_k;
      const double h_k = d_k / n;
      const double h_o = d_o / n;
      moments& m = moments_[k];
      m.kk += 2 * h_k * m.sk + h_k * h_k * m.ss;
      m.oo += 2 * h_o * m.so + h_o * h_o * m.ss;
      m.sk = remain * (m.sk + h_k * m.ss);
      m.so = remain * (m.so + h_o * m.ss);
      m.ss *= remain * remain;

      const double own = d_k * (independent ? tie_factor(n, d_k) : (n - d_k) / n);
      const double others = d_o * (independent ? tie_factor(n, d_o) : (n - d_o) / n);
      m.kk += square * own;
      m.oo += square * others;
      m.sk -= square * (independent ? own : d_k * remain);
      m.so -= square * (independent ? others : d_o * remain);
      m.ss += square * (independent ? own + others : d * remain);
      if (!late_) continue;

      // k_s: the sum over subjects of (1[event of cause k] - h_k) v_S; k_k, o_k, ... likewise.
      const twofold a_k = a_events_[k] - a_at_risk_ * d_k / n;
      const twofold a_o = a_all - a_k;
      const twofold b_k = b_own_[k] - b_at_risk_[k] * d_k / n;
      const twofold b_o = (b_events_[k] - b_at_risk_[k] * d / n) - b_k;
      const double k_s = -survival() * a_k.value();
      const double o_s = -survival() * a_o.value();
      const double k_k = (b_k - incidence_[k] * a_k).value();
      const double o_k = (b_o - incidence_[k] * a_o).value();
      const double k_o = -k_s - k_k;  // the influences of a subject add to 0
      const double o_o = -o_s - o_k;
      m.kk += 2 * per_head * (k_k + h_k * k_s);
      m.oo += 2 * per_head * (o_o + h_o * o_s);
      m.sk += per_head * (remain * k_s - (k_k + o_k + h_k * (k_s + o_s)));
      m.so += per_head * (remain * o_s - (k_o + o_o + h_o * (k_s + o_s)));
      m.ss -= 2 * per_head * s_s;
    }
  }

  [[nodiscard]] static double tie_factor(double n, double d) {
    return d > 1 ? (n - d) / (n - 1) : 1;
  }

  // Those that entered since the step before, and the sums over those with an event now.
  void enter(std::size_t j) {
    a_before_.push_back(a_);
    b_before_.insert(b_before_.end(), b_.begin(), b_.end());
    if (j != from_ && of_.late_entries_[j] != 0) {
      const double w = static_cast<double>(of_.late_entries_[j]);
      a_at_risk_ += a_ * w;
      for (std::size_t k = 0; k < causes_; ++k) b_at_risk_[k] += b_[k] * w;
    }
    a_events_.assign(causes_, {});
    b_own_.assign(causes_, {});
    b_events_.assign(causes_, {});
    a_leaving_ = {};
    b_leaving_.assign(causes_, {});
    for (std::size_t i = of_.late_begin_[j]; i < of_.late_begin_[j + 1]; ++i) {
      const late_group& g = of_.late_[i];
      if (g.first <= from_) continue;  // A and B are 0 there
      const double w = static_cast<double>(g.weight);
      const std::size_t before = g.first - from_;
      const twofold a = a_before_[before] * w;
      a_leaving_ += a;
      if (g.cause != 0) a_events_[static_cast<std::size_t>(g.cause) - 1] += a;
      for (std::size_t k = 0; k < causes_; ++k) {
        const twofold b = b_before_[before * causes_ + k] * w;
        b_leaving_[k] += b;
        if (g.cause != 0) b_events_[k] += b;
        if (g.cause == static_cast<std::int32_t>(k) + 1) b_own_[k] += b;
      }
    }
  }

  void leave(std::size_t j, double n, double d, twofold per_head) {
    a_at_risk_ -= a_leaving_;
    for (std::size_t k = 0; k < causes_; ++k) b_at_risk_[k] -= b_leaving_[k];
    if (n == d) return;  // S is 0 from here on and nobody has influence any more
    const twofold growth = twofold(d) / n / (n - d);
    a_ += growth;
    for (std::size_t k = 0; k < causes_; ++k) {
      b_[k] += per_head * events(j, k) / n + growth * incidence_[k];
    }
  }

  const aalen_johansen& of_;
  std::size_t from_;
  std::size_t size_;
  std::size_t causes_;
  bool late_;
  twofold survival_ = 1;
  std::vector<twofold> incidence_;
  double survival_moment_ = 0;
  std::vector<moments> moments_;

  // Used where somebody enters late.
  twofold a_;
  std::vector<twofold> b_;         // by cause
  std::vector<twofold> a_before_;  // as it was before each step
  std::vector<twofold> b_before_;
  twofold a_at_risk_;  // sums of A(e), B_k(e) over those at risk
  std::vector<twofold> b_at_risk_;
  twofold a_leaving_;  // over those who leave with this step
  std::vector<twofold> b_leaving_;
  std::vector<twofold> a_events_;  // A(e) over those with an event of cause k
  std::vector<twofold> b_events_;  // B_k(e) over those with an event of any cause
  std::vector<twofold> b_own_;     // B_k(e) over those with an event of cause k
};

aalen_johansen::aalen_johansen(std::span<const observation> data, std::int32_t causes,
                               const aalen_johansen_options& options)
    : causes_(causes), after_(options.after), variance_(options.variance) {
  if (causes < 1) throw invalid_input("aalen_johansen: fewer than one cause");
  const risk_sets sets = collapse(data, causes);
  if (!sets.state.ok()) {
    why_ = sets.state;
    return;
  }
  if (sets.ticks.back() <= after_) {
    why_ = {condition::empty_risk_set, after_};
    return;
  }
  follow_up_ = sets.ticks.back();
  // A gap that `after` falls into is not one of this estimate: nobody was watched before it.
  for (const risk_gap& gap : sets.gaps) {
    if (gap.first > after_ + 1) gaps_.push_back(gap);
  }

  const auto m = static_cast<std::size_t>(causes);
  std::vector<std::size_t> lines;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    if (sets.ticks[i] <= after_) continue;
    std::int64_t events = 0;
    for (std::size_t k = 1; k <= m; ++k) events += sets.events_of(i, k);
    if (events == 0) continue;
    steps_.push_back({sets.ticks[i], sets.at_risk_of(i), events, 1, 0});
    lines.push_back(i);
  }
  cause_steps_.resize(m * steps_.size());
  for (std::size_t k = 0; k < m; ++k) {
    running_sum hazard;
    running_sum variance;
    for (std::size_t j = 0; j < steps_.size(); ++j) {
      cause_step& s = cause_steps_[k * steps_.size() + j];
      s.events = sets.events_of(lines[j], k + 1);
      const double n = static_cast<double>(steps_[j].at_risk);
      const double h = static_cast<double>(s.events) / n;
      hazard.add(h);
      variance.add(h / n);
      s.hazard = hazard.value();
      s.hazard_std_error = std::sqrt(variance.value());
    }
  }
  if (variance_ == incidence_variance::infinitesimal_jackknife) group_late_entries(data);

  walk w(*this, 0);
  for (std::size_t j = 0; j < steps_.size(); ++j) {
    w.pass(j);
    steps_[j].survival = w.survival();
    steps_[j].std_error = w.survival_error();
    for (std::size_t k = 0; k < m; ++k) {
      cause_step& s = cause_steps_[k * steps_.size() + j];
      s.incidence = w.incidence(k);
      s.std_error = w.incidence_error(k);
    }
    if (why_.ok() && steps_[j].events == steps_[j].at_risk && steps_[j].tick < follow_up_) {
      why_ = {condition::early_empty_risk_set, steps_[j].tick};
    }
  }
}

// Two counting sorts, by first step and then by last step and cause.
void aalen_johansen::group_late_entries(std::span<const observation> data) {
  const std::size_t size = steps_.size();
  if (size == 0) return;
  // How many steps there are up to a tick, from a table where it would be no larger than the data.
  const std::int32_t origin = steps_.front().tick;
  const std::int64_t range = std::int64_t{steps_.back().tick} - origin + 1;
  std::vector<std::uint32_t> table;
  if (range <= static_cast<std::int64_t>(4 * data.size() + 1024)) {
    table.resize(static_cast<std::size_t>(range));
    std::size_t j = 0;
    for (std::size_t at = 0; at < table.size(); ++at) {
      if (steps_[j].tick - origin == static_cast<std::int64_t>(at)) ++j;
      table[at] = static_cast<std::uint32_t>(j);
    }
  }
  const auto steps_to = [&](std::int32_t tick) {
    if (tick < origin) return std::uint32_t{0};
    if (tick >= steps_.back().tick) return static_cast<std::uint32_t>(size);
    if (!table.empty()) return table[static_cast<std::size_t>(tick - origin)];
    return static_cast<std::uint32_t>(steps_until(tick));
  };

  struct row {
    std::uint32_t first;
    std::uint32_t last;
    std::int32_t cause;
    std::int64_t weight;
  };
  std::vector<row> rows;
  for (const observation& o : data) {
    if (o.entry == 0 || o.weight == 0) continue;
    const std::uint32_t first = steps_to(o.entry);
    const std::uint32_t end = steps_to(o.exit);
    if (first != 0 && first < end) rows.push_back({first, end - 1, o.cause, o.weight});
  }
  if (rows.empty()) return;

  late_entries_.assign(size, 0);
  std::vector<std::size_t> place(size + 1);
  for (const row& r : rows) {
    late_entries_[r.first] += r.weight;
    ++place[r.first + 1];
  }
  for (std::size_t j = 0; j < size; ++j) place[j + 1] += place[j];
  std::vector<row> by_first(rows.size());
  for (const row& r : rows) by_first[place[r.first]++] = r;

  const std::size_t kinds = static_cast<std::size_t>(causes_) + 1;
  const auto kind = [kinds](const row& r) {
    return r.last * kinds + static_cast<std::size_t>(r.cause);
  };
  place.assign(size * kinds + 1, 0);
  for (const row& r : rows) ++place[kind(r) + 1];
  for (std::size_t i = 0; i + 1 < place.size(); ++i) place[i + 1] += place[i];
  for (const row& r : by_first) rows[place[kind(r)]++] = r;

  late_begin_.assign(size + 1, 0);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const row& r = rows[i];
    if (i > 0 && rows[i - 1].first == r.first && kind(rows[i - 1]) == kind(r)) {
      late_.back().weight += r.weight;
      continue;
    }
    late_.push_back({r.first, r.cause, r.weight});
    ++late_begin_[r.last + 1];
  }
  for (std::size_t j = 0; j < size; ++j) late_begin_[j + 1] += late_begin_[j];
}

std::span<const aalen_johansen::cause_step> aalen_johansen::cause_steps(std::int32_t cause) const {
  require_cause(cause);
  const std::size_t size = steps_.size();
  return std::span(cause_steps_).subspan((static_cast<std::size_t>(cause) - 1) * size, size);
}

void aalen_johansen::require_cause(std::int32_t cause) const {
  if (cause < 1 || cause > causes_) throw invalid_input("aalen_johansen: no such cause");
}

std::size_t aalen_johansen::steps_until(std::int64_t tick) const {
  const auto end = std::upper_bound(steps_.begin(), steps_.end(), tick,
                                    [](std::int64_t t, const step& s) { return t < s.tick; });
  return static_cast<std::size_t>(end - steps_.begin());
}

status aalen_johansen::warning_at(std::int64_t tick, double survival) const {
  if (tick > follow_up_ && survival > 0) return {condition::beyond_follow_up, follow_up_};
  if (why_.what == condition::early_empty_risk_set && tick > why_.where) return why_;
  return {};
}

figure_with_error aalen_johansen::survival(std::int32_t tick) const {
  if (follow_up_ < 0) return {{}, {}, why_};
  const std::size_t end = steps_until(tick);
  const step at = end == 0 ? step{tick, 0, 0, 1, 0} : steps_[end - 1];
  figure_with_error f{at.survival, {}, warning_at(tick, at.survival)};
  if (variance_ != incidence_variance::none) f.std_error = at.std_error;
  return f;
}

figure_with_error aalen_johansen::incidence(std::int32_t cause, std::int32_t tick) const {
  require_cause(cause);
  if (follow_up_ < 0) return {{}, {}, why_};
  const std::size_t end = steps_until(tick);
  const cause_step at = end == 0 ? cause_step{} : cause_steps(cause)[end - 1];
  const double survival = end == 0 ? 1 : steps_[end - 1].survival;
  figure_with_error f{at.incidence, {}, warning_at(tick, survival)};
  if (variance_ != incidence_variance::none) f.std_error = at.std_error;
  return f;
}

figure_with_error aalen_johansen::conditional_survival(std::int32_t age,
                                                       std::int32_t horizon) const {
  return conditional(0, age, horizon);
}

figure_with_error aalen_johansen::conditional_incidence(std::int32_t cause, std::int32_t age,
                                                        std::int32_t horizon) const {
  require_cause(cause);
  return conditional(cause, age, horizon);
}

// Cause 0 stands for none.
figure_with_error aalen_johansen::conditional(std::int32_t cause, std::int32_t age,
                                              std::int32_t horizon) const {
  if (horizon < 0) throw invalid_input("aalen_johansen: a negative horizon");
  if (age < after_) throw invalid_input("aalen_johansen: an age before `after`");
  if (follow_up_ < 0) return {{}, {}, why_};
  if (age >= follow_up_) return {{}, {}, {condition::empty_risk_set, age}};
  const std::int64_t until = std::int64_t{age} + horizon;
  const std::size_t begin = steps_until(age);
  const std::size_t end = steps_until(until);
  walk w(*this, begin);
  status why;
  for (std::size_t j = begin; j < end; ++j) {
    w.pass(j);
    if (why.ok() && w.survival() == 0 &&
        steps_[j].tick < std::min<std::int64_t>(until, follow_up_)) {
      why = {condition::early_empty_risk_set, steps_[j].tick};
    }
  }
  if (until > follow_up_ && w.survival() > 0) why = {condition::beyond_follow_up, follow_up_};
  const std::size_t k = static_cast<std::size_t>(cause) - 1;
  figure_with_error f{cause == 0 ? w.survival() : w.incidence(k), {}, why};
  if (variance_ != incidence_variance::none) {
    f.std_error = cause == 0 ? w.survival_error() : w.incidence_error(k);
  }
  return f;
}

figure aalen_johansen::time_without_event(std::int32_t until) const { return area(0, until); }

figure aalen_johansen::time_after_event(std::int32_t cause, std::int32_t until) const {
  require_cause(cause);
  return area(cause, until);
}

// Cause 0 stands for none.
figure aalen_johansen::area(std::int32_t cause, std::int32_t until) const {
  const std::int32_t origin = std::max(after_, 0);
  if (until < origin) throw invalid_input("aalen_johansen: an end before the start");
  if (follow_up_ < 0) return {{}, why_};
  const std::size_t end = steps_until(until);
  const std::span<const cause_step> own = cause_steps(std::max(cause, 1));
  running_sum sum;
  double height = cause == 0 ? 1 : 0;
  std::int32_t since = origin;
  for (std::size_t j = 0; j < end; ++j) {
    sum.add(height * static_cast<double>(std::int64_t{steps_[j].tick} - since));
    height = cause == 0 ? steps_[j].survival : own[j].incidence;
    since = steps_[j].tick;
  }
  sum.add(height * static_cast<double>(std::int64_t{until} - since));
  return {sum.value(), warning_at(until, *survival(until).value)};
}

}  // namespace salespulse
