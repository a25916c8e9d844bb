// SPDX-License-Identifier: BSL-1.0
#include "import_input.hpp"
#include "support/catch.hpp"
#include <salespulse/core/random.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace {

using namespace salespulse;
using namespace std::string_literals;

// Rows as a CRM would write them, to be cut and changed.
const std::string& sample_rows() {
  static const std::string rows =
      "D1,S1,won,2024-01-01T10:00:00Z,1200.00,EUR,12,36,0,true,250000,\r\n"
      "\"D2\",\"two\nlines\",\"a \"\"quote\"\"\",-1.5,May-20,1.2E+11,0,,,,,\n"
      "L1;D1;P1;1.200,50;1.100,00;480,00;EUR;12;36;0;true\r"
      "3/11/2017,2017-03-11,00/00/0000,null,NULL,NaN,N/A,-,\n"
      "E1|D1|L1|invoice|-99999999999999999999|USD|2024-02-30|2024-02-28||\n"
      "\xEF\xBB\xBFid,deal\n\xFF\xFE\x00\n\"never closed,1,2\n"s;
  return rows;
}

}  // namespace

TEST_CASE("20 000 random, cut and changed inputs end in a report or a clear failure") {
  random_stream draws(20240517, 1);
  const auto below = [&](std::size_t n) -> std::size_t {
    return draws.below(static_cast<std::uint32_t>(n));
  };
  std::vector<std::uint8_t> input;
  for (int run = 0; run < 20'000; ++run) {
    input.clear();
    input.push_back(static_cast<std::uint8_t>(below(256)));
    input.push_back(static_cast<std::uint8_t>(below(256)));
    const std::size_t kind = below(4);
    if (kind == 0) {  // noise
      for (std::size_t i = below(200); i > 0; --i) {
        input.push_back(static_cast<std::uint8_t>(below(256)));
      }
    } else if (kind == 1) {  // noise of the bytes that mean something in CSV
      constexpr std::string_view bytes = ",;|\t\"\"\r\n\n -.0123456789ADEL";
      for (std::size_t i = below(400); i > 0; --i) {
        input.push_back(static_cast<std::uint8_t>(bytes[below(bytes.size())]));
      }
    } else {  // rows, cut and changed
      const std::string& rows = sample_rows();
      const std::size_t begin = below(rows.size());
      const std::string_view part =
          std::string_view(rows).substr(begin, below(rows.size() - begin) + 1);
      input.insert(input.end(), part.begin(), part.end());
      for (std::size_t i = kind == 2 ? 0 : below(8); i > 0; --i) {
        input[2 + below(part.size())] = static_cast<std::uint8_t>(below(256));
      }
    }
    if (import_any(input.data(), input.size())) continue;
    CAPTURE(run, std::string(input.begin(), input.end()));
    FAIL("an unsound import");
  }
  SUCCEED();
}
