// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/classification.hpp>

#include "sums.hpp"

#include <salespulse/core/result.hpp>
#include <salespulse/core/wide.hpp>
#include <salespulse/statistics/logistic.hpp>
#include <salespulse/statistics/rate.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace salespulse {

namespace {

// The cases with the same score.
struct score_group {
  double score;
  std::int64_t cases;
  std::int64_t events;
};

struct tally {
  status why;
  std::vector<score_group> groups;  // ascending
  std::int64_t cases = 0;
  std::int64_t events = 0;
};

tally tally_of(std::span<const forecast> cases, bool probabilities) {
  constexpr std::int64_t most = INT64_MAX / 2;  // twice a count must not overflow
  tally t;
  std::int64_t total = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const forecast& f = cases[i];
    const auto row = static_cast<std::int64_t>(i);
    if (!std::isfinite(f.probability))
      t.why = {condition::non_finite_input, row};
    else if (f.weight < 0 || f.weight > most - total)
      t.why = {condition::invalid_weight, row};
    else if (probabilities && !(f.probability >= 0 && f.probability <= 1))
      t.why = {condition::invalid_probability, row};
    if (!t.why.ok()) return t;
    total += f.weight;
    // 0 and -0 are one score.
    if (f.weight > 0) t.groups.push_back({f.probability + 0.0, f.weight, f.event ? f.weight : 0});
  }
  std::sort(t.groups.begin(), t.groups.end(),
            [](const score_group& a, const score_group& b) { return a.score < b.score; });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < t.groups.size(); ++i) {
    const score_group g = t.groups[i];
    t.cases += g.cases;
    t.events += g.events;
    if (kept > 0 && t.groups[kept - 1].score == g.score) {
      t.groups[kept - 1].cases += g.cases;
      t.groups[kept - 1].events += g.events;
    } else {
      t.groups[kept++] = g;
    }
  }
  t.groups.resize(kept);
  if (t.cases == 0) t.why = {condition::insufficient_data, -1};
  return t;
}

double real(std::int64_t x) { return static_cast<double>(x); }

}  // namespace

ranking_quality area_under_curve(std::span<const forecast> cases, confidence c) {
  ranking_quality q;
  const tally t = tally_of(cases, false);
  const std::int64_t others = t.cases - t.events;
  q.why = t.why;
  if (q.why.ok() && (t.events == 0 || others == 0)) q.why = {condition::one_class, -1};
  if (!q.why.ok()) {
    q.variance.why = q.range_why = q.why;
    return q;
  }
  // Twice the pairs won.
  wide won = 0;
  std::int64_t below = 0;
  for (const score_group& g : t.groups) {
    const std::int64_t here = g.cases - g.events;
    won += static_cast<wide>(g.events) * (2 * below + here);
    below += here;
  }
  const double m = real(t.events);
  const double n = real(others);
  const wide pairs = static_cast<wide>(t.events) * others;
  q.value = static_cast<double>(won) / (2 * static_cast<double>(pairs));
  if (t.events < 2 || others < 2) {
    q.variance.why = q.range_why = {condition::insufficient_data, -1};
    return q;
  }
  // A case's own share of the pairs it is in; the mean over either class is the value. All of it is
  // relative to twice the number of pairs, in integers, so that equal shares have no spread.
  running_sum of_events;
  running_sum of_others;
  below = 0;
  std::int64_t events_below = 0;
  for (const score_group& g : t.groups) {
    const std::int64_t here = g.cases - g.events;
    const wide event_share = static_cast<wide>(2 * below + here) * t.events - won;
    const wide other_share =
        static_cast<wide>(2 * (t.events - events_below - g.events) + g.events) * others - won;
    const double a = static_cast<double>(event_share) / (2 * m * n);
    const double b = static_cast<double>(other_share) / (2 * m * n);
    of_events.add(real(g.events) * a * a);
    of_others.add(real(here) * b * b);
    below += here;
    events_below += g.events;
  }
  const double variance = of_events.value() / (m - 1) / m + of_others.value() / (n - 1) / n;
  q.variance.value = variance;
  if (variance == 0) {
    q.range_why = {condition::degenerate, -1};
    return q;
  }
  const double half = c.z * std::sqrt(variance);
  q.range = {std::max(0.0, q.value - half), std::min(1.0, q.value + half), c.level};
  return q;
}

