// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_STATISTICS_EXPONENTIAL_INTEGRAL_HPP
#define SALESPULSE_SRC_STATISTICS_EXPONENTIAL_INTEGRAL_HPP

namespace salespulse {

/// exp(z) E_s(z), that is, the integral of exp(-z w) (1 + w)^-s over w from 0 on; z positive, s not
/// negative and not necessarily whole. z^(s-1) Psi(s, s; z) in Tricomi's notation. By its continued
/// fraction for z from 2 on, by Gauss-Legendre panels over log(1 + w) below.
///
/// DLMF, chapter 8.19.
[[nodiscard]] double scaled_exponential_integral(double s, double z);

}  // namespace salespulse
#endif
