// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/sum_distribution.hpp>

#include "support/catch.hpp"
#include "support/reference.hpp"
#include <salespulse/core/random.hpp>
#include <salespulse/core/result.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace salespulse;

namespace {

constexpr const char* file = "reference/statistics/hp_sales_math.csv";
constexpr const char* pipeline_file = "reference/statistics/inputs/pipeline12.json";

const sum_options by_transform{.max_direct_operations = 0};

// [{"amount": 12, "p": "0.9"}, ...]
std::vector<chance> pipeline12() {
  const std::string text = test::reference_text(pipeline_file);
  std::vector<chance> chances;
  constexpr std::string_view amount = "\"amount\": ";
  constexpr std::string_view p = "\"p\": \"";
  for (std::size_t at = text.find(amount); at != std::string::npos; at = text.find(amount, at)) {
    at += amount.size();
    const std::int64_t value = std::stoll(text.substr(at));
    at = text.find(p, at) + p.size();
    chances.push_back({value, std::stod(text.substr(at))});
  }
  return chances;
}

std::vector<chance> draw_chances(random_stream& draws, std::size_t n, std::uint32_t largest) {
  std::vector<chance> chances;
  for (std::size_t i = 0; i < n; ++i) {
    chances.push_back({static_cast<std::int64_t>(draws.below(largest)), draws.uniform()});
  }
  return chances;
}

double sum_of(std::span<const double> values) {
  long double sum = 0;
  for (const double v : values) sum += v;
  return static_cast<double>(sum);
}

bool same(const lattice_distribution& a, const lattice_distribution& b) {
  return a.first() == b.first() && a.step() == b.step() &&
         std::equal(a.masses().begin(), a.masses().end(), b.masses().begin(), b.masses().end());
}

// Largest relative difference of the masses of two distributions, of those above `from`.
double difference(const lattice_distribution& a, const lattice_distribution& b, double from) {
  double most = 0;
  for (std::int64_t x = a.first(); x <= a.last(); x += a.step()) {
    if (a.probability(x) < from) continue;
    most = std::max(most, std::abs(b.probability(x) / a.probability(x) - 1));
  }
  return most;
}

}  // namespace

TEST_CASE("the Poisson-binomial distribution has the digits of exact rationals") {
  const test::reference_table table(file);
  if (!test::available(table, file)) return;
  test::accuracy errors(file);
  const std::vector<double> p{0.05, 0.1, 0.1, 0.2, 0.25, 0.4, 0.5, 0.6, 0.75, 0.95};
  const lattice_sum sum = poisson_binomial(p);
  REQUIRE(sum.why.ok());
  for (const std::size_t row : table.where({{"case", "poibin10"}})) {
    const std::int64_t k = table.integer(row, "index");
    const double exact = table.number(row, "value");
    const bool pmf = table.text(row, "quantity") == "pmf";
    CHECK(errors.error(pmf ? sum.distribution.probability(k) : sum.distribution.at_most(k), exact,
                       "poibin10") < 1e-14);
  }
  const lattice_sum certain = poisson_binomial(std::vector<double>{0, 1, 0.5, 1, 0});
  for (const std::size_t row : table.where({{"case", "poibin_degenerate p=0,1,.5,1,0"}})) {
    CHECK(certain.distribution.probability(table.integer(row, "index")) ==
          table.number(row, "value"));
  }
}

TEST_CASE("probabilities 0 and 1 shift exactly") {
  const lattice_sum sum = poisson_binomial(std::vector<double>{1, 1, 0, 1});
  CHECK(sum.distribution.first() == 3);
  CHECK(sum.distribution.last() == 3);
  CHECK(sum.distribution.probability(3) == 1);
  CHECK(poisson_binomial({}).distribution.probability(0) == 1);
}

