#include "initscan/match/ecosystem.h"

#include "initscan/version/debian_releases.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

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

int number_at(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// What will be a release is built from edge, and no advisories speak of it before it is one.
std::string alpine_release(const std::string& version) {
  if (version == "edge" || version.find('_') != version.npos) return "edge";
  const std::string release = leading_fields(version, 2);
  return release.empty() ? "" : 'v' + release;
}

// Of what brings apk into an image, the first that is installed: "apk-tools" "3.0.1-r0".
std::optional<int> apk_tools_in(const Sbom& sbom) {
  for (const std::string_view name : {"apk-tools", "libapk", "apk-tools-static"}) {
    const auto found = std::find_if(sbom.packages.begin(), sbom.packages.end(), [&](const Package& package) {
      return package.type == PackageType::apk && package.name == name;
    });
    if (found != sbom.packages.end()) return number_at(found->version);
  }
  return std::nullopt;
}

VersionOrder apk_order(const Sbom& sbom, std::string_view release) {
  constexpr int kNewApk = 3;
  constexpr int kMajor = 3;
  constexpr int kFirstMinor = 23;  // Alpine 3.23 came with apk-tools 3
  if (const auto apk = apk_tools_in(sbom)) return *apk >= kNewApk ? VersionOrder::apk3 : VersionOrder::apk2;
  if (release == "edge") return VersionOrder::apk3;
  const std::string_view version = release.substr(std::min<std::size_t>(release.size(), 1));  // behind the v
  const int major = number_at(version);
  const std::size_t point = std::min(version.find('.'), version.size());
  const int minor = point == version.size() ? 0 : number_at(version.substr(point + 1));
  const bool is_new = major > kMajor || (major == kMajor && minor >= kFirstMinor);
  return is_new ? VersionOrder::apk3 : VersionOrder::apk2;
}

}  // namespace

EcosystemOfImage ecosystem_of(PackageType type, const Sbom& sbom) {
  const OsRelease& os = sbom.os;
  if (type == PackageType::deb && os.id == "debian") {
    // What is not released yet has no VERSION_ID.
    const std::string release =
        os.version_id.empty() ? std::string(debian_number(os.version_codename)) : leading_fields(os.version_id, 1);
    if (!release.empty()) return {"Debian:" + release, "Debian", VersionOrder::deb};
  }
  if (type == PackageType::apk && os.id == "alpine") {
    const std::string release = alpine_release(os.version_id);
    if (!release.empty()) return {"Alpine:" + release, "Alpine", apk_order(sbom, release)};
  }
  return {};
}

}  // namespace initscan
