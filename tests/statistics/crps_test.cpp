// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/crps.hpp>

#include "support/catch.hpp"
#include <salespulse/core/random.hpp>
#include <salespulse/core/result.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace salespulse;

namespace {

// E|X - y| - E|X - X'| / 2, term by term.
double by_distances(const std::vector<double>& x, const std::vector<double>& mass, double y) {
  double from_y = 0;
  double apart = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    from_y += mass[i] * std::abs(x[i] - y);
    for (std::size_t j = 0; j < x.size(); ++j) apart += mass[i] * mass[j] * std::abs(x[i] - x[j]);
  }
  return from_y - apart / 2;
}

}  // namespace

TEST_CASE("the score of a normal forecast has its digits") {
  struct row {
    double mean;
    double sd;
    double y;
    double score;
  };
  // By 30-digit arithmetic.
  const row rows[] = {{0, 1, 0, 0.23369497725510906893},
                      {0, 1, 2, 1.4527918216859029882},
                      {3, 0.5, -1, 3.717905208226121932},
                      {10, 4, 11.25, 1.0893608115733896123}};
  for (const row& r : rows) {
    CHECK(std::abs(crps_of_normal(r.mean, r.sd, r.y) / r.score - 1) < 1e-15);
  }
  CHECK(crps_of_normal(3, 0, 5) == 2);
  CHECK(crps_of_normal(0, 1, 1e6) == 1e6 - 0.56418958354775628695);
  CHECK_THROWS_AS(crps_of_normal(0, -1, 0), invalid_input);
}

TEST_CASE("the score of one number is its distance from the outcome") {
  const lattice_distribution at_five(5, 1, {1.0});
  CHECK(crps(at_five, 5) == 0);
  CHECK(crps(at_five, 7.5) == 2.5);
  CHECK(crps(at_five, -1) == 6);
  CHECK(*crps_of_sample(std::vector<double>{5}, 7.5).value == 2.5);
  CHECK_THROWS_AS(crps(at_five, HUGE_VAL), invalid_input);
}

TEST_CASE("lattice and sample scores are those of expected distances") {
  random_stream draws(21, 0);
  for (int round = 0; round < 50; ++round) {
    const std::size_t n = 2 + draws.below(12);
    std::vector<double> masses(n);
    double total = 0;
    for (double& m : masses) total += m = draws.uniform() + 0.01;
    for (double& m : masses) m /= total;
    std::vector<double> points(n);
    std::vector<double> sample(n);
    for (std::size_t k = 0; k < n; ++k) {
      points[k] = -7 + 3 * static_cast<double>(k);
      sample[k] = static_cast<double>(draws.below(30));
    }
    const lattice_distribution forecast(-7, 3, masses);
    const std::vector<double> equal(n, 1 / static_cast<double>(n));
    for (const double y : {-20.0, -7.0, 0.3, 11.0, 90.0}) {
      CHECK(std::abs(crps(forecast, y) - by_distances(points, masses, y)) < 1e-13);
      CHECK(std::abs(*crps_of_sample(sample, y).value - by_distances(sample, equal, y)) < 1e-13);
      double from_y = 0;
      double apart = 0;
      for (const double a : sample) {
        from_y += std::abs(a - y);
        for (const double b : sample) apart += std::abs(a - b);
      }
      const auto size = static_cast<double>(n);
      CHECK(std::abs(*fair_crps_of_sample(sample, y).value -
                     (from_y / size - apart / (2 * size * (size - 1)))) < 1e-12);
    }
  }
}

TEST_CASE("the score is best on average for the true distribution") {
  const lattice_distribution truth(0, 1, {0.2, 0.5, 0.3});
  const auto expected = [&](const lattice_distribution& forecast) {
    double sum = 0;
    for (std::int64_t y = 0; y <= 2; ++y) {
      sum += truth.probability(y) * crps(forecast, static_cast<double>(y));
    }
    return sum;
  };
  for (double a = 0.05; a < 0.9; a += 0.05) {
    for (double b = 0.05; a + b < 0.99; b += 0.05) {
      const lattice_distribution other(0, 1, {a, b, 1 - a - b});
      CHECK(expected(truth) <= expected(other) + 1e-15);
    }
  }
}

