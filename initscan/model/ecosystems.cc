#include "initscan/model/ecosystems.h"

#include "common/text/ascii.h"

#include <algorithm>
#include <array>

namespace initscan {
namespace {

using namespace std::literals;

// Source: wiki.debian.org/DebianReleases, and wiki.debian.org/LTS for the last days.
constexpr std::array kDebianReleases = {
    DistributionRelease{"2.2", "potato"},
    DistributionRelease{"3.0", "woody"},
    DistributionRelease{"3.1", "sarge"},
    DistributionRelease{"4", "etch"},
    DistributionRelease{"5", "lenny"},
    DistributionRelease{"6", "squeeze", 2016y / 2 / 29},
    DistributionRelease{"7", "wheezy", 2018y / 5 / 31},
    DistributionRelease{"8", "jessie", 2020y / 6 / 30},
    DistributionRelease{"9", "stretch", 2022y / 6 / 30},
    DistributionRelease{"10", "buster", 2024y / 6 / 30},
    DistributionRelease{"11", "bullseye", 2026y / 8 / 31},
    DistributionRelease{"12", "bookworm", 2028y / 6 / 30},
    DistributionRelease{"13", "trixie", 2030y / 6 / 30},
    DistributionRelease{"14", "forky"},
};

// Source: alpinelinux.org/releases; where it names a month, about its end.
constexpr std::array kAlpineReleases = {
    DistributionRelease{"3.0", "", 2016y / 5 / 1},   DistributionRelease{"3.1", "", 2016y / 11 / 1},
    DistributionRelease{"3.2", "", 2017y / 5 / 1},   DistributionRelease{"3.3", "", 2017y / 11 / 1},
    DistributionRelease{"3.4", "", 2018y / 5 / 1},   DistributionRelease{"3.5", "", 2018y / 11 / 1},
    DistributionRelease{"3.6", "", 2019y / 5 / 1},   DistributionRelease{"3.7", "", 2019y / 11 / 1},
    DistributionRelease{"3.8", "", 2020y / 5 / 1},   DistributionRelease{"3.9", "", 2020y / 11 / 1},
    DistributionRelease{"3.10", "", 2021y / 5 / 1},  DistributionRelease{"3.11", "", 2021y / 11 / 1},
    DistributionRelease{"3.12", "", 2022y / 5 / 1},  DistributionRelease{"3.13", "", 2022y / 11 / 1},
    DistributionRelease{"3.14", "", 2023y / 5 / 1},  DistributionRelease{"3.15", "", 2023y / 11 / 1},
    DistributionRelease{"3.16", "", 2024y / 5 / 23}, DistributionRelease{"3.17", "", 2024y / 11 / 22},
    DistributionRelease{"3.18", "", 2025y / 5 / 9},  DistributionRelease{"3.19", "", 2025y / 11 / 1},
    DistributionRelease{"3.20", "", 2026y / 4 / 1},  DistributionRelease{"3.21", "", 2026y / 11 / 1},
    DistributionRelease{"3.22", "", 2027y / 5 / 1},  DistributionRelease{"3.23", "", 2027y / 11 / 1},
};

// Source: ubuntu.com/about/release-cycle, standard support; where it names a month, about its end.
constexpr std::array kUbuntuReleases = {
    DistributionRelease{"14.04", "", 2019y / 4 / 25}, DistributionRelease{"16.04", "", 2021y / 4 / 30},
    DistributionRelease{"18.04", "", 2023y / 5 / 31}, DistributionRelease{"20.04", "", 2025y / 5 / 31},
    DistributionRelease{"22.04", "", 2027y / 4 / 30}, DistributionRelease{"24.04", "", 2029y / 5 / 31},
};

constexpr std::array kDebOrders = {DatedOrder{VersionOrder::deb}};
constexpr std::array kApkOrders = {DatedOrder{VersionOrder::apk2}, DatedOrder{VersionOrder::apk3, 3, "3.23"}};
constexpr std::array kApkPackages = {"apk-tools"sv, "libapk"sv, "apk-tools-static"sv};

constexpr std::array kEcosystems = {
    Ecosystem{.type = PackageType::deb,
              .purl_type = "deb",
              .manager = "dpkg",
              .has_lower_case_names = true,
              .sources = SourceRule::debian,
              .orders = kDebOrders},
    Ecosystem{.type = PackageType::apk,
              .purl_type = "apk",
              .manager = "apk",
              .has_lower_case_names = true,
              .first_name_marks = "._",  // of virtual packages: ".build-deps"
              .orders = kApkOrders,
              .manager_packages = kApkPackages},
};

constexpr std::array kDebianNames = {"debian gnu/linux"sv, "debian linux"sv};
constexpr std::array kDebianPackages = {"base-files"sv};
constexpr std::array kAlpineNames = {"alpine linux"sv};
constexpr std::array kAlpinePackages = {"alpine-release"sv, "alpine-base"sv};
constexpr std::array kUbuntuNames = {"ubuntu linux"sv};

constexpr std::array kDistributions = {
    Distribution{.id = "debian",
                 .type = PackageType::deb,
                 .osv_name = "Debian",
                 .long_names = kDebianNames,
                 .version_file = "etc/debian_version",
                 .release_packages = kDebianPackages,
                 .releases = kDebianReleases},
    Distribution{.id = "alpine",
                 .type = PackageType::apk,
                 .osv_name = "Alpine",
                 .long_names = kAlpineNames,
                 .release_fields = 2,
                 .release_prefix = "v",
                 .rolling = "edge",
                 .version_file = "etc/alpine-release",
                 .release_packages = kAlpinePackages,
                 .releases = kAlpineReleases},
    Distribution{.id = "ubuntu",
                 .type = PackageType::deb,
                 .long_names = kUbuntuNames,
                 .release_fields = 2,
                 .releases = kUbuntuReleases},
};

// What could not be compared would be taken for clean.
static_assert(std::none_of(kEcosystems.begin(), kEcosystems.end(), [](const Ecosystem& e) { return e.orders.empty(); }),
              "an ecosystem without an order of its versions");
static_assert(std::all_of(kEcosystems.begin(), kEcosystems.end(),
                          [](const Ecosystem& e) {
                            return e.type != PackageType::unknown &&
                                   std::count_if(kEcosystems.begin(), kEcosystems.end(), [&](const Ecosystem& other) {
                                     return other.type == e.type || other.purl_type == e.purl_type;
                                   }) == 1;
                          }),
              "a kind of packages that has no name, or stands in two rows");
static_assert(std::all_of(kDistributions.begin(), kDistributions.end(),
                          [](const Distribution& d) {
                            return std::any_of(kEcosystems.begin(), kEcosystems.end(),
                                               [&](const Ecosystem& e) { return e.type == d.type; });
                          }),
              "a distribution whose packages are of no known kind");

template <class Rows, class Is>
auto find_row(const Rows& rows, Is is) -> decltype(rows.data()) {
  const auto found = std::find_if(rows.begin(), rows.end(), is);
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace

std::span<const Ecosystem> ecosystems() {
  return kEcosystems;
}

std::span<const Distribution> distributions() {
  return kDistributions;
}

const Ecosystem* find_ecosystem(PackageType type) {
  return find_row(kEcosystems, [&](const Ecosystem& ecosystem) { return ecosystem.type == type; });
}

const Ecosystem* find_purl_type(std::string_view purl_type) {
  return find_row(kEcosystems, [&](const Ecosystem& ecosystem) { return ecosystem.purl_type == purl_type; });
}

const Distribution* find_distribution(std::string_view id) {
  return find_row(kDistributions, [&](const Distribution& distribution) { return distribution.id == id; });
}

bool is_package_name(PackageType type, std::string_view text) {
  const Ecosystem* const ecosystem = find_ecosystem(type);
  if (ecosystem == nullptr || text.empty()) return false;
  const auto is_one_of = [](std::string_view marks, char c) {
    return is_alphanumeric(c) || marks.find(c) != marks.npos;
  };
  return is_one_of(ecosystem->first_name_marks, text.front()) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return is_one_of(ecosystem->name_marks, c); });
}

std::string_view to_string(PackageType type) {
  const Ecosystem* const ecosystem = find_ecosystem(type);
  return ecosystem == nullptr ? "unknown" : ecosystem->purl_type;
}

std::string_view number_of_codename(const Distribution& distribution, std::string_view codename) {
  if (codename.empty()) return {};
  const auto* const release =
      find_row(distribution.releases, [&](const DistributionRelease& known) { return known.codename == codename; });
  return release == nullptr ? std::string_view() : release->number;
}

std::string_view leading_fields(std::string_view version, std::size_t fields) {
  std::size_t end = 0;
  for (; fields > 0 && end != version.npos; --fields) end = version.find('.', end == 0 ? 0 : end + 1);
  return version.substr(0, end);
}

}  // namespace initscan
