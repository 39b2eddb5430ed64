#pragma once

#include "initscan/sbom/json_fields.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace initscan {

// One `name` and `value` of a list of properties.
using Property = std::pair<std::string_view, std::string_view>;

/// Those of the object whose fields these are. Errors: malformed, with the place.
Result<std::vector<Property>> properties_of(const JsonFields& fields, const std::string& place);

}  // namespace initscan
