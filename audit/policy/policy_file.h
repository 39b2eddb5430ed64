#pragma once

#include "audit/model/policy.h"
#include "common/result.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace initscan::audit {

inline constexpr std::size_t kMaxAuditPolicyBytes = 1 << 20;
inline constexpr std::size_t kMaxExceptions = 10'000;
inline constexpr std::size_t kMaxSkippedNamespaces = 1'000;
inline constexpr std::int64_t kMaxAgeDays = 36'500;
inline constexpr std::int64_t kMaxRestarts = 1'000'000'000;
inline constexpr std::int64_t kMaxWriteLayerMebibytes = 1 << 20;

/// Reads the audit's policy: one YAML document (JSON is YAML too) of the shape
///
///   apiVersion: initscan.io/v1alpha1
///   kind: AuditPolicy
///   metadata: {name: default}
///   spec:
///     maxAgeDays: 30
///     maxRestarts: 10
///     maxWriteLayerMiB: 64
///     teamLabel: team
///     podSecurityStandard: {level: restricted, version: latest}
///     disabledChecks: [no-cpu-limit]
///     skipNamespaces: [kube-*]
///     exceptions:
///       - {check: writable-root, namespace: shop, workload: Deployment/shop, container: shop,
///          reason: writes its cache, expiresAt: 2026-12-31T00:00:00Z}
///
/// All of spec is optional. Strict: an unknown or repeated key, a value of another type, a check that does not exist,
/// and an exception without reason or expiry, or of every check everywhere, are errors. Errors start with the line:
/// `7: unknown key "maxAge" in spec; ...`. That an exception has expired is no error: its use says so.
Result<AuditPolicy> parse_audit_policy(std::string_view yaml);

}  // namespace initscan::audit
