// SPDX-License-Identifier: BSL-1.0
#include "risk_sets.hpp"

#include <salespulse/core/result.hpp>
#include <salespulse/core/wide.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace salespulse {
namespace {

constexpr std::int64_t largest_total = std::int64_t{1} << 53;

// How many subjects of one kind entered or left on one tick. The kind of an entry is its group,
// that of an exit its group and cause: group * (causes + 1) + cause.
struct tally {
  std::int32_t tick;
  std::uint32_t kind;
  std::int64_t weight;
};

struct tallies {
  std::vector<tally> exits;
  std::vector<tally> entries;  // later than 0
};

// The rows and how they are told apart.
struct input {
  std::span<const observation> rows;
  std::span<const std::int32_t> group;  // empty: one group
  std::uint32_t groups;
  std::uint32_t causes;
  bool any;  // whatever has a cause is cause 1

  [[nodiscard]] std::uint32_t group_of(std::size_t row) const {
    return group.empty() ? 0U : static_cast<std::uint32_t>(group[row]);
  }
  [[nodiscard]] std::uint32_t cause_of(std::size_t row) const {
    const std::int32_t cause = rows[row].cause;
    return any ? std::uint32_t{cause != 0} : static_cast<std::uint32_t>(cause);
  }
};

status fault_of(const input& in, std::size_t i) {
  const observation& row = in.rows[i];
  const auto where = static_cast<std::int64_t>(i);
  if (row.weight < 0) return {condition::invalid_weight, where};
  if (row.weight == 0) return {};
  if (row.entry < 0 || row.exit < 0) return {condition::negative_time, where};
  if (row.exit <= row.entry && (row.entry != 0 || row.exit != 0)) {
    return {condition::entry_not_before_exit, where};
  }
  if (row.cause < 0 || in.cause_of(i) > in.causes || in.group_of(i) >= in.groups) {
    return {condition::unknown_state, where};
  }
  return {};
}

status first_fault(const input& in) {
  wide total = 0;
  for (std::size_t i = 0; i < in.rows.size(); ++i) {
    if (const status fault = fault_of(in, i); !fault.ok()) return fault;
    total += in.rows[i].weight;
  }
  if (total == 0) return {condition::invalid_weight, -1};
  if (total > largest_total) return {condition::too_large, -1};
  return {};
}

// Counts by tick and kind in one array, over a window of ticks that widens as needed.
template <class Cell>
class tick_window {
public:
  static constexpr std::size_t spare_cells = 8;  // at the end, for what is not to be counted

  tick_window(std::uint32_t kinds, std::size_t most_cells) : kinds_(kinds), most_(most_cells) {}

  [[nodiscard]] std::uint32_t first() const noexcept { return static_cast<std::uint32_t>(first_); }
  [[nodiscard]] std::uint32_t width() const noexcept { return static_cast<std::uint32_t>(width_); }
  [[nodiscard]] Cell* cells() noexcept { return cells_.data(); }

  // Takes in another tick. False where that would take more cells than allowed. At least doubles
  // where there is room, so that copying is O(1) a row.
  [[nodiscard]] bool widen(std::int64_t tick) {
    std::int64_t from = width_ == 0 ? tick : std::min(first_, tick);
    std::int64_t to = std::max(first_ + width_, tick + 1);
    if (tick < first_) {
      from = std::max<std::int64_t>(0, std::min(from, first_ - width_));
    } else {
      to = std::max(to, first_ + 2 * width_);
    }
    if (!fits(from, to)) {
      from = width_ == 0 ? tick : std::min(first_, tick);
      to = std::max(first_ + width_, tick + 1);
      if (!fits(from, to)) return false;
    }
    std::vector<Cell> wider(static_cast<std::size_t>(to - from) * kinds_ + spare_cells);
    const std::int64_t ahead = width_ == 0 ? 0 : (first_ - from) * kinds_;
    std::copy(cells_.begin(), cells_.begin() + width_ * kinds_, wider.begin() + ahead);
    cells_ = std::move(wider);
    first_ = from;
    width_ = to - from;
    return true;
  }

  // What was counted, in order.
  [[nodiscard]] std::vector<tally> counted() const {
    std::vector<tally> all;
    const auto end = cells_.begin() + width_ * kinds_;
    all.reserve(static_cast<std::size_t>(
        std::count_if(cells_.begin(), end, [](Cell cell) { return cell != 0; })));
    auto cell = cells_.begin();
    for (std::int64_t tick = first_; tick < first_ + width_; ++tick) {
      for (std::uint32_t kind = 0; kind < kinds_; ++kind, ++cell) {
        if (*cell == 0) continue;
        all.push_back({static_cast<std::int32_t>(tick), kind, static_cast<std::int64_t>(*cell)});
      }
    }
    return all;
  }

private:
  [[nodiscard]] bool fits(std::int64_t from, std::int64_t to) const {
    return static_cast<std::uint64_t>(to - from) <= most_ / kinds_;
  }

