// SPDX-License-Identifier: BSL-1.0
#include <salespulse/statistics/aalen_johansen.hpp>

#include "support/catch.hpp"
#include "support/reference.hpp"
#include <salespulse/core/random.hpp>
#include <salespulse/core/result.hpp>
#include <salespulse/statistics/kaplan_meier.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

using namespace salespulse;
using salespulse::test::accuracy;
using salespulse::test::available;
using salespulse::test::reference_table;

namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();

aalen_johansen fit(const std::vector<observation>& rows, std::int32_t causes,
                   incidence_variance variance = incidence_variance::infinitesimal_jackknife,
                   std::int32_t after = -1) {
  return aalen_johansen(rows, causes, {.after = after, .variance = variance});
}

std::string named(const char* what, std::int64_t tick) {
  std::string name = what;
  name.append(" at ").append(std::to_string(tick));
  return name;
}

// Months of mgus2_competing.csv; all of them or one sex.
std::vector<observation> mgus2(const reference_table& table, const std::string& sex) {
  std::vector<observation> rows;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    if (!sex.empty() && table.text(i, "sex") != sex) continue;
    rows.push_back({.exit = static_cast<std::int32_t>(table.integer(i, "etime")),
                    .cause = static_cast<std::int32_t>(table.integer(i, "ev"))});
  }
  return rows;
}

std::vector<observation> sales(const reference_table& table, const std::string& segment) {
  std::vector<observation> rows;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    if (!segment.empty() && table.text(i, "segment") != segment) continue;
    const std::string& outcome = table.text(i, "outcome");
    rows.push_back({.entry = static_cast<std::int32_t>(table.integer(i, "entry")),
                    .exit = static_cast<std::int32_t>(table.integer(i, "exit")),
                    .cause = outcome == "won"    ? 1
                             : outcome == "lost" ? 2
                                                 : 0});
  }
  return rows;
}

figure_with_error state(const aalen_johansen& f, const std::string& name, std::int32_t tick) {
  if (name == "(s0)") return f.survival(tick);
  return f.incidence(name == "pcm" || name == "won" || name == "advance" ? 1 : 2, tick);
}

// Rows of a table of R's survfit: probability, error, and where wanted the interval.
void compare_survfit(const aalen_johansen& f, const reference_table& table,
                     const std::vector<std::size_t>& rows, const std::string& error,
                     double ticks_per_unit, accuracy& values, accuracy& variances,
                     accuracy* bounds = nullptr) {
  REQUIRE(!rows.empty());
  for (const std::size_t i : rows) {
    const auto tick =
        static_cast<std::int32_t>(std::lround(table.number(i, "time") * ticks_per_unit));
    const figure_with_error at = state(f, table.text(i, "state"), tick);
    REQUIRE(at.value.has_value());
    CHECK(values.error(*at.value, table.number(i, "pstate"), named("pstate", tick)) <= 1e-13);
    const double se = table.number(i, error);
    CHECK(variances.error(*at.std_error * *at.std_error, se * se, named("variance", tick)) <=
          1e-11);
    if (bounds == nullptr || table.text(i, "lower") == "NA") continue;
    const auto range = probability_interval(at, confidence_95);
    REQUIRE(range.has_value());
    CHECK(bounds->error(range->lower, table.number(i, "lower"), named("lower", tick)) <= 1e-11);
    CHECK(bounds->error(range->upper, table.number(i, "upper"), named("upper", tick)) <= 1e-11);
  }
}

struct direct_curve {
  std::vector<double> value;  // S, F_1, ...
  std::vector<double> jackknife;
};

