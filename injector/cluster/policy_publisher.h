#pragma once

#include "common/kube/client.h"
#include "injector/cluster/settings.h"

#include <chrono>
#include <string>
#include <vector>

namespace initscan {

/// The change (a JSON merge patch of `data`) that brings a ConfigMap's keys to what is to be accepted; empty where
/// there is nothing to do. Pods may still be on their way with a policy that is no longer wanted: such a key stays
/// for ten minutes, marked "until TIME". A key whose value is "pinned" is somebody else's and stays.
nlohmann::json publication(const nlohmann::json& data, const AcceptedKeys& accepted, std::chrono::sys_seconds now);

/// The keys of ours in a ConfigMap's data.
std::vector<std::string> published_keys(const nlohmann::json& data);

/// Publishes to the ConfigMap that the final-state policy reads. Only for the replica that leads.
boost::asio::awaitable<Result<void>> publish(KubeClient& client, std::string path, AcceptedKeys accepted);

}  // namespace initscan
