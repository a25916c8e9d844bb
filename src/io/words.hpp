// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_IO_WORDS_HPP
#define SALESPULSE_SRC_IO_WORDS_HPP

#include <salespulse/model/activity.hpp>
#include <salespulse/model/deal.hpp>
#include <salespulse/model/product.hpp>
#include <salespulse/model/revenue_event.hpp>
#include <salespulse/model/target.hpp>

#include <span>
#include <string_view>

namespace salespulse {

// The words of the closed choices, in the order of their enumerators. "unknown" is written as an
// empty cell and read as well.
inline constexpr std::string_view lifetime_words[] = {"unknown", "contract", "repeat", "once"};
inline constexpr std::string_view deal_type_words[] = {"unknown", "new_business", "renewal",
                                                       "expansion"};
inline constexpr std::string_view deal_origin_words[] = {"unknown", "pull", "push",
                                                         "installed_base"};
inline constexpr std::string_view deal_outcome_words[] = {"open", "won", "lost"};
inline constexpr std::string_view credit_kind_words[] = {"revenue", "overlay"};
inline constexpr std::string_view revenue_kind_words[] = {
    "invoice", "payment", "renewal", "expansion", "contraction", "refund", "credit_note", "churn"};
inline constexpr std::string_view direction_words[] = {"unknown", "inbound", "outbound", "mutual"};
inline constexpr std::string_view metric_words[] = {"bookings", "sustainable_value"};

constexpr std::span<const std::string_view> words_of(lifetime_kind) { return lifetime_words; }
constexpr std::span<const std::string_view> words_of(deal_type) { return deal_type_words; }
constexpr std::span<const std::string_view> words_of(deal_origin) { return deal_origin_words; }
constexpr std::span<const std::string_view> words_of(deal_outcome) { return deal_outcome_words; }
constexpr std::span<const std::string_view> words_of(credit_kind) { return credit_kind_words; }
constexpr std::span<const std::string_view> words_of(revenue_kind) { return revenue_kind_words; }
constexpr std::span<const std::string_view> words_of(touch_direction) { return direction_words; }
constexpr std::span<const std::string_view> words_of(target_metric) { return metric_words; }

}  // namespace salespulse
#endif
