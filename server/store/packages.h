#pragma once

#include "common/result.h"
#include "server/store/reports.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace initscan::server {

inline constexpr std::size_t kMaxSearchRows = 10'000;      // of one page
inline constexpr std::size_t kMaxSearchBytes = 4 << 20;    // of its texts
inline constexpr std::size_t kMaxStoredPackages = 50'000;  // of one SBOM

/// Keeps what an SBOM of the store lists, so that it can be searched for. In a transaction.
Result<void> add_packages(Database& database, const std::string& cluster, std::int64_t sbom,
                          const std::vector<StoredPackage>& packages);

/// What an SBOM with its packages takes in the store of a cluster: what is packed, and each package in a table and
/// three indexes, of which each holds the whole row.
std::int64_t cost_of(const std::string& cluster, const StoredSbom& sbom);

// A package in an image that was reported.
struct PackageRow {
  std::string digest;
  std::string reference;
  std::string namespace_;  // from which it was reported
  StoredPackage package;
  std::chrono::sys_seconds reported_at;  // the last time
};

// Where a package is: by image and namespace, images whole.
struct PackagePage {
  std::vector<PackageRow> rows;
  std::string next;  // the digest behind which it goes on; "": this is all
};

/// Where a package of this name, long or short, or of this source package's name, is, in the images behind the digest
/// `after`. Errors: unsupported - one image has it in more places than a page holds; as of Database::execute().
Result<PackagePage> find_package(Database& database, const View& view, const std::string& name,
                                 const std::string& after, std::size_t most_images);

/// How many images hold, or may hold, what no search for a package finds: those whose SBOMs list more than is kept of
/// them, and those without one. Errors: as of Database::execute().
Result<std::int64_t> images_not_searched(Database& database, const View& view);

}  // namespace initscan::server
