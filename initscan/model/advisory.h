#pragma once

#include "initscan/model/severity.h"

#include <cstdint>
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

// What a vendor says of a vulnerability in a package. Where a fixed version is known, `affected` with a range that ends
// there says so.
enum class AdvisoryStatus : std::uint8_t {
  affected,
  will_not_fix,         // affected, and stays so
  deferred,             // affected, and repaired later if at all: <postponed>, <no-dsa>
  end_of_life,          // affected, and supported no longer
  under_investigation,  // whether it is affected is not known yet
  not_affected,         // closes what other feeds say of the same vulnerability of the package
};

// Which installed packages of that name are meant; what is empty leaves it open.
struct AdvisoryScope {
  // Of products, one of which the image must contain: "cpe:/o:redhat:enterprise_linux:8".
  std::vector<std::string> cpes;
  std::string product;                     // as the vendor calls it: "SUSE Linux Enterprise Server 15 SP4"
  std::string module;                      // name and stream of a module: "nodejs:18"
  std::string flavour;                     // "esm", "fips", "ksplice"
  std::vector<std::string> architectures;  // as the package manager spells them: "x86_64"

  bool operator==(const AdvisoryScope&) const = default;
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
  AdvisoryStatus status = AdvisoryStatus::affected;
  AdvisoryScope scope{};
  std::vector<std::string> symbols{};  // Go: "PACKAGE.SYMBOL", those that are vulnerable; empty: all
  bool yields = false;                 // it holds where its feed says nothing else of the vulnerability of the package

  bool operator==(const AffectedPackage&) const = default;
};

// What one record of a feed says, after parsing and before the index.
struct Advisory {
  std::string id;                     // the record's own, or the CVE that it is about
  std::vector<std::string> aliases;   // other names of the same vulnerability
  std::vector<std::string> upstream;  // the vulnerabilities that an announcement repairs, each one of its own
  Severity severity = Severity::unknown;
  double cvss = -1;           // 0.0 to 10.0; negative where no vector is given
  std::string published;      // RFC 3339, or "" where the feed does not say
  std::string summary;        // one line, or ""
  bool is_malicious = false;  // the package is malware, not merely vulnerable
  std::vector<AffectedPackage> affected;

  bool operator==(const Advisory&) const = default;
};

}  // namespace initscan
