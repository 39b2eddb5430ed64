#pragma once

#include "initscan/model/sbom.h"
#include "initscan/sbom/purl.h"

#include <string>
#include <string_view>
#include <vector>

namespace initscan {

/// A distribution and its release as a tool spells them, in the words of os-release: "Alpine Linux" and "v3.17.1" are
/// alpine 3.17.1; "debian" and "12 (bookworm)" or "bookworm" are debian 12. What is not known stays as it is.
OsRelease named_release(std::string_view name, std::string_view version);

/// What a purl says of the release that its package is of: one for each of its parts that says anything, without a
/// version where that says none. `distro=debian-12` (Syft, ours), `distro=3.17.1` (Trivy), `distro=bookworm`,
/// `os_name=alpine&os_version=3.17.1` and `os_distro=bookworm` (Docker Scout).
std::vector<OsRelease> releases_of(const Purl& purl);

/// "debian 12", "debian"; for people.
std::string in_words(const OsRelease& os);

}  // namespace initscan
