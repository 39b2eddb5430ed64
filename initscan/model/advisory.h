#pragma once

#include "initscan/model/severity.h"

#include <string>
#include <vector>

namespace initscan {

// One stretch of affected versions in the package's own version order:
// introduced <= v, and v < fixed or v <= last_affected where one of them is given.
struct VersionRange {
  std::string introduced;     // "" or "0": from the first version on
  std::string fixed;          // "": no fixed version is known
  std::string last_affected;  // "": not given; never together with fixed

  bool operator==(const VersionRange&) const = default;
};

// What one advisory says of one source package, of one distribution release or of all.
struct AffectedPackage {
  std::string ecosystem;  // as OSV spells it, with the release or without one: "Debian:12", "Alpine:v3.20", "Debian"
  std::string name;       // source package (Debian), origin (Alpine)
  std::vector<VersionRange> ranges;
  std::vector<std::string> versions{};    // affected versions listed one by one; compared for equality
  std::vector<std::string> unclear{};     // what is said of versions and not understood, in words
  Severity severity = Severity::unknown;  // the distribution's own rating for this package, if it gives one
  double cvss = -1;                       // of this package; negative where no vector is given

  bool operator==(const AffectedPackage&) const = default;
};

// What one record of a feed says, after parsing and before the index.
struct Advisory {
  std::string id;                     // the record's own, or the CVE that it is about
  std::vector<std::string> aliases;   // other names of the same vulnerability
  std::vector<std::string> upstream;  // the vulnerabilities that an announcement repairs, each one of its own
  Severity severity = Severity::unknown;
  double cvss = -1;       // 0.0 to 10.0; negative where no vector is given
  std::string published;  // RFC 3339, or "" where the feed does not say
  std::string summary;    // one line, or ""
  std::vector<AffectedPackage> affected;

  bool operator==(const Advisory&) const = default;
};

}  // namespace initscan
