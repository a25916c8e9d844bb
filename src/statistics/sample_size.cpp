// SPDX-License-Identifier: BSL-1.0
#include "boost_policy.hpp"
#include "gauss_quadrature.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/sample_size.hpp>

#include <boost/math/distributions/non_central_t.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace salespulse {

namespace {

constexpr double most_cases = 1e12;

void check(const test_design& d) {
  if (!(d.alpha > 0 && d.alpha < 1 && d.power > 0 && d.power < 1 && d.ratio > 0 &&
        std::isfinite(d.ratio))) {
    throw invalid_input("sample size: alpha, power or ratio is out of range");
  }
}

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

double normal_density(double z) {
  return std::exp(-z * z / 2) * std::numbers::inv_sqrtpi / std::numbers::sqrt2;
}

double upper_quantile(double tail) {
  return std::numbers::sqrt2 * boost::math::erfc_inv(2 * tail, plain_double{});
}

double tail_of(const test_design& d) { return d.two_sided ? d.alpha / 2 : d.alpha; }

double second_for(double first, const test_design& d) { return std::ceil(d.ratio * first); }

// The smallest n from `least` on with power(n) as asked, power growing with n. `guess` says where
// to begin; it need not be right.
template <class Power>
double smallest(double guess, double least, double wanted, const Power& power) {
  // A power that is short by rounding alone is reached.
  const auto enough = [&](double n) { return power(n) >= wanted - 1e-12; };
  double high = std::isfinite(guess) ? std::clamp(std::ceil(guess), least, most_cases) : least;
  double step = 1;
  while (!enough(high)) {
    if (high >= most_cases) return most_cases + 1;
    high = std::min(high + step, most_cases);
    step *= 2;
  }
  double low = high;  // not enough, or least - 1
  step = 1;
  while (low >= least && enough(low)) {
    high = low;
    low = std::max(low - step, least - 1);
    step *= 2;
  }
  while (high - low > 1) {
    const double middle = std::floor(low + (high - low) / 2);
    (enough(middle) ? high : low) = middle;
  }
  return high;
}

template <class Power>
sample_sizes sizes_for(double guess, double least, const test_design& d, const Power& power) {
  const auto of = [&](double n) { return power(n, second_for(n, d)); };
  const double first = smallest(guess, least, d.power, of);
  if (first > most_cases || second_for(first, d) > most_cases) {
    return {0, 0, 0, {condition::too_large, -1}};
  }
  return {static_cast<std::int64_t>(first),
          static_cast<std::int64_t>(second_for(first, d)),
          of(first),
          {}};
}

double rates_power(double p1, double p2, double n1, double n2, const test_design& d) {
  const double apart = std::abs(p1 - p2);
  // Cases before rates: the smallest rates would vanish when divided.
  const double cases = n1 * p1 + n2 * p2;
  const double size = std::sqrt(n1) * std::sqrt(n2);
  const double without = std::sqrt(cases * (1 - cases / (n1 + n2))) / size;
  const double with = std::sqrt(p1 * (1 - p1) * n2 + p2 * (1 - p2) * n1) / size;
  const double correction = d.continuity_correction ? (1 / n1 + 1 / n2) / 2 : 0;
  const double beyond = apart - correction - upper_quantile(tail_of(d)) * without;
  if (with == 0) return beyond > 0 ? 1 : 0;
  return normal_cdf(beyond / with);
}

double means_power(double effect, double n1, double n2, const test_design& d) {
  const double df = n1 + n2 - 2;
  const double shift = std::abs(effect) * std::sqrt(n1 * n2 / (n1 + n2));
  const boost::math::students_t_distribution<double, plain_double> t(df);
  const double limit = boost::math::quantile(boost::math::complement(t, tail_of(d)));
  if (!std::isfinite(limit)) return 0;
  if (!std::isfinite(shift)) return 1;
  // With so many cases the estimated variance matters to first order only: the normal law's mean
  // over it, up to 1 / df^2.
  if (df > 1e8) {
    const double beyond = shift - limit;
    return normal_cdf(beyond) +
           normal_density(beyond) * limit * (1 - beyond * limit) / (4 * df);
  }
  // The series for the non-central law counts terms up to shift^2 / 2. Far out, the mean over the
  // normal deviate of the chi-squared law of the variance.
  if (shift > 1000) {
    const quadrature_rule rule = gauss_legendre(64);
    double power = 0;
    for (std::size_t k = 0; k < rule.nodes.size(); ++k) {
      const double z = 18 * rule.nodes[k] - 9;
      const double ratio = std::min((shift + z) / limit, 1e100);
      power += 18 * rule.weights[k] * normal_density(z) *
               (limit <= 0 ? 1 : boost::math::gamma_p(df / 2, df / 2 * ratio * ratio,
                                                      plain_double{}));
    }
    return std::min(power, 1.0);
  }
  const boost::math::non_central_t_distribution<double, plain_double> shifted(df, shift);
  return boost::math::cdf(boost::math::complement(shifted, limit));
}

double events_power(double log_ratio, double events, const test_design& d) {
  const double share = d.ratio / (1 + d.ratio);
  return normal_cdf(std::sqrt(events * share * (1 - share)) * std::abs(log_ratio) -
                    upper_quantile(tail_of(d)));
}

void check_rates(double a, double b) {
  if (!(a >= 0 && a <= 1 && b >= 0 && b <= 1)) {
    throw invalid_input("sample size: a rate is not within 0 to 1");
  }
}

void check_means(double difference, double sd) {
  if (!(sd > 0 && std::isfinite(sd) && std::isfinite(difference))) {
    throw invalid_input("sample size: sd is not positive or the difference not finite");
  }
}

double log_of(double hazard_ratio) {
  if (!(hazard_ratio > 0 && std::isfinite(hazard_ratio))) {
    throw invalid_input("sample size: the hazard ratio is not positive");
  }
  return std::log(hazard_ratio);
}

}  // namespace

