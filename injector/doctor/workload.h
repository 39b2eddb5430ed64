#pragma once

#include "injector/doctor/found.h"

#include <chrono>

namespace initscan::injector {

/// The Service that the webhook names, and whether anything answers behind it.
CheckItem judge_service(const Found& service, const FoundList& slices, const nlohmann::json& hook,
                        const Installation& installation);

/// The injector's Deployment: how many replicas are there of those that are wanted.
CheckItem judge_deployment(const Found& deployment, const Installation& installation);

/// Whether a replica leads: it keeps certificates and published policies.
CheckItem judge_lease(const Found& lease, const Installation& installation, std::chrono::sys_seconds now);

/// The three kinds of initscan.io that policies are made of. `crds` are those of the group.
CheckItem judge_crds(const FoundList& crds);

}  // namespace initscan::injector
