// SPDX-License-Identifier: BSL-1.0
#include "exponential_sum.hpp"
#include "sums.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/cash_flow.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace salespulse {

namespace {

void check_rate(double rate) {
  if (!(rate > -1 && std::isfinite(rate))) {
    throw invalid_input("cash flow: the rate is not finite and above -1");
  }
}

void check_annuity(const annuity& a) {
  check_rate(a.rate);
  for (const double x : {a.periods, a.payment, a.present, a.future}) {
    if (!std::isfinite(x)) throw invalid_input("annuity: an amount or period is not finite");
  }
}

figure in_range(double x) {
  if (!std::isfinite(x)) return {std::nullopt, {condition::out_of_range, -1}};
  return {x, {}};
}

status first_non_finite(std::span<const double> amounts) {
  for (std::size_t i = 0; i < amounts.size(); ++i) {
    if (!std::isfinite(amounts[i])) {
      return {condition::non_finite_input, static_cast<std::int64_t>(i)};
    }
  }
  return {};
}

// Flows that are not 0, one a day, by years from the first.
std::vector<exponential_term> by_year(std::span<const cash_flow> flows, status& why) {
  std::vector<cash_flow> sorted(flows.begin(), flows.end());
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (!std::isfinite(sorted[i].amount)) {
      why = {condition::non_finite_input, static_cast<std::int64_t>(i)};
      return {};
    }
  }
  std::sort(sorted.begin(), sorted.end(), [](const cash_flow& a, const cash_flow& b) {
    return a.day != b.day ? a.day < b.day : a.amount < b.amount;
  });
  std::vector<exponential_term> terms;
  std::int64_t first = 0;
  for (std::size_t i = 0; i < sorted.size();) {
    running_sum net;
    const std::int64_t day = sorted[i].day;
    for (; i < sorted.size() && sorted[i].day == day; ++i) net.add(sorted[i].amount);
    if (net.value() == 0) continue;
    if (!std::isfinite(net.value())) {
      why = {condition::out_of_range, -1};
      return {};
    }
    if (terms.empty()) first = day;
    terms.push_back({net.value(), static_cast<double>(day - first) / 365});
  }
  return terms;
}

// Amounts that are not 0, by periods from the first of them.
std::vector<exponential_term> by_period(std::span<const double> amounts) {
  std::vector<exponential_term> terms;
  std::size_t first = 0;
  for (std::size_t i = 0; i < amounts.size(); ++i) {
    if (amounts[i] == 0) continue;
    if (terms.empty()) first = i;
    terms.push_back({amounts[i], static_cast<double>(i - first)});
  }
  return terms;
}

// Terms times changes of sign; some seconds of work.
constexpr std::size_t most_work = 10'000'000;

rates_of_return rates_of_terms(const std::vector<exponential_term>& terms) {
  rates_of_return result;
  std::size_t changes = 0;
  for (std::size_t i = 1; i < terms.size(); ++i) {
    changes += (terms[i].amount > 0) != (terms[i - 1].amount > 0);
  }
  if (changes > most_work / std::max<std::size_t>(terms.size(), 1)) {
    result.why = {condition::too_large, -1};
    return result;
  }
  bool beyond = false;
  for (const double s : zeros_of(terms)) {
    const double rate = std::expm1(s);
    if (std::isfinite(rate) && rate > -1) {
      result.rates.push_back(rate);
    } else {
      beyond = true;
    }
  }
  if (beyond) {
    result.why = {condition::out_of_range, -1};
  } else if (result.rates.empty()) {
    result.why = {condition::no_root, -1};
  } else if (result.rates.size() > 1) {
    result.why = {condition::multiple_roots, -1};
  }
  return result;
}

double value_of_terms(const std::vector<exponential_term>& terms, double rate) {
  const double s = std::log1p(rate);
  running_sum sum;
  for (const exponential_term& t : terms) sum.add(t.amount * std::exp(-s * t.time));
  return sum.value();
}

// (1 + rate)^-n, and the value of n payments of 1.
double discount(double rate, double n) { return std::exp(-n * std::log1p(rate)); }

double worth_of_payments(const annuity& a) {
  const double at_end =
      a.rate == 0 ? a.periods : -std::expm1(-a.periods * std::log1p(a.rate)) / a.rate;
  return a.when == payment_time::start_of_period ? at_end * (1 + a.rate) : at_end;
}

}  // namespace

figure present_value(std::span<const double> amounts, double rate) {
  check_rate(rate);
  if (const status why = first_non_finite(amounts); !why.ok()) return {std::nullopt, why};
  const double s = std::log1p(rate);
  running_sum sum;
  for (std::size_t i = 0; i < amounts.size(); ++i) {
    if (amounts[i] != 0) sum.add(amounts[i] * std::exp(-s * static_cast<double>(i)));
  }
  return in_range(sum.value());
}

figure present_value(std::span<const cash_flow> flows, double rate) {
  check_rate(rate);
  status why;
  const std::vector<exponential_term> terms = by_year(flows, why);
  if (!why.ok()) return {std::nullopt, why};
  return in_range(value_of_terms(terms, rate));
}

