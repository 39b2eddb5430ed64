#pragma once

#include "common/result.h"
#include "initscan/analyze/rpm_header.h"
#include "initscan/model/package.h"

#include <optional>
#include <string_view>

namespace initscan {

/// The package that a header is of; nullopt for a key that signatures are checked with: rpm keeps those among its
/// packages. `path`: the database. Errors: malformed - no name, version or release, or one that is none; over_limit -
/// a field that is longer than any (model/package_limits.h).
Result<std::optional<Package>> package_of_rpm(const RpmHeader& header, std::string_view path);

}  // namespace initscan
