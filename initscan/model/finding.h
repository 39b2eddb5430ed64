#pragma once

#include "initscan/model/exploitation.h"
#include "initscan/model/package.h"
#include "initscan/model/reason.h"
#include "initscan/model/severity.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

// What the vendor does about it. Without a fixed version nothing but `affected` says whether there will be one.
enum class FindingStatus : std::uint8_t {
  affected,
  will_not_fix,
  deferred,
  end_of_life,
  under_investigation,  // whether the package has it is not known yet
  fix_needs_contract,   // repaired in a flavour that a plain image cannot get: Ubuntu's Pro and ESM
};

inline constexpr std::array kFindingStatuses{
    FindingStatus::affected,    FindingStatus::will_not_fix,        FindingStatus::deferred,
    FindingStatus::end_of_life, FindingStatus::under_investigation, FindingStatus::fix_needs_contract};

constexpr std::string_view to_string(FindingStatus status) {
  switch (status) {
    case FindingStatus::affected: return "affected";
    case FindingStatus::will_not_fix: return "will-not-fix";
    case FindingStatus::deferred: return "deferred";
    case FindingStatus::end_of_life: return "end-of-life";
    case FindingStatus::under_investigation: return "under-investigation";
    case FindingStatus::fix_needs_contract: return "fix-needs-contract";
  }
  return "affected";
}

constexpr std::optional<FindingStatus> finding_status_from(std::string_view name) {
  for (const FindingStatus status : kFindingStatuses) {
    if (to_string(status) == name) return status;
  }
  return std::nullopt;
}

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
  FindingStatus status = FindingStatus::affected;
  bool is_malicious = false;  // the package is malware, not merely vulnerable
  Exploitation exploitation{};

  bool is_known_exploited() const { return !exploitation.known_since.empty(); }

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

  // Of each source of the overlay that was asked, "kev", its date: RFC 3339, "" where it gives none. Empty: there was
  // no overlay.
  std::map<std::string, std::string> overlay_dates{};
  std::string support_end{};  // "2026-08-31", the first day without: of the image's release, if the overlay knows it

  // Why the server that was asked did not say this, or should not be asked alone. Where it is server_stale or
  // server_replaced, the packages were compared all the same.
  std::optional<Reason> unavailable{};

  bool operator==(const MatchResult&) const = default;
};

}  // namespace initscan
