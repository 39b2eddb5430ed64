#pragma once

#include "initscan/model/ecosystems.h"
#include "initscan/model/sbom.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace initscan {

// A package URL in its parts, decoded. Source: package-url/purl-spec.
struct Purl {
  std::string type;        // "deb"
  std::string name_space;  // "debian", "" where there is none
  std::string name;
  std::string version;
  std::vector<std::pair<std::string, std::string>> qualifiers;  // keys in lower case, each with a value

  /// "" where there is none of this name.
  std::string_view qualifier(std::string_view key) const;

  /// The first that is given twice with different values, of which readers take one or the other; "" where none is.
  std::string_view contradiction() const;
};

/// pkg:deb/debian/openssl@3.0.11-1~deb12u2?arch=amd64&distro=debian-12&upstream=...
std::string purl_of(const Package& package, const OsRelease& os);

/// What the package is called in its ecosystem: "@babel/core", "org.apache.logging.log4j:log4j-core", "openssl".
std::string package_name_of(const Purl& purl, const Ecosystem& ecosystem);

/// nullopt where it is no purl. `text` is attacker-controlled.
std::optional<Purl> parse_purl(std::string_view text);

}  // namespace initscan