TEST_CASE("the fair score of a sample estimates that of its distribution") {
  random_stream draws(21, 1);
  const double truth = crps(lattice_distribution(0, 1, {0.25, 0.25, 0.25, 0.25}), 1);
  std::vector<double> fair;
  std::vector<double> plain;
  for (int round = 0; round < 20'000; ++round) {
    std::vector<double> sample(3);
    for (double& x : sample) x = draws.below(4);
    fair.push_back(*fair_crps_of_sample(sample, 1).value);
    plain.push_back(*crps_of_sample(sample, 1).value);
  }
  const mean_score m = mean_of_scores(fair);
  CHECK(std::abs(*m.mean.value - truth) < 3.3 * *m.std_error.value);
  CHECK(*mean_of_scores(plain).mean.value > truth + 0.1);
}

TEST_CASE("mean scores have a standard error and do not depend on the order") {
  std::vector<double> scores{1, 2, 4, 1};
  const mean_score m = mean_of_scores(scores);
  CHECK(m.n == 4);
  CHECK(*m.mean.value == 2);
  CHECK(std::abs(*m.std_error.value - std::sqrt(0.5)) < 1e-15);
  std::reverse(scores.begin(), scores.end());
  CHECK(*mean_of_scores(scores).std_error.value == *m.std_error.value);
  CHECK(*mean_of_scores(std::vector<double>{3}).mean.value == 3);
  CHECK(mean_of_scores(std::vector<double>{3}).std_error.why ==
        status{condition::insufficient_data});
  CHECK(mean_of_scores({}).mean.why == status{condition::insufficient_data});
}

TEST_CASE("bad draws and outcomes are named") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(crps_of_sample({}, 1).why == status{condition::insufficient_data});
  CHECK(fair_crps_of_sample(std::vector<double>{1}, 1).why == status{condition::insufficient_data});
  CHECK(crps_of_sample(std::vector<double>{1, nan}, 1).why ==
        status{condition::non_finite_input, 1});
  CHECK(crps_of_sample(std::vector<double>{1}, nan).why == status{condition::non_finite_input});
  CHECK(mean_of_scores(std::vector<double>{1, nan}).mean.why ==
        status{condition::non_finite_input, 1});
}

TEST_CASE("scores at the ends of the doubles are finite or say that they are not") {
  constexpr double most = std::numeric_limits<double>::max();
  constexpr double least = std::numeric_limits<double>::denorm_min();
  CHECK(*crps_of_sample(std::vector<double>{-most, most}, 0).value == most / 2);
  CHECK(*fair_crps_of_sample(std::vector<double>{-most, most}, 0).value == 0);
  CHECK(crps_of_sample(std::vector<double>{most}, -most).why == status{condition::out_of_range});
  // A sharp forecast that missed scores its distance.
  CHECK(crps_of_normal(0, least, 1) == 1);
  CHECK(crps_of_normal(0, 1e-310, -2) == 2);
  CHECK_THROWS_AS(crps_of_normal(most, 1, -most), invalid_input);
  const mean_score equal = mean_of_scores(std::vector<double>{most, most});
  CHECK(*equal.mean.value == most);
  CHECK(*equal.std_error.value == 0);
  CHECK(*mean_of_scores(std::vector<double>{most, -most, 3}).mean.value == 1);
  // Points whose distance from the first does not fit 64 bits.
  const lattice_distribution wide_apart(-9'000'000'000'000'000'000, 6'000'000'000'000'000'000,
                                        {0.25, 0.25, 0.25, 0.25});
  CHECK(std::abs(crps(wide_apart, 0) / 2.25e18 - 1) < 1e-15);
}
