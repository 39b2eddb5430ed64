#pragma once

#include "initscan/model/package.h"
#include "initscan/model/sbom.h"
#include "initscan/version/version.h"

#include <string>

namespace initscan {

// Where the advisories for packages of one kind are found, and how their versions are compared.
struct EcosystemOfImage {
  std::string release;  // as OSV calls the distribution's release: "Debian:12", "Alpine:v3.20", "Alpine:edge"
  std::string family;   // advisories for all releases: "Debian"
  VersionOrder order = VersionOrder::deb;
};

/// The names are "" where os-release does not say the release, or where packages of this kind are not that
/// distribution's own. Alpine between two releases ("3.21.0_alpha20240807") is edge. apk's order is that of the apk
/// in the image; without one that of the release, which changed with 3.23.
EcosystemOfImage ecosystem_of(PackageType type, const Sbom& sbom);

}  // namespace initscan
