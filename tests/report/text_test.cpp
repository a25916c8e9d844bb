// SPDX-License-Identifier: BSL-1.0
#include "../../src/report/text.hpp"

#include "support/catch.hpp"

#include <string>
#include <vector>

using namespace salespulse;

TEST_CASE("a name takes the columns that a terminal gives it") {
  CHECK(display_width("") == 0);
  CHECK(display_width("Anna") == 4);
  CHECK(display_width("Zo\xC3\xAB") == 3);
  CHECK(display_width("Zoe\xCC\x88") == 3);               // combining mark
  CHECK(display_width("\xE5\xB1\xB1\xE7\x94\xB0") == 4);  // wide characters
  CHECK(display_width("\xED\x95\x9C") == 2);              // Hangul
  CHECK(display_width("\xF0\x9F\x98\x80") == 2);          // emoji
  CHECK(display_width("\xD0\x98\xD0\xB2\xD0\xB0\xD0\xBD") == 4);
  CHECK(padded("\xE5\xB1\xB1", 4, alignment::left) == "\xE5\xB1\xB1  ");
  CHECK(padded("12", 4, alignment::right) == "  12");
}

TEST_CASE("a name can neither steer the terminal nor break its encoding") {
  CHECK(printable("a\x1b[31mb\n\tc\x7f") == "a?[31mb??c?");
  CHECK(printable("\xC2\x9B"
                  "1m") == "?1m");              // the eight-bit escape
  CHECK(printable("x\xE2\x80\xAEy") == "x?y");  // right-to-left override
  CHECK(printable("\xFF\xC3") == "??");
  CHECK(printable("\xC0\xAF") == "??");     // overlong
  CHECK(printable("\xED\xA0\x80") == "?");  // surrogate
  CHECK(printable("M\xC3\xBCller") == "M\xC3\xBCller");
}

TEST_CASE("digits in groups and a percentage stay on one line") {
  CHECK(wrapped("between 1 234 567 and 2 345 678 EUR", 20, "", 2) ==
        "  between 1 234 567\n  and 2 345 678 EUR\n");
  CHECK(wrapped("from 12 to 34.5 %", 11, "", 0) == "from 12 to\n34.5 %\n");
  CHECK(wrapped("", 20, "  x", 4) == "  x\n");
  CHECK(wrapped("averyveryverylongword b", 10, "", 2) == "  averyveryverylongword\n  b\n");
}

TEST_CASE("a name that is too long gets a line of its own and none is cut") {
  const std::vector<text_column> columns{
      {{"", "who"}, {"Bo", "A very long name indeed"}, alignment::left},
      {{"", "Sold"}, {"1 000", "20"}, alignment::right}};
  CHECK(print_table(columns, 10) ==
        "  who   Sold\n"
        "  Bo   1 000\n"
        "  A very long name indeed\n"
        "          20\n");
  CHECK(table_width(columns, 10) == 12);
}

TEST_CASE("intervals are drawn on the common scale") {
  const bar_style& ascii = style_of(false);
  CHECK(interval_bar(0, 5, 10, {0, 10}, 11, ascii) == "|----o----|");
  CHECK(interval_bar(2, 5, 8, {0, 10}, 11, ascii) == "  |--o--|  ");
  CHECK(interval_bar(5, 5, 5, {0, 10}, 11, ascii) == "     o     ");
  CHECK(interval_bar(-4, -2, 1, {-5, 5}, 11, ascii) == " |-o--|    ");
  CHECK(interval_bar(2, 3, 4, {-5, 5}, 11, ascii) == "     . |o| ");
  CHECK(interval_bar(1, 2, 3, {0, 0}, 11, ascii).empty());
  CHECK(display_width(interval_bar(2, 5, 8, {0, 10}, 11, style_of(true))) == 11);
}

TEST_CASE("what is too small for a bar is still seen") {
  const bar_style& ascii = style_of(false);
  CHECK(step_bar(0, 10, {0, 10}, 10, "#", ascii) == "##########");
  CHECK(step_bar(8, 4, {0, 10}, 10, "-", ascii) == "    ----  ");
  CHECK(step_bar(5, 5.1, {0, 10}, 10, "+", ascii) == "     |    ");
  CHECK(step_bar(10, 9.99, {0, 10}, 10, "-", ascii) == "         |");
  CHECK(step_bar(5, 5, {0, 10}, 10, "+", ascii) == "          ");
}
