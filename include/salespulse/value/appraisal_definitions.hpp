// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_VALUE_APPRAISAL_DEFINITIONS_HPP
#define SALESPULSE_VALUE_APPRAISAL_DEFINITIONS_HPP

#include <salespulse/tally/tally.hpp>
#include <salespulse/value/appraisal.hpp>
#include <salespulse/value/detail/class_cache.hpp>

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

// See salespulse/definitions.hpp.
namespace salespulse {

namespace detail {

inline appraisal apply(const class_weights& w, bool list_known, const value_sums& sums,
                       share part) noexcept {
  const double fraction = static_cast<double>(part.ppm) / full_share.ppm;
  const double net = to_double(sums.net) * fraction;
  const double cost = to_double(sums.cost) * fraction;
  const double list = to_double(sums.list) * fraction;
  const double larger = to_double(sums.larger) * fraction;
  const double contribution = net * w.paid - cost;
  appraisal a;
  a.lines = static_cast<std::int64_t>(sums.count);
  a.booked = w.committed * net;
  a.value = w.value * contribution;
  for (std::size_t i = 0; i < a.at_usual.size(); ++i) a.at_usual[i] = w.at_usual[i] * contribution;
  a.listed = w.committed_before * (list_known ? list : net);
  a.beyond = (w.committed - w.committed_before) * (list_known ? list : net);
  for (std::size_t i = 0; i < bridge_steps; ++i) {
    a.bridge[i] = w.bridge[i].list * list + w.bridge[i].net * net + w.bridge[i].cost * cost;
  }
  if (list_known) {
    a.listed_lines = a.lines;
    a.kept = w.kept * contribution;
    a.kept_whole = w.kept_whole * (larger - cost);
    a.quality = w.quality * contribution;
    a.quality_whole = w.quality_whole * (larger - cost);
  }
  return a;
}

inline estimate ratio(double numerator, double denominator, std::int64_t n, provenance source,
                      std::string_view definition, std::string_view why_not) {
  if (!(denominator > 0)) return undefined(definition, why_not, n);
  estimate e;
  e.value = numerator / denominator;
  e.n = n;
  e.source = source;
  e.definition = definition;
  return e;
}

}  // namespace detail

appraisal& appraisal::operator+=(const appraisal& other) noexcept {
  lines += other.lines;
  booked += other.booked;
  value += other.value;
  for (std::size_t i = 0; i < at_usual.size(); ++i) at_usual[i] += other.at_usual[i];
  listed += other.listed;
  for (std::size_t i = 0; i < bridge.size(); ++i) bridge[i] += other.bridge[i];
  beyond += other.beyond;
  listed_lines += other.listed_lines;
  kept += other.kept;
  kept_whole += other.kept_whole;
  quality += other.quality;
  quality_whole += other.quality_whole;
  return *this;
}

std::vector<owner_value> appraise(const tally& values, const valuation& parameters) {
  if (values.layout() == tally_layout::lifetimes) {
    throw invalid_input("appraise: the tally is of layout lifetimes");
  }
  std::vector<owner_value> out;
  detail::class_cache classes(parameters);
  for (std::size_t row = 0; row < values.size(); ++row) {
    const value_key key = to_value_key(values.key(row));
    const value_sums sums = to_value_sums(values.sums(row));
    const class_weights& w = classes[key.of];
    if (out.empty() || out.back().owner != key.owner) {
      out.emplace_back();
      out.back().owner = key.owner;
    }
    owner_value& owner = out.back();
    if (w.why == refusal::none) {
      const bool first = owner.contribution.lines == 0 && owner.revenue.lines == 0;
      owner.source = first ? w.source : std::max(owner.source, w.source);
      (key.of.basis == value_basis::contribution ? owner.contribution : owner.revenue) +=
          detail::apply(w, key.of.list_known, sums, key.part);
      continue;
    }
    const auto same = [&](const refused_lines& r) {
      return std::tie(r.why, r.family, r.term_months, r.segment) ==
             std::tie(w.why, key.of.family, key.of.terms.term_months, key.of.segment);
    };
    auto known = std::find_if(owner.refused.begin(), owner.refused.end(), same);
    if (known == owner.refused.end()) {
      owner.refused.push_back(
          {w.why, key.of.family, key.of.terms.term_months, key.of.segment, 0, 0});
      known = owner.refused.end() - 1;
    }
    known->lines += static_cast<std::int64_t>(sums.count);
    known->booked += w.committed * to_double(sums.net) *
                     (static_cast<double>(key.part.ppm) / full_share.ppm);
  }
  return out;
}

result<appraisal> appraise(const value_class& of, const value_sums& sums,
                           const valuation& parameters, share part) {
  const class_weights w = parameters.weigh(of);
  if (w.why != refusal::none) return failure{std::string(to_string(w.why))};
  return detail::apply(w, of.list_known, sums, part);
}

estimate value_multiple(const appraisal& a, provenance source) {
  return detail::ratio(a.value, a.booked, a.lines, source, "sustainable value / booked amount",
                       "the booked amount is not positive");
}

estimate sustainability_ratio(const appraisal& a, provenance source) {
  return detail::ratio(a.kept, a.kept_whole, a.listed_lines, source,
                       "expected to be kept / margin at list price of the same business kept whole",
                       a.listed_lines == 0 ? "no list price is known"
                                           : "the margin at list price is not positive");
}

estimate booking_quality(const appraisal& a, provenance source) {
  return detail::ratio(a.quality, a.quality_whole, a.listed_lines, source,
                       "committed flows as agreed / their margin at list price",
                       a.listed_lines == 0 ? "no list price is known"
                                           : "the margin at list price is not positive");
}

}  // namespace salespulse
#endif
