#include "initscan/match/ecosystem.h"

namespace initscan {
namespace {

// "3.20.3" -> "3.20" for two fields; "" where there are fewer.
std::string leading_fields(const std::string& version, int fields) {
  std::size_t end = 0;
  for (; fields > 0; --fields) {
    if (end > version.size()) return {};
    end = version.find('.', end);
    if (end == version.npos) end = version.size();
    ++end;
  }
  return version.substr(0, end - 1);
}

}  // namespace

std::string ecosystem_of(PackageType type, const OsRelease& os) {
  if (type == PackageType::deb && os.id == "debian" && !os.version_id.empty()) {
    return "Debian:" + leading_fields(os.version_id, 1);
  }
  if (type == PackageType::apk && os.id == "alpine") {
    const std::string release = leading_fields(os.version_id, 2);
    return release.empty() ? release : "Alpine:v" + release;
  }
  return {};
}

}  // namespace initscan
