// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_MODEL_CUSTOMER_HPP
#define SALESPULSE_MODEL_CUSTOMER_HPP

#include <string>

namespace salespulse {

/// A buyer. Where the buyer of a deal is not known the deal is a customer of its own.
struct customer {
  std::string id = {};
  std::string name = {};
  std::string parent = {};   ///< id of the customer that owns this one; empty: none known
  std::string segment = {};  ///< payment behaviour is known per segment; empty: unknown
};

}  // namespace salespulse
#endif