// The definition: the influence of each subject carried along from tick to tick.
direct_curve direct(const std::vector<observation>& rows, std::size_t causes, std::int32_t after,
                    std::int32_t until) {
  std::vector<double> p(causes + 1);
  p[0] = 1;
  std::vector<std::vector<double>> influence(rows.size(), std::vector<double>(causes + 1));
  for (std::int32_t t = std::max(after + 1, 0); t <= until; ++t) {
    const auto at_risk = [t](const observation& o) {
      return o.weight > 0 && (o.entry < t || (o.entry == 0 && t == 0)) && t <= o.exit;
    };
    double n = 0;
    std::vector<double> h(causes + 1);
    for (const observation& o : rows) {
      if (!at_risk(o)) continue;
      n += static_cast<double>(o.weight);
      if (o.exit == t && o.cause > 0) {
        h[static_cast<std::size_t>(o.cause)] += static_cast<double>(o.weight);
      }
    }
    if (n == 0) continue;
    for (std::size_t k = 1; k <= causes; ++k) h[0] += h[k] /= n;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      std::vector<double>& v = influence[i];
      for (std::size_t k = 1; k <= causes; ++k) v[k] += h[k] * v[0];
      v[0] *= 1 - h[0];
      if (!at_risk(rows[i])) continue;
      for (std::size_t k = 1; k <= causes; ++k) {
        const bool event = rows[i].exit == t && rows[i].cause == static_cast<std::int32_t>(k);
        const double g = p[0] / n * ((event ? 1.0 : 0.0) - h[k]);
        v[k] += g;
        v[0] -= g;
      }
    }
    for (std::size_t k = 1; k <= causes; ++k) p[k] += p[0] * h[k];
    p[0] *= 1 - h[0];
  }
  direct_curve c{p, std::vector<double>(causes + 1)};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t k = 0; k <= causes; ++k) {
      c.jackknife[k] += static_cast<double>(rows[i].weight) * influence[i][k] * influence[i][k];
    }
  }
  for (double& v : c.jackknife) v = std::sqrt(v);
  return c;
}

rc::Gen<std::vector<observation>> any_rows(std::int32_t causes, bool late) {
  return rc::gen::nonEmpty(rc::gen::container<std::vector<observation>>(rc::gen::exec([=] {
    const std::int32_t entry = late ? *rc::gen::inRange(0, 12) : 0;
    const std::int32_t exit = entry + *rc::gen::inRange(1, 15);
    return observation{entry, exit, *rc::gen::inRange(0, causes + 1), *rc::gen::inRange(1, 4)};
  })));
}

bool same_bits(const aalen_johansen& a, const aalen_johansen& b) {
  const auto same_step = [](const aalen_johansen::step& x, const aalen_johansen::step& y) {
    return x.tick == y.tick && x.at_risk == y.at_risk && x.events == y.events &&
           x.survival == y.survival && x.std_error == y.std_error;
  };
  const auto same_cause = [](const aalen_johansen::cause_step& x,
                             const aalen_johansen::cause_step& y) {
    return x.events == y.events && x.incidence == y.incidence && x.std_error == y.std_error &&
           x.hazard == y.hazard && x.hazard_std_error == y.hazard_std_error;
  };
  if (!std::ranges::equal(a.steps(), b.steps(), same_step)) return false;
  for (std::int32_t k = 1; k <= a.causes(); ++k) {
    if (!std::ranges::equal(a.cause_steps(k), b.cause_steps(k), same_cause)) return false;
  }
  return a.why() == b.why();
}

}  // namespace

TEST_CASE("curves, jackknife errors and intervals are those of R survfit") {
  const char* file = "reference/statistics/aj_mgus2_survfit.csv";
  const reference_table table(file);
  const reference_table input("reference/statistics/inputs/mgus2_competing.csv");
  if (!available(table, file)) return;
  accuracy values(file);
  accuracy variances(file);
  accuracy bounds(file);
  for (const char* strata : {"all", "sex=F", "sex=M"}) {
    const std::string sex = strata[0] == 'a' ? "" : std::string(1, strata[4]);
    compare_survfit(fit(mgus2(input, sex), 2), table, table.where({{"strata", strata}}), "se_ij", 1,
                    values, variances, &bounds);
  }
}

TEST_CASE("under late entry the jackknife errors are those of R survfit") {
  const char* file = "reference/statistics/aj_left_truncated_survfit.csv";
  const reference_table table(file);
  const reference_table input("reference/statistics/inputs/mgus2_competing_age60.csv");
  if (!available(table, file)) return;
  std::vector<observation> rows;
  for (std::size_t i = 0; i < input.rows(); ++i) {
    rows.push_back({static_cast<std::int32_t>(std::lround(12 * input.number(i, "entry"))),
                    static_cast<std::int32_t>(std::lround(12 * input.number(i, "exit"))),
                    static_cast<std::int32_t>(input.integer(i, "ev"))});
  }
  accuracy values(file);
  accuracy variances(file);
  compare_survfit(fit(rows, 2), table, table.where({}), "se_ij", 12, values, variances);
}

