// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_TALLY_VALUE_COLUMNS_DEFINITIONS_HPP
#define SALESPULSE_TALLY_VALUE_COLUMNS_DEFINITIONS_HPP

#include <salespulse/model/book.hpp>
#include <salespulse/model/book_tables.hpp>
#include <salespulse/tally/detail/owners.hpp>
#include <salespulse/tally/tally.hpp>
#include <salespulse/tally/value_columns.hpp>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

// See salespulse/definitions.hpp.
namespace salespulse {

namespace detail {

// One line under one owner while the columns are being put in order.
struct owned_line {
  std::uint32_t owner;
  std::uint32_t customer;
  std::uint32_t family;
  std::int32_t term;
  std::int32_t start;
  std::uint32_t of;  // number of the class
  std::int32_t ppm;
  std::uint32_t line;
};

inline bool same_lifetime(const owned_line& a, const owned_line& b) noexcept {
  return a.owner == b.owner && a.customer == b.customer && a.family == b.family &&
         a.term == b.term && a.start == b.start;
}

// Lines of equal slot together, slots ascending, otherwise in the order they had. `slot_of` gives
// numbers below `slots`. O(n + slots).
template <class SlotOf>
void group_by(std::vector<owned_line>& lines, std::size_t slots, SlotOf slot_of) {
  std::vector<std::size_t> next(slots + 1, 0);
  for (const owned_line& l : lines) ++next[slot_of(l) + 1];
  for (std::size_t i = 1; i < next.size(); ++i) next[i] += next[i - 1];
  std::vector<owned_line> grouped(lines.size());
  for (const owned_line& l : lines) grouped[next[slot_of(l)]++] = l;
  lines = std::move(grouped);
}

// Lifetime order. Owners and customers are dense numbers, so counting puts them in order; what is
// left to compare are the few lines of one customer under one owner.
inline void put_in_lifetime_order(std::vector<owned_line>& lines) {
  std::size_t customers = 0;
  std::size_t owners = 0;
  for (const owned_line& l : lines) {
    customers = std::max(customers, std::size_t{l.customer} + 1);
    if (l.owner != nobody) owners = std::max(owners, std::size_t{l.owner} + 1);
  }
  // Numbers of a book are dense; those of a tally from elsewhere need not be.
  const std::size_t dense = 16 * lines.size() + 65536;
  if (customers > dense || owners > dense) {
    std::sort(lines.begin(), lines.end(), [](const owned_line& x, const owned_line& y) {
      return std::tie(x.owner, x.customer, x.family, x.term, x.start, x.of, x.ppm) <
             std::tie(y.owner, y.customer, y.family, y.term, y.start, y.of, y.ppm);
    });
    return;
  }
  group_by(lines, customers, [](const owned_line& l) { return std::size_t{l.customer}; });
  group_by(lines, owners + 1, [owners](const owned_line& l) {
    return l.owner == nobody ? owners : std::size_t{l.owner};
  });
  for (std::size_t first = 0; first < lines.size();) {
    std::size_t last = first + 1;
    while (last < lines.size() && lines[last].owner == lines[first].owner &&
           lines[last].customer == lines[first].customer) {
      ++last;
    }
    if (last - first > 1) {
      std::sort(lines.begin() + static_cast<std::ptrdiff_t>(first),
                lines.begin() + static_cast<std::ptrdiff_t>(last),
                [](const owned_line& x, const owned_line& y) {
                  return std::tie(x.family, x.term, x.start, x.of, x.ppm) <
                         std::tie(y.family, y.term, y.start, y.of, y.ppm);
                });
    }
    first = last;
  }
}

// The distinct classes in the order of first sight; few, so a sorted index is enough.
class class_numbers {
public:
  std::uint32_t number(const value_class& c) {
    if (!classes_.empty() && classes_[last_] == c) return last_;
    const auto at = std::lower_bound(order_.begin(), order_.end(), c,
                                     [this](std::uint32_t i, const value_class& wanted) {
                                       return classes_[i] < wanted;
                                     });
    if (at != order_.end() && classes_[*at] == c) return last_ = *at;
    last_ = static_cast<std::uint32_t>(classes_.size());
    order_.insert(at, last_);
    classes_.push_back(c);
    return last_;
  }
  // Afterwards numbers are in the order of the classes; gives the new number of each old one.
  std::vector<std::uint32_t> sort() {
    std::vector<std::uint32_t> places(order_.size());
    std::vector<value_class> sorted;
    for (std::size_t i = 0; i < order_.size(); ++i) {
      places[order_[i]] = static_cast<std::uint32_t>(i);
      sorted.push_back(classes_[order_[i]]);
    }
    classes_ = std::move(sorted);
    return places;
  }
  [[nodiscard]] const value_class& operator[](std::size_t number) const { return classes_[number]; }

private:
  std::vector<value_class> classes_;
  std::vector<std::uint32_t> order_;
  std::uint32_t last_ = 0;
};

// FNV-1a over the view, the currency of the sums, the days at which epochs begin, and the ids that
// the keys number.
inline std::uint64_t fingerprint(const book& b, value_view view, std::span<const date> epoch_starts,
                                 bool lifetimes) noexcept {
  std::uint64_t h = 0xCBF29CE484222325U;
  const auto add = [&h](char c) { h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3U; };
  const auto add_number = [&](std::uint64_t number) {
    for (int shift = 0; shift < 64; shift += 8) add(static_cast<char>(number >> shift));
  };
  const auto add_ids = [&](const directory& ids) {
    add_number(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
      add_number(ids[i].size());
      for (const char c : ids[i]) add(c);
    }
  };
  const book_names& n = b.names();
  add(static_cast<char>(view));
  for (const char c : b.options().reporting.code()) add(c);
  add_number(epoch_starts.size());
  for (const date d : epoch_starts) add_number(static_cast<std::uint64_t>(d.days));
  add_ids(n.families);
  add_ids(n.segments);
  if (view == value_view::salesperson) add_ids(n.salespeople);
  if (view == value_view::team) add_ids(n.teams);
  if (view == value_view::customer || lifetimes) add_ids(n.customers);
  if (view == value_view::deal) add_ids(n.deals);
  return h;
}

// Calls `visit(owner, ppm)` for each owner of a deal under a view.
template <class Visit>
void for_each_owner(const deal_owners_of& owners, value_view view, const deal_record& deal,
                    std::size_t number, Visit visit) {
  switch (view) {
    case value_view::firm: visit(0U, full_share.ppm); break;
    case value_view::deal: visit(static_cast<std::uint32_t>(number), full_share.ppm); break;
    case value_view::customer:
      visit(static_cast<std::uint32_t>(deal.customer), full_share.ppm);
      break;
    case value_view::salesperson: owners.for_each_person(deal, visit); break;
    case value_view::team: owners.for_each_team(deal, visit); break;
  }
}

inline std::int64_t known_or_zero(std::int64_t amount) noexcept {
  return amount == unknown_amount ? 0 : amount;
}

// Keys of each owner from its lines, which stand together: sorted, and each line told its key.
inline void number_keys(std::vector<value_key>& keys, std::vector<std::uint32_t>& key,
                        const std::vector<owned_line>& lines, const class_numbers& classes) {
  key.resize(lines.size());
  std::vector<std::uint64_t> codes;
  for (std::size_t first = 0; first < lines.size();) {
    std::size_t last = first;
    codes.clear();
    const auto code = [](const owned_line& l) {
      return (static_cast<std::uint64_t>(l.of) << 20) | static_cast<std::uint64_t>(l.ppm);
    };
    for (; last < lines.size() && lines[last].owner == lines[first].owner; ++last) {
      codes.push_back(code(lines[last]));
    }
    std::sort(codes.begin(), codes.end());
    codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
    const std::size_t base = keys.size();
    for (const std::uint64_t c : codes) {
      keys.push_back({lines[first].owner, classes[static_cast<std::size_t>(c >> 20)],
                          share{static_cast<std::int32_t>(c & 0xFFFFF)}});
    }
    for (; first < last; ++first) {
      const auto at = std::lower_bound(codes.begin(), codes.end(), code(lines[first]));
      key[first] = static_cast<std::uint32_t>(base + static_cast<std::size_t>(at - codes.begin()));
      if (first == 0 || !same_lifetime(lines[first - 1], lines[first])) {
        key[first] |= value_columns::new_lifetime;
      }
    }
  }
}

// Sums per key in 64 bits, moved to 128 before they could overflow. Entries of an owner stand
// together and so do its keys: what a block touches is one short run of keys, which stays in the
// nearest cache.
template <class Weight>
tally sum_keys(const value_columns& in, tally_layout layout, std::int64_t largest_weight,
               Weight weight) {
  struct narrow_sums {
    std::int64_t count, list, net, cost, larger;
  };
  std::vector<narrow_sums> narrow(in.keys.size(), narrow_sums{});
  std::vector<value_sums> sums;
  const std::int64_t bound = std::max<std::int64_t>(in.largest, 1) * largest_weight;
  const auto block = static_cast<std::size_t>(INT64_MAX / bound);
  const bool one_block = in.size() <= block;
  if (!one_block) sums.resize(in.keys.size());
  // Local copies of what the loop reads: the compiler cannot know that its stores leave them alone.
  const std::uint32_t* const key = in.key.data();
  const std::int64_t* const list = in.list.data();
  const std::int64_t* const net = in.net.data();
  const std::int64_t* const cost = in.cost.data();
  narrow_sums* const of = narrow.data();
  for (std::size_t begin = 0; begin < in.size(); begin += block) {
    const std::size_t end = in.size() - begin < block ? in.size() : begin + block;
    for (std::size_t i = begin; i < end; ++i) {
      narrow_sums& s = of[key[i] & ~value_columns::new_lifetime];
      const std::int64_t w = weight(i);
      const std::int64_t l = w * list[i];
      const std::int64_t n = w * net[i];
      s.count += w;
      s.list += l;
      s.net += n;
      s.cost += w * cost[i];
      s.larger += l > n ? l : n;  // weights are not negative
    }
    if (one_block) break;
    // Keys ascend with the owners, not within one: take in whole owners on both sides.
    std::size_t low = key[begin] & ~value_columns::new_lifetime;
    std::size_t high = key[end - 1] & ~value_columns::new_lifetime;
    while (low > 0 && in.keys[low - 1].owner == in.keys[low].owner) --low;
    while (high + 1 < in.keys.size() && in.keys[high + 1].owner == in.keys[high].owner) ++high;
    for (std::size_t k = low; k <= high; ++k) {
      sums[k].count += of[k].count;
      sums[k].list += of[k].list;
      sums[k].net += of[k].net;
      sums[k].cost += of[k].cost;
      sums[k].larger += of[k].larger;
      of[k] = {};
    }
  }
  tally out(layout, in.directory);
  out.reserve(in.keys.size());
  for (std::size_t k = 0; k < in.keys.size(); ++k) {
    const narrow_sums& s = of[k];
    out.append(to_row(in.keys[k]),
               to_row(one_block ? value_sums{s.count, s.list, s.net, s.cost, s.larger} : sums[k]));
  }
  return out;
}

}  // namespace detail

value_columns resolve(const book& b, value_view view, std::span<const date> epoch_starts) {
  value_columns out;
  out.view = view;
  out.directory = detail::fingerprint(b, view, epoch_starts, false);
  out.lifetime_directory = detail::fingerprint(b, view, epoch_starts, true);
  detail::class_numbers classes;
  const detail::deal_owners_of owners(b);
  std::vector<detail::owned_line> lines;
  lines.reserve(b.lines().size());
  const auto undeclared = find_id<family_id>(b.names().families, undeclared_family);
  const auto none = find_id<family_id>(b.names().families, no_family);
  for (std::size_t d = 0; d < b.deals().size(); ++d) {
    const deal_record& deal = b.deals()[d];
    if (deal.outcome != deal_outcome::won) continue;
    value_class c;
    c.segment = b.tables().customers[index_of(deal.customer)].segment;
    c.epoch = static_cast<std::int32_t>(
        std::upper_bound(epoch_starts.begin(), epoch_starts.end(), deal.closed_day) -
        epoch_starts.begin());
    for (std::uint32_t i = 0; i < deal.line_count; ++i) {
      const line_record& line = b.lines()[deal.first_line + i];
      // Without a product only the terms can say that a line does not go on.
      c.family = line.terms.every_months == 0 ? none : undeclared;
      if (is_known(line.product)) {
        const product_record& product = b.tables().products[index_of(line.product)];
        c.family = product.declared ? product.family : undeclared;
      }
      c.terms = line.terms;
      c.list_known = line.list != unknown_amount;
      c.basis = value_basis::contribution;
      if (line.cost == unknown_amount) c.basis = value_basis::revenue;
      if (line.net == unknown_amount) c.basis = value_basis::none;
      const std::uint32_t of = classes.number(c);
      detail::for_each_owner(owners, view, deal, d, [&](std::uint32_t owner, std::int32_t ppm) {
        lines.push_back({owner, static_cast<std::uint32_t>(deal.customer),
                         static_cast<std::uint32_t>(c.family), line.terms.term_months,
                         deal.closed_day.days + line.terms.offset_days, of, ppm,
                         deal.first_line + i});
      });
    }
  }
  const std::vector<std::uint32_t> places = classes.sort();
  for (detail::owned_line& l : lines) l.of = places[l.of];
  detail::put_in_lifetime_order(lines);
  const std::size_t n = lines.size();
  if (n > value_columns::new_lifetime) {
    throw invalid_input("resolve: more than 2^31 lines in one view");
  }
  out.list.resize(n);
  out.net.resize(n);
  out.cost.resize(n);
  out.closed.resize(n);
  out.customer.resize(n);
  detail::number_keys(out.keys, out.key, lines, classes);
  for (std::size_t i = 0; i < n; ++i) {
    const line_record& line = b.lines()[lines[i].line];
    const bool priced = line.net != unknown_amount;
    out.list[i] = priced ? detail::known_or_zero(line.list) : 0;
    out.net[i] = detail::known_or_zero(line.net);
    out.cost[i] = priced ? detail::known_or_zero(line.cost) : 0;
    out.closed[i] = {lines[i].start - line.terms.offset_days};
    out.customer[i] = customer_id{lines[i].customer};
    for (const std::int64_t amount : {out.list[i], out.net[i], out.cost[i]}) {
      out.largest = std::max(out.largest, amount < 0 ? -amount : amount);
    }
  }
  return out;
}

tally tally_values(const value_columns& columns) {
  return detail::sum_keys(columns, tally_layout::values, 1, [](std::size_t) { return std::int64_t{1}; });
}

tally tally_recognised(const value_columns& columns, period asked) {
  return detail::sum_keys(columns, tally_layout::recognised, 365, [&](std::size_t i) {
    const date closed = columns.closed[i];
    return std::int64_t{overlap(asked, {closed, closed + 365}).length()};
  });
}

tally tally_lifetimes(const value_columns& in) {
  using row = std::array<std::int64_t, 13>;
  std::vector<std::pair<row, std::array<wide, 5>>> rows;
  rows.reserve(in.size());
  for (std::size_t i = 0; i < in.size(); ++i) {
    const value_key& k = in.keys[in.key[i] & ~value_columns::new_lifetime];
    const auto key = to_row(k);
    row wide_key{};
    std::copy(key.begin(), key.end(), wide_key.begin());
    wide_key[11] = static_cast<std::int64_t>(in.customer[i]);
    wide_key[12] = in.closed[i].days + k.of.terms.offset_days;
    rows.push_back({wide_key,
                    to_row(value_sums{1, in.list[i], in.net[i], in.cost[i],
                                      std::max(in.list[i], in.net[i])})});
  }
  std::sort(rows.begin(), rows.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  tally out(tally_layout::lifetimes, in.lifetime_directory);
  for (std::size_t first = 0; first < rows.size();) {
    std::array<wide, 5> sums{};
    std::size_t last = first;
    for (; last < rows.size() && rows[last].first == rows[first].first; ++last) {
      for (std::size_t s = 0; s < sums.size(); ++s) sums[s] += rows[last].second[s];
    }
    out.append(rows[first].first, sums);
    first = last;
  }
  return out;
}

result<lifetime_table> lifetimes_of(const tally& lifetimes) {
  if (lifetimes.layout() != tally_layout::lifetimes) {
    return failure{"the tally does not hold lifetimes"};
  }
  detail::class_numbers classes;
  std::vector<detail::owned_line> lines;
  for (std::size_t i = 0; i < lifetimes.size(); ++i) {
    const auto row = lifetimes.key(i);
    const value_key k = to_value_key(row);
    lines.push_back({k.owner, static_cast<std::uint32_t>(row[11]),
                     static_cast<std::uint32_t>(k.of.family), k.of.terms.term_months,
                     static_cast<std::int32_t>(row[12]), classes.number(k.of), k.part.ppm,
                     static_cast<std::uint32_t>(i)});
  }
  const std::vector<std::uint32_t> places = classes.sort();
  for (detail::owned_line& l : lines) l.of = places[l.of];
  detail::put_in_lifetime_order(lines);
  lifetime_table out;
  detail::number_keys(out.keys, out.key, lines, classes);
  for (const detail::owned_line& l : lines) {
    const value_sums sums = to_value_sums(lifetimes.sums(l.line));
    if (!fits_int64(sums.net) || !fits_int64(sums.cost)) {
      return failure{"the amounts of one lifetime do not fit into 64 bits"};
    }
    out.net.push_back(static_cast<std::int64_t>(sums.net));
    out.cost.push_back(static_cast<std::int64_t>(sums.cost));
  }
  return out;
}

result<tally> values_of(const tally& lifetimes, std::uint64_t directory) {
  if (lifetimes.layout() != tally_layout::lifetimes) {
    return failure{"the tally does not hold lifetimes"};
  }
  // Rows of one key stand together, since the lifetime comes last in a row.
  constexpr std::size_t width = key_width(tally_layout::values);
  tally out(tally_layout::values, directory);
  for (std::size_t i = 0; i < lifetimes.size();) {
    const auto key = lifetimes.key(i).first(width);
    std::array<wide, 5> sums{};
    for (; i < lifetimes.size() && std::equal(key.begin(), key.end(), lifetimes.key(i).begin());
         ++i) {
      for (std::size_t s = 0; s < sums.size(); ++s) sums[s] += lifetimes.sums(i)[s];
    }
    out.append(key, sums);
  }
  return out;
}

}  // namespace salespulse
#endif
