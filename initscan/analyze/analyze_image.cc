#include "initscan/analyze/analyzer.h"
#include "initscan/analyze/apk_analyzer.h"
#include "initscan/analyze/dpkg_analyzer.h"
#include "initscan/analyze/foreign_databases.h"
#include "initscan/analyze/os_release.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace initscan {
namespace {

// A distribution's own images have its package database: one without was tampered with, or slimmed down
// until nobody can say what is in it.
void demand_database(Inventory& inventory) {
  constexpr std::array<std::string_view, 3> kWithDatabase{"debian", "ubuntu", "alpine"};
  const bool expected = std::find(kWithDatabase.begin(), kWithDatabase.end(), inventory.os.id) != kWithDatabase.end();
  if (!expected || !inventory.databases.empty()) return;
  inventory.incomplete.push_back("os-release says " + inventory.os.id + ", and there is no package database");
}

}  // namespace

std::vector<std::unique_ptr<Analyzer>> all_analyzers() {
  std::vector<std::unique_ptr<Analyzer>> all;
  all.push_back(std::make_unique<OsReleaseAnalyzer>());
  all.push_back(std::make_unique<DpkgAnalyzer>());
  all.push_back(std::make_unique<ApkAnalyzer>());
  all.push_back(std::make_unique<ForeignDatabases>());
  return all;
}

Sbom analyze_image(const ImageFiles& files) {
  Inventory inventory;
  for (const auto& analyzer : all_analyzers()) analyzer->analyze(files, inventory);
  demand_database(inventory);

  Sbom sbom;
  sbom.os = std::move(inventory.os);
  sbom.packages = std::move(inventory.packages);
  sbom.coverage.incomplete = std::move(inventory.incomplete);
  std::sort(sbom.packages.begin(), sbom.packages.end(), [](const Package& a, const Package& b) {
    return std::tie(a.type, a.name, a.version, a.architecture, a.path) <
           std::tie(b.type, b.name, b.version, b.architecture, b.path);
  });
  return sbom;
}

}  // namespace initscan
