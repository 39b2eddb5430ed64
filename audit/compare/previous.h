#pragma once

#include "audit/model/report.h"
#include "common/result.h"

#include <map>
#include <string>
#include <tuple>

namespace initscan::audit {

inline constexpr std::string_view kReportSchema = "initscan.io/audit/v1";
inline constexpr std::string_view kHistorySchema = "initscan.io/audit-history/v1";

// What a question was about: cluster, namespace, workload ("Deployment/shop"), check, container.
using ResultKey = std::tuple<std::string, std::string, std::string, std::string, std::string>;

// What the last audit said of it.
struct PreviousResult {
  bool failed = false;             // else not known
  std::optional<Time> first_seen;  // failing

  auto operator<=>(const PreviousResult&) const = default;
};

struct PreviousAudit {
  Time made;
  std::map<ResultKey, PreviousResult> results;
};

/// Reads a report or a record of the history. Errors: malformed - by place; over_limit.
Result<PreviousAudit> read_previous(const std::string& json);

}  // namespace initscan::audit