brier_parts brier(std::span<const forecast> cases, const brier_options& options) {
  brier_parts b;
  const tally t = tally_of(cases, true);
  b.why = b.skill.why = t.why;
  if (!t.why.ok()) return b;
  const double n = real(t.cases);
  const double rate = real(t.events) / n;
  running_sum score;
  running_sum reliability;
  running_sum resolution;
  running_sum variance;
  running_sum covariance;
  const auto bin_of = [bins = static_cast<double>(options.bins)](double p) {
    double bin = std::floor(p * bins);
    // The edges decide: 29 / 100 is 0.29, but 0.29 * 100 is below 29.
    if ((bin + 1) / bins <= p) {
      ++bin;
    } else if (bin / bins > p) {
      --bin;
    }
    return std::min(bin, bins - 1);
  };
  for (std::size_t first = 0; first < t.groups.size();) {
    std::size_t end = first + 1;
    while (options.bins > 0 && end < t.groups.size() &&
           bin_of(t.groups[end].score) == bin_of(t.groups[first].score)) {
      ++end;
    }
    std::int64_t held = 0;
    std::int64_t events = 0;
    running_sum said;
    for (std::size_t i = first; i < end; ++i) {
      const score_group& g = t.groups[i];
      held += g.cases;
      events += g.events;
      said.add(real(g.cases) * g.score);
    }
    const double size = real(held);
    const double came = real(events) / size;
    const double mean = end == first + 1 ? t.groups[first].score : said.value() / size;
    reliability.add(size * (mean - came) * (mean - came));
    resolution.add(size * (came - rate) * (came - rate));
    for (std::size_t i = first; i < end; ++i) {
      const score_group& g = t.groups[i];
      const double p = g.score;
      score.add(real(g.events) * (1 - p) * (1 - p) + real(g.cases - g.events) * p * p);
      variance.add(real(g.cases) * (p - mean) * (p - mean));
      covariance.add(2 * (p - mean) * (real(g.events) - real(g.cases) * came));
    }
    first = end;
  }
  b.score = score.value() / n;
  b.reliability = reliability.value() / n;
  b.resolution = resolution.value() / n;
  b.uncertainty = rate * (real(t.cases - t.events) / n);
  b.within_bin_variance = variance.value() / n;
  b.within_bin_covariance = covariance.value() / n;
  if (b.uncertainty > 0) {
    b.skill.value = 1 - b.score / b.uncertainty;
  } else {
    b.skill.why = {condition::one_class, -1};
  }
  return b;
}

logarithmic_loss log_loss(std::span<const forecast> cases, const log_loss_options& options) {
  if (!(options.clip >= 0 && options.clip < 0.5)) {
    throw invalid_input("log_loss: clip is not within [0, 1/2)");
  }
  logarithmic_loss l;
  l.clip = options.clip;
  const tally t = tally_of(cases, true);
  l.mean.why = t.why;
  if (!t.why.ok()) return l;
  running_sum sum;
  for (const score_group& g : t.groups) {
    const double p = std::clamp(g.score, options.clip, 1 - options.clip);
    const std::int64_t others = g.cases - g.events;
    // A clip that 1 - clip does not show still moves the probability 1.
    const bool moved = p != g.score || (p == 1 && options.clip > 0);
    if (moved) l.clipped += g.cases;
    if (!moved && ((p == 0 && g.events > 0) || (p == 1 && others > 0))) {
      const auto first = std::find_if(cases.begin(), cases.end(), [](const forecast& f) {
        return f.weight > 0 && f.probability == (f.event ? 0 : 1);
      });
      l.mean.why = {condition::nonpositive_value, first - cases.begin()};
      return l;
    }
    if (g.events > 0) sum.add(-real(g.events) * std::log(p));
    if (others > 0) sum.add(-real(others) * (p == 1 ? std::log(options.clip) : std::log1p(-p)));
  }
  l.mean.value = sum.value() / real(t.cases);
  return l;
}

