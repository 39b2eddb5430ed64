#pragma once

#include "initscan/analyze/analyzer.h"

namespace initscan {

// Debian's package database: var/lib/dpkg/status, and var/lib/dpkg/status.d as distroless images have it.
// dpkg also keeps a list of files for each package: one that the database does not know shows that
// someone removed packages from the database, and the scan is incomplete.
class DpkgAnalyzer : public Analyzer {
 public:
  void look_up(const ImageFiles& files, Inventory& inventory) const override;
};

}  // namespace initscan
