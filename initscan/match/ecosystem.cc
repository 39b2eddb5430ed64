#include "initscan/match/ecosystem.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <string_view>
#include <utility>

namespace initscan {
namespace {

// "3.20" of a distribution that writes "v3.20", or its name for what is not released: "" where nothing says it.
std::string_view release_of(const Distribution& distribution, const OsRelease& os) {
  const std::string_view version = os.version_id;
  // What is not released yet has no VERSION_ID.
  if (version.empty()) return number_of_codename(distribution, os.version_codename);
  // What will be a release is built from that, and no advisories speak of it before it is one.
  const bool is_unreleased = version == distribution.rolling || version.find('_') != version.npos;
  if (!distribution.rolling.empty() && is_unreleased) return distribution.rolling;
  const auto points = static_cast<std::size_t>(std::count(version.begin(), version.end(), '.'));
  return points + 1 < distribution.release_fields ? "" : leading_fields(version, distribution.release_fields);
}

int number_at(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// "3.20" -> 3, 20
std::pair<int, int> numbers_of(std::string_view release) {
  const std::size_t point = release.find('.');
  return {number_at(release), point == release.npos ? 0 : number_at(release.substr(point + 1))};
}

// Of what brings the package manager into an image, the first that is installed: "apk-tools" "3.0.1-r0".
std::optional<int> manager_in(const Sbom& sbom, const Ecosystem& ecosystem) {
  for (const std::string_view name : ecosystem.manager_packages) {
    const auto found = std::find_if(sbom.packages.begin(), sbom.packages.end(), [&](const Package& package) {
      return package.type == ecosystem.type && package.name == name;
    });
    if (found != sbom.packages.end()) return number_at(found->version);
  }
  return std::nullopt;
}

VersionOrder order_in(const Sbom& sbom, const Ecosystem& ecosystem, bool is_rolling, std::string_view release) {
  VersionOrder order = ecosystem.orders.front().order;
  if (ecosystem.orders.size() == 1) return order;
  const auto manager = manager_in(sbom, ecosystem);
  for (const DatedOrder& later : ecosystem.orders.subspan(1)) {
    const bool holds =
        manager ? *manager >= later.manager : is_rolling || numbers_of(release) >= numbers_of(later.release);
    if (holds) order = later.order;
  }
  return order;
}

}  // namespace

std::optional<EcosystemOfImage> ecosystem_of(PackageType type, const Sbom& sbom) {
  const Ecosystem* const ecosystem = find_ecosystem(type);
  if (ecosystem == nullptr) return std::nullopt;
  if (!ecosystem->osv_name.empty()) {
    return EcosystemOfImage{std::string(ecosystem->osv_name), "", ecosystem->orders.front().order};
  }
  const Distribution* const distribution = find_distribution(sbom.os.id);
  if (distribution == nullptr || distribution->type != type || distribution->osv_name.empty()) return std::nullopt;
  std::string family(distribution->osv_name);
  if (distribution->has_one_ecosystem) {
    const VersionOrder order = order_in(sbom, *ecosystem, true, "");
    return EcosystemOfImage{std::move(family), "", order};
  }
  const std::string_view release = release_of(*distribution, sbom.os);
  if (release.empty()) return std::nullopt;
  const VersionOrder order = order_in(sbom, *ecosystem, release == distribution->rolling, release);
  return EcosystemOfImage{ecosystem_name(*distribution, release), std::move(family), order};
}

std::vector<std::string> needed_by(const Sbom& sbom) {
  std::set<PackageType> types;
  for (const Package& package : sbom.packages) types.insert(package.type);
  std::set<std::string> names;
  for (const PackageType type : types) {
    const auto ecosystem = ecosystem_of(type, sbom);
    if (ecosystem) names.insert(ecosystem->family.empty() ? ecosystem->release : ecosystem->family);
  }
  return {names.begin(), names.end()};
}

}  // namespace initscan
