#include "initscan/match/source_package.h"

#include "common/text/ascii.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace initscan {
namespace {

// "1.2-1+b3" -> "1.2-1"
std::string_view without_rebuild(std::string_view version) {
  const std::size_t mark = version.rfind("+b");
  if (mark == version.npos || mark + 2 == version.size()) return version;
  const std::string_view number = version.substr(mark + 2);
  return std::all_of(number.begin(), number.end(), is_digit) ? version.substr(0, mark) : version;
}

// A signed package is built from a source of its own, named after what was signed and the architecture.
struct SignedSource {
  std::string_view head, tail;  // around the architecture
  std::string_view source;      // of what was signed
};

// The longer heads first: "fwupd-efi-" before "fwupd-".
constexpr std::array<SignedSource, 6> kSignedSources{{{"linux-signed-", "", "linux"},
                                                      {"grub-efi-", "-signed", "grub2"},
                                                      {"shim-helpers-", "-signed", "shim"},
                                                      {"fwupd-efi-", "-signed", "fwupd-efi"},
                                                      {"fwupd-", "-signed", "fwupd"},
                                                      {"systemd-boot-efi-", "-signed", "systemd"}}};

const SignedSource* signed_source_of(std::string_view name) {
  const auto found = std::find_if(kSignedSources.begin(), kSignedSources.end(), [&](const SignedSource& known) {
    return name.starts_with(known.head) && name.ends_with(known.tail) &&
           name.size() > known.head.size() + known.tail.size();
  });
  return found == kSignedSources.end() ? nullptr : &*found;
}

// The version of what was signed has a plus sign where its revision began, "6.1.115+1", and some carry a number of
// the signed package's own before it, "1+2.06+13+deb12u1". A revision begins with a digit, which what follows another
// plus sign does not: "2.02+dfsg1+20+deb10u4" is 2.02+dfsg1-20+deb10u4. "" where there is no such place.
std::string signed_version(std::string_view version) {
  if (version.starts_with("1+") && version.size() > 2 && is_digit(version[2])) {
    std::string inner = signed_version(version.substr(2));
    if (!inner.empty()) return inner;
  }
  for (std::size_t plus = version.find('+'); plus != version.npos; plus = version.find('+', plus + 1)) {
    if (plus + 1 == version.size() || !is_digit(version[plus + 1])) continue;
    std::string source(version);
    source[plus] = '-';
    return source;
  }
  return {};
}

// The signed shim names both: its own source's version, a plus sign, and the shim's. Where nobody says the source's
// version, the shim's begins at the last plus sign that a digit follows.
std::string signed_shim_version(const Package& package) {
  const std::string& version = package.version;
  const std::string head = package.source_version + '+';
  if (version.starts_with(head)) return version.substr(head.size());
  for (std::size_t plus = version.rfind('+'); plus != version.npos && plus > 0; plus = version.rfind('+', plus - 1)) {
    if (plus + 1 < version.size() && is_digit(version[plus + 1])) return version.substr(plus + 1);
  }
  return {};
}

// What Debian built it from.
std::vector<SourcePackage> debian_sources_of(const Package& package) {
  const std::string version(without_rebuild(package.source_version));
  std::vector<SourcePackage> sources{{package.source_name, version}};
  if (package.source_name == "shim-signed") {
    sources.push_back({"shim", signed_shim_version(package)});
  } else if (const SignedSource* const known = signed_source_of(package.source_name)) {
    sources.push_back({std::string(known->source), signed_version(version)});
  }
  return sources;
}

std::vector<SourcePackage> stated_by(const Package& package, SourceRule rule) {
  const SourcePackage installed{package.name, package.version};
  const SourcePackage source{package.source_name, package.source_version};
  switch (rule) {
    case SourceRule::as_stated: return {source};
    case SourceRule::debian: return debian_sources_of(package);
    case SourceRule::also_installed: return source == installed ? std::vector{source} : std::vector{installed, source};
    case SourceRule::none: return {installed};
  }
  return {};
}

}  // namespace

std::vector<SourcePackage> source_packages_of(const Package& package) {
  const Ecosystem* const ecosystem = find_ecosystem(package.type);
  std::vector<SourcePackage> sources =
      stated_by(package, ecosystem == nullptr ? SourceRule::as_stated : ecosystem->sources);
  for (SourcePackage& source : sources) source.name = normalized_name(package.type, source.name);
  return sources;
}

}  // namespace initscan
