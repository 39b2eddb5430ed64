#include "initscan/analyze/rpm_package.h"

#include "common/text/control.h"
#include "common/text/in_quotes.h"
#include "initscan/model/package_limits.h"
#include "initscan/model/source_rpm.h"

#include <string>
#include <utility>

namespace initscan {
namespace {

constexpr std::string_view kKey = "gpg-pubkey";

Error malformed(std::string text) {
  return {Errc::malformed, std::move(text)};
}

// "1:2.3-4.el9"; no epoch is the same as 0, and what rpm itself writes leaves that out.
std::string with_epoch(const RpmHeader& header, std::string_view version) {
  if (header.epoch.value_or(0) == 0) return std::string(version);
  return std::to_string(*header.epoch) + ':' + std::string(version);
}

// A package that does not say its source, as builders other than rpmbuild leave it out, is known by its own name.
Result<void> read_source(const RpmHeader& header, Package& package) {
  package.source_name = package.name;
  package.source_version = package.version;
  if (header.source_rpm.empty()) return {};
  const auto source = source_rpm_of(header.source_rpm);
  if (!source || !is_package_name(PackageType::rpm, source->name)) {
    return malformed(in_quotes(header.source_rpm) + " is not the name of a source package's file");
  }
  package.source_name = source->name;
  package.source_version = with_epoch(header, source->version);
  return {};
}

bool has_control_in(const Package& package) {
  return has_control(package.version) || has_control(package.architecture) || has_control(package.source_version) ||
         has_control(package.module);
}

}  // namespace

Result<std::optional<Package>> package_of_rpm(const RpmHeader& header, std::string_view path) {
  if (header.name == kKey) return std::optional<Package>();
  if (header.name.empty()) return malformed("a package without a name");
  if (!is_package_name(PackageType::rpm, header.name)) {
    return malformed(in_quotes(header.name) + " is not a package name");
  }
  const std::string name(header.name);
  if (header.version.empty() || header.release.empty()) {
    return malformed(name + " has no " + (header.version.empty() ? "version" : "release"));
  }
  Package package;
  package.type = PackageType::rpm;
  package.name = name;
  package.version = with_epoch(header, std::string(header.version) + '-' + std::string(header.release));
  package.architecture = header.architecture;
  package.path = path;
  package.module = header.module;
  if (auto source = read_source(header, package); !source) return std::move(source.error()).within(name);
  if (has_control_in(package)) return malformed(name + " has control characters in what is said of it");
  if (std::string why = too_long_in(package); !why.empty()) return Error{Errc::over_limit, name + ": " + why};
  return std::optional(std::move(package));
}

}  // namespace initscan
