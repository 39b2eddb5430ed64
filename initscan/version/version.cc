#include "initscan/version/version.h"

namespace initscan {

// An order that is not listed here does not compile.
std::optional<int> compare_versions(VersionOrder order, std::string_view a, std::string_view b) {
  switch (order) {
    case VersionOrder::deb: return compare_deb_versions(a, b);
    case VersionOrder::apk2:
    case VersionOrder::apk3: return compare_apk_versions(order, a, b);
  }
  return std::nullopt;
}

bool is_version(VersionOrder order, std::string_view text) {
  switch (order) {
    case VersionOrder::deb: return is_deb_version(text);
    case VersionOrder::apk2:
    case VersionOrder::apk3: return is_apk_version(order, text);
  }
  return false;
}

}  // namespace initscan