TEST_CASE("five hundred events keep relative accuracy in both tails") {
  // p of event i is (1 + (37 i mod 99)) / 100 as a double; P(N = k), P(N <= k) and P(N >= k) by
  // exact integers.
  struct row {
    std::int64_t k;
    double pmf;
    double at_most;
    double at_least;
  };
  const row rows[] = {
      {0, 4.7257900470801042693e-212, 4.7257900470801042693e-212, 1},
      {1, 9.9168869980555821849e-209, 9.9216127881026622892e-209, 1},
      {50, 9.9401218141977778043e-118, 1.0394251958448419765e-117, 1},
      {150, 3.9345892270440348246e-28, 5.5103864597868566459e-28, 1},
      {250, 0.043346389678156880998, 0.55335642261840550518, 0.48998996705975137582},
      {350, 6.5804544028103428193e-29, 1, 9.1472169456527853593e-29},
      {450, 1.76061254216807849e-119, 1, 1.838681239165106433e-119},
      {499, 2.888431256481434229e-211, 1, 2.8897427812301772404e-211},
      {500, 1.311524748743011429e-214, 1, 1.311524748743011429e-214}};
  std::vector<double> p;
  for (int i = 0; i < 500; ++i) p.push_back(static_cast<double>(1 + 37 * i % 99) / 100);
  const lattice_sum sum = poisson_binomial(p);
  std::vector<chance> chances;
  for (const double q : p) chances.push_back({1, q});
  for (const row& r : rows) {
    CAPTURE(r.k);
    CHECK(std::abs(sum.distribution.probability(r.k) / r.pmf - 1) < 1e-13);
    CHECK(std::abs(sum.distribution.at_most(r.k) / r.at_most - 1) < 1e-13);
    CHECK(std::abs(sum.distribution.at_least(r.k) / r.at_least - 1) < 1e-13);
    for (const sum_options& options : {sum_options{}, by_transform}) {
      CHECK(std::abs(upper_tail(chances, r.k, options).value / r.at_least - 1) < 1e-12);
      CHECK(std::abs(lower_tail(chances, r.k, options).value / r.at_most - 1) < 1e-12);
    }
  }
}

TEST_CASE("twelve uncertain amounts have their exact quantiles and tails") {
  const test::reference_table table(file);
  if (!test::available(table, file)) return;
  test::accuracy errors(file);
  const std::vector<chance> chances = pipeline12();
  REQUIRE(chances.size() == 12);
  const lattice_sum sum = sum_distribution(chances);
  REQUIRE(sum.why.ok());
  const lattice_distribution& d = sum.distribution;
  const auto value = [&](const char* quantity) {
    return table.value({{"case", "pipeline12"}, {"quantity", quantity}});
  };
  CHECK(errors.error(d.mean(), value("mean"), "mean") < 1e-14);
  CHECK(errors.error(d.variance(), value("var"), "variance") < 1e-13);
  CHECK(errors.error(d.third_central_moment(), value("third_central_moment"), "third") < 1e-12);
  CHECK(std::count_if(d.masses().begin(), d.masses().end(), [](double m) { return m > 0; }) ==
        static_cast<std::ptrdiff_t>(value("support_points")));
  std::size_t seen = 0;
  for (const std::size_t row : table.where({{"case", "pipeline12"}})) {
    const std::string& quantity = table.text(row, "quantity");
    if (quantity == "quantile(inf{x:F(x)>=q})") {
      CHECK(d.quantile(table.number(row, "index")) == table.integer(row, "value"));
      ++seen;
    } else if (quantity == "cdf" || quantity == "P(X>=t)") {
      const std::int64_t t = table.integer(row, "index");
      const double exact = table.number(row, "value");
      CAPTURE(quantity, t);
      CHECK(errors.error(quantity == "cdf" ? d.at_most(t) : d.at_least(t), exact, quantity) <
            1e-13);
      const tail_probability tail =
          quantity == "cdf" ? lower_tail(chances, t) : upper_tail(chances, t);
      CHECK(errors.error(tail.value, exact, "tail by tilting") < 1e-13);
      ++seen;
    }
  }
  CHECK(seen == 26);
}