rates_of_return internal_rates_of_return(std::span<const double> amounts) {
  if (const status why = first_non_finite(amounts); !why.ok()) return {{}, why};
  return rates_of_terms(by_period(amounts));
}

rates_of_return internal_rates_of_return(std::span<const cash_flow> flows) {
  status why;
  const std::vector<exponential_term> terms = by_year(flows, why);
  if (!why.ok()) return {{}, why};
  return rates_of_terms(terms);
}

figure modified_rate_of_return(std::span<const double> amounts, double finance_rate,
                               double reinvestment_rate) {
  check_rate(finance_rate);
  check_rate(reinvestment_rate);
  if (const status why = first_non_finite(amounts); !why.ok()) return {std::nullopt, why};
  const double finance = std::log1p(finance_rate), reinvest = std::log1p(reinvestment_rate);
  running_sum paid, received;
  for (std::size_t i = 0; i < amounts.size(); ++i) {
    const auto period = static_cast<double>(i);
    if (amounts[i] < 0) paid.add(-amounts[i] * std::exp(-finance * period));
    if (amounts[i] > 0) received.add(amounts[i] * std::exp(-reinvest * period));
  }
  if (!std::isfinite(paid.value()) || !std::isfinite(received.value())) {
    return {std::nullopt, {condition::out_of_range, -1}};
  }
  if (!(paid.value() > 0 && received.value() > 0)) {
    return {std::nullopt, {condition::no_root, -1}};
  }
  // Both are values at the start; what was received goes on to the last period.
  const double periods = static_cast<double>(amounts.size()) - 1;
  const double growth = std::log(received.value()) - std::log(paid.value());
  return in_range(std::expm1(growth / periods + reinvest));
}

figure present_of(const annuity& a) {
  check_annuity(a);
  return in_range(-(a.payment * worth_of_payments(a) + a.future * discount(a.rate, a.periods)));
}

figure future_of(const annuity& a) {
  check_annuity(a);
  const double growth = std::exp(a.periods * std::log1p(a.rate));
  // The payments grown to the end are (growth - 1) / rate: no quotient of two large numbers.
  double at_end = a.rate == 0 ? a.periods : std::expm1(a.periods * std::log1p(a.rate)) / a.rate;
  if (a.when == payment_time::start_of_period) at_end *= 1 + a.rate;
  return in_range(-(a.present * growth + a.payment * at_end));
}

figure payment_of(const annuity& a) {
  check_annuity(a);
  const double worth = worth_of_payments(a);
  if (worth == 0) return {std::nullopt, {condition::zero_total, -1}};
  return in_range(-(a.present + a.future * discount(a.rate, a.periods)) / worth);
}

figure periods_of(const annuity& a) {
  check_annuity(a);
  const double payment =
      a.when == payment_time::start_of_period ? a.payment * (1 + a.rate) : a.payment;
  // (1 + rate)^n = (payment - future rate) / (payment + present rate) = 1 - change.
  const double lasting = payment + a.present * a.rate;
  if (lasting == 0) return {std::nullopt, {condition::no_root, -1}};
  if (a.rate == 0) return in_range(-(a.present + a.future) / payment);
  const double change = (a.present + a.future) * a.rate / lasting;
  if (!(change < 1)) return {std::nullopt, {condition::no_root, -1}};
  return in_range(std::log1p(-change) / std::log1p(a.rate));
}

rates_of_return rates_of(const annuity& a) {
  annuity checked = a;
  checked.rate = 0;
  check_annuity(checked);
  if (!(a.periods >= 1 && a.periods <= 100'000 && a.periods == std::floor(a.periods))) {
    throw invalid_input("rates_of: the number of periods is not whole and from 1 to 100000");
  }
  const auto n = static_cast<std::size_t>(a.periods);
  std::vector<double> amounts(n + 1, 0.0);
  const std::size_t shift = a.when == payment_time::start_of_period ? 0 : 1;
  for (std::size_t i = 0; i < n; ++i) amounts[i + shift] = a.payment;
  amounts.front() += a.present;
  amounts.back() += a.future;
  return internal_rates_of_return(amounts);
}

figure declining_perpetuity(double payment, double loss, double rate) {
  check_rate(rate);
  if (!std::isfinite(payment) || !(loss >= 0 && loss <= 1)) {
    throw invalid_input("declining_perpetuity: the loss is not within 0 to 1");
  }
  if (!(rate + loss > 0)) return {std::nullopt, {condition::out_of_range, -1}};
  return in_range(payment * (1 + rate) / (rate + loss));
}

figure declining_annuity(double payment, double loss, double rate, std::int64_t periods) {
  check_rate(rate);
  if (!std::isfinite(payment) || !(loss >= 0 && loss <= 1) || periods < 0) {
    throw invalid_input("declining_annuity: the loss is not within 0 to 1, or periods negative");
  }
  const auto n = static_cast<double>(periods);
  if (periods == 0) return {0.0, {}};
  if (loss == 1) return {payment, {}};
  if (rate + loss == 0) return in_range(payment * n);
  // What remains of a payment one period later, discounted, is 1 - fall.
  const double fall = (rate + loss) / (1 + rate);
  return in_range(payment * -std::expm1(n * std::log1p(-fall)) / fall);
}

}  // namespace salespulse
