#include "initscan/model/ecosystems.h"

#include "common/text/ascii.h"
#include "initscan/model/distribution_releases.h"

#include <algorithm>
#include <array>

namespace initscan {
namespace {

using namespace std::literals;

// Of an ecosystem that has but one order.
template <VersionOrder order>
constexpr std::array kOnly = {DatedOrder{order}};

constexpr std::array kApkOrders = {DatedOrder{VersionOrder::apk2}, DatedOrder{VersionOrder::apk3, 3, "3.23"}};
constexpr std::array kApkPackages = {"apk-tools"sv, "libapk"sv, "apk-tools-static"sv};

// Names, namespaces and which of them are the same: purl-spec, "Known types", and OSV's schema, "affected[].package".
// Where purls are written in lower case and the registry tells names by case, as Go's and npm's do, names are compared
// in any case: an advisory for a name that differs in nothing else is rare, a purl in lower case is not.
constexpr std::array kEcosystems = {
    Ecosystem{.type = PackageType::deb,
              .purl_type = "deb",
              .manager = "dpkg",
              .is_collected = true,
              .names = NameRule::lower_case,
              .sources = SourceRule::debian,
              .orders = kOnly<VersionOrder::deb>},
    Ecosystem{.type = PackageType::apk,
              .purl_type = "apk",
              .manager = "apk",
              .is_collected = true,
              .names = NameRule::lower_case,
              .first_name_marks = "._",  // of virtual packages: ".build-deps"
              .orders = kApkOrders,
              .manager_packages = kApkPackages},
    Ecosystem{.type = PackageType::rpm,
              .purl_type = "rpm",
              .manager = "rpm",
              .is_collected = true,
              .sources = SourceRule::also_installed,
              .orders = kOnly<VersionOrder::rpm>},
    Ecosystem{.type = PackageType::bitnami,
              .purl_type = "bitnami",
              .manager = "Bitnami",
              .names = NameRule::lower_case,
              .sources = SourceRule::none,
              .orders = kOnly<VersionOrder::generic>,
              .osv_name = "Bitnami"},
    Ecosystem{.type = PackageType::cargo,
              .purl_type = "cargo",
              .manager = "Cargo",
              .names = NameRule::crate,
              .name_marks = "-_",
              .sources = SourceRule::none,
              .orders = kOnly<VersionOrder::cargo>,
              .osv_name = "crates.io"},
    Ecosystem{.type = PackageType::composer,
              .purl_type = "composer",
              .manager = "Composer",
              .names = NameRule::lower_case,
              .name_space_mark = "/",
              .name_marks = "-._/",
              .sources = SourceRule::none,
              .orders = kOnly<VersionOrder::composer>,
              .osv_name = "Packagist"},
    Ecosystem{.type = PackageType::gem,
              .purl_type = "gem",
              .manager = "RubyGems",
              .name_marks = "-._",
              .sources = SourceRule::none,
              .orders = kOnly<VersionOrder::gem>,
              .osv_name = "RubyGems"},
    Ecosystem{.type = PackageType::golang,
              .purl_type = "golang",
              .manager = "Go",
              .names = NameRule::any_case,
              .name_space_mark = "/",
              .name_marks = "+-._~/",
              .sources = SourceRule::none,
              .orders = kOnly<VersionOrder::golang>,
              .osv_name = "Go"},
    Ecosystem{.type = PackageType::hex,
              .purl_type = "hex",
              .manager = "Hex",
              .names = NameRule::lower_case,
              .name_space_mark = "/",  // an organization's
              .name_marks = "_/",
              .sources = SourceRule::none,
              .orders = kOnly<VersionOrder::hex>,
              .osv_name = "Hex"},
    Ecosystem{.type = PackageType::maven,
              .purl_type = "maven",
              .manager = "Maven",
              .name_space_mark = ":",
              .name_marks = "-._:",
              .sources = SourceRule::none,
              .orders = kOnly<VersionOrder::maven>,
              .osv_name = "Maven"},
    Ecosystem{.type = PackageType::npm,
              .purl_type = "npm",
              .manager = "npm",
              .names = NameRule::any_case,
              .name_space_mark = "/",
              .name_marks = "-._~!'()*/@",
              .first_name_marks = "@-_~",
              .sources = SourceRule::none,
              .orders = kOnly<VersionOrder::npm>,
              .osv_name = "npm"},
    Ecosystem{.type = PackageType::nuget,
              .purl_type = "nuget",
              .manager = "NuGet",
              .names = NameRule::any_case,
              .name_marks = "-._",
              .first_name_marks = "_",
              .sources = SourceRule::none,
              .orders = kOnly<VersionOrder::nuget>,
              .osv_name = "NuGet"},
    Ecosystem{.type = PackageType::pub,
              .purl_type = "pub",
              .manager = "pub",
              .names = NameRule::lower_case,
              .name_marks = "_",
              .first_name_marks = "_",
              .sources = SourceRule::none,
              .orders = kOnly<VersionOrder::pub>,
              .osv_name = "Pub"},
    Ecosystem{.type = PackageType::pypi,
              .purl_type = "pypi",
              .manager = "pip",
              .names = NameRule::python,
              .name_marks = "-._",
              .sources = SourceRule::none,
              .orders = kOnly<VersionOrder::python>,
              .osv_name = "PyPI"},
};

constexpr std::array kDebianNames = {"debian gnu/linux"sv, "debian linux"sv};
constexpr std::array kDebianPackages = {"base-files"sv};
constexpr std::array kAlpineNames = {"alpine linux"sv};
constexpr std::array kAlpinePackages = {"alpine-release"sv, "alpine-base"sv};
constexpr std::array kUbuntuNames = {"ubuntu linux"sv};
constexpr std::array kRedHatNames = {"redhat"sv, "red hat"sv, "red hat enterprise linux"sv};
constexpr std::array kRedHatPackages = {"redhat-release"sv};
constexpr std::array kCentosNames = {"centos linux"sv, "centos stream"sv};
constexpr std::array kCentosPackages = {"centos-release"sv, "centos-stream-release"sv};
constexpr std::array kAlmaNames = {"alma"sv, "almalinux os"sv};
constexpr std::array kAlmaPackages = {"almalinux-release"sv};
constexpr std::array kRockyNames = {"rocky linux"sv, "rockylinux"sv};
constexpr std::array kRockyPackages = {"rocky-release"sv};
constexpr std::array kFedoraNames = {"fedora linux"sv};
constexpr std::array kFedoraPackages = {"fedora-release-common"sv};
constexpr std::array kAmazonNames = {"amazon"sv, "amazon linux"sv, "amazonlinux"sv};
constexpr std::array kAmazonPackages = {"system-release"sv};
constexpr std::array kOracleNames = {"oracle"sv, "oracle linux"sv, "oracle linux server"sv, "oraclelinux"sv};
constexpr std::array kOraclePackages = {"oraclelinux-release"sv};
constexpr std::array kSlesNames = {"suse"sv, "suse linux enterprise server"sv};
constexpr std::array kSlesPackages = {"sles-release"sv};
constexpr std::array kLeapNames = {"opensuse leap"sv, "opensuse.leap"sv};
constexpr std::array kLeapPackages = {"openSUSE-release"sv};
constexpr std::array kTumbleweedNames = {"opensuse tumbleweed"sv, "opensuse.tumbleweed"sv};
constexpr std::array kPhotonNames = {"photon os"sv, "vmware photon os"sv};
constexpr std::array kPhotonPackages = {"photon-release"sv};
constexpr std::array kAzureNames = {"azure linux"sv, "microsoft azure linux"sv};
constexpr std::array kAzurePackages = {"azurelinux-release"sv};
constexpr std::array kMarinerNames = {"cbl-mariner"sv, "common base linux mariner"sv};
constexpr std::array kMarinerPackages = {"mariner-release"sv};

// Ids: each distribution's os-release. Names: OSV's schema, "Defined Ecosystems"; of those that it does not have, as it
// would write them.
// The repositories that each installation has without asking for more; "{}" is the release.
// Source: security.access.redhat.com/data/metrics/repository-to-cpe.json; 6 and 7 had one for each kind of machine.
constexpr std::array kRedHatCpes = {"redhat:enterprise_linux:{}"sv, "redhat:enterprise_linux:{}::baseos"sv,
                                    "redhat:enterprise_linux:{}::appstream"sv, "redhat:enterprise_linux:{}::crb"sv,
                                    "redhat:enterprise_linux:{}::server"sv};

// What endoflife.date calls them; of two that are one release to their os-release, both.
constexpr std::array kDebianLifecycle = {"debian"sv};
constexpr std::array kAlpineLifecycle = {"alpine-linux"sv, "alpine"sv};
constexpr std::array kUbuntuLifecycle = {"ubuntu"sv};
constexpr std::array kRedHatLifecycle = {"rhel"sv};
constexpr std::array kCentosLifecycle = {"centos"sv, "centos-stream"sv};
constexpr std::array kAlmaLifecycle = {"almalinux"sv};
constexpr std::array kRockyLifecycle = {"rocky-linux"sv};
constexpr std::array kFedoraLifecycle = {"fedora"sv};
constexpr std::array kAmazonLifecycle = {"amazon-linux"sv};
constexpr std::array kOracleLifecycle = {"oracle-linux"sv};
constexpr std::array kSlesLifecycle = {"sles"sv};
constexpr std::array kLeapLifecycle = {"opensuse"sv};
constexpr std::array kAzureLifecycle = {"azure-linux"sv};

constexpr std::array kDistributions = {
    Distribution{.id = "debian",
                 .type = PackageType::deb,
                 .osv_name = "Debian",
                 .long_names = kDebianNames,
                 .version_file = "etc/debian_version",
                 .release_packages = kDebianPackages,
                 .releases = kDebianReleases,
                 .lifecycle_names = kDebianLifecycle,
                 .has_free_extension = true},
    Distribution{.id = "alpine",
                 .type = PackageType::apk,
                 .osv_name = "Alpine",
                 .long_names = kAlpineNames,
                 .release_fields = 2,
                 .release_prefix = "v",
                 .rolling = "edge",
                 .version_file = "etc/alpine-release",
                 .release_packages = kAlpinePackages,
                 .releases = kAlpineReleases,
                 .lifecycle_names = kAlpineLifecycle},
    Distribution{.id = "ubuntu",
                 .type = PackageType::deb,
                 .osv_name = "Ubuntu",
                 .has_flavours = true,
                 .long_names = kUbuntuNames,
                 .release_fields = 2,
                 .releases = kUbuntuReleases,
                 .lifecycle_names = kUbuntuLifecycle},
    Distribution{.id = "rhel",
                 .type = PackageType::rpm,
                 .osv_name = "Red Hat",
                 .long_names = kRedHatNames,
                 .release_packages = kRedHatPackages,
                 .build_mark = "el",
                 .releases = kRedHatReleases,
                 .lifecycle_names = kRedHatLifecycle,
                 .plain_cpes = kRedHatCpes},
    Distribution{.id = "centos",  // what Red Hat builds, built again, or before Red Hat does
                 .type = PackageType::rpm,
                 .osv_name = "Red Hat",
                 .long_names = kCentosNames,
                 .release_packages = kCentosPackages,
                 .build_mark = "el",
                 .releases = kCentosReleases,
                 .lifecycle_names = kCentosLifecycle,
                 .plain_cpes = kRedHatCpes},
    Distribution{.id = "almalinux",
                 .type = PackageType::rpm,
                 .osv_name = "AlmaLinux",
                 .long_names = kAlmaNames,
                 .release_packages = kAlmaPackages,
                 .build_mark = "el",
                 .releases = kAlmaReleases,
                 .lifecycle_names = kAlmaLifecycle},
    Distribution{.id = "rocky",
                 .type = PackageType::rpm,
                 .osv_name = "Rocky Linux",
                 .long_names = kRockyNames,
                 .release_packages = kRockyPackages,
                 .build_mark = "el",
                 .releases = kRockyReleases,
                 .lifecycle_names = kRockyLifecycle},
    Distribution{.id = "fedora",
                 .type = PackageType::rpm,
                 .osv_name = "Fedora",
                 .long_names = kFedoraNames,
                 .release_packages = kFedoraPackages,
                 .build_mark = "fc",
                 .releases = kFedoraReleases,
                 .lifecycle_names = kFedoraLifecycle},
    Distribution{.id = "amzn",
                 .type = PackageType::rpm,
                 .osv_name = "Amazon",
                 .long_names = kAmazonNames,
                 .release_packages = kAmazonPackages,
                 .build_mark = "amzn",
                 .releases = kAmazonReleases,
                 .lifecycle_names = kAmazonLifecycle},
    Distribution{.id = "ol",
                 .type = PackageType::rpm,
                 .osv_name = "Oracle",
                 .long_names = kOracleNames,
                 .release_packages = kOraclePackages,
                 .build_mark = "el",
                 .releases = kOracleReleases,
                 .lifecycle_names = kOracleLifecycle},
    Distribution{.id = "sles",
                 .type = PackageType::rpm,
                 .osv_name = "SUSE",
                 .has_one_ecosystem = true,  // its advisories name products, of which a release is one
                 .long_names = kSlesNames,
                 .release_fields = 2,
                 .release_packages = kSlesPackages,
                 .releases = kSlesReleases,
                 .lifecycle_names = kSlesLifecycle},
    Distribution{.id = "opensuse-leap",
                 .type = PackageType::rpm,
                 .osv_name = "openSUSE",
                 .long_names = kLeapNames,
                 .release_fields = 2,
                 .release_prefix = "Leap ",
                 .release_packages = kLeapPackages,
                 .releases = kLeapReleases,
                 .lifecycle_names = kLeapLifecycle},
    Distribution{.id = "opensuse-tumbleweed",
                 .type = PackageType::rpm,
                 .osv_name = "openSUSE:Tumbleweed",
                 .has_one_ecosystem = true,
                 .long_names = kTumbleweedNames},
    Distribution{.id = "photon",
                 .type = PackageType::rpm,
                 .osv_name = "Photon OS",
                 .long_names = kPhotonNames,
                 .release_fields = 2,
                 .release_packages = kPhotonPackages,
                 .build_mark = "ph",
                 .releases = kPhotonReleases},
    Distribution{.id = "azurelinux",
                 .type = PackageType::rpm,
                 .osv_name = "Azure Linux",
                 .long_names = kAzureNames,
                 .release_packages = kAzurePackages,
                 .lifecycle_names = kAzureLifecycle},
    Distribution{.id = "mariner",  // its name until release 3
                 .type = PackageType::rpm,
                 .osv_name = "Azure Linux",
                 .long_names = kMarinerNames,
                 .release_packages = kMarinerPackages,
                 .build_mark = "cm",
                 .releases = kMarinerReleases},
    Distribution{.id = "wolfi", .type = PackageType::apk, .osv_name = "Wolfi", .has_one_ecosystem = true},
    Distribution{.id = "chainguard", .type = PackageType::apk, .osv_name = "Chainguard", .has_one_ecosystem = true},
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

std::string normalized_name(PackageType type, std::string_view name) {
  const Ecosystem* const ecosystem = find_ecosystem(type);
  const NameRule rule = ecosystem == nullptr ? NameRule::as_is : ecosystem->names;
  if (rule == NameRule::as_is) return std::string(name);
  std::string normalized = in_lower_case(name);
  const auto is_joint = [](char c) { return c == '-' || c == '_' || c == '.'; };
  if (rule == NameRule::crate) std::replace(normalized.begin(), normalized.end(), '_', '-');
  if (rule == NameRule::python) {
    std::replace_if(normalized.begin(), normalized.end(), is_joint, '-');
    const auto end =
        std::unique(normalized.begin(), normalized.end(), [](char a, char b) { return a == '-' && b == '-'; });
    normalized.erase(end, normalized.end());
  }
  return normalized;
}

std::string ecosystem_name(const Distribution& distribution, std::string_view release) {
  std::string name = std::string(distribution.osv_name) + ':';
  if (release == distribution.rolling) return name.append(release);
  name.append(distribution.release_prefix).append(release);
  const auto* const known =
      find_row(distribution.releases, [&](const DistributionRelease& row) { return row.number == release; });
  return known == nullptr ? name : name.append(known->osv_suffix);
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

std::string_view release_number(const Distribution& distribution, std::string_view version_id,
                                std::string_view codename) {
  return version_id.empty() ? number_of_codename(distribution, codename)
                            : leading_fields(version_id, distribution.release_fields);
}

std::string_view leading_fields(std::string_view version, std::size_t fields) {
  std::size_t end = 0;
  for (; fields > 0 && end != version.npos; --fields) end = version.find('.', end == 0 ? 0 : end + 1);
  return version.substr(0, end);
}

}  // namespace initscan