TEST_CASE("the order of the items does not change a bit") {
  CHECK(rc::check("direct and by transform", [] {
    random_stream draws(*rc::gen::arbitrary<std::uint64_t>(), 0);
    std::vector<chance> chances = draw_chances(draws, 1 + draws.below(30), 400);
    chances.push_back(chances.front());
    std::vector<chance> shuffled = chances;
    for (std::size_t i = shuffled.size(); i > 1; --i) {
      std::swap(shuffled[i - 1], shuffled[draws.below(static_cast<std::uint32_t>(i))]);
    }
    for (const sum_options& options : {sum_options{}, by_transform}) {
      RC_ASSERT(same(sum_distribution(chances, options).distribution,
                     sum_distribution(shuffled, options).distribution));
      RC_ASSERT(upper_tail(chances, 900, options).value ==
                upper_tail(shuffled, 900, options).value);
    }
  }));
}

TEST_CASE("masses add up to 1 and moments are the sums of the items'") {
  CHECK(rc::check("over random items", [] {
    random_stream draws(*rc::gen::arbitrary<std::uint64_t>(), 1);
    const std::vector<chance> chances = draw_chances(draws, 1 + draws.below(60), 300);
    double mean = 0;
    double variance = 0;
    for (const auto& [amount, p] : chances) {
      const auto a = static_cast<double>(amount);
      mean += a * p;
      variance += a * a * p * (1 - p);
    }
    for (const sum_options& options : {sum_options{}, by_transform}) {
      const lattice_sum sum = sum_distribution(chances, options);
      RC_ASSERT(std::abs(sum_of(sum.distribution.masses()) - 1) < 1e-13);
      RC_ASSERT(std::abs(sum.distribution.mean() - mean) <= 1e-13 * mean);
      RC_ASSERT(std::abs(sum.distribution.variance() - variance) <= 1e-12 * variance + 1e-20);
    }
  }));
}

