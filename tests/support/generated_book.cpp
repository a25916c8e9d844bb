// SPDX-License-Identifier: BSL-1.0
#include "support/generated_book.hpp"

#include <salespulse/core/random.hpp>
#include <salespulse/model/book_tables.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <sstream>
#include <string_view>
#include <utility>

namespace salespulse::test {

namespace {

const date first_day = to_date({2021, 1, 1});
constexpr std::array<std::string_view, 3> segments{"", "large", "small"};
constexpr std::array<std::string_view, 3> foreign{"USD", "JPY", "KWD"};

struct catalogue_entry {
  std::string_view product;
  std::string_view family;
  lifetime_kind lifetime;
};
constexpr std::array<catalogue_entry, 6> catalogue{{
    {"licence", "licence", lifetime_kind::contract},
    {"licence-plus", "licence", lifetime_kind::contract},
    {"service", "service", lifetime_kind::contract},
    {"training", "training", lifetime_kind::once},
    {"supplies", "supplies", lifetime_kind::repeat},
    {"trial", "trial", lifetime_kind::unknown},
}};
constexpr std::array<line_terms, 8> schedules{{
    {0, 0, 0, false},
    {12, 12, 0, true},
    {12, 36, 0, true},
    {1, 12, 0, true},
    {3, 12, 0, false},
    {6, 6, 0, true},
    {1, 1, 0, true},
    {12, 24, 0, false},
}};
constexpr std::array<std::int32_t, 6> terms{1, 6, 12, 24, 36, 60};

std::string numbered(std::string_view name, int number) {
  return std::string(name) + std::to_string(number);
}

// One book while it grows.
class author {
public:
  author(const book_shape& shape, const chooser& choose) : shape_(shape), choose_(choose) {}

  generated_facts write() {
    masters();
    const int deals = choose_(1, shape_.most_deals);
    for (int d = 0; d < deals; ++d) add_deal(numbered("deal-", d));
    const int touches = choose_(0, 3);
    for (int i = 0; i < touches; ++i) add_activity(numbered("touch-", i), deals);
    return std::move(facts_);
  }

private:
  [[nodiscard]] int choose(int low, int high) const { return choose_(low, high); }
  [[nodiscard]] bool chance(int percent) const { return choose(0, 99) >= 100 - percent; }
  [[nodiscard]] std::string seller() const { return numbered("seller-", choose(0, 4)); }
  [[nodiscard]] static instant moment(date day, int hour) {
    return {start_of(day).seconds + hour * 3600};
  }

  void masters() {
    for (int i = 0; i < 5; ++i) {
      facts_.salespeople.push_back({.id = numbered("seller-", i)});
    }
    facts_.teams = {{.id = "north"}, {.id = "south"}};
    // Nobody, one team, both at once, or a move in the middle.
    for (int i = 0; i < 5; ++i) {
      const std::string who = numbered("seller-", i);
      const date change = first_day + choose(0, 500);
      switch (choose(0, 3)) {
        case 0: facts_.memberships.push_back({who, "north", all_days}); break;
        case 1:
          facts_.memberships.push_back({who, "north", {first_day, change + 1}});
          facts_.memberships.push_back({who, "south", {change + 1, first_day + 4000}});
          break;
        case 2:
          facts_.memberships.push_back({who, "north", all_days});
          facts_.memberships.push_back({who, "south", {change, change + 100}});
          break;
        default: break;
      }
    }
    for (int i = 0; i < 4; ++i) {
      facts_.customers.push_back(
          {.id = numbered("customer-", i),
           .segment = std::string(segments[static_cast<std::size_t>(choose(0, 2))])});
    }
    for (const catalogue_entry& c : catalogue) {
      facts_.products.push_back(
          {.id = std::string(c.product), .family = std::string(c.family), .lifetime = c.lifetime});
    }
    facts_.stages = {{.id = "quoted", .position = 1},
                     {.id = "won", .position = 2, .outcome = deal_outcome::won},
                     {.id = "lost", .position = 3, .outcome = deal_outcome::lost}};
    for (std::size_t i = 0; shape_.several_currencies && i < foreign.size(); ++i) {
      for (int week = 0; week < 260; ++week) {
        facts_.rates.push_back(
            {*currency::from_code(foreign[i]),
             first_day + 7 * week,
             {817'113 + 1'000 * week, static_cast<std::int32_t>(4 + 2 * (i % 2))}});
      }
    }
  }

