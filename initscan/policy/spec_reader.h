#pragma once

#include "common/config/strict_mapping.h"
#include "common/result.h"
#include "initscan/model/policy.h"

#include <span>
#include <string>
#include <string_view>

namespace initscan {

/// Reads a policy's spec, of a file or of an object in the cluster, into `policy`, whose values hold where it says
/// nothing. The keys are those of fields.h and `besides`, which are read elsewhere.
/// Errors: malformed, with the place; over_limit.
Result<void> read_policy_spec(const ConfigNode& spec, std::span<const std::string_view> besides, Policy& policy);

void read_severity(StrictMapping& fields, const std::string& key, Severity& out);

/// Reads one exemption: an entry of a policy's list, or a ScanExemption's spec. `name` is what errors call it.
Result<Exemption> read_exemption_entry(const ConfigNode& node, const std::string& name);

}  // namespace initscan
