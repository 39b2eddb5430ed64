#pragma once

#include "injector/doctor/deployed.h"
#include "injector/doctor/found.h"

#include <optional>

namespace initscan::injector {

/// Whether gates are told of the servers that the injector's arguments name (`said`, if there is a Deployment), as far
/// as the final-state policy's parameters say it (if there are any); nullopt where neither says anything of servers.
std::optional<CheckItem> judge_gate_servers(const Found& deployment, const DeployedArguments& said,
                                            const Found& parameters);

}  // namespace initscan::injector
