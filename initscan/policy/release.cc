#include "initscan/policy/release.h"

#include "common/text/ascii.h"

#include <algorithm>
#include <string_view>

namespace initscan {
namespace {

std::string_view release_of(const Distribution& distribution, const OsRelease& os) {
  return release_number(distribution, os.version_id, os.version_codename);
}

bool is_release_package(const Package& package, const Distribution& distribution) {
  const auto& names = distribution.release_packages;
  return package.type == distribution.type && std::find(names.begin(), names.end(), package.name) != names.end();
}

// The release that a package is of by its own version: "12.4+deb12u5" of base-files, "3.20.3-r0" of alpine-release.
// "" where it tells none.
std::string_view release_told_by(const Package& package, const Distribution& distribution) {
  if (!is_release_package(package, distribution)) return {};
  std::string_view version(package.version);
  if (const std::size_t epoch = version.find(':'); epoch != version.npos) version.remove_prefix(epoch + 1);
  return leading_fields(version.substr(0, version.find_first_not_of("0123456789.")), distribution.release_fields);
}

std::string said_by(const OsRelease& os) {
  return "os-release says " + os.id + ' ' + (os.version_id.empty() ? os.version_codename : os.version_id);
}

std::string called(const Package& package) {
  return package.name + ' ' + package.version;
}

// The package that tells the release of another distribution, where none tells its own.
void demand_own_release_package(const Sbom& sbom, const Distribution& own, std::vector<std::string>& sentences) {
  const auto tells = [&](const Distribution& distribution) {
    return std::find_if(sbom.packages.begin(), sbom.packages.end(),
                        [&](const Package& package) { return is_release_package(package, distribution); });
  };
  if (own.release_packages.empty() || tells(own) != sbom.packages.end()) return;
  for (const Distribution& other : distributions()) {
    if (other.type != own.type) continue;
    const auto package = tells(other);
    if (package == sbom.packages.end()) continue;
    sentences.push_back(said_by(sbom.os) + ", and its package " + called(*package) + " is of " + std::string(other.id));
    return;
  }
}

// "8" of "2.32.1-42.el8_8" and the mark "el"; "" where a version has no such mark.
std::string_view release_in_mark(std::string_view version, std::string_view mark) {
  for (std::size_t at = version.find(mark); at != version.npos; at = version.find(mark, at + 1)) {
    const std::string_view number = version.substr(at + mark.size());
    const std::size_t digits = std::min(number.find_first_not_of("0123456789"), number.size());
    if (at > 0 && !is_alphanumeric(version[at - 1]) && digits > 0) return number.substr(0, digits);
  }
  return {};
}

bool is_known_release(std::string_view number, const Distribution& distribution) {
  return std::any_of(distribution.releases.begin(), distribution.releases.end(),
                     [&](const DistributionRelease& release) { return leading_fields(release.number, 1) == number; });
}

// Most packages are builds for the release that they are part of; a few of another one are there in many images.
void compare_with_builds(const Sbom& sbom, const Distribution& distribution, std::vector<std::string>& sentences) {
  if (distribution.build_mark.empty() || sbom.os.version_id.empty()) return;
  const std::string_view own = leading_fields(sbom.os.version_id, 1);
  std::size_t own_builds = 0;
  std::size_t others = 0;
  const Package* first = nullptr;
  for (const Package& package : sbom.packages) {
    if (package.type != distribution.type) continue;
    const std::string_view release = release_in_mark(package.version, distribution.build_mark);
    if (release == own) ++own_builds;
    if (release == own || !is_known_release(release, distribution)) continue;
    if (others++ == 0) first = &package;
  }
  if (others <= own_builds) return;
  sentences.push_back(said_by(sbom.os) + ", and most of its packages are builds for another release, such as " +
                      called(*first));
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
    sentences.push_back(said_by(sbom.os) + ", and its package " + called(package) + " is of " + std::string(told));
  }
  demand_own_release_package(sbom, *distribution, sentences);
  if (sentences.empty()) compare_with_builds(sbom, *distribution, sentences);
  return sentences;
}

}  // namespace initscan
