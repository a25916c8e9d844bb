// SPDX-License-Identifier: BSL-1.0
#include "convolution.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <functional>
#include <numbers>
#include <queue>
#include <utility>

namespace salespulse {

namespace {

// Smaller masses are set to 0 well before arithmetic on them turns slow and inexact.
constexpr double negligible = 1e-290;
// 37 standard deviations of a normal distribution: its tail beyond is below 1e-290.
constexpr double reach = 37;
// A block has at least this many items and points before it is merged with others: until then
// adding item by item is quicker, and exact.
constexpr std::size_t block_items = 64;
constexpr std::size_t block_points = 4096;

double kept(double mass) { return mass >= negligible ? mass : 0; }

// out = stay in + move (in shifted by `by` points); out has in's size plus `by`.
void add_two_point_item(std::span<const double> in, double stay, double move, std::size_t by,
                        std::vector<double>& out) {
  const std::size_t n = in.size();
  out.resize(n + by);
  const double* const from = in.data();
  double* const to = out.data();
  const std::size_t alone = std::min(by, n);
  for (std::size_t k = 0; k < alone; ++k) to[k] = kept(stay * from[k]);
  for (std::size_t k = n; k < by; ++k) to[k] = 0;
  // In its own loop, without branches: nearly all of the time is spent here.
  for (std::size_t k = by; k < n; ++k) to[k] = kept(stay * from[k] + move * from[k - by]);
  for (std::size_t k = std::max(n, by); k < n + by; ++k) to[k] = kept(move * from[k - by]);
}

void add_item(std::span<const double> in, std::span<const lattice_point> item,
              std::vector<double>& out) {
  out.assign(in.size() + static_cast<std::size_t>(item.back().at), 0.0);
  for (const lattice_point& p : item) {
    double* const to = out.data() + p.at;
    for (std::size_t k = 0; k < in.size(); ++k) to[k] += p.mass * in[k];
  }
  for (double& mass : out) mass = kept(mass);
}

// Convolves items one by one; the masses that matter are a window of the buffer.
class direct_convolution {
public:
  [[nodiscard]] std::size_t size() const { return end_ - begin_; }

  void add(std::span<const lattice_point> item) {
    const std::span<const double> in(masses_.data() + begin_, size());
    if (item.size() == 2) {
      add_two_point_item(in, item[0].mass, item[1].mass, static_cast<std::size_t>(item[1].at),
                         next_);
    } else {
      add_item(in, item, next_);
    }
    masses_.swap(next_);
    first_ += static_cast<std::int64_t>(begin_);
    begin_ = 0;
    end_ = masses_.size();
    while (end_ > 1 && masses_[end_ - 1] == 0) --end_;
    while (begin_ + 1 < end_ && masses_[begin_] == 0) ++begin_;
  }

  [[nodiscard]] mass_band take() {
    first_ += static_cast<std::int64_t>(begin_);
    return {first_,
            {masses_.begin() + static_cast<std::ptrdiff_t>(begin_),
             masses_.begin() + static_cast<std::ptrdiff_t>(end_)}};
  }

private:
  std::vector<double> masses_{1.0};
  std::vector<double> next_;
  std::size_t begin_ = 0;
  std::size_t end_ = 1;
  std::int64_t first_ = 0;  // lattice point of masses_[0]
};

// std::complex multiplies with a detour for infinities.
struct complex_number {
  double re = 0;
  double im = 0;
  friend complex_number operator+(complex_number a, complex_number b) {
    return {a.re + b.re, a.im + b.im};
  }
  friend complex_number operator-(complex_number a, complex_number b) {
    return {a.re - b.re, a.im - b.im};
  }
  friend complex_number operator*(complex_number a, complex_number b) {
    return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
  }
};
complex_number conjugate(complex_number z) { return {z.re, -z.im}; }

// Fourier transform of a power of two of points. Forward leaves the values in bit-reversed order
// (decimation in frequency) and backward takes them so (decimation in time): nothing is reordered.
class fourier_transform {
public:
  explicit fourier_transform(std::size_t n) : n_(n), roots_(n) {
    // roots_[half + j] = exp(-pi i j / half) for the stage that pairs points `half` apart.
    const std::size_t widest = n / 2;
    for (std::size_t j = 0; j < widest; ++j) {
      const double angle = -std::numbers::pi * static_cast<double>(j) / static_cast<double>(widest);
      roots_[widest + j] = {std::cos(angle), std::sin(angle)};
    }
    for (std::size_t half = widest / 2; half >= 1; half /= 2) {
      for (std::size_t j = 0; j < half; ++j) roots_[half + j] = roots_[2 * half + 2 * j];
    }
  }

  void forward(std::vector<complex_number>& z) const {
    for (std::size_t half = n_ / 2; half >= 1; half /= 2) {
      for (std::size_t begin = 0; begin < n_; begin += 2 * half) {
        for (std::size_t j = 0; j < half; ++j) {
          complex_number& a = z[begin + j];
          complex_number& b = z[begin + j + half];
          const complex_number difference = a - b;
          a = a + b;
          b = difference * roots_[half + j];
        }
      }
    }
  }

  // Without the division by n.
  void backward(std::vector<complex_number>& z) const {
    for (std::size_t half = 1; half < n_; half *= 2) {
      for (std::size_t begin = 0; begin < n_; begin += 2 * half) {
        for (std::size_t j = 0; j < half; ++j) {
          complex_number& a = z[begin + j];
          complex_number& b = z[begin + j + half];
          const complex_number turned = b * conjugate(roots_[half + j]);
          b = a - turned;
          a = a + turned;
        }
      }
    }
  }

