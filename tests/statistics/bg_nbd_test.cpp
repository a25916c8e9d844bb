// SPDX-License-Identifier: BSL-1.0
#include "repeat_buying_cases.hpp"
#include "simulated_buyers.hpp"
#include "support/catch.hpp"
#include <salespulse/core/random.hpp>
#include <salespulse/statistics/bg_nbd.hpp>

#include <array>
#include <cmath>
#include <string>

using namespace salespulse;

namespace {

struct tested {
  using model = bg_nbd;
  using fit = bg_nbd_fit;
  static constexpr const char* name = "BG/NBD";
  static constexpr std::array<bool, 4> is_time{false, true, false, false};
  static constexpr auto fit_to = fit_bg_nbd;
};

}  // namespace

TEST_CASE("BG/NBD: the fits to CDNOW are the maxima known to forty digits") {
  test::check_published_fits<tested>();
}

TEST_CASE("BG/NBD: predictions for CDNOW hold to the digits printed") {
  test::check_predictions<tested>(
      {.base = "BG ", .customer = "| BG PAlive", .alive = "BG PAlive "},
      [](const bg_nbd_fit& fit, const auto&, const auto&, const auto& hold) {
        for (const int t : {1, 52, 78}) {
          hold(*expected_purchases(fit, t).value, "E[X(t)] " + std::to_string(t) + " ", "BG ");
        }
      });
}

TEST_CASE("BG/NBD: values where known programs fail") {
  test::check_hard_values<tested>("bgnbd", 9);
}

TEST_CASE("BG/NBD: replicated customers change nothing but the precision") {
  test::check_replicates<tested>();
}

TEST_CASE("BG/NBD: a change of clock changes nothing but the units") {
  test::check_clocks<tested>();
}

TEST_CASE("BG/NBD: the order of the rows does not change a bit, and a union is a sum") {
  test::check_row_order<tested>();
}

TEST_CASE("BG/NBD: data at the edge of the model end in the limit model with its name") {
  test::check_edges<tested>();
  SECTION("everybody bought again at once and never after") {
    const bg_nbd_fit fit = test::fitted_at_edge<tested>(test::purchase_rows(100, {1, 1, 270}));
    CHECK(fit.why == status{condition::boundary, 3});
    CHECK(fit.parameters->b == 0);
    // One repeat after a day at rate 7 a week, then nothing: 100 (log 7 - 1).
    CHECK(std::abs(fit.log_likelihood - 100 * (std::log(7.0) - 1)) <= 1e-10);
    CHECK(probability_alive(fit, {1, 1, 30}).value == 0.0);
  }
}

TEST_CASE("BG/NBD: one whale does not sink the fit") { test::check_whale<tested>(); }

TEST_CASE("BG/NBD: homogeneous buyers end in an honest status") {
  test::check_homogeneous_buyers<tested>(2200, [](random_stream& draw) {
    return test::simulated_buyer(draw, 0.15, 1e9, 0.2, false, 270, 7);
  });
}

TEST_CASE("BG/NBD: bad data are named and not fitted") { test::check_bad_data<tested>(); }

TEST_CASE("BG/NBD: a broken precondition throws") { test::check_preconditions<tested>(); }

TEST_CASE("BG/NBD: laws of any model and customer") { test::check_laws<tested>(); }

TEST_CASE("BG/NBD: the probabilities of all counts add up to 1 and to the expectation") {
  test::check_total_probability<bg_nbd>({{0.55, 10.6, 0.6, 2.4}, {3, 20, 1, 4}, {0.8, 5, 2, 3}});
}

TEST_CASE("BG/NBD: the density of a history adds up to its probability") {
  test::check_density(bg_nbd{0.55, 10.6, 0.6, 2.4});
}

TEST_CASE("BG/NBD: limits as numbers are the limits of the formulas") {
  test::check_limits_of_stopping<tested>(false);
  // Everybody stops after the first repeat.
  const bg_nbd once{0.7, 9, 1, 0};
  CHECK(std::abs(expected_purchases(once, 10) - purchase_probability(once, 1, 10)) <= 1e-15);
  CHECK(purchase_probability(once, 2, 10) == 0);
  CHECK(std::isinf(log_likelihood(once, {3, 20, 30})));
}

TEST_CASE("BG/NBD: standard errors follow from the covariance") {
  test::check_standard_errors<tested>(test::simulated_base(16, 300, [](random_stream& draw) {
    const double rate = test::gamma_draw(draw, 1.2) / 6;
    return test::simulated_buyer(draw, rate, 1e9, test::gamma_draw(draw, 1) / 6, false, 270, 7);
  }));
}

TEST_CASE("BG/NBD: intervals of simulated customers hold the truth as often as they say") {
  const bg_nbd truth{1.2, 6, 1, 3};
  test::check_coverage<tested>(truth, 100, 250, [&](random_stream& draw) {
    const double rate = test::gamma_draw(draw, truth.r) / truth.alpha;
    const double to_stop = test::gamma_draw(draw, truth.a);
    const double stop = to_stop / (to_stop + test::gamma_draw(draw, truth.b));
    return test::simulated_buyer(draw, rate, 1e9, stop, false, 520, 10);
  });
}

TEST_CASE("BG/NBD: discounted purchases against quadrature with thirty digits") {
  // mpmath 1.3: P(alive) times the integral of exp(-rate u) E[rate of purchases at u].
  const bg_nbd m{0.2426, 4.4136, 0.7929, 2.4259};
  CHECK(std::abs(discounted_purchases(m, {2, 30, 38.8}, 0.01) / 2.248326008054538 - 1) <= 1e-13);
  CHECK(std::abs(discounted_purchases(m, {0, 0, 38.8}, 0.0027) / 1.015171766965567 - 1) <= 1e-13);
  const bg_nbd whole{0.5248, 6.183, 1, 1.614};
  CHECK(std::abs(discounted_purchases(whole, {7, 35, 36}, 0.1) / 1.305150602470648 - 1) <= 1e-13);
}

TEST_CASE("BG/NBD: probabilities of counts hold on the way to equal rates") {
  test::check_towards_equal_rates<tested>();
}

TEST_CASE("times and counts that doubles cannot hold are refused by BG/NBD") {
  CHECK_THROWS_AS(expected_purchases(bg_nbd{0.5, 2e-299, 0.5, 1.6}, 1e300), invalid_input);
  CHECK_THROWS_AS(purchase_probability(bg_nbd{0.5, 2e-299, 0.5, 1.6}, 3, 1e300), invalid_input);
  CHECK_THROWS_AS(purchase_probability(bg_nbd{1, 1, 1, 1}, INT64_MAX, 1), invalid_input);
  CHECK_THROWS_AS(purchase_probability(bg_nbd{1e18, 1, 1, 1}, 10'000'000'000'000'000, 1e16),
                  invalid_input);
  CHECK_THROWS_AS(further_purchases(bg_nbd{0.5, 2e-299, 0.5, 1.6}, {1, 1, 2}, 1e300),
                  invalid_input);
}
