// SPDX-License-Identifier: BSL-1.0
#include "repeat_buying_cases.hpp"
#include "simulated_buyers.hpp"
#include "support/catch.hpp"
#include <salespulse/core/random.hpp>
#include <salespulse/statistics/pareto_nbd.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <string>

using namespace salespulse;

namespace {

struct tested {
  using model = pareto_nbd;
  using fit = pareto_nbd_fit;
  static constexpr const char* name = "Pareto/NBD";
  static constexpr std::array<bool, 4> is_time{false, true, false, true};
  static constexpr auto fit_to = fit_pareto_nbd;
};

}  // namespace

TEST_CASE("Pareto/NBD: the fits to CDNOW are the maxima known to forty digits") {
  test::check_published_fits<tested>();
}

TEST_CASE("Pareto/NBD: predictions for CDNOW hold to the digits printed") {
  test::check_predictions<tested>(
      {.base = "PNBD", .customer = "cust1", .alive = "PNBD PAlive "},
      [](const pareto_nbd_fit& fit, const auto& base, const auto& first, const auto& hold) {
        const double yearly = std::log(1.15) / 52;
        hold(*discounted_purchases(fit, base, yearly).value, "PNBD", "sumDERT(15%/yr) ");
        hold(*discounted_purchases(fit, base, std::log(1.1)).value, "PNBD", "ln1.1/week) ");
        for (const int t : {1, 52, 78}) {
          hold(*expected_purchases(fit, t).value, "E[X(t)] " + std::to_string(t) + " ", "PNBD ");
        }
        hold(*discounted_purchases(fit, first, yearly).value, "cust1", "DERT15 ");
        const std::string text = test::reference_text(test::predictions_file);
        std::string list = text.substr(text.find("7+: [") + 5);
        for (const figure_with_error& e : customers_by_purchases(fit, base, 7)) {
          list = list.substr(list.find_first_of("0123456789"));
          std::size_t length = 0;
          CHECK(std::abs(*e.value / std::stod(list, &length) - 1) <= 5e-8);
          list = list.substr(length);
        }
      });
}

TEST_CASE("Pareto/NBD: values where known programs fail") {
  test::check_hard_values<tested>("pnbd", 20);
}

TEST_CASE("Pareto/NBD: replicated customers change nothing but the precision") {
  test::check_replicates<tested>();
}

TEST_CASE("Pareto/NBD: a change of clock changes nothing but the units") {
  test::check_clocks<tested>();
}

TEST_CASE("Pareto/NBD: the order of the rows does not change a bit, and a union is a sum") {
  test::check_row_order<tested>();
}

TEST_CASE("Pareto/NBD: data at the edge of the model end in the limit model with its name") {
  test::check_edges<tested>();
  SECTION("everybody bought again at once and never after") {
    test::check_one_repeat_at_once<tested>();
  }
  SECTION("customers leave at once or never") {
    const pareto_nbd_fit fit = test::fitted<tested>(test::never_or_always());
    CHECK(fit.why == status{condition::boundary, 3});
    // The limit is 260 customers of whom a share buys at one rate, here at its maximum.
    CHECK(std::abs(fit.log_likelihood - -989.842274955) <= 0.5);
  }
}

TEST_CASE("Pareto/NBD: one whale does not sink the fit") { test::check_whale<tested>(); }

TEST_CASE("Pareto/NBD: homogeneous buyers end in an honest status") {
  test::check_homogeneous_buyers<tested>(2100, [](random_stream& draw) {
    return test::simulated_buyer(draw, 0.15, test::exponential_draw(draw, 0.03), 0, false, 270, 7);
  });
}

TEST_CASE("Pareto/NBD: bad data are named and not fitted") { test::check_bad_data<tested>(); }

TEST_CASE("Pareto/NBD: a broken precondition throws") { test::check_preconditions<tested>(); }

TEST_CASE("Pareto/NBD: laws of any model and customer") { test::check_laws<tested>(); }

TEST_CASE("Pareto/NBD: the probabilities of all counts add up to 1 and to the expectation") {
  test::check_total_probability<pareto_nbd>(
      {{0.55, 10.6, 0.6, 11.7}, {3, 20, 1, 30}, {0.8, 5, 2, 60}});
}

TEST_CASE("Pareto/NBD: the density of a history adds up to its probability") {
  test::check_density(pareto_nbd{0.55, 10.6, 0.6, 11.7});
}

TEST_CASE("Pareto/NBD: limits as numbers are the limits of the formulas") {
  const buying_history h{3, 20, 30};
  // Nobody leaves: purchases are negative binomial.
  const pareto_nbd loyal{0.7, 9, 0, 1};
  CHECK(probability_alive(loyal, h) == 1);
  CHECK(std::abs(further_purchases(loyal, h, 13) / (3.7 / 39 * 13) - 1) <= 1e-15);
  // One rate and one hazard for all: exponentials.
  constexpr double no_spread = pareto_nbd::no_spread;
  const double lambda = 0.2;
  const double mu = 0.04;
  const pareto_nbd same{no_spread, no_spread / lambda, no_spread, no_spread / mu};
  const double both = lambda + mu;
  const double alive = std::exp(-both * h.age);
  const double gone = mu / both * (std::exp(-both * h.recency) - std::exp(-both * h.age));
  CHECK(std::abs(log_likelihood(same, h) - (3 * std::log(lambda) + std::log(alive + gone))) <=
        1e-13);
  CHECK(std::abs(probability_alive(same, h) / (alive / (alive + gone)) - 1) <= 1e-13);
  CHECK(std::abs(expected_purchases(same, 10) / (lambda / mu * -std::expm1(-mu * 10)) - 1) <=
        1e-13);
  CHECK(std::abs(discounted_purchases(same, {}, 0.01) / (lambda / (0.01 + mu)) - 1) <= 1e-13);
}

TEST_CASE("Pareto/NBD: standard errors follow from the covariance") {
  test::check_standard_errors<tested>(test::simulated_base(16, 300, [](random_stream& draw) {
    const double rate = test::gamma_draw(draw, 1.2) / 6;
    const double leaves = test::exponential_draw(draw, test::gamma_draw(draw, 0.8) / 12);
    return test::simulated_buyer(draw, rate, leaves, 0, false, 270, 7);
  }));
}

TEST_CASE("Pareto/NBD: intervals of simulated customers hold the truth as often as they say") {
  const pareto_nbd truth{1.2, 6, 1, 20};
  test::check_coverage<tested>(truth, 40, 200, [&](random_stream& draw) {
    const double rate = test::gamma_draw(draw, truth.r) / truth.alpha;
    const double leaves =
        test::exponential_draw(draw, test::gamma_draw(draw, truth.s) / truth.beta);
    return test::simulated_buyer(draw, rate, leaves, 0, false, 520, 10);
  });
}
