#pragma once

#include "initscan/model/package.h"
#include "initscan/model/sbom.h"

#include <string>

namespace initscan {

/// What OSV calls the distribution release that packages of a kind come from: "Debian:12", "Alpine:v3.20".
/// "" where os-release does not say it, or where packages of this kind are not that distribution's own.
std::string ecosystem_of(PackageType type, const OsRelease& os);

}  // namespace initscan
