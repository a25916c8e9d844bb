// SPDX-License-Identifier: BSL-1.0
#include "parts.hpp"

#include "amounts.hpp"

#include <array>

namespace salespulse {

const value_figure* figure_of(const scorecard& card, value_basis basis) {
  for (const value_figure& f : card.value) {
    if (f.basis == basis) return &f;
  }
  return nullptr;
}

std::vector<wide> people_booked(const review& r, wide unit) {
  std::vector<wide> exact;
  for (const scorecard& c : r.salespeople) exact.push_back(c.booked.booked_ppm);
  return units_to_sum(exact, unit, nearest_units(r.firm.booked.booked_ppm, unit));
}

std::vector<wide> people_value(const review& r, value_basis basis, wide unit) {
  const value_figure* firm = figure_of(r.firm, basis);
  std::vector<double> exact;
  for (const scorecard& c : r.salespeople) {
    const value_figure* f = figure_of(c, basis);
    exact.push_back(f == nullptr ? 0 : f->parts.value / to_double(unit));
  }
  return rounded_to_sum(exact, firm == nullptr ? 0 : nearest(firm->parts.value / to_double(unit)));
}

std::vector<wide> product_booked(const review& r, wide unit) {
  std::vector<wide> exact;
  for (const group_row& p : r.products) exact.push_back(p.booked.booked_ppm);
  return units_to_sum(exact, unit, nearest_units(r.firm.booked.booked_ppm, unit));
}

rounded_bridge round_bridge(const appraisal& a, wide value, wide unit) {
  const wide listed = nearest(a.listed / to_double(unit));
  std::array<double, bridge_steps> exact = a.bridge;
  for (double& part : exact) part /= to_double(unit);
  return {listed, rounded_to_sum(exact, value - listed), value};
}

}  // namespace salespulse