TEST_CASE("under late entry the Greenwood errors are those of R etm") {
  const char* file = "reference/statistics/aj_left_truncated_etm.csv";
  const reference_table table(file);
  const reference_table input("reference/statistics/inputs/mgus2_competing_age60.csv");
  if (!available(table, file)) return;
  // The reference takes ages as they are, so that 88.25 and 88.250000001 are two times: number the
  // distinct doubles.
  std::map<double, std::int32_t> number;
  for (std::size_t i = 0; i < input.rows(); ++i) {
    number[input.number(i, "entry")] = 0;
    number[input.number(i, "exit")] = 0;
  }
  std::int32_t next = 0;
  for (auto& [time, tick] : number) tick = next++;
  std::vector<observation> rows;
  for (std::size_t i = 0; i < input.rows(); ++i) {
    rows.push_back({number.at(input.number(i, "entry")), number.at(input.number(i, "exit")),
                    static_cast<std::int32_t>(input.integer(i, "ev"))});
  }
  const aalen_johansen f = fit(rows, 2, incidence_variance::greenwood);
  accuracy values(file);
  accuracy variances(file);
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const std::string& transition = table.text(i, "transition");
    const std::int32_t tick = number.at(table.number(i, "time"));
    const figure_with_error at =
        transition == "0 0" ? f.survival(tick) : f.incidence(transition == "0 1" ? 1 : 2, tick);
    CHECK(values.error(*at.value, table.number(i, "P"), named("P", tick)) <= 1e-13);
    CHECK(variances.error(*at.std_error * *at.std_error, table.number(i, "var"),
                          named("var", tick)) <= 1e-11);
  }
}

TEST_CASE("without late entry the Greenwood errors are those of R etm") {
  const char* file = "reference/statistics/aj_mgus2_all_etm_greenwood.csv";
  const reference_table table(file);
  const reference_table input("reference/statistics/inputs/mgus2_competing.csv");
  if (!available(table, file)) return;
  const aalen_johansen f = fit(mgus2(input, ""), 2, incidence_variance::greenwood);
  accuracy values(file);
  accuracy variances(file);
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const std::string& transition = table.text(i, "transition");
    const auto tick = static_cast<std::int32_t>(table.integer(i, "time"));
    const figure_with_error at =
        transition == "0 0" ? f.survival(tick) : f.incidence(transition == "0 1" ? 1 : 2, tick);
    CHECK(values.error(*at.value, table.number(i, "P"), named("P", tick)) <= 1e-13);
    CHECK(variances.error(*at.std_error * *at.std_error, table.number(i, "var"),
                          named("var", tick)) <= 1e-11);
  }
}

TEST_CASE("the Aalen errors are those of R cmprsk") {
  const reference_table input("reference/statistics/inputs/mgus2_competing.csv");
  for (const char* file : {"reference/statistics/aj_mgus2_all_cuminc_cmprsk.csv",
                           "reference/statistics/aj_mgus2_cuminc_cmprsk.csv"}) {
    const reference_table table(file);
    if (!available(table, file)) return;
    accuracy values(file);
    accuracy variances(file);
    for (std::size_t i = 0; i < table.rows(); ++i) {
      const std::string& curve = table.text(i, "curve");
      static std::map<char, aalen_johansen> fits;
      const char sex = curve[0];
      if (!fits.contains(sex)) {
        fits.emplace(sex, fit(mgus2(input, sex == '1' ? std::string() : std::string(1, sex)), 2,
                              incidence_variance::aalen));
      }
      const auto tick = static_cast<std::int32_t>(table.integer(i, "time"));
      const figure_with_error at = fits.at(sex).incidence(curve[2] - '0', tick);
      CHECK(values.error(*at.value, table.number(i, "est"), named("est", tick)) <= 1e-13);
      CHECK(variances.error(*at.std_error * *at.std_error, table.number(i, "var"),
                            named("var", tick)) <= 1e-11);
    }
  }
}