  // Where the forward transform has frequency n - k when it has k at `place`.
  [[nodiscard]] static std::size_t opposite(std::size_t place) {
    return place == 0 ? 0 : place ^ (std::bit_floor(place) - 1);
  }

private:
  std::size_t n_;
  std::vector<complex_number> roots_;
};

double norm(std::span<const double> a) {
  double sum = 0;
  for (const double x : a) sum += x * x;
  return std::sqrt(sum);
}

// Both real sequences go through one complex transform, as its real and imaginary parts; scaled to
// the same size first, so that the rounding of one does not drown the other.
std::vector<double> convolve_by_transform(std::span<const double> a, std::span<const double> b) {
  const std::size_t length = a.size() + b.size() - 1;
  const std::size_t n = std::bit_ceil(std::max<std::size_t>(length, 2));
  const double size_a = norm(a);
  const double size_b = norm(b);
  if (size_a == 0 || size_b == 0) return std::vector<double>(length);
  std::vector<complex_number> z(n);
  for (std::size_t k = 0; k < a.size(); ++k) z[k].re = a[k] / size_a;
  for (std::size_t k = 0; k < b.size(); ++k) z[k].im = b[k] / size_b;
  const fourier_transform transform(n);
  transform.forward(z);
  // With Z = A + i B, A B at frequency k is (Z(k)^2 - conj(Z(n - k))^2) / (4 i).
  const auto product = [](complex_number here, complex_number there) {
    const complex_number d = here * here - conjugate(there) * conjugate(there);
    return complex_number{d.im / 4, -d.re / 4};
  };
  for (std::size_t k = 0; k < n; ++k) {
    const std::size_t o = fourier_transform::opposite(k);
    if (o < k) continue;
    const complex_number here = z[k];
    const complex_number there = z[o];
    z[k] = product(here, there);
    z[o] = product(there, here);
  }
  transform.backward(z);
  std::vector<double> result(length);
  const double scale = size_a * size_b / static_cast<double>(n);
  for (std::size_t k = 0; k < length; ++k) result[k] = z[k].re * scale;
  return result;
}

}  // namespace

double direct_operations(const lattice_items& items) {
  double operations = 0;
  double points = 1;
  double variance = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto item = items.item(i);
    double mean = 0;
    double square = 0;
    for (const lattice_point& p : item) {
      const auto at = static_cast<double>(p.at);
      mean += p.mass * at;
      square += p.mass * at * at;
    }
    variance += std::max(square - mean * mean, 0.0);
    const auto width = static_cast<double>(item.back().at);
    points += width;
    const double touched = std::min(points, 2 * reach * std::sqrt(variance) + width + 1);
    operations += static_cast<double>(item.size()) * touched;
  }
  return operations;
}

mass_band convolve_directly(const lattice_items& items) {
  direct_convolution sum;
  for (std::size_t i = 0; i < items.size(); ++i) sum.add(items.item(i));
  return sum.take();
}

std::vector<double> convolve(std::span<const double> a, std::span<const double> b, bool directly) {
  const double length = static_cast<double>(a.size() + b.size());
  const double products = static_cast<double>(a.size()) * static_cast<double>(b.size());
  if (!directly && products > 30 * length * std::log2(length)) return convolve_by_transform(a, b);
  const auto shorter = a.size() < b.size() ? a : b;
  const auto longer = a.size() < b.size() ? b : a;
  std::vector<double> result(a.size() + b.size() - 1);
  for (std::size_t i = 0; i < shorter.size(); ++i) {
    if (shorter[i] == 0) continue;
    for (std::size_t k = 0; k < longer.size(); ++k) result[i + k] += shorter[i] * longer[k];
  }
  return result;
}

void drop_negatives(std::vector<double>& masses) {
  for (double& mass : masses) mass = kept(mass);
}

mass_band convolve_by_transform(const lattice_items& items) {
  std::vector<mass_band> blocks;
  for (std::size_t i = 0; i < items.size();) {
    direct_convolution block;
    std::size_t count = 0;
    while (i < items.size() && (count < block_items || block.size() < block_points)) {
      block.add(items.item(i++));
      ++count;
    }
    blocks.push_back(block.take());
  }
  if (blocks.empty()) return {};
  // Smallest first; of equal length, the earlier.
  using entry = std::pair<std::size_t, std::size_t>;
  std::priority_queue<entry, std::vector<entry>, std::greater<>> shortest;
  for (std::size_t b = 0; b < blocks.size(); ++b) shortest.push({blocks[b].masses.size(), b});
  while (shortest.size() > 1) {
    const std::size_t a = shortest.top().second;
    shortest.pop();
    const std::size_t b = shortest.top().second;
    shortest.pop();
    mass_band merged{blocks[a].first + blocks[b].first,
                     convolve(blocks[a].masses, blocks[b].masses, false)};
    blocks[a] = {0, {}};
    blocks[b] = {0, {}};
    shortest.push({merged.masses.size(), blocks.size()});
    blocks.push_back(std::move(merged));
  }
  mass_band sum = std::move(blocks[shortest.top().second]);
  drop_negatives(sum.masses);
  return sum;
}

mass_band convolve(const lattice_items& items, const sum_options& options) {
  return direct_operations(items) <= options.max_direct_operations ? convolve_directly(items)
                                                                   : convolve_by_transform(items);
}

}  // namespace salespulse
