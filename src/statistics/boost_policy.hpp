// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_STATISTICS_BOOST_POLICY_HPP
#define SALESPULSE_SRC_STATISTICS_BOOST_POLICY_HPP

#include <boost/math/policies/policy.hpp>

namespace salespulse {

/// How we call Boost.Math: in double throughout, since its promotion to long double costs 4 to 13
/// times and gains nothing here, and without exceptions or errno. What overflows comes back as
/// infinity and what has no value as NaN: the caller looks before passing it on.
using plain_double = boost::math::policies::policy<
    boost::math::policies::promote_double<false>,
    boost::math::policies::domain_error<boost::math::policies::ignore_error>,
    boost::math::policies::pole_error<boost::math::policies::ignore_error>,
    boost::math::policies::overflow_error<boost::math::policies::ignore_error>,
    boost::math::policies::underflow_error<boost::math::policies::ignore_error>,
    boost::math::policies::evaluation_error<boost::math::policies::ignore_error>>;

}  // namespace salespulse
#endif
