// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_TESTS_SUPPORT_REFERENCE_HPP
#define SALESPULSE_TESTS_SUPPORT_REFERENCE_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace salespulse::test {

/// A table of reference values: a header line and rows of text cells.
class reference_table {
public:
  /// Reads `file`, a path below the folder of references or data that may stand beside the
  /// repository: "reference/statistics/km_curves.csv". Not there: `exists()` is false and the
  /// table is empty.
  explicit reference_table(std::string_view file);

  [[nodiscard]] bool exists() const noexcept { return exists_; }
  [[nodiscard]] std::size_t rows() const noexcept { return rows_.size(); }
  /// The cell of a column; throws where there is no such column.
  [[nodiscard]] const std::string& text(std::size_t row, std::string_view column) const;
  /// The cell as a number; "Inf" and "NaN" as in C; throws where it is none.
  [[nodiscard]] double number(std::size_t row, std::string_view column) const;
  [[nodiscard]] std::int64_t integer(std::size_t row, std::string_view column) const;
  /// The rows whose cells equal the given ones: where({{"case", "lung_all"}, {"strata", "all"}}).
  struct condition_on { std::string_view column; std::string_view text; };
  [[nodiscard]] std::vector<std::size_t> where(std::vector<condition_on> wanted) const;
  /// The number in `column` of the one row that matches; throws unless there is exactly one.
  [[nodiscard]] double value(std::vector<condition_on> wanted,
                             std::string_view column = "value") const;

private:
  bool exists_ = false;
  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> rows_;
};

/// The whole text of such a file; empty where it is not there.
[[nodiscard]] std::string reference_text(std::string_view file);

/// Compares figures with references and remembers the largest error; what a test reports.
/// The error is |computed - exact| / |exact| (absolute where exact is 0, or where asked).
class accuracy {
public:
  /// `file`: the reference file that the values come from, as the accuracy table names it.
  explicit accuracy(std::string_view file) : file_(file) {}
  /// Prints "accuracy FILE N values, largest error E at WHERE" where SALESPULSE_ACCURACY is set.
  ~accuracy();
  accuracy(const accuracy&) = delete;
  accuracy& operator=(const accuracy&) = delete;

  /// The error of one figure, for CHECK(a.error(...) <= tolerance).
  double error(double computed, double exact, std::string_view where = {});
  double absolute_error(double computed, double exact, std::string_view where = {});
  [[nodiscard]] std::size_t values() const noexcept { return values_; }
  [[nodiscard]] double largest() const noexcept { return largest_; }

private:
  double note(double error, std::string_view where);
  std::string file_;
  std::string worst_;
  std::size_t values_ = 0;
  double largest_ = 0;
};

/// Begins a test that needs a reference file: false, with a line that says "skipped" and why, where
/// the file is not there.
[[nodiscard]] bool available(const reference_table& table, std::string_view file);

}  // namespace salespulse::test
#endif
