// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_GAMMA_GAMMA_HPP
#define SALESPULSE_STATISTICS_GAMMA_GAMMA_HPP

#include <salespulse/statistics/figure.hpp>
#include <salespulse/statistics/row_counts.hpp>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace salespulse {

/// What one customer spent. Where the number of purchases is modelled by a model of repeat buying
/// both figures leave the first purchase out.
struct purchase_total {
  std::int64_t purchases = 0;
  std::int64_t spend = 0;  ///< of all of them, in whole minor units of the currency
  friend auto operator<=>(const purchase_total&, const purchase_total&) = default;
};

struct gamma_gamma_options {
  /// How many minor units make one unit of the amounts in which gamma and expected spend are given:
  /// 100 for cents and dollars. Positive and finite, else `invalid_input`.
  double units_per_amount = 1;
};

/// The gamma-gamma model of spend per purchase fitted by maximum likelihood. Amounts of one
/// customer are gamma with shape p around a mean of his own, so that the mean amount of x purchases
/// is gamma with shape p x; the rates of the customers are gamma with shape q and scale gamma.
/// Spend is taken to be independent of how often and how long somebody buys.
struct gamma_gamma_fit {
  /// ok, or
  /// - no_heterogeneity, where 1: customers differ no more than their single purchases do; q (and
  ///   gamma) is infinite, everybody's expected spend is `centre`;
  /// - boundary, where 0: single purchases do not differ beside the customers; p is infinite (gamma
  ///   0), everybody's expected spend is his own mean;
  /// - zero_variance: all customers have the same mean spend, so the likelihood has no bound;
  /// - insufficient_data: fewer than two customers with a purchase; negative_count;
  ///   nonpositive_value for a customer who paid nothing, or less, for his purchases (leave such
  ///   customers out: the model has no place for amounts of 0); invalid_weight for a negative count
  ///   of an entry; each with the entry; too_large: more than 2^53 customers; out_of_range: the
  ///   amounts leave the range of doubles; not_converged. Nothing is given.
  status why;
  figure p, q, gamma;  ///< absent where infinite or 0
  double centre = 0;   ///< p gamma / q, close to the median of mean spend, in amounts
  /// Covariance of log(p), log(q), log(gamma): standard errors are the parameter times the root of
  /// the diagonal. At a limit, of the parameters that are left, `centre` in the place of gamma.
  std::array<std::array<double, 3>, 3> log_covariance{};
  double log_likelihood = 0;   ///< of the mean amounts, in amounts
  std::int64_t customers = 0;  ///< with at least one purchase; others say nothing
  int iterations = 0;
};

/// Fits the model; O(distinct rows) per iteration. Another currency or minor unit changes gamma and
/// `centre` by its factor and nothing else; neither the order of the rows nor how they were merged
/// changes a bit of the result.
///
/// Colombo and Jiang (1999), A stochastic RFM model, Journal of Interactive Marketing 13:2-12;
/// Fader and Hardie (2013), The gamma-gamma model of monetary value, technical note.
[[nodiscard]] gamma_gamma_fit fit_gamma_gamma(const row_counts<purchase_total>& customers,
                                              const gamma_gamma_options& options = {});

/// The mean amount that a customer with this record will spend per purchase: between his own mean
/// and that of all, p (gamma + spend) / (p purchases + q - 1). Without purchases it is the mean of
/// all customers. Status infinite_mean where p purchases + q <= 1, as for a stranger when q <= 1.
/// `options` as in the fit.
[[nodiscard]] figure_with_error expected_spend(const gamma_gamma_fit& fit,
                                               const purchase_total& customer,
                                               const gamma_gamma_options& options = {});

/// The model with known parameters, in a form in which its limits are plain numbers.
struct gamma_gamma {
  double centre = 1;   ///< p gamma / q, in amounts
  double within = 1;   ///< 1 / p; 0: the purchases of a customer do not differ
  double between = 1;  ///< 1 / q; 0: customers do not differ
};

/// `expected_spend` under known parameters: infinite_mean where between >= 1 and the customer has
/// too few purchases. Throws `invalid_input` for a centre that is not positive, and for a negative
/// or infinite parameter.
[[nodiscard]] figure expected_spend(const gamma_gamma& model, const purchase_total& customer,
                                    const gamma_gamma_options& options = {});

/// Parameters as plausible as the fit leaves them: `count` draws, normal in the logarithms of
/// `gamma_gamma_fit::log_covariance`. What ran to a limit stays there. Draw number d is the same
/// whatever the count. Empty where the fit has no parameters.
[[nodiscard]] std::vector<gamma_gamma> parameter_draws(const gamma_gamma_fit& fit,
                                                       std::size_t count, std::uint64_t seed);

}  // namespace salespulse
#endif
