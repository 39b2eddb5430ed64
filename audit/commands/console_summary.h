#pragma once

#include "audit/model/report.h"

#include <optional>
#include <string>

namespace initscan::audit {

/// An audit in a screenful: what to rotate now, what to make immutable, what is not known. The reports have the rest.
/// What comes from the cluster is safe on a terminal.
std::string console_summary(const AuditReport& report, std::optional<Severity> fail_on, bool in_colour);

}  // namespace initscan::audit
