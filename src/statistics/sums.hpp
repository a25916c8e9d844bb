// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_STATISTICS_SUMS_HPP
#define SALESPULSE_SRC_STATISTICS_SUMS_HPP

namespace salespulse {

/// A sum that keeps what each addition rounds away and adds it at the end: as exact as if it had
/// been made in twice the precision. Needs IEEE arithmetic, not fast-math.
///
/// Neumaier (1974), Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen, ZAMM
/// 54:39-51.
class running_sum {
public:
  void add(double x) noexcept {
    const double next = sum_ + x;
    const bool larger = (sum_ < 0 ? -sum_ : sum_) >= (x < 0 ? -x : x);
    lost_ += larger ? (sum_ - next) + x : (x - next) + sum_;
    sum_ = next;
  }
  [[nodiscard]] double value() const noexcept { return sum_ + lost_; }

private:
  double sum_ = 0;
  double lost_ = 0;
};

}  // namespace salespulse
#endif
