#pragma once

#include "initscan/model/package.h"

#include <cstdint>
#include <string>
#include <vector>

namespace initscan {

// The fields of os-release(5) that say which advisories apply; empty where the file says nothing.
struct OsRelease {
  std::string id;                // "debian"
  std::string version_id;        // "12", "3.20.3"
  std::string version_codename;  // "bookworm"
  std::string pretty_name;       // for people

  bool operator==(const OsRelease&) const = default;
};

// What the collector could and could not see. A scan that is not complete never reads as clean.
struct Coverage {
  std::uint64_t files_seen = 0;    // directory entries visited
  std::uint64_t unreadable = 0;    // directories and wanted files that could not be opened or read
  std::uint64_t other_mounts = 0;  // mount points that were not entered (/proc, /sys, volumes)
  std::uint64_t unsupported = 0;   // components of an SBOM whose ecosystems are not matched
  bool truncated = false;          // a limit ended the walk early

  // One sentence for each analyzer that failed or database that should be there and is not:
  // "var/lib/dpkg/status: 7: field without a colon". Not empty means: cannot be decided.
  std::vector<std::string> incomplete;

  // One sentence for what is there and of a kind that is not matched: "nix/store: a Nix store", "7 components of
  // types that are not matched: npm 7".
  std::vector<std::string> unmatched{};

  bool is_stated = false;  // whether it is known what was seen: an SBOM of another tool does not say

  bool operator==(const Coverage&) const = default;
};

// What an image holds: the interface between collecting and deciding (CycloneDX 1.6 when written).
// Packages are sorted by type, name, version, architecture, path.
struct Sbom {
  OsRelease os;
  std::vector<Package> packages;
  Coverage coverage;
  std::string confinement;  // how the collector was confined: "seccomp+landlock", "seccomp", "" when not said

  bool operator==(const Sbom&) const = default;
};

}  // namespace initscan
