#include "initscan/version/version.h"

namespace initscan {

std::optional<int> compare_versions(VersionOrder order, std::string_view a, std::string_view b) {
  return order == VersionOrder::deb ? compare_deb_versions(a, b) : compare_apk_versions(order, a, b);
}

bool is_version(VersionOrder order, std::string_view text) {
  return order == VersionOrder::deb ? is_deb_version(text) : is_apk_version(order, text);
}

}  // namespace initscan
