// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_STATISTICS_CASH_FLOW_HPP
#define SALESPULSE_STATISTICS_CASH_FLOW_HPP

#include <salespulse/statistics/figure.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace salespulse {

// Amounts are in any one currency; received is positive, paid is negative. Rates are per period, or
// per year of 365 days (Act/365F): 0.1 is 10 %. A rate that is NaN, infinite or not above -1 is
// `invalid_input`, thrown, everywhere; amounts that are NaN or infinite are `non_finite_input` with
// the row.

/// An amount on a day, counted from any day 0.
struct cash_flow {
  std::int32_t day = 0;
  double amount = 0;
};

/// Value of amounts at the time of the first one, one period apart: the sum of amount_i /
/// (1 + rate)^i from i = 0. Spreadsheets' NPV discounts the first amount too: divide by 1 + rate.
/// No amounts are worth 0; a value beyond doubles is `out_of_range`. O(n).
[[nodiscard]] figure present_value(std::span<const double> amounts, double rate);

/// Value of dated flows on the day of the first flow that is not 0, flows of one day netted; dates
/// in any order. Discounts by (1 + rate)^(days / 365). O(n log n).
[[nodiscard]] figure present_value(std::span<const cash_flow> flows, double rate);

/// Every rate above -1 at which flows are worth nothing, in rising order.
///
/// One rate: `why` is ok. Several: `multiple_roots`, all of them given; none of them is the yield.
/// None: `no_root`. A rate that a double cannot hold is left out: `out_of_range`.
struct rates_of_return {
  std::vector<double> rates;
  status why;
};

/// Internal rates of return of amounts one period apart, or of dated flows as above.
///
/// Nothing is missed and nothing found twice: with s = log(1 + rate), the value times exp(s tau)
/// has a derivative with one change of sign less among its coefficients if tau lies at a change
/// of sign. Between the zeros of that derivative, found the same way, the value crosses 0 at most
/// once, and each crossing is enclosed by a change of sign before it is refined. Where the value
/// touches 0 to within rounding without crossing, that rate is given once.
///
/// Fewer than two flows that are not 0, or none of one sign, are `no_root`. O(n) per change of sign
/// and zero; flows times changes of sign beyond 10^7 are `too_large`.
///
/// Laguerre (1883), Sur la theorie des equations numeriques, Journal de Mathematiques Pures et
/// Appliquees 9:99-146.
[[nodiscard]] rates_of_return internal_rates_of_return(std::span<const double> amounts);
[[nodiscard]] rates_of_return internal_rates_of_return(std::span<const cash_flow> flows);

/// Rate at which what was paid, financed at `finance_rate`, grows to what was received, reinvested
/// at `reinvestment_rate`, by the last period. `no_root` unless amounts of both signs are there.
///
/// Lin (1976), The modified internal rate of return and investment criterion, The Engineering
/// Economist 21:237-247.
[[nodiscard]] figure modified_rate_of_return(std::span<const double> amounts, double finance_rate,
                                             double reinvestment_rate);

/// When the payments of an annuity fall.
enum class payment_time : std::uint8_t { end_of_period, start_of_period };

/// Equal payments over a number of periods, an amount now and one at the end, worth nothing
/// together: present + payment * (1 + rate when at the start) * (1 - (1 + rate)^-n) / rate +
/// future * (1 + rate)^-n = 0. Given all but one, the functions below find the one; signs as in
/// spreadsheets (who receives 8 000 now pays -200 a month). Right to the last digits for rates
/// near 0 and at 0.
struct annuity {
  double rate = 0;
  double periods = 0;  ///< need not be whole
  double payment = 0;
  double present = 0;
  double future = 0;
  payment_time when = payment_time::end_of_period;
};

/// Each ignores the member it finds. NaN and infinity are `invalid_input` here. No answer:
/// `no_root`; beyond doubles: `out_of_range`; no periods to pay in: `zero_total`.
[[nodiscard]] figure present_of(const annuity& a);
[[nodiscard]] figure future_of(const annuity& a);
[[nodiscard]] figure payment_of(const annuity& a);
[[nodiscard]] figure periods_of(const annuity& a);

/// All rates of an annuity with a whole number of periods, from 1 to 100 000; else `invalid_input`.
[[nodiscard]] rates_of_return rates_of(const annuity& a);

/// Value at the first payment of payments that shrink by the share `loss` each period, from 0 to 1,
/// and never end: payment * (1 + rate) / (rate + loss). Takes the loss and not what remains, since
/// 1 - 0.999999 has lost the digits. `out_of_range` unless rate + loss is positive.
[[nodiscard]] figure declining_perpetuity(double payment, double loss, double rate);

/// The first `periods` payments of it, for any rate.
[[nodiscard]] figure declining_annuity(double payment, double loss, double rate,
                                       std::int64_t periods);

}  // namespace salespulse
#endif
