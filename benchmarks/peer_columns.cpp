// SPDX-License-Identifier: BSL-1.0
// peer_columns N FILE: writes the columns of the synthetic firm of N deals as CSV for a peer, and says
// what this library makes of them: CPU milliseconds (median of nine) and the firm's value.
#include "synthetic.hpp"

#include <salespulse/salespulse.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>

using namespace salespulse;

namespace {

double cpu_ms() { return 1e3 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

template <class Body>
double median_ms(Body body) {
  std::array<double, 9> times{};
  for (double& t : times) {
    const double begin = cpu_ms();
    body();
    t = cpu_ms() - begin;
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

// The number in the name of a synthetic family or segment: the book counts others before them.
std::uint32_t number_in(std::string_view name) {
  return static_cast<std::uint32_t>(name.back() - '0');
}

void write_columns(const book& b, std::FILE* out) {
  std::fputs("seller,family,net,loss,cost_share,delay,recurring,term\n", out);
  const book_tables& t = b.tables();
  for (const deal_record& deal : b.deals()) {
    const customer_record& customer = t.customers[index_of(deal.customer)];
    const std::uint32_t segment = number_in(t.names.segments[index_of(customer.segment)]);
    for (const line_record& l : b.lines_of(deal)) {
      std::fprintf(out, "%u,%u,%lld,%.17g,%.17g,%.17g,%d,%d\n", static_cast<unsigned>(deal.owner),
                   number_in(t.names.products[index_of(l.product)]),
                   static_cast<long long>(l.net), benchmarks::loss_of(segment),
                   static_cast<double>(l.cost) / static_cast<double>(l.net),
                   benchmarks::delay_of(segment), l.terms.renews ? 1 : 0, l.terms.term_months / 12);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: peer_columns N FILE\n", stderr);
    return 2;
  }
  const book b = benchmarks::synthetic_book(std::atoll(argv[1]));
  std::FILE* out = std::fopen(argv[2], "w");
  if (out == nullptr) {
    std::fprintf(stderr, "cannot write %s\n", argv[2]);
    return 1;
  }
  write_columns(b, out);
  std::fclose(out);

  const snapshot s = benchmarks::synthetic_snapshot();
  const valuation v = bind(b, &s).value();
  const double begin = cpu_ms();
  const value_columns c = resolve(b, value_view::salesperson);
  const double ordered = cpu_ms() - begin;
  double total = 0;
  const double value = median_ms([&] {
    total = 0;
    for (const owner_value& o : appraise(tally_values(c), v)) total += o.contribution.value;
  });
  const double variance = median_ms([&] {
    if (renewal_risk({c.keys, c.key, c.net, c.cost}, v).empty()) std::abort();
  });
  std::int64_t sum = 0;
  const double read = median_ms([&] {
    for (std::size_t i = 0; i < c.size(); ++i) sum += c.key[i] + c.list[i] + c.net[i] + c.cost[i];
  });
  std::fprintf(stderr, "%s", sum == 1 ? " " : "");
  std::printf("%zu lines: lifetime order %.0f ms; value and bridge %.1f ms; variance %.1f ms; "
              "reading the columns %.1f ms; value %.9e\n",
              c.size(), ordered, value, variance, read, total);
}
