// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_TESTS_SUPPORT_FIGURES_HPP
#define SALESPULSE_TESTS_SUPPORT_FIGURES_HPP

#include <salespulse/core/date.hpp>
#include <salespulse/core/result.hpp>
#include <salespulse/model/book.hpp>
#include <salespulse/tally/tally.hpp>
#include <salespulse/tally/value_columns.hpp>
#include <salespulse/value/appraisal.hpp>
#include <salespulse/value/renewal_risk.hpp>
#include <salespulse/value/weights.hpp>

#include <array>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace salespulse::test {

inline constexpr std::array<value_view, 5> all_views{value_view::salesperson, value_view::team,
                                                     value_view::firm, value_view::customer,
                                                     value_view::deal};

/// The host's name of an owner: "(firm)" for the firm, "(nobody)" for nobody.
[[nodiscard]] std::string owner_name(const book& b, value_view view, std::uint32_t owner);

/// Every figure of one owner.
struct owner_figures {
  owner_value value;
  owner_value recognised;  ///< of the sums weighted with days: 365 times what is recognised
  owner_risk risk;
};
using figures = std::map<std::string, owner_figures>;

/// The figures of one view by the owners' names.
[[nodiscard]] figures figures_of(const book& b, const valuation& parameters, value_view view,
                                 period asked = all_days, std::span<const date> epoch_starts = {});

/// The same from tallies that were made elsewhere: shards, increments, the wire.
[[nodiscard]] figures figures_of(const book& b, const valuation& parameters, value_view view,
                                 const tally& values, const tally& recognised,
                                 const tally& lifetimes);

/// The columns that `renewal_risk` reads.
[[nodiscard]] lifetime_columns risk_columns(const value_columns& columns);
[[nodiscard]] lifetime_columns risk_columns(const lifetime_table& table);

/// Places in `numbers(const appraisal&)`.
inline constexpr std::size_t value_place = 0;
inline constexpr std::size_t booked_place = 4;
inline constexpr std::size_t listed_place = 5;
inline constexpr std::size_t bridge_place = 6;
inline constexpr std::size_t kept_place = 14;
inline constexpr std::size_t kept_whole_place = 15;
inline constexpr std::size_t quality_place = 16;
inline constexpr std::size_t quality_whole_place = 17;
inline constexpr std::size_t appraisal_width = 18;

/// V, V at the usual horizons, booked, listed, seven bridge parts, beyond, kept, kept whole,
/// quality, quality whole.
[[nodiscard]] std::vector<double> numbers(const appraisal& a);

/// The amounts of an owner: both appraisals, then lines and booked by reason of refusal.
[[nodiscard]] std::vector<double> numbers(const owner_value& v);

/// Everything: the amounts, the recognised amounts, the risk.
[[nodiscard]] std::vector<double> numbers(const owner_figures& f);

/// Of what size the terms were that `numbers(const owner_value&)` of each owner was summed from:
/// the same figures with every amount taken positive and by itself, so that nothing cancels.
[[nodiscard]] std::map<std::string, std::vector<double>> sizes_of(const book& b,
                                                                  const valuation& parameters,
                                                                  value_view view);

/// Whether two lists of numbers have the same bits.
[[nodiscard]] bool same_bits(std::span<const double> a, std::span<const double> b);
[[nodiscard]] bool same_bits(const figures& a, const figures& b);

/// Whether two numbers agree to 1e-12 of the size of what they were summed from.
[[nodiscard]] bool near(double a, double b, double size);
[[nodiscard]] bool near(std::span<const double> a, std::span<const double> b,
                        std::span<const double> sizes);

/// `a + factor * b`, the longer of both in length.
[[nodiscard]] std::vector<double> sum(std::vector<double> a, std::span<const double> b,
                                      double factor = 1);

}  // namespace salespulse::test
#endif
