#pragma once

#include "initscan/model/sbom.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace initscan {

/// When a distribution ends (or ended) the support of a release: of Debian its LTS, of Ubuntu its standard support.
/// nullopt for a release that is not known.
std::optional<std::chrono::sys_seconds> support_end_of(const OsRelease& os);

/// One sentence for each package that belongs to another release than os-release says, for the package of another
/// distribution's release where there is none of its own, and for packages that most are builds for another release:
/// os-release is the image's own word, and which advisories are asked hangs on it.
std::vector<std::string> contradictions_of(const Sbom& sbom);

}  // namespace initscan
