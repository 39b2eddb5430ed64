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

/// One sentence for each package that belongs to another release than os-release says: os-release is the image's own
/// word, and which advisories are asked hangs on it.
std::vector<std::string> contradictions_of(const Sbom& sbom);

}  // namespace initscan
