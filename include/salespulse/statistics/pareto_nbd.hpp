// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_PARETO_NBD_HPP
#define SALESPULSE_STATISTICS_PARETO_NBD_HPP

#include <salespulse/statistics/figure.hpp>
#include <salespulse/statistics/purchase_history.hpp>
#include <salespulse/statistics/row_counts.hpp>
#include <salespulse/statistics/status.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace salespulse {

/// Repeat buying with silent departures: while active a customer buys at random times at a rate of
/// his own; he leaves for good after a time that is exponential with a rate of his own, and nobody
/// sees it. The purchase rates of the customers follow a gamma distribution with shape r and mean
/// r / alpha, the dropout rates one with shape s and mean s / beta, independently. alpha and beta
/// are times in the model's unit.
///
/// Limits: r = 0 is nobody buys again, s = 0 nobody leaves; a shape of `no_spread` or more is all
/// customers have the same rate, to the last digit of a double.
///
/// Schmittlein, Morrison and Colombo (1987), Counting your customers, Management Science 33:1-24;
/// Fader and Hardie (2005), A note on deriving the Pareto/NBD model and related expressions.
struct pareto_nbd {
  double r = 1;
  double alpha = 1;
  double s = 1;
  double beta = 1;

  static constexpr double no_spread = 1e18;
};

// Of known parameters. Each throws `invalid_input` where a parameter is negative or not finite (or
// alpha or beta 0), a history is none, a count is above 2^53, a time is not finite in units
// of alpha, or another argument is not as said. All are accurate to about 1e-12 relative for any
// parameters, whole numbers and limits included.

/// Logarithm of the density of one customer's purchase times: alive at `age`, or gone at some
/// moment between the last purchase and then. The density is per unit of time and purchase.
/// Precondition: r > 0 where there are repeats.
[[nodiscard]] double log_likelihood(const pareto_nbd& model, const buying_history& customer);

/// Probability that a customer with this history has not left, and its logarithm, which has a value
/// where the probability is below the least double.
[[nodiscard]] double probability_alive(const pareto_nbd& model, const buying_history& customer);
[[nodiscard]] double log_probability_alive(const pareto_nbd& model, const buying_history& customer);

/// Repeat purchases of a new customer until `time`, and the probability that they are `count`.
[[nodiscard]] double expected_purchases(const pareto_nbd& model, double time);
[[nodiscard]] double purchase_probability(const pareto_nbd& model, std::int64_t count, double time);

/// Purchases of a customer with this history within `ahead` from today.
[[nodiscard]] double further_purchases(const pareto_nbd& model, const buying_history& customer,
                                       double ahead);

/// All purchases to come of a customer with this history, each discounted at the continuous `rate`
/// per unit of time: log(1.15) / 52 for 15 % a year in weeks. Positive; without discount the sum
/// can be infinite.
[[nodiscard]] double discounted_purchases(const pareto_nbd& model, const buying_history& customer,
                                          double rate);

/// The parameters under which a customer base is most likely.
struct pareto_nbd_fit {
  /// Where there are no parameters: insufficient_data (no rows, or all of age 0); negative_count,
  /// negative_time, invalid_weight, contradictory_row, unbounded_likelihood (a repeat on the tick
  /// of the first purchase, which a continuous clock cannot have) with the entry at `where`;
  /// unbounded_likelihood or not_converged with -1 from the arithmetic; not_identified where the
  /// likelihood is flat (`where`: the parameter).
  /// Where the maximum is at the edge: no_heterogeneity (`where` 0: the purchase rates, 2: the
  /// dropout rates, -1: both), no_churn (whether or not the purchase rates are told apart; s is 0),
  /// boundary (`where` 0: nobody repeats, so the likelihood is 1 at r = 0 and nothing is known
  /// about leaving, s = 0; 3: customers leave at once or never, which s and beta come near as both
  /// go to 0, beta^s being what counts: they are given as near as doubles go, the likelihood within
  /// a few tenths of its limit; another: that parameter at the edge of the search). A base can be
  /// at several edges; then it is the last of these that is named.
  status why;
  std::optional<pareto_nbd> parameters;
  /// Of r, alpha, s, beta in this order, from the curvature at the maximum; rows of 0 belong to
  /// parameters held at a limit.
  std::array<std::array<double, 4>, 4> covariance{};
  std::array<double, 4> std_error{};
  double log_likelihood = 0;
  std::int64_t customers = 0;
  double ticks_per_unit = 1;
  int iterations = 0;
};

/// Fits by maximum likelihood, in logarithms of the parameters, with exact second derivatives. A
/// likelihood can have two hills; both are tried on a few hundred of the histories. The cost is
/// that of some 8 passes over the distinct histories, each about 1 microsecond a row; at an edge of
/// the model some 200. A change of clock changes nothing but the units, to the last bit where the
/// ticks are a common multiple. To refit a bootstrap sample change the counts.
[[nodiscard]] pareto_nbd_fit fit_pareto_nbd(const row_counts<purchase_history>& customers,
                                            const repeat_buying_options& options = {});

// Of a fit, with standard errors; times in the unit of the fit.
[[nodiscard]] figure_with_error probability_alive(const pareto_nbd_fit& fit,
                                                  const buying_history& customer);
[[nodiscard]] figure_with_error expected_purchases(const pareto_nbd_fit& fit, double time);
[[nodiscard]] figure_with_error purchase_probability(const pareto_nbd_fit& fit, std::int64_t count,
                                                     double time);
[[nodiscard]] figure_with_error further_purchases(const pareto_nbd_fit& fit,
                                                  const buying_history& customer, double ahead);
[[nodiscard]] figure_with_error discounted_purchases(const pareto_nbd_fit& fit,
                                                     const buying_history& customer, double rate);

// Sums over a customer base, in ticks of the clock of the fit; the standard error is that of the
// sum. Histories that the fit would refuse give no value, and the reason.
[[nodiscard]] figure_with_error customers_alive(const pareto_nbd_fit& fit,
                                                const row_counts<purchase_history>& customers);
[[nodiscard]] figure_with_error further_purchases(const pareto_nbd_fit& fit,
                                                  const row_counts<purchase_history>& customers,
                                                  double ahead);
[[nodiscard]] figure_with_error discounted_purchases(const pareto_nbd_fit& fit,
                                                     const row_counts<purchase_history>& customers,
                                                     double rate);

/// How many of the customers, each at his age, should have made 0, 1, ..., most - 1 and `most` or
/// more repeat purchases: to be held against how many did. `most` is positive.
[[nodiscard]] std::vector<figure_with_error> customers_by_purchases(
    const pareto_nbd_fit& fit, const row_counts<purchase_history>& customers, std::int64_t most);

/// Parameters as plausible as the fit leaves them: `count` draws, normal in the logarithms of the
/// parameters, with the covariance of the fit. Empty where the fit has no parameters.
[[nodiscard]] std::vector<pareto_nbd> parameter_draws(const pareto_nbd_fit& fit, std::size_t count,
                                                      std::uint64_t seed);

}  // namespace salespulse
#endif
