#pragma once

#include "initscan/model/advisory.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

/// The versions that none of these requirements takes, as stretches in the order of versions: of the ones that are
/// repaired or never were affected, those that are. Requirements are as Cargo reads them: ">= 0.7.4, < 0.8.0",
/// "^0.1", "~1.2.3", "=1.0.0", "< 300.0".
/// nullopt where one of them is not understood.
/// Source: doc.rust-lang.org/cargo, "Specifying Dependencies"; github.com/rustsec/rustsec, the ranges of an advisory.
std::optional<std::vector<VersionRange>> versions_outside(const std::vector<std::string_view>& requirements);

}  // namespace initscan
