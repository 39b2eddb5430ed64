#include "initscan/version/version.h"

namespace initscan {

// An order that is not listed here does not compile.
std::optional<int> compare_versions(VersionOrder order, std::string_view a, std::string_view b) {
  switch (order) {
    case VersionOrder::deb: return compare_deb_versions(a, b);
    case VersionOrder::apk2:
    case VersionOrder::apk3: return compare_apk_versions(order, a, b);
    case VersionOrder::rpm: return compare_rpm_versions(a, b);
    case VersionOrder::generic: return compare_generic_versions(a, b);
    case VersionOrder::cargo: return compare_cargo_versions(a, b);
    case VersionOrder::composer: return compare_composer_versions(a, b);
    case VersionOrder::gem: return compare_gem_versions(a, b);
    case VersionOrder::golang: return compare_go_versions(a, b);
    case VersionOrder::hex: return compare_hex_versions(a, b);
    case VersionOrder::maven: return compare_maven_versions(a, b);
    case VersionOrder::npm: return compare_npm_versions(a, b);
    case VersionOrder::nuget: return compare_nuget_versions(a, b);
    case VersionOrder::pub: return compare_pub_versions(a, b);
    case VersionOrder::python: return compare_python_versions(a, b);
  }
  return std::nullopt;
}

bool is_version(VersionOrder order, std::string_view text) {
  switch (order) {
    case VersionOrder::deb: return is_deb_version(text);
    case VersionOrder::apk2:
    case VersionOrder::apk3: return is_apk_version(order, text);
    case VersionOrder::rpm: return is_rpm_version(text);
    case VersionOrder::generic: return is_generic_version(text);
    case VersionOrder::cargo: return is_cargo_version(text);
    case VersionOrder::composer: return is_composer_version(text);
    case VersionOrder::gem: return is_gem_version(text);
    case VersionOrder::golang: return is_go_version(text);
    case VersionOrder::hex: return is_hex_version(text);
    case VersionOrder::maven: return is_maven_version(text);
    case VersionOrder::npm: return is_npm_version(text);
    case VersionOrder::nuget: return is_nuget_version(text);
    case VersionOrder::pub: return is_pub_version(text);
    case VersionOrder::python: return is_python_version(text);
  }
  return false;
}

}  // namespace initscan
