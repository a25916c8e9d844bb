// SPDX-License-Identifier: BSL-1.0
#include "../../src/statistics/cohorts.hpp"

#include "support/catch.hpp"

#include <rapidcheck.h>

#include <cmath>
#include <vector>

using namespace salespulse;

namespace {

row_counts<tenure> counted(std::vector<row_counts<tenure>::entry> entries) {
  return row_counts<tenure>(std::move(entries));
}

}  // namespace

TEST_CASE("tenures are cut into the pieces that lie between their renewals") {
  const retention_pieces cut = pieces_of(counted({{{0, 0, 1}, 4},      // left at 1
                                                  {{0, 2, 0}, 5},      // still there after 2
                                                  {{1, 4, 0}, 2},      // entered late
                                                  {{0, 1, 4}, 3},      // left in (1, 4]
                                                  {{2, 2, 0}, 99}}));  // never watched
  REQUIRE(cut.why.ok());
  const std::vector<retention_piece> expected{
      {0, 1, 8, 4}, {1, 2, 7, 0}, {1, 4, 0, 3}, {2, 4, 2, 0}};
  CHECK(cut.pieces == expected);
}

TEST_CASE("bad tenures are named by their entry") {
  const auto why = [](tenure bad, std::int64_t count) {
    return pieces_of(counted({{{0, 0, 1}, 4}, {bad, count}})).why;
  };
  CHECK(why({-1, 2, 0}, 1) == status{condition::negative_time, 0});  // sorts first
  CHECK(why({1, 2, -3}, 1) == status{condition::negative_time, 1});
  CHECK(why({3, 2, 0}, 1) == status{condition::entry_not_before_exit, 1});
  CHECK(why({0, 2, 2}, 1) == status{condition::entry_not_before_exit, 1});
  CHECK(why({0, 2, 0}, -1) == status{condition::negative_count, 1});
}

TEST_CASE("pieces of huge counts do not overflow") {
  const retention_pieces cut =
      pieces_of(counted({{{0, 3, 0}, 1'000'000'000'000}, {{0, 1, 2}, 999'999'999'999}}));
  CHECK(cut.pieces.front() == retention_piece{0, 1, 1'999'999'999'999, 0});
}

TEST_CASE("derivatives of the log probability to stay are those of its value") {
  const auto law =
      GENERATE(retention_law::beta, retention_law::one_rate, retention_law::power_tail);
  CHECK(rc::check("by central differences", [law] {
    const auto positive = [] { return std::exp(*rc::gen::inRange(-2000, 2000) / 1000.0); };
    // The third parameter of a power tail is a number of renewals; no derivative is taken in it.
    const bool tail = law == retention_law::power_tail;
    const int parameters = tail ? 2 : 3;
    const double third = tail ? *rc::gen::inRange(1, 6) : positive();
    const Eigen::Vector3d at{positive(), positive(), third};
    const double from = *rc::gen::inRange(0, 8);
    const double to = from + *rc::gen::inRange(1, 9);
    const evaluation<3> e = log_kept(law, at, from, to, true);
    RC_ASSERT(e.value <= 0);
    // Two step sizes cancel the leading error of the difference.
    const auto slope = [&](int i, auto&& of) {
      const double h = 2e-3 * at[i];
      const auto difference = [&](double step) {
        Eigen::Vector3d low = at;
        Eigen::Vector3d high = at;
        low[i] -= step;
        high[i] += step;
        return (of(log_kept(law, high, from, to, true)) - of(log_kept(law, low, from, to, true))) /
               (2 * step);
      };
      return (4 * difference(h / 2) - difference(h)) / 3;
    };
    const double size = std::abs(e.value);
    for (int i = 0; i < parameters; ++i) {
      const double first = slope(i, [](const evaluation<3>& x) { return x.value; });
      RC_ASSERT(std::abs(first - e.gradient[i]) * at[i] <=
                1e-7 * (size + std::abs(e.gradient[i]) * at[i]));
      for (int j = 0; j < parameters; ++j) {
        const double second = slope(i, [j](const evaluation<3>& x) { return x.gradient[j]; });
        const double scale = at[i] * at[j];
        RC_ASSERT(std::abs(second - e.hessian(i, j)) * scale <=
                  1e-6 *
                      (size + std::abs(e.gradient[j]) * at[j] + std::abs(e.hessian(i, j)) * scale));
      }
    }
  }));
}

TEST_CASE("where one stops on the way does not change the probability to stay") {
  const auto law =
      GENERATE(retention_law::beta, retention_law::one_rate, retention_law::power_tail);
  CHECK(rc::check("", [law] {
    const auto positive = [] { return std::exp(*rc::gen::inRange(-6000, 6000) / 2000.0); };
    const double third = law == retention_law::power_tail ? *rc::gen::inRange(1, 150) : positive();
    const Eigen::Vector3d at{positive(), positive(), third};
    const double from = *rc::gen::inRange(0, 100);
    const double middle = from + *rc::gen::inRange(1, 100);
    const double to = middle + *rc::gen::inRange(1, 100);
    const double whole = log_kept(law, at, from, to, false).value;
    const double parts =
        log_kept(law, at, from, middle, false).value + log_kept(law, at, middle, to, false).value;
    RC_ASSERT(std::abs(whole - parts) <= 1e-13 * std::abs(whole));
  }));
}
