#pragma once

#include "initscan/model/package.h"
#include "initscan/model/sbom.h"

#include <cstddef>
#include <string>

namespace initscan {

// How long the fields of a package and of a release may be. Package managers name files after a package, its version
// and its architecture, and no file's name is longer than 255 bytes. Each finding repeats its package, and each
// package of a report the release: without these a single long one would be copied as often as it has
// vulnerabilities.
inline constexpr std::size_t kMaxNameBytes = 255;     // of a package or of its source
inline constexpr std::size_t kMaxVersionBytes = 255;  // of a package or of its source
inline constexpr std::size_t kMaxArchitectureBytes = 64;
inline constexpr std::size_t kMaxPathBytes = 1024;
inline constexpr std::size_t kMaxModuleBytes = 255;
inline constexpr std::size_t kMaxReleaseBytes = 255;  // an id, a version, a codename

/// Which field is longer than that: "its version is longer than 255 bytes"; "" where none is.
std::string too_long_in(const Package& package);
std::string too_long_in(const OsRelease& os);

}  // namespace initscan