TEST_CASE("cause-specific cumulative hazards are those of R") {
  const char* file = "reference/statistics/aj_mgus2_cumhaz_cause_specific.csv";
  const reference_table table(file);
  const reference_table input("reference/statistics/inputs/mgus2_competing.csv");
  if (!available(table, file)) return;
  accuracy values(file);
  std::size_t compared = 0;
  for (const char* strata : {"all", "sex=F", "sex=M"}) {
    const std::string sex = strata[0] == 'a' ? "" : std::string(1, strata[4]);
    const aalen_johansen f = fit(mgus2(input, sex), 2);
    for (const std::size_t i : table.where({{"strata", strata}})) {
      const auto steps = f.steps();
      const auto at = std::find_if(steps.begin(), steps.end(), [&](const auto& s) {
        return s.tick == table.integer(i, "time");
      });
      if (at == steps.end()) continue;
      const auto& cause = f.cause_steps(static_cast<std::int32_t>(
          table.integer(i, "cause")))[static_cast<std::size_t>(at - steps.begin())];
      CHECK(at->at_risk == table.integer(i, "n_risk"));
      CHECK(cause.events == table.integer(i, "n_event"));
      const std::string where = named("hazard", at->tick);
      CHECK(values.error(cause.hazard, table.number(i, "cumhaz"), where) <= 1e-13);
      CHECK(values.error(cause.hazard_std_error, table.number(i, "se_chaz"), where) <= 1e-13);
      ++compared;
    }
  }
  CHECK(compared > 1000);
}

TEST_CASE("late entry in whole days agrees with R survfit, in all and by segment") {
  const char* file = "reference/statistics/sales_aj_won_lost.csv";
  const reference_table table(file);
  const reference_table input("reference/statistics/inputs/sales_competing.csv");
  if (!available(table, file)) return;
  accuracy values(file);
  accuracy variances(file);
  for (const char* strata : {"all", "segment=smb", "segment=mid", "segment=ent"}) {
    const std::string name = strata;
    const std::string segment = name == "all" ? "" : name.substr(name.find('=') + 1);
    compare_survfit(fit(sales(input, segment), 2), table, table.where({{"strata", strata}}), "se",
                    1, values, variances);
  }
}

TEST_CASE("conditional incidence given no event up to an age agrees with R survfit") {
  const char* file = "reference/statistics/sales_scalars.csv";
  const reference_table table(file);
  const reference_table input("reference/statistics/inputs/sales_competing.csv");
  if (!available(table, file)) return;
  const std::vector<observation> rows = sales(input, "");
  const aalen_johansen f = fit(rows, 2);
  accuracy values(file);
  // The reference leaves the events on the day itself in, hence a day less and a day more.
  for (const std::int32_t day : {0, 30, 60, 90, 120}) {
    const std::int32_t age = day - 1;
    const aalen_johansen from_age = fit(rows, 2, incidence_variance::infinitesimal_jackknife, age);
    for (const std::int32_t days : {30, 60, 90, 365}) {
      const std::int32_t horizon = days + 1;
      const std::string open = "open_at_" + std::to_string(day);
      std::string by = "P(state by +";
      by.append(std::to_string(days)).append("d)");
      const figure_with_error none = f.conditional_survival(age, horizon);
      const figure_with_error won = f.conditional_incidence(1, age, horizon);
      const figure_with_error lost = f.conditional_incidence(2, age, horizon);
      const auto value = [&](const char* state) {
        return table.value({{"case", open}, {"quantity", by}, {"index", state}});
      };
      CHECK(values.error(*none.value, value("(s0)"), open) <= 1e-13);
      CHECK(values.error(*won.value, value("won"), open) <= 1e-13);
      CHECK(values.error(*lost.value, value("lost"), open) <= 1e-13);
      // The same to the bit as an estimate that begins there.
      CHECK(*won.value == *from_age.incidence(1, age + horizon).value);
      CHECK(*won.std_error == *from_age.incidence(1, age + horizon).std_error);
      CHECK(*none.std_error == *from_age.survival(age + horizon).std_error);
    }
  }
}

TEST_CASE("restricted mean times agree with R") {
  const char* file = "reference/statistics/competing_risks_scalars.csv";
  const reference_table table(file);
  const reference_table input("reference/statistics/inputs/mgus2_competing.csv");
  if (!available(table, file)) return;
  accuracy values(file);
  for (const char* sex : {"", "F", "M"}) {
    const aalen_johansen f = fit(mgus2(input, sex), 2);
    std::string stratum = sex;
    if (!stratum.empty()) stratum = std::string("sex=").append(sex).append(", ");
    for (const std::int32_t until : {120, 240}) {
      const std::string quantity = "rmts_tau" + std::to_string(until);
      const auto value = [&](const char* state) {
        return table.value({{"case", stratum.empty() ? "mgus2_all" : "mgus2_sex"},
                            {"quantity", quantity},
                            {"index", stratum + state + "|rmean"}});
      };
      CHECK(values.error(*f.time_without_event(until).value, value("(s0)")) <= 1e-13);
      CHECK(values.error(*f.time_after_event(1, until).value, value("pcm")) <= 1e-13);
      CHECK(values.error(*f.time_after_event(2, until).value, value("death")) <= 1e-13);
    }
  }
}

