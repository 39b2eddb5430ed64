#include "initscan/analyze/apk_analyzer.h"

#include "initscan/analyze/apk_db.h"

namespace initscan {

void ApkAnalyzer::analyze(const ImageFiles& files, Inventory& inventory) const {
  // Where /lib is a link to usr/lib the two are one file, and the second is not read again.
  for (const std::string path : {"lib/apk/db/installed", "usr/lib/apk/db/installed"}) {
    const auto text = files.read(path, kMaxDatabaseBytes);
    if (text && !text->has_value()) continue;
    inventory.databases.push_back(path);
    if (!text) {
      inventory.incomplete.push_back(path + ": " + text.error().text);
    } else if (auto parsed = parse_apk_db(**text, path, inventory.packages); !parsed) {
      inventory.incomplete.push_back(path + ": " + parsed.error().text);
    }
    return;
  }
}

}  // namespace initscan
