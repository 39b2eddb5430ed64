#pragma once

#include "initscan/model/ecosystems.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

namespace initscan {

// One installed package, as its database says it.
struct Package {
  PackageType type = PackageType::unknown;
  std::string name;
  std::string version;         // the installed binary package's, complete: "1:2.38.1-5+b1"
  std::string architecture;    // as the database spells it: "amd64", "x86_64"
  std::string source_name;     // advisories speak of it; equal to name where the database says nothing
  std::string source_version;  // equal to version where the database says nothing
  std::string path;            // the database file inside the image, without a leading slash
  std::string module{};        // of an rpm package, as its header has it: "nodejs:18:8060020220523:ad008a3a"; "": none

  bool operator==(const Package&) const = default;
};

// The order in which an Sbom has its packages.
inline bool precedes(const Package& a, const Package& b) {
  return std::tie(a.type, a.name, a.version, a.architecture, a.path) <
         std::tie(b.type, b.name, b.version, b.architecture, b.path);
}

/// Into that order; what is given twice is one package.
inline void put_in_order(std::vector<Package>& packages) {
  std::sort(packages.begin(), packages.end(), [](const Package& a, const Package& b) {
    return std::tie(a.type, a.name, a.version, a.architecture, a.path, a.source_name, a.source_version, a.module) <
           std::tie(b.type, b.name, b.version, b.architecture, b.path, b.source_name, b.source_version, b.module);
  });
  packages.erase(std::unique(packages.begin(), packages.end()), packages.end());
}

}  // namespace initscan
