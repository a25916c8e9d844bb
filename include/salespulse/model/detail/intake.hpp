// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_DETAIL_INTAKE_HPP
#define SALESPULSE_MODEL_DETAIL_INTAKE_HPP

#include <salespulse/model/activity.hpp>
#include <salespulse/model/customer.hpp>
#include <salespulse/model/deal.hpp>
#include <salespulse/model/detail/names.hpp>
#include <salespulse/model/detail/pending.hpp>
#include <salespulse/model/line.hpp>
#include <salespulse/model/product.hpp>
#include <salespulse/model/revenue_event.hpp>
#include <salespulse/model/salesperson.hpp>
#include <salespulse/model/target.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

// The first half of `book_builder`: what a row shows by itself and against the rows before it.
namespace salespulse::detail {

class intake {
public:
  using code = issue_code;

  explicit intake(pending_facts& facts) noexcept : facts_(facts) {}

  bool add(const exchange_rate& row, row_position where);
  bool add(const salesperson& row, row_position where);
  bool add(const team& row, row_position where);
  bool add(const membership& row, row_position where);
  bool add(const customer& row, row_position where);
  bool add(const product& row, row_position where);
  bool add(const stage& row, row_position where);
  bool add(const deal& row, row_position where);
  bool add(const line& row, row_position where);
  bool add(const stage_event& row, row_position where);
  bool add(const ownership_event& row, row_position where);
  bool add(const credit_split& row, row_position where);
  bool add(const revenue_event& row, row_position where);
  bool add(const activity& row, row_position where);
  bool add(const target& row, row_position where);

private:
  bool reject(issue_code why, std::string_view entity, std::string_view id, std::string_view field,
              std::string message, row_position where) {
    facts_.report(why, issue_effect::rejected, entity, id, field, std::move(message), where);
    return false;
  }
  void note(issue_code why, std::string_view entity, std::string_view id, std::string_view field,
            std::string message, row_position where) {
    facts_.report(why, issue_effect::noted, entity, id, field, std::move(message), where);
  }
  // The deal that a row belongs to; reports and gives nothing where there is none.
  deal_id require_deal(std::string_view entity, std::string_view id, const std::string& deal,
                       row_position where) {
    const auto found = find_id<deal_id>(facts_.tables.names.deals, deal);
    if (!is_known(found)) {
      reject(code::unknown_deal, entity, id, "deal", "there is no deal '" + deal + "'", where);
    }
    return found;
  }
  bool require_id(std::string_view entity, std::string_view id, row_position where) {
    return !id.empty() || reject(code::missing_id, entity, id, "id", "the id is empty", where);
  }
  // A day that can be written: years 1 to 9999. Arithmetic on other days could overflow.
  bool require_day(std::string_view entity, std::string_view id, std::string_view field, date d,
                   row_position where) {
    return all_days.contains(d) ||
           reject(code::invalid_date, entity, id, field, "the day is not in the years 1 to 9999",
                  where);
  }
  bool require_moment(std::string_view entity, std::string_view id, std::string_view field,
                      const std::optional<instant>& t, row_position where) {
    return !t || (start_of(all_days.from) <= *t && *t < start_of(all_days.to)) ||
           reject(code::invalid_date, entity, id, field, "the moment is not in the years 1 to 9999",
                  where);
  }
  bool require_amount(std::string_view entity, std::string_view id, std::string_view field,
                      const std::optional<money>& amount, row_position where) {
    if (!amount) return true;
    if (amount->currency == currency{}) {
      return reject(code::invalid_value, entity, id, "currency", "the amount has no currency",
                    where);
    }
    return (amount->minor <= largest_amount && amount->minor >= -largest_amount) ||
           reject(code::amount_out_of_range, entity, id, field, "the amount is too large", where);
  }
  bool require_order(std::string_view entity, std::string_view id, period p, row_position where) {
    if (!require_day(entity, id, "from", p.from, where) ||
        (p.to != all_days.to && !require_day(entity, id, "to", p.to, where))) {
      return false;
    }
    return p.from < p.to || reject(code::period_reversed, entity, id, "to",
                                   "the period ends on or before the day it begins", where);
  }

