#pragma once

#include "initscan/model/policy.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

// The one place that lists the keys of a policy. Whatever reads, writes or combines policies goes through this table,
// and the tests check the API server's schemas and the docs against it. To add a key, add a member to Policy and its
// row here.
namespace initscan {

// Whose word counts where the cluster's policy and a namespace's both say something.
enum class Whose : std::uint8_t { stricter, clusters };

// One key of spec. Its default is that of the member of Policy.
template <class T>
struct PolicyField {
  std::string_view key;  // "failOn.severity" is a key of the mapping failOn
  T Policy::*member;
  std::string_view what;  // a sentence for people: the schema's description, and the docs'
  static constexpr Whose kWhose = Whose::stricter;
};

struct EnforcementField : PolicyField<Enforcement> {
  static constexpr Whose kWhose = Whose::clusters;
};

// Lower is stricter.
struct SeverityField : PolicyField<Severity> {};

struct ReactionField : PolicyField<Reaction> {
  Reaction mildest = Reaction::allow;  // that may be chosen
  bool is_younger = false;             // than the canonical form
};

struct UnavailableField : PolicyField<Unavailable> {};

// From 0 to 1; lower is stricter, and nothing is the mildest.
struct ShareField : PolicyField<std::optional<double>> {};

// True asks for less.
struct BoolField : PolicyField<bool> {};

// Lower is stricter.
struct NumberField : PolicyField<std::int64_t> {
  std::int64_t least = 0;
  std::int64_t most = 0;
};

// References with a digest. A namespace can take some away.
struct ImagesField : PolicyField<std::optional<std::vector<std::string>>> {
  std::size_t most = 0;
  std::size_t bytes = 0;  // of each
};

struct ExemptionsField : PolicyField<std::vector<Exemption>> {
  static constexpr Whose kWhose = Whose::clusters;
  std::size_t most = 0;            // in a file
  std::size_t most_in_object = 0;  // that the API server takes
};

inline constexpr std::size_t kMaxExemptions = 10'000;
inline constexpr std::int64_t kMaxStaleAfterDays = 3650;
// All namespaces' lists together are in one object of the API server.
inline constexpr std::size_t kMaxDebugImages = 8;
inline constexpr std::size_t kMaxDebugImageBytes = 256;

// In the order of canonical_json(), whose hash travels into pods.
inline constexpr std::tuple kPolicyFields{
    EnforcementField{{"enforcement", &Policy::enforcement, "Whether a verdict keeps a pod from starting."}},
    SeverityField{{"failOn.severity", &Policy::fail_on, "Findings of this severity and worse fail."}},
    ReactionField{{"failOn.unknownSeverity", &Policy::unknown_severity, "Findings without a severity in any feed."},
                  Reaction::warn},
    ShareField{{"failOn.epss", &Policy::fail_on_epss,
                "Findings that are exploited within 30 days with this probability or a higher one fail, by EPSS."}},
    ReactionField{{"onMalicious", &Policy::on_malicious, "Packages that are malware, whatever the other keys say."},
                  Reaction::allow,
                  true},
    ReactionField{{"onKnownExploited", &Policy::on_known_exploited,
                   "Vulnerabilities that are known to be exploited, whatever failOn and onlyFixed say."},
                  Reaction::allow,
                  true},
    BoolField{{"onlyFixed", &Policy::only_fixed, "Count only findings for which a fixed version exists."}},
    ReactionField{{"onUnreadable", &Policy::on_unreadable,
                   "Files that the scanner was not allowed to read, or an SBOM that does not say."},
                  Reaction::warn},
    ReactionField{{"onIncomplete", &Policy::on_incomplete,
                   "A damaged package database, a failed analyzer, a limit that was reached."},
                  Reaction::warn},
    ReactionField{{"onNoData", &Policy::on_no_data, "A distribution or release that the index has no advisories for."},
                  Reaction::warn},
    ReactionField{{"onNothingFound", &Policy::on_nothing_found, "An image in which no package was found."}},
    ReactionField{{"onUnmatched", &Policy::on_unmatched, "Packages of a type or a distribution that is not matched."}},
    ReactionField{
        {"onStaleData", &Policy::on_stale_data, "Advisories older than staleAfterDays, or of an unknown age."}},
    NumberField{
        {"staleAfterDays", &Policy::stale_after_days, "How old the newest advisory may be."}, 1, kMaxStaleAfterDays},
    ReactionField{{"onEndOfLife", &Policy::on_end_of_life, "A release that its distribution no longer fixes."}},
    UnavailableField{{"onUnavailable", &Policy::on_unavailable,
                      "A server that was to match (--server) and could not; local asks the index on the machine."}},
    ReactionField{
        {"requireDigest", &Policy::require_digest, "Pods that name an image by a tag, which can move after the scan."}},
    ImagesField{{"debugImages", &Policy::debug_images,
                 "May be attached to pods that have passed; a namespace can only narrow the list."},
                kMaxDebugImages,
                kMaxDebugImageBytes},
    ExemptionsField{{"ignore", &Policy::ignore, "What is accepted, why, and until when."}, kMaxExemptions, 1'000},
};

template <class Visit>
constexpr void for_each_policy_field(Visit&& visit) {
  std::apply([&](const auto&... field) { (visit(field), ...); }, kPolicyFields);
}

/// "failOn" and "severity" of "failOn.severity"; "" and the key itself where it is one of spec's own.
constexpr std::pair<std::string_view, std::string_view> group_and_name(std::string_view key) {
  const std::size_t point = key.find('.');
  if (point == key.npos) return {"", key};
  return {key.substr(0, point), key.substr(point + 1)};
}

// What a ClusterScanPolicy says besides its policy: how pods are injected, and what namespaces may do.
inline constexpr std::array<std::string_view, 3> kClusterKeys{"hardening", "namespaceExemptions", "allowPodOptOut"};

}  // namespace initscan
