// SPDX-License-Identifier: BSL-1.0
#include <salespulse/value/snapshot_file.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <limits>
#include <set>
#include <vector>

namespace salespulse {

namespace {

using json = nlohmann::ordered_json;

constexpr std::int64_t format_version = 1;
constexpr std::size_t largest_file = 16 << 20;

// What is wrong, and where in the JSON. Thrown and caught in this file only.
struct misread {
  std::string message;
};

[[noreturn]] void refuse(const std::string& at, const std::string& why) {
  throw misread{at.empty() ? why : at + ": " + why};
}

// Follows the parser through the text, since of a key given twice the parsed object keeps one.
class key_watch {
public:
  void operator()(json::parse_event_t event, const json& parsed) {
    using enum json::parse_event_t;
    const bool opens = event == object_start || event == array_start;
    if ((opens || event == value) && !open_.empty() && open_.back().is_array) ++open_.back().index;
    if (opens) open_.push_back({event == array_start, -1, {}, {}});
    if (event == object_end || event == array_end) open_.pop_back();
    if (event != key) return;
    open_.back().key = parsed.get<std::string>();
    if (!open_.back().keys.insert(open_.back().key).second)
      refuse(path(), "the key is given twice");
  }

private:
  struct level {
    bool is_array;
    std::ptrdiff_t index;
    std::string key;
    std::set<std::string> keys;
  };

  [[nodiscard]] std::string path() const {
    std::string text;
    for (const level& l : open_) {
      if (l.is_array) {
        text += '[' + std::to_string(l.index) + ']';
      } else {
        text += (text.empty() ? "" : ".") + l.key;
      }
    }
    return text;
  }

  std::vector<level> open_;
};

// One object, of which every key must be there and asked for.
class fields {
public:
  fields(const json& j, std::string at, std::initializer_list<const char*> keys)
      : json_(j), at_(std::move(at)) {
    if (!j.is_object()) refuse(at_.empty() ? "the whole text" : at_, "an object { } is expected");
    for (const auto& item : j.items()) {
      bool known = false;
      for (const std::string_view key : keys) known = known || key == item.key();
      if (!known) refuse(path(item.key()), "there is no such key");
    }
    for (const char* key : keys) {
      if (!j.contains(key)) refuse(path(key), "is missing");
    }
  }

  [[nodiscard]] std::string path(const std::string& key) const {
    return at_.empty() ? key : at_ + '.' + key;
  }

  [[nodiscard]] std::string text(const char* key) const {
    if (!json_[key].is_string()) refuse(path(key), "a text is expected");
    return json_[key].get<std::string>();
  }

  [[nodiscard]] double number(const char* key) const {
    if (!json_[key].is_number()) refuse(path(key), "a number is expected");
    return json_[key].get<double>();
  }

  [[nodiscard]] std::int64_t whole(const char* key) const {
    const json& j = json_[key];
    constexpr std::int64_t least = std::numeric_limits<std::int32_t>::min();
    constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
    const bool is_too_large = j.is_number_unsigned() && j.get<std::uint64_t>() > most;
    if (!j.is_number_integer() || is_too_large || j.get<std::int64_t>() < least) {
      refuse(path(key), "a whole number of at most 31 bits is expected");
    }
    return j.get<std::int64_t>();
  }

