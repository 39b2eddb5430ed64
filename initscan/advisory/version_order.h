#pragma once

#include "initscan/model/package.h"

#include <optional>
#include <string_view>

namespace initscan {

/// The order of versions in an ecosystem with a release ("Debian:12", "Alpine:v3.20"); nullopt for those that
/// are not matched.
std::optional<PackageType> version_order_of(std::string_view ecosystem);

}  // namespace initscan