TEST_CASE("probabilities sum to one and never fall or rise the wrong way") {
  CHECK(rc::check("sum and order", [] {
    const auto rows = *any_rows(3, true);
    const aalen_johansen f = fit(rows, 3);
    RC_ASSERT(f.follow_up() > 0);
    double last_survival = 1;
    std::vector<double> last(3);
    for (std::size_t j = 0; j < f.steps().size(); ++j) {
      double sum = f.steps()[j].survival;
      RC_ASSERT(sum <= last_survival && sum >= 0);
      last_survival = sum;
      for (std::int32_t k = 1; k <= 3; ++k) {
        const double incidence = f.cause_steps(k)[j].incidence;
        double& before = last[static_cast<std::size_t>(k) - 1];
        RC_ASSERT(incidence >= before && incidence <= 1);
        before = incidence;
        sum += incidence;
      }
      RC_ASSERT(std::abs(sum - 1) <= 4 * epsilon);
    }
  }));
  std::vector<observation> many;
  random_stream draws(7, 1);
  for (std::int32_t i = 0; i < 60000; ++i) {
    many.push_back({.exit = static_cast<std::int32_t>(draws.below(1000000)) + 1,
                    .cause = static_cast<std::int32_t>(draws.below(3))});
  }
  const aalen_johansen f = fit(many, 2);
  REQUIRE(f.steps().size() > 30000);
  double worst = 0;
  for (std::size_t j = 0; j < f.steps().size(); ++j) {
    worst = std::max(worst, std::abs(f.steps()[j].survival + f.cause_steps(1)[j].incidence +
                                     f.cause_steps(2)[j].incidence - 1));
  }
  CHECK(worst <= 2 * epsilon);
}

TEST_CASE("the errors summed by steps are those summed by subjects") {
  CHECK(rc::check("jackknife", [] {
    const auto rows = *any_rows(2, true);
    const std::int32_t after = *rc::gen::inRange(-1, 10);
    const aalen_johansen f = fit(rows, 2, incidence_variance::infinitesimal_jackknife, after);
    const std::int32_t until = after + *rc::gen::inRange(1, 20);
    const direct_curve c = direct(rows, 2, after, until);
    if (f.follow_up() < 0) return;
    const auto close = [](double x, double y) { return std::abs(x - y) <= 1e-12; };
    RC_ASSERT(close(*f.survival(until).value, c.value[0]));
    RC_ASSERT(close(*f.survival(until).std_error, c.jackknife[0]));
    for (std::int32_t k = 1; k <= 2; ++k) {
      RC_ASSERT(close(*f.incidence(k, until).value, c.value[static_cast<std::size_t>(k)]));
      RC_ASSERT(close(*f.incidence(k, until).std_error, c.jackknife[static_cast<std::size_t>(k)]));
    }
  }));
}

TEST_CASE("without late entry the jackknife is Greenwood's formula to the bit") {
  CHECK(rc::check("equal", [] {
    const auto rows = *any_rows(3, false);
    RC_ASSERT(same_bits(fit(rows, 3), fit(rows, 3, incidence_variance::greenwood)));
  }));
}

TEST_CASE("with one cause the survival is the product-limit curve") {
  CHECK(rc::check("Kaplan-Meier", [] {
    const auto rows = *any_rows(1, true);
    const aalen_johansen f = fit(rows, 1, incidence_variance::greenwood);
    const kaplan_meier curve(rows);
    for (std::int32_t t = 0; t < 30; ++t) {
      RC_ASSERT(*f.survival(t).value == *curve.survival(t).value);
      RC_ASSERT(std::abs(*f.incidence(1, t).value - (1 - *curve.survival(t).value)) <= epsilon);
    }
    for (const auto& s : f.steps()) {
      const auto same = std::ranges::find(curve.steps(), s.tick, &kaplan_meier::step::tick);
      RC_ASSERT(std::abs(s.std_error * s.std_error - same->variance) <= 1e-15);
    }
  }));
}

