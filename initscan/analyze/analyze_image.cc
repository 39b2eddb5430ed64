#include "initscan/analyze/analyzer.h"
#include "initscan/analyze/traversal.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace initscan {
namespace {

// What package managers leave next to their database.
struct Trace {
  const char* path;
  PackageType type;
  bool of_database;  // only there where packages were installed; the others are of the program, which others bring, too
};
constexpr std::array<Trace, 29> kTraces{{{"lib/apk/db/triggers", PackageType::apk, true},
                                         {"lib/apk/db/scripts.tar", PackageType::apk, true},
                                         {"lib/apk/db/scripts.tar.gz", PackageType::apk, true},
                                         {"usr/lib/apk/db/triggers", PackageType::apk, true},
                                         {"usr/lib/apk/db/scripts.tar", PackageType::apk, true},
                                         {"usr/lib/apk/db/scripts.tar.gz", PackageType::apk, true},
                                         {"etc/apk/world", PackageType::apk, true},
                                         {"etc/alpine-release", PackageType::apk, true},
                                         {"sbin/apk", PackageType::apk, false},
                                         {"usr/sbin/apk", PackageType::apk, false},
                                         {"var/lib/dpkg/status-old", PackageType::deb, true},
                                         {"var/lib/dpkg/info", PackageType::deb, false},
                                         {"var/lib/dpkg/available", PackageType::deb, false},
                                         {"var/lib/dpkg/updates", PackageType::deb, false},
                                         {"var/lib/dpkg/triggers", PackageType::deb, false},
                                         {"var/lib/apt/extended_states", PackageType::deb, true},
                                         {"etc/debian_version", PackageType::deb, false},
                                         {"etc/dpkg", PackageType::deb, false},
                                         {"usr/bin/dpkg", PackageType::deb, false},
                                         {"var/lib/dnf/history.sqlite", PackageType::rpm, true},
                                         {"usr/lib/sysimage/libdnf5", PackageType::rpm, true},
                                         {"var/lib/rpm-state", PackageType::rpm, false},
                                         {"etc/redhat-release", PackageType::rpm, false},
                                         {"etc/system-release-cpe", PackageType::rpm, false},
                                         {"usr/lib/rpm/macros.d/macros.dist", PackageType::rpm, false},
                                         {"etc/yum.repos.d", PackageType::rpm, false},
                                         {"etc/zypp", PackageType::rpm, false},
                                         {"etc/tdnf", PackageType::rpm, false},
                                         {"usr/bin/rpm", PackageType::rpm, false}}};

bool has_database(const Inventory& inventory, PackageType type) {
  return std::any_of(inventory.databases.begin(), inventory.databases.end(),
                     [type](const Database& database) { return database.type == type; });
}

// A distribution's own images have its package database: one without was tampered with, or slimmed down
// until what is in it cannot be known.
void demand_database(Inventory& inventory) {
  const Distribution* const distribution = find_distribution(inventory.os.id);
  if (distribution == nullptr || !find_ecosystem(distribution->type)->is_collected) return;
  if (has_database(inventory, distribution->type)) return;
  inventory.incomplete.push_back("os-release says " + inventory.os.id + ", but there is no package database" +
                                 (inventory.databases.empty() ? "" : " of that distribution"));
}

// A package manager was here, and what it knew of the image is gone.
void look_for_traces(const ImageFiles& files, Inventory& inventory) {
  const bool has_any = !inventory.databases.empty();
  for (const Trace& trace : kTraces) {
    if (has_database(inventory, trace.type) || (has_any && !trace.of_database)) continue;
    const auto exists = files.exists(trace.path);
    if (!exists || !*exists) continue;
    inventory.incomplete.push_back(std::string(trace.path) + ": is left over from " +
                                   std::string(find_ecosystem(trace.type)->manager) +
                                   ", whose package database is gone");
    return;
  }
}

}  // namespace

Sbom analyze_image(const ImageFiles& files, const Analyzers& analyzers) {
  Inventory inventory;
  for (const auto& analyzer : analyzers) analyzer->look_up(files, inventory);
  // From here on every package database that has a place of its own is read, or its gap is noted.
  Coverage coverage = traverse(files, analyzers, inventory);
  // From here on every file was met, and shown to whoever wanted it; what was not is counted.
  demand_database(inventory);
  look_for_traces(files, inventory);
  // From here on the gaps that the image itself gives away are noted, too.

  Sbom sbom;
  sbom.os = std::move(inventory.os);
  sbom.packages = std::move(inventory.packages);
  sbom.coverage = std::move(coverage);
  sbom.coverage.incomplete = std::move(inventory.incomplete);
  sbom.coverage.unmatched = std::move(inventory.unmatched);
  put_in_order(sbom.packages);
  return sbom;
}

}  // namespace initscan
