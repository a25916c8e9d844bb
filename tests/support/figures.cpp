// SPDX-License-Identifier: BSL-1.0
#include "support/figures.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace salespulse::test {

std::string owner_name(const book& b, value_view view, std::uint32_t owner) {
  if (view == value_view::firm) return "(firm)";
  if (owner == nobody) return "(nobody)";
  const book_names& n = b.names();
  switch (view) {
    case value_view::salesperson: return std::string(n.salespeople[owner]);
    case value_view::team: return std::string(n.teams[owner]);
    case value_view::customer: return std::string(n.customers[owner]);
    case value_view::deal: return std::string(n.deals[owner]);
    case value_view::firm: break;
  }
  return {};
}

lifetime_columns risk_columns(const value_columns& c) { return {c.keys, c.key, c.net, c.cost}; }
lifetime_columns risk_columns(const lifetime_table& t) { return {t.keys, t.key, t.net, t.cost}; }

figures figures_of(const book& b, const valuation& parameters, value_view view, const tally& values,
                   const tally& recognised, const tally& lifetimes) {
  figures out;
  const lifetime_table table = lifetimes_of(lifetimes).value();
  for (owner_value& v : appraise(values, parameters)) {
    out[owner_name(b, view, v.owner)].value = std::move(v);
  }
  for (owner_value& v : appraise(recognised, parameters)) {
    out[owner_name(b, view, v.owner)].recognised = std::move(v);
  }
  for (const owner_risk& r : renewal_risk(risk_columns(table), parameters)) {
    out[owner_name(b, view, r.owner)].risk = r;
  }
  return out;
}

figures figures_of(const book& b, const valuation& parameters, value_view view, period asked,
                   std::span<const date> epoch_starts) {
  figures out;
  const value_columns columns = resolve(b, view, epoch_starts);
  for (owner_value& v : appraise(tally_values(columns), parameters)) {
    out[owner_name(b, view, v.owner)].value = std::move(v);
  }
  for (owner_value& v : appraise(tally_recognised(columns, asked), parameters)) {
    out[owner_name(b, view, v.owner)].recognised = std::move(v);
  }
  for (const owner_risk& r : renewal_risk(risk_columns(columns), parameters)) {
    out[owner_name(b, view, r.owner)].risk = r;
  }
  return out;
}

std::vector<double> numbers(const appraisal& a) {
  std::vector<double> out{a.value, a.at_usual[0], a.at_usual[1], a.at_usual[2], a.booked, a.listed};
  out.insert(out.end(), a.bridge.begin(), a.bridge.end());
  for (const double n : {a.beyond, a.kept, a.kept_whole, a.quality, a.quality_whole}) {
    out.push_back(n);
  }
  return out;
}

std::vector<double> numbers(const owner_value& v) {
  std::vector<double> out = numbers(v.contribution);
  const std::vector<double> revenue = numbers(v.revenue);
  out.insert(out.end(), revenue.begin(), revenue.end());
  std::array<double, 14> refused{};
  for (const refused_lines& r : v.refused) {
    refused[static_cast<std::size_t>(r.why)] += static_cast<double>(r.lines);
    refused[7 + static_cast<std::size_t>(r.why)] += r.booked;
  }
  out.insert(out.end(), refused.begin(), refused.end());
  return out;
}

std::vector<double> numbers(const owner_figures& f) {
  std::vector<double> out = numbers(f.value);
  const std::vector<double> recognised = numbers(f.recognised);
  out.insert(out.end(), recognised.begin(), recognised.end());
  for (const appraisal* a : {&f.value.contribution, &f.value.revenue}) {
    out.push_back(static_cast<double>(a->lines));
    out.push_back(static_cast<double>(a->listed_lines));
  }
  for (const owner_risk::part* p : {&f.risk.contribution, &f.risk.revenue}) {
    out.push_back(p->variance);
    out.push_back(static_cast<double>(p->lifetimes));
    for (const interval& i : p->deviation) {
      out.push_back(i.lower);
      out.push_back(i.upper);
    }
  }
  return out;
}

std::map<std::string, std::vector<double>> sizes_of(const book& b, const valuation& parameters,
                                                    value_view view) {
  const value_columns columns = resolve(b, view);
  const auto size = [](std::int64_t amount) { return wide{amount < 0 ? -amount : amount}; };
  std::map<std::string, std::vector<double>> out;
  for (int only = 0; only < 3; ++only) {
    std::vector<value_sums> sums(columns.keys.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
      value_sums& s = sums[columns.key[i] & ~value_columns::new_lifetime];
      const wide list = size(columns.list[i]);
      const wide net = size(columns.net[i]);
      if (only == 0) s.count += 1;
      if (only == 0) s.list += list;
      if (only == 1) s.net += net;
      if (only == 2) s.cost += size(columns.cost[i]);
      if (only == 0) s.larger += std::max(list, net);
    }
    tally positive(tally_layout::values, columns.directory);
    for (std::size_t k = 0; k < sums.size(); ++k) {
      positive.append(to_row(columns.keys[k]), to_row(sums[k]));
    }
    for (const owner_value& v : appraise(positive, parameters)) {
      std::vector<double> terms = numbers(v);
      for (double& t : terms) t = std::abs(t);
      std::vector<double>& all = out[owner_name(b, view, v.owner)];
      all = sum(std::move(all), terms);
    }
  }
  return out;
}

bool same_bits(std::span<const double> a, std::span<const double> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double x, double y) {
    return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
  });
}

bool same_bits(const figures& a, const figures& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.first == y.first && same_bits(numbers(x.second), numbers(y.second));
  });
}

bool near(double a, double b, double size) { return std::abs(a - b) <= 1e-12 * size; }

bool near(std::span<const double> a, std::span<const double> b, std::span<const double> sizes) {
  if (a.size() != b.size() || a.size() > sizes.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!near(a[i], b[i], sizes[i])) return false;
  }
  return true;
}

std::vector<double> sum(std::vector<double> a, std::span<const double> b, double factor) {
  if (a.size() < b.size()) a.resize(b.size(), 0);
  for (std::size_t i = 0; i < b.size(); ++i) a[i] += factor * b[i];
  return a;
}

}  // namespace salespulse::test