  void add_deal(const std::string& id) {
    const date opened = first_day + choose(0, 700);
    const date closed = opened + choose(0, 200);
    deal row;
    row.id = id;
    row.opened = moment(opened, 9);
    if (!shape_.unnamed_customers || !chance(20))
      row.customer = numbered("customer-", choose(0, 3));
    if (!chance(10)) row.owner = seller();
    row.origin = static_cast<deal_origin>(choose(0, 3));
    event_ = 0;
    if (shape_.only_won || choose(0, 9) < 7) {
      close(row, closed, "won");
    } else if (chance(50)) {
      close(row, closed, "lost");
    } else {
      enter(id, "quoted", moment(opened, 9));
    }
    if (shape_.split_credits) add_people(id, opened, closed);
    const int lines = choose(shape_.only_won ? 1 : 0, shape_.most_lines);
    if (lines == 0 && !chance(20)) row.amount = money{choose(1, 100'000), eur};
    for (int i = 0; i < lines; ++i) add_line(id, id + numbered("-line-", i));
    if (chance(20)) add_revenue(id, closed);
    facts_.deals.push_back(std::move(row));
  }

  void enter(const std::string& deal, std::string_view stage, std::optional<instant> at) {
    facts_.stage_events.push_back(
        {.deal = deal, .stage = std::string(stage), .at = at, .sequence = event_++});
  }

  void close(deal& row, date closed, std::string_view outcome) {
    switch (shape_.only_won ? choose(0, 2) : choose(0, 4)) {
      case 0: enter(row.id, outcome, moment(closed, 15)); break;
      case 1:  // reopened, and closed again
        enter(row.id, "quoted", row.opened);
        enter(row.id, "lost", moment(closed, 12));
        enter(row.id, "quoted", moment(closed, 13));
        enter(row.id, outcome, moment(closed, 15));
        break;
      case 2:  // entered twice: the first entry of the last run counts
        enter(row.id, outcome, moment(closed, 15));
        enter(row.id, outcome, moment(closed + choose(1, 30), 15));
        break;
      case 3:  // only a typed date
        enter(row.id, outcome, std::nullopt);
        row.close_date = closed;
        break;
      default: enter(row.id, outcome, std::nullopt); break;  // nobody knows when
    }
  }

  void add_people(const std::string& id, date opened, date closed) {
    const int first = choose(0, 4);
    const auto credit = [&](int step, std::int32_t ppm, credit_kind kind) {
      facts_.credits.push_back({.deal = id,
                                .salesperson = numbered("seller-", (first + step) % 5),
                                .part = {ppm},
                                .kind = kind,
                                .sequence = step});
    };
    switch (choose(0, 6)) {
      case 1:
        credit(0, 500'000, credit_kind::revenue);
        credit(1, 500'000, credit_kind::revenue);
        break;
      case 2:
        credit(0, 333'334, credit_kind::revenue);
        credit(1, 333'333, credit_kind::revenue);
        credit(2, 333'333, credit_kind::revenue);
        credit(3, 250'000, credit_kind::overlay);
        break;
      case 3: credit(0, 1'000'000, credit_kind::overlay); break;
      case 4:  // do not sum: nobody is credited
        credit(0, 600'000, credit_kind::revenue);
        credit(1, 300'000, credit_kind::revenue);
        break;
      case 5:
        credit(0, 1, credit_kind::revenue);
        credit(1, 999'999, credit_kind::revenue);
        break;
      default: break;
    }
    if (chance(25)) {
      facts_.ownership_events.push_back({.deal = id, .owner = seller(), .at = moment(opened, 9)});
      facts_.ownership_events.push_back(
          {.deal = id, .owner = seller(), .at = moment(closed, choose(0, 1) == 0 ? 10 : 20)});
    }
  }

  void add_line(const std::string& deal, const std::string& id) {
    const std::size_t products = shape_.unknown_amounts ? catalogue.size() : 4;
    const catalogue_entry& sold =
        catalogue[static_cast<std::size_t>(choose(0, static_cast<int>(products) - 1))];
    line row;
    row.id = id;
    row.deal = deal;
    row.product = sold.product;
    row.terms = schedules[static_cast<std::size_t>(choose(0, 7))];
    if (row.terms.renews && chance(20)) row.terms.renews = false;
    constexpr std::array<std::int32_t, 5> offsets{0, 0, 30, 365, 1095};
    row.terms.offset_days = offsets[static_cast<std::size_t>(choose(0, 4))];
    if (shape_.one_class) {
      row.product = "licence";
      row.terms = {12, 12, 0, true};
    }
    currency paid_in = eur;
    if (shape_.several_currencies && chance(40)) {
      paid_in = *currency::from_code(foreign[static_cast<std::size_t>(choose(0, 2))]);
    }
    const std::int64_t scale = chance(10) ? 10'000'000 : 1;
    const std::int64_t net = choose(1, 1'000'000) * scale;
    const int unknown = shape_.unknown_amounts ? choose(0, 9) : 0;
    if (unknown != 9) row.net = money{net, paid_in};
    switch (choose(0, 3)) {
      case 0: row.list = money{net, paid_in}; break;
      case 1: row.list = money{net + net * choose(1, 100) / 100, paid_in}; break;
      case 2: row.list = money{net - net * choose(1, 50) / 100, paid_in}; break;
      default:
        if (!shape_.unknown_amounts) row.list = money{net + 1, paid_in};
        break;
    }
    const int most_cost = shape_.losses ? 130 : 60;
    if (unknown < 6) row.cost = money{net * choose(0, most_cost) / 100, paid_in};
    if (shape_.losses && chance(8)) {
      for (std::optional<money>* amount : {&row.list, &row.net, &row.cost}) {
        if (*amount) (*amount)->minor = -(*amount)->minor;
      }
    }
    facts_.lines.push_back(std::move(row));
  }

  void add_revenue(const std::string& deal, date closed) {
    facts_.revenue_events.push_back({.id = deal + "-invoice",
                                     .deal = deal,
                                     .amount = money{choose(1, 1000), eur},
                                     .at = moment(closed + 10, 9)});
    facts_.revenue_events.push_back({.id = deal + "-refund",
                                     .deal = deal,
                                     .kind = revenue_kind::refund,
                                     .amount = money{-choose(1, 1000), eur},
                                     .at = moment(closed + 40, 9),
                                     .refers_to = deal + "-invoice"});
  }

  void add_activity(const std::string& id, int deals) {
    constexpr std::array<std::string_view, 4> channels{"telephone", "visit", "e-mail", ""};
    facts_.activities.push_back(
        {.id = id,
         .salesperson = seller(),
         .customer = numbered("customer-", choose(0, 3)),
         .deal = numbered("deal-", choose(0, deals - 1)),
         .at = moment(first_day + choose(0, 900), 11),
         .channel = std::string(channels[static_cast<std::size_t>(choose(0, 3))]),
         .direction = static_cast<touch_direction>(choose(0, 3))});
  }

  const book_shape& shape_;
  const chooser& choose_;
  generated_facts facts_;
  std::int64_t event_ = 0;
};

template <class Row>
void shuffle(std::vector<Row>& rows, random_stream& random) {
  for (std::size_t i = rows.size(); i > 1; --i) {
    std::swap(rows[i - 1], rows[random.below(static_cast<std::uint32_t>(i))]);
  }
}

std::string amount_text(const std::optional<money>& m) {
  return m ? std::to_string(m->minor) + " " + std::string(m->currency.code()) : "?";
}

std::string moment_text(std::optional<instant> t) {
  return t ? to_string(day_in_utc(*t)) + "+" +
                 std::to_string((t->seconds - start_of(day_in_utc(*t)).seconds) / 3600) + "h"
           : "?";
}

}  // namespace

generated_facts generate_facts(const book_shape& shape, const chooser& choose) {
  return author(shape, choose).write();
}

snapshot generate_snapshot(const chooser& choose) {
  snapshot s;
  s.name = "generated";
  constexpr std::array<std::int32_t, 4> horizons{1095, 365, 1825, 100};
  s.horizon_days = horizons[static_cast<std::size_t>(choose(0, 3))];
  s.yearly_rate = choose(0, 30) / 100.0;
  for (const std::string_view family : {"licence", "service"}) {
    for (const std::int32_t term : terms) {
      s.retention.push_back({std::string(family), term, choose(1, 40) / 10.0, choose(1, 90) / 10.0,
                             choose(0, 3) == 3 ? choose(90, 120) / 100.0 : 1.0});
    }
  }
  for (const std::string_view segment : segments) {
    s.payment.push_back({std::string(segment), choose(0, 20) / 100.0, choose(80, 100) / 100.0, 0});
  }
  return s;
}

chooser random_chooser(std::uint64_t seed) {
  return [random = random_stream(seed, 0)](int low, int high) mutable {
    return low + static_cast<int>(random.below(static_cast<std::uint32_t>(high - low + 1)));
  };
}

generated_facts random_facts(std::uint64_t seed, const book_shape& shape) {
  return generate_facts(shape, random_chooser(seed));
}

book build(const generated_facts& facts, std::vector<issue>* issues) {
  book_builder builder(facts.options);
  const auto add_all = [&](const auto& rows) {
    for (const auto& row : rows) builder.add(row);
  };
  add_all(facts.rates);
  add_all(facts.salespeople);
  add_all(facts.teams);
  add_all(facts.memberships);
  add_all(facts.customers);
  add_all(facts.products);
  add_all(facts.stages);
  add_all(facts.deals);
  add_all(facts.lines);
  add_all(facts.stage_events);
  add_all(facts.ownership_events);
  add_all(facts.credits);
  add_all(facts.revenue_events);
  add_all(facts.activities);
  add_all(facts.targets);
  book built = builder.build();
  if (issues != nullptr) issues->assign(builder.issues().begin(), builder.issues().end());
  return built;
}

generated_facts permuted(generated_facts facts, std::uint64_t seed) {
  random_stream random(seed, 1);
  shuffle(facts.rates, random);
  shuffle(facts.salespeople, random);
  shuffle(facts.teams, random);
  shuffle(facts.memberships, random);
  shuffle(facts.customers, random);
  shuffle(facts.products, random);
  shuffle(facts.stages, random);
  shuffle(facts.deals, random);
  shuffle(facts.lines, random);
  shuffle(facts.stage_events, random);
  shuffle(facts.ownership_events, random);
  shuffle(facts.credits, random);
  shuffle(facts.revenue_events, random);
  shuffle(facts.activities, random);
  shuffle(facts.targets, random);
  return facts;
}

generated_facts part_of(const generated_facts& facts,
                        const std::function<bool(std::size_t deal)>& keep) {
  generated_facts part = facts;
  std::vector<std::string> kept;
  part.deals.clear();
  for (std::size_t i = 0; i < facts.deals.size(); ++i) {
    if (!keep(i)) continue;
    part.deals.push_back(facts.deals[i]);
    kept.push_back(facts.deals[i].id);
  }
  const auto drop = [&](auto& rows) {
    std::erase_if(rows, [&](const auto& row) {
      return std::find(kept.begin(), kept.end(), row.deal) == kept.end();
    });
  };
  drop(part.lines);
  drop(part.stage_events);
  drop(part.ownership_events);
  drop(part.credits);
  drop(part.revenue_events);
  drop(part.activities);
  return part;
}

valuation valuation_of(const book& b, std::span<const snapshot> by_epoch) {
  std::vector<std::string_view> families;
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < b.names().families.size(); ++i) {
    families.push_back(b.names().families[i]);
  }
  for (std::size_t i = 0; i < b.names().segments.size(); ++i) {
    names.push_back(b.names().segments[i]);
  }
  return valuation::make(by_epoch, families, b.tables().families, names).value();
}

std::string to_text(const generated_facts& facts) {
  std::ostringstream out;
  out << "reporting " << facts.options.reporting.code() << "\n";
  for (const membership& m : facts.memberships) {
    out << "membership " << m.salesperson << " " << m.team;
    if (m.during != all_days)
      out << " " << to_string(m.during.from) << " " << to_string(m.during.to);
    out << "\n";
  }
  for (const customer& c : facts.customers) {
    out << "customer " << c.id << " segment '" << c.segment << "'\n";
  }
  for (const deal& d : facts.deals) {
    out << "deal " << d.id << " customer '" << d.customer << "' owner '" << d.owner << "' opened "
        << moment_text(d.opened);
    if (d.close_date) out << " close_date " << to_string(*d.close_date);
    if (d.amount) out << " amount " << amount_text(d.amount);
    out << "\n";
  }
  for (const line& l : facts.lines) {
    out << "line " << l.id << " of " << l.deal << " product '" << l.product << "' list "
        << amount_text(l.list) << " net " << amount_text(l.net) << " cost " << amount_text(l.cost)
        << " every " << l.terms.every_months << " term " << l.terms.term_months << " offset "
        << l.terms.offset_days << (l.terms.renews ? " renews" : "") << "\n";
  }
  for (const stage_event& e : facts.stage_events) {
    out << "stage_event " << e.deal << " " << e.stage << " " << moment_text(e.at) << " #"
        << e.sequence << "\n";
  }
  for (const ownership_event& e : facts.ownership_events) {
    out << "ownership_event " << e.deal << " " << e.owner << " " << moment_text(e.at) << "\n";
  }
  for (const credit_split& c : facts.credits) {
    out << "credit " << c.deal << " " << c.salesperson << " " << c.part.ppm << " ppm"
        << (c.kind == credit_kind::overlay ? " overlay" : "") << "\n";
  }
  for (const activity& a : facts.activities) {
    out << "activity " << a.salesperson << " " << a.customer << " '" << a.channel << "'\n";
  }
  return out.str();
}

std::string to_text(const snapshot& parameters) {
  std::ostringstream out;
  out << "rate " << parameters.yearly_rate << " horizon " << parameters.horizon_days << "\n";
  for (const retention_parameters& r : parameters.retention) {
    out << "retention " << r.family << " " << r.term_months << " alpha " << r.alpha << " beta "
        << r.beta << " growth " << r.growth << "\n";
  }
  for (const payment_parameters& p : parameters.payment) {
    out << "payment '" << p.segment << "' loss " << p.credit_loss << " factor " << p.payment_factor
        << "\n";
  }
  return out.str();
}

}  // namespace salespulse::test