calibration_line fit_calibration_line(std::span<const forecast> cases) {
  calibration_line line;
  const tally t = tally_of(cases, true);
  const auto fail = [&](status why) {
    line.why = why;
    if (!line.in_the_large.value) line.in_the_large.why = why;
    return line;
  };
  if (!t.why.ok()) return fail(t.why);
  const auto certain = std::find_if(cases.begin(), cases.end(), [](const forecast& f) {
    return f.weight > 0 && (f.probability == 0 || f.probability == 1);
  });
  if (certain != cases.end()) {
    return fail({condition::nonpositive_value, certain - cases.begin()});
  }
  if (t.events == 0 || t.events == t.cases) return fail({condition::one_class, -1});
  std::vector<double> log_odds;
  std::vector<std::int64_t> events;
  std::vector<std::int64_t> trials;
  for (const score_group& g : t.groups) {
    log_odds.push_back(std::log(g.score) - std::log1p(-g.score));
    events.push_back(g.events);
    trials.push_back(g.cases);
  }
  const std::size_t rows = events.size();
  const regression_fit level = fit_logistic(
      {.covariates = {{}, rows, 0}, .events = events, .trials = trials, .offset = log_odds});
  line.in_the_large.why = level.why;
  if (level.why.ok()) line.in_the_large.value = level.coefficients[0];
  if (rows < 2) return fail({condition::zero_variance, -1});
  const regression_fit fit =
      fit_logistic({.covariates = {log_odds, rows, 1}, .events = events, .trials = trials});
  if (!fit.why.ok()) {
    return fail(fit.why.what == condition::rank_deficient ? status{condition::zero_variance, -1}
                                                          : status{fit.why.what, -1});
  }
  line.intercept = fit.coefficients[0];
  line.slope = fit.coefficients[1];
  line.intercept_std_error = fit.std_errors[0];
  line.slope_std_error = fit.std_errors[1];
  return line;
}

calibration_test spiegelhalter_test(std::span<const forecast> cases) {
  calibration_test test;
  const tally t = tally_of(cases, true);
  test.why = t.why;
  if (!t.why.ok()) return test;
  running_sum excess;
  running_sum variance;
  for (const score_group& g : t.groups) {
    const double p = g.score;
    const double slope = 1 - 2 * p;
    excess.add((real(g.events) * (1 - p) - real(g.cases - g.events) * p) * slope);
    variance.add(real(g.cases) * slope * slope * p * (1 - p));
  }
  if (!(variance.value() > 0)) {
    test.why = {condition::zero_variance, -1};
    return test;
  }
  test.z = excess.value() / std::sqrt(variance.value());
  test.p_value = std::erfc(std::abs(test.z) / std::numbers::sqrt2);
  return test;
}

namespace {

// The quantile of type 7 of the cases: between order statistics by their distance.
double quantile(const tally& t, std::size_t part, std::size_t parts) {
  const double at = real(t.cases - 1) * (static_cast<double>(part) / static_cast<double>(parts));
  const double below = std::floor(at + 4e-16 * at);
  const auto index = static_cast<std::int64_t>(below);
  std::int64_t passed = 0;
  for (std::size_t i = 0; i < t.groups.size(); ++i) {
    passed += t.groups[i].cases;
    if (index >= passed) continue;
    const bool last_of_group = index + 1 == passed && i + 1 < t.groups.size();
    const double next = last_of_group ? t.groups[i + 1].score : t.groups[i].score;
    return t.groups[i].score + std::max(0.0, at - below) * (next - t.groups[i].score);
  }
  return t.groups.back().score;
}

}  // namespace

