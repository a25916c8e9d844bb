// SPDX-License-Identifier: BSL-1.0
#include "after_close.hpp"

#include "draws.hpp"

#include <algorithm>
#include <array>

namespace salespulse::simulator {

namespace {

constexpr std::int64_t hour = 3600;

/// What a line bills after each renewal, the first entry before any.
using price_path = std::vector<std::int64_t>;

class storyteller {
public:
  storyteller(const world& w, const deal_story& story, aftermath& result)
      : story_(story),
        result_(result),
        end_(start_of(w.days.to)),
        close_day_(day_in_utc(story.closed)),
        watched_(std::max(w.days.to, close_day_ + 1825)),
        fate_(stream(w.asked, purpose::after_close, story.number)),
        ledger_(stream(w.asked, purpose::billing, story.number)) {}

  void tell() {
    for (std::uint32_t i = 0; i < story_.lines.size(); ++i) {
      prices_.emplace_back(1, story_.lines[i].net);
      lifetime_of_.push_back(join_lifetime(story_.lines[i]));
    }
    for (std::uint32_t i = 0; i < result_.lifetimes.size(); ++i) live(i);
    for (std::uint32_t i = 0; i < story_.lines.size(); ++i) bill(i);
    refund();
  }

private:
  std::uint32_t join_lifetime(const line_entry& line) {
    if (line.contract == nobody) return nobody;
    const std::uint32_t family = products()[line.product].family;
    auto& all = result_.lifetimes;
    const auto same = std::find_if(all.begin(), all.end(), [&](const lifetime_entry& l) {
      return l.family == family && l.contract == line.contract &&
             l.offset_days == line.terms.offset_days && l.renews == line.terms.renews;
    });
    if (same != all.end()) return static_cast<std::uint32_t>(same - all.begin());
    lifetime_entry l;
    l.family = family;
    l.contract = line.contract;
    l.offset_days = line.terms.offset_days;
    l.renews = line.terms.renews;
    l.start = close_day_ + l.offset_days;
    all.push_back(std::move(l));
    return static_cast<std::uint32_t>(all.size() - 1);
  }

  /// Renewal after renewal until the customer ends the contract or nobody watches any more.
  void live(std::uint32_t number) {
    lifetime_entry& life = result_.lifetimes[number];
    if (!life.renews) return;
    const contract& terms = families()[life.family].contracts[life.contract];
    for (std::int32_t j = 1;; ++j) {
      const date due = life.start + days_after(terms.term_months * j);
      if (due >= watched_) return;
      const double odds = terms.alpha / (terms.beta + j - 1) * story_.churn_odds_factor;
      if (fate_.chance(odds / (1 + odds))) {
        life.ends = true;
        life.ended = due;
        // Some say so; of the others only the missing renewal tells.
        if (fate_.chance(0.85)) {
          const instant at = morning(due + between(fate_, -10, 30));
          for_lines_of(number, [&](std::uint32_t line) {
            happen(line, revenue_kind::churn, -prices_[line].back(), at, due);
          });
        }
        return;
      }
      const instant at = morning(due + (terms.term_months == 1 ? 0 : days_from_due()));
      life.renewed_at.push_back(at);
      ++life.true_renewals;
      if (at < end_) ++life.seen_renewals;
      for_lines_of(number, [&](std::uint32_t line) { renew(line, terms, at, due); });
    }
  }

  /// Most sign before the due date, some in the days after it.
  std::int32_t days_from_due() {
    return fate_.chance(0.9) ? between(fate_, -30, -1) : between(fate_, 0, 20);
  }

  void renew(std::uint32_t line, const contract& terms, instant at, date due) {
    price_path& path = prices_[line];
    std::int64_t net = rounded(static_cast<double>(path.back()) * terms.growth);
    happen(line, revenue_kind::renewal, net, at, due);
    if (terms.term_months >= 12) {
      // Neither more nor less is foreseen in value.
      const double u = fate_.uniform();
      const instant later{at.seconds + between(fate_, 3, 25) * seconds_per_day};
      const std::int64_t tenth = net / 10;
      if (u < 0.08) {
        const std::int64_t more = tenth * between(fate_, 1, 5);
        happen(line, revenue_kind::expansion, more, later, {});
        net += more;
      } else if (u < 0.12) {
        const std::int64_t less = tenth * between(fate_, 1, 4);
        happen(line, revenue_kind::contraction, -less, later, {});
        net -= less;
      }
    }
    path.push_back(net);
  }

