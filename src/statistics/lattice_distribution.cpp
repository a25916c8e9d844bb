// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/lattice_distribution.hpp>

#include "sums.hpp"
#include <salespulse/core/result.hpp>
#include <salespulse/core/wide.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace salespulse {

namespace {

constexpr double slack = 1e-13;

void require_probability(double p) {
  if (!(p >= 0 && p <= 1)) throw invalid_input("lattice_distribution: p is not within 0 to 1");
}

}  // namespace

lattice_distribution::lattice_distribution(std::int64_t first, std::int64_t step,
                                           std::vector<double> masses)
    : first_(first), step_(step), masses_(std::move(masses)) {
  if (step < 1) throw invalid_input("lattice_distribution: the step is not positive");
  running_sum total;
  for (const double m : masses_) {
    if (!(m >= 0) || !std::isfinite(m)) {
      throw invalid_input("lattice_distribution: a mass is negative or not finite");
    }
    total.add(m);
  }
  if (!(std::abs(total.value() - 1) <= 1e-6)) {
    throw invalid_input("lattice_distribution: the masses do not add up to 1");
  }
  while (masses_.back() == 0) masses_.pop_back();
  const auto begin = std::find_if(masses_.begin(), masses_.end(), [](double m) { return m > 0; });
  const wide low = wide{first} + wide{step} * (begin - masses_.begin());
  masses_.erase(masses_.begin(), begin);
  const wide high = low + wide{step} * static_cast<wide>(masses_.size() - 1);
  if (!fits_int64(low) || !fits_int64(high)) {
    throw invalid_input("lattice_distribution: a point does not fit 64 bits");
  }
  first_ = static_cast<std::int64_t>(low);

  up_to_.resize(masses_.size());
  from_.resize(masses_.size());
  running_sum below;
  running_sum above;
  for (std::size_t k = 0; k < masses_.size(); ++k) {
    below.add(masses_[k]);
    up_to_[k] = std::min(below.value(), 1.0);
    const std::size_t from_end = masses_.size() - 1 - k;
    above.add(masses_[from_end]);
    from_[from_end] = std::min(above.value(), 1.0);
  }
  // The ends are certain, whatever the masses' rounding.
  up_to_.back() = 1;
  from_.front() = 1;
}

std::int64_t lattice_distribution::point(std::size_t k) const noexcept {
  return static_cast<std::int64_t>(first_ + wide{step_} * static_cast<wide>(k));
}

std::int64_t lattice_distribution::last() const noexcept { return point(masses_.size() - 1); }

double lattice_distribution::probability(std::int64_t x) const noexcept {
  const wide above = wide{x} - first_;
  if (above < 0 || x > last() || above % step_ != 0) return 0;
  return masses_[static_cast<std::size_t>(above / step_)];
}

double lattice_distribution::at_most(std::int64_t x) const noexcept {
  if (x < first_) return 0;
  if (x >= last()) return 1;
  return up_to_[static_cast<std::size_t>((wide{x} - first_) / step_)];
}

double lattice_distribution::at_least(std::int64_t x) const noexcept {
  if (x <= first_) return 1;
  if (x > last()) return 0;
  return from_[static_cast<std::size_t>((wide{x} - first_ + step_ - 1) / step_)];
}

std::int64_t lattice_distribution::quantile(double p) const {
  require_probability(p);
  const auto at = std::lower_bound(up_to_.begin(), up_to_.end(), p * (1 - slack));
  return point(static_cast<std::size_t>(at - up_to_.begin()));
}

std::int64_t lattice_distribution::upper_quantile(double p) const {
  require_probability(p);
  // from_[k + 1] is P(X > point k); falling, so the first that is small enough.
  const auto at = std::partition_point(from_.begin() + 1, from_.end(),
                                       [p](double tail) { return tail > p * (1 + slack); });
  return point(static_cast<std::size_t>(at - from_.begin()) - 1);
}

double lattice_distribution::mean_steps() const noexcept {
  running_sum sum;
  for (std::size_t k = 0; k < masses_.size(); ++k) sum.add(masses_[k] * static_cast<double>(k));
  return sum.value();
}

double lattice_distribution::mean() const noexcept {
  return static_cast<double>(first_) + static_cast<double>(step_) * mean_steps();
}

double lattice_distribution::central_moment(int power) const noexcept {
  const double centre = mean_steps();
  running_sum sum;
  for (std::size_t k = 0; k < masses_.size(); ++k) {
    const double away = static_cast<double>(k) - centre;
    sum.add(masses_[k] * (power == 2 ? away * away : away * away * away));
  }
  return sum.value() * std::pow(static_cast<double>(step_), power);
}

double lattice_distribution::variance() const noexcept { return central_moment(2); }
double lattice_distribution::third_central_moment() const noexcept { return central_moment(3); }

}  // namespace salespulse
