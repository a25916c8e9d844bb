// SPDX-License-Identifier: BSL-1.0
#include "deals.hpp"

#include "draws.hpp"

#include <algorithm>
#include <array>

namespace salespulse::simulator {

namespace {

constexpr std::int64_t hour = 3600;

// January to December: a modest year, with a summer and a budget round.
constexpr std::array<double, 12> season = {0.95, 1.0,  1.1, 1.0, 1.0,  1.05,
                                           0.8,  0.75, 1.1, 1.1, 1.05, 0.85};
constexpr double busiest = 1.1;

date opening_day(const world& w, random_stream& r) {
  for (;;) {
    const date day = w.days.from + between(r, 0, w.days.length() - 1);
    const auto month = static_cast<std::size_t>(to_civil(day).month - 1);
    if (r.chance(season[month] / busiest)) return day;
  }
}

void choose_customer(const world& w, random_stream& r, date day, deal_story& story) {
  if (r.chance(0.015)) {
    story.type = deal_type::new_business;
    return;
  }
  const auto count = static_cast<std::uint32_t>(w.customers.size());
  std::uint32_t number = r.below(count);
  for (int attempt = 0; attempt < 8 && w.customers[number].since > day; ++attempt) {
    number = r.below(count);
  }
  const customer_truth& c = w.customers[number];
  story.customer = number;
  story.segment = c.segment;
  story.money = c.money;
  const bool known_long = day - c.since > 200;
  const double u = r.uniform();
  story.type = !known_long || u < 0.45 ? deal_type::new_business
               : u < 0.83              ? deal_type::expansion
               : u < 0.95              ? deal_type::renewal
                                       : deal_type::unknown;
  story.base_pipeline =
      story.type == deal_type::expansion || story.type == deal_type::renewal;
}

void choose_origin(random_stream& r, deal_story& story) {
  constexpr std::array<std::string_view, 4> pull = {"website", "referral", "webinar", "search"};
  constexpr std::array<std::string_view, 4> push = {"cold call", "list", "trade fair", "linkedin"};
  const std::uint32_t word = r.below(4);
  const deal_origin truth = story.base_pipeline ? deal_origin::installed_base
                            : r.chance(0.38)    ? deal_origin::pull
                                                : deal_origin::push;
  story.source = truth == deal_origin::pull   ? pull[word]
                 : truth == deal_origin::push ? push[word]
                                              : std::string_view("account");
  if (r.chance(0.10)) story.source = {};
  story.came_from = truth;
  story.origin = r.chance(0.08) ? deal_origin::unknown : truth;
}

/// Runs through the stages from `first` to `last` between two moments.
void walk_stages(random_stream& r, std::uint32_t first, std::uint32_t last, instant from,
                 instant to, deal_story& story) {
  std::array<std::uint32_t, 8> path{};
  std::size_t steps = 0;
  for (std::uint32_t s = first; s <= last; ++s) {
    if (s != first && r.chance(0.12)) continue;  // skipped
    path[steps++] = s;
    if (s != first && steps + 2 < path.size() && r.chance(0.03)) {  // back and again
      path[steps++] = s - 1;
      path[steps++] = s;
    }
  }
  const bool logged_at_once = r.chance(0.04);  // equal times: only the sequence tells the order
  for (std::size_t i = 0; i < steps; ++i) {
    double fraction = i == 0 ? 0 : static_cast<double>(i) + r.uniform();
    if (logged_at_once && i > 0) fraction = 1;
    const double span = static_cast<double>(to.seconds - from.seconds);
    const auto passed =
        static_cast<std::int64_t>(span * fraction / static_cast<double>(steps + 1));
    story.stage_events.push_back({path[i], {from.seconds + passed}, {}});
  }
}

/// The stage events, with whatever a close that is taken back adds, and the outcome.
void run_pipeline(const world& w, random_stream& r, double cycle_days, bool wins,
                  deal_story& story) {
  const instant end = start_of(w.days.to);
  const std::uint32_t first = story.base_pipeline ? 6 : 0;
  const std::uint32_t deepest = story.base_pipeline ? 7 : 3;
  const std::uint32_t reached = wins ? deepest : first + r.below(deepest - first + 1);

  const auto close_on = [&](instant from, std::int64_t days) {
    return instant{start_of(day_in_utc(from) + static_cast<std::int32_t>(days)).seconds +
                   12 * hour + r.below(4 * 3600)};
  };
  const auto close_stage = [&] { return deepest + (wins ? 1U : 2U); };

  instant close = close_on(story.opened, rounded(cycle_days));
  walk_stages(r, first, reached, story.opened, close, story);
  story.stage_events.push_back({close_stage(), close, {}});

  // A few closes are taken back: the customer returns, or the signature was missing.
  if (r.chance(wins ? 0.004 : 0.03)) {
    const instant reopened{close.seconds + between(r, 20, 120) * seconds_per_day};
    if (reopened < end) {
      wins = r.chance(wins ? 0.95 : 0.35);
      close = close_on(reopened, between(r, 10, 60));
      story.stage_events.push_back({deepest, reopened, {}});
      story.stage_events.push_back({close_stage(), close, {}});
    }
  }
  story.will_be = wins ? deal_outcome::won : deal_outcome::lost;
  story.closed = close;
  story.outcome = close < end ? story.will_be : deal_outcome::open;
  std::erase_if(story.stage_events, [&](const stage_entry& e) { return e.at >= end; });
  for (stage_entry& e : story.stage_events) e.recorded = recorded_time(r, e.at, 0.04, end);

  // While the deal is open the date is a guess, often a stale one; later it is mostly the close.
  const std::int32_t guess = between(r, 20, 150);
  const std::int32_t slip = r.chance(0.03) ? between(r, 0, 9) : 0;
  story.typed_close = story.outcome == deal_outcome::open ? day_in_utc(story.opened) + guess
                                                          : day_in_utc(close) + slip;
}

/// Owners from the opening on. A leaver's open deals and customers go to a colleague, and now and
/// then a deal changes hands for another reason.
void hand_over(const world& w, random_stream& r, std::uint32_t first_owner, deal_story& story) {
  const instant end = start_of(w.days.to);
  const instant last = story.outcome == deal_outcome::lost ? story.closed : end;
  const auto span = static_cast<double>(last.seconds - story.opened.seconds);
  instant other{INT64_MAX};
  if (r.chance(0.04)) {
    other.seconds = story.opened.seconds + static_cast<std::int64_t>(span * r.uniform());
  }
  std::uint32_t owner = first_owner;
  story.owner_at_close = owner;
  story.owned_since = story.opened;
  story.ownership_events.push_back({owner, story.opened, story.opened});
  for (;;) {
    const instant leaves{start_of(w.sellers[owner].active.to).seconds + 8 * hour};
    const instant next = std::min(leaves, other);
    if (next >= last) return;
    if (next == other) other.seconds = INT64_MAX;
    const std::uint32_t to = pick_seller(w, r, day_in_utc(next));
    if (to == owner) {
      if (next == leaves) return;
      continue;
    }
    owner = to;
    story.ownership_events.push_back({owner, next, recorded_time(r, next, 0.1, end)});
    if (story.outcome == deal_outcome::open || next < story.closed) {
      story.owner_at_close = owner;
      story.owned_since = next;
    }
  }
}

/// Most deals are the owner's alone. The others are split, some equally, and some name a helper.
void share_credit(const world& w, deal_story& story) {
  random_stream r = stream(w.asked, purpose::credits, story.number);
  const bool split = r.chance(0.13);
  const bool helped = r.chance(0.04);
  if (!split && !helped) return;
  const date day = day_in_utc(story.owned_since);
  const auto colleague = [&] {
    std::uint32_t i = 0;
    bool taken = true;
    for (int attempt = 0; attempt < 16 && taken; ++attempt) {
      i = pick_seller(w, r, day);
      taken = i == story.owner_at_close ||
              std::any_of(story.credits.begin(), story.credits.end(),
                          [&](const credit_entry& c) { return c.salesperson == i; });
    }
    return taken ? nobody : i;
  };
  const auto add = [&](std::uint32_t who, std::int32_t ppm, credit_kind kind) {
    story.credits.push_back({who, share{ppm}, kind});
  };
  constexpr credit_kind revenue = credit_kind::revenue;
  add(story.owner_at_close, 1'000'000, revenue);
  if (split) {
    const std::uint32_t second = colleague();
    const double way = r.uniform();
    if (second != nobody && way < 0.4) {  // equal halves: a tie
      story.credits[0].part.ppm = 500'000;
      add(second, 500'000, revenue);
    } else if (second != nobody && way < 0.8) {
      const std::int32_t ppm = 50'000 * between(r, 2, 9);
      story.credits[0].part.ppm = 1'000'000 - ppm;
      add(second, ppm, revenue);
    } else if (second != nobody) {
      story.credits[0].part.ppm = 333'334;
      add(second, 666'666, revenue);
      const std::uint32_t third = colleague();
      if (third != nobody) {
        story.credits[1].part.ppm = 333'333;
        add(third, 333'333, revenue);
      }
    }
  }
  if (helped) {
    const std::uint32_t helper = colleague();
    if (helper != nobody) add(helper, 100'000 * between(r, 1, 5), credit_kind::overlay);
  }
}

line_entry draw_line(random_stream& r, const deal_story& story) {
  static const double total_share = [] {
    double sum = 0;
    for (const family& f : families()) sum += f.share;
    return sum;
  }();
  double left = r.uniform() * total_share;
  std::uint32_t family_number = 0;
  while (family_number + 1 < families().size() && left >= families()[family_number].share) {
    left -= families()[family_number++].share;
  }
  const family& f = families()[family_number];

  line_entry line;
  std::uint32_t seen = 0;
  for (std::uint32_t i = 0; i < products().size(); ++i) {
    // The n-th product of the family replaces the choice with probability 1 / n: all are as likely.
    if (products()[i].family == family_number && r.below(++seen) == 0) line.product = i;
  }
  const product_entry& p = products()[line.product];
  std::int64_t months = 1;
  if (f.lifetime == lifetime_kind::contract) {
    double u = r.uniform();
    line.contract = 0;
    while (line.contract + 1 < f.contracts.size() && u >= f.contracts[line.contract].share) {
      u -= f.contracts[line.contract++].share;
    }
    const std::int32_t term = f.contracts[line.contract].term_months;
    const double interval = r.uniform();
    line.terms.term_months = term;
    line.terms.every_months = term == 1 ? 1 : interval < 0.75 ? 12 : interval < 0.95 ? 3 : 1;
    line.terms.renews = !r.chance(0.05);
    if (r.chance(0.05)) line.terms.offset_days = 30;
    months = line.terms.every_months;
  } else if (f.lifetime == lifetime_kind::once && r.chance(0.5)) {
    line.terms.offset_days = between(r, 1, 60);
  }

  const double size = segments()[story.segment].size * exp_of(0.8 * normal(r));
  const std::int64_t quantity = std::max<std::int64_t>(1, rounded(p.quantity * size));
  const market& m = markets()[story.money];
  const auto in_market = [&](std::int64_t cents) {
    return cents * quantity * months * m.numerator / m.denominator;
  };
  line.list = in_market(p.price_cents);
  line.net = line.list * (1'000'000 - story.discount_ppm) / 1'000'000;
  line.cost = in_market(p.cost_cents) * between(r, 92, 106) / 100;
  line.list_known = !r.chance(0.02);
  line.cost_known = !r.chance(0.04);
  line.net_known = story.outcome == deal_outcome::won || !r.chance(0.05);
  return line;
}

void draw_lines(const world& w, deal_story& story) {
  random_stream r = stream(w.asked, purpose::lines, story.number);
  const double u = r.uniform();
  const int count = u < 0.55 ? 1 : u < 0.83 ? 2 : u < 0.95 ? 3 : 4;
  for (int i = 0; i < count; ++i) {
    line_entry line = draw_line(r, story);
    // A ramp: half the amount in a first year that does not renew, then the contract itself.
    if (line.terms.term_months == 12 && line.terms.every_months == 12 && r.chance(0.03)) {
      line_entry ramp = line;
      ramp.list /= 2;
      ramp.net /= 2;
      ramp.cost /= 2;
      ramp.terms.renews = false;
      line.terms.offset_days += 365;
      story.lines.push_back(ramp);
    }
    story.lines.push_back(line);
  }
  std::int64_t amount = 0;
  bool known = true;
  for (const line_entry& line : story.lines) {
    const std::int32_t every = line.terms.every_months;
    amount += line.net * (every == 0 ? 1 : line.terms.term_months / every);
    known = known && line.net_known;
  }
  if (r.chance(0.01)) {  // nobody entered lines: only the amount is known, as one bill
    story.lines.assign(1, {});
    story.lines[0].net = story.lines[0].list = amount;
    story.lines[0].list_known = story.lines[0].cost_known = false;
    story.lines[0].net_known = true;
    known = true;
  } else if (story.outcome != deal_outcome::won && r.chance(0.03)) {
    known = false;
  }
  if (known) story.amount = amount;
}

}  // namespace

instant recorded_time(random_stream& r, instant at, double late, instant end) noexcept {
  const double u = r.uniform();
  if (u < 0.003) return never_recorded;
  if (u >= 0.003 + late) return at;
  const std::int64_t days = between(r, 1, 30);
  const instant then{at.seconds + days * seconds_per_day + between(r, 0, 3599)};
  return then < end ? then : instant{end.seconds - 1};
}

void tell_deal(const world& w, std::uint32_t number, deal_story& story) {
  story.stage_events.clear();
  story.ownership_events.clear();
  story.credits.clear();
  story.lines.clear();
  story.number = number;
  story.customer = nobody;
  story.segment = unlisted_segment;
  story.money = 0;
  story.base_pipeline = false;
  story.amount.reset();

  random_stream r = stream(w.asked, purpose::deal, number);
  const date day = opening_day(w, r);
  story.opened = {start_of(day).seconds + 7 * hour + r.below(4 * 3600)};
  story.recorded = recorded_time(r, story.opened, 0.02, start_of(w.days.to));
  choose_customer(w, r, day, story);
  choose_origin(r, story);
  const std::uint32_t owner = pick_seller(w, r, day);
  const seller& s = w.sellers[owner];
  story.worked_by = static_cast<channel>(pick(r, s.channels, 1));

  // Discounts are round figures: steps of half a percent.
  const double discount = std::clamp(s.discount_habit + 0.08 * normal(r), 0.0, 0.45);
  story.discount_ppm = static_cast<std::int32_t>(rounded(discount * 200)) * 5000;

  const double beyond_usual = (story.discount_ppm - 100'000) * 1e-5;  // in ten points
  const double by_channel = story.worked_by == linkedin ? w.asked.channel_effect : 0;
  story.win_probability = probability_of(
      -0.95 + s.skill + segments()[story.segment].ease + 0.15 * beyond_usual + by_channel +
      (story.came_from == deal_origin::pull             ? 0.35
       : story.came_from == deal_origin::installed_base ? 0.8
                                                        : 0.0));
  story.churn_odds_factor = exp_of(w.asked.discount_effect * beyond_usual - by_channel);

  const bool wins = r.chance(story.win_probability);
  const double cycle = s.slowness * exp_of(3.8 + 0.55 * normal(r)) * (wins ? 1.0 : 1.15) *
                       (story.base_pipeline ? 0.6 : 1.0);
  run_pipeline(w, r, std::min(cycle, 900.0), wins, story);
  hand_over(w, r, owner, story);
  share_credit(w, story);
  draw_lines(w, story);
}

}  // namespace salespulse::simulator
