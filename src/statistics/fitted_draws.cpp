// SPDX-License-Identifier: BSL-1.0
#include "fitted_draws.hpp"

#include "boost_policy.hpp"

#include <boost/math/special_functions/erf.hpp>

#include <array>
#include <cmath>

namespace salespulse {

namespace {

constexpr std::size_t most_parameters = 16;

// The lower triangular root of a positive semi-definite matrix: a pivot that is nothing but
// rounding belongs to a combination without spread and gives a column of zeros.
std::vector<double> root_of(std::vector<double> a, std::size_t n) {
  for (std::size_t j = 0; j < n; ++j) {
    const double whole = a[j * n + j];
    double pivot = whole;
    for (std::size_t k = 0; k < j; ++k) pivot -= a[j * n + k] * a[j * n + k];
    const double root = pivot > 1e-14 * whole ? std::sqrt(pivot) : 0.0;
    a[j * n + j] = root;
    for (std::size_t i = j + 1; i < n; ++i) {
      double rest = a[i * n + j];
      for (std::size_t k = 0; k < j; ++k) rest -= a[i * n + k] * a[j * n + k];
      a[i * n + j] = root > 0 ? rest / root : 0.0;
    }
  }
  return a;
}

}  // namespace

double standard_normal(random_stream& stream) {
  // The middle of a cell of the grid of 2^-53, so neither 0 nor 1 occurs.
  const double twice = (static_cast<double>(stream.bits() >> 11) + 0.5) * 0x1.0p-52;
  constexpr double root_two = 1.4142135623730951;
  return twice <= 1 ? -root_two * boost::math::erfc_inv(twice, plain_double())
                    : root_two * boost::math::erfc_inv(2 - twice, plain_double());
}

std::vector<double> fitted_draws(std::span<const double> estimates,
                                 std::span<const double> covariance, std::size_t draws,
                                 std::uint64_t seed) {
  const std::size_t n = estimates.size();
  std::vector<double> logs(covariance.begin(), covariance.end());
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) logs[i * n + j] /= estimates[i] * estimates[j];
  }
  const std::vector<double> root = root_of(std::move(logs), n);
  std::vector<double> drawn;
  drawn.reserve(draws * n);
  for (std::size_t d = 0; d < draws; ++d) {
    random_stream stream(seed, d);
    std::array<double, most_parameters> normal{};
    for (std::size_t i = 0; i < n; ++i) normal[i] = standard_normal(stream);
    for (std::size_t i = 0; i < n; ++i) {
      double shift = 0;
      for (std::size_t j = 0; j <= i; ++j) shift += root[i * n + j] * normal[j];
      drawn.push_back(estimates[i] * std::exp(shift));
    }
  }
  return drawn;
}

}  // namespace salespulse
