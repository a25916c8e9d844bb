// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include <salespulse/core/random.hpp>
#include <salespulse/core/result.hpp>
#include <salespulse/core/share.hpp>
#include <salespulse/core/wide.hpp>
#include <salespulse/model/ids.hpp>
#include <salespulse/model/line.hpp>
#include <salespulse/tally/tally.hpp>
#include <salespulse/tally/value_key.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

using namespace salespulse;

namespace {

using bytes = std::vector<unsigned char>;

// Some key, the same for the same number.
value_key key_of(std::uint32_t number) {
  constexpr std::array<line_terms, 3> terms{
      {{0, 0, 0, false}, {12, 12, 0, true}, {1, 12, 30, false}}};
  value_key k;
  k.owner = number / 12;
  k.of.family = family_id{number / 3 % 4};
  k.of.terms = terms[number % 3];
  return k;
}

tally table_of(const std::map<std::uint32_t, std::array<wide, 5>>& rows,
               std::uint64_t directory = 42) {
  std::map<value_key, std::array<wide, 5>> sorted;
  for (const auto& [number, sums] : rows) sorted[key_of(number)] = sums;
  tally t(tally_layout::values, directory);
  for (const auto& [key, sums] : sorted) t.append(to_row(key), sums);
  return t;
}

std::map<std::uint32_t, std::array<wide, 5>> random_rows(random_stream& random) {
  std::map<std::uint32_t, std::array<wide, 5>> rows;
  const std::uint32_t n = random.below(30);
  for (std::uint32_t i = 0; i < n; ++i) {
    for (wide& s : rows[random.below(48)]) {
      s = static_cast<std::int64_t>(random.bits());
      if (random.chance(0.3)) s *= INT64_MAX;
      if (random.chance(0.2)) s = 0;
    }
  }
  return rows;
}

bytes golden_file() {
  std::ifstream in("tests/tally/golden_v1.bin", std::ios::binary);
  INFO("tests/tally/golden_v1.bin is read from the root of the project");
  REQUIRE(in.good());
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// What the golden file holds: one of everything that a field or a sum can be.
tally golden_tally() {
  tally t(tally_layout::lifetimes, 0xFEDC'BA98'7654'3210U);
  const auto add = [&](value_key k, std::int64_t customer, std::int64_t start,
                       std::array<wide, 5> sums) {
    const auto key = to_row(k);
    std::array<std::int64_t, 13> row{};
    std::copy(key.begin(), key.end(), row.begin());
    row[11] = customer;
    row[12] = start;
    t.append(row, sums);
  };
  value_key k;
  add(k, 0, -719162, {1, 0, 0, 0, 0});
  add(k, 0, 19723, {3, 36000, 30000, 12000, 36000});
  k.of = {family_id{2}, {12, 36, 1095, true}, segment_id{7}, value_basis::revenue, true, 3};
  k.part = {333'334};
  const wide large = static_cast<wide>(1) << 100;
  add(k, 4'000'000'000, 2932896, {9000, large, -large, large - 1, INT64_MAX});
  k.owner = no_number;
  k.of.basis = value_basis::none;
  add(k, 1, 0, {-1, -64, 63, 64, -65});
  return t;
}

void put_checksum(bytes& b) {
  std::uint64_t h = 0xCBF29CE484222325U;
  for (std::size_t i = 0; i + 8 < b.size(); ++i) h = (h ^ b[i]) * 0x100000001B3U;
  for (std::size_t i = 0; i < 8; ++i) {
    b[b.size() - 8 + i] = static_cast<unsigned char>(h >> (8 * i));
  }
}

}  // namespace

TEST_CASE("a row whose sums are all zero is dropped", "[tally]") {
  tally t(tally_layout::values, 1);
  t.append(to_row(key_of(0)), std::array<wide, 5>{});
  CHECK(t.size() == 0);
  t.append(to_row(key_of(0)), std::array<wide, 5>{0, 0, 0, 0, 1});
  CHECK(t.size() == 1);
}

TEST_CASE("rows that do not fit or do not ascend are a programmer's mistake", "[tally]") {
  tally t(tally_layout::values, 1);
  const std::array<wide, 5> one{1, 0, 0, 0, 0};
  t.append(to_row(key_of(12)), one);
  CHECK_THROWS_AS(t.append(to_row(key_of(12)), one), invalid_input);
  CHECK_THROWS_AS(t.append(to_row(key_of(0)), one), invalid_input);
  const auto row = to_row(key_of(24));
  CHECK_THROWS_AS(t.append(std::span(row).first(10), one), invalid_input);
  CHECK_THROWS_AS(t.append(row, std::span(one).first(4)), invalid_input);
  CHECK(t.size() == 1);
  t.append(row, one);
  CHECK(t.size() == 2);
}

TEST_CASE("merging adds equal keys, exactly, in any order and grouping", "[tally]") {
  random_stream random(1, 0);
  for (int round = 0; round < 300; ++round) {
    const auto a = random_rows(random);
    const auto b = random_rows(random);
    const auto c = random_rows(random);
    auto expected = a;
    for (const auto* more : {&b, &c}) {
      for (const auto& [key, sums] : *more) {
        for (std::size_t s = 0; s < 5; ++s) expected[key][s] += sums[s];
      }
    }
    const tally ta = table_of(a);
    const tally tb = table_of(b);
    const tally tc = table_of(c);
    const tally left = merge(merge(ta, tb).value(), tc).value();
    const tally right = merge(tc, merge(tb, ta).value()).value();
    if (left != right || left != table_of(expected)) FAIL("round " << round);
    if (subtract(left, tc).value() != merge(tb, ta).value()) FAIL("round " << round);
    if (subtract(subtract(left, tb).value(), tc).value() != ta) FAIL("round " << round);
    if (subtract(ta, ta).value().size() != 0) FAIL("round " << round);
  }
}

TEST_CASE("an empty tally is neutral", "[tally]") {
  random_stream random(2, 0);
  const tally empty(tally_layout::values, 42);
  const tally t = table_of(random_rows(random));
  CHECK(merge(t, empty).value() == t);
  CHECK(merge(empty, t).value() == t);
  CHECK(subtract(t, empty).value() == t);
  CHECK(merge(empty, empty).value() == empty);
  const tally less = subtract(empty, t).value();
  CHECK(merge(less, t).value() == empty);
}

TEST_CASE("tallies of other books or layouts do not merge", "[tally]") {
  const tally t = table_of({{1, {1, 1, 1, 1, 1}}});
  CHECK_FALSE(merge(t, tally(tally_layout::values, 43)));
  CHECK_FALSE(subtract(t, tally(tally_layout::values, 43)));
  CHECK_FALSE(merge(t, tally(tally_layout::lifetimes, 42)));
  CHECK_FALSE(merge(t, tally(tally_layout::values, 43)).error().message.empty());
}

TEST_CASE("sums go on beyond 64 bits", "[tally]") {
  tally sum(tally_layout::values, 42);
  const wide amount = 1'000'000'000'000'000;
  const tally one = table_of({{1, {1, amount, amount, -amount, amount}}});
  for (int i = 0; i < 20'000; ++i) sum = merge(sum, one).value();
  CHECK_FALSE(fits_int64(sum.sums(0)[1]));
  CHECK(sum.sums(0)[1] == 20'000 * amount);
  CHECK(sum.sums(0)[3] == -20'000 * amount);
}

TEST_CASE("the wire form gives back what it was given", "[tally]") {
  random_stream random(3, 0);
  for (int round = 0; round < 200; ++round) {
    const tally t = table_of(random_rows(random), random.bits());
    const result<tally> back = tally_from_bytes(to_bytes(t));
    if (!back || back.value() != t) FAIL("round " << round);
  }
  const tally empty(tally_layout::lifetimes, 0);
  CHECK(tally_from_bytes(to_bytes(empty)).value() == empty);
}

TEST_CASE("sums at the ends of 126 bits survive the wire", "[tally]") {
  const wide large = static_cast<wide>(1) << 125;
  for (const wide sum : {large, -large, large - 1, 1 - large, wide{INT64_MAX}, wide{INT64_MIN}}) {
    const tally t = table_of({{1, {1, sum, sum, sum, sum}}});
    CHECK(tally_from_bytes(to_bytes(t)).value() == t);
  }
}

TEST_CASE("the bytes of version 1 stay what they are", "[tally]") {
  const bytes golden = golden_file();
  CHECK(to_bytes(golden_tally()) == golden);
  const result<tally> read = tally_from_bytes(golden);
  REQUIRE(read);
  CHECK(read.value() == golden_tally());
  // Field by field: magic, version 1, layout 2, and the first row of the four.
  REQUIRE(golden.size() > 30);
  CHECK(std::string(golden.begin(), golden.begin() + 4) == "SPTL");
  CHECK(golden[4] == 1);
  CHECK(golden[5] == 2);
}

TEST_CASE("every truncation of the golden file is refused", "[tally]") {
  const bytes golden = golden_file();
  for (std::size_t n = 0; n < golden.size(); ++n) {
    if (tally_from_bytes(std::span(golden).first(n))) FAIL("first " << n << " bytes");
    bytes mended(golden.begin(), golden.begin() + static_cast<std::ptrdiff_t>(n));
    if (n < 16) continue;
    put_checksum(mended);
    if (tally_from_bytes(mended)) FAIL("first " << n << " bytes with a right checksum");
  }
  bytes longer = golden;
  longer.push_back(0);
  CHECK_FALSE(tally_from_bytes(longer));
  put_checksum(longer);
  CHECK_FALSE(tally_from_bytes(longer));
}

TEST_CASE("every change of one byte of the golden file is refused", "[tally]") {
  const bytes golden = golden_file();
  for (std::size_t i = 0; i < golden.size(); ++i) {
    for (int b = 0; b < 256; ++b) {
      if (golden[i] == b) continue;
      bytes changed = golden;
      changed[i] = static_cast<unsigned char>(b);
      if (tally_from_bytes(changed)) FAIL("byte " << i << " as " << b);
    }
  }
}

TEST_CASE("a changed byte with a right checksum is refused or is another tally", "[tally]") {
  const bytes golden = golden_file();
  int read = 0;
  for (std::size_t i = 0; i + 8 < golden.size(); ++i) {
    for (int b = 0; b < 256; ++b) {
      if (golden[i] == b) continue;
      bytes changed = golden;
      changed[i] = static_cast<unsigned char>(b);
      put_checksum(changed);
      const result<tally> t = tally_from_bytes(changed);
      if (!t) continue;
      ++read;
      // One tally has one form: what is read is written back the same.
      if (to_bytes(t.value()) != changed) FAIL("byte " << i << " as " << b);
      for (std::size_t row = 0; row < t.value().size(); ++row) {
        if (!is_value_key(t.value().key(row))) FAIL("byte " << i << " as " << b);
      }
    }
  }
  CHECK(read > 100);
}

TEST_CASE("random bytes with a right checksum are refused without a crash", "[tally]") {
  random_stream random(5, 0);
  const bytes golden = golden_file();
  for (int round = 0; round < 20'000; ++round) {
    bytes noise(golden.begin(), golden.begin() + random.below(20) + 4);
    const std::uint32_t more = 16 + random.below(120);
    for (std::uint32_t i = 0; i < more; ++i) {
      // Small numbers are likely fields; large ones go on to the next byte.
      noise.push_back(
          static_cast<unsigned char>(random.chance(0.7) ? random.below(4) : random.below(256)));
    }
    put_checksum(noise);
    const result<tally> t = tally_from_bytes(noise);
    if (t && to_bytes(t.value()) != noise) FAIL("round " << round);
  }
}

TEST_CASE("keys that no line can have are refused from the wire", "[tally]") {
  const auto read = [](std::size_t field, std::int64_t value) {
    tally t(tally_layout::values, 1);
    auto row = to_row(value_key{0, {family_id{0}, {12, 12, 0, true}, segment_id{0}}, full_share});
    row[field] = value;
    t.append(row, std::array<wide, 5>{1, 1, 1, 1, 1});
    return static_cast<bool>(tally_from_bytes(to_bytes(t)));
  };
  CHECK(read(0, 0));
  CHECK(read(0, no_number));
  CHECK_FALSE(read(0, -1));
  CHECK_FALSE(read(0, std::int64_t{no_number} + 1));
  CHECK_FALSE(read(1, INT64_MAX));
  CHECK_FALSE(read(2, 0));  // renews without an interval: would bill for ever
  CHECK_FALSE(read(2, -12));
  CHECK_FALSE(read(2, 5));
  CHECK_FALSE(read(3, 0));  // no committed flow: a division by zero
  CHECK_FALSE(read(3, 13));
  CHECK_FALSE(read(4, -1));
  CHECK_FALSE(read(5, 2));
  CHECK_FALSE(read(7, 3));
  CHECK_FALSE(read(8, 2));
  CHECK_FALSE(read(9, -1));
  CHECK_FALSE(read(10, 1'000'001));
  CHECK_FALSE(read(10, -1));
}

TEST_CASE("a key goes to its row and back", "[tally]") {
  const value_key k{no_number,
                    {family_id{3}, {3, 12, 30, true}, segment_id{9}, value_basis::revenue, true, 2},
                    share{333'333}};
  CHECK(to_value_key(to_row(k)) == k);
  // Rows are in the order of their keys.
  value_key next = k;
  ++next.part.ppm;
  CHECK(to_row(k) < to_row(next));
}

TEST_CASE("a merge whose sums exceed 128 bits fails instead of wrapping", "[tally]") {
  for (const wide sum : {static_cast<wide>(1) << 126, -(static_cast<wide>(1) << 126) - 1}) {
    const tally t = tally_from_bytes(to_bytes(table_of({{1, {1, sum, 0, 0, 0}}}))).value();
    CHECK_FALSE(merge(t, t));
    CHECK(subtract(t, t).value().size() == 0);
    const tally opposite = table_of({{1, {1, -sum, 0, 0, 0}}});
    CHECK_FALSE(subtract(t, opposite));
  }
}
