#pragma once

#include "common/result.h"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace initscan::server {

inline constexpr std::size_t kMaxAuditNesting = 32;      // objects in objects
inline constexpr std::size_t kMaxAuditedClusters = 100;  // of one audit
inline constexpr std::size_t kMaxAuditName = 253;        // bytes of a policy's or a cluster's name

// What of an audit's report a list of them shows.
struct AuditBody {
  std::chrono::sys_seconds made;
  std::string summary;  // JSON of our own: policy, complete, clusters, and the sums of the report
};

/// Reads an audit's report as `initscan-audit run --format json` writes it. What is in the parts that are not summed up
/// is not looked at, but that it is JSON. `json` is anybody's. Errors: malformed, unsupported - another schema;
/// over_limit.
Result<AuditBody> parse_audit(std::string_view json);

}  // namespace initscan::server
