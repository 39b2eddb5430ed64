#pragma once

#include "initscan/model/package.h"
#include "initscan/model/sbom.h"
#include "initscan/version/version.h"

#include <optional>
#include <string>
#include <vector>

namespace initscan {

// Where the advisories for packages of one kind are found, and how their versions are compared.
struct EcosystemOfImage {
  std::string release;  // as OSV calls the distribution's release: "Debian:12", "Alpine:v3.20", "Alpine:edge", "Wolfi"
  std::string family;   // advisories for all releases: "Debian"; "" where there are no releases
  VersionOrder order;
};

/// nullopt where nothing says how packages of this kind are matched, where os-release does not say the release, and
/// where they are not that distribution's own. A distribution between two releases ("3.21.0_alpha20240807") is what
/// comes before each. Of several orders that of the package manager in the image holds; without one that of the
/// release.
std::optional<EcosystemOfImage> ecosystem_of(PackageType type, const Sbom& sbom);

/// Whose advisories an image's packages need, without releases: "Debian", "PyPI". Sorted.
std::vector<std::string> needed_by(const Sbom& sbom);

}  // namespace initscan