  salesperson_id named_salesperson(const std::string& id, bool declare) {
    const auto [number, is_new] = facts_.tables.names.salespeople.insert(id);
    if (is_new) {
      facts_.tables.salespeople.emplace_back();
      facts_.tables.salesperson_names.emplace_back();
    }
    if (declare) facts_.tables.salespeople[number].declared = true;
    return salesperson_id{number};
  }
  salesperson_id salesperson_of(const std::string& id, std::string_view entity,
                                std::string_view row, std::string_view field, row_position where) {
    if (id.empty()) return salesperson_id{no_number};
    const salesperson_id number = named_salesperson(id, false);
    if (facts_.people_declared && !facts_.tables.salespeople[index_of(number)].declared) {
      note(code::unknown_salesperson, entity, row, field,
           "'" + id + "' is not among the salespeople", where);
    }
    return number;
  }
  customer_id named_customer(const std::string& id) {
    const auto [number, is_new] = facts_.tables.names.customers.insert(id);
    if (is_new) facts_.tables.customers.push_back({customer_id{no_number}, segment(""), false});
    return customer_id{number};
  }
  segment_id segment(std::string_view name) {
    return segment_id{facts_.tables.names.segments.insert(name).number};
  }
  family_id family(std::string_view name, lifetime_kind kind) {
    const auto [number, is_new] = facts_.tables.names.families.insert(name);
    if (is_new) facts_.tables.families.push_back(kind);
    return family_id{number};
  }
  // The declared product that an undeclared one may mean; looked for once.
  const std::string& suggestion_for(std::uint32_t number, std::string_view id) {
    for (const auto& [known, near] : facts_.suggestions) {
      if (known == number) return near;
    }
    facts_.suggestions.emplace_back(number, similar_product(facts_.tables, id));
    return facts_.suggestions.back().second;
  }
  product_id product_of(const std::string& id, std::string_view row, row_position where) {
    if (id.empty()) return product_id{no_number};
    const auto [number, is_new] = facts_.tables.names.products.insert(id);
    if (is_new) {
      facts_.tables.products.push_back(
          {family(undeclared_family, lifetime_kind::unknown), false});
    }
    if (facts_.products_declared && !facts_.tables.products[number].declared) {
      const std::string& near = suggestion_for(number, id);
      note(code::unknown_product, "line", row, "product",
           "'" + id + "' is not in the price list" +
               (near.empty() ? std::string() : "; did you mean '" + near + "'?"),
           where);
    }
    return product_id{number};
  }
  static instant either(const std::optional<instant>& recorded, instant happened) {
    return recorded ? *recorded : happened;
  }

