// SPDX-License-Identifier: BSL-1.0
#include "activities.hpp"

#include "draws.hpp"

#include <algorithm>
#include <string_view>

namespace salespulse::simulator {

namespace {

constexpr std::string_view kinds[channel_count][2] = {
    {"call", "call back"}, {"meeting", "demonstration"}, {"message", "message"},
    {"message", "comment"}, {"conversation", "talk"},    {"download", "webinar"}};

void use_channel(random_stream& r, channel c, touch& t) {
  t.channel = channel_names[c];
  t.kind = kinds[c][r.below(2)];
  const double u = r.uniform();
  t.direction = u < 0.35   ? touch_direction::inbound
                : u < 0.85 ? touch_direction::outbound
                : u < 0.95 ? touch_direction::mutual
                           : touch_direction::unknown;
  if (c == content) {  // read, not sent
    t.direction = touch_direction::inbound;
    if (r.chance(0.5)) t.salesperson = nobody;
  }
  if (c == visit) t.direction = touch_direction::mutual;
  if (r.chance(0.02)) t.channel = {};
}

std::uint32_t owner_at(const deal_story& story, instant at) {
  std::uint32_t owner = story.ownership_events.front().owner;
  for (const ownership_entry& e : story.ownership_events) {
    if (e.at <= at) owner = e.owner;
  }
  return owner;
}

}  // namespace

void tell_touches(const world& w, const deal_story& story, std::vector<touch>& touches) {
  touches.clear();
  random_stream r = stream(w.asked, purpose::activity, story.number);
  const instant end = start_of(w.days.to);
  instant last = std::min(story.closed, end);
  if (story.outcome == deal_outcome::won) {
    last = std::min(instant{last.seconds + 45 * seconds_per_day}, end);
  }
  const std::int64_t span = last.seconds - story.opened.seconds;
  const std::int64_t months = span / (30 * seconds_per_day);
  const std::int32_t count =
      1 + between(r, 0, 2) + static_cast<std::int32_t>(std::min<std::int64_t>(months, 8));
  for (std::int32_t i = 0; i < count; ++i) {
    touch t;
    t.deal = story.number;
    t.customer = story.customer;
    const double fraction = i == 0 ? 0 : (i - 1 + r.uniform()) / count;
    t.at.seconds = story.opened.seconds +
                   static_cast<std::int64_t>(static_cast<double>(span) * fraction);
    t.salesperson = owner_at(story, t.at);
    channel c = story.worked_by;
    if (r.chance(0.3)) c = static_cast<channel>(pick(r, w.sellers[t.salesperson].channels, 1));
    use_channel(r, c, t);
    if (i == 0) {  // who took the first step
      t.at.seconds -= between(r, 0, 1800);
      if (story.came_from == deal_origin::pull) t.direction = touch_direction::inbound;
      if (story.came_from == deal_origin::push) t.direction = touch_direction::outbound;
    }
    t.recorded = recorded_time(r, t.at, 0.05, end);
    touches.push_back(t);
  }
}

touch tell_prospecting(const world& w, std::uint32_t number) {
  random_stream r = stream(w.asked, purpose::prospecting, number);
  const date day = w.days.from + between(r, 0, w.days.length() - 1);
  touch t;
  t.at.seconds = start_of(day).seconds + 7 * 3600 + between(r, 0, 9 * 3600);
  t.customer = r.below(static_cast<std::uint32_t>(w.customers.size()));
  t.salesperson = pick_seller(w, r, day);
  use_channel(r, static_cast<channel>(pick(r, w.sellers[t.salesperson].channels, 1)), t);
  t.recorded = recorded_time(r, t.at, 0.05, start_of(w.days.to));
  return t;
}

}  // namespace salespulse::simulator
