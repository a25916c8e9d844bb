// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_BENCHMARKS_SYNTHETIC_HPP
#define SALESPULSE_BENCHMARKS_SYNTHETIC_HPP

#include <salespulse/salespulse.hpp>

#include <cstdint>
#include <cstdlib>
#include <string>

namespace salespulse::benchmarks {

inline constexpr std::uint32_t sellers = 1000;
inline constexpr std::uint32_t families = 8;  // the last two are sold once
inline constexpr std::uint32_t segments = 4;

/// Deals that the sizes of a benchmark go up to: 10^6, or what SALESPULSE_BENCHMARK_DEALS says.
inline std::int64_t most_deals() {
  const char* asked = std::getenv("SALESPULSE_BENCHMARK_DEALS");
  return asked == nullptr ? 1'000'000 : std::atoll(asked);
}

// Appends, since GCC 12 warns about "s" + std::to_string(n) when it optimises.
inline std::string numbered(char kind, std::uint64_t number) {
  std::string id(1, kind);
  id += std::to_string(number);
  return id;
}

inline double loss_of(std::uint32_t segment) { return 0.005 * (segment + 1); }
inline double delay_of(std::uint32_t segment) { return 15.0 * (segment + 1); }

/// A firm of won deals with one line each: half again as many deals as customers, so that many
/// customers hold several contracts and some of them in one lifetime.
inline book synthetic_book(std::int64_t deals) {
  book_builder builder;
  const date start = to_date({2023, 1, 1});
  for (std::uint32_t s = 0; s < sellers; ++s) {
    salesperson who;
    who.id = numbered('s', s);
    builder.add(who);
  }
  for (std::uint32_t f = 0; f < families; ++f) {
    product p;
    p.id = p.family = numbered('f', f);
    p.lifetime = f + 2 < families ? lifetime_kind::contract : lifetime_kind::once;
    builder.add(p);
  }
  stage won;
  won.id = "won";
  won.outcome = deal_outcome::won;
  builder.add(won);
  const std::int64_t customers = deals * 2 / 3 + 1;
  customer c;
  for (std::int64_t i = 0; i < customers; ++i) {
    random_stream draw(1, static_cast<std::uint64_t>(i));
    c.id = numbered('c', static_cast<std::uint64_t>(i));
    c.segment = numbered('g', draw.below(segments));
    builder.add(c);
  }
  deal d;
  line l;
  stage_event e;
  e.stage = "won";
  for (std::int64_t i = 0; i < deals; ++i) {
    random_stream draw(2, static_cast<std::uint64_t>(i));
    d.id = numbered('d', static_cast<std::uint64_t>(i));
    d.customer = numbered('c', draw.bits() % static_cast<std::uint64_t>(customers));
    d.owner = numbered('s', draw.below(sellers));
    d.opened = start_of(start + static_cast<std::int32_t>(draw.below(700)));
    builder.add(d);
    e.deal = d.id;
    e.at = instant{d.opened->seconds + std::int64_t{1 + draw.below(90)} * seconds_per_day};
    builder.add(e);
    const std::uint32_t family = draw.below(families);
    l.deal = d.id;
    l.product = numbered('f', family);
    l.terms = {};
    if (family + 2 < families) l.terms = {12, 12 * (1 + static_cast<int>(draw.below(3))), 0, true};
    const std::int64_t list = 100'000 + draw.below(10'000'000);
    l.list = money{list, eur};
    l.net = money{list - list * draw.below(30) / 100, eur};
    l.cost = money{l.net->minor * (20 + draw.below(40)) / 100, eur};
    builder.add(l);
  }
  return builder.build();
}

inline snapshot synthetic_snapshot() {
  snapshot s;
  s.name = "benchmark";
  for (std::uint32_t f = 0; f + 2 < families; ++f) {
    for (const int term : {12, 24, 36}) {
      s.retention.push_back({numbered('f', f), term, 1.0 + f, 9, 1});
    }
  }
  for (std::uint32_t g = 0; g < segments; ++g) {
    const discount_curve curve(s.yearly_rate);
    const double delay = delay_of(g);
    s.payment.push_back(
        {numbered('g', g), loss_of(g), curve(static_cast<std::int32_t>(delay)), delay});
  }
  return s;
}

}  // namespace salespulse::benchmarks

#endif
