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

// What one advisory says of one source package of one distribution release.
struct AffectedPackage {
  std::string ecosystem;  // as OSV spells it, with the release: "Debian:12", "Alpine:v3.20"
  std::string name;       // source package (Debian), origin (Alpine)
  std::vector<VersionRange> ranges;
  std::vector<std::string> versions;      // affected versions listed one by one; compared for equality
  Severity severity = Severity::unknown;  // the distribution's own rating for this package, if it gives one

  bool operator==(const AffectedPackage&) const = default;
};

// One vulnerability as a feed tells it, after parsing and before the index.
struct Advisory {
  std::string id;  // the CVE where there is exactly one, otherwise the feed's own id
  std::vector<std::string> aliases;
  Severity severity = Severity::unknown;
  double cvss = -1;       // base score 0.0 to 10.0; negative where no vector is given
  std::string published;  // RFC 3339, or "" where the feed does not say
  std::string summary;    // one line, or ""
  std::vector<AffectedPackage> affected;

  bool operator==(const Advisory&) const = default;
};

}  // namespace initscan