  pending_facts& facts_;
};

inline bool intake::add(const exchange_rate& row, row_position where) {
  const std::string id(row.currency.code());
  if (!require_day("exchange_rate", id, "day", row.day, where)) return false;
  if (row.currency == currency{} || row.currency == facts_.tables.options.reporting) {
    return reject(code::invalid_value, "exchange_rate", id, "currency",
                  "'" + id + "' needs no rate", where);
  }
  if (row.rate.digits <= 0 || row.rate.scale < 0 || row.rate.scale > 18) {
    return reject(code::invalid_value, "exchange_rate", id, "rate", "the rate is not positive",
                  where);
  }
  for (currency_rates& known : facts_.rates) {
    if (known.currency != row.currency) continue;
    for (const dated_rate& r : known.rates) {
      if (r.day == row.day) {
        return reject(code::duplicate_row, "exchange_rate", id, "day",
                      to_string(row.day) + " has a rate already", where);
      }
    }
    known.rates.push_back({row.day, row.rate});
    return true;
  }
  facts_.rates.push_back({row.currency, {{row.day, row.rate}}});
  return true;
}

inline bool intake::add(const salesperson& row, row_position where) {
  if (!require_id("salesperson", row.id, where)) return false;
  const auto known = facts_.tables.names.salespeople.find(row.id);
  if (known && facts_.tables.salespeople[*known].declared) {
    return reject(code::duplicate_id, "salesperson", row.id, "id", "'" + row.id + "' is taken",
                  where);
  }
  if (!require_order("salesperson", row.id, row.active, where)) return false;
  if (row.fte.ppm < 0 || row.fte > full_share) {
    return reject(code::invalid_value, "salesperson", row.id, "fte",
                  "a share lies between 0 and 1 000 000 ppm", where);
  }
  facts_.people_declared = true;
  salesperson_record record;
  record.active = row.active;
  record.fte = row.fte;
  record.declared = true;
  const std::size_t number = index_of(named_salesperson(row.id, true));
  // A manager may be listed below the people; he becomes declared by his own row.
  if (!row.manager.empty()) record.manager = named_salesperson(row.manager, false);
  facts_.tables.salespeople[number] = record;
  facts_.tables.salesperson_names[number] = row.name;
  return true;
}

inline bool intake::add(const team& row, row_position where) {
  if (!require_id("team", row.id, where)) return false;
  if (!facts_.tables.names.teams.insert(row.id).is_new) {
    return reject(code::duplicate_id, "team", row.id, "id", "'" + row.id + "' is taken", where);
  }
  facts_.tables.team_names.push_back(row.name);
  return true;
}

inline bool intake::add(const membership& row, row_position where) {
  const auto team = find_id<team_id>(facts_.tables.names.teams, row.team);
  if (!is_known(team)) {
    return reject(code::unknown_team, "membership", row.salesperson, "team",
                  "there is no team '" + row.team + "'", where);
  }
  if (row.salesperson.empty()) {
    return reject(code::missing_id, "membership", row.team, "salesperson", "nobody is named",
                  where);
  }
  if (!require_order("membership", row.salesperson, row.during, where)) return false;
  const salesperson_id who =
      salesperson_of(row.salesperson, "membership", row.team, "salesperson", where);
  facts_.tables.memberships.push_back({who, team, row.during});
  return true;
}

inline bool intake::add(const customer& row, row_position where) {
  if (!require_id("customer", row.id, where)) return false;
  const auto known = facts_.tables.names.customers.find(row.id);
  if (known && facts_.tables.customers[*known].declared) {
    return reject(code::duplicate_id, "customer", row.id, "id", "'" + row.id + "' is taken", where);
  }
  facts_.customers_declared = true;
  const std::size_t number = index_of(named_customer(row.id));
  const customer_id parent =
      row.parent.empty() ? customer_id{no_number} : named_customer(row.parent);
  facts_.tables.customers[number] = {parent, segment(row.segment), true};
  return true;
}

inline bool intake::add(const product& row, row_position where) {
  if (!require_id("product", row.id, where)) return false;
  const auto known = facts_.tables.names.products.find(row.id);
  if (known && facts_.tables.products[*known].declared) {
    return reject(code::duplicate_id, "product", row.id, "id", "'" + row.id + "' is taken", where);
  }
  if (row.family == no_family || row.family == undeclared_family) {
    return reject(code::invalid_value, "product", row.id, "family",
                  "'" + row.family + "' stands for products without a family", where);
  }
  if (!require_amount("product", row.id, "list_price", row.list_price, where) ||
      !require_amount("product", row.id, "unit_cost", row.unit_cost, where)) {
    return false;
  }
  const family_id of =
      family(row.family.empty() ? row.id : row.family, lifetime_kind::unknown);
  facts_.declared_lifetimes.push_back({of, row.lifetime, row.id, where});
  facts_.products_declared = true;
  const std::uint32_t number = facts_.tables.names.products.insert(row.id).number;
  if (number == facts_.tables.products.size()) facts_.tables.products.emplace_back();
  facts_.tables.products[number] = {of, true};
  return true;
}

inline bool intake::add(const stage& row, row_position where) {
  if (!require_id("stage", row.id, where)) return false;
  if (!facts_.tables.names.stages.insert(stage_name(row.pipeline, row.id)).is_new) {
    return reject(code::duplicate_id, "stage", row.id, "id",
                  "'" + row.id + "' is taken in this pipeline", where);
  }
  facts_.tables.stages.push_back({row.position, row.outcome});
  return true;
}

}  // namespace salespulse::detail
#endif
