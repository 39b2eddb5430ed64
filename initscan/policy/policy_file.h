#pragma once

#include "common/names.h"
#include "common/result.h"
#include "initscan/model/policy.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace initscan {

inline constexpr std::size_t kMaxPolicyBytes = 1 << 20;
inline constexpr std::string_view kPolicyApiVersion = names::kApiVersion;
inline constexpr std::string_view kPolicyKind = "ScanPolicy";

/// Reads a policy: one YAML document (JSON is YAML too) of the shape
///
///   apiVersion: initscan.io/v1alpha1
///   kind: ScanPolicy
///   metadata: {name: default}
///   spec:
///     failOn: {severity: critical}
///     ignore:
///       - {id: CVE-2024-0001, package: openssl, reason: not reachable, expiresAt: 2026-12-31T00:00:00Z,
///          maxSeverity: critical}
///
/// The keys of spec are those of fields.h.
/// An entry of ignore names an id, a package or a check (`check: mutable-root`), or several that all have to match.
/// All of spec is optional. Strict: an unknown or repeated key, a value of another type and an exemption
/// without reason or expiry are errors. Errors start with the line: `7: unknown key "failon" in spec; ...`.
/// `unsaid` gives what holds where spec says nothing.
Result<Policy> parse_policy(std::string_view yaml, const Policy& unsaid = {});

/// The policy as one line of JSON that names every field that there was at first, and of later ones those that say
/// something else than what held before: what is hashed, and what travels into a pod.
/// parse_policy() reads it back to an equal Policy.
std::string canonical_json(const Policy& policy);

}  // namespace initscan
