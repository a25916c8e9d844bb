// SPDX-License-Identifier: BSL-1.0
//
// Writes a sales organisation that never was, as a CRM would export it, with the truth beside it.
//
//     simulate --deals 1000 --seed 1 --out some/folder
#include "activities.hpp"
#include "after_close.hpp"
#include "codes.hpp"
#include "deals.hpp"
#include "world.hpp"
#include "writer.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace sim = salespulse::simulator;

namespace {

void simulate(const sim::options& asked, const std::string& folder) {
  const sim::world w = sim::make_world(asked);
  sim::organisation_writer out(w, folder);
  out.write_world();

  sim::deal_story story;
  sim::aftermath after;
  std::vector<sim::touch> touches;
  const auto deals = static_cast<std::uint32_t>(asked.deals);
  for (std::uint32_t i = 0; i < deals; ++i) {
    sim::tell_deal(w, i, story);
    sim::tell_aftermath(w, story, after);
    out.write(story, after);
    if (asked.lean) continue;
    sim::tell_touches(w, story, touches);
    for (std::uint32_t n = 0; n < touches.size(); ++n) {
      out.write(sim::part_code('A', i, n), touches[n]);
    }
    if (i % 5 == 0) out.write(sim::code('B', i / 5, 8), sim::tell_prospecting(w, i / 5));
  }

  for (const sim::csv_file& file : out.finish()) {
    std::printf("%-22s %12lld rows %15lld bytes\n", file.name.c_str(),
                static_cast<long long>(file.rows), static_cast<long long>(file.bytes));
  }
}

}  // namespace

int main(int argc, char** argv) {
  sim::options asked;
  std::string folder;
  std::string start;
  CLI::App app{"Writes a simulated sales organisation as canonical CSV, with the truth beside it."};
  app.add_option("--deals", asked.deals, "number of deals")
      ->check(CLI::Range(1, 39'999'999))
      ->capture_default_str();
  app.add_option("--seed", asked.seed, "the same seed gives the same bytes")->capture_default_str();
  app.add_option("--out", folder, "folder to write to; files in it are replaced")->required();
  app.add_option("--sellers", asked.sellers, "number of salespeople; else one for 100 deals")
      ->check(CLI::Range(4, 99'999));
  app.add_option("--customers", asked.customers, "number of customers; else one for 4 deals")
      ->check(CLI::Range(1, 9'999'999));
  app.add_option("--start", start, "first day, YYYY-MM-DD (default 2020-01-01)");
  app.add_option("--years", asked.years, "how long it is watched")
      ->check(CLI::Range(1, 30))
      ->capture_default_str();
  app.add_option("--discount-effect", asked.discount_effect,
                 "log-odds of churn that ten points more discount add")
      ->check(CLI::Range(-5.0, 5.0))
      ->capture_default_str();
  app.add_option("--channel-effect", asked.channel_effect,
                 "log-odds of winning and of renewal that linkedin adds")
      ->check(CLI::Range(-5.0, 5.0))
      ->capture_default_str();
  app.add_flag("--lean", asked.lean, "only the rows that value needs");
  CLI11_PARSE(app, argc, argv);
  if (!start.empty()) {
    const auto day = salespulse::parse_date(start);
    if (!day) {
      std::fprintf(stderr, "--start: %s is not a day written as YYYY-MM-DD\n", start.c_str());
      return 2;
    }
    asked.start = *day;
  }
  try {
    simulate(asked, folder);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}
