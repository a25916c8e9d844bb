// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_TESTS_SUPPORT_CATCH_HPP
#define SALESPULSE_TESTS_SUPPORT_CATCH_HPP

// Catch2 2 ships one header, Catch2 3 many; the tests are written in what both understand:
// TEST_CASE, SECTION, CHECK, REQUIRE, GENERATE, Catch::Approx, CHECK_THAT with matchers spelled in
// full, such as Catch::Matchers::WithinRel.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif

#endif
