#pragma once

#include "common/result.h"

#include <string>
#include <string_view>

namespace initscan::audit {

/// Puts metrics into a Pushgateway in place of those of the last run. `url` is the gateway's, "http://HOST:9091",
/// or that of a group below it, ".../metrics/job/NAME/..."; without a group it is the job "initscan-audit".
/// Errors: usage - no http or https URL; otherwise as of HttpClient::demand().
Result<void> push_metrics(const std::string& url, std::string_view body);

}  // namespace initscan::audit