  [[nodiscard]] const json& list(const char* key) const {
    if (!json_[key].is_array()) refuse(path(key), "a list [ ] is expected");
    return json_[key];
  }

private:
  const json& json_;
  std::string at_;
};

std::string place(const char* list, std::size_t index) {
  return std::string(list) + '[' + std::to_string(index) + ']';
}

snapshot to_snapshot(const json& j) {
  if (j.is_object() && j.contains("salespulse_snapshot")) {
    const json& version = j["salespulse_snapshot"];
    if (!version.is_number_integer() || version != format_version) {
      refuse("salespulse_snapshot",
             "version " + version.dump() + " is not known; this library reads version 1");
    }
  }
  const fields all(j, "",
                   {"salespulse_snapshot", "name", "source", "yearly_rate", "horizon_days",
                    "retention", "payment"});
  snapshot s;
  s.name = all.text("name");
  const std::string source = all.text("source");
  if (source != "prior" && source != "fitted") {
    refuse("source", "\"prior\" or \"fitted\" is expected");
  }
  s.source = source == "prior" ? provenance::prior : provenance::fitted;
  s.yearly_rate = all.number("yearly_rate");
  s.horizon_days = static_cast<std::int32_t>(all.whole("horizon_days"));
  for (const json& row : all.list("retention")) {
    const fields r(row, place("retention", s.retention.size()),
                   {"family", "term_months", "alpha", "beta", "growth"});
    s.retention.push_back({r.text("family"), static_cast<std::int32_t>(r.whole("term_months")),
                           r.number("alpha"), r.number("beta"), r.number("growth")});
  }
  for (const json& row : all.list("payment")) {
    const fields p(row, place("payment", s.payment.size()),
                   {"segment", "credit_loss", "payment_factor", "mean_delay_days"});
    s.payment.push_back({p.text("segment"), p.number("credit_loss"), p.number("payment_factor"),
                         p.number("mean_delay_days")});
  }
  return s;
}

double finite(double x) {
  if (!std::isfinite(x)) throw invalid_input("snapshot_to_json: a number is not finite");
  return x;
}

}  // namespace

result<snapshot> snapshot_from_json(std::string_view text) {
  try {
    key_watch watch;
    const auto follow = [&](int, json::parse_event_t event, json& parsed) {
      watch(event, parsed);
      return true;
    };
    return to_snapshot(json::parse(text, follow));
  } catch (const misread& wrong) {
    return failure{wrong.message};
  } catch (const json::exception& wrong) {  // no JSON, or a number that no double holds
    const std::string_view what = wrong.what();
    const std::size_t label = what.find("] ");
    return failure{std::string(label == what.npos ? what : what.substr(label + 2))};
  }
}

result<snapshot> read_snapshot(std::string_view path) {
  const std::string name(path);
  std::FILE* file = std::fopen(name.c_str(), "rb");
  if (file == nullptr) return failure{name + ": cannot be opened"};
  std::string text(largest_file + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file));
  const bool broken = std::ferror(file) != 0;
  std::fclose(file);
  if (broken) return failure{name + ": cannot be read"};
  if (text.size() > largest_file) return failure{name + ": is too large for a snapshot"};
  result<snapshot> read = snapshot_from_json(text);
  if (!read) return failure{name + ": " + read.error().message};
  return read;
}

std::string snapshot_to_json(const snapshot& parameters) {
  if (parameters.source != provenance::prior && parameters.source != provenance::fitted) {
    throw invalid_input("snapshot_to_json: the source is neither prior nor fitted");
  }
  json j;
  j["salespulse_snapshot"] = format_version;
  j["name"] = parameters.name;
  j["source"] = parameters.source == provenance::prior ? "prior" : "fitted";
  j["yearly_rate"] = finite(parameters.yearly_rate);
  j["horizon_days"] = parameters.horizon_days;
  j["retention"] = json::array();
  for (const retention_parameters& r : parameters.retention) {
    j["retention"].push_back({{"family", r.family},
                              {"term_months", r.term_months},
                              {"alpha", finite(r.alpha)},
                              {"beta", finite(r.beta)},
                              {"growth", finite(r.growth)}});
  }
  j["payment"] = json::array();
  for (const payment_parameters& p : parameters.payment) {
    j["payment"].push_back({{"segment", p.segment},
                            {"credit_loss", finite(p.credit_loss)},
                            {"payment_factor", finite(p.payment_factor)},
                            {"mean_delay_days", finite(p.mean_delay_days)}});
  }
  try {
    return j.dump(2) + '\n';
  } catch (const json::exception&) {
    throw invalid_input("snapshot_to_json: a text is not UTF-8");
  }
}

}  // namespace salespulse
