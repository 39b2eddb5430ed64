#include "initscan/policy/release.h"

#include "initscan/version/debian_releases.h"

#include <array>
#include <string_view>

namespace initscan {
namespace {

using namespace std::chrono_literals;

struct Support {
  std::string_view os;
  std::string_view release;
  std::chrono::year_month_day last_day;
};

// As wiki.debian.org/LTS, alpinelinux.org/releases and ubuntu.com/about/release-cycle announce them; where those name a
// month, about its end.
constexpr std::array kSupport = {
    Support{"debian", "6", 2016y / 2 / 29},     Support{"debian", "7", 2018y / 5 / 31},
    Support{"debian", "8", 2020y / 6 / 30},     Support{"debian", "9", 2022y / 6 / 30},
    Support{"debian", "10", 2024y / 6 / 30},    Support{"debian", "11", 2026y / 8 / 31},
    Support{"debian", "12", 2028y / 6 / 30},    Support{"debian", "13", 2030y / 6 / 30},
    Support{"alpine", "3.0", 2016y / 5 / 1},    Support{"alpine", "3.1", 2016y / 11 / 1},
    Support{"alpine", "3.2", 2017y / 5 / 1},    Support{"alpine", "3.3", 2017y / 11 / 1},
    Support{"alpine", "3.4", 2018y / 5 / 1},    Support{"alpine", "3.5", 2018y / 11 / 1},
    Support{"alpine", "3.6", 2019y / 5 / 1},    Support{"alpine", "3.7", 2019y / 11 / 1},
    Support{"alpine", "3.8", 2020y / 5 / 1},    Support{"alpine", "3.9", 2020y / 11 / 1},
    Support{"alpine", "3.10", 2021y / 5 / 1},   Support{"alpine", "3.11", 2021y / 11 / 1},
    Support{"alpine", "3.12", 2022y / 5 / 1},   Support{"alpine", "3.13", 2022y / 11 / 1},
    Support{"alpine", "3.14", 2023y / 5 / 1},   Support{"alpine", "3.15", 2023y / 11 / 1},
    Support{"alpine", "3.16", 2024y / 5 / 23},  Support{"alpine", "3.17", 2024y / 11 / 22},
    Support{"alpine", "3.18", 2025y / 5 / 9},   Support{"alpine", "3.19", 2025y / 11 / 1},
    Support{"alpine", "3.20", 2026y / 4 / 1},   Support{"alpine", "3.21", 2026y / 11 / 1},
    Support{"alpine", "3.22", 2027y / 5 / 1},   Support{"alpine", "3.23", 2027y / 11 / 1},
    Support{"ubuntu", "14.04", 2019y / 4 / 25}, Support{"ubuntu", "16.04", 2021y / 4 / 30},
    Support{"ubuntu", "18.04", 2023y / 5 / 31}, Support{"ubuntu", "20.04", 2025y / 5 / 31},
    Support{"ubuntu", "22.04", 2027y / 4 / 30}, Support{"ubuntu", "24.04", 2029y / 5 / 31},
};

// How many fields of VERSION_ID name the release.
constexpr std::array<std::pair<std::string_view, std::size_t>, 3> kFields{
    {{"debian", 1}, {"alpine", 2}, {"ubuntu", 2}}};

// "3.20.3" -> "3.20" for two fields; the whole where there are fewer.
std::string_view leading_fields(std::string_view version, std::size_t fields) {
  std::size_t end = 0;
  for (; fields > 0 && end != version.npos; --fields) end = version.find('.', end == 0 ? 0 : end + 1);
  return version.substr(0, end);
}

std::string_view release_of(const OsRelease& os) {
  if (os.id == "debian" && os.version_id.empty()) return debian_number(os.version_codename);
  for (const auto& [id, fields] : kFields) {
    if (os.id == id) return leading_fields(os.version_id, fields);
  }
  return {};
}

// The release that a package is of by its own version: "12.4+deb12u5" of base-files, "3.20.3-r0" of alpine-release.
// "" where it tells none.
std::string_view release_told_by(const Package& package) {
  const bool is_deb = package.type == PackageType::deb && package.name == "base-files";
  const bool is_apk =
      package.type == PackageType::apk && (package.name == "alpine-release" || package.name == "alpine-base");
  if (!is_deb && !is_apk) return {};
  const std::string_view version(package.version);
  const std::string_view release = version.substr(0, version.find_first_not_of("0123456789."));
  return leading_fields(release, is_deb ? 1 : 2);
}

bool is_told_of(const OsRelease& os, PackageType type) {
  return (os.id == "debian" && type == PackageType::deb) || (os.id == "alpine" && type == PackageType::apk);
}

}  // namespace

std::optional<std::chrono::sys_seconds> support_end_of(const OsRelease& os) {
  const std::string_view release = release_of(os);
  for (const Support& support : kSupport) {
    if (support.os == os.id && support.release == release) {
      return std::chrono::sys_days(support.last_day) + std::chrono::days(1);
    }
  }
  return std::nullopt;
}

std::vector<std::string> contradictions_of(const Sbom& sbom) {
  const std::string_view release = release_of(sbom.os);
  std::vector<std::string> sentences;
  for (const Package& package : sbom.packages) {
    const std::string_view told = is_told_of(sbom.os, package.type) ? release_told_by(package) : std::string_view();
    if (told.empty() || release.empty() || told == release) continue;
    const std::string& said = sbom.os.version_id.empty() ? sbom.os.version_codename : sbom.os.version_id;
    sentences.push_back("os-release says " + sbom.os.id + ' ' + said + ", and its package " + package.name + ' ' +
                        package.version + " is of " + std::string(told));
  }
  return sentences;
}

}  // namespace initscan