TEST_CASE("a gap in the watching keeps the curves flat and is told") {
  const std::vector<observation> rows{{0, 2, 1}, {0, 3, 0}, {5, 8, 2}, {5, 9, 0}};
  const aalen_johansen f = fit(rows, 2);
  REQUIRE(f.gaps().size() == 1);
  CHECK(f.gaps()[0].first == 4);
  CHECK(f.gaps()[0].last == 5);
  CHECK(*f.survival(5).value == 0.5);
  CHECK(*f.incidence(2, 8).value == 0.25);
  CHECK(fit(rows, 2, incidence_variance::none, 2).gaps().size() == 1);
  CHECK(fit(rows, 2, incidence_variance::none, 3).gaps().empty());
  CHECK(fit(rows, 2, incidence_variance::none, 4).gaps().empty());
}

TEST_CASE("with one cause the error of the incidence is that of the survival") {
  CHECK(rc::check("one cause", [] {
    const auto rows = *any_rows(1, true);
    const aalen_johansen f = fit(rows, 1);
    for (std::size_t j = 0; j < f.steps().size(); ++j) {
      const double v = f.steps()[j].std_error * f.steps()[j].std_error;
      const double w = f.cause_steps(1)[j].std_error * f.cause_steps(1)[j].std_error;
      RC_ASSERT(std::abs(v - w) <= 1e-14);
    }
  }));
}

TEST_CASE("neither the order of the rows nor weights for repeated rows change a bit") {
  CHECK(rc::check("order", [] {
    const auto rows = *any_rows(2, true);
    std::vector<observation> apart;
    for (const observation& o : rows) {
      for (std::int64_t i = 0; i < o.weight; ++i) {
        apart.push_back({o.entry, o.exit, o.cause, 1});
      }
    }
    std::ranges::reverse(apart);
    RC_ASSERT(same_bits(fit(rows, 2), fit(apart, 2)));
    const auto cut = static_cast<std::ptrdiff_t>(*rc::gen::inRange<std::size_t>(0, rows.size()));
    std::vector<observation> turned(rows.begin() + cut, rows.end());
    turned.insert(turned.end(), rows.begin(), rows.begin() + cut);
    turned.push_back({-5, -9, 77, 0});  // weight 0: not looked at
    RC_ASSERT(same_bits(fit(rows, 2), fit(turned, 2)));
  }));
}

TEST_CASE("the unit of time does not matter") {
  CHECK(rc::check("unit", [] {
    const auto rows = *any_rows(2, true);
    auto hours = rows;
    for (observation& o : hours) {
      o.entry *= 86400;
      o.exit *= 86400;
    }
    const aalen_johansen a = fit(rows, 2);
    const aalen_johansen b = fit(hours, 2);
    RC_ASSERT(a.steps().size() == b.steps().size());
    for (std::size_t j = 0; j < a.steps().size(); ++j) {
      RC_ASSERT(a.steps()[j].std_error == b.steps()[j].std_error);
      RC_ASSERT(a.cause_steps(2)[j].incidence == b.cause_steps(2)[j].incidence);
      RC_ASSERT(a.cause_steps(2)[j].std_error == b.cause_steps(2)[j].std_error);
    }
  }));
}

TEST_CASE("events of two causes on one day are taken from the same survival") {
  // K12. Of 4 at risk 1 has each of the events on day 1; of the 2 that remain, again on day 2.
  const aalen_johansen f = fit({{0, 1, 1}, {0, 1, 2}, {0, 2, 2}, {0, 2, 1}}, 2);
  CHECK(*f.incidence(1, 1).value == 0.25);
  CHECK(*f.incidence(2, 1).value == 0.25);
  CHECK(*f.survival(1).value == 0.5);
  CHECK(*f.incidence(1, 2).value == 0.5);
  CHECK(*f.incidence(2, 2).value == 0.5);
  CHECK(*f.survival(2).value == 0);
  CHECK(*f.survival(2).std_error == 0);
  CHECK(std::abs(*f.incidence(1, 2).std_error - 0.25) <= epsilon);  // of a share of 4: 1/4
}

TEST_CASE("a cause that was not observed has incidence 0 and the other one minus survival") {
  // K13.
  CHECK(rc::check("one observed", [] {
    const auto rows = *any_rows(1, true);
    const aalen_johansen f = fit(rows, 2);
    for (std::size_t j = 0; j < f.steps().size(); ++j) {
      RC_ASSERT(f.cause_steps(2)[j].incidence == 0);
      RC_ASSERT(f.cause_steps(2)[j].std_error == 0);
      const double rest = 1 - f.steps()[j].survival;
      RC_ASSERT(std::abs(f.cause_steps(1)[j].incidence - rest) <= epsilon);
    }
  }));
}

