#include "initscan/analyze/analyzer.h"
#include "initscan/analyze/apk_analyzer.h"
#include "initscan/analyze/dpkg_analyzer.h"
#include "initscan/analyze/foreign_databases.h"
#include "initscan/analyze/os_release.h"
#include "initscan/analyze/rpm_analyzer.h"

namespace initscan {

// In the order of a report. Nothing else is in this file: a test that plants an analyzer has its own.
Analyzers all_analyzers() {
  Analyzers all;
  all.push_back(std::make_unique<OsReleaseAnalyzer>());
  all.push_back(std::make_unique<DpkgAnalyzer>());
  all.push_back(std::make_unique<ApkAnalyzer>());
  all.push_back(std::make_unique<RpmAnalyzer>());
  all.push_back(std::make_unique<ForeignDatabases>());
  return all;
}

}  // namespace initscan
