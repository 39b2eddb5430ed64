#pragma once

#include "audit/model/report.h"
#include "audit/server/server_client.h"
#include "common/result.h"

namespace initscan::audit {

/// Sends the JSON report to an initscan-server. Errors: over_limit - it is larger than the server takes; see
/// ServerClient::send_audit().
Result<void> send_report(const AuditReport& report, const ServerClient& server);

}  // namespace initscan::audit
