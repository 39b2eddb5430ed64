#include "initscan/policy/release.h"

#include <algorithm>
#include <string_view>

namespace initscan {
namespace {

std::string_view release_of(const Distribution& distribution, const OsRelease& os) {
  return release_number(distribution, os.version_id, os.version_codename);
}

// The release that a package is of by its own version: "12.4+deb12u5" of base-files, "3.20.3-r0" of alpine-release.
// "" where it tells none.
std::string_view release_told_by(const Package& package, const Distribution& distribution) {
  const auto& names = distribution.release_packages;
  if (package.type != distribution.type || std::find(names.begin(), names.end(), package.name) == names.end()) {
    return {};
  }
  std::string_view version(package.version);
  if (const std::size_t epoch = version.find(':'); epoch != version.npos) version.remove_prefix(epoch + 1);
  return leading_fields(version.substr(0, version.find_first_not_of("0123456789.")), distribution.release_fields);
}

}  // namespace

std::optional<std::chrono::sys_seconds> support_end_of(const OsRelease& os) {
  const Distribution* const distribution = find_distribution(os.id);
  if (distribution == nullptr) return std::nullopt;
  const std::string_view number = release_of(*distribution, os);
  for (const DistributionRelease& release : distribution->releases) {
    if (release.number != number || !release.last_day.ok()) continue;
    return std::chrono::sys_days(release.last_day) + std::chrono::days(1);
  }
  return std::nullopt;
}

std::vector<std::string> contradictions_of(const Sbom& sbom) {
  const Distribution* const distribution = find_distribution(sbom.os.id);
  if (distribution == nullptr) return {};
  const std::string_view release = release_of(*distribution, sbom.os);
  std::vector<std::string> sentences;
  for (const Package& package : sbom.packages) {
    const std::string_view told = release_told_by(package, *distribution);
    if (told.empty() || release.empty() || told == release) continue;
    const std::string& said = sbom.os.version_id.empty() ? sbom.os.version_codename : sbom.os.version_id;
    sentences.push_back("os-release says " + sbom.os.id + ' ' + said + ", and its package " + package.name + ' ' +
                        package.version + " is of " + std::string(told));
  }
  return sentences;
}

}  // namespace initscan
