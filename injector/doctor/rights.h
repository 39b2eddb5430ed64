#pragma once

#include "common/kube/access.h"
#include "injector/doctor/deployed.h"
#include "injector/doctor/final_state.h"
#include "injector/doctor/found.h"

#include <vector>

namespace initscan::injector {

inline constexpr const char* kOwnRights = "own-rights";  // the item of check_own_rights

/// What the injector's service account must be able to do, as deploy/kustomize/base grants it, and a component for what
/// its arguments ask for in addition.
std::vector<Access> rights_of_injector(const Installation& installation, const ParameterKind& kind,
                                       const DeployedArguments& said);

/// What must be readable to decide everything; `has_injector`: not a policy in its place.
std::vector<Access> rights_of_caller(const Installation& installation, const ParameterKind& kind,
                                     const std::string& trial_namespace, bool has_injector);

/// Asks for each of them. Whoever may not ask for others gets "unknown".
boost::asio::awaitable<CheckItem> check_injector_rights(KubeClient& client, const Installation& installation,
                                                        std::vector<Access> wanted);
boost::asio::awaitable<CheckItem> check_own_rights(KubeClient& client, std::vector<Access> wanted);

}  // namespace initscan::injector