TEST_CASE("shifting and scaling the amounts shifts and scales the lattice") {
  CHECK(rc::check("to the bit", [] {
    random_stream draws(*rc::gen::arbitrary<std::uint64_t>(), 2);
    const std::vector<chance> chances = draw_chances(draws, 2 + draws.below(20), 50);
    const auto factor = static_cast<std::int64_t>(1 + draws.below(1'000'000));
    std::vector<chance> scaled = chances;
    for (chance& c : scaled) c.amount *= factor;
    std::vector<chance> shifted = chances;
    shifted.push_back({-1'000'000'007, 1});
    const lattice_distribution d = sum_distribution(chances).distribution;
    const lattice_distribution s = sum_distribution(scaled).distribution;
    const lattice_distribution t = sum_distribution(shifted).distribution;
    RC_ASSERT(std::ranges::equal(d.masses(), s.masses()));
    RC_ASSERT(std::ranges::equal(d.masses(), t.masses()));
    RC_ASSERT(s.first() == factor * d.first());
    RC_ASSERT(s.last() == factor * d.last());
    RC_ASSERT(t.first() == d.first() - 1'000'000'007);
  }));
}

TEST_CASE("negative amounts are amounts from the other side") {
  random_stream draws(5, 3);
  for (int round = 0; round < 30; ++round) {
    std::vector<chance> chances = draw_chances(draws, 12, 100);
    std::vector<uncertain_amount> gains;
    std::int64_t total = 0;
    for (const auto& [amount, p] : chances) {
      // amount less (amount with probability p) is amount with 1 - p.
      gains.push_back({{{-amount, p}, {0, 1 - p}}});
      total += amount;
    }
    std::vector<chance> complement;
    for (const auto& [amount, p] : chances) complement.push_back({amount, 1 - p});
    const lattice_distribution minus = sum_distribution(gains).distribution;
    const lattice_distribution plus = sum_distribution(complement).distribution;
    CHECK(minus.last() == plus.last() - total);
    for (std::int64_t x = plus.first(); x <= plus.last(); ++x) {
      CHECK(std::abs(minus.probability(x - total) - plus.probability(x)) <=
            1e-14 * plus.probability(x));
    }
  }
}

TEST_CASE("the convolution of parts is the whole") {
  random_stream draws(5, 4);
  for (int round = 0; round < 20; ++round) {
    const std::vector<chance> chances = draw_chances(draws, 40, 60);
    const std::span<const chance> all(chances);
    const lattice_distribution whole = sum_distribution(all).distribution;
    std::vector<lattice_distribution> parts;
    for (const std::size_t at : {0, 10, 20, 30}) {
      parts.push_back(sum_distribution(all.subspan(at, 10)).distribution);
    }
    const lattice_sum direct = sum_distribution(parts);
    CHECK(direct.direct);
    CHECK(difference(whole, direct.distribution, 1e-250) < 1e-13);
    const lattice_sum transformed = sum_distribution(parts, by_transform);
    CHECK(difference(whole, transformed.distribution, 1e-6) < 1e-8);
    std::reverse(parts.begin(), parts.end());
    CHECK(same(direct.distribution, sum_distribution(parts).distribution));
  }
  // Steps of their own: 6 and 10 meet on 2, and a certain part only shifts.
  const std::vector<lattice_distribution> uneven{
      {0, 6, {0.5, 0.5}}, {1, 10, {0.25, 0.75}}, {7, 1, {1.0}}};
  const lattice_distribution sum = sum_distribution(uneven).distribution;
  CHECK(sum.step() == 2);
  CHECK(sum.first() == 8);
  CHECK(sum.last() == 24);
  CHECK(sum.probability(14) == 0.125);
  CHECK(sum.probability(16) == 0);
  CHECK(sum.probability(18) == 0.375);
}

TEST_CASE("the transform agrees with direct convolution to its stated accuracy") {
  random_stream draws(5, 5);
  for (const std::uint32_t largest : {30U, 100U, 600U}) {
    const std::vector<chance> chances = draw_chances(draws, 300, largest);
    const lattice_sum direct = sum_distribution(chances);
    const lattice_sum transformed = sum_distribution(chances, by_transform);
    CHECK(direct.direct);
    CHECK(!transformed.direct);
    const auto masses = direct.distribution.masses();
    const double most = *std::max_element(masses.begin(), masses.end());
    for (std::int64_t x = direct.distribution.first(); x <= direct.distribution.last(); ++x) {
      REQUIRE(std::abs(direct.distribution.probability(x) -
                       transformed.distribution.probability(x)) < 5e-15 * most);
    }
  }
}

TEST_CASE("tails by tilting equal direct sums wherever those are exact") {
  random_stream draws(5, 6);
  const std::vector<chance> chances = draw_chances(draws, 60, 500);
  const lattice_distribution d = sum_distribution(chances).distribution;
  for (std::int64_t x = d.first() - 2; x <= d.last() + 2; x += 211) {
    for (const sum_options& options : {sum_options{}, by_transform}) {
      const tail_probability upper = upper_tail(chances, x, options);
      const tail_probability lower = lower_tail(chances, x, options);
      CAPTURE(x, options.max_direct_operations);
      CHECK(std::abs(upper.value - d.at_least(x)) <= 1e-12 * d.at_least(x));
      CHECK(std::abs(lower.value - d.at_most(x)) <= 1e-12 * d.at_most(x));
      if (d.at_least(x) > 0) {
        CHECK(std::abs(*upper.log_value - std::log(d.at_least(x))) < 1e-12);
      }
    }
  }
}

TEST_CASE("tails below the smallest double have a logarithm") {
  const std::vector<chance> chances(1000, {3, 0.001});
  const tail_probability all = upper_tail(chances, 3000);
  CHECK(all.value == 0);
  CHECK(std::abs(*all.log_value / (1000 * std::log(0.001)) - 1) < 1e-13);
  // P(N >= 998) = p^998 (C(1000, 2) q^2 + 1000 p q + p^2).
  const double rest = std::log(499500 * 0.999 * 0.999 + 1000 * 0.001 * 0.999 + 1e-6);
  for (const sum_options& options : {sum_options{}, by_transform}) {
    const tail_probability most = upper_tail(chances, 2992, options);
    CHECK(std::abs(*most.log_value / (998 * std::log(0.001) + rest) - 1) < 1e-13);
  }
  const tail_probability beyond = upper_tail(chances, 3001);
  CHECK(beyond.why.ok());
  CHECK(beyond.value == 0);
  CHECK(!beyond.log_value);
  CHECK(upper_tail(chances, 0).value == 1);
  CHECK(lower_tail(chances, -1).value == 0);
  CHECK(lower_tail(chances, 3000).value == 1);
}

TEST_CASE("one huge amount makes two humps and quantiles see both") {
  std::vector<chance> chances(100, {10, 0.3});
  chances.push_back({100'000, 0.5});
  const lattice_distribution d = sum_distribution(chances).distribution;
  CHECK(d.quantile(0.45) < 1000);
  CHECK(d.quantile(0.55) > 100'000);
  CHECK(d.quantile(0.05) > 150);
  CHECK(d.quantile(0.95) < 100'500);
  // The hole between the humps is empty, and the mean lies in it.
  CHECK(d.probability(50'000) == 0);
  CHECK(d.at_most(50'300) == d.at_most(1000));
  CHECK(std::abs(d.at_most(1000) - 0.5) < 1e-14);
}

TEST_CASE("several outcomes exclude each other and 0 takes the rest") {
  const std::vector<uncertain_amount> amounts{{{{5, 0.25}, {7, 0.25}}},
                                              {{{1, 0.5}, {2, 0.125}, {1, 0.375}}}};
  const lattice_distribution d = sum_distribution(amounts).distribution;
  CHECK(d.first() == 1);
  CHECK(d.probability(1) == 0.4375);
  CHECK(d.probability(2) == 0.0625);
  CHECK(d.probability(6) == 0.21875);
  CHECK(d.probability(9) == 0.03125);
  // Thirds and tenths that fall short of 1 by rounding leave nothing on 0.
  const std::vector<uncertain_amount> tenths{{{{1, 0.1}, {2, 0.2}, {3, 0.7}}}};
  CHECK(sum_distribution(tenths).distribution.first() == 1);
  const std::vector<uncertain_amount> thirds{{{{4, 1.0 / 3}, {5, 1.0 / 3}, {6, 1.0 / 3}}}};
  CHECK(sum_distribution(thirds).distribution.first() == 4);
  const std::vector<uncertain_amount> too_much{{{{1, 0.6}, {2, 0.5}}}};
  CHECK(sum_distribution(too_much).why == status{condition::invalid_probability, 0});
}

TEST_CASE("a chance just below 1 keeps its complement") {
  const double q = 0x1p-53;
  const lattice_distribution d =
      sum_distribution(std::vector<chance>{{1, 1 - q}, {1, 1 - q}}).distribution;
  CHECK(std::abs(d.probability(0) / (q * q) - 1) < 1e-15);
}

TEST_CASE("a lattice too large is refused with a unit that fits") {
  random_stream draws(5, 7);
  std::vector<chance> cents;
  for (int i = 0; i < 50; ++i) {
    cents.push_back({static_cast<std::int64_t>(draws.bits() % 40'000'000'000), 0.3});
  }
  const lattice_sum refused = sum_distribution(cents);
  CHECK(refused.why == status{condition::too_large});
  // It fits, and the next smaller one does not.
  const std::int64_t unit = refused.suggested_unit;
  std::int64_t total = 0;
  for (const auto& [amount, p] : cents) total += amount;
  CHECK(total / unit < 10'000'000);
  CHECK(total / (unit / 2) > 9'999'900);
  CHECK(upper_tail(cents, 1).why == status{condition::too_large});
  const sum_options rounded{.round_to = 2'000'000, .max_points = 1'000'000};
  const lattice_sum fits = sum_distribution(cents, rounded);
  REQUIRE(fits.why.ok());
  CHECK(fits.distribution.step() == 2'000'000);
  double mean = 0;
  for (const auto& [amount, p] : cents) mean += p * static_cast<double>(amount);
  CHECK(std::abs(fits.distribution.mean() - mean) < 0.3 * 50 * 1e6);
  // Halves are rounded away from 0, and a common divisor needs no rounding.
  const std::vector<chance> halves{{15, 1}, {-25, 1}, {14, 1}, {4, 1}};
  CHECK(sum_distribution(halves, {.round_to = 10}).distribution.first() == 0);
  const std::vector<chance> thousands{{1'000'000'000'000, 0.5}, {3'000'000'000'000, 0.5}};
  CHECK(sum_distribution(thousands).distribution.step() == 1'000'000'000'000);
  const std::vector<chance> overflow{{INT64_MAX, 0.5}, {INT64_MAX - 3, 0.5}};
  CHECK(sum_distribution(overflow).why == status{condition::too_large});
  CHECK(sum_distribution(overflow).suggested_unit == 0);
}

TEST_CASE("bad probabilities are named") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(sum_distribution(std::vector<chance>{{1, 0.5}, {2, 1.5}}).why ==
        status{condition::invalid_probability, 1});
  CHECK(sum_distribution(std::vector<chance>{{1, -0.5}}).why ==
        status{condition::invalid_probability, 0});
  CHECK(upper_tail(std::vector<chance>{{1, 0.5}, {2, nan}}, 1).why ==
        status{condition::non_finite_input, 1});
  CHECK(poisson_binomial(std::vector<double>{0.5, 2}).why ==
        status{condition::invalid_probability, 1});
  CHECK_THROWS_AS(sum_distribution(std::vector<chance>{}, {.round_to = 0}), invalid_input);
}

TEST_CASE("tails of hardly possible events are found") {
  const std::vector<chance> two(2, {1, 1e-250}), three(3, {1, 1e-250});
  CHECK(std::abs(upper_tail(two, 1).value / 2e-250 - 1) < 1e-12);
  const tail_probability both = upper_tail(three, 2);
  CHECK(both.value == 0);
  REQUIRE(both.log_value);
  CHECK(std::abs(*both.log_value / (std::log(3.0) - 500 * std::log(10.0)) - 1) < 1e-12);
  const std::vector<chance> uneven{{1'000'000, 1e-200}, {1, 0.5}, {1, 0.5}};
  CHECK(std::abs(upper_tail(uneven, 5).value / 1e-200 - 1) < 1e-12);
}

TEST_CASE("amounts at the ends of 64 bits are summed or refused") {
  CHECK(sum_distribution(std::vector<chance>{{INT64_MAX, 0.5}}).distribution.last() == INT64_MAX);
  const lattice_sum one = sum_distribution(std::vector<chance>{{INT64_MIN, 0.5}});
  const lattice_sum both =
      sum_distribution(std::vector<chance>{{INT64_MIN, 0.5}, {INT64_MAX, 0.5}});
  for (const lattice_sum& sum : {one, both}) {
    CHECK(sum.why == status{condition::too_large});
    CHECK(sum.suggested_unit == 0);
  }
  // No unit makes nine times 10^18 one point.
  CHECK(sum_distribution(std::vector<chance>{{9'000'000'000'000'000'000, 0.5}}, {.max_points = 1})
            .suggested_unit == 0);
}
