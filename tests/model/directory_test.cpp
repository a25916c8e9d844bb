// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include <salespulse/model/directory.hpp>

#include <string>
#include <string_view>
#include <vector>

using namespace salespulse;
using namespace std::string_view_literals;

TEST_CASE("ids are numbered in the order of first sight", "[directory]") {
  directory d;
  CHECK(d.insert("b").number == 0);
  CHECK(d.insert("a").number == 1);
  const auto again = d.insert("b");
  CHECK(again.number == 0);
  CHECK_FALSE(again.is_new);
  CHECK(d.insert("c").is_new);
  CHECK(d.size() == 3);
  CHECK(d[0] == "b");
  CHECK(d[1] == "a");
  CHECK(d.find("a") == 1);
  CHECK_FALSE(d.find("d"));
}

TEST_CASE("an empty directory finds nothing", "[directory]") {
  const directory d;
  CHECK_FALSE(d.find(""));
  CHECK_FALSE(d.find("a"));
  CHECK(d.size() == 0);
  CHECK(d.sorted_places().empty());
}

TEST_CASE("the empty id and ids with zero bytes are ids like others", "[directory]") {
  directory d;
  for (const std::string_view id : {"a\0b"sv, ""sv, "a"sv, "a\0"sv, "\0"sv, "\0\0"sv, "\xFF"sv}) {
    CHECK_FALSE(d.find(id));
    CHECK(d.insert(id).is_new);
    CHECK_FALSE(d.insert(id).is_new);
  }
  CHECK(d.size() == 7);
  CHECK(d[0] == "a\0b"sv);
  CHECK(d[1] == ""sv);
  CHECK(d[3] == "a\0"sv);
  CHECK(d.find("\0\0"sv) == 5);
}

TEST_CASE("a hundred thousand ids are all found, and no other", "[directory]") {
  directory d;
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    const std::string id = "00Q5g00000" + std::to_string(i * 7919 % 100'003);
    if (d.insert(id).number != i) FAIL(id);
  }
  REQUIRE(d.size() == 100'000);
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    const std::string id = "00Q5g00000" + std::to_string(i * 7919 % 100'003);
    if (d.find(id) != i || d[i] != id) FAIL(id);
    if (d.find(id + "x")) FAIL(id);
  }
  CHECK(d.bytes() < 5'000'000);
}

TEST_CASE("ids that fall into the same slots of the table are kept apart", "[directory]") {
  // The table begins with 16 slots; of 4 000 short ids hundreds share each residue.
  directory d;
  std::vector<std::string> ids;
  for (int i = 0; i < 4000; ++i)
    ids.push_back(std::string(1, static_cast<char>(i % 256)) + std::to_string(i / 256));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!d.insert(ids[i]).is_new) FAIL(i);
    for (std::size_t j = i < 20 ? 0 : i - 20; j <= i; ++j) {
      if (d.find(ids[j]) != j) FAIL(i << " after " << j);
    }
  }
}

TEST_CASE("places follow the byte order of the ids", "[directory]") {
  directory d;
  for (const std::string_view id : {"b"sv, "B"sv, "\xC3\xA9"sv, ""sv, "a10"sv, "a9"sv, "a"sv}) {
    d.insert(id);
  }
  CHECK(d.sorted_places() == std::vector<std::uint32_t>{5, 1, 6, 0, 3, 4, 2});
  const directory sorted = d.renumbered(d.sorted_places());
  REQUIRE(sorted.size() == d.size());
  for (std::size_t i = 1; i < sorted.size(); ++i) CHECK(sorted[i - 1] < sorted[i]);
  CHECK(sorted.find("a10") == 3);
}

TEST_CASE("an id may be a piece of the directory's own text", "[directory]") {
  directory d;
  d.insert("abcdefghijklmnopqrstuvwxyz");
  const std::string expected(d[0].substr(3, 10));
  CHECK(d[d.insert(d[0].substr(3, 10)).number] == expected);
}
