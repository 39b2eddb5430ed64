#pragma once

#include "initscan/model/sbom.h"
#include "initscan/sbom/purl.h"

#include <string>
#include <utility>
#include <vector>

namespace initscan {

// The releases that the purls of a document name.
class NamedReleases {
 public:
  /// `at`: the place of its component, for people.
  void add(const Purl& purl, const std::string& at);

  /// Where no component is the operating system the first purl says it. Every other has to say the same: which
  /// advisories are asked hangs on it.
  void conclude(Sbom& sbom) const;

 private:
  std::vector<std::pair<OsRelease, std::string>> distros_;
};

}  // namespace initscan