TEST_CASE("a coarser grid reads the same curve") {
  // K14.
  const aalen_johansen f = fit({{0, 3, 1}, {0, 5, 2}, {0, 5, 0}, {0, 8, 1}}, 2);
  CHECK(*f.incidence(1, 7).value == *f.incidence(1, 3).value);
  CHECK(*f.incidence(2, 7).value == *f.incidence(2, 5).value);
  CHECK(*f.incidence(1, 2).value == 0);
  CHECK(*f.incidence(1, 2).std_error == 0);
  CHECK(f.incidence(1, 8).why.ok());
}

TEST_CASE("events at tick 0 and data without events are curves like others") {
  const aalen_johansen zero = fit({{0, 0, 1}, {0, 1, 2}}, 2);
  CHECK(*zero.incidence(1, 0).value == 0.5);
  CHECK(*zero.conditional_incidence(2, 0, 1).value == 1);
  const aalen_johansen none = fit({{0, 4, 0}, {1, 9, 0}}, 2);
  CHECK(none.why().ok());
  CHECK(none.steps().empty());
  CHECK(*none.survival(9).value == 1);
  CHECK(*none.survival(9).std_error == 0);
  CHECK(*none.time_without_event(9).value == 9);
  CHECK_FALSE(probability_interval(none.incidence(1, 9), confidence_95).has_value());
}

TEST_CASE("beyond the follow-up the last value carries a warning unless all has happened") {
  const aalen_johansen f = fit({{0, 3, 1}, {0, 6, 0}}, 2);
  CHECK(f.follow_up() == 6);
  CHECK(f.incidence(1, 6).why.ok());
  CHECK(f.incidence(1, 7).why == status{condition::beyond_follow_up, 6});
  CHECK(*f.incidence(1, 7).value == 0.5);
  CHECK(f.time_without_event(8).why.what == condition::beyond_follow_up);
  CHECK(f.conditional_incidence(1, 2, 5).why.what == condition::beyond_follow_up);
  CHECK(fit({{0, 3, 1}, {0, 6, 2}}, 2).incidence(1, 70).why.ok());
  CHECK(*f.survival(std::numeric_limits<std::int32_t>::max()).value == 0.5);
  const auto far = f.conditional_survival(1, std::numeric_limits<std::int32_t>::max());
  CHECK(*far.value == 0.5);
}

TEST_CASE("a curve that died before others came says so and can be begun later") {
  const std::vector<observation> rows{{0, 1, 1}, {2, 5, 1}, {2, 6, 2}};
  const aalen_johansen f = fit(rows, 2);
  CHECK(f.why() == status{condition::early_empty_risk_set, 1});
  CHECK(*f.survival(6).value == 0);
  CHECK(f.survival(1).why.ok());
  CHECK(f.survival(6).why == status{condition::early_empty_risk_set, 1});
  CHECK(*f.conditional_incidence(1, 1, 10).value == 0.5);
  CHECK(f.conditional_incidence(1, 1, 10).why.ok());
  CHECK(f.conditional_incidence(1, 0, 10).why == status{condition::early_empty_risk_set, 1});
  CHECK(*fit(rows, 2, incidence_variance::greenwood, 1).incidence(2, 6).value == 0.5);
}

TEST_CASE("bad rows are named and give no figures") {
  struct bad {
    observation row;
    condition what;
  };
  for (const bad& b :
       {bad{{-1, 4, 1}, condition::negative_time}, bad{{4, 4, 1}, condition::entry_not_before_exit},
        bad{{0, 4, 3}, condition::unknown_state}, bad{{0, 4, -1}, condition::unknown_state},
        bad{{0, 4, 1, -2}, condition::invalid_weight}}) {
    const aalen_johansen f = fit({{0, 3, 1}, b.row}, 2);
    CHECK(f.why() == status{b.what, 1});
    CHECK(f.steps().empty());
    CHECK(f.cause_steps(2).empty());
    CHECK_FALSE(f.survival(3).value.has_value());
    CHECK_FALSE(f.incidence(1, 3).value.has_value());
    CHECK(f.incidence(1, 3).why == f.why());
    CHECK_FALSE(f.conditional_incidence(1, 0, 3).value.has_value());
    CHECK_FALSE(f.time_after_event(1, 3).value.has_value());
  }
  CHECK(fit({}, 1).why().what == condition::insufficient_data);
  CHECK(fit({{0, 3, 1, 0}}, 1).why().what == condition::invalid_weight);
  const aalen_johansen over = fit({{0, 3, 1}}, 1, incidence_variance::greenwood, 3);
  CHECK(over.why() == status{condition::empty_risk_set, 3});
  CHECK(fit({{0, 3, 1}}, 1).conditional_incidence(1, 3, 1).why.what == condition::empty_risk_set);
}

