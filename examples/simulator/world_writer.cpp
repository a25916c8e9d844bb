// SPDX-License-Identifier: BSL-1.0
#include "codes.hpp"
#include "draws.hpp"
#include "writer.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace salespulse::simulator {

namespace {

// What a deal that is opened books on average, in euros, lost ones at nothing: targets aim at it.
constexpr double typical_booking = 13'000;

/// A JSON number with up to 12 decimals, the same on every machine.
std::string number(double x) {
  std::string text = x < 0 ? "-" : "";
  const double size = x < 0 ? -x : x;
  const auto whole = static_cast<std::int64_t>(size);
  const std::int64_t rest = rounded((size - static_cast<double>(whole)) * 1e12);
  if (rest >= 1'000'000'000'000) return text + std::to_string(whole + 1);
  text += std::to_string(whole);
  if (rest == 0) return text;
  std::string decimals = std::to_string(rest);
  decimals.insert(0, 12 - decimals.size(), '0');
  decimals.erase(decimals.find_last_not_of('0') + 1);
  return text + '.' + decimals;
}

void write_text(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

std::string in_quotes(std::string_view text) { return '"' + std::string(text) + '"'; }

}  // namespace

void organisation_writer::write_world() {
  write_people();
  write_customers();
  write_rates();
  write_targets();
  write_world_truth();
  write_book();
  write_theta();
}

void organisation_writer::write_people() {
  constexpr std::string_view colours[] = {"Blue", "Green", "Amber", "Violet", "Scarlet", "Silver"};
  for (std::uint32_t t = 0; t < world_.teams; ++t) {
    std::string name(colours[t % std::size(colours)]);
    if (t >= std::size(colours)) name += ' ' + std::to_string(t / std::size(colours) + 1);
    put(entity::team, team{team_code(t), name});
  }
  for (std::uint32_t i = 0; i < world_.sellers.size(); ++i) {
    const seller& s = world_.sellers[i];
    salesperson row{.id = seller_code(i), .name = s.name, .active = s.active, .fte = s.fte,
                    .manager = {}};
    if (s.manager != nobody) row.manager = seller_code(s.manager);
    put(entity::salesperson, row);

    membership member{row.id, team_code(s.team), s.active};
    if (s.later_team != nobody) {  // changed teams: two rows, one ends where the other begins
      member.during = {s.active.from, s.moves};
      put(entity::membership, member);
      member = {row.id, team_code(s.later_team), {s.moves, s.active.to}};
    }
    put(entity::membership, member);
    if (s.second_team != nobody) {  // in both at once
      put(entity::membership, membership{row.id, team_code(s.second_team), s.active});
    }
  }
}

void organisation_writer::write_customers() {
  constexpr std::string_view first[] = {"North", "Harbour", "Mill", "Oak", "River", "Bright",
                                        "Meadow", "Stone", "Tower", "Lake", "Garden", "Falcon"};
  constexpr std::string_view second[] = {"Foods", "Logistics", "Care", "Works", "Media", "Energy",
                                         "Schools", "Print", "Hotels", "Steel", "Farms", "Labs"};
  for (std::uint32_t i = 0; i < world_.customers.size(); ++i) {
    const customer_truth& c = world_.customers[i];
    customer row{.id = customer_code(i), .name = {}, .parent = {}, .segment = {}};
    row.name = first[i % 12];
    row.name += ' ';
    row.name += second[i / 12 % 12];
    if (i >= 144) row.name += ' ' + std::to_string(i / 144 + 1);
    if (i % 50 == 7) row.name += ", \"the second\"";  // names that need quotes do occur
    if (c.parent != nobody) row.parent = customer_code(c.parent);
    row.segment = segments()[c.segment].name;
    put(entity::customer, row);
  }
  for (const product_entry& p : products()) {
    const family& f = families()[p.family];
    put(entity::product, product{.id = std::string(p.id), .name = std::string(p.name),
                                 .family = std::string(f.name), .lifetime = f.lifetime,
                                 .list_price = money{p.price_cents, eur},
                                 .unit_cost = money{p.cost_cents, eur}});
  }
  std::int32_t position = 0;
  std::string_view pipeline;
  for (const pipeline_stage& s : stages) {
    position = s.pipeline == pipeline ? position + 1 : 1;
    pipeline = s.pipeline;
    put(entity::stage, stage{.pipeline = std::string(s.pipeline), .id = std::string(s.id),
                             .name = std::string(s.name), .position = position,
                             .outcome = s.outcome});
  }
}

void organisation_writer::write_rates() {
  for (std::size_t i = 1; i < markets().size(); ++i) {
    const market& m = markets()[i];
    random_stream r = stream(world_.asked, purpose::rates, i);
    double rate = m.rate;
    // Begins a week early, so that the first day of the world has one.
    for (date day = world_.days.from - 7; day < world_.days.to; day = day + 1) {
      const std::int32_t weekday = (day.days + 3) % 7;  // 0: Monday; day 0 was a Thursday
      rate *= 1 + 0.004 * normal(r);
      rate += 0.002 * (m.rate - rate);  // wanders, but not away
      if (m.daily ? weekday >= 5 : weekday != 2) continue;
      put(entity::exchange_rate, exchange_rate{m.code, day, {rounded(rate * 1e8), 8}});
    }
  }
}

void organisation_writer::write_targets() {
  double capacity = 0;
  for (const seller& s : world_.sellers) capacity += s.capacity * s.fte.ppm * 1e-6;
  const double a_quarter = typical_booking * static_cast<double>(world_.asked.deals) /
                           (4.0 * world_.asked.years) / capacity;
  const civil_day first = to_civil(world_.days.from);
  const auto months_later = [&](std::int32_t months) {
    const std::int32_t month = first.month - 1 + months;
    return to_date({first.year + month / 12, month % 12 + 1, 1});
  };
  const auto thousands = [](double euros) {
    return units(std::max<std::int64_t>(1, rounded(euros / 1000)) * 1000, eur);
  };

  std::vector<double> team_year(world_.teams, 0);
  for (std::uint32_t i = 0; i < world_.sellers.size(); ++i) {
    const seller& s = world_.sellers[i];
    random_stream r = stream(world_.asked, purpose::target, i);
    const double quarter = a_quarter * s.capacity * s.fte.ppm * 1e-6 * (0.9 + 0.2 * r.uniform());
    team_year[s.team] += 4 * quarter;
    for (std::int32_t q = 0; q < 4 * world_.asked.years; ++q) {
      const period during{months_later(3 * q), months_later(3 * q + 3)};
      if (during.from < s.active.from || during.to > s.active.to) continue;
      put(entity::target,
          target{seller_code(i), {}, during, target_metric::bookings, thousands(quarter)});
    }
  }
  for (std::uint32_t t = 0; t < world_.teams; ++t) {
    for (std::int32_t y = 0; y < world_.asked.years; ++y) {
      const period during{months_later(12 * y), months_later(12 * y + 12)};
      put(entity::target, target{{}, team_code(t), during, target_metric::bookings,
                                 thousands(team_year[t])});
      put(entity::target, target{{}, team_code(t), during, target_metric::sustainable_value,
                                 thousands(team_year[t] * 0.8)});
    }
  }
}

void organisation_writer::write_book() const {
  write_text(folder_ / "book.json",
             "{\n"
             "  \"reporting_currency\": \"EUR\",\n"
             "  \"time_zone\": \"Europe/Amsterdam\",\n"
             "  \"first_fiscal_month\": 1\n"
             "}\n");
}

void organisation_writer::write_theta() const {
  std::string text =
      "{\n"
      "  \"salespulse_snapshot\": 1,\n"
      "  \"name\": \"true parameters of the simulation\",\n"
      "  \"source\": \"prior\",\n"
      "  \"yearly_rate\": 0.10,\n"
      "  \"horizon_days\": 1095,\n"
      "  \"retention\": [\n";
  for (const family& f : families()) {
    for (const contract& c : f.contracts) {
      text += "    {\"family\": " + in_quotes(f.name) +
              ", \"term_months\": " + std::to_string(c.term_months) +
              ", \"alpha\": " + number(c.alpha) + ", \"beta\": " + number(c.beta) +
              ", \"growth\": " + number(c.growth) + "},\n";
    }
  }
  text.erase(text.size() - 2, 1);  // no comma after the last
  text += "  ],\n  \"payment\": [\n";
  for (const segment& s : segments()) {
    text += "    {\"segment\": " + in_quotes(s.name) +
            ", \"credit_loss\": " + number(s.credit_loss) +
            ", \"payment_factor\": " + number(payment_factor(s)) +
            ", \"mean_delay_days\": " + number(mean_delay(s)) + "},\n";
  }
  text.erase(text.size() - 2, 1);
  text += "  ]\n}\n";
  write_text(folder_ / "theta.json", text);
}

void organisation_writer::write_world_truth() {
  const std::filesystem::path truth = folder_ / "truth";
  const options& o = world_.asked;
  write_text(truth / "options.json",
             "{\n  \"deals\": " + std::to_string(o.deals) +
                 ",\n  \"seed\": " + std::to_string(o.seed) +
                 ",\n  \"sellers\": " + std::to_string(o.sellers) +
                 ",\n  \"customers\": " + std::to_string(o.customers) +
                 ",\n  \"start\": " + in_quotes(to_string(world_.days.from)) +
                 ",\n  \"end\": " + in_quotes(to_string(world_.days.to)) +
                 ",\n  \"discount_effect\": " + number(o.discount_effect) +
                 ",\n  \"channel_effect\": " + number(o.channel_effect) +
                 ",\n  \"lean\": " + (o.lean ? "true" : "false") + "\n}\n");

  std::string sellers = "salesperson,skill_log_odds,slowness,discount_habit,capacity";
  for (const std::string_view name : channel_names) sellers += ',' + std::string(name);
  for (std::uint32_t i = 0; i < world_.sellers.size(); ++i) {
    const seller& s = world_.sellers[i];
    sellers += '\n' + seller_code(i);
    for (const double x : {s.skill, s.slowness, s.discount_habit, s.capacity}) {
      sellers += ',' + number(x);
    }
    for (const double x : s.channels) sellers += ',' + number(x);
  }
  write_text(truth / "sellers.csv", sellers + '\n');

  std::string retention = "family,term_months,alpha,beta,growth\n";
  for (const family& f : families()) {
    for (const contract& c : f.contracts) {
      retention += std::string(f.name) + ',' + std::to_string(c.term_months) + ',' +
                   number(c.alpha) + ',' + number(c.beta) + ',' + number(c.growth) + '\n';
    }
  }
  write_text(truth / "retention.csv", retention);

  std::string payment = "segment,credit_loss,payment_factor,mean_delay_days\n";
  for (const segment& s : segments()) {
    payment += std::string(s.name) + ',' + number(s.credit_loss) + ',' +
               number(payment_factor(s)) + ',' + number(mean_delay(s)) + '\n';
  }
  write_text(truth / "payment.csv", payment);
}

}  // namespace salespulse::simulator
