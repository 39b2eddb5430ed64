#include "initscan/version/version.h"

namespace initscan {

int compare_versions(PackageType type, std::string_view a, std::string_view b) {
  return type == PackageType::apk ? compare_apk_versions(a, b) : compare_deb_versions(a, b);
}

bool is_version(PackageType type, std::string_view text) {
  return type == PackageType::apk ? is_apk_version(text) : is_deb_version(text);
}

}  // namespace initscan