sample_sizes sample_size_for_rates(double first_rate, double second_rate, test_design design) {
  check(design);
  check_rates(first_rate, second_rate);
  if (first_rate == second_rate) return {0, 0, 0, {condition::not_reached, -1}};
  const double k = design.ratio, apart = std::abs(first_rate - second_rate);
  const double pooled = (first_rate + k * second_rate) / (1 + k);
  const double root =
      upper_quantile(tail_of(design)) * std::sqrt(pooled * (1 - pooled) * (1 + 1 / k)) +
      upper_quantile(1 - design.power) *
          std::sqrt(first_rate * (1 - first_rate) + second_rate * (1 - second_rate) / k);
  double n = root * root / (apart * apart);
  if (design.continuity_correction) {
    const double s = 1 + std::sqrt(1 + 2 * (k + 1) / (n * k * apart));
    n *= s * s / 4;
  }
  return sizes_for(n, 1, design, [&](double n1, double n2) {
    return rates_power(first_rate, second_rate, n1, n2, design);
  });
}

double power_for_rates(double first_rate, double second_rate, std::int64_t first,
                       std::int64_t second, test_design design) {
  check(design);
  check_rates(first_rate, second_rate);
  if (first < 1 || second < 1) throw invalid_input("power_for_rates: a group is empty");
  return rates_power(first_rate, second_rate, static_cast<double>(first),
                     static_cast<double>(second), design);
}

sample_sizes sample_size_for_means(double difference, double sd, test_design design) {
  check(design);
  check_means(difference, sd);
  const double effect = difference / sd;
  if (effect == 0) return {0, 0, 0, {condition::not_reached, -1}};
  const double z = upper_quantile(tail_of(design)) + upper_quantile(1 - design.power);
  const double n = (1 + 1 / design.ratio) * z * z / (effect * effect);
  // Three cases together are the fewest with a variance.
  double least = 1;
  while (least + second_for(least, design) < 3) ++least;
  return sizes_for(n, least, design,
                   [&](double n1, double n2) { return means_power(effect, n1, n2, design); });
}

double power_for_means(double difference, double sd, std::int64_t first, std::int64_t second,
                       test_design design) {
  check(design);
  check_means(difference, sd);
  if (first < 1 || second < 1 || (first == 1 && second == 1)) {
    throw invalid_input("power_for_means: too few cases");
  }
  return means_power(difference / sd, static_cast<double>(first), static_cast<double>(second),
                     design);
}

event_count events_for_hazard_ratio(double hazard_ratio, test_design design) {
  check(design);
  const double log_ratio = log_of(hazard_ratio);
  if (log_ratio == 0) return {0, 0, {condition::not_reached, -1}};
  const double share = design.ratio / (1 + design.ratio);
  const double z = upper_quantile(tail_of(design)) + upper_quantile(1 - design.power);
  const double guess = z * z / (share * (1 - share) * log_ratio * log_ratio);
  const auto power = [&](double events) { return events_power(log_ratio, events, design); };
  const double events = smallest(guess, 1, design.power, power);
  if (events > most_cases) return {0, 0, {condition::too_large, -1}};
  return {static_cast<std::int64_t>(events), power(events), {}};
}

double power_for_hazard_ratio(double hazard_ratio, std::int64_t events, test_design design) {
  check(design);
  const double log_ratio = log_of(hazard_ratio);
  if (events < 1) throw invalid_input("power_for_hazard_ratio: no events");
  return events_power(log_ratio, static_cast<double>(events), design);
}

}  // namespace salespulse
