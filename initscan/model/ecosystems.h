#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

// The one place that knows which kinds of packages there are, which distributions ship them, and how they are matched.
// To add one: a row in ecosystems.cc, the order of its versions in version/, an analyzer in analyze/ if images are to
// be searched for it.
namespace initscan {

// Which kind of package it is, in the order of reports. `unknown`: not given, and matched by nothing.
enum class PackageType : std::uint8_t {
  unknown,
  deb,
  apk,
  rpm,
  bitnami,
  cargo,
  composer,
  gem,
  golang,
  hex,
  maven,
  npm,
  nuget,
  pub,
  pypi,
};

// How versions are ordered. apk has two ways: since apk-tools 3 (Alpine 3.23) a component with leading zeros counts
// otherwise.
enum class VersionOrder : std::uint8_t {
  deb,
  apk2,
  apk3,
  rpm,
  generic,
  cargo,
  composer,
  gem,
  golang,
  hex,
  maven,
  npm,
  nuget,
  pub,
  python,
};

// An order, and since when it holds. The first of an ecosystem's holds where no later one does.
struct DatedOrder {
  VersionOrder order;
  int manager = 0;                // the major version of the package manager that brought it
  std::string_view release = {};  // of the distribution that came with that: "3.23"
};

// How what a package says of its source becomes what advisories call it.
enum class SourceRule : std::uint8_t {
  as_stated,
  debian,
  also_installed,  // of some vendors they name the source, of others what is installed
  none,            // no package is built from another
};

// Which names are one package to its registry, and to advisories.
enum class NameRule : std::uint8_t {
  as_is,
  lower_case,  // there is no other: whoever writes one in capital letters means it
  any_case,    // written as its authors like it
  python,      // any_case, and a run of "-", "_" and "." is one "-"
  crate,       // any_case, and "_" is "-"
};

// One kind of packages.
struct Ecosystem {
  PackageType type;
  std::string_view purl_type;  // also its name in reports: "deb"
  std::string_view manager;    // for people: "dpkg"
  bool is_collected = false;   // from images, by an analyzer; the others are known from SBOMs of other tools
  NameRule names = NameRule::as_is;
  // Between the namespace and the name of a purl in what the package is called: "/" of "@babel/core". "" where a
  // namespace says whose the package is.
  std::string_view name_space_mark{};
  // What may stand in a name of a package or of a source besides letters and digits, and in the first place of one.
  std::string_view name_marks = "+-._";
  std::string_view first_name_marks{};
  SourceRule sources = SourceRule::as_stated;
  std::span<const DatedOrder> orders;  // never empty
  // The packages that the manager itself comes in: its version tells which of several orders holds.
  std::span<const std::string_view> manager_packages{};
  // What OSV calls packages that belong to no distribution: "PyPI". "" where Distribution says it.
  std::string_view osv_name{};
};

// One release of a distribution.
struct DistributionRelease {
  std::string_view number;                 // "12", "3.20"
  std::string_view codename{};             // "bookworm"; "" where it has none
  std::chrono::year_month_day last_day{};  // of its support; not ok() where it is not known
  std::string_view osv_suffix{};           // that OSV writes behind its number: ":LTS"
};

// A distribution ships packages of one kind, in releases.
struct Distribution {
  std::string_view id;  // in os-release: "alpine"
  PackageType type;
  std::string_view osv_name{};                           // "Alpine"; "" where its packages are read but not matched
  bool has_one_ecosystem = false;                        // for all releases, or because it has none
  bool has_flavours = false;                             // which OSV writes before the release: "Pro:FIPS:22.04"
  std::span<const std::string_view> long_names{};        // in lower case, as other tools write them: "alpine linux"
  std::size_t release_fields = 1;                        // of its version that name the release: 2 of "3.20.3"
  std::string_view release_prefix{};                     // that OSV writes before the release: "v"
  std::string_view rolling{};                            // what each release is made from: "edge"
  const char* version_file = nullptr;                    // in which it repeats its version beside os-release
  std::span<const std::string_view> release_packages{};  // whose own versions begin with the release
  std::string_view build_mark{};                         // before the release in its builds: "el" of ".el9_4"
  std::span<const DistributionRelease> releases{};       // those that anything is known about
  std::span<const std::string_view> lifecycle_names{};   // as endoflife.date calls it: "alpine-linux"
  bool has_free_extension = false;                       // of its support, which everybody gets
  // CPEs of what each image of it holds, where the image does not say its own: "redhat:enterprise_linux:{}::baseos",
  // where {} is the release or its first number.
  std::span<const std::string_view> plain_cpes{};
};

std::span<const Ecosystem> ecosystems();
std::span<const Distribution> distributions();

/// nullptr for what is not in the table.
const Ecosystem* find_ecosystem(PackageType type);
const Ecosystem* find_purl_type(std::string_view purl_type);
const Distribution* find_distribution(std::string_view id);

/// Whether the package manager takes a text for the name of a package or of a source. What is none matches no
/// advisory, and would read as clean.
bool is_package_name(PackageType type, std::string_view text);

/// The spelling by which a package is looked up, the same for each way to write its name. Feeds and SBOMs both use it.
std::string normalized_name(PackageType type, std::string_view name);

/// How OSV calls a release, or what each release is made from: "Debian:12", "Alpine:v3.20", "Ubuntu:22.04:LTS",
/// "Alpine:edge".
std::string ecosystem_name(const Distribution& distribution, std::string_view release);

/// As purls and reports write it; "unknown" for what is not in the table.
std::string_view to_string(PackageType type);

/// The number of a release by its codename: "12" of "bookworm". "" for one that has none (sid) or is not known.
std::string_view number_of_codename(const Distribution& distribution, std::string_view codename);

/// The release that os-release names, as its distribution counts: "12", "3.20"; by its codename where it gives no
/// version.
std::string_view release_number(const Distribution& distribution, std::string_view version_id,
                                std::string_view codename);

/// "3.20" of "3.20.3" and two fields; the whole where there are fewer.
std::string_view leading_fields(std::string_view version, std::size_t fields);

}  // namespace initscan
