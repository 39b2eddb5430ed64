#pragma once

#include "audit/model/report.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace initscan::audit {

// The two interfaces for reports as objects: openreports.io/v1alpha1, and wgpolicyk8s.io/v1alpha2, which it follows.
enum class ReportApi : std::uint8_t { openreports, policy_report };

std::string_view group_version(ReportApi api);  // "openreports.io/v1alpha1"
std::string_view plural(ReportApi api, bool in_namespace);

// etcd stores objects of at most 1.5 MiB, and keeps all of them in memory.
inline constexpr std::size_t kMaxObjectResults = 100;
inline constexpr std::size_t kMaxObjectTextBytes = 400;  // of each text in a result
inline constexpr std::size_t kMaxReportObjects = 5000;   // of one cluster; the most urgent

/// The label by which our objects are found again, to be replaced or removed.
inline constexpr std::string_view kReportSelector = "app.kubernetes.io/managed-by=initscan-audit";

struct ReportObject {
  std::string namespace_;  // "": of the cluster
  std::string name;
  nlohmann::json object;
};

struct ReportObjects {
  std::vector<ReportObject> objects;
  bool complete = true;  // every pod was read: an owner that is not here is gone or clean
};

/// What one cluster of a report is to hold: for each owner with results one object in its namespace, which the
/// garbage collector removes with the owner, and one for the cluster where parts of it could not be read. A
/// failure is `fail`, what is not known `error`, what is accepted `skip`. Same report, same objects.
ReportObjects report_objects(const AuditReport& report, std::string_view cluster, ReportApi api);

}  // namespace initscan::audit
