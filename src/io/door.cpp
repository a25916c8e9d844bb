// SPDX-License-Identifier: BSL-1.0
#include "door.hpp"

#include "words.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace salespulse {

namespace {

template <class Member>
struct member_of;
template <class Row, class Type>
struct member_of<Type Row::*> {
  using row = Row;
  using type = Type;
};

template <class Type>
constexpr bool is_optional = false;
template <class Type>
constexpr bool is_optional<std::optional<Type>> = true;

template <class Row>
const Row& blank() {
  static const Row row;
  return row;
}

template <class Row>
Row& row_in(door_row& row) {
  return *std::get_if<Row>(&row);
}

template <class Type>
struct inner {
  using type = Type;
};
template <class Type>
struct inner<std::optional<Type>> {
  using type = Type;
};

template <class Type>
constexpr bool is_choice = std::is_enum_v<Type>;

// The value of the cell as a member of that type.
template <class Type>
Type as(const cell_value& cell) {
  if constexpr (std::is_same_v<Type, money>) {
    return cell.amount;
  } else if constexpr (std::is_same_v<Type, decimal>) {
    return cell.rate;
  } else if constexpr (std::is_same_v<Type, currency>) {
    return cell.code;
  } else if constexpr (std::is_same_v<Type, date>) {
    return cell.day;
  } else if constexpr (std::is_same_v<Type, instant>) {
    return cell.at;
  } else if constexpr (std::is_same_v<Type, share>) {
    return share{static_cast<std::int32_t>(cell.number)};
  } else {
    return static_cast<Type>(cell.number);
  }
}

template <auto Member>
void set_member(door_row& row, const cell_value& cell) {
  using row_type = typename member_of<decltype(Member)>::row;
  using type = typename member_of<decltype(Member)>::type;
  type& member = row_in<row_type>(row).*Member;
  if constexpr (std::is_same_v<type, std::string>) {
    member.assign(cell.text);  // keeps its memory from row to row
  } else {
    member = cell.known ? type(as<typename inner<type>::type>(cell)) : blank<row_type>().*Member;
  }
}

// Nested members.
template <auto Outer, auto Inner>
void set_nested(door_row& row, const cell_value& cell) {
  using row_type = typename member_of<decltype(Outer)>::row;
  using type = typename member_of<decltype(Inner)>::type;
  (row_in<row_type>(row).*Outer).*Inner =
      cell.known ? as<type>(cell) : blank<row_type>().*Outer.*Inner;
}

// The currency of amounts goes into the amounts themselves, not into a member.
void set_nothing(door_row&, const cell_value&) {}

// An end of a period, where empty means that the period has no such end.
template <auto Outer, auto Inner>
void set_end(door_row& row, const cell_value& cell) {
  using row_type = typename member_of<decltype(Outer)>::row;
  (row_in<row_type>(row).*Outer).*Inner = cell.known ? cell.day : all_days.*Inner;
}

template <auto Member>
constexpr cell_kind kind_of_member() {
  using type = typename inner<typename member_of<decltype(Member)>::type>::type;
  if constexpr (std::is_same_v<type, std::string>) return cell_kind::text;
  if constexpr (std::is_same_v<type, money>) return cell_kind::amount;
  if constexpr (std::is_same_v<type, decimal>) return cell_kind::rate;
  if constexpr (std::is_same_v<type, currency>) return cell_kind::code;
  if constexpr (std::is_same_v<type, date>) return cell_kind::day;
  if constexpr (std::is_same_v<type, instant>) return cell_kind::moment;
  if constexpr (std::is_same_v<type, share>) return cell_kind::ppm;
  if constexpr (is_choice<type>) return cell_kind::choice;
  return cell_kind::whole;
}

template <auto Member>
constexpr door_field field(std::string_view name) {
  using type = typename inner<typename member_of<decltype(Member)>::type>::type;
  door_field made;
  made.name = name;
  made.kind = kind_of_member<Member>();
  if constexpr (std::is_same_v<type, std::int32_t>) {
    made.least = INT32_MIN;
    made.largest = INT32_MAX;
  }
  if constexpr (is_choice<type>) made.words = words_of(type{});
  made.set = set_member<Member>;
  return made;
}

// A column that must be there.
template <auto Member>
constexpr door_field required(std::string_view name) {
  door_field made = field<Member>(name);
  made.required = true;
  return made;
}

// A column that must be there and have a value in every row.
template <auto Member>
constexpr door_field given(std::string_view name) {
  door_field made = required<Member>(name);
  made.never_empty = true;
  return made;
}

constexpr door_field shared_currency() {
  return {.name = "currency", .kind = cell_kind::code, .words = {}, .set = set_nothing};
}

template <auto Outer>
constexpr door_field period_from(std::string_view name) {
  return {.name = name, .kind = cell_kind::day, .words = {}, .set = set_end<Outer, &period::from>};
}
template <auto Outer>
constexpr door_field period_to(std::string_view name) {
  return {.name = name, .kind = cell_kind::day, .words = {}, .set = set_end<Outer, &period::to>};
}

template <auto Inner>
constexpr door_field term_field(std::string_view name) {
  using type = typename member_of<decltype(Inner)>::type;
  constexpr bool is_flag = std::is_same_v<type, bool>;
  return {.name = name,
          .kind = is_flag ? cell_kind::flag : cell_kind::whole,
          .least = 0,
          .largest = INT32_MAX,
          .words = {},
          .set = set_nested<&line::terms, Inner>};
}

constexpr door_field exchange_rate_fields[] = {given<&exchange_rate::currency>("currency"),
                                               given<&exchange_rate::day>("day"),
                                               given<&exchange_rate::rate>("rate")};

constexpr door_field team_fields[] = {required<&team::id>("id"), field<&team::name>("name")};

constexpr door_field salesperson_fields[] = {required<&salesperson::id>("id"),
                                             field<&salesperson::name>("name"),
                                             period_from<&salesperson::active>("active_from"),
                                             period_to<&salesperson::active>("active_to"),
                                             field<&salesperson::fte>("fte_ppm"),
                                             field<&salesperson::manager>("manager")};

constexpr door_field membership_fields[] = {
    required<&membership::salesperson>("salesperson"), required<&membership::team>("team"),
    period_from<&membership::during>("from"), period_to<&membership::during>("to")};

constexpr door_field customer_fields[] = {
    required<&customer::id>("id"), field<&customer::name>("name"),
    field<&customer::parent>("parent"), field<&customer::segment>("segment")};

constexpr door_field product_fields[] = {required<&product::id>("id"),
                                         field<&product::name>("name"),
                                         field<&product::family>("family"),
                                         field<&product::lifetime>("lifetime"),
                                         field<&product::list_price>("list_price"),
                                         field<&product::unit_cost>("unit_cost"),
                                         shared_currency()};

constexpr door_field stage_fields[] = {
    field<&stage::pipeline>("pipeline"), required<&stage::id>("id"), field<&stage::name>("name"),
    field<&stage::position>("position"), field<&stage::outcome>("outcome")};

constexpr door_field deal_fields[] = {required<&deal::id>("id"),
                                      field<&deal::customer>("customer"),
                                      field<&deal::owner>("owner"),
                                      field<&deal::pipeline>("pipeline"),
                                      field<&deal::opened>("opened"),
                                      field<&deal::close_date>("close_date"),
                                      field<&deal::type>("type"),
                                      field<&deal::origin>("origin"),
                                      field<&deal::source>("source"),
                                      field<&deal::amount>("amount"),
                                      shared_currency(),
                                      field<&deal::recorded>("recorded")};

constexpr door_field line_fields[] = {field<&line::id>("id"),
                                      required<&line::deal>("deal"),
                                      field<&line::product>("product"),
                                      field<&line::list>("list"),
                                      field<&line::net>("net"),
                                      field<&line::cost>("cost"),
                                      shared_currency(),
                                      term_field<&line_terms::every_months>("every_months"),
                                      term_field<&line_terms::term_months>("term_months"),
                                      term_field<&line_terms::offset_days>("offset_days"),
                                      term_field<&line_terms::renews>("renews")};

constexpr door_field stage_event_fields[] = {
    required<&stage_event::deal>("deal"), required<&stage_event::stage>("stage"),
    field<&stage_event::at>("at"), field<&stage_event::sequence>("sequence"),
    field<&stage_event::recorded>("recorded")};

constexpr door_field ownership_event_fields[] = {
    required<&ownership_event::deal>("deal"), required<&ownership_event::owner>("owner"),
    given<&ownership_event::at>("at"), field<&ownership_event::sequence>("sequence"),
    field<&ownership_event::recorded>("recorded")};

constexpr door_field credit_split_fields[] = {
    required<&credit_split::deal>("deal"),  required<&credit_split::salesperson>("salesperson"),
    given<&credit_split::part>("part_ppm"), field<&credit_split::kind>("kind"),
    field<&credit_split::at>("at"),         field<&credit_split::sequence>("sequence")};

constexpr door_field revenue_event_fields[] = {required<&revenue_event::id>("id"),
                                               required<&revenue_event::deal>("deal"),
                                               field<&revenue_event::line>("line"),
                                               given<&revenue_event::kind>("kind"),
                                               field<&revenue_event::amount>("amount"),
                                               shared_currency(),
                                               given<&revenue_event::at>("at"),
                                               field<&revenue_event::due>("due"),
                                               field<&revenue_event::refers_to>("refers_to"),
                                               field<&revenue_event::recorded>("recorded")};

constexpr door_field activity_fields[] = {required<&activity::id>("id"),
                                          field<&activity::salesperson>("salesperson"),
                                          field<&activity::customer>("customer"),
                                          field<&activity::deal>("deal"),
                                          given<&activity::at>("at"),
                                          field<&activity::channel>("channel"),
                                          field<&activity::direction>("direction"),
                                          field<&activity::kind>("kind"),
                                          field<&activity::recorded>("recorded")};

constexpr door_field target_fields[] = {field<&target::salesperson>("salesperson"),
                                        field<&target::team>("team"),
                                        period_from<&target::during>("from"),
                                        period_to<&target::during>("to"),
                                        field<&target::metric>("metric"),
                                        given<&target::amount>("amount"),
                                        shared_currency()};

// In the order of `entity`.
constexpr std::span<const door_field> fields_by_entity[] = {
    exchange_rate_fields, team_fields,        salesperson_fields,     membership_fields,
    customer_fields,      product_fields,     stage_fields,           deal_fields,
    line_fields,          stage_event_fields, ownership_event_fields, credit_split_fields,
    revenue_event_fields, activity_fields,    target_fields};

template <std::size_t... I>
door_row blank_row_at(std::size_t index, std::index_sequence<I...>) {
  using maker = door_row (*)();
  constexpr maker makers[] = {[] { return door_row(std::in_place_index<I>); }...};
  return makers[index]();
}

}  // namespace

door_row blank_row(entity e) {
  return blank_row_at(static_cast<std::size_t>(e),
                      std::make_index_sequence<std::variant_size_v<door_row>>());
}

std::span<const door_field> door_fields(entity e) noexcept {
  return fields_by_entity[static_cast<std::size_t>(e)];
}

const door_field* find_door_field(entity e, std::string_view name) noexcept {
  for (const door_field& field : door_fields(e)) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

}  // namespace salespulse
