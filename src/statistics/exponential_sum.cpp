// SPDX-License-Identifier: BSL-1.0
#include "exponential_sum.hpp"

#include "sums.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>

namespace salespulse {

namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();

// A term as sign * exp(log_size - s * time): the factors that derivatives bring would overflow.
struct log_term {
  double sign;
  double log_size;
  double time;
};
using log_terms = std::vector<log_term>;

// The sum at s in units of exp(scale), with the size that rounding may have.
struct value_at {
  double value;
  double rounding;
  double slope;  // d value / ds for a scale that does not move
};

value_at evaluate(const log_terms& terms, double s) {
  double scale = -std::numeric_limits<double>::infinity();
  for (const log_term& t : terms) scale = std::max(scale, t.log_size - s * t.time);
  running_sum value, slope;
  double rounding = 0;
  for (const log_term& t : terms) {
    const double exponent = t.log_size - s * t.time - scale;
    if (exponent < -745) continue;
    const double size = std::exp(exponent);
    value.add(t.sign * size);
    slope.add(-t.time * t.sign * size);
    // The exponent is rounded relative to its parts, and its error is that of the term.
    rounding += size * (2 + std::abs(t.log_size) + 2 * std::abs(s * t.time));
  }
  return {value.value(), 2 * epsilon * rounding, slope.value()};
}

// The sign of the sum, 0 where rounding hides it.
int sign_at(const log_terms& terms, double s) {
  const value_at v = evaluate(terms, s);
  if (std::abs(v.value) <= v.rounding) return 0;
  return v.value > 0 ? 1 : -1;
}

// A zero between two points with different signs, to the last digits: Newton's steps, halving the
// interval where they leave it or are slow.
double zero_between(const log_terms& terms, double low, double high, int sign_low) {
  double s = low + (high - low) / 2;
  for (int i = 0; i < 200; ++i) {
    const value_at v = evaluate(terms, s);
    if (v.value == 0) return s;
    const double width = high - low;
    ((v.value > 0) == (sign_low > 0) ? low : high) = s;
    double next = s - v.value / v.slope;
    const double resolution = 4 * epsilon * std::abs(s) + std::numeric_limits<double>::min();
    if (std::abs(next - s) <= resolution && next > low - resolution && next < high + resolution) {
      return next;
    }
    // Halve also where the interval has not shrunk to half for some steps.
    const bool slow = i % 4 == 3 && high - low > width / 2;
    if (!(next > low && next < high) || slow) next = low + (high - low) / 2;
    if (next == s || next == low || next == high) return next;
    s = next;
  }
  return s;
}

// Beyond the outermost separator the sum crosses 0 once if its sign there is not that of its end.
// Goes outwards from `from` in the direction of `step` until the end's sign is reached.
double beyond(const log_terms& terms, double from, double step, int end_sign) {
  double s = from + step;
  while (sign_at(terms, s) != end_sign && std::abs(s) < 1e17) {
    step *= 2;
    s = from + step;
  }
  return s;
}

// Zeros of the terms, given points between any two of them.
std::vector<double> zeros_between(const log_terms& terms, std::vector<double> separators) {
  // With growing s the term of the least time lasts longest.
  const int sign_low = terms.back().sign > 0 ? 1 : -1;
  const int sign_high = terms.front().sign > 0 ? 1 : -1;
  std::vector<double> zeros;
  if (separators.empty()) {
    if (sign_low == sign_high) return zeros;
    separators.push_back(0);
  }
  std::vector<int> signs;
  for (const double s : separators) signs.push_back(sign_at(terms, s));

  const auto touch = [&zeros](double s) {
    if (zeros.empty() || zeros.back() < s) zeros.push_back(s);
  };
  // A separator where rounding hides the sign is itself a zero as far as can be told.
  int before = sign_low;
  double from = 0;
  bool inside = false;  // whether `from` is a point already
  for (std::size_t i = 0; i < separators.size(); ++i) {
    if (signs[i] == 0) {
      touch(separators[i]);
      // A crossing there leaves the other sign behind it, a touch the same one.
      const bool last = i + 1 == separators.size();
      const double next = last ? separators[i] + 1 : separators[i + 1];
      const int after = sign_at(terms, separators[i] + (next - separators[i]) / 2);
      before = after != 0 ? after : before;
    } else if (signs[i] != before) {
      const double low = inside ? from : beyond(terms, separators[i], -1, sign_low);
      touch(zero_between(terms, low, separators[i], before));
      before = signs[i];
    }
    from = separators[i];
    inside = true;
  }
  if (before != sign_high) {
    const double high = beyond(terms, separators.back(), 1, sign_high);
    touch(zero_between(terms, separators.back(), high, before));
  }
  return zeros;
}

// The derivative of the sum times exp(s tau), or back from it: d/ds of sum a exp(s (tau - t)) is
// sum a (tau - t) exp(s (tau - t)), where terms after tau have changed their sign.
void differentiate(log_terms& terms, double tau, double direction) {
  for (log_term& t : terms) {
    if (t.time > tau) t.sign = -t.sign;
    t.log_size += direction * std::log(std::abs(tau - t.time));
  }
  // A common factor moves no zero.
  double largest = terms.front().log_size;
  for (const log_term& t : terms) largest = std::max(largest, t.log_size);
  for (log_term& t : terms) t.log_size -= largest;
}

// A time between two terms of different sign, if there are two.
std::optional<double> change_of_sign(const log_terms& terms) {
  for (std::size_t i = 1; i < terms.size(); ++i) {
    if (terms[i].sign != terms[i - 1].sign) {
      return terms[i - 1].time + (terms[i].time - terms[i - 1].time) / 2;
    }
  }
  return {};
}

// Zeros of the sum by those of a derivative with one change of sign less.
std::vector<double> zeros_of_terms(const log_terms& terms) {
  log_terms at = terms;
  std::vector<double> taus;
  while (const std::optional<double> tau = change_of_sign(at)) {
    taus.push_back(*tau);
    differentiate(at, *tau, 1);
  }
  // Now the terms are of one sign and have no zero. Back up; on top, the terms as they were.
  std::vector<double> zeros;
  for (; !taus.empty(); taus.pop_back()) {
    differentiate(at, taus.back(), -1);
    zeros = zeros_between(taus.size() == 1 ? terms : at, zeros);
  }
  return zeros;
}

}  // namespace

