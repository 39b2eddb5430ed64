#include "initscan/analyze/apk_analyzer.h"

#include "initscan/analyze/apk_db.h"

#include <optional>

namespace initscan {

void ApkAnalyzer::analyze(const ImageFiles& files, Inventory& inventory) const {
  std::optional<std::string> first;
  for (const std::string path : {"lib/apk/db/installed", "usr/lib/apk/db/installed"}) {
    auto text = files.read(path, kMaxDatabaseBytes);
    if (text && !text->has_value()) continue;
    if (text && *text == first) continue;  // where /lib is a link to usr/lib the two are one file
    inventory.databases.push_back({PackageType::apk, path});
    const std::size_t before = inventory.packages.size();
    if (!text) {
      inventory.incomplete.push_back(path + ": " + text.error().text);
      continue;
    }
    if (auto parsed = parse_apk_db(**text, path, inventory.packages); !parsed) {
      inventory.incomplete.push_back(path + ": " + parsed.error().text);
    } else if (inventory.packages.size() == before) {
      inventory.incomplete.push_back(path + ": is there and names no package");
    }
    first = std::move(*text);
  }
}

}  // namespace initscan
