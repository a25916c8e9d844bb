// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_CORE_RESULT_HPP
#define SALESPULSE_CORE_RESULT_HPP

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace salespulse {

/// The caller broke a documented precondition. Thrown before any state changes.
class invalid_input : public std::invalid_argument {
public:
  using std::invalid_argument::invalid_argument;
};

/// Why an operation on data could not give its result, in words for the person who gave the data.
struct failure {
  std::string message;
};

/// A value, or the failure that stands in its place. Test it with `if (r)`; `value()` on a failure
/// throws `invalid_input` with the failure's message.
template <class Value>
class [[nodiscard]] result {
public:
  result(Value value) : value_(std::move(value)) {}
  result(failure why) : failure_(std::move(why)) {}

  [[nodiscard]] explicit operator bool() const noexcept { return value_.has_value(); }

  [[nodiscard]] const Value& value() const& {
    require_value();
    return *value_;
  }
  [[nodiscard]] Value&& value() && {
    require_value();
    return *std::move(value_);
  }

  /// The failure. Precondition: there is one.
  [[nodiscard]] const failure& error() const {
    if (value_) throw invalid_input("result::error: there is a value");
    return failure_;
  }

private:
  void require_value() const {
    if (!value_) throw invalid_input(failure_.message);
  }
  std::optional<Value> value_;
  failure failure_;
};

}  // namespace salespulse
#endif
