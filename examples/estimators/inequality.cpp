// SPDX-License-Identifier: BSL-1.0
// How much of the total hangs on few holders?
#include <salespulse/statistics/inequality.hpp>

#include <cstdio>
#include <vector>

using namespace salespulse;

int main() {
  const std::vector<double> amounts{550, 90, 90, 70, 50, 50, 50, 30, 15, 5};
  const inequality_figures f = inequality_of(amounts);
  std::printf("hhi %.4f, as concentrated as %.1f equal holders, gini %.3f\n", *f.hhi.value,
              *f.effective_number.value, *f.gini.value);
  std::printf("the largest has %.0f %%\n", 100 * *top_share(amounts, 1).value);
  for (const lorenz_point& p : lorenz_curve_of(amounts).points) {
    std::printf("the smallest %3.0f %% have %3.0f %%\n", 100 * p.holders, 100 * p.amount);
  }
}
// > hhi 0.3323, as concentrated as 3.0 equal holders, gini 0.579
// > the largest has 55 %
// > the smallest   0 % have   0 %
// > the smallest  10 % have   0 %
// > the smallest  20 % have   2 %
// > the smallest  30 % have   5 %
// > the smallest  60 % have  20 %
// > the smallest  70 % have  27 %
// > the smallest  90 % have  45 %
// > the smallest 100 % have 100 %
