// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_STATISTICS_FITTED_DRAWS_HPP
#define SALESPULSE_SRC_STATISTICS_FITTED_DRAWS_HPP

#include <salespulse/core/random.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace salespulse {

/// The next draw from the standard normal distribution: its quantile at one uniform number, so a
/// stream gives one normal number for each 64 bits.
[[nodiscard]] double standard_normal(random_stream& stream);

/// Draws of positive parameters from what a fit knows about them: their logarithms are normal about
/// the logarithms of the estimates, with the covariance that the fit has for the logarithms. A
/// maximum found in log parameters is normal there first, and no draw is negative.
///
/// `covariance` is that of the parameters themselves, row by row, as a fit reports it; in the
/// logarithms it is cov(i, j) / (estimate i * estimate j), exactly what the delta method made it
/// from. A parameter of variance 0 stays at its estimate. Draw number d is the same whatever the
/// number of draws. Returns `draws` rows of as many numbers as there are estimates, which are
/// positive and at most 16.
[[nodiscard]] std::vector<double> fitted_draws(std::span<const double> estimates,
                                               std::span<const double> covariance,
                                               std::size_t draws, std::uint64_t seed);

}  // namespace salespulse
#endif
