#pragma once

#include "initscan/model/package.h"
#include "initscan/model/reason.h"
#include "initscan/model/severity.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace initscan {

// One vulnerability of one installed package.
struct Finding {
  std::string id;  // CVE where known
  std::vector<std::string> aliases;
  Package package;
  std::string fixed;  // lowest version of the source package that repairs the installed one; "": none is known
  Severity severity = Severity::unknown;
  double cvss = -1;       // base score; negative where unknown
  std::string published;  // RFC 3339 or ""
  std::string summary;    // one line or ""

  bool operator==(const Finding&) const = default;
};

// What the index said of one SBOM.
struct MatchResult {
  std::vector<Finding> findings;  // sorted: worst severity first, then package name, id, architecture, path

  // The packages that were compared with advisories of their own release: the evidence that a pass needs.
  std::size_t checked = 0;

  // One sentence for each reason why the answer is not whole: what could not be compared, what was left when the steps
  // were used up, releases without data (`no advisories for "Debian:13" in the index (412 packages not checked)`),
  // packages that are not matched.
  std::vector<std::string> undecided;
  std::vector<std::string> over_limit{};
  std::vector<std::string> no_data;
  std::vector<std::string> unmatched;

  // Of each release that was matched, "Debian:12", the date of its distribution's newest record: RFC 3339, "" where
  // its feeds give none.
  std::map<std::string, std::string> data_dates;

  // Why the server that was asked did not say this, or should not be asked alone. Where it is server_stale or
  // server_replaced, the packages were compared all the same.
  std::optional<Reason> unavailable{};

  bool operator==(const MatchResult&) const = default;
};

}  // namespace initscan