  /// Every flow is a bill, sent two weeks ahead where the contract stands by then and due on the
  /// day of the flow; so the delay of its payment counts from the day that value counts from.
  void bill(std::uint32_t number) {
    const line_entry& line = story_.lines[number];
    const line_terms& terms = line.terms;
    const std::uint32_t of = lifetime_of_[number];
    for (std::int32_t k = 0;; ++k) {
      const std::int32_t months = k * terms.every_months;
      const date due = close_day_ + terms.offset_days + days_after(months);
      instant sent = std::max(morning(due - 14), instant{story_.closed.seconds + hour});
      std::size_t renewals = 0;
      if (of != nobody) {
        const lifetime_entry& life = result_.lifetimes[of];
        renewals = static_cast<std::size_t>(months / terms.term_months);
        if (renewals > life.true_renewals) return;
        if (renewals > 0) sent = std::max(sent, {life.renewed_at[renewals - 1].seconds + hour});
      }
      if (sent >= end_) return;
      settle(number, static_cast<std::uint32_t>(k), prices_[number][renewals], sent, due);
      if (of == nobody) return;
    }
  }

  void settle(std::uint32_t line, std::uint32_t k, std::int64_t amount, instant sent, date due) {
    const segment& s = segments()[story_.segment];
    const event_name invoice{'I', line, k};
    add(ledger_, {invoice, named(line), revenue_kind::invoice, amount, sent, due, {}, {}});
    if (ledger_.chance(s.credit_loss)) {
      add(ledger_, {{'N', line, k}, named(line), revenue_kind::credit_note, -amount,
                    evening(due + between(ledger_, 120, 200)), {}, invoice, {}});
      return;
    }
    const auto delay = [&] { return s.delays[ledger_.below(16)]; };
    const std::int64_t first = ledger_.chance(0.03) ? amount / 2 : amount;  // a few pay in parts
    const instant paid = std::max(evening(due + delay()), evening(day_in_utc(sent)));
    add(ledger_, {{'P', line, 2 * k}, named(line), revenue_kind::payment, first, paid, {}, invoice,
                  {}});
    if (k == 0) first_payments_.push_back({line, paid});
    if (first == amount) return;
    add(ledger_, {{'P', line, 2 * k + 1}, named(line), revenue_kind::payment, amount - first,
                  std::max(evening(due + delay()), evening(day_in_utc(sent))), {}, invoice, {}});
  }

  /// A dissatisfied customer gets part or all of a first payment back.
  void refund() {
    if (!fate_.chance(0.015) || first_payments_.empty()) return;
    const auto count = static_cast<std::uint32_t>(first_payments_.size());
    const auto [line, paid] = first_payments_[fate_.below(count)];
    constexpr std::array<std::int64_t, 3> quarters = {1, 2, 4};
    const std::int64_t amount = prices_[line][0] * quarters[fate_.below(3)] / 4;
    const instant at{paid.seconds + between(fate_, 5, 150) * seconds_per_day};
    add(fate_, {{'F', line, 0}, named(line), revenue_kind::refund, -amount, at, {},
                event_name{'I', line, 0}, {}});
  }

  void happen(std::uint32_t line, revenue_kind kind, std::int64_t amount, instant at,
              std::optional<date> due) {
    add(fate_, {{'R', line, events_of_[line]++}, named(line), kind, amount, at,
                due, {}, {}});
  }

  void add(random_stream& r, revenue_entry e) {
    e.recorded = recorded_time(r, e.at, 0.03, end_);
    if (e.at < end_ && e.amount != 0) result_.events.push_back(e);
  }

  template <class Function>
  void for_lines_of(std::uint32_t lifetime, Function f) {
    for (std::uint32_t i = 0; i < lifetime_of_.size(); ++i) {
      if (lifetime_of_[i] == lifetime) f(i);
    }
  }

  [[nodiscard]] std::uint32_t named(std::uint32_t line) const {
    return story_.has_lines() ? line : nobody;
  }
  static instant morning(date d) { return {start_of(d).seconds + 9 * hour}; }
  static instant evening(date d) { return {start_of(d).seconds + 20 * hour}; }

  struct first_payment {
    std::uint32_t line;
    instant at;
  };

  const deal_story& story_;
  aftermath& result_;
  instant end_;
  date close_day_;
  date watched_;
  random_stream fate_;    // what the customer decides
  random_stream ledger_;  // bills and how they are paid
  std::vector<price_path> prices_;          // by line
  std::vector<std::uint32_t> lifetime_of_;  // by line; nobody: one-off
  std::array<std::uint32_t, 8> events_of_{};
  std::vector<first_payment> first_payments_;
};

}  // namespace

void tell_aftermath(const world& w, const deal_story& story, aftermath& result) {
  result.events.clear();
  result.lifetimes.clear();
  if (story.outcome == deal_outcome::won) storyteller(w, story, result).tell();
}

}  // namespace salespulse::simulator
