#pragma once

#include "common/kube/client.h"
#include "common/names.h"
#include "injector/cluster/settings.h"

#include <chrono>
#include <string>
#include <vector>

namespace initscan::injector {

/// The change (a JSON merge patch of `data`) that brings what the final-state policy reads to what people say in
/// `source` and to the keys that are to be accepted; empty if there is nothing to do. Pods may still be on their way
/// with a policy or an image that is no longer wanted: such a key stays for ten minutes, marked "until TIME", and such
/// an image does in `images`, with its time in `formerImages`. A key whose value is "pinned" in `source` stays as long
/// as it is. What pods get (`image`) is accepted, whether or not it is in `images`.
nlohmann::json publication(const nlohmann::json& data, const nlohmann::json& source, const AcceptedKeys& accepted,
                           std::chrono::sys_seconds now);

/// What a replica needs that does not lead, as such a change: the policies of `accepted` that are not there, and what
/// its gates are told of servers. The
/// replica that leads may be of an earlier version, and write policies otherwise.
nlohmann::json additions(const nlohmann::json& data, const AcceptedKeys& accepted);

/// The keys in its data that say which policies pods may bring.
std::vector<std::string> published_keys(const nlohmann::json& data);

// Where the final-state policy's parameters are. People write the ConfigMap; the policy reads the FinalState. It does
// not read the ConfigMap itself, because an API server that once saw the last policy with a ConfigMap for parameter go
// never looks at ConfigMaps again (kubernetes/kubernetes#130887): what is uninstalled could not be installed again.
struct FinalStatePlace {
  std::string namespace_;
  std::string name;  // of both

  std::string config_map() const { return "/api/v1/namespaces/" + namespace_ + "/configmaps/" + name; }
  std::string collection() const { return names::kNamespacesPath + namespace_ + "/finalstates"; }
};

/// Publishes what the final-state policy reads: all of it for the replica that leads, for others what they add.
boost::asio::awaitable<Result<void>> publish(KubeClient& client, FinalStatePlace place, AcceptedKeys accepted,
                                             bool leads);

}  // namespace initscan::injector
