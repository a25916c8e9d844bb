// SPDX-License-Identifier: BSL-1.0
// How sure is a figure that no formula gives a standard error for? Here: the renewal after which
// half of the contracts are gone.
#include <salespulse/statistics/bootstrap.hpp>
#include <salespulse/statistics/shifted_beta_geometric.hpp>

#include <cstdio>
#include <vector>

using namespace salespulse;

namespace {

// Where the fitted curve crosses one half, between renewals by interpolation.
double half_life(const retention_curve& curve) {
  double before = 1;
  for (std::int32_t t = 1;; ++t) {
    const double now = *curve.survival(t).value;
    if (now <= 0.5) return t - 1 + (before - 0.5) / (before - now);
    before = now;
  }
}

}  // namespace

int main() {
  const std::vector<std::int64_t> survivors{300, 231, 188, 162, 143, 130};
  const row_counts<tenure> contracts = tenures_of(survivors, survivors.size()).tenures;

  // 1 000 samples of 300 contracts drawn from these, without ever making 300 rows.
  std::vector<double> replicates;
  for (std::uint64_t r = 0; r < 1000; ++r) {
    const row_counts<tenure> sample = resample(contracts, 2024, r);
    replicates.push_back(half_life(fit_shifted_beta_geometric(sample)));
  }
  const bootstrap_summary sure = summarise_bootstrap(replicates, confidence_90);
  const double half = half_life(fit_shifted_beta_geometric(contracts));
  std::printf("half are gone after %.2f renewals\n", half);
  std::printf("90 %% sure: %.2f to %.2f, standard error %.2f\n", sure.range->lower,
              sure.range->upper, *sure.std_error);
}

// > half are gone after 3.69 renewals
// > 90 % sure: 2.98 to 4.54, standard error 0.47
