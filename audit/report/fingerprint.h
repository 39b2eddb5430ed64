#pragma once

#include "audit/model/report.h"

#include <string>

namespace initscan::audit {

/// The same for the same finding in every audit, whatever else changes: 32 hexadecimal digits.
std::string fingerprint(const Workload& workload, const WorkloadResult& found);

/// The same for the same owner: 8 hexadecimal digits.
std::string owner_fingerprint(const Owner& owner);

}  // namespace initscan::audit