std::vector<double> zeros_of(const std::vector<exponential_term>& terms) {
  if (terms.empty()) return {};
  log_terms logs;
  double largest = 0;
  for (const exponential_term& t : terms) largest = std::max(largest, std::abs(t.amount));
  const int scale = std::ilogb(largest);
  for (const exponential_term& t : terms) {
    const double amount = std::ldexp(t.amount, -scale);
    // An amount of nothing beside the largest ones still counts where discounting is strong.
    const double log_size = amount != 0 ? std::log(std::abs(amount))
                                        : std::log(std::abs(t.amount)) - scale * std::log(2.0);
    logs.push_back({t.amount > 0 ? 1.0 : -1.0, log_size, t.time});
  }
  std::vector<double> zeros = zeros_of_terms(logs);
  // One more step with the amounts themselves, whose logarithms have lost a digit or two.
  for (double& s : zeros) {
    running_sum value, slope;
    // Times are counted from that of the largest term, which keeps all of them within doubles.
    const log_term* largest_term = &logs.front();
    for (const log_term& t : logs) {
      if (t.log_size - s * t.time > largest_term->log_size - s * largest_term->time) {
        largest_term = &t;
      }
    }
    const double middle = largest_term->time;
    double size_of_slope = 0;
    for (const exponential_term& t : terms) {
      const double term = std::ldexp(t.amount, -scale) * std::exp(-s * (t.time - middle));
      value.add(term);
      slope.add((middle - t.time) * term);
      size_of_slope += std::abs((middle - t.time) * term);
    }
    const double step = value.value() / slope.value();
    // At a zero that is only touched the slope is nothing but rounding.
    const bool flat = std::abs(slope.value()) <= 1e-6 * size_of_slope;
    if (!flat && std::abs(step) <= 1e-9 * (1 + std::abs(s))) s -= step;
  }
  return zeros;
}

}  // namespace salespulse
