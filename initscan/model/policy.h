#pragma once

#include "initscan/model/severity.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

// What a policy says of a situation in which the answer may be wrong.
// Ordered: a later one is stricter.
enum class Reaction : std::uint8_t { allow, warn, deny };

constexpr std::string_view to_string(Reaction reaction) {
  switch (reaction) {
    case Reaction::allow: return "allow";
    case Reaction::warn: return "warn";
    case Reaction::deny: return "deny";
  }
  return "deny";
}

// What a policy says where the server that was to match could not: nothing passes, the index on this machine is asked
// instead, or what was not matched may run.
// Ordered: a later one is stricter.
enum class Unavailable : std::uint8_t { allow, local, deny };

constexpr std::string_view to_string(Unavailable unavailable) {
  switch (unavailable) {
    case Unavailable::allow: return "allow";
    case Unavailable::local: return "local";
    case Unavailable::deny: return "deny";
  }
  return "deny";
}

// Whether a verdict keeps a pod from starting, or is only reported.
enum class Enforcement : std::uint8_t { enforce, report };

constexpr std::string_view to_string(Enforcement enforcement) {
  return enforcement == Enforcement::report ? "report" : "enforce";
}

// What is accepted: a vulnerability, all of a package, or a check; at least one of them is said, and all that are
// have to match. It always says why, and it always ends.
struct Exemption {
  std::string id;          // of the advisory or one of its aliases: "CVE-2024-0001"; "": any
  std::string package;     // source or binary package; "": any
  std::string reason;      // for people; never empty
  std::string expires_at;  // RFC 3339 UTC, "2026-12-31T00:00:00Z"; from this moment on it no longer holds
  Severity max_severity = Severity::critical;  // findings above it still count; below critical, unknown ones, too
  std::string check{};                         // the id of a check; then no vulnerability is meant
  int line = 0;                                // its line in its file; 0 where not known

  bool operator==(const Exemption& other) const {
    return id == other.id && package == other.package && reason == other.reason && expires_at == other.expires_at &&
           max_severity == other.max_severity && check == other.check;
  }
};

// What makes an image fail. The defaults are those of a policy file that says nothing.
struct Policy {
  std::string name = "default";
  Enforcement enforcement = Enforcement::enforce;
  Severity fail_on = Severity::critical;         // this and worse
  Reaction unknown_severity = Reaction::deny;    // findings without a severity in any feed
  std::optional<double> fail_on_epss{};          // this and likelier, 0 to 1; nullopt: how likely it is does not matter
  Reaction on_malicious = Reaction::deny;        // packages that are malware, whatever fail_on and only_fixed say
  Reaction on_known_exploited = Reaction::deny;  // vulnerabilities that are exploited; who has no overlay knows of none
  bool only_fixed = false;                       // ignore findings for which no fixed version exists
  Reaction on_unreadable = Reaction::warn;       // files that the collector was not allowed to read
  Reaction on_incomplete = Reaction::deny;       // a damaged database, a failed analyzer, a limit that was met
  Reaction on_no_data = Reaction::deny;          // a distribution or release without advisories in the index
  Reaction on_nothing_found = Reaction::deny;    // an image in which no package was found
  Reaction on_unmatched = Reaction::deny;        // packages of a kind or a distribution that is not matched
  Reaction on_stale_data = Reaction::warn;  // advisories that are older than stale_after_days, or of an unknown age
  std::int64_t stale_after_days = 7;
  Reaction on_end_of_life = Reaction::warn;        // a release that its distribution no longer repairs
  Unavailable on_unavailable = Unavailable::deny;  // a server that was to match (--server) and could not
  Reaction require_digest = Reaction::allow;       // of pods with images that are not named by digest, at admission
  // By digest: may be attached to a pod whose scan has passed. Nothing said: the cluster's, and there none.
  std::optional<std::vector<std::string>> debug_images{};
  std::vector<Exemption> ignore;

  bool operator==(const Policy&) const = default;
};

}  // namespace initscan