  std::uint32_t kinds_;
  std::size_t most_;
  std::int64_t first_ = 0;
  std::int64_t width_ = 0;
  std::vector<Cell> cells_;
};

// What one pass over the rows found.
struct pass {
  bool sound = true;      // every row can be
  bool dense = true;      // the windows held them
  std::int64_t bits = 0;  // of all weights
};

// Counts the exits of rows `at` to `stop` - 1, up to the first that is outside the window, and
// returns which that is. `entered` and `bits` gather the bits of all entries and weights. The loop
// is the one that all time is spent in: it holds as few variables as the registers do, and what
// rows cannot be is a branch that is never taken.
template <bool grouped, class Cell>
std::size_t count_exits(const input& in, std::size_t at, std::size_t stop,
                        tick_window<Cell>& exits, pass& found, std::uint32_t& entered) {
  const std::uint32_t causes = in.causes;
  const std::uint32_t most_cause = in.any ? static_cast<std::uint32_t>(INT32_MAX) : causes;
  const std::size_t kinds = std::size_t{in.groups} * (causes + 1);
  const std::uint32_t first = exits.first();
  const std::uint32_t width = exits.width();
  Cell* const cell = exits.cells();
  const observation* const rows = in.rows.data();
  std::int64_t bits = found.bits;
  std::uint32_t late = 0;
  bool sound = true;
  for (; at < stop; ++at) {
    // The processor would fetch the next lines by itself, but later. Past the end nothing happens.
    __builtin_prefetch(
        reinterpret_cast<const void*>(reinterpret_cast<std::uintptr_t>(rows + at) + 2048));
    const std::uint32_t exit = static_cast<std::uint32_t>(rows[at].exit);
    const std::uint32_t entry = static_cast<std::uint32_t>(rows[at].entry);
    const std::uint32_t cause = static_cast<std::uint32_t>(rows[at].cause);
    const std::uint32_t tick = exit - first;
    if (tick >= width) [[unlikely]] break;
    if (entry >= exit + (exit == 0) || cause > most_cause) [[unlikely]] {
      sound = false;
      break;
    }
    std::size_t kind = std::min(cause, causes);
    if constexpr (grouped) {
      const std::uint32_t group = static_cast<std::uint32_t>(in.group[at]);
      if (group >= in.groups) [[unlikely]] {
        sound = false;
        break;
      }
      kind += std::size_t{group} * (causes + 1);
    }
    late |= entry;
    bits |= rows[at].weight;
    cell[tick * kinds + kind] += static_cast<Cell>(rows[at].weight);
  }
  found.sound = sound;
  found.bits = bits;
  entered |= late;
  return at;
}

// The same for the entries later than 0, of rows that have passed the above. Those with entry 0
// add to spare cells, in turn: adding to one cell row after row waits for it, and a branch between
// early and late rows is guessed wrong as often as they alternate.
template <bool grouped, class Cell>
std::size_t count_entries(const input& in, std::size_t at, std::size_t stop,
                          tick_window<Cell>& entries) {
  const std::size_t groups = in.groups;
  const std::uint32_t first = entries.first();
  const std::uint32_t width = entries.width();
  const std::size_t spare = width * groups;
  Cell* const cell = entries.cells();
  const observation* const rows = in.rows.data();
  for (; at < stop; ++at) {
    const std::uint32_t entry = static_cast<std::uint32_t>(rows[at].entry);
    const std::size_t late = std::size_t{0} - std::size_t{entry != 0};  // all bits, or none
    const std::uint32_t tick = (entry - first) & static_cast<std::uint32_t>(late);
    if (tick >= width) [[unlikely]] break;
    std::size_t counted = tick * groups;
    if constexpr (grouped) counted += static_cast<std::size_t>(in.group[at]) & late;
    counted += (spare + at % tick_window<Cell>::spare_cells) & ~late;
    cell[counted] += static_cast<Cell>(rows[at].weight);
  }
  return at;
}

// Counts into windows, in blocks that stay in the nearest cache between exits and entries.
template <bool grouped, class Cell>
pass count(const input& in, tick_window<Cell>& exits, tick_window<Cell>& entries) {
  constexpr std::size_t block = 256;
  pass found;
  const std::size_t n = in.rows.size();
  for (std::size_t begin = 0; begin < n;) {
    const std::size_t stop = std::min(n, begin + block);
    std::uint32_t entered = 0;
    const std::size_t end = count_exits<grouped>(in, begin, stop, exits, found, entered);
    if (!found.sound) return found;
    if (entered != 0) {
      for (std::size_t at = begin; at < end;) {
        at = count_entries<grouped>(in, at, end, entries);
        if (at < end && !entries.widen(in.rows[at].entry)) return {.dense = false};
      }
    }
    begin = end;
    if (end == stop) continue;
    if (in.rows[end].exit < 0) return {.sound = false};
    if (!exits.widen(in.rows[end].exit)) return {.dense = false};
  }
  return found;
}

// Sorts by tick, least significant digits first; digits that all share are skipped.
void sort_by_tick(std::vector<tally>& all) {
  constexpr int digit_bits = 11;
  constexpr std::uint32_t digits = 1U << digit_bits;
  if (all.size() < 512) {
    std::sort(all.begin(), all.end(),
              [](const tally& a, const tally& b) { return a.tick < b.tick; });
    return;
  }
  std::vector<tally> other(all.size());
  for (int shift = 0; shift < 32; shift += digit_bits) {
    const auto digit = [shift](const tally& t) {
      return (static_cast<std::uint32_t>(t.tick) >> shift) & (digits - 1);
    };
    std::array<std::size_t, digits> next{};
    for (const tally& t : all) ++next[digit(t)];
    if (next[digit(all.front())] == all.size()) continue;
    std::size_t before = 0;
    for (std::size_t& place : next) before += std::exchange(place, before);
    for (const tally& t : all) other[next[digit(t)]++] = t;
    all.swap(other);
  }
}

// One tally for each row; the rows are sound.
tallies sorted_rows(const input& in) {
  tallies found;
  found.exits.reserve(in.rows.size());
  for (std::size_t i = 0; i < in.rows.size(); ++i) {
    const observation& row = in.rows[i];
    if (row.weight == 0) continue;
    const std::uint32_t group = in.group_of(i);
    found.exits.push_back({row.exit, group * (in.causes + 1) + in.cause_of(i), row.weight});
    if (row.entry != 0) found.entries.push_back({row.entry, group, row.weight});
  }
  sort_by_tick(found.exits);
  sort_by_tick(found.entries);
  return found;
}

// Walks through the ticks with the number at risk in each group.
risk_sets assemble(const input& in, const tallies& counted) {
  risk_sets sets;
  const std::size_t groups = in.groups;
  const std::size_t causes = in.causes;
  sets.groups = groups;
  sets.causes = causes;
  sets.total.assign(groups, 0);
  std::size_t lines = 0;
  std::int32_t last = -1;
  const auto group_of = [&](const tally& t) { return groups == 1 ? 0 : t.kind / (causes + 1); };
  for (const tally& t : counted.exits) {
    sets.total[group_of(t)] += t.weight;
    lines += std::size_t{t.tick != last};
    last = t.tick;
  }
  std::vector<std::int64_t> at_risk = sets.total;  // at first those with entry 0
  for (const tally& t : counted.entries) at_risk[t.kind] -= t.weight;
  std::int64_t watched = 0;
  for (const std::int64_t n : at_risk) watched += n;

  sets.ticks.reserve(lines);
  sets.at_risk.reserve(lines * groups);
  sets.censored.resize(lines * groups);
  sets.events.resize(lines * groups * causes);
  std::size_t entry = 0;
  for (std::size_t exit = 0; exit < counted.exits.size();) {
    const std::int32_t tick = counted.exits[exit].tick;
    for (; entry < counted.entries.size() && counted.entries[entry].tick < tick; ++entry) {
      const tally& t = counted.entries[entry];
      if (watched == 0 && !sets.ticks.empty() && t.tick > sets.ticks.back()) {
        sets.gaps.push_back({sets.ticks.back() + 1, t.tick});
      }
      at_risk[t.kind] += t.weight;
      watched += t.weight;
    }
    const std::size_t line = sets.ticks.size() * groups;
    sets.ticks.push_back(tick);
    sets.at_risk.insert(sets.at_risk.end(), at_risk.begin(), at_risk.end());
    for (; exit < counted.exits.size() && counted.exits[exit].tick == tick; ++exit) {
      const tally& t = counted.exits[exit];
      const std::size_t group = group_of(t);
      const std::size_t cause = t.kind - group * (causes + 1);
      const std::size_t at = line + group;
      (cause == 0 ? sets.censored[at] : sets.events[at * causes + cause - 1]) += t.weight;
      at_risk[group] -= t.weight;
      watched -= t.weight;
    }
  }
  return sets;
}

risk_sets refused(const input& in, status why) {
  risk_sets none;
  none.groups = in.groups;
  none.causes = in.causes;
  none.state = why;
  return none;
}

// Rows of weight 0 may hold anything. Those that are left out cannot be at fault.
risk_sets collapse_rows(const input& in);
risk_sets collapse_without_weightless(const input& in) {
  std::vector<observation> rows;
  std::vector<std::int32_t> group;
  for (std::size_t i = 0; i < in.rows.size(); ++i) {
    if (in.rows[i].weight == 0) continue;
    rows.push_back(in.rows[i]);
    if (!in.group.empty()) group.push_back(in.group[i]);
  }
  return collapse_rows({rows, group, in.groups, in.causes, in.any});
}

// The total is at most the number of rows times the bits of the weights.
bool surely_at_most(std::int64_t most, const pass& found, std::size_t rows) {
  return found.bits >= 0 && found.bits <= most / static_cast<std::int64_t>(rows);
}

template <class Cell>
risk_sets collapse_into(const input& in) {
  const std::size_t n = in.rows.size();
  // Beyond this many cells the clearing and walking of empty ones costs more than a sort.
  const std::size_t most_cells = 4 * n + 1024;
  tick_window<Cell> exits(in.groups * (in.causes + 1), most_cells);
  tick_window<Cell> entries(in.groups, most_cells);
  const pass found = in.group.empty() ? count<false>(in, exits, entries)
                                      : count<true>(in, exits, entries);
  if (!found.sound || !found.dense || found.bits == 0 ||
      !surely_at_most(largest_total, found, n)) {
    if (const status fault = first_fault(in); !fault.ok()) return refused(in, fault);
    if (!found.sound) return collapse_without_weightless(in);
    if (!found.dense) return assemble(in, sorted_rows(in));
  }
  if constexpr (sizeof(Cell) == 4) {
    if (!surely_at_most(UINT32_MAX, found, n)) return collapse_into<std::uint64_t>(in);
  }
  return assemble(in, {exits.counted(), entries.counted()});
}

// Cells of 32 bits keep twice the ticks in the nearest cache, and few data are too heavy for them.
risk_sets collapse_rows(const input& in) {
  if (in.rows.empty()) return refused(in, {condition::insufficient_data, -1});
  return collapse_into<std::uint32_t>(in);
}

}  // namespace

