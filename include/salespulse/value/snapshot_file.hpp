// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_VALUE_SNAPSHOT_FILE_HPP
#define SALESPULSE_VALUE_SNAPSHOT_FILE_HPP

#include <salespulse/core/result.hpp>
#include <salespulse/value/snapshot.hpp>

#include <string>
#include <string_view>

namespace salespulse {

/// Reads the parameters theta from a JSON file.
///
///     {
///       "salespulse_snapshot": 1,
///       "name": "house view 2025", "source": "prior",
///       "yearly_rate": 0.1, "horizon_days": 1095,
///       "retention": [{"family": "care", "term_months": 12, "alpha": 3, "beta": 7, "growth": 1}],
///       "payment": [{"segment": "", "credit_loss": 0.01, "payment_factor": 0.99,
///                    "mean_delay_days": 30}]
///     }
///
/// `source` is `prior` or `fitted`. Nothing has a default: a key that is missing, unknown or given
/// twice, a value of another type, a number that no double holds and another version are failures,
/// which name the file and the place in it, as in `theta.json: retention[2].alpha: ...`. Whether a
/// number makes sense is `valuation::make`'s to say.
[[nodiscard]] result<snapshot> read_snapshot(std::string_view path);

/// The same from the text itself; failures name the place alone.
[[nodiscard]] result<snapshot> snapshot_from_json(std::string_view text);

/// The text of such a file; numbers come back bit for bit. Throws `invalid_input` on a number that
/// is not finite, a source that is neither prior nor fitted and a text that is not UTF-8.
[[nodiscard]] std::string snapshot_to_json(const snapshot& parameters);

}  // namespace salespulse
#endif
