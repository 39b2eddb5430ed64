#pragma once

#include "common/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace initscan::injector {

/// A Kubernetes resource quantity in thousandths of its unit, rounded up: "100m" is 100, "1" is 1000, "1Ki" is
/// 1,024,000. Values beyond the range end at its limit.
/// Source: apimachinery, api/resource: decimal SI and binary suffixes, or a decimal exponent.
/// Errors: malformed.
Result<std::int64_t> parse_quantity(std::string_view text);

/// Ends at the range's limit, as parse_quantity does. Neither is negative.
std::int64_t add_quantities(std::int64_t one, std::int64_t other);

/// The shortest usual form: "50m", "2", "64Mi".
std::string format_cpu(std::int64_t thousandths);
std::string format_bytes(std::int64_t thousandths);

}  // namespace initscan::injector
