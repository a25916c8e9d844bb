// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_TALLY_DETAIL_OWNERS_HPP
#define SALESPULSE_TALLY_DETAIL_OWNERS_HPP

#include <salespulse/model/book.hpp>
#include <salespulse/model/book_tables.hpp>

#include <cstdint>
#include <utility>
#include <vector>

namespace salespulse::detail {

// Who was in which team when.
class team_members {
public:
  explicit team_members(const book& b) : by_person_(b.tables().salespeople.size()) {
    for (const membership_record& m : b.tables().memberships) {
      by_person_[index_of(m.salesperson)].push_back(m);
    }
  }

  // Calls `visit(team number)` once for each team of the person on the day, or with `no_number`
  // where there is none.
  template <class Visit>
  void for_each(salesperson_id who, date day, Visit visit) const {
    bool member = false;
    if (is_known(who)) {
      const std::vector<membership_record>& all = by_person_[index_of(who)];
      for (std::size_t i = 0; i < all.size(); ++i) {
        if (!covers(all[i].during, day)) continue;
        // Two memberships of one team on one day are one.
        bool again = false;
        for (std::size_t j = 0; j < i; ++j) {
          again |= all[j].team == all[i].team && covers(all[j].during, day);
        }
        if (!again) visit(static_cast<std::uint32_t>(all[i].team));
        member = true;
      }
    }
    if (!member) visit(no_number);
  }

private:
  // A membership without beginning and end covers even a day that nobody knows.
  static bool covers(period during, date day) { return during == all_days || during.contains(day); }

  std::vector<std::vector<membership_record>> by_person_;
};

// Who is credited with a won deal, in parts per million of its revenue.
class deal_owners_of {
public:
  explicit deal_owners_of(const book& b) : book_(b), teams_(b) {}

  // Calls `visit(number, ppm)` for each credited person; `no_number` where nobody is.
  template <class Visit>
  void for_each_person(const deal_record& deal, Visit visit) const {
    bool split = false;
    for (const credit_record& c : book_.credits_of(deal)) {
      if (c.kind != credit_kind::revenue) continue;
      split = true;
      visit(static_cast<std::uint32_t>(c.salesperson), std::int32_t{c.part.ppm});
    }
    if (split) return;
    visit(deal.credits_refused ? no_number : static_cast<std::uint32_t>(deal.owner),
          full_share.ppm);
  }

  // Calls `visit(number, ppm)` once for each team, with the shares of its members on the day of the
  // close together; `no_number` for the shares of people without a team.
  template <class Visit>
  void for_each_team(const deal_record& deal, Visit visit) const {
    std::vector<std::pair<std::uint32_t, std::int32_t>> sums;
    for_each_person(deal, [&](std::uint32_t who, std::int32_t ppm) {
      teams_.for_each(salesperson_id{who}, deal.closed_day, [&](std::uint32_t team) {
        for (auto& [known, sum] : sums) {
          if (known == team) {
            sum += ppm;
            return;
          }
        }
        sums.emplace_back(team, ppm);
      });
    });
    for (const auto& [team, ppm] : sums) visit(team, ppm);
  }

private:
  const book& book_;
  team_members teams_;
};

}  // namespace salespulse::detail
#endif
