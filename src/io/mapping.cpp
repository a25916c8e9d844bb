// SPDX-License-Identifier: BSL-1.0
#include "door.hpp"
#include <salespulse/io/mapping.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <utility>

namespace salespulse {

std::vector<std::string> usual_nulls() {
  return {"", "null", "NULL", "NaN", "N/A", "-", "00/00/0000", "0000-00-00 00:00:00"};
}

namespace {

using json = nlohmann::json;

// What is wrong, and where in the JSON. Thrown and caught in this file only.
struct misread {
  std::string message;
};

[[noreturn]] void refuse(const std::string& at, const std::string& why) {
  throw misread{at + ": " + why};
}

const json& object(const json& j, const std::string& at,
                   std::initializer_list<std::string_view> keys) {
  if (!j.is_object()) refuse(at, "an object { } is expected");
  for (const auto& item : j.items()) {
    bool known = false;
    for (const std::string_view key : keys) known = known || key == item.key();
    if (!known) refuse(at, "there is no key '" + item.key() + "'");
  }
  return j;
}

const json& array(const json& j, const std::string& at) {
  if (!j.is_array()) refuse(at, "a list [ ] is expected");
  return j;
}

std::string text(const json& j, const std::string& at) {
  if (!j.is_string()) refuse(at, "a text \" \" is expected");
  return j.get<std::string>();
}

bool flag(const json& j, const std::string& at) {
  if (!j.is_boolean()) refuse(at, "true or false is expected");
  return j.get<bool>();
}

std::int32_t whole(const json& j, const std::string& at, std::int32_t least, std::int32_t largest) {
  const std::string range = "a whole number from " + std::to_string(least) + " to " +
                            std::to_string(largest) + " is expected";
  if (!j.is_number_integer()) refuse(at, range);
  const auto number = j.get<std::int64_t>();
  if (number < least || number > largest) refuse(at, range);
  return static_cast<std::int32_t>(number);
}

// A text, a number or a truth value as the text of a cell.
std::string cell(const json& j, const std::string& at) {
  if (j.is_string()) return j.get<std::string>();
  if (j.is_number() || j.is_boolean()) return j.dump();
  refuse(at, "a text, a number, true or false is expected");
}

std::vector<std::string> texts(const json& j, const std::string& at) {
  std::vector<std::string> all;
  if (j.is_string()) return {j.get<std::string>()};
  for (const json& one : array(j, at)) all.push_back(text(one, at));
  return all;
}

char sign(const json& j, const std::string& at, std::string_view allowed) {
  const std::string written = text(j, at);
  if (written.size() != 1 || allowed.find(written[0]) == std::string_view::npos) {
    refuse(at, "'" + written + "' is none of " + std::string(allowed));
  }
  return written[0];
}

date_order order(const json& j, const std::string& at) {
  const std::string written = text(j, at);
  for (std::size_t i = 0; i < std::size(date_order_names); ++i) {
    if (date_order_names[i] == written) return static_cast<date_order>(i);
  }
  refuse(at, "'" + written +
                 "' is none of automatic, iso, year-month-day, day-month-year, month-day-year");
}

entity entity_of(const json& j, const std::string& at) {
  const std::string written = text(j, at);
  for (std::size_t i = 0; i < std::size(entity_names); ++i) {
    if (entity_names[i] == written) return static_cast<entity>(i);
  }
  std::string message = "there is no entity '" + written + "'; the entities are";
  for (const std::string_view name : entity_names) message.append(1, ' ').append(name);
  refuse(at, message);
}

csv_dialect dialect(const json& j, const std::string& at) {
  csv_dialect d;
  object(j, at, {"separator", "decimal_sign", "thousands_sign", "dates", "nulls"});
  if (j.contains("separator")) {
    const std::string written = text(j["separator"], at);
    d.separator = written == "automatic" ? '\0' : sign(j["separator"], at + ".separator", ",;\t|");
  }
  if (j.contains("decimal_sign")) d.decimal_sign = sign(j["decimal_sign"], at, ".,");
  if (j.contains("thousands_sign")) d.thousands_sign = sign(j["thousands_sign"], at, ".,' ");
  if (d.decimal_sign == d.thousands_sign) refuse(at, "the two signs in numbers are the same");
  if (j.contains("dates")) d.dates = order(j["dates"], at + ".dates");
  if (j.contains("nulls")) {
    d.nulls = texts(j["nulls"], at + ".nulls");
    d.nulls.emplace_back();
  }
  return d;
}

void add_conditions(std::vector<row_condition>& to, const json& j, const std::string& at,
                    bool wanted) {
  if (!j.is_object()) refuse(at, "an object of columns and values is expected");
  for (const auto& item : j.items()) to.push_back({item.key(), texts(item.value(), at), wanted});
}

mapped_field::replacements replacements(const json& j, const std::string& at) {
  mapped_field::replacements pairs;
  if (!j.is_object()) refuse(at, "an object of what was written and what it means is expected");
  for (const auto& item : j.items()) pairs.emplace_back(item.key(), cell(item.value(), at));
  return pairs;
}

mapped_field field(entity what, const std::string& name, const json& j, const std::string& at) {
  if (find_door_field(what, name) == nullptr) {
    refuse(at, "a " + std::string(to_string(what)) + " has no field '" + name + "'");
  }
  mapped_field f;
  f.field = name;
  if (j.is_string()) {
    f.column = j.get<std::string>();
    return f;
  }
  object(j, at,
         {"column", "constant", "list_price_of_product", "optional", "prefix", "scale", "dates",
          "when", "unless", "translate", "repair"});
  if (j.contains("column")) f.column = text(j["column"], at);
  if (j.contains("constant")) f.constant = cell(j["constant"], at);
  if (j.contains("list_price_of_product")) {
    f.list_price_of_product = flag(j["list_price_of_product"], at);
  }
  const int sources = (f.column.empty() ? 0 : 1) + (j.contains("constant") ? 1 : 0) +
                      (f.list_price_of_product ? 1 : 0);
  if (sources != 1) refuse(at, "one of column, constant and list_price_of_product is expected");
  if (j.contains("optional")) f.optional = flag(j["optional"], at);
  if (j.contains("prefix")) f.prefix = text(j["prefix"], at);
  if (j.contains("scale")) {
    f.scale = parse_decimal(cell(j["scale"], at));
    if (!f.scale || f.scale->digits == 0) refuse(at, "the scale is not a number");
  }
  if (j.contains("dates")) f.dates = order(j["dates"], at);
  if (j.contains("when")) add_conditions(f.when, j["when"], at, true);
  if (j.contains("unless")) add_conditions(f.when, j["unless"], at, false);
  if (j.contains("translate")) f.translate = replacements(j["translate"], at);
  if (j.contains("repair")) f.repair = replacements(j["repair"], at);
  return f;
}

mapped_entity gives(const json& j, const std::string& at) {
  object(j, at, {"entity", "fields", "when", "unless", "distinct"});
  mapped_entity e;
  if (!j.contains("entity") || !j.contains("fields")) refuse(at, "entity and fields are expected");
  e.what = entity_of(j["entity"], at);
  if (!j["fields"].is_object()) refuse(at + ".fields", "an object { } is expected");
  for (const auto& item : j["fields"].items()) {
    e.fields.push_back(field(e.what, item.key(), item.value(), at + "." + item.key()));
  }
  if (j.contains("when")) add_conditions(e.when, j["when"], at, true);
  if (j.contains("unless")) add_conditions(e.when, j["unless"], at, false);
  if (j.contains("distinct")) e.distinct = flag(j["distinct"], at);
  return e;
}

mapped_table table(const json& j, const std::string& at) {
  object(j, at, {"file", "optional", "dialect", "gives"});
  mapped_table t;
  if (!j.contains("file") || !j.contains("gives")) refuse(at, "file and gives are expected");
  t.file = text(j["file"], at);
  if (t.file.empty()) refuse(at, "the name of the file is empty");
  if (j.contains("optional")) t.optional = flag(j["optional"], at);
  if (j.contains("dialect")) t.dialect = dialect(j["dialect"], at + ".dialect");
  std::size_t i = 0;
  for (const json& one : array(j["gives"], at)) {
    t.entities.push_back(gives(one, at + ".gives[" + std::to_string(i++) + "]"));
  }
  return t;
}

// Rows that stand in the mapping itself, such as the stages.
mapped_table given(const json& j) {
  mapped_table t;
  std::size_t i = 0;
  for (const json& row : array(j, "given")) {
    const std::string at = "given[" + std::to_string(i++) + "]";
    if (!row.is_object() || !row.contains("entity")) refuse(at, "an entity is expected");
    mapped_entity e;
    e.what = entity_of(row["entity"], at);
    for (const auto& item : row.items()) {
      if (item.key() == "entity") continue;
      const json constant = {{"constant", item.value()}};
      e.fields.push_back(field(e.what, item.key(), constant, at + "." + item.key()));
    }
    t.entities.push_back(std::move(e));
  }
  return t;
}

book_settings settings(const json& j, const std::string& at) {
  object(j, at, {"reporting_currency", "time_zone", "first_fiscal_month", "rate_valid_days"});
  book_settings s;
  if (j.contains("reporting_currency")) {
    const std::string place = at + ".reporting_currency";
    const std::string code = text(j["reporting_currency"], place);
    s.reporting = currency::from_code(code);
    if (!s.reporting) refuse(place, "'" + code + "' is not a currency code of ISO 4217");
  }
  if (j.contains("time_zone")) s.time_zone = text(j["time_zone"], at + ".time_zone");
  if (j.contains("first_fiscal_month")) {
    s.first_fiscal_month = whole(j["first_fiscal_month"], at + ".first_fiscal_month", 1, 12);
  }
  if (j.contains("rate_valid_days")) {
    s.rate_valid_days = whole(j["rate_valid_days"], at + ".rate_valid_days", 0, 3660);
  }
  return s;
}

mapping read_mapping_json(const json& j) {
  object(j, "mapping", {"name", "note", "book", "given", "tables"});
  mapping m;
  if (j.contains("name")) m.name = text(j["name"], "name");
  if (j.contains("note")) {
    for (const std::string& part : texts(j["note"], "note")) {
      m.note += (m.note.empty() ? "" : " ") + part;
    }
  }
  if (j.contains("book")) m.settings = settings(j["book"], "book");
  if (j.contains("given")) m.tables.push_back(given(j["given"]));
  if (!j.contains("tables")) refuse("mapping", "tables are expected");
  std::size_t i = 0;
  for (const json& one : array(j["tables"], "tables")) {
    m.tables.push_back(table(one, "tables[" + std::to_string(i++) + "]"));
  }
  return m;
}

// The library's message without its own name: "parse error at line 1, column 2: ...".
std::string in_words(const json::exception& e) {
  const std::string message = e.what();
  const std::size_t name_end = message.find("] ");
  return name_end == std::string::npos ? message : message.substr(name_end + 2);
}

template <class Read>
auto read_json(std::string_view text, Read read) -> result<decltype(read(json()))> {
  try {
    return read(json::parse(text));
  } catch (const misread& m) {
    return failure{m.message};
  } catch (const json::exception& e) {
    return failure{in_words(e)};
  }
}

}  // namespace

result<mapping> parse_mapping(std::string_view text) { return read_json(text, read_mapping_json); }

result<book_settings> parse_book_settings(std::string_view text) {
  return read_json(text, [](const json& j) { return settings(j, "book"); });
}

mapping canonical_mapping() {
  mapping m;
  m.name = "canonical CSV";
  for (std::size_t i = 0; i < std::size(entity_names); ++i) {
    const auto what = static_cast<entity>(i);
    mapped_table t;
    t.file = canonical_file(what);
    t.optional = what != entity::deal;
    t.dialect.dates = date_order::iso;
    t.dialect.nulls = {""};
    mapped_entity e;
    e.what = what;
    for (const door_field& field : door_fields(what)) {
      mapped_field f;
      f.field = field.name;
      f.column = field.name;
      f.optional = !field.required;
      e.fields.push_back(std::move(f));
    }
    t.entities.push_back(std::move(e));
    m.tables.push_back(std::move(t));
  }
  return m;
}

}  // namespace salespulse