TEST_CASE("a cause, horizon or age that cannot be asked for is thrown") {
  const aalen_johansen f = fit({{0, 3, 1}, {0, 6, 0}}, 2, incidence_variance::none, 1);
  CHECK_THROWS_AS(f.incidence(0, 3), invalid_input);
  CHECK_THROWS_AS(f.cause_steps(3), invalid_input);
  CHECK_THROWS_AS(f.conditional_incidence(1, 2, -1), invalid_input);
  CHECK_THROWS_AS(f.conditional_survival(0, 4), invalid_input);
  CHECK_THROWS_AS(f.time_without_event(0), invalid_input);
  CHECK_THROWS_AS(fit({}, 0), invalid_input);
  CHECK_FALSE(f.incidence(1, 3).std_error.has_value());
}

TEST_CASE("large weights keep their digits") {
  const std::int64_t billion = 1000000000;
  const aalen_johansen f =
      fit({{0, 1, 1, billion}, {0, 1, 2, billion}, {0, 2, 0, 2 * billion}, {1, 2, 1, billion}}, 2);
  CHECK(*f.incidence(1, 1).value == 0.25);
  CHECK(std::abs(*f.incidence(1, 2).value - (0.25 + 0.5 / 3)) <= epsilon);
  const double exact = 0.25 * 0.75 / (4 * static_cast<double>(billion));
  CHECK(std::abs(f.cause_steps(1)[0].std_error * f.cause_steps(1)[0].std_error / exact - 1) <
        1e-15);
}

TEST_CASE("intervals stay within 0 and 1 and hold the estimate") {
  const aalen_johansen f = fit({{0, 1, 1}, {0, 2, 2}, {0, 3, 1}, {0, 4, 0}}, 2);
  for (const incidence_scale scale :
       {incidence_scale::plain, incidence_scale::log, incidence_scale::complementary_log_log}) {
    for (const std::int32_t tick : {1, 2, 3}) {
      const figure_with_error p = f.incidence(1, tick);
      const auto range = probability_interval(p, confidence_90, scale);
      REQUIRE(range.has_value());
      CHECK(range->lower >= 0);
      CHECK(range->upper <= 1);
      CHECK(range->lower < *p.value);
      CHECK(range->upper > *p.value);
      CHECK(range->level == 0.90);
    }
  }
  CHECK_FALSE(
      probability_interval({1.0, 0.1, {}}, confidence_90, incidence_scale::complementary_log_log));
  CHECK_FALSE(probability_interval({0.0, 0.1, {}}, confidence_90));
  CHECK_FALSE(probability_interval({0.5, {}, {}}, confidence_90));
}

TEST_CASE("intervals hold the true incidence as often as they say") {
  // Constant hazards 0.02 and 0.03 a tick, entry up to tick 20, watched until tick 60 at most.
  const double stay = 0.95;
  const double truth = 0.02 / 0.05 * (1 - std::pow(stay, 40));
  for (const incidence_variance variance :
       {incidence_variance::infinitesimal_jackknife, incidence_variance::greenwood,
        incidence_variance::aalen}) {
    int covered = 0;
    constexpr int runs = 400;
    for (int run = 0; run < runs; ++run) {
      random_stream draws(20240, static_cast<std::uint64_t>(run));
      std::vector<observation> rows;
      while (rows.size() < 150) {
        const auto entry = static_cast<std::int32_t>(draws.below(2) * draws.below(21));
        const auto end = 30 + static_cast<std::int32_t>(draws.below(31));
        std::int32_t t = 0;
        std::int32_t cause = 0;
        while (cause == 0 && t < end) {
          ++t;
          const double u = draws.uniform();
          cause = u < 0.02 ? 1 : u < 0.05 ? 2 : 0;
        }
        if (t > entry) rows.push_back({entry, t, cause});
      }
      const auto range =
          probability_interval(fit(rows, 2, variance).incidence(1, 40), confidence_90);
      covered += range && range->lower <= truth && truth <= range->upper;
    }
    // Binomial(400, 0.9): outside 339 ... 379 with probability 0.001.
    CHECK(covered >= 339);
    CHECK(covered <= 379);
  }
}
