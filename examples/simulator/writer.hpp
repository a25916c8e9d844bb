// SPDX-License-Identifier: BSL-1.0
#ifndef SIMULATOR_WRITER_HPP
#define SIMULATOR_WRITER_HPP

#include "activities.hpp"
#include "after_close.hpp"

#include <salespulse/io/canonical.hpp>
#include <salespulse/io/csv_writer.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace salespulse::simulator {

/// A CSV file with a header. Fails by std::runtime_error, which names the file.
class csv_file {
public:
  csv_file(const std::filesystem::path& folder, std::string_view name);

  [[nodiscard]] csv_writer& cells() noexcept { return *writer_; }
  void end_row() {
    writer_->end_row();
    ++rows;
  }
  /// Writes what is left, and the size of the file into `bytes`.
  void close();

  std::string name;
  std::int64_t rows = 0;  ///< without the header
  std::int64_t bytes = 0;

private:
  struct closer {
    void operator()(std::FILE* f) const noexcept { std::fclose(f); }
  };
  std::unique_ptr<std::FILE, closer> file_;
  std::unique_ptr<csv_writer> writer_;
};

/// Hands the stories to the canonical CSV: what a CRM knows as one file per entity, the truth in a
/// folder beside it. The door structs of the library say which columns there are.
class organisation_writer {
public:
  organisation_writer(const world& w, const std::filesystem::path& folder);

  /// Everything but deals: people, customers, products, stages, rates, targets, book, theta, truth.
  void write_world();

  void write(const deal_story& story, const aftermath& after);
  void write(std::string_view id, const touch& t);

  /// Closes all files, and returns them for a summary.
  std::vector<csv_file>& finish();

private:
  template <class Row>
  void put(entity e, const Row& row) {
    csv_file& file = files_[static_cast<std::size_t>(e)];
    write_row(file.cells(), row);
    ++file.rows;
  }
  void write_people();
  void write_customers();
  void write_rates();
  void write_targets();
  void write_world_truth();
  void write_book() const;
  void write_theta() const;

  void write_lines(const deal_story& story);
  void write_history(const deal_story& story);
  void write_revenue(const deal_story& story, const aftermath& after);
  void write_truth(const deal_story& story, const aftermath& after);

  const world& world_;
  std::filesystem::path folder_;
  std::vector<csv_file> files_;  // in the order of `entity`, then two of truth

  // Rows that keep their memory from one deal to the next.
  deal deal_row_;
  line line_row_;
  stage_event stage_row_;
  ownership_event owner_row_;
  credit_split credit_row_;
  revenue_event revenue_row_;
  activity activity_row_;
};

}  // namespace salespulse::simulator
#endif