calibration_bins calibration_table(std::span<const forecast> cases,
                                   const calibration_table_options& options) {
  if (options.bins == 0) throw invalid_input("calibration_table: bins is 0");
  calibration_bins table;
  const tally t = tally_of(cases, true);
  table.why = table.chi_square.why = t.why;
  if (!t.why.ok()) return table;
  const bool by_count = options.kind == bin_kind::equal_count;
  std::vector<double> edges;
  for (std::size_t i = 0; i <= options.bins; ++i) {
    const double edge = by_count ? quantile(t, i, options.bins)
                                 : static_cast<double>(i) / static_cast<double>(options.bins);
    if (edges.empty() || edge > edges.back()) edges.push_back(edge);
  }
  if (edges.size() == 1) edges.push_back(edges.back());  // all probabilities are the same
  running_sum chi_square;
  std::size_t at = 0;
  for (std::size_t e = 0; e + 1 < edges.size(); ++e) {
    const bool last = e + 2 == edges.size();
    calibration_bin bin;
    bin.lower = edges[e];
    bin.upper = edges[e + 1];
    running_sum said;
    while (at < t.groups.size()) {
      const score_group& g = t.groups[at];
      if (!(last || (by_count ? g.score <= bin.upper : g.score < bin.upper))) break;
      bin.cases += g.cases;
      bin.events += g.events;
      said.add(real(g.cases) * g.score);
      ++at;
    }
    if (bin.cases == 0) continue;
    bin.mean_probability = said.value() / real(bin.cases);
    bin.rate = real(bin.events) / real(bin.cases);
    bin.range = wilson_interval(bin.events, bin.cases, options.level);
    const double expected = said.value();
    const double spread = expected * (1 - bin.mean_probability);
    const double part = (real(bin.events) - expected) * (real(bin.events) - expected) / spread;
    if (spread > 0 && std::isfinite(part)) {
      chi_square.add(part);
    } else {
      table.chi_square.why = {condition::zero_variance,
                              static_cast<std::int64_t>(table.bins.size())};
    }
    table.bins.push_back(bin);
  }
  if (table.chi_square.why.ok()) table.chi_square.value = chi_square.value();
  return table;
}

isotonic_calibration fit_isotonic(std::span<const forecast> cases) {
  isotonic_calibration fit;
  const tally t = tally_of(cases, true);
  fit.why = t.why;
  if (!t.why.ok()) return fit;
  for (const score_group& g : t.groups) {
    isotonic_step step{.lower = g.score, .upper = g.score, .cases = g.cases, .events = g.events};
    while (!fit.steps.empty()) {
      const isotonic_step& before = fit.steps.back();
      if (static_cast<wide>(before.events) * step.cases <
          static_cast<wide>(step.events) * before.cases) {
        break;
      }
      step.lower = before.lower;
      step.cases += before.cases;
      step.events += before.events;
      fit.steps.pop_back();
    }
    fit.steps.push_back(step);
  }
  for (isotonic_step& s : fit.steps) s.rate = real(s.events) / real(s.cases);
  return fit;
}

double calibrated(const isotonic_calibration& fit, double probability) {
  if (!fit.why.ok() || fit.steps.empty() || !(probability >= 0 && probability <= 1)) {
    throw invalid_input("calibrated: the fit is not ok, or the probability outside 0 to 1");
  }
  const auto after = std::upper_bound(fit.steps.begin(), fit.steps.end(), probability,
                                      [](double p, const isotonic_step& s) { return p < s.lower; });
  return after == fit.steps.begin() ? after->rate : std::prev(after)->rate;
}

}  // namespace salespulse
