// SPDX-License-Identifier: BSL-1.0
#include "repeat_buying_cases.hpp"
#include "simulated_buyers.hpp"
#include "support/catch.hpp"
#include <salespulse/core/random.hpp>
#include <salespulse/statistics/bg_nbd.hpp>
#include <salespulse/statistics/mbg_nbd.hpp>

#include <rapidcheck.h>

#include <array>
#include <cmath>

using namespace salespulse;

namespace {

struct tested {
  using model = mbg_nbd;
  using fit = mbg_nbd_fit;
  static constexpr const char* name = "MBG/NBD";
  static constexpr std::array<bool, 4> is_time{false, true, false, false};
  static constexpr auto fit_to = fit_mbg_nbd;
};

}  // namespace

TEST_CASE("MBG/NBD: the fits to CDNOW are the maxima known to forty digits") {
  test::check_published_fits<tested>();
}

TEST_CASE("MBG/NBD: predictions for CDNOW hold to the digits printed") {
  test::check_predictions<tested>(
      {.base = "MBG ", .customer = "| MBG PAlive", .alive = "MBG PAlive "}, [](const auto&...) {});
}

TEST_CASE("MBG/NBD: values where known programs fail") {
  test::check_hard_values<tested>("mbg", 1);
}

TEST_CASE("MBG/NBD: replicated customers change nothing but the precision") {
  test::check_replicates<tested>();
}

TEST_CASE("MBG/NBD: a change of clock changes nothing but the units") {
  test::check_clocks<tested>();
}

TEST_CASE("MBG/NBD: the order of the rows does not change a bit, and a union is a sum") {
  test::check_row_order<tested>();
}

TEST_CASE("MBG/NBD: data at the edge of the model end in the limit model with its name") {
  test::check_edges<tested>();
  SECTION("everybody bought again at once and never after") {
    test::check_one_repeat_at_once<tested>();
  }
  SECTION("customers stop at once or never") {
    const mbg_nbd_fit fit = test::fitted_at_edge<tested>(test::never_or_always());
    CHECK(fit.why == status{condition::boundary, 2});
    CHECK(*expected_purchases(fit, 1).value > 0);
  }
}

TEST_CASE("MBG/NBD: one whale does not sink the fit") { test::check_whale<tested>(); }

TEST_CASE("MBG/NBD: homogeneous buyers end in an honest status") {
  test::check_homogeneous_buyers<tested>(2300, [](random_stream& draw) {
    return test::simulated_buyer(draw, 0.15, 1e9, 0.2, true, 270, 7);
  });
}

TEST_CASE("MBG/NBD: bad data are named and not fitted") { test::check_bad_data<tested>(); }

TEST_CASE("MBG/NBD: a broken precondition throws") { test::check_preconditions<tested>(); }

TEST_CASE("MBG/NBD: laws of any model and customer") { test::check_laws<tested>(); }

TEST_CASE("MBG/NBD: the probabilities of all counts add up to 1 and to the expectation") {
  test::check_total_probability<mbg_nbd>({{0.55, 10.6, 0.6, 2.4}, {3, 20, 1, 4}, {0.8, 5, 2, 3}});
}

TEST_CASE("MBG/NBD: the density of a history adds up to its probability") {
  test::check_density(mbg_nbd{0.55, 10.6, 0.6, 2.4});
}

TEST_CASE("MBG/NBD: limits as numbers are the limits of the formulas") {
  test::check_limits_of_stopping<tested>(true);
  // Everybody stops at once.
  const mbg_nbd never{0.7, 9, 1, 0};
  CHECK(expected_purchases(never, 10) == 0);
  CHECK(purchase_probability(never, 0, 10) == 1);
  CHECK(std::isinf(log_likelihood(never, {3, 20, 30})));
}

TEST_CASE("MBG/NBD: standard errors follow from the covariance") {
  test::check_standard_errors<tested>(test::simulated_base(16, 300, [](random_stream& draw) {
    const double rate = test::gamma_draw(draw, 1.2) / 6;
    return test::simulated_buyer(draw, rate, 1e9, test::gamma_draw(draw, 1) / 6, true, 270, 7);
  }));
}

TEST_CASE("MBG/NBD: intervals of simulated customers hold the truth as often as they say") {
  const mbg_nbd truth{1.2, 6, 1, 3};
  test::check_coverage<tested>(truth, 100, 250, [&](random_stream& draw) {
    const double rate = test::gamma_draw(draw, truth.r) / truth.alpha;
    const double to_stop = test::gamma_draw(draw, truth.a);
    const double stop = to_stop / (to_stop + test::gamma_draw(draw, truth.b));
    return test::simulated_buyer(draw, rate, 1e9, stop, true, 520, 10);
  });
}

TEST_CASE("MBG/NBD is BG/NBD with a first chance to stop at the first purchase") {
  CHECK(rc::check("the share that passes it goes on as in BG/NBD with b + 1", [] {
    const mbg_nbd m = test::any_model<tested>();
    const bg_nbd after{m.r, m.alpha, m.a, m.b + 1};
    const double pass = m.b / (m.a + m.b);
    const double time = *rc::gen::inRange(1, 5'000) / 50.0;
    const double mean = pass * expected_purchases(after, time);
    RC_ASSERT(std::abs(expected_purchases(m, time) - mean) <= 1e-13 * mean);
    const int x = *rc::gen::inRange(1, 20);
    const double probability = pass * purchase_probability(after, x, time);
    RC_ASSERT(std::abs(purchase_probability(m, x, time) - probability) <= 1e-12 * probability);
    const double none = m.a / (m.a + m.b) + pass * purchase_probability(after, 0, time);
    RC_ASSERT(std::abs(purchase_probability(m, 0, time) - none) <= 1e-14);
    const buying_history h{x, time / 2, time};
    const double density = std::log(pass) + log_likelihood(after, h);
    RC_ASSERT(std::abs(log_likelihood(m, h) - density) <= 1e-12 * (1 + std::abs(density)));
    const double alive = probability_alive(after, h);
    RC_ASSERT(std::abs(probability_alive(m, h) - alive) <= 1e-13 * alive);
  }));
}

TEST_CASE("MBG/NBD: discounted purchases against quadrature with thirty digits") {
  // mpmath 1.3: P(alive) times the integral of exp(-rate u) E[rate of purchases at u].
  const mbg_nbd m{0.2426, 4.4136, 0.7929, 2.4259};
  CHECK(std::abs(discounted_purchases(m, {2, 30, 38.8}, 0.01) / 2.533211922086486 - 1) <= 1e-13);
  CHECK(std::abs(discounted_purchases(m, {0, 0, 38.8}, 0.0027) / 0.7163286765940408 - 1) <= 1e-13);
  const mbg_nbd whole{0.5248, 6.183, 1, 1.614};
  CHECK(std::abs(discounted_purchases(whole, {7, 35, 36}, 0.1) / 1.343822869840482 - 1) <= 1e-13);
}

TEST_CASE("MBG/NBD: probabilities of counts hold on the way to equal rates") {
  test::check_towards_equal_rates<tested>();
}
