// SPDX-License-Identifier: BSL-1.0
#include "world.hpp"

#include "draws.hpp"

#include <algorithm>

namespace salespulse::simulator {

const std::array<segment, 5>& segments() noexcept {
  static const std::array<segment, 5> all{{
      {"enterprise", 0.12, 4.0, -0.30, 0.004,
       {20, 28, 30, 33, 36, 38, 40, 42, 45, 48, 50, 55, 60, 70, 80, 95}},
      {"midsize", 0.30, 1.6, 0.05, 0.010,
       {5, 10, 14, 18, 20, 22, 25, 28, 30, 32, 34, 36, 40, 44, 50, 72}},
      {"small", 0.43, 0.7, 0.10, 0.030,
       {0, 0, 2, 5, 8, 10, 12, 14, 16, 20, 24, 28, 35, 45, 60, 90}},
      {"public", 0.10, 2.2, -0.10, 0.001,
       {25, 27, 28, 29, 30, 30, 31, 32, 33, 34, 35, 36, 38, 42, 46, 60}},
      {"", 0.05, 1.0, 0.00, 0.015,
       {0, 4, 8, 12, 15, 18, 20, 23, 26, 30, 34, 38, 45, 55, 70, 98}},
  }};
  return all;
}

const std::array<market, 4>& markets() noexcept {
  static const std::array<market, 4> all{{
      {eur, 0.80, 1, 1, 1.0, false},
      {usd, 0.09, 11, 10, 0.91, true},
      {*currency::from_code("GBP"), 0.07, 17, 20, 1.17, false},
      {*currency::from_code("JPY"), 0.04, 3, 2, 0.0067, false},
  }};
  return all;
}

const std::vector<family>& families() noexcept {
  static const std::vector<family> all{
      {"platform", lifetime_kind::contract, 0.34,
       {{12, 0.65, 1.2, 6.8, 1.02}, {24, 0.20, 1.0, 8.0, 1.02}, {36, 0.15, 0.8, 8.2, 1.03}}},
      {"analytics", lifetime_kind::contract, 0.14,
       {{12, 0.75, 1.5, 6.0, 1.0}, {36, 0.25, 1.0, 7.0, 1.0}}},
      {"support", lifetime_kind::contract, 0.16,
       {{12, 0.70, 0.8, 9.2, 1.0}, {24, 0.30, 0.6, 9.4, 1.0}}},
      {"connect", lifetime_kind::contract, 0.06, {{1, 1.0, 0.5, 14.5, 1.0}}},
      {"services", lifetime_kind::once, 0.18, {}},
      {"hardware", lifetime_kind::once, 0.09, {}},
      {"consumables", lifetime_kind::repeat, 0.03, {}},
  };
  return all;
}

const std::vector<product_entry>& products() noexcept {
  static const std::vector<product_entry> all{
      {"PL-S", "Platform Start", 0, 3900, 1100, 12},
      {"PL-T", "Platform Team", 0, 5900, 1700, 18},
      {"PL-E", "Platform Enterprise", 0, 8400, 2200, 25},
      {"AN-B", "Analytics Basic", 1, 2500, 600, 14},
      {"AN-P", "Analytics \"Plus\"", 1, 4600, 1000, 16},
      {"SU-D", "Support, office hours", 2, 1800, 950, 15},
      {"SU-N", "Support, day and night", 2, 3600, 2100, 15},
      {"CO-1", "Connect", 3, 1500, 500, 20},
      {"CO-2", "Connect Roaming", 3, 2400, 1000, 20},
      {"SV-I", "Installation", 4, 96000, 62000, 3},
      {"SV-T", "Training", 4, 120000, 54000, 2},
      {"SV-C", "Consultancy", 4, 138000, 83000, 6},
      {"HW-T", "Terminal", 5, 64900, 46000, 10},
      {"HW-G", "Gateway", 5, 189500, 121000, 4},
      {"CN-L", "Labels", 6, 1990, 900, 40},
      {"CN-R", "Rolls", 6, 890, 520, 60},
  };
  return all;
}

namespace {

constexpr std::string_view first_names[] = {
    "Anna", "Bram", "Chloe", "Daan", "Eva", "Femke", "Gijs", "Hanna", "Ivo", "Julia", "Koen",
    "Lotte", "Milan", "Noor", "Olaf", "Pien", "Quinten", "Roos", "Sem", "Tess", "Umar", "Vera",
    "Wout", "Yara", "Zoe"};
constexpr std::string_view last_names[] = {
    "de Vries", "Jansen", "Bakker", "Visser", "Smit", "Meijer", "de Boer", "Mulder", "de Groot",
    "Bos", "Vos", "Peters", "Hendriks", "van Leeuwen", "Dekker", "Brouwer", "de Wit", "Dijkstra",
    "Smits", "de Graaf", "van der Meer", "Kok", "Jacobs", "van Dijk"};

seller make_seller(const world& w, std::uint32_t number) {
  random_stream r = stream(w.asked, purpose::seller, number);
  const std::uint32_t teams = w.teams;
  const std::int32_t length = w.days.length();
  seller s;
  // One draw a statement: in what order a compiler evaluates the parts of a sum is its own choice.
  s.name = first_names[r.below(std::size(first_names))];
  s.name += ' ';
  s.name += last_names[r.below(std::size(last_names))];
  s.team = number % teams;
  const bool leads = number < teams;  // the first of each team leads it
  if (!leads) s.manager = s.team;
  if (leads && number != 0) s.manager = 0;
  s.capacity = leads ? 0.4 : 0.7 + 0.6 * r.uniform();
  s.skill = 0.45 * normal(r);
  s.slowness = exp_of(0.25 * normal(r));
  s.discount_habit = 0.02 + 0.16 * r.uniform();

  // Most have one way of working that they prefer. It is drawn apart from skill: no way is better.
  double total = 0;
  for (double& weight : s.channels) total += weight = 0.05 + 0.45 * r.uniform();
  const std::uint32_t preferred = r.below(channel_count);
  s.channels[preferred] += 1.2;
  total += 1.2;
  for (double& weight : s.channels) weight /= total;

  s.active = {w.days.from - between(r, 100, 3000), all_days.to};
  if (!leads) {
    if (r.chance(0.18)) s.active.from = w.days.from + between(r, 20, length / 2);
    if (r.chance(0.15)) s.active.to = w.days.from + between(r, length / 2 + 30, length - 20);
    if (r.chance(0.15)) s.fte = share{500'000 + 100'000 * between(r, 0, 3)};
    if (r.chance(0.08)) {
      s.later_team = (s.team + 1 + r.below(teams - 1)) % teams;
      s.moves = w.days.from + between(r, length / 2, length / 2 + 29);
    }
  }
  // One, and few others in a large firm, work for two teams at once.
  if (number == teams || (number > teams && r.chance(0.01))) {
    s.later_team = nobody;
    s.second_team = (s.team + 1) % teams;
  }
  return s;
}

customer_truth make_customer(const world& w, std::uint32_t number) {
  random_stream r = stream(w.asked, purpose::customer, number);
  customer_truth c;
  double total = 0;
  std::array<double, 5> shares{};
  for (std::size_t i = 0; i < shares.size(); ++i) total += shares[i] = segments()[i].share;
  c.segment = static_cast<std::uint8_t>(pick(r, shares, total));
  std::array<double, 4> moneys{};
  for (std::size_t i = 0; i < moneys.size(); ++i) moneys[i] = markets()[i].share;
  c.money = static_cast<std::uint8_t>(pick(r, moneys, 1));
  c.since = w.days.from + between(r, -900, w.days.length() * 4 / 5);
  // Parents stand among the first fifty, who have none themselves, so no chain can close.
  if (number >= 50 && r.chance(0.05)) c.parent = r.below(50);
  return c;
}

}  // namespace

world make_world(options asked) {
  world w;
  if (asked.sellers == 0) {
    asked.sellers =
        static_cast<std::uint32_t>(std::clamp<std::int64_t>(asked.deals / 100, 12, 1000));
  }
  if (asked.customers == 0) {
    asked.customers = static_cast<std::uint32_t>(std::max<std::int64_t>(asked.deals / 4, 60));
  }
  w.asked = asked;
  const civil_day first = to_civil(asked.start);
  date last = to_date({first.year + asked.years, first.month, 1});
  last = last + std::min(first.day - 1, days_in_month(first.year + asked.years, first.month) - 1);
  w.days = {asked.start, last};
  w.teams = std::max<std::uint32_t>(3, asked.sellers / 9);
  w.sellers.reserve(asked.sellers);
  for (std::uint32_t i = 0; i < asked.sellers; ++i) w.sellers.push_back(make_seller(w, i));
  w.customers.reserve(asked.customers);
  for (std::uint32_t i = 0; i < asked.customers; ++i) w.customers.push_back(make_customer(w, i));
  return w;
}

std::uint32_t pick_seller(const world& w, random_stream& r, date day) noexcept {
  const auto count = static_cast<std::uint32_t>(w.sellers.size());
  for (int attempt = 0; attempt < 64; ++attempt) {
    const std::uint32_t i = r.below(count);
    const seller& s = w.sellers[i];
    const double weight = s.capacity * s.fte.ppm * 1e-6;
    if (s.active.contains(day) && r.chance(weight / 1.3)) return i;
  }
  return 0;  // leads the first team and never leaves
}

double payment_factor(const segment& s) noexcept {
  const double log_year = log_of(1.1);
  double sum = 0;
  for (const std::int32_t delay : s.delays) sum += exp_of(-log_year * delay / 365);
  return sum / static_cast<double>(s.delays.size());
}

double mean_delay(const segment& s) noexcept {
  std::int32_t sum = 0;
  for (const std::int32_t delay : s.delays) sum += delay;
  return static_cast<double>(sum) / static_cast<double>(s.delays.size());
}

}  // namespace salespulse::simulator