risk_sets collapse(std::span<const observation> rows, std::int32_t causes) {
  if (causes < 0) throw invalid_input("collapse: a negative number of causes");
  const auto kinds = static_cast<std::uint32_t>(std::max(causes, 1));
  return collapse_rows({rows, {}, 1, kinds, causes == any_cause});
}

risk_sets collapse(std::span<const observation> rows, std::int32_t causes,
                   std::span<const std::int32_t> group, std::int32_t groups) {
  if (causes < 0) throw invalid_input("collapse: a negative number of causes");
  if (groups < 1) throw invalid_input("collapse: less than one group");
  if (rows.size() != group.size()) throw invalid_input("collapse: a group for each row is needed");
  const auto kinds = static_cast<std::uint32_t>(std::max(causes, 1));
  return collapse_rows(
      {rows, group, static_cast<std::uint32_t>(groups), kinds, causes == any_cause});
}

std::vector<observation> watched_after(std::span<const observation> rows, std::int32_t after) {
  std::vector<observation> seen(rows.begin(), rows.end());
  for (observation& row : seen) {
    const bool possible = row.entry >= 0 && row.cause >= 0 &&
                          (row.entry < row.exit || (row.entry == 0 && row.exit == 0));
    if (!possible || row.weight < 0) continue;
    if (row.exit <= after) {
      row.weight = 0;
    } else {
      row.entry = std::max(row.entry, after);
    }
  }
  return seen;
}

risk_sets collapse_after(std::span<const observation> rows, std::int32_t causes,
                         std::int32_t after) {
  if (after < 0) return collapse(rows, causes);
  const std::vector<observation> seen = watched_after(rows, after);
  risk_sets sets = collapse(seen, causes);
  const bool nobody = sets.state == status{condition::invalid_weight, -1};
  if (nobody && std::any_of(rows.begin(), rows.end(),
                            [](const observation& row) { return row.weight > 0; })) {
    sets.state = {condition::empty_risk_set, after};
  }
  return sets;
}

}  // namespace salespulse
