#pragma once

#include "audit/report/openreports.h"
#include "common/kube/client.h"

#include <string>
#include <vector>

namespace initscan::audit {

struct ReportWriteLimits {
  unsigned writes_per_second = 20;
  std::size_t failures = 20;  // after as many, the rest is not tried
};

// What came of it. An object that cannot be written (its namespace is gone meanwhile) does not keep the others back.
struct ReportsWritten {
  std::size_t written = 0;
  std::size_t removed = 0;
  std::vector<std::string> failed;  // one line each
};

/// Makes a cluster's report objects those of `objects`: writes them by server-side apply, then removes ours that are
/// not among them, because the owner is gone or clean; nothing is removed where pods could not be read. Objects of
/// others are not touched.
/// Errors: io - the interface is not installed, nothing may be listed, or nothing could be written.
boost::asio::awaitable<Result<ReportsWritten>> write_report_objects(KubeClient& client, ReportApi api,
                                                                    ReportObjects objects,
                                                                    ReportWriteLimits limits = {});

/// All of it for one cluster of a report, that of `config`'s context, on this thread. Errors: as above.
Result<ReportsWritten> publish_report_objects(const AuditReport& report, const KubeConfig& config, ReportApi api,
                                              ReportWriteLimits limits = {});

}  // namespace initscan::audit
